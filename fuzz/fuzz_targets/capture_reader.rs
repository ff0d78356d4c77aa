//! Any bytes as a capture: read it to its end; what can be read can be written and reads the same again.

#![no_main]

use event::{
    capture::{FdDetail, Reader, Record, WriteError, Writer},
    convert::Converter,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(mut reader) = Reader::new(bytes) else { return };
    let mut converter = Converter::new();
    let mut writer = Writer::plain(Vec::new());
    let mut said = Vec::new();
    while let Ok(Some(record)) = reader.next() {
        match writer.write(&record) {
            Ok(()) => said.extend(meaning(&record)),
            // A section without events cannot be written, a huge event neither.
            Err(WriteError::NoEvents | WriteError::EventTooLong(_)) => return,
            Err(error) => panic!("{error}"),
        }
        match record {
            Record::Section => converter.clear(),
            Record::Event(event) => {
                let _ = converter.convert(event);
            }
            _ => {}
        }
    }
    assert!(matches!(reader.next(), Ok(None)));
    let Ok(written) = writer.finish() else { return };
    let mut reader = Reader::new(&written[..]).expect("memory is readable");
    let mut again = Vec::new();
    while let Some(record) = reader.next().expect("what was written is readable") {
        again.extend(meaning(&record));
    }
    assert_eq!(said, again);
});

/// What a record says; `None` for what writers change.
fn meaning(record: &Record<'_>) -> Option<String> {
    match record {
        Record::Event(event) => Some(format!("{} {} {:?}", event.cpu, event.flags, event.bytes())),
        Record::Fd(fd) if matches!(fd.detail, FdDetail::Nothing | FdDetail::Unrecognized) => None,
        Record::Fd(fd) if fd.kind == 10 => None,
        Record::Thread(thread) if thread.cwd.is_empty() => None,
        Record::Thread(thread) if thread.cwd == b"/" => None,
        other => Some(format!("{other:?}")),
    }
}
