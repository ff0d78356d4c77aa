//! The classes of fields, in the order in which names are looked up.

use crate::field::{
    container::ContainerField, definition::FieldDef, event::EventField, fd::FdField,
    fdlist::FdListField, fixed::FixedField, fspath::FsPathField, generic::GenericField,
    group::GroupField, process::ProcessField, user::UserField,
};

/// Which field it is, by class.
#[expect(missing_docs, reason = "each class documents itself")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FieldId {
    Generic(GenericField),
    Event(EventField),
    Process(ProcessField),
    User(UserField),
    Group(GroupField),
    Fd(FdField),
    FsPath(FsPathField),
    FdList(FdListField),
    Container(ContainerField),
    Fixed(FixedField),
}

/// A class of fields, as `rules fields` lists it.
#[derive(Clone, Copy, Debug)]
pub struct FieldClass {
    /// Name; two classes may share one.
    pub name: &'static str,
    /// One sentence for people.
    pub description: &'static str,
    /// Fields that are accepted; see [`FieldDef::is_listed`].
    pub fields: &'static [FieldDef],
    /// Who parses the arguments.
    pub(super) kind: ClassKind,
}

/// Which rules apply to a class's names and arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ClassKind {
    /// Longest prefix, no arguments.
    Plain,
    /// `evt.arg` and its like.
    Event,
    /// `proc.aname[n]` and its like.
    Process,
    /// `fd.types[n]`.
    Fd,
    /// A plugin's: arguments in brackets.
    Plugin,
    /// Any name behind the prefix.
    Fixed,
}

const fn class(
    name: &'static str,
    kind: ClassKind,
    fields: &'static [FieldDef],
    description: &'static str,
) -> FieldClass {
    FieldClass { name, description, fields, kind }
}

/// Every class, in the order of lookup: the first one with a matching prefix wins.
pub static CLASSES: &[FieldClass] = &[
    class("evt", ClassKind::Plain, super::generic::FIELDS, "Fields of every event."),
    class("evt", ClassKind::Event, super::event::FIELDS, "Fields of syscall events."),
    class(
        "process",
        ClassKind::Process,
        super::process::FIELDS,
        "The process and thread that caused the event.",
    ),
    class("user", ClassKind::Plain, super::user::FIELDS, "The user that caused the event."),
    class("group", ClassKind::Plain, super::group::FIELDS, "The group of that user."),
    class("fd", ClassKind::Fd, super::fd::FIELDS, "The file descriptor of the event."),
    class(
        "fs.path",
        ClassKind::Plain,
        super::fspath::FIELDS,
        "The paths that a file system call works on.",
    ),
    class("fdlist", ClassKind::Plain, super::fdlist::FIELDS, "The file descriptors of a poll."),
    class(
        "container",
        ClassKind::Plugin,
        super::container::FIELDS,
        "The container and pod that the event happened in.",
    ),
    class("static", ClassKind::Fixed, super::fixed::FIELDS, "Values of the configuration."),
];
