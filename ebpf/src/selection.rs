//! Which system calls are wanted.

use std::collections::BTreeSet;

use event::EventType;

/// The system calls that events are wanted of, by Falco's names (`openat`, `clone3`, …).
///
/// The ends of processes are always reported: the state cannot do without.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    names: BTreeSet<&'static str>,
}

impl Selection {
    /// Nothing but the ends of processes.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whatever makes events of these types.
    pub fn of_events(kinds: impl IntoIterator<Item = EventType>) -> Self {
        let mut selection = Self::new();
        for kind in kinds {
            let codes = kind.syscalls().iter();
            selection.names.extend(codes.filter_map(|code| event::syscall_name(*code)));
        }
        selection
    }

    /// All system calls that have a name.
    pub fn all() -> Self {
        Self { names: event::syscall_names().iter().copied().collect() }
    }

    /// Adds a system call by name; false if there is none of that name.
    pub fn add(&mut self, name: &str) -> bool {
        let known = event::syscall_names().iter().find(|it| **it == name);
        self.names.extend(known);
        known.is_some()
    }

    /// What this or `other` wants.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self { names: &self.names | &other.names }
    }

    /// Removes a system call.
    pub fn remove(&mut self, name: &str) {
        self.names.remove(name);
    }

    /// Whether it is wanted.
    pub fn contains(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    /// In alphabetical order.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.names.iter().copied()
    }
}
