//! The rows of class `group`.

use crate::field::definition::{field, fields};
use crate::value::ValueType::{Charbuf, Uint32};

fields! {
    /// A field of class `group`.
    GroupField in Group {
        Gid = field("group.gid", Uint32, "Effective group id.").dec();
        Name = field("group.name", Charbuf, "Name, or the text <NA>.");
    }
}
