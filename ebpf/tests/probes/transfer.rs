//! `sendto` and `recvfrom`; `send` and `recv` exist for 32-bit programs only.

use std::{
    net::{SocketAddr, TcpListener, TcpStream, UdpSocket},
    os::{fd::AsRawFd, unix::net::UnixDatagram},
};

use nix::sys::socket::{MsgFlags, UnixAddr, bind, recv, send, sendto};

use crate::{
    address::{storage, tuple, unix_ends, unix_tuple},
    harness::{Seen, record},
};

/// Falco's default.
const SNAPLEN: usize = 80;

#[track_caller]
fn record_one(call: &str, action: impl FnOnce()) -> Option<Seen> {
    let seen = record(&[call], action)?;
    let [event] = &seen[..] else { panic!("{seen:?}") };
    Some(event.clone())
}

#[track_caller]
fn check(event: &Seen, fd: &impl AsRawFd, numbers: [i64; 2], data: &[u8], tuple: &[u8]) {
    let [res, size] = numbers;
    assert_eq!(event.number("fd"), i64::from(fd.as_raw_fd()));
    assert_eq!([event.number("res"), event.number("size")], [res, size], "{}", event.show());
    assert_eq!(event.bytes("data"), data);
    assert_eq!(event.bytes("tuple"), tuple, "{}", event.show());
}

fn receiver(to: &str) -> (UdpSocket, SocketAddr) {
    let socket = UdpSocket::bind(to).unwrap();
    let address = socket.local_addr().unwrap();
    (socket, address)
}

fn any(like: SocketAddr) -> SocketAddr {
    if like.is_ipv4() { "0.0.0.0:0".parse().unwrap() } else { "[::]:0".parse().unwrap() }
}

#[test]
fn unconnected_datagrams_tell_the_named_receiver_and_the_sender() {
    for bound in ["127.0.0.1:0", "[::1]:0"] {
        let (server, to) = receiver(bound);
        let client = UdpSocket::bind(any(to)).unwrap();
        let from = SocketAddr::new(any(to).ip(), client.local_addr().unwrap().port());
        let action = || assert_eq!(client.send_to(b"hello", to).unwrap(), 5);
        let Some(event) = record_one("sendto", action) else { return };
        check(&event, &client, [5, 5], b"hello", &tuple(from, to));

        let mut seen_from = None;
        let action = || seen_from = Some(server.recv_from(&mut [0; 100]).unwrap().1);
        let Some(event) = record_one("recvfrom", action) else { return };
        check(&event, &server, [5, 100], b"hello", &tuple(seen_from.unwrap(), to));
    }
}

#[test]
fn connected_datagrams_tell_both_ends() {
    let (server, to) = receiver("127.0.0.1:0");
    let (client, from) = receiver("127.0.0.1:0");
    client.connect(to).unwrap();
    let Some(event) = record_one("sendto", || _ = client.send(b"").unwrap()) else { return };
    check(&event, &client, [0, 0], b"", &tuple(from, to));

    // Nobody asked for the address: the server's socket has no peer.
    let action = || _ = server.recv(&mut [0; 8]).unwrap();
    let Some(event) = record_one("recvfrom", action) else { return };
    check(&event, &server, [0, 8], b"", &tuple("0.0.0.0:0".parse().unwrap(), to));
}

#[test]
fn ipv4_receiver_of_an_ipv6_socket_is_mapped() {
    let (_server, to) = receiver("127.0.0.1:0");
    let client = UdpSocket::bind("[::]:0").unwrap();
    let from = SocketAddr::new(
        any(client.local_addr().unwrap()).ip(),
        client.local_addr().unwrap().port(),
    );
    let mapped = SocketAddr::new(
        match to.ip() {
            std::net::IpAddr::V4(it) => it.to_ipv6_mapped().into(),
            it @ std::net::IpAddr::V6(_) => it,
        },
        to.port(),
    );
    let action = || {
        // The kernel takes the short address of IPv4 too.
        let sent = sendto(client.as_raw_fd(), b"4", &storage(to), MsgFlags::empty());
        assert_eq!(sent, Ok(1));
    };
    let Some(event) = record_one("sendto", action) else { return };
    check(&event, &client, [1, 1], b"4", &tuple(from, mapped));
}

#[test]
fn data_is_cut_at_snaplen() {
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let to = server.local_addr().unwrap();
    let client = TcpStream::connect(to).unwrap();
    let (accepted, from) = server.accept().unwrap();
    for length in [SNAPLEN - 1, SNAPLEN, SNAPLEN + 1, 70_000] {
        let data: Vec<u8> = (0..length).map(|it| it.to_le_bytes()[0]).collect();
        let mut sent = 0;
        let action = || sent = send(client.as_raw_fd(), &data, MsgFlags::empty()).unwrap();
        let Some(event) = record_one("sendto", action) else { return };
        let cut = &data[..length.min(SNAPLEN)];
        let numbers = [i64::try_from(sent).unwrap(), i64::try_from(length).unwrap()];
        check(&event, &client, numbers, cut, &tuple(from, to));

        let mut buffer = vec![0; sent];
        let mut got = 0;
        let action = || {
            let flags = MsgFlags::MSG_WAITALL;
            got = recv(accepted.as_raw_fd(), &mut buffer, flags).unwrap();
        };
        let Some(event) = record_one("recvfrom", action) else { return };
        let numbers = [got, sent].map(|it| i64::try_from(it).unwrap());
        check(&event, &accepted, numbers, cut, &tuple(from, to));
    }
}

#[test]
fn failed_transfers_have_no_tuple() {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.set_nonblocking(true).unwrap();
    let action = || _ = socket.send(b"to whom?").unwrap_err();
    let Some(event) = record_one("sendto", action) else { return };
    check(&event, &socket, [-89, 8], b"to whom?", b""); // EDESTADDRREQ

    let action = || _ = socket.recv(&mut [7; 9]).unwrap_err();
    let Some(event) = record_one("recvfrom", action) else { return };
    check(&event, &socket, [-11, 9], b"", b""); // EAGAIN
}

#[test]
fn unix_datagrams_tell_the_receivers_name() {
    let name = format!("innerwarden-transfer-{}", std::process::id());
    let path = std::env::temp_dir().join(&name);
    let server = UnixDatagram::bind(&path).unwrap();
    let client = UnixDatagram::unbound().unwrap();
    let action = || _ = client.send_to(b"hello", &path).unwrap();
    let Some(event) = record_one("sendto", action) else { return };
    let path_text = path.to_str().unwrap();
    let (receiver, sender) = unix_ends(event.bytes("tuple"));
    assert_eq!(receiver, 0, "not connected: {}", event.show());
    check(&event, &client, [5, 5], b"hello", &unix_tuple(0, sender, path_text));

    client.connect(&path).unwrap();
    let action = || _ = send(client.as_raw_fd(), b"again", MsgFlags::empty()).unwrap();
    let Some(event) = record_one("sendto", action) else { return };
    let (receiver, _) = unix_ends(event.bytes("tuple"));
    assert_ne!(receiver, 0, "connected: {}", event.show());
    check(&event, &client, [5, 5], b"again", &unix_tuple(receiver, sender, path_text));

    let action = || _ = server.recv(&mut [0; 16]).unwrap();
    let Some(event) = record_one("recvfrom", action) else { return };
    check(&event, &server, [5, 16], b"hello", &unix_tuple(receiver, 0, path_text));
    std::fs::remove_file(&path).unwrap();
}

#[test]
fn abstract_receivers_name_ends_where_it_ends() {
    let name = format!("innerwarden-abstract-{}", std::process::id());
    let address = UnixAddr::new_abstract(name.as_bytes()).unwrap();
    let server = UnixDatagram::unbound().unwrap();
    bind(server.as_raw_fd(), &address).unwrap();
    let client = UnixDatagram::unbound().unwrap();
    let action = || {
        assert_eq!(sendto(client.as_raw_fd(), b"x", &address, MsgFlags::empty()), Ok(1));
    };
    let Some(event) = record_one("sendto", action) else { return };
    let (_, sender) = unix_ends(event.bytes("tuple"));
    check(&event, &client, [1, 1], b"x", &unix_tuple(0, sender, &name));
}

#[test]
fn transfer_on_no_socket() {
    let file = std::fs::File::open("/").unwrap();
    let action = || {
        let sent = send(file.as_raw_fd(), b"data", MsgFlags::empty());
        assert!(sent.is_err());
    };
    let Some(event) = record_one("sendto", action) else { return };
    check(&event, &file, [-88, 4], b"data", b""); // ENOTSOCK
}
