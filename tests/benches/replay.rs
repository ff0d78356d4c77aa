//! What each stage of a replay costs an event, in time and in heap allocations.
//!
//! `CAPTURE=FILE RULES=FILE:FILE cargo bench -p tests` takes a capture and rules files of one's own.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark")]

use std::{env, fs, hint::black_box, path::PathBuf};

use allocation_counter::measure;
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use event::{
    capture::{Reader, Record},
    convert::Converter,
};
use falco_compat::rules::Rule;
use host::{Host, HostConfig};
use tests::pipeline::{Pipeline, own_rules, plain, rules};

/// Copies of our own capture, which is short.
const COPIES: usize = 1000;

fn capture() -> Vec<u8> {
    match env::var_os("CAPTURE") {
        Some(path) => plain(&PathBuf::from(path)),
        None => include_bytes!("../../examples/web-shell.scap").repeat(COPIES),
    }
}

fn files() -> Vec<(String, String)> {
    let Some(paths) = env::var_os("RULES") else { return own_rules() };
    env::split_paths(&paths)
        .map(|path| (path.display().to_string(), fs::read_to_string(path).unwrap()))
        .collect()
}

/// Reads every record; how many are events.
fn read(capture: &[u8], mut visit: impl FnMut(&Record<'_>)) -> u64 {
    let mut reader = Reader::new(capture).unwrap();
    let mut events = 0;
    loop {
        let next = reader.next().unwrap();
        let Some(record) = &next else { return events };
        events += u64::from(matches!(record, Record::Event(_)));
        visit(record);
    }
}

fn read_and_convert(capture: &[u8]) -> u64 {
    let mut converter = Converter::new();
    read(capture, |record| {
        if let Record::Event(event) = record {
            black_box(converter.passes(event) || converter.convert(*event).is_ok());
        }
    })
}

/// Everything but the rules.
fn follow(capture: &[u8], host: &mut Host) -> u64 {
    let mut converter = Converter::new();
    read(capture, |record| match record {
        Record::Event(event) if converter.passes(event) => {
            black_box(host.on_event(event));
        }
        Record::Event(event) => {
            let event = converter.convert(*event).unwrap().event();
            black_box(event.map(|event| host.on_event(&event)));
        }
        record => host.load(record),
    })
}

/// What a second pass allocates, the host and all buffers being as the first has left them.
fn report_allocations(capture: &[u8], rules: &[Rule]) {
    let mut pipeline = Pipeline::new(rules);
    pipeline.capture(capture);
    // The host knows from the first pass what is not an event.
    let mut events = 0;
    let total = measure(|| {
        events = read(capture, |record| {
            if let Record::Event(event) = record {
                black_box(pipeline.event(event));
            }
        });
    });
    println!(
        "second pass: {events} events, {} allocations of {} bytes, those of opening the capture among them",
        total.count_total, total.bytes_total
    );
}

fn benches(criterion: &mut Criterion) {
    let (capture, files) = (capture(), files());
    let ruleset = rules(&files);
    report_allocations(&capture, &ruleset);

    let mut group = criterion.benchmark_group("replay");
    group.sample_size(10).throughput(Throughput::Elements(read(&capture, |_| {})));
    group.bench_function("read", |bencher| {
        bencher.iter(|| {
            read(black_box(&capture), |record| {
                black_box(record);
            })
        });
    });
    group.bench_function("read, convert", |bencher| {
        bencher.iter(|| read_and_convert(black_box(&capture)));
    });
    group.bench_function("read, convert, host", |bencher| {
        let host = || Host::new(&HostConfig::default());
        let routine = |mut host: Host| follow(black_box(&capture), &mut host);
        bencher.iter_batched(host, routine, BatchSize::LargeInput);
    });
    group.bench_function("read, convert, host, rules", |bencher| {
        let pipeline = || Pipeline::new(&ruleset);
        let routine = |mut pipeline: Pipeline| pipeline.capture(black_box(&capture));
        bencher.iter_batched(pipeline, routine, BatchSize::LargeInput);
    });
    group.finish();

    let mut group = criterion.benchmark_group("start");
    group.sample_size(10);
    group.bench_function("load rules", |bencher| bencher.iter(|| rules(black_box(&files))));
    group.bench_function("compile engine", |bencher| {
        bencher.iter(|| Pipeline::new(black_box(&ruleset)));
    });
    group.finish();
}

criterion_group!(replay_benches, benches);
criterion_main!(replay_benches);
