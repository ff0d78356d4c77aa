//! What rules files define, collected but not compiled: rules, macros, lists and exceptions.

use std::collections::BTreeSet;

use hashbrown::HashMap;

use super::{Priority, location::Context};

/// The source of system calls, and the only one there is: rules of other sources are skipped.
pub(crate) const SYSCALL_SOURCE: &str = "syscall";

/// One text, or a list of such, as the parts of an exception may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Entry {
    Item(String),
    List(Vec<Entry>),
}

impl Default for Entry {
    fn default() -> Self {
        Self::Item(String::new())
    }
}

impl Entry {
    /// Whether there is anything in it.
    pub(crate) fn is_given(&self) -> bool {
        match self {
            Self::Item(item) => !item.is_empty(),
            Self::List(entries) => !entries.is_empty(),
        }
    }

    /// The text, empty for a list.
    pub(crate) fn item(&self) -> &str {
        match self {
            Self::Item(item) => item,
            Self::List(_) => "",
        }
    }

    /// The elements, none for a text.
    pub(crate) fn entries(&self) -> &[Self] {
        match self {
            Self::Item(_) => &[],
            Self::List(entries) => entries,
        }
    }

    pub(crate) fn is_list(&self) -> bool {
        matches!(self, Self::List(_))
    }
}

/// An exception of a rule.
#[derive(Clone, Debug)]
pub(crate) struct Exception {
    pub(crate) context: Context,
    pub(crate) name: String,
    pub(crate) fields: Entry,
    pub(crate) comparisons: Entry,
    pub(crate) values: Vec<Entry>,
}

/// A list. `visibility` is the position of its last change in the sequence of all items; lists
/// with a smaller `index` are visible to it.
#[derive(Clone, Debug)]
pub(crate) struct ListInfo {
    pub(crate) context: Context,
    pub(crate) name: String,
    pub(crate) items: Vec<String>,
}

/// A macro.
#[derive(Clone, Debug)]
pub(crate) struct MacroInfo {
    pub(crate) context: Context,
    pub(crate) condition_context: Context,
    pub(crate) name: String,
    pub(crate) condition: String,
}

/// A rule.
#[derive(Clone, Debug)]
pub(crate) struct RuleInfo {
    pub(crate) context: Context,
    pub(crate) condition_context: Context,
    pub(crate) output_context: Context,
    pub(crate) name: String,
    pub(crate) source: String,
    pub(crate) condition: String,
    pub(crate) output: String,
    pub(crate) description: String,
    pub(crate) priority: Priority,
    pub(crate) tags: BTreeSet<String>,
    pub(crate) exceptions: Vec<Exception>,
    pub(crate) flags: RuleFlags,
    /// In milliseconds; 0 means the configured default.
    pub(crate) capture_duration: u32,
    /// The source is not known, so the rule is kept for redefinitions only.
    pub(crate) unknown_source: bool,
}

/// The yes-or-no properties of a rule.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "they are four independent keys of the file")]
pub(crate) struct RuleFlags {
    pub(crate) enabled: bool,
    pub(crate) capture: bool,
    pub(crate) warn_event_types: bool,
    pub(crate) skip_if_unknown_filter: bool,
}

impl Default for RuleFlags {
    fn default() -> Self {
        Self {
            enabled: true,
            capture: false,
            warn_event_types: true,
            skip_if_unknown_filter: false,
        }
    }
}

/// A change of an existing rule: what is `None` stays.
#[derive(Clone, Debug)]
pub(crate) struct RuleUpdate {
    pub(crate) context: Context,
    pub(crate) name: String,
    /// Empty if the update does not say.
    pub(crate) source: String,
    pub(crate) condition: Option<String>,
    pub(crate) output: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) tags: Option<BTreeSet<String>>,
    pub(crate) exceptions: Option<Vec<Exception>>,
    pub(crate) priority: Option<Priority>,
    pub(crate) capture: Option<bool>,
    pub(crate) capture_duration: Option<u32>,
    pub(crate) enabled: Option<bool>,
    pub(crate) warn_event_types: Option<bool>,
    pub(crate) skip_if_unknown_filter: Option<bool>,
}

impl RuleUpdate {
    pub(crate) fn new(name: &str, context: &Context) -> Self {
        Self {
            context: context.clone(),
            name: name.to_owned(),
            source: String::new(),
            condition: None,
            output: None,
            description: None,
            tags: None,
            exceptions: None,
            priority: None,
            capture: None,
            capture_duration: None,
            enabled: None,
            warn_event_types: None,
            skip_if_unknown_filter: None,
        }
    }

    pub(crate) fn has_any_value(&self) -> bool {
        self.condition.is_some()
            || self.output.is_some()
            || self.description.is_some()
            || self.tags.is_some()
            || self.exceptions.is_some()
            || self.priority.is_some()
            || self.capture.is_some()
            || self.capture_duration.is_some()
            || self.enabled.is_some()
            || self.warn_event_types.is_some()
            || self.skip_if_unknown_filter.is_some()
    }
}

/// A plugin that rules need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PluginRequirement {
    /// The plugin.
    pub name: String,
    /// The version it must have at least.
    pub version: String,
}

/// An item with its place among all items of all files.
#[derive(Clone, Debug)]
pub(crate) struct Placed<T> {
    /// Position of its first definition.
    pub(crate) index: usize,
    /// Position of its last definition or change.
    pub(crate) visibility: usize,
    pub(crate) item: T,
}

/// Items by name, in the order of their first definition.
#[derive(Clone, Debug)]
pub(crate) struct Named<T> {
    items: Vec<Placed<T>>,
    by_name: HashMap<String, usize>,
}

impl<T> Default for Named<T> {
    fn default() -> Self {
        Self { items: Vec::new(), by_name: HashMap::new() }
    }
}

impl<T> Named<T> {
    pub(crate) fn get(&self, name: &str) -> Option<&Placed<T>> {
        self.by_name.get(name).and_then(|&slot| self.items.get(slot))
    }

    pub(crate) fn get_mut(&mut self, name: &str) -> Option<&mut Placed<T>> {
        self.by_name.get(name).and_then(|&slot| self.items.get_mut(slot))
    }

    /// Defines or redefines; a redefinition takes the place of the old one.
    pub(crate) fn define(&mut self, name: &str, item: T, position: usize) {
        if let Some(previous) = self.get_mut(name) {
            previous.item = item;
            previous.visibility = position;
        } else {
            self.by_name.insert(name.to_owned(), self.items.len());
            self.items.push(Placed { index: position, visibility: position, item });
        }
    }

    /// Which item, counted in the order of first definition, has the name.
    pub(crate) fn slot(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied()
    }

    pub(crate) fn iter(&self) -> std::slice::Iter<'_, Placed<T>> {
        self.items.iter()
    }
}
