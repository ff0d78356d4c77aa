//! Macros: parsed, and the macros in them replaced.

use std::sync::Arc;

use super::{CompiledMacro, Compiler};
use crate::{
    condition::MacroTable,
    rules::{issue::LoadError, location::Context},
};

impl Compiler<'_> {
    pub(super) fn macros(&mut self) -> Result<Vec<CompiledMacro>, LoadError> {
        let collector = self.collector;
        let mut macros = Vec::new();
        for info in collector.macros.iter() {
            let item = &info.item;
            let tree = self.parse(&item.condition, &item.condition_context)?;
            let name = item.name.clone();
            macros.push(CompiledMacro { name, condition: Arc::new(tree), used: false });
        }
        // In the order of definition, so that what earlier macros came to is used by later ones.
        for (slot, info) in collector.macros.iter().enumerate() {
            let mut table = MacroTable::new();
            for (other, compiled) in collector.macros.iter().zip(&macros) {
                if other.index < info.visibility {
                    table.define(&compiled.name, Arc::clone(&compiled.condition));
                }
            }
            let Some(compiled) = macros.get_mut(slot) else { continue };
            let item = &info.item;
            let condition =
                self.resolve(&table, &compiled.condition, &item.condition, &item.context)?;
            compiled.condition = Arc::new(condition);
        }
        Ok(macros)
    }

    /// Replaces macro references in `tree`; `text` is the condition as written.
    pub(super) fn resolve(
        &mut self,
        table: &MacroTable,
        tree: &crate::condition::Expr,
        text: &str,
        context: &Context,
    ) -> Result<crate::condition::Expr, LoadError> {
        let (resolved, used) = table.resolve(tree).map_err(|error| {
            let at = context.in_condition(Some(error.position), text);
            LoadError::validate(error.message, &at)
        })?;
        self.used_macros.extend(used);
        Ok(resolved)
    }
}
