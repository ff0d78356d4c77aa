//! Decoding and rendering of addresses.

use proptest::prelude::*;

use super::*;

#[track_caller]
fn check_tuple(bytes: &[u8], expected: &str) {
    let tuple = SocketTuple::decode(bytes).expect("a whole tuple");
    let mut out = Vec::new();
    render_tuple(&tuple, &mut out);
    assert_eq!(String::from_utf8_lossy(&out), expected);
}

#[track_caller]
fn check_ipv6(text: &str, expected: &str) {
    let mut out = Vec::new();
    render_ipv6_server(text.parse().expect("an address"), 80, &mut out);
    assert_eq!(String::from_utf8_lossy(&out), expected);
}

#[test]
fn tuples_print_as_falco_does() {
    check_tuple(&[2, 10, 0, 0, 1, 0x50, 0xC3, 10, 0, 0, 2, 80, 0], "10.0.0.1:50000->10.0.0.2:80");
    check_tuple(
        &[&[1, 0xAB, 0, 0, 0, 0, 0, 0, 0][..], &[0; 8], b"/run/x\0"].concat(),
        "ab->0 /run/x",
    );
    check_tuple(&[99, 1, 2], "family 99");
}

#[test]
fn mapped_ipv6_prints_as_ipv4() {
    let mapped = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 1, 2, 3, 4];
    check_tuple(&[&[10][..], &mapped, &[1, 0], &[0; 16], &[2, 0]].concat(), "1.2.3.4:1->0.0.0.0:2");
}

#[test]
fn ipv6_prints_like_inet_ntop() {
    check_ipv6("::", ":::80");
    check_ipv6("::1", "::1:80");
    check_ipv6("2001:db8::1", "2001:db8::1:80");
    check_ipv6("::ffff:1.2.3.4", "::ffff:1.2.3.4:80");
    check_ipv6("::102:304", "::1.2.3.4:80");
    check_ipv6("2001:0:0:1:0:0:0:1", "2001:0:0:1::1:80");
}

#[test]
fn short_addresses_are_none() {
    assert_eq!(SocketTuple::decode(&[]), None);
    assert_eq!(SocketTuple::decode(&[2, 1, 2, 3]), None);
    assert_eq!(SocketAddress::decode(&[1, b'x']), None);
    assert_eq!(SocketAddress::decode(&[1, b'x', 0]), Some(SocketAddress::Unix { path: b"x" }));
}

proptest! {
    #[test]
    fn any_bytes_decode_or_not(bytes in proptest::collection::vec(any::<u8>(), 0..48)) {
        let mut out = Vec::new();
        if let Some(tuple) = SocketTuple::decode(&bytes) {
            render_tuple(&tuple, &mut out);
        }
        if let Some(address) = SocketAddress::decode(&bytes) {
            render_address(&address, &mut out);
        }
    }
}
