//! A small capture of our own making: what this writer writes, this reader reads, today and later.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod scene;

use std::{env, fs, path::PathBuf};

use event::{
    capture::{Reader, Record},
    convert::Converter,
};
use expect_test::expect_file;

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/web-shell.scap")
}

/// Every record on a line, events after conversion; text is escaped.
fn describe(capture: &[u8]) -> String {
    let mut reader = Reader::new(capture).unwrap();
    let mut converter = Converter::new();
    let mut text = String::new();
    while let Some(record) = reader.next().unwrap() {
        let line = match record {
            Record::Section => "section".to_owned(),
            Record::Machine(it) => format!("machine {} {}", it.hostname.escape_ascii(), it.cpus),
            Record::Interface(it) => {
                format!("interface {} {:?}", it.name.escape_ascii(), it.address)
            }
            Record::User(it) => format!("user {} {}", it.uid, it.name.escape_ascii()),
            Record::Group(it) => format!("group {} {}", it.gid, it.name.escape_ascii()),
            Record::Thread(it) => {
                format!("thread {} of {}: {}", it.tid, it.ptid, it.exepath.escape_ascii())
            }
            Record::Fd(it) => format!("fd {} of {}: {:?}", it.fd, it.tid, it.detail),
            Record::Event(event) => match converter.convert(event).unwrap().event() {
                Some(event) => {
                    let infos = event.kind.info().params.iter().enumerate();
                    let params = infos.filter(|&(index, _)| !event.param(index).is_empty());
                    let params: Vec<_> = params
                        .map(|(index, it)| {
                            format!("{}={}", it.name, event.param(index).escape_ascii())
                        })
                        .collect();
                    format!("{} {:?} {}", event.tid, event.kind, params.join(" "))
                }
                None => format!("{} {:?} kept", event.tid, event.kind),
            },
        };
        text.push_str(&line);
        text.push('\n');
    }
    text
}

#[test]
fn writer_still_writes_the_capture() {
    let written = scene::capture();
    if env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(path(), &written).unwrap();
    }
    assert!(written == fs::read(path()).unwrap(), "run with UPDATE_EXPECT=1 if that is intended");
}

#[test]
fn reader_still_reads_the_capture() {
    expect_file!["../data/web-shell.txt"].assert_eq(&describe(&fs::read(path()).unwrap()));
}
