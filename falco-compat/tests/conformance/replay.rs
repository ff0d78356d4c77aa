//! Replays a capture through reader, converter and host.

use std::path::{Path, PathBuf};

use bumpalo::Bump;
use event::{
    capture::{Reader, Record},
    convert::Converter,
};
use falco_compat::field::{Agent, Context};
use host::{Host, HostConfig, Verdict};

/// Folder of Falco's answers; `None`, said aloud, when it is not on this machine.
pub(crate) fn shared() -> Option<PathBuf> {
    let root = std::env::var_os("INNERWARDEN_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared"), PathBuf::from);
    let folder = root.join("conformance");
    let found = folder.is_dir().then_some(folder);
    if found.is_none() {
        println!("SKIPPED: no conformance data at {}", root.display());
    }
    found
}

/// Calls `visit` for every event of `capture` that rules may look at.
pub(crate) fn replay(capture: &Path, visit: &mut dyn FnMut(&Context<'_>)) {
    let mut reader = Reader::open(capture).unwrap();
    let mut converter = Converter::new();
    let mut host = Host::new(&HostConfig::default());
    let mut arena = Bump::new();
    let agent = Agent::default();
    while let Some(record) = reader.next().unwrap() {
        let Record::Event(event) = record else {
            host.load(&record);
            continue;
        };
        let Some(event) = converter.convert(event).unwrap().event() else { continue };
        if host.on_event(&event) == Verdict::Deliver {
            visit(&Context::new(&event, &host, &arena, &agent));
        }
        arena.reset();
    }
}
