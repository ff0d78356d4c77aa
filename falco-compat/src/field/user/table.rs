//! The rows of class `user`.

use crate::field::definition::{field, fields};
use crate::value::ValueType::{Charbuf, Int64, Uint32};

fields! {
    /// A field of class `user`.
    UserField in User {
        Uid = field("user.uid", Uint32, "Effective user id.").dec();
        Name = field("user.name", Charbuf, "Name; root for uid 0, the text <NA> when unknown.");
        Homedir = field("user.homedir", Charbuf, "Home directory, or the text <NA>.");
        Shell = field("user.shell", Charbuf, "Login shell, or the text <NA>.");
        Loginuid = field("user.loginuid", Int64, "Audit user id; -1 when unset.").dec();
        Loginname = field("user.loginname", Charbuf, "Name of the audit user, or the text <NA>.");
    }
}
