//! Conditions: from text to a checked tree.

use super::{Compiler, is_about_unknown_name};
use crate::{
    condition::{Condition, Expr, MacroTable, compile, parse, warnings},
    rules::{
        definition::RuleInfo,
        issue::{ErrorCode, LoadError, WarningCode},
        location::Context,
    },
};

impl Compiler<'_> {
    /// Parses a condition with its lists replaced.
    pub(super) fn parse(&mut self, condition: &str, at: &Context) -> Result<Expr, LoadError> {
        let text = self
            .expander
            .expand(condition)
            .map_err(|error| LoadError::new(ErrorCode::CompileCondition, error.to_string(), at))?;
        parse(&text).map_err(|error| {
            let at = at.in_condition(Some(error.position), &text);
            LoadError::new(ErrorCode::CompileCondition, error.message, &at)
        })
    }

    /// A rule's condition as a tree and compiled, `None` if the rule is to be skipped.
    pub(super) fn condition(
        &mut self,
        rule: &RuleInfo,
        condition: &str,
        macros: &MacroTable,
    ) -> Result<Option<(Expr, Condition)>, LoadError> {
        let tree = self.parse(condition, &rule.condition_context)?;
        let tree = self.resolve(macros, &tree, condition, &rule.context)?;
        let whole = rule.condition_context.in_condition(None, condition);
        let found = warnings::of(&tree);
        if found.unsafe_na {
            self.result.warn(WarningCode::UnsafeNaCheck, "", &whole);
        }
        for field in found.deprecated {
            if let Some(&(name, reason)) = warnings::DEPRECATED_FIELDS.get(field) {
                self.result.warn_deprecated_field((name, reason), reason, &whole);
            }
        }
        match compile(&tree) {
            Ok((compiled, notes)) => {
                for note in notes {
                    let at = rule.condition_context.in_condition(Some(note.position), condition);
                    self.result.warn(WarningCode::CompileCondition, note.message, &at);
                }
                Ok(Some((tree, compiled)))
            }
            Err(error) => {
                let at = rule.condition_context.in_condition(Some(error.position), condition);
                if rule.flags.skip_if_unknown_filter && is_about_unknown_name(&error.message) {
                    self.result.warn(WarningCode::UnknownFilter, error.message, &at);
                    return Ok(None);
                }
                Err(LoadError::new(ErrorCode::CompileCondition, error.message, &at))
            }
        }
    }
}
