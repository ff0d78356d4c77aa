//! Calls on files and file descriptors, one line each: what is called and the event that it makes.

mod descriptors;
mod memory;
mod names;
mod opening;
mod overlay;
mod transfer;

use std::{fs, os::linux::fs::MetadataExt, path::Path};

use event::EventType;
use nix::sys::statfs::{OVERLAYFS_SUPER_MAGIC, statfs};

use crate::{
    harness::record_all,
    program::{Interface, Invocation, run},
};

/// An address that no program has.
const NOWHERE: i64 = 1;

/// A call, and its event as `Seen::show` has it; empty: not looked at.
pub(crate) type Line<'a> = (Invocation, &'a str);

/// Runs the calls in a new directory with a `file` of seven bytes, and compares their events. Calls that the
/// architecture does not have are left out. For placeholders see [`fill_in`].
#[track_caller]
pub(crate) fn check(interface: Interface, lines: &[Line<'_>]) {
    check_in(tempfile::tempdir().unwrap().path(), interface, lines);
}

#[track_caller]
fn check_in(directory: &Path, interface: Interface, lines: &[Line<'_>]) {
    let lines = lines.iter().filter(|(call, _)| interface.number(call.name).is_some());
    let calls: Vec<_> = lines.clone().map(|(call, _)| call.clone()).collect();
    let lines: Vec<_> = lines.filter(|(_, text)| !text.is_empty()).collect();
    let names: Vec<_> = lines.iter().map(|(call, _)| call.name).collect();
    let of_names = calls.iter().filter(|call| names.contains(&call.name)).count();
    assert_eq!(of_names, lines.len(), "events of all calls of a name are looked at, or of none");
    fs::write(directory.join("file"), "content").unwrap();
    let mut pid = 0;
    let action = || pid = run(interface, &calls, directory);
    // Calls of 32-bit programs that succeed others are wanted by the names of those.
    let wanted: Vec<_> = names.iter().map(|it| it.strip_suffix("32").unwrap_or(it)).collect();
    let Some(mut seen) = record_all(&wanted, action) else { return };

    seen.retain(|it| it.tid == pid && it.kind != EventType::ProcexitV1E);
    // What came before is how the program was started.
    let found = seen.get(seen.len().saturating_sub(lines.len())..).unwrap_or_default();
    for (index, (_, text)) in lines.iter().enumerate() {
        let shown = found.get(index).map(crate::harness::Seen::show);
        let mut expected = fill_in(text, directory);
        if shown.as_ref().is_some_and(|it| it.contains("name=- ")) {
            // Of an empty text some kernels copy nothing, not even its end.
            expected = expected.replace("name={empty}", "name=-");
        }
        assert_eq!(shown, Some(expected.replace("{empty}", r#""\x00""#)), "{found:#?}");
    }
}

/// Replaces `{dev}` by the device of the directory, `{ino:name}` by the inode number of what is left in it, and adds
/// to the number of `{upper:number}` the bit that files of an overlay have.
fn fill_in(text: &str, directory: &Path) -> String {
    let mut text = text.replace("{dev}", &fs::metadata(directory).unwrap().st_dev().to_string());
    for entry in fs::read_dir(directory).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let inode = fs::symlink_metadata(directory.join(&name)).unwrap().st_ino();
        text = text.replace(&format!("{{ino:{name}}}"), &inode.to_string());
    }
    if let Some((before, rest)) = text.split_once("{upper:") {
        let (number, after) = rest.split_once('}').unwrap();
        let overlay = statfs(directory).unwrap().filesystem_type() == OVERLAYFS_SUPER_MAGIC;
        let number = number.parse::<u32>().unwrap() + if overlay { 1 << 15 } else { 0 };
        text = format!("{before}{number}{after}");
    }
    text
}
