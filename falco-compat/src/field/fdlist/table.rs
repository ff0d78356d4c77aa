//! The rows of class `fdlist`.

use crate::field::definition::{field, fields};
use crate::value::ValueType::Charbuf;

fields! {
    /// A field of class `fdlist`.
    FdListField in FdList {
        Nums = field("fdlist.nums", Charbuf, "Poll: comma list of fds.").dec();
        Names = field("fdlist.names", Charbuf, "Comma list of names.");
        Cips = field("fdlist.cips", Charbuf, "Client IPs.");
        Sips = field("fdlist.sips", Charbuf, "Server IPs.");
        Cports = field("fdlist.cports", Charbuf, "Client ports.").dec();
        Sports = field("fdlist.sports", Charbuf, "Server ports.").dec();
    }
}
