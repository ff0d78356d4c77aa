//! What the compilation before this one came to, so that a file only costs what it changes.

use std::sync::Arc;

use hashbrown::HashMap;

use crate::{
    condition::{CompileWarning, Condition, EventTypeSet, Expr},
    format::Format,
};

/// Results of the last compilation, by name.
#[derive(Debug, Default)]
pub(crate) struct Cache {
    pub(super) macros: HashMap<String, CachedMacro>,
    pub(super) rules: HashMap<String, CachedRule>,
    pub(super) formats: HashMap<String, Format>,
}

/// A tree that holds for as long as its text and the macros in it are the same.
#[derive(Clone, Debug)]
pub(super) struct CachedTree {
    /// The condition with its lists replaced.
    pub(super) text: String,
    /// Macros not resolved.
    pub(super) parsed: Arc<Expr>,
    /// The macros met when resolving, and what they were.
    pub(super) macros: Vec<(String, Arc<Expr>)>,
}

#[derive(Clone, Debug)]
pub(super) struct CachedMacro {
    pub(super) tree: CachedTree,
    pub(super) resolved: Arc<Expr>,
}

#[derive(Clone, Debug)]
pub(super) struct CachedRule {
    pub(super) tree: CachedTree,
    pub(super) resolved: Arc<Expr>,
    pub(super) condition: Arc<Condition>,
    pub(super) notes: Vec<CompileWarning>,
    pub(super) event_types: EventTypeSet,
}

impl CachedTree {
    /// Whether every macro in it still is what it was; `find` gives what is visible now.
    pub(super) fn is_current<'a>(&self, find: impl Fn(&str) -> Option<&'a Arc<Expr>>) -> bool {
        self.macros.iter().all(|(name, tree)| find(name).is_some_and(|now| Arc::ptr_eq(now, tree)))
    }
}
