//! How fast a plain capture is read and converted. `CAPTURE=FILE cargo bench -p event` takes a file of one's own.

#![expect(clippy::unwrap_used, reason = "a benchmark")]

use std::{env, fs, hint::black_box, io::Read as _};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use event::{
    capture::{Reader, Record},
    convert::Converter,
};
use flate2::read::MultiGzDecoder;

/// The capture to read, plain: many times the one in `tests/data` if there is no other.
fn capture() -> Vec<u8> {
    let Some(path) = env::var_os("CAPTURE") else {
        return include_bytes!("../tests/data/web-shell.scap").repeat(10_000);
    };
    let bytes = fs::read(path).unwrap();
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return bytes;
    }
    let mut plain = Vec::new();
    MultiGzDecoder::new(&bytes[..]).read_to_end(&mut plain).unwrap();
    plain
}

fn read(capture: &[u8]) -> u64 {
    let mut reader = Reader::new(capture).unwrap();
    let mut events = 0;
    while let Some(record) = reader.next().unwrap() {
        if let Record::Event(event) = record {
            black_box(event.param(0));
            events += 1;
        }
    }
    events
}

fn convert(capture: &[u8]) -> u64 {
    let mut reader = Reader::new(capture).unwrap();
    let mut converter = Converter::new();
    let mut events = 0;
    while let Some(record) = reader.next().unwrap() {
        if let Record::Event(event) = record {
            events += u64::from(converter.convert(event).unwrap().event().is_some());
        }
    }
    events
}

fn benches(criterion: &mut Criterion) {
    let capture = capture();
    let mut group = criterion.benchmark_group("capture");
    group.throughput(Throughput::Elements(read(&capture)));
    group.bench_function("read", |bencher| bencher.iter(|| read(black_box(&capture))));
    group.bench_function("convert", |bencher| bencher.iter(|| convert(black_box(&capture))));
    group.finish();
}

criterion_group!(capture_benches, benches);
criterion_main!(capture_benches);
