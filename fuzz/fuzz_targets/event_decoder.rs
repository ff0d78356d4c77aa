//! Any bytes as a chain of events: decode, look at every parameter, convert, encode and decode again.

#![no_main]

use event::{Event, convert::Converter, encode::Encoder};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut converter = Converter::new();
    let mut rest = bytes;
    while let Ok(event) = Event::decode(rest, 0, 0) {
        look(&event);
        if let Ok(converted) = converter.convert(event)
            && let Some(converted) = converted.event()
        {
            look(&converted);
        }
        rest = rest.get(event.bytes().len()..).unwrap_or_default();
    }
});

fn look(event: &Event<'_>) {
    let params: Vec<&[u8]> = (0..event.param_count()).map(|index| event.param(index)).collect();
    for index in 0..=event.param_count() {
        let _ = (event.text(index), event.int(index), event.uint(index), event.u32(index));
    }
    let mut encoder = Encoder::new();
    if let Ok(again) = encoder.encode_bytes(event.kind, event.time_ns, event.tid, &params) {
        assert_eq!(again.param_count(), params.len());
        for (index, param) in params.iter().enumerate() {
            assert_eq!(again.param(index), *param);
        }
    }
}
