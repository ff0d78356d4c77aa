//! Reads the items of a rules file and hands them to the collector.

mod exception;
mod overrides;
mod requirement;
mod rule;
mod update;
mod value;

use super::{
    collector::Collector,
    definition::{ListInfo, MacroInfo},
    issue::{ErrorCode, LoadError, WarningCode},
    location::{Context, ItemType},
    report::LoadResult,
    schema,
    yaml::{Documents, Kind, Node},
};
use overrides::Overrides;
use value::{optional_bool, sequence, text};

/// Reads a file into the collector. The first error ends it; what was read before stays collected.
pub(crate) fn read(
    content: &str,
    file: &Context,
    collector: &mut Collector,
    result: &mut LoadResult,
) -> Result<(), LoadError> {
    let documents = Documents::parse(content).map_err(|error| {
        let at = file.at_mark(error.mark, ItemType::ValueFor, "");
        LoadError::new(ErrorCode::YamlParse, error.to_string(), &at)
    })?;
    result.schema = schema::validate(&documents)
        .map_err(|error| LoadError::new(ErrorCode::YamlParse, error.to_string(), file))?;
    let mut reader = Reader { file, collector, result };
    for root in documents.roots() {
        match root.kind() {
            Kind::Sequence => {}
            Kind::Map => {
                let message = "Rules content is not yaml array of objects";
                return Err(LoadError::structure(message, file));
            }
            Kind::Scalar | Kind::Null => {
                return Err(LoadError::structure("Rules content is not yaml", file));
            }
        }
        for item in root.elements().filter(|item| item.kind() != Kind::Null) {
            reader.item(item)?;
        }
    }
    Ok(())
}

struct Reader<'a> {
    file: &'a Context,
    collector: &'a mut Collector,
    result: &'a mut LoadResult,
}

const APPEND_DEPRECATED: &str = "'append' key is deprecated. Add an 'append' entry (e.g. \
                                 'condition: append') under 'override' instead.";
const APPEND_AND_OVERRIDE: &str = "Keys 'override' and 'append: true' cannot be used together. Add \
                                   an 'append' entry (e.g. 'condition: append') under 'override' \
                                   instead.";

impl Reader<'_> {
    fn item(&mut self, item: Node<'_>) -> Result<(), LoadError> {
        if item.kind() != Kind::Map {
            let at = self.file.at(item, ItemType::RulesContentItem, "");
            let message =
                "Unexpected element type. Each element should be a yaml associative array.";
            return Err(LoadError::structure(message, &at));
        }
        let has = |key| item.value_of(key).is_some();
        if has("required_engine_version") {
            self.engine_version(item)
        } else if let Some(requirements) = item.value_of("required_plugin_versions") {
            self.plugin_versions(item, requirements)
        } else if has("list") {
            self.list(item)
        } else if has("macro") {
            self.macro_item(item)
        } else if has("rule") {
            self.rule(item)
        } else {
            let at = self.file.at(item, ItemType::RulesContentItem, "");
            self.result.warn(WarningCode::UnknownItem, "Unknown top level item", &at);
            Ok(())
        }
    }

    fn list(&mut self, item: Node<'_>) -> Result<(), LoadError> {
        let name = text(item, "list", &self.file.at(item, ItemType::List, ""))?;
        let context = self.file.at(item, ItemType::List, name);
        if !is_bare_string(name) {
            let message = "List has an invalid name. List names should match a regular expression: \
                           ([^()\"'[:space:]=,]+)";
            self.result.warn(WarningCode::InvalidListName, message, &context);
        }
        let items = sequence(item, "items", &context)?;
        let list = ListInfo { context, name: name.to_owned(), items };
        let append = self.appends(item, "items", &list.context)?;
        let context = list.context.clone();
        if append {
            self.collector.append_list(list)?;
        } else {
            self.collector.define_list(list);
        }
        self.warn_unknown_keys(item, &["list", "items", "append", "override"], &context)
    }

    fn macro_item(&mut self, item: Node<'_>) -> Result<(), LoadError> {
        let name = text(item, "macro", &self.file.at(item, ItemType::Macro, ""))?;
        let context = self.file.at(item, ItemType::Macro, name);
        if !is_identifier(name) {
            let message = "Macro has an invalid name. Macro names should match a regular \
                           expression: ([a-zA-Z]+[a-zA-Z0-9_]*)";
            self.result.warn(WarningCode::InvalidMacroName, message, &context);
        }
        let condition = text(item, "condition", &context)?.to_owned();
        let condition_context =
            value::context_of(item, "condition", ItemType::MacroCondition, &context);
        let append = self.appends(item, "condition", &context)?;
        let definition = MacroInfo {
            context: context.clone(),
            condition_context,
            name: name.to_owned(),
            condition,
        };
        if append {
            self.collector.append_macro(&definition)?;
        } else {
            self.collector.define_macro(definition);
        }
        self.warn_unknown_keys(item, &["macro", "condition", "append", "override"], &context)
    }

    /// Whether a list or macro is to be appended to an earlier one, by either way of saying so.
    fn appends(
        &mut self,
        item: Node<'_>,
        key: &'static str,
        context: &Context,
    ) -> Result<bool, LoadError> {
        let append = optional_bool(item, "append", context)?.unwrap_or(false);
        if append {
            self.result.warn(WarningCode::DeprecatedItem, APPEND_DEPRECATED, context);
        }
        let overrides = Overrides::read(item, &[key], &[key], context)?;
        if append && !overrides.is_empty() {
            return Err(LoadError::structure(APPEND_AND_OVERRIDE, context));
        }
        Ok(append || overrides.append.contains(key))
    }

    fn warn_unknown_keys(
        &mut self,
        item: Node<'_>,
        known: &[&str],
        context: &Context,
    ) -> Result<(), LoadError> {
        for (key, _) in item.pairs() {
            let key = value::key_text(key, self.file)?;
            if !known.contains(&key) {
                let message = format!("Unknown key '{key}'. The key will be ignored.");
                self.result.warn(WarningCode::UnknownKey, message, context);
            }
        }
        Ok(())
    }
}

fn is_identifier(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

fn is_bare_string(name: &str) -> bool {
    const EXCLUDED: &[u8] = b"()\"'=, \t\n\x0b\x0c\r";
    !name.is_empty() && !name.bytes().any(|byte| EXCLUDED.contains(&byte))
}
