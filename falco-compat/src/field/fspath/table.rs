//! The rows of class `fs.path`.

use crate::field::definition::{field, fields};
use crate::value::ValueType::Charbuf;

fields! {
    /// A field of class `fs.path`.
    FsPathField in FsPath {
        Name = field("fs.path.name", Charbuf,
            "Path operated on, resolved against cwd/dirfd; for two-path calls the “main” path.");
        Nameraw = field("fs.path.nameraw", Charbuf, "As passed.");
        Source = field("fs.path.source", Charbuf, "Source path (rename, link, symlink…).");
        Sourceraw = field("fs.path.sourceraw", Charbuf, "As passed.");
        Target = field("fs.path.target", Charbuf, "Target path.");
        Targetraw = field("fs.path.targetraw", Charbuf, "As passed.");
    }
}
