//! In steady state an event costs no heap allocation: not when it is read or converted, not in the state of the
//! host, not in the rules.
//!
//! A capture is replayed again and again without a new section, so that everything that grows with what
//! happens grows to its size: an fd's slot, for one, has room for the longest name that it ever had, and slots
//! change hands. Soon there must be a pass in which nothing grows.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use allocation_counter::measure;
use event::{
    EventType,
    capture::{Reader, Record},
};
use host::Verdict;
use tests::{
    conformance, official_rules,
    pipeline::{Pipeline, ask, own_rules, plain, rules},
};

/// Allocations by stage and event.
type Counts = BTreeMap<(&'static str, &'static str), u64>;

/// Passes by which everything has grown.
const PASSES: usize = 12;

/// What each event allocated in the last of [`PASSES`] passes over `capture`; nothing if there was a pass that
/// allocated nothing.
fn allocations(capture: &[u8], files: &[(String, String)]) -> Counts {
    let mut pipeline = Pipeline::new(&rules(files));
    pipeline.capture(capture);
    let mut passes = (1..PASSES).map(|_| pass(&mut pipeline, capture));
    let mut last = Counts::new();
    passes.find(|counts| {
        last.clone_from(counts);
        counts.is_empty()
    });
    last
}

/// Goes through the events of `capture` alone: the host is as the last pass left it.
fn pass(pipeline: &mut Pipeline, capture: &[u8]) -> Counts {
    let mut matches = 0;
    let mut counts = Counts::new();
    let mut reader = Reader::new(capture).unwrap();
    let mut count = |stage, name, count| {
        if count > 0 {
            *counts.entry((stage, name)).or_default() += count;
        }
    };
    loop {
        let mut read = None;
        let reading = &mut reader;
        let info = measure(|| read = reading.next().unwrap());
        let recorded = match &read {
            Some(Record::Event(event)) => event,
            Some(_) => continue,
            None => break,
        };
        let name = recorded.kind.info().name;
        count("reader", name, info.count_total);

        let Pipeline { converter, host, engine, arena, agent } = pipeline;
        let mut converted = None;
        let info = measure(|| converted = converter.convert(*recorded).unwrap().event());
        count("converter", name, info.count_total);
        let Some(event) = converted else { continue };

        let mut verdict = Verdict::Hide;
        let info = measure(|| verdict = host.on_event(&event));
        // What an event says of a container is kept for as long as the container runs.
        if event.kind != EventType::AsynceventE {
            count("host", name, info.count_total);
        }
        if verdict == Verdict::Hide {
            continue;
        }
        let info = measure(|| matches += ask(&event, host, engine, arena, agent));
        count("rules", name, info.count_total);
    }
    assert!(matches > 0, "rules match");
    counts
}

#[track_caller]
fn check(capture: &Path, files: &[(String, String)]) {
    let counts = allocations(&plain(capture), files);
    assert!(counts.is_empty(), "{}: {counts:#?}", capture.display());
}

fn own_capture() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/web-shell.scap")
}

#[test]
fn allocations_are_seen() {
    let info = measure(|| drop(std::hint::black_box(vec![0u8; 10])));
    assert_eq!(info.count_total, 1);
}

#[test]
fn events_of_our_own_capture_allocate_nothing() {
    check(&own_capture(), &own_rules());
}

#[test]
fn events_of_recorded_captures_allocate_nothing() {
    let Some(folder) = conformance("allocations") else { return };
    for name in ["dense-a", "perf-a"] {
        check(&folder.join(format!("captures/{name}.scap")), &official_rules());
    }
}
