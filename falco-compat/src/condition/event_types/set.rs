//! Sets of event types and of system calls as bits.

use std::sync::LazyLock;

use event::{EventType, syscall_names};

/// Names of the asynchronous events of the container engine; they travel in `asyncevent`.
pub(in crate::condition) const ASYNC_NAMES: [&str; 2] = ["container", "container_removed"];

const WORDS: usize = 8;
const _: () = assert!(EventType::COUNT <= WORDS * 64);

/// A set of codes that can be computed from names.
pub(super) trait CodeSet: Copy {
    fn empty() -> Self;
    fn all() -> Self;
    fn of_names(names: &[&str]) -> Self;
    fn union(self, other: Self) -> Self;
    fn intersect(self, other: Self) -> Self;
    fn difference(self, other: Self) -> Self;
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Bits([u64; WORDS]);

impl Bits {
    fn insert(&mut self, code: u16) {
        if let Some(word) = self.0.get_mut(usize::from(code / 64)) {
            *word |= 1 << (code % 64);
        }
    }

    fn contains(self, code: u16) -> bool {
        self.0.get(usize::from(code / 64)).is_some_and(|word| word >> (code % 64) & 1 == 1)
    }

    fn zip(self, other: Self, join: impl Fn(u64, u64) -> u64) -> Self {
        let mut out = self;
        for (word, right) in out.0.iter_mut().zip(other.0) {
            *word = join(*word, right);
        }
        out
    }
}

/// A set of event types.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EventTypeSet(Bits);

impl EventTypeSet {
    /// Adds a type.
    pub fn insert(&mut self, kind: EventType) {
        self.0.insert(kind.code());
    }

    /// Whether the type is in the set.
    pub fn contains(&self, kind: EventType) -> bool {
        self.0.contains(kind.code())
    }

    /// How many types are in the set.
    pub fn len(&self) -> usize {
        self.0.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Whether no type is in the set.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The types in the order of their codes.
    pub fn iter(&self) -> impl Iterator<Item = EventType> {
        EventType::all().iter().copied().filter(|kind| self.contains(*kind))
    }

    /// Every type.
    pub fn all() -> Self {
        <Self as CodeSet>::all()
    }
}

impl CodeSet for EventTypeSet {
    fn empty() -> Self {
        Self::default()
    }

    fn all() -> Self {
        static ALL: LazyLock<EventTypeSet> = LazyLock::new(|| {
            let mut set = EventTypeSet::default();
            for kind in EventType::all() {
                set.insert(*kind);
            }
            set
        });
        *ALL
    }

    /// A name that is no event type's is looked for among the system calls and then means every
    /// generic event.
    fn of_names(names: &[&str]) -> Self {
        let mut set = Self::default();
        for name in names {
            let mut found = false;
            for kind in EventType::all() {
                let is_generic = matches!(kind, EventType::GenericE | EventType::GenericX);
                if !is_generic && kind.info().name == *name {
                    set.insert(*kind);
                    found = true;
                }
            }
            if ASYNC_NAMES.contains(name) {
                set.insert(EventType::AsynceventE);
                found = true;
            }
            if !found && syscall_names().iter().any(|known| assigned(known) == *name) {
                set.insert(EventType::GenericE);
                set.insert(EventType::GenericX);
            }
        }
        set
    }

    fn union(self, other: Self) -> Self {
        Self(self.0.zip(other.0, |left, right| left | right))
    }

    fn intersect(self, other: Self) -> Self {
        Self(self.0.zip(other.0, |left, right| left & right))
    }

    fn difference(self, other: Self) -> Self {
        Self(self.0.zip(other.0, |left, right| left & !right))
    }
}

/// A set of portable system call codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SyscallSet(Bits);

impl SyscallSet {
    pub(super) fn insert_code(&mut self, code: u16) {
        self.0.insert(code);
    }

    pub(super) fn contains_code(self, code: u16) -> bool {
        self.0.contains(code)
    }

    pub(super) fn names(self) -> impl Iterator<Item = &'static str> {
        named_syscalls().filter(move |(code, _)| self.0.contains(*code)).map(|(_, name)| name)
    }
}

impl CodeSet for SyscallSet {
    fn empty() -> Self {
        Self(Bits::default())
    }

    fn all() -> Self {
        let mut set = Self::empty();
        for (code, _) in named_syscalls() {
            set.insert_code(code);
        }
        set
    }

    fn of_names(names: &[&str]) -> Self {
        let types = EventTypeSet::of_names(names);
        let mut set = Self::empty();
        for kind in types.iter() {
            let is_generic = matches!(kind, EventType::GenericE | EventType::GenericX);
            for &code in kind.syscalls() {
                let name = event::syscall_name(code).unwrap_or_default();
                if !is_generic || names.contains(&name) {
                    set.insert_code(code);
                }
            }
        }
        set
    }

    fn union(self, other: Self) -> Self {
        Self(self.0.zip(other.0, |left, right| left | right))
    }

    fn intersect(self, other: Self) -> Self {
        Self(self.0.zip(other.0, |left, right| left & right))
    }

    fn difference(self, other: Self) -> Self {
        Self(self.0.zip(other.0, |left, right| left & !right))
    }
}

/// Codes with names, without `unknown`.
fn named_syscalls() -> impl Iterator<Item = (u16, &'static str)> {
    let names = (0_u16..).zip(syscall_names().iter().map(|name| assigned(name)));
    names.skip(1).filter(|(_, name)| !name.is_empty())
}

/// Falco's name of a system call: empty for the one code that was withdrawn.
pub(in crate::condition) fn assigned(name: &'static str) -> &'static str {
    if name == "na_1" { "" } else { name }
}
