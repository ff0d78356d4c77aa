//! What is written reads back as it was, and other programs read it too.

use std::{fs, io::Read, path::Path, process::Command};

use event::capture::{FdDetail, Reader, Record, Writer};

use crate::shared;

/// The capture at `path`, written anew.
fn rewrite(path: &Path, mut writer: Writer<Vec<u8>>) -> Vec<u8> {
    let mut reader = Reader::open(path).unwrap();
    while let Some(record) = reader.next().unwrap() {
        writer.write(&record).unwrap();
    }
    writer.finish().unwrap()
}

/// What a record says, without how it lay in the file; `None` for what writers leave out.
fn meaning(record: &Record<'_>) -> Option<String> {
    match record {
        Record::Event(event) => Some(format!("{} {} {:?}", event.cpu, event.flags, event.bytes())),
        Record::Fd(fd) if fd.detail == FdDetail::Nothing => None,
        other => Some(format!("{other:?}")),
    }
}

/// The meaning of the next record that has one.
fn next_meaning<R: Read>(reader: &mut Reader<R>) -> Option<String> {
    while let Some(record) = reader.next().unwrap() {
        if let Some(meaning) = meaning(&record) {
            return Some(meaning);
        }
    }
    None
}

#[track_caller]
fn check_same(path: &Path, rewritten: &[u8]) {
    let mut original = Reader::open(path).unwrap();
    let mut rewritten = Reader::new(rewritten).unwrap();
    loop {
        let (left, right) = (next_meaning(&mut original), next_meaning(&mut rewritten));
        assert_eq!(left, right, "{} at byte {}", path.display(), original.offset());
        if left.is_none() {
            return;
        }
    }
}

#[test]
fn rewritten_captures_say_the_same() {
    let Some(captures) = shared::captures() else { return };
    // The two large ones say nothing new and take most of the time.
    let small = |path: &&std::path::PathBuf| fs::metadata(path).unwrap().len() < 1_000_000;
    for path in captures.iter().filter(small) {
        check_same(path, &rewrite(path, Writer::plain(Vec::new())));
        check_same(path, &rewrite(path, Writer::gzip(Vec::new())));
    }
}

#[test]
fn rewriting_twice_changes_no_byte() {
    let Some(captures) = shared::captures() else { return };
    for path in captures.iter().filter(|it| shared::name(it).starts_with("falco__")) {
        let once = rewrite(path, Writer::plain(Vec::new()));
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), &once).unwrap();
        assert!(rewrite(file.path(), Writer::plain(Vec::new())) == once, "{}", path.display());
    }
}

/// Number and type of the events that sysdig finds in the capture at `path`.
fn sysdig(path: &Path) -> Vec<u8> {
    let output = Command::new("sysdig")
        .args(["-r".as_ref(), path.as_os_str()])
        .args(["-p", "%evt.num %evt.rawtime %evt.dir %evt.type %thread.tid %proc.name %fd.name"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

#[test]
fn sysdig_reads_the_same_from_rewritten_captures() {
    let Some(captures) = shared::captures() else { return };
    if Command::new("sysdig").arg("--version").output().is_err() {
        #[expect(clippy::print_stderr, reason = "the skip has to be seen")]
        {
            eprintln!("skipped: sysdig is not installed (Debian package sysdig)");
        }
        return;
    }
    let mut bytes = 0;
    for path in &captures {
        let name = shared::name(path);
        if name == "libs__curl_google_comments.scap" {
            // sysdig 0.29 does not know options in section headers.
            continue;
        }
        if !(name.starts_with("falco__") || name.starts_with("libs__") || name == "s1.scap") {
            continue;
        }
        let file = tempfile::Builder::new().suffix(".scap").tempfile().unwrap();
        fs::write(file.path(), rewrite(path, Writer::gzip(Vec::new()))).unwrap();
        let (original, rewritten) = (sysdig(path), sysdig(file.path()));
        assert!(original == rewritten, "{name} reads differently");
        bytes += original.len();
    }
    assert!(bytes > 50_000, "sysdig printed only {bytes} bytes");
}
