//! Tests of the converter.

use super::*;
use crate::encode::Param;

/// Feeds `events` (type, thread, parameters) and compares what the last one became: type and parameters.
#[track_caller]
fn check(events: &[(EventType, i64, &[&[u8]])], expected: Option<(EventType, &[&[u8]])>) {
    let mut converter = Converter::new();
    let mut encoder = Encoder::new();
    let mut result = None;
    for &(kind, tid, params) in events {
        let event = encoder.encode_bytes(kind, 7, tid, params).unwrap();
        let delivered = converter.convert(event).unwrap().event();
        result = delivered.map(|event| {
            assert_eq!((event.time_ns, event.tid), (7, tid));
            let params = (0..event.param_count()).map(|index| event.param(index).to_vec());
            (event.kind, params.collect::<Vec<_>>())
        });
    }
    let expected = expected
        .map(|(kind, params)| (kind, params.iter().map(|it| it.to_vec()).collect::<Vec<_>>()));
    assert_eq!(result, expected);
}

const FD_3: &[u8] = &[3, 0, 0, 0, 0, 0, 0, 0];
const OK: &[u8] = &[0; 8];

#[test]
fn current_exit_event_passes() {
    let event = (EventType::CloseX, 1, &[OK, FD_3][..]);
    check(&[event], Some((EventType::CloseX, &[OK, FD_3])));
}

#[test]
fn enter_event_is_kept_for_the_exit_event_of_its_thread() {
    let enter = (EventType::CloseE, 1, &[FD_3][..]);
    check(&[enter], None);
    let exit = (EventType::CloseX, 1, &[OK][..]);
    check(&[enter, exit], Some((EventType::CloseX, &[OK, FD_3])));
}

#[test]
fn exit_event_of_another_thread_takes_the_default() {
    let enter = (EventType::CloseE, 1, &[FD_3][..]);
    let exit = (EventType::CloseX, 2, &[OK][..]);
    check(&[enter, exit], Some((EventType::CloseX, &[OK, &[0; 8]])));
}

#[test]
fn stored_event_serves_one_rule() {
    let address: &[u8] = &[2, 127, 0, 0, 1, 80, 0];
    let enter = (EventType::ConnectE, 1, &[FD_3, address][..]);
    let exit = (EventType::ConnectX, 1, &[OK, &[]][..]);
    check(&[enter, exit], Some((EventType::ConnectX, &[OK, &[], FD_3, &[]])));
}

#[test]
fn stored_event_serves_once() {
    let enter = (EventType::CloseE, 1, &[FD_3][..]);
    let exit = (EventType::CloseX, 1, &[OK][..]);
    check(&[enter, exit, exit], Some((EventType::CloseX, &[OK, &[0; 8]])));
}

#[test]
fn enter_event_of_another_call_counts_as_missing() {
    let enter = (EventType::SetuidE, 1, &[&[1, 0, 0, 0][..]][..]);
    let exit = (EventType::CloseX, 1, &[OK][..]);
    check(&[enter, exit], Some((EventType::CloseX, &[OK, &[0; 8]])));

    let mut converter = Converter::new();
    let mut encoder = Encoder::new();
    for (kind, tid, params) in [enter, exit] {
        converter.convert(encoder.encode_bytes(kind, 7, tid, params).unwrap()).unwrap();
    }
    assert_eq!(converter.counters(), ConvertCounters { evicted: 0, mismatched: 1 });
}

#[test]
fn old_execve_becomes_the_current_one() {
    let params = [OK, b"sh\0", b"-c\0", FD_3, FD_3, OK, b"/\0", OK];
    let empty = &[][..];
    let mut expected: Vec<&[u8]> = params.to_vec();
    expected.resize(31, empty);
    expected[30] = b"";
    check(&[(EventType::ExecveV8X, 1, &params)], Some((EventType::ExecveV19X, &expected)));
}

#[test]
fn filename_of_the_enter_event_reaches_the_exit_event() {
    let empty = &[][..];
    let enter = (EventType::ExecveV18E, 1, &[&b"/bin/sh\0"[..]][..]);
    let mut params = vec![empty; 17];
    params[0] = OK;
    let mut expected = vec![empty; 31];
    expected[0] = OK;
    expected[30] = b"/bin/sh\0";
    let exit = (EventType::ExecveV18X, 1, &params[..]);
    check(&[enter, exit], Some((EventType::ExecveV19X, &expected)));
}

#[test]
fn values_are_cut_to_the_size_of_their_parameter() {
    let enter = (EventType::BpfE, 1, &[FD_3][..]);
    let exit = (EventType::BpfX, 1, &[OK][..]);
    check(&[enter, exit], Some((EventType::BpfV2X, &[OK, &[3, 0, 0, 0]])));
}

#[test]
fn container_event_becomes_json() {
    let params: &[&[u8]] = &[b"abc\0", &[0, 0, 0, 0], b"web\0", b"nginx\0"];
    let json = &b"{\"id\":\"abc\",\"type\":0,\"name\":\"web\",\"image\":\"nginx\"}\0"[..];
    let expected = (EventType::ContainerJsonV2E, &[json][..]);
    check(&[(EventType::ContainerE, -1, params)], Some(expected));
}

#[test]
fn container_event_without_image_has_no_json() {
    let params: &[&[u8]] = &[b"abc\0", &[0, 0, 0, 0], b"web\0", b""];
    let expected = (EventType::ContainerJsonV2E, &[&[][..]][..]);
    check(&[(EventType::ContainerE, -1, params)], Some(expected));
}

#[test]
fn number_of_parameters_that_no_table_had_is_an_error() {
    let mut encoder = Encoder::new();
    let event = encoder.encode_bytes(EventType::CloseX, 7, 1, &[]).unwrap();
    let error = Converter::new().convert(event).unwrap_err();
    assert_eq!(error, ConvertError::NoRule { code: 5, params: 0 });
}

#[test]
fn stored_events_stay_bounded() {
    let mut converter = Converter::new();
    let mut encoder = Encoder::new();
    for tid in 0..200_000 {
        let event = encoder.encode(EventType::CloseE, 7, tid, &[Param::Int(3)]).unwrap();
        converter.convert(event).unwrap();
    }
    assert_eq!(converter.counters().evicted, 131_072);
}
