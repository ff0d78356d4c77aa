//! Tests of the encoder.

use std::net::{Ipv4Addr, SocketAddrV4};

use proptest::prelude::*;

use super::*;

/// Encodes one event and compares its parameters.
#[track_caller]
fn check(kind: EventType, params: &[Param<'_>], expected: &[&[u8]]) {
    let mut encoder = Encoder::new();
    let event = encoder.encode(kind, 3, 4, params).unwrap();
    assert_eq!((event.kind, event.time_ns, event.tid), (kind, 3, 4));
    let params: Vec<_> = (0..event.param_count()).map(|index| event.param(index)).collect();
    assert_eq!(params, expected);
}

#[test]
fn numbers_have_the_size_of_their_parameter() {
    let params = [Param::Int(-2), Param::Int(3)];
    let minus_two = (-2i64).to_le_bytes();
    check(EventType::CloseX, &params, &[&minus_two, &[3, 0, 0, 0, 0, 0, 0, 0]]);
    check(
        EventType::SetuidX,
        &[Param::Int(0), Param::Uint(u64::from(u32::MAX))],
        &[&[0; 8], &[255; 4]],
    );
}

#[test]
fn parameters_left_out_are_empty() {
    check(EventType::CloseX, &[Param::Int(0)], &[&[0; 8], &[]]);
}

#[test]
fn text_is_ended_by_nul_but_not_in_buffers() {
    let open = [Param::Int(3), Param::Text(b"/etc/passwd")];
    check(
        EventType::OpenX,
        &open,
        &[&[3, 0, 0, 0, 0, 0, 0, 0], b"/etc/passwd\0", b"", b"", b"", b""],
    );
    let read = [Param::Int(2), Param::Text(b"ab")];
    check(EventType::ReadX, &read, &[&[2, 0, 0, 0, 0, 0, 0, 0], b"ab", b"", b""]);
}

#[test]
fn lists_end_every_string_by_nul() {
    let mut encoder = Encoder::new();
    let params = [Param::Int(0), Param::Text(b"sh"), Param::List(&[b"-c", b"id"])];
    let event = encoder.encode(EventType::ExecveV19X, 3, 4, &params).unwrap();
    assert_eq!(event.param(2), b"-c\0id\0");
    assert_eq!(event.param_count(), 31);
}

#[test]
fn addresses_are_network_order_and_ports_host_order() {
    let address = SocketAddrV4::new(Ipv4Addr::new(10, 0, 0, 1), 443);
    let mut encoder = Encoder::new();
    let params = [Param::Int(0), Param::TupleV4(address, address)];
    let event = encoder.encode(EventType::ConnectX, 3, 4, &params).unwrap();
    assert_eq!(event.param(1), &[2, 10, 0, 0, 1, 187, 1, 10, 0, 0, 1, 187, 1]);
    let params = [Param::Int(0), Param::AddressUnix(b"/run/x")];
    let event = encoder.encode(EventType::BindX, 3, 4, &params).unwrap();
    assert_eq!(event.param(1), b"\x01/run/x\0");
}

#[test]
fn lengths_of_large_events_have_four_bytes() {
    let long = vec![b'x'; 100_000];
    let mut encoder = Encoder::new();
    let params = [Param::Uint(0), Param::Text(b"container"), Param::Raw(&long)];
    let event = encoder.encode(EventType::AsynceventE, 3, 4, &params).unwrap();
    assert_eq!(event.param(2).len(), 100_000);
}

/// Encodes one event and compares the error.
#[track_caller]
fn check_err(kind: EventType, params: &[Param<'_>], expected: &EncodeError) {
    assert_eq!(&Encoder::new().encode(kind, 3, 4, params).unwrap_err(), expected);
}

#[test]
fn wrong_values_are_refused() {
    let kind = EventType::SetuidX;
    let wrong = EncodeError::WrongValue { kind, index: 1 };
    check_err(kind, &[Param::Int(0), Param::Int(1 << 32)], &wrong);
    check_err(kind, &[Param::Int(0), Param::Int(-1)], &wrong);
    check_err(kind, &[Param::Int(0), Param::Text(b"root")], &wrong);
    let kind = EventType::OpenX;
    let wrong = EncodeError::WrongValue { kind, index: 1 };
    check_err(kind, &[Param::Int(0), Param::Text(b"a\0b")], &wrong);
}

#[test]
fn too_many_parameters_are_refused() {
    let kind = EventType::CloseX;
    check_err(kind, &[Param::Empty; 3], &EncodeError::TooManyParams { kind, given: 3, most: 2 });
}

#[test]
fn too_long_parameters_are_refused() {
    let kind = EventType::ReadX;
    let long = vec![0; 65_536];
    let expected = EncodeError::TooLong { kind, index: 1 };
    check_err(kind, &[Param::Int(0), Param::Raw(&long)], &expected);
}

proptest! {
    #[test]
    fn decoding_gives_back_what_was_encoded(
        code in 0..u16::try_from(EventType::COUNT).unwrap(),
        time_ns: u64,
        tid: i64,
        params in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..200), 0..=MAX_PARAMS),
    ) {
        let kind = EventType::from_code(code).unwrap();
        let slices: Vec<&[u8]> = params.iter().map(Vec::as_slice).collect();
        let mut encoder = Encoder::new();
        let event = encoder.encode_bytes(kind, time_ns, tid, &slices).unwrap();
        prop_assert_eq!((event.kind, event.time_ns, event.tid), (kind, time_ns, tid));
        prop_assert_eq!(event.param_count(), slices.len());
        for (index, expected) in slices.iter().enumerate() {
            prop_assert_eq!(event.param(index), *expected);
        }
        let again = Event::decode(event.bytes(), event.cpu, event.flags).unwrap();
        prop_assert_eq!(again.bytes(), event.bytes());
    }
}
