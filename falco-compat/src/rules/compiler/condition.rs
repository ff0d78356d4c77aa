//! Conditions: from text to a compiled tree.

use std::sync::Arc;

use hashbrown::HashMap;

use super::{
    Compiler,
    cache::{CachedRule, CachedTree},
    fixed::unknown_in_condition,
    is_about_unknown_name,
    macros::named,
};
use crate::{
    condition::{CompileError, Expr, MacroTable, compile, event_types, parse, warnings},
    field::FieldError,
    rules::{
        definition::RuleInfo,
        issue::{Culprit, ErrorCode, LoadError, WarningCode},
        location::Context,
    },
};

/// The macros that rules see: all of them.
pub(super) struct Macros<'a> {
    pub(super) table: MacroTable,
    pub(super) by_name: HashMap<&'a str, &'a Arc<Expr>>,
}

impl Compiler<'_> {
    /// A condition with its lists replaced.
    pub(super) fn expand(&mut self, condition: &str, at: &Context) -> Result<String, LoadError> {
        self.expander
            .expand(condition)
            .map_err(|error| LoadError::new(ErrorCode::CompileCondition, error.to_string(), at))
    }

    pub(super) fn parse(text: &str, at: &Context) -> Result<Expr, LoadError> {
        parse(text).map_err(|error| {
            let at = at.in_condition(Some(error.position), text);
            let error = LoadError::new(ErrorCode::CompileCondition, error.message, &at);
            LoadError { culprit: Culprit::Here, ..error }
        })
    }

    /// A rule's condition, `None` if the rule is to be skipped.
    pub(super) fn condition(
        &mut self,
        rule: &RuleInfo,
        condition: &str,
        macros: &Macros<'_>,
    ) -> Result<Option<CachedRule>, LoadError> {
        let at = &rule.condition_context;
        let text = self.expand(condition, at)?;
        let cached = self.old.rules.remove(&rule.name).filter(|it| it.tree.text == text);
        let find = |name: &str| macros.by_name.get(name).copied();
        if let Some(cached) = cached.filter(|it| it.tree.is_current(find)) {
            self.use_macros(&cached.tree);
            self.warn_of_tree(&cached.resolved, condition, at);
            self.warn_of_notes(&cached, condition, at);
            return Ok(Some(cached));
        }
        let parsed = Arc::new(Self::parse(&text, at)?);
        let (resolved, names) = self.resolve(&macros.table, &parsed, condition, &rule.context)?;
        let tree = CachedTree { text, parsed, macros: named(names, find) };
        self.use_macros(&tree);
        self.warn_of_tree(&resolved, condition, at);
        let compiled = match unknown_in_condition(&resolved, &self.settings.static_fields) {
            Some((name, position)) => {
                let message = FieldError::Nonexistent(name).to_string();
                Err(CompileError { message, position })
            }
            None => compile(&resolved),
        };
        let (compiled, notes) = match compiled {
            Ok(compiled) => compiled,
            Err(error) => {
                let at = at.in_condition(Some(error.position), condition);
                if rule.flags.skip_if_unknown_filter && is_about_unknown_name(&error.message) {
                    self.result.warn(WarningCode::UnknownFilter, error.message, &at);
                    return Ok(None);
                }
                return Err(LoadError::new(ErrorCode::CompileCondition, error.message, &at));
            }
        };
        let event_types = event_types(&resolved)
            .map_err(|error| LoadError::new(ErrorCode::CompileCondition, error.to_string(), at))?;
        let cached = CachedRule {
            tree,
            resolved: Arc::new(resolved),
            condition: Arc::new(compiled),
            notes,
            event_types,
        };
        self.warn_of_notes(&cached, condition, at);
        Ok(Some(cached))
    }

    fn warn_of_tree(&mut self, tree: &Expr, condition: &str, at: &Context) {
        let found = warnings::of(tree);
        if !found.unsafe_na && found.deprecated.is_empty() {
            return;
        }
        let whole = at.in_condition(None, condition);
        if found.unsafe_na {
            self.result.warn(WarningCode::UnsafeNaCheck, "", &whole);
        }
        for field in found.deprecated {
            if let Some(&(name, reason)) = warnings::DEPRECATED_FIELDS.get(field) {
                self.result.warn_deprecated_field((name, reason), reason, &whole);
            }
        }
    }

    fn warn_of_notes(&mut self, rule: &CachedRule, condition: &str, at: &Context) {
        for note in &rule.notes {
            let at = at.in_condition(Some(note.position), condition);
            self.result.warn(WarningCode::CompileCondition, note.message.clone(), &at);
        }
    }
}
