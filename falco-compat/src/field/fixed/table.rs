//! The row of class `static`; names are those of the configuration.

use crate::field::definition::{field, fields};
use crate::value::ValueType::Charbuf;

fields! {
    /// A field of class `static`.
    FixedField in Fixed {
        Value = field("static.", Charbuf, "A value of static_fields, by its name.").table_only();
    }
}
