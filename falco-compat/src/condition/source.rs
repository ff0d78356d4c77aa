//! Where a side of a check gets its value: a field, a constant, or a transformer of such.
//!
//! Types are those of Falco's compiler, which for nested transformers sometimes looks at the
//! untransformed field; values keep their terminating NUL where Falco's do, because `in`, `len` and
//! `join` see it.

mod compile;
mod extract;
mod getopt;

use crate::field::{FieldFlags, FieldRef};
use crate::value::ValueType;
pub(super) use compile::compile;
use getopt::OptionString;

/// A side of a check with its type.
#[derive(Clone, Debug)]
pub(super) struct Typed {
    pub(super) source: Source,
    pub(super) shape: Shape,
    /// Without transformers; what transformers of several arguments look at.
    declared: Shape,
    /// The name in messages.
    pub(super) name: &'static str,
    flags: FieldFlags,
}

/// What kind of value there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) value_type: ValueType,
    pub(super) is_list: bool,
}

impl Shape {
    const TEXT: Self = Self { value_type: ValueType::Charbuf, is_list: false };
    const TEXTS: Self = Self { value_type: ValueType::Charbuf, is_list: true };
}

/// How to get the value.
#[derive(Clone, Debug)]
pub(super) enum Source {
    Field(FieldRef),
    Text(Box<[u8]>),
    /// Elements; a list among them adds its own.
    List(Box<[Element]>),
    Unary(Unary, Box<Source>),
    /// Separator and list.
    Join(Box<(Source, Source)>),
    Concat(Box<[Source]>),
    Getopt(Box<Getopt>),
}

/// An element of a list.
#[derive(Clone, Debug)]
pub(super) enum Element {
    /// As it is.
    Plain(Source),
    /// A number, as text.
    Number(FieldRef),
}

/// A transformer of one argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unary {
    ToLower,
    ToUpper,
    B64,
    Basename,
    /// Elements of a list.
    Count,
    /// Bytes of a text up to its NUL.
    TextLength,
    /// Bytes of a buffer.
    BufferLength,
}

/// A `getopt` call.
#[derive(Clone, Debug)]
pub(super) struct Getopt {
    arguments: Source,
    options: OptionString,
    /// The option asked for, if one is.
    selected: Option<u8>,
}

impl Source {
    /// Whether any field in it is one that `wanted` accepts.
    pub(super) fn mentions(&self, wanted: &dyn Fn(&FieldRef) -> bool) -> bool {
        match self {
            Self::Field(field) => wanted(field),
            Self::Text(_) => false,
            Self::List(elements) => elements.iter().any(|element| match element {
                Element::Plain(source) => source.mentions(wanted),
                Element::Number(field) => wanted(field),
            }),
            Self::Unary(_, inner) => inner.mentions(wanted),
            Self::Join(parts) => parts.0.mentions(wanted) || parts.1.mentions(wanted),
            Self::Concat(parts) => parts.iter().any(|part| part.mentions(wanted)),
            Self::Getopt(getopt) => getopt.arguments.mentions(wanted),
        }
    }
}

impl Typed {
    /// Whether a field may stand on the other side, and this on the right.
    pub(super) fn allows_right_fields(&self) -> bool {
        !self.flags.contains(FieldFlags::NO_RHS)
    }

    /// The field, if it is one without transformers.
    pub(super) fn field(&self) -> Option<&FieldRef> {
        match &self.source {
            Source::Field(field) => Some(field),
            Source::Text(_)
            | Source::List(_)
            | Source::Unary(..)
            | Source::Join(_)
            | Source::Concat(_)
            | Source::Getopt(_) => None,
        }
    }

    /// The field below any number of transformers of one argument.
    pub(super) fn innermost_field(&self) -> Option<&FieldRef> {
        let mut source = &self.source;
        loop {
            match source {
                Source::Field(field) => return Some(field),
                Source::Unary(_, inner) => source = inner,
                Source::Text(_)
                | Source::List(_)
                | Source::Join(_)
                | Source::Concat(_)
                | Source::Getopt(_) => return None,
            }
        }
    }
}
