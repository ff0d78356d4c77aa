//! `setsockopt` and `getsockopt`.

use std::{
    net::{TcpStream, UdpSocket},
    os::{fd::AsRawFd, unix::net::UnixStream},
    time::Duration,
};

use nix::sys::{
    socket::{GetSockOpt, SetSockOpt, getsockopt, setsockopt, sockopt},
    time::{TimeVal, TimeValLike},
};

use crate::harness::{Seen, record};

/// What an event says: result, level, name, the value with its kind before it, length.
#[track_caller]
fn check(event: &Seen, fd: &impl AsRawFd, numbers: [i64; 3], value: &[u8], length: i64) {
    assert_eq!(event.number("fd"), i64::from(fd.as_raw_fd()));
    let got = ["res", "level", "optname"].map(|name| event.number(name));
    assert_eq!(got, numbers, "{}", event.show());
    assert_eq!(event.bytes("val"), value, "{}", event.show());
    assert_eq!(event.number("optlen"), length);
}

#[track_caller]
fn record_set<O: SetSockOpt>(socket: &UdpSocket, option: O, value: &O::Val) -> Option<Seen> {
    let seen = record(&["setsockopt"], || _ = setsockopt(socket, option, value))?;
    let [event] = &seen[..] else { panic!("{seen:?}") };
    Some(event.clone())
}

#[track_caller]
fn record_get<O: GetSockOpt>(socket: &UdpSocket, option: O) -> Option<Seen> {
    let seen = record(&["getsockopt"], || drop(getsockopt(socket, option)))?;
    let [event] = &seen[..] else { panic!("{seen:?}") };
    Some(event.clone())
}

fn udp() -> UdpSocket {
    UdpSocket::bind("127.0.0.1:0").unwrap()
}

#[test]
fn numbers_are_four_bytes() {
    let socket = udp();
    let Some(event) = record_set(&socket, sockopt::ReuseAddr, &true) else { return };
    check(&event, &socket, [0, 1, 2], b"\x02\x01\0\0\0", 4);
    let Some(event) = record_set(&socket, sockopt::RcvBuf, &70_000) else { return };
    check(&event, &socket, [0, 1, 8], b"\x02\x70\x11\x01\0", 4);
    let Some(event) = record_get(&socket, sockopt::SockType) else { return };
    check(&event, &socket, [0, 1, 3], b"\x02\x02\0\0\0", 4);
}

#[test]
fn errors_are_negative() {
    let socket = udp();
    let Some(event) = record_get(&socket, sockopt::SocketError) else { return };
    check(&event, &socket, [0, 1, 4], b"\x01\0\0\0\0\0\0\0\0", 4);

    let server = udp();
    socket.connect(server.local_addr().unwrap()).unwrap();
    drop(server);
    socket.send(b"x").unwrap();
    let Some(event) = record_get(&socket, sockopt::SocketError) else { return };
    let refused = [&b"\x01"[..], &(-111_i64).to_le_bytes()].concat();
    check(&event, &socket, [0, 1, 4], &refused, 4);
}

#[test]
fn times_are_nanoseconds() {
    let socket = udp();
    let time = TimeVal::milliseconds(1500);
    let Some(event) = record_set(&socket, sockopt::ReceiveTimeout, &time) else { return };
    let value = [&b"\x04"[..], &1_500_000_000_u64.to_le_bytes()].concat();
    check(&event, &socket, [0, 1, 20], &value, 16);
    let Some(event) = record_get(&socket, sockopt::SendTimeout) else { return };
    check(&event, &socket, [0, 1, 21], b"\x04\0\0\0\0\0\0\0\0", 16);
}

#[test]
fn other_values_are_bytes() {
    let stream = UnixStream::pair().unwrap().0;
    let action = || _ = getsockopt(&stream, sockopt::PeerCredentials).unwrap();
    let Some(seen) = record(&["getsockopt"], action) else { return };
    let [event] = &seen[..] else { panic!("{seen:?}") };
    let mut value = vec![0];
    value.extend(std::process::id().to_le_bytes());
    value.extend([0; 8]);
    check(event, &stream, [0, 1, 17], &value, 12);
}

#[test]
fn other_levels_have_no_names() {
    let server = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let stream = TcpStream::connect(server.local_addr().unwrap()).unwrap();
    let action = || {
        stream.set_nodelay(true).unwrap();
        stream.set_ttl(9).unwrap();
    };
    let Some(seen) = record(&["setsockopt"], action) else { return };
    let [tcp, ip] = &seen[..] else { panic!("{seen:?}") };
    check(tcp, &stream, [0, 2, 0], b"\0\x01\0\0\0", 4);
    check(ip, &stream, [0, 0, 0], b"\0\x09\0\0\0", 4);
}

#[test]
fn failure_tells_what_was_asked_for() {
    let file = std::fs::File::open("/").unwrap();
    let action = || _ = setsockopt(&file, sockopt::KeepAlive, &true).unwrap_err();
    let Some(seen) = record(&["setsockopt"], action) else { return };
    let [event] = &seen[..] else { panic!("{seen:?}") };
    check(event, &file, [-88, 1, 9], b"\x02\x01\0\0\0", 4); // ENOTSOCK
}

#[test]
fn std_timeouts_are_seen() {
    let socket = udp();
    let action = || socket.set_write_timeout(Some(Duration::from_micros(2))).unwrap();
    let Some(seen) = record(&["setsockopt"], action) else { return };
    let [event] = &seen[..] else { panic!("{seen:?}") };
    check(event, &socket, [0, 1, 21], b"\x04\xd0\x07\0\0\0\0\0\0", 16);
}
