//! Outputs: additions from the configuration, and the compiled template.

use super::{Compiler, fixed::unknown_in_output, is_about_unknown_name};
use crate::{
    alert::{AlertTemplate, ExtraField},
    condition::warnings::DEPRECATED_FIELDS,
    field::{FieldError, FieldRef},
    format::{Format, FormatError},
    rules::{
        definition::RuleInfo,
        issue::{Culprit, ErrorCode, LoadError, WarningCode},
        location::Context,
        settings::AddedField,
    },
};

/// What a rule says when it matches.
pub(super) struct Output {
    /// The template's text.
    pub(super) text: String,
    /// Name, template, and whether it is the typed value of a field; sorted by name.
    pub(super) extra_fields: Vec<(String, String, bool)>,
    pub(super) template: AlertTemplate,
}

const CONTAINER_INFO: &str = "%container.info";

impl Compiler<'_> {
    /// The output of a rule, `None` if the rule is to be skipped.
    pub(super) fn output(&mut self, rule: &RuleInfo) -> Result<Option<Output>, LoadError> {
        let mut text = rule.output.clone();
        let mut extra = std::collections::BTreeMap::new();
        for addition in &self.settings.additions {
            if addition.applies(&rule.name, &rule.source, &rule.tags) {
                addition.extend(&mut text);
                for field in &addition.fields {
                    match field {
                        AddedField::Raw(name) => {
                            extra.insert(name.clone(), (format!("%{name}"), true));
                        }
                        AddedField::Formatted { key, format } => {
                            extra.insert(key.clone(), (format.clone(), false));
                        }
                    }
                }
            }
        }
        if text.contains(CONTAINER_INFO) {
            let message = "%container.info is deprecated and no more useful, and will be dropped \
                           by Falco 1.0.0. The container plugin will automatically add required \
                           fields to the output message.";
            self.result.warn(WarningCode::DeprecatedItem, message, &rule.context);
            text = text.replace(CONTAINER_INFO, "");
        }
        let output = match self.format(&text) {
            Ok(format) => format,
            Err(error) => {
                let message = error.to_string();
                if rule.flags.skip_if_unknown_filter && is_about_unknown_name(&message) {
                    let at = &rule.output_context;
                    self.result.warn(WarningCode::UnknownFilter, message, at);
                    return Ok(None);
                }
                return Err(format_error(&error, &rule.output_context));
            }
        };
        self.warn_deprecated_fields(&text, &rule.output_context);
        let mut extra_fields = Vec::new();
        let mut compiled = Vec::new();
        for (name, (format, raw)) in extra {
            compiled.push((name.clone(), self.extra_field(&format, raw, &rule.output_context)?));
            extra_fields.push((name, format, raw));
        }
        let template = AlertTemplate {
            rule: rule.name.as_str().into(),
            priority: rule.priority.text().into(),
            source: rule.source.as_str().into(),
            tags: rule.tags.iter().cloned().collect(),
            output,
            extra_fields: compiled,
        };
        Ok(Some(Output { text, extra_fields, template }))
    }

    fn format(&mut self, text: &str) -> Result<Format, FormatError> {
        if let Some(format) = self.new.formats.get(text) {
            return Ok(format.clone());
        }
        let format = match self.old.formats.remove(text) {
            Some(format) => format,
            None => Format::parse(text)?,
        };
        if let Some(name) = unknown_in_output(&format, &self.settings.static_fields) {
            let text = format!("%{name}");
            let reason = FieldError::Nonexistent(name).to_string();
            return Err(FormatError::UnknownField { reason, text });
        }
        self.new.formats.insert(text.to_owned(), format.clone());
        Ok(format)
    }

    fn extra_field(
        &mut self,
        format: &str,
        raw: bool,
        at: &Context,
    ) -> Result<ExtraField, LoadError> {
        let parsed = self.format(format).map_err(|error| format_error(&error, at))?;
        self.warn_deprecated_fields(format, at);
        if !raw {
            return Ok(ExtraField::Text(parsed));
        }
        let name = format.strip_prefix('%').unwrap_or(format);
        match FieldRef::parse(name) {
            Ok((field, _)) => Ok(ExtraField::Raw(field)),
            Err(error) => Err(LoadError::new(ErrorCode::CompileOutput, error.to_string(), at)),
        }
    }

    fn warn_deprecated_fields(&mut self, text: &str, at: &Context) {
        for field in DEPRECATED_FIELDS {
            if text.contains(field.0) {
                let message = format!(
                    "usage of deprecated field '{}' has been detected in the rule output",
                    field.0
                );
                self.result.warn_deprecated_field(field, message, at);
            }
        }
    }
}

fn format_error(error: &FormatError, at: &Context) -> LoadError {
    let refused = LoadError::new(ErrorCode::CompileOutput, error.to_string(), at);
    match error {
        FormatError::UnknownField { text, .. } => {
            LoadError { culprit: Culprit::Text(text.clone()), ..refused }
        }
        _ => refused,
    }
}
