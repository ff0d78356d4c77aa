//! Macros: parsed, and the macros in them replaced.

use std::sync::Arc;

use hashbrown::HashSet;

use super::{
    CompiledMacro, Compiler,
    cache::{CachedMacro, CachedTree},
};
use crate::{
    condition::{Expr, MacroTable},
    rules::{
        definition::{MacroInfo, Placed},
        issue::LoadError,
        location::Context,
    },
};

impl Compiler<'_> {
    pub(super) fn macros(&mut self) -> Result<Vec<CompiledMacro>, LoadError> {
        let collector = self.collector;
        let mut macros = Vec::new();
        let mut known = Vec::new();
        for info in collector.macros.iter() {
            let item = &info.item;
            let text = self.expand(&item.condition, &item.condition_context)?;
            let cached = self.old.macros.remove(&item.name).filter(|it| it.tree.text == text);
            let parsed = match &cached {
                Some(cached) => Arc::clone(&cached.tree.parsed),
                None => Arc::new(Self::parse(&text, &item.condition_context)?),
            };
            let name = item.name.clone();
            macros.push(CompiledMacro { name, condition: Arc::clone(&parsed), used: false });
            known.push((text, parsed, cached));
        }
        // In the order of definition, so that what earlier macros came to is used by later ones.
        let mut earlier = MacroTable::new();
        for ((slot, info), (text, parsed, cached)) in collector.macros.iter().enumerate().zip(known)
        {
            let find = |name: &str| self.visible_macro(name, info, &macros);
            let current = cached.filter(|cached| cached.tree.is_current(find));
            let cached = if let Some(cached) = current {
                cached
            } else {
                let changed_later = info.visibility != info.index;
                let visible = changed_later.then(|| self.visible_macros(&parsed, info, &macros));
                let table = visible.as_ref().unwrap_or(&earlier);
                let item = &info.item;
                let (resolved, names) =
                    self.resolve(table, &parsed, &item.condition, &item.context)?;
                let find = |name: &str| self.visible_macro(name, info, &macros);
                let tree = CachedTree { text, parsed, macros: named(names, find) };
                CachedMacro { tree, resolved: Arc::new(resolved) }
            };
            self.use_macros(&cached.tree);
            let name = &info.item.name;
            earlier.define(name, Arc::clone(&cached.resolved));
            if let Some(compiled) = macros.get_mut(slot) {
                compiled.condition = Arc::clone(&cached.resolved);
            }
            self.new.macros.insert(name.clone(), cached);
        }
        Ok(macros)
    }

    /// A macro that another one sees: one first defined before the other was last changed.
    fn visible_macro<'m>(
        &self,
        name: &str,
        to: &Placed<MacroInfo>,
        macros: &'m [CompiledMacro],
    ) -> Option<&'m Arc<Expr>> {
        let collector = self.collector;
        let slot = collector.macros.slot(name)?;
        let other = collector.macros.get(name).filter(|other| other.index < to.visibility);
        other.and_then(|_| macros.get(slot)).map(|it| &it.condition)
    }

    /// The macros that resolving `tree`, the condition of `to`, can meet.
    fn visible_macros(
        &self,
        tree: &Expr,
        to: &Placed<MacroInfo>,
        macros: &[CompiledMacro],
    ) -> MacroTable {
        let mut table = MacroTable::new();
        let mut seen = HashSet::new();
        let mut trees = vec![tree];
        while let Some(tree) = trees.pop() {
            for_each_macro(tree, &mut |name| {
                if seen.insert(name)
                    && let Some(tree) = self.visible_macro(name, to, macros)
                {
                    table.define(name, Arc::clone(tree));
                    trees.push(tree);
                }
            });
        }
        table
    }

    pub(super) fn use_macros(&mut self, tree: &CachedTree) {
        for (name, _) in &tree.macros {
            if !self.used_macros.contains(name) {
                self.used_macros.insert(name.clone());
            }
        }
    }

    /// Replaces macro references in `tree`, also gives their names; `text` is the condition as
    /// written.
    pub(super) fn resolve(
        &mut self,
        table: &MacroTable,
        tree: &Expr,
        text: &str,
        context: &Context,
    ) -> Result<(Expr, Vec<String>), LoadError> {
        let (resolved, names) = table.resolve(tree).map_err(|error| {
            let at = context.in_condition(Some(error.position), text);
            LoadError::validate(error.message, &at)
        })?;
        let mut checks = 0_usize;
        resolved.for_each_check(&mut |_| checks += 1);
        self.checks = self.checks.checked_sub(checks).ok_or_else(|| {
            let message = "conditions are too large once macros are replaced";
            LoadError::validate(message, context)
        })?;
        Ok((resolved, names))
    }
}

/// Calls `visit` with the name of every macro that is referred to.
fn for_each_macro<'a>(expr: &'a Expr, visit: &mut impl FnMut(&'a str)) {
    match expr {
        Expr::And(_, children) | Expr::Or(_, children) => {
            for child in children {
                for_each_macro(child, visit);
            }
        }
        Expr::Not(_, child) => for_each_macro(child, visit),
        Expr::Macro(reference) => visit(&reference.name),
        Expr::Check(_) => {}
    }
}

/// Macros with what they are.
pub(super) fn named<'m>(
    names: Vec<String>,
    find: impl Fn(&str) -> Option<&'m Arc<Expr>>,
) -> Vec<(String, Arc<Expr>)> {
    names
        .into_iter()
        .filter_map(|name| {
            let tree = Arc::clone(find(&name)?);
            Some((name, tree))
        })
        .collect()
}
