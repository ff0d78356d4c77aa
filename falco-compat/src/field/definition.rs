//! What the registry says of one field.

use crate::{field::FieldId, value::ValueType};

/// One row of the registry.
#[derive(Clone, Copy, Debug)]
pub struct FieldDef {
    /// Which field it is.
    pub id: FieldId,
    /// Name without argument.
    pub name: &'static str,
    /// Declared type; [`ValueType::Dyn`] for `evt.rawarg`, whose type is the parameter's.
    pub value_type: ValueType,
    /// How it may be used.
    pub flags: FieldFlags,
    /// How a number is printed.
    pub format: PrintFormat,
    /// One sentence for people.
    pub description: &'static str,
}

/// How a number is printed. Everything but decimal is text in JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PrintFormat {
    /// Not applicable; an integer with it prints as missing.
    Na,
    /// Decimal.
    Dec,
    /// Hexadecimal, upper case, without prefix.
    Hex,
    /// Octal.
    Oct,
    /// Decimal, padded with zeros to nine digits.
    Padded,
}

/// How a field may be used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FieldFlags(u16);

impl FieldFlags {
    /// Meant for conditions; prints as missing.
    pub const FILTER_ONLY: Self = Self(1);
    /// Meant for outputs; not listed.
    pub const PRINT_ONLY: Self = Self(1 << 1);
    /// Needs an argument.
    pub const ARGUMENT_REQUIRED: Self = Self(1 << 2);
    /// For tables of sysdig; not listed, but accepted.
    pub const TABLE_ONLY: Self = Self(1 << 3);
    /// Has a list of values.
    pub const LIST: Self = Self(1 << 4);
    /// May have an argument.
    pub const ARGUMENT_ALLOWED: Self = Self(1 << 5);
    /// The argument may be an index (plugin fields).
    pub const ARGUMENT_INDEX: Self = Self(1 << 6);
    /// The argument may be a key (plugin fields).
    pub const ARGUMENT_KEY: Self = Self(1 << 7);
    /// Accepted with a warning; not listed.
    pub const DEPRECATED: Self = Self(1 << 8);
    /// No transformer applies to it.
    pub const NO_TRANSFORMER: Self = Self(1 << 9);
    /// Not on the right-hand side, and no field on its right-hand side.
    pub const NO_RHS: Self = Self(1 << 10);
    /// `append_output: suggested_output` adds it.
    pub const SUGGESTED: Self = Self(1 << 11);

    /// Whether all of `flags` are set.
    pub const fn contains(self, flags: Self) -> bool {
        self.0 & flags.0 == flags.0
    }

    /// Whether any of `flags` is set.
    pub const fn intersects(self, flags: Self) -> bool {
        self.0 & flags.0 != 0
    }

    /// Both sets of flags.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl FieldDef {
    /// Whether `--list` shows it.
    pub const fn is_listed(&self) -> bool {
        let hidden =
            FieldFlags::PRINT_ONLY.union(FieldFlags::TABLE_ONLY).union(FieldFlags::DEPRECATED);
        !self.flags.intersects(hidden)
    }
}

/// A row under construction; the table adds the id.
#[derive(Clone, Copy)]
pub(super) struct Row {
    name: &'static str,
    value_type: ValueType,
    flags: FieldFlags,
    format: PrintFormat,
    description: &'static str,
}

/// Begins a row.
pub(super) const fn field(
    name: &'static str,
    value_type: ValueType,
    description: &'static str,
) -> Row {
    Row { name, value_type, flags: FieldFlags(0), format: PrintFormat::Na, description }
}

impl Row {
    const fn with(mut self, flags: FieldFlags) -> Self {
        self.flags = self.flags.union(flags);
        self
    }

    const fn printed(mut self, format: PrintFormat) -> Self {
        self.format = format;
        self
    }

    pub(super) const fn dec(self) -> Self {
        self.printed(PrintFormat::Dec)
    }

    pub(super) const fn hex(self) -> Self {
        self.printed(PrintFormat::Hex)
    }

    pub(super) const fn padded(self) -> Self {
        self.printed(PrintFormat::Padded)
    }

    pub(super) const fn required(self) -> Self {
        self.with(FieldFlags::ARGUMENT_REQUIRED)
    }

    pub(super) const fn optional(self) -> Self {
        self.with(FieldFlags::ARGUMENT_ALLOWED)
    }

    pub(super) const fn index(self) -> Self {
        self.with(FieldFlags::ARGUMENT_INDEX)
    }

    pub(super) const fn key(self) -> Self {
        self.with(FieldFlags::ARGUMENT_KEY)
    }

    pub(super) const fn no_rhs(self) -> Self {
        self.with(FieldFlags::NO_RHS)
    }

    /// Neither transformers nor right-hand side fields.
    pub(super) const fn unchained(self) -> Self {
        self.no_rhs().with(FieldFlags::NO_TRANSFORMER)
    }

    pub(super) const fn filter_only(self) -> Self {
        self.unchained().with(FieldFlags::FILTER_ONLY)
    }

    pub(super) const fn print_only(self) -> Self {
        self.with(FieldFlags::PRINT_ONLY)
    }

    pub(super) const fn table_only(self) -> Self {
        self.with(FieldFlags::TABLE_ONLY)
    }

    pub(super) const fn deprecated(self) -> Self {
        self.with(FieldFlags::DEPRECATED)
    }

    pub(super) const fn list(self) -> Self {
        self.with(FieldFlags::LIST)
    }

    pub(super) const fn suggested(self) -> Self {
        self.with(FieldFlags::SUGGESTED)
    }

    pub(super) const fn build(self, id: FieldId) -> FieldDef {
        let Self { name, value_type, flags, format, description } = self;
        FieldDef { id, name, value_type, flags, format, description }
    }
}

/// Makes the enum of a class's fields and its table, row by row.
macro_rules! fields {
    ($(#[$doc:meta])* $class:ident in $variant:ident { $($id:ident = $row:expr;)* }) => {
        $(#[$doc])*
        #[expect(missing_docs, reason = "a variant is named after its field")]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $class {
            $($id,)*
        }

        /// Every field of the class, in the order of Falco's listing.
        pub(in crate::field) static FIELDS: &[crate::field::FieldDef] = &[
            $($row.build(crate::field::FieldId::$variant($class::$id)),)*
        ];
    };
}
pub(super) use fields;
