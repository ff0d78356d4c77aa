//! Sockets of 32-bit programs: narrow structs, and calls by way of `socketcall`.

use std::{
    net::{SocketAddr, UdpSocket},
    os::fd::{AsRawFd, OwnedFd},
};

use nix::sys::socket::{AddressFamily, SockFlag, SockType, bind, socket};

use crate::{
    address::{storage, tuple},
    harness::Seen,
    raw::{Raw, has_compat_calls},
};

/// A socket that the program inherits, a server that waits for it, and both addresses.
fn ends() -> (OwnedFd, UdpSocket, SocketAddr, SocketAddr) {
    let server = UdpSocket::bind("127.0.0.1:0").unwrap();
    let to = server.local_addr().unwrap();
    let client = socket(AddressFamily::Inet, SockType::Datagram, SockFlag::empty(), None).unwrap();
    let any: SocketAddr = "127.0.0.1:0".parse().unwrap();
    bind(client.as_raw_fd(), &storage(any)).unwrap();
    let from = UdpSocket::from(client.try_clone().unwrap()).local_addr().unwrap();
    (client, server, from, to)
}

fn place_address(raw: &mut Raw, to: SocketAddr) -> u64 {
    let mut bytes = b"\x02\0".to_vec();
    bytes.extend(to.port().to_be_bytes());
    bytes.extend([127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
    raw.place(&bytes)
}

fn number(fd: &OwnedFd) -> u64 {
    u64::try_from(fd.as_raw_fd()).unwrap()
}

#[track_caller]
fn check_data(event: &Seen, data: &[u8], tuple: &[u8]) {
    let length = i64::try_from(data.len()).unwrap();
    assert_eq!(["res", "size"].map(|name| event.number(name)), [length; 2], "{}", event.show());
    assert_eq!(event.bytes("data"), data, "{}", event.show());
    assert_eq!(event.bytes("tuple"), tuple, "{}", event.show());
}

#[test]
fn messages_have_narrow_headers() {
    if !has_compat_calls() {
        return;
    }
    let (client, _server, from, to) = ends();
    let fd = number(&client);
    let mut raw = Raw::new();
    let address = place_address(&mut raw, to);
    let (one, two) = (raw.place(b"one"), raw.place(b"two"));
    let buffers = raw.place_u32(&[one, 3, two, 3]);
    let header = raw.place_u32(&[address, 16, buffers, 2, 0, 0, 0]);
    raw.compat_call("sendmsg", &[fd, header, 0]);
    let single = [address, 16, buffers, 1, 0, 0, 0, 0];
    let both = [address, 16, buffers, 2, 0, 0, 0, 0];
    let headers = raw.place_u32(&[single, both].concat());
    raw.compat_call("sendmmsg", &[fd, headers, 2, 0]);
    let Some(seen) = raw.record(&["sendmsg", "sendmmsg"]) else { return };

    let [message, one, two] = &seen[..] else { panic!("{seen:?}") };
    check_data(message, b"onetwo", &tuple(from, to));
    check_data(one, b"one", &tuple(from, to));
    check_data(two, b"onetwo", &tuple(from, to));
}

#[test]
fn received_messages_have_narrow_headers() {
    if !has_compat_calls() {
        return;
    }
    let (client, server, from, to) = ends();
    for _ in 0..2 {
        server.send_to(b"answer", from).unwrap();
    }
    let mut raw = Raw::new();
    let room = raw.place(&[0; 16]);
    let name = raw.place(&[0; 16]);
    let buffers = raw.place_u32(&[room, 16]);
    let header = raw.place_u32(&[name, 16, buffers, 1, 0, 0, 0]);
    raw.compat_call("recvmsg", &[number(&client), header, 0]);
    let headers = raw.place_u32(&[name, 16, buffers, 1, 0, 0, 0, 0]);
    raw.compat_call("recvmmsg", &[number(&client), headers, 1, 0, 0]);
    let Some(seen) = raw.record(&["recvmsg", "recvmmsg"]) else { return };

    let [one, two] = &seen[..] else { panic!("{seen:?}") };
    check_data(one, b"answer", &tuple(to, from));
    check_data(two, b"answer", &tuple(to, from));
}

/// Numbers within `socketcall`: `include/uapi/linux/net.h`.
const SOCKET: u64 = 1;
const CONNECT: u64 = 3;
const SEND: u64 = 9;
const RECV: u64 = 10;
const SENDTO: u64 = 11;
const SETSOCKOPT: u64 = 14;

#[test]
fn socketcall_is_the_call_that_it_makes() {
    if !has_compat_calls() {
        return;
    }
    let (client, server, from, to) = ends();
    let fd = number(&client);
    server.send_to(b"answer", from).unwrap();
    let mut raw = Raw::new();
    let address = place_address(&mut raw, to);
    let text = raw.place(b"hello");
    let room = raw.place(&[0; 16]);
    for (call, args) in [
        (SOCKET, vec![1, 1, 0]),
        (RECV, vec![fd, room, 16, 0]),
        (SENDTO, vec![fd, text, 5, 0, address, 16]),
        (CONNECT, vec![fd, address, 16]),
        (SEND, vec![fd, text, 5, 0]),
    ] {
        let args = raw.place_u32(&args);
        raw.compat_call("socketcall", &[call, args]);
    }
    let Some(seen) = raw.record(&["socket", "recv", "sendto", "connect", "send"]) else { return };

    let [socket, recv, sendto, connect, send] = &seen[..] else { panic!("{seen:?}") };
    let shown = socket.show();
    assert!(shown.starts_with("SocketX fd="), "{shown}");
    assert!(shown.ends_with("domain=1 type=1 proto=0 flags=0"), "{shown}");
    assert_eq!(recv.number("res"), 6);
    assert_eq!(recv.number("size"), 16);
    assert_eq!(recv.bytes("data"), b"answer");
    let any: SocketAddr = "0.0.0.0:0".parse().unwrap();
    assert_eq!(recv.bytes("tuple"), tuple(any, from));
    check_data(sendto, b"hello", &tuple(from, to));
    assert_eq!(connect.bytes("tuple"), tuple(from, to), "{}", connect.show());
    check_data(send, b"hello", &tuple(from, to));
}

#[test]
fn timeouts_are_narrow() {
    if !has_compat_calls() {
        return;
    }
    let (client, _server, _, _) = ends();
    let fd = number(&client);
    let mut raw = Raw::new();
    let time = raw.place_u32(&[2, 5]);
    let args = raw.place_u32(&[fd, 1, 20, time, 8]);
    raw.compat_call("socketcall", &[SETSOCKOPT, args]);
    let Some(seen) = raw.record(&["setsockopt"]) else { return };

    let [event] = &seen[..] else { panic!("{seen:?}") };
    let value = [&b"\x04"[..], &2_000_005_000_u64.to_le_bytes()].concat();
    assert_eq!(event.bytes("val"), value, "{}", event.show());
    assert_eq!(event.number("res"), 0);
}
