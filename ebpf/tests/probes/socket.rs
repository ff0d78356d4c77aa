//! `socket`, `socketpair`, `listen`, `shutdown`, `getsockname`, `getpeername`.

use std::{
    net::{TcpListener, UdpSocket},
    os::fd::{AsRawFd, OwnedFd},
};

use event::EventType;
use nix::sys::socket::{
    AddressFamily, Backlog, Shutdown, SockFlag, SockProtocol, SockType, listen, shutdown, socket,
    socketpair,
};

use crate::harness::{Seen, record};

/// Runs `action`, which makes one event, and compares that event.
#[track_caller]
fn check<T>(call: &str, action: impl FnOnce() -> T, expected: impl FnOnce(T) -> String) {
    let mut result = None;
    let Some(seen) = record(&[call], || result = Some(action())) else { return };

    let [event] = &seen[..] else { panic!("{seen:?}") };
    assert_eq!(event.show(), expected(result.unwrap()));
}

fn no_flags() -> SockFlag {
    SockFlag::empty()
}

#[test]
fn socket_tells_domain_type_protocol_and_flags() {
    let flags = SockFlag::SOCK_CLOEXEC | SockFlag::SOCK_NONBLOCK;
    check(
        "socket",
        || socket(AddressFamily::Inet6, SockType::Datagram, flags, SockProtocol::Udp).unwrap(),
        |fd: OwnedFd| {
            let fd = fd.as_raw_fd();
            format!("SocketX fd={fd} domain=10 type=526338 proto=17 flags=4160")
        },
    );
}

#[test]
fn socket_without_flags() {
    check(
        "socket",
        || socket(AddressFamily::Unix, SockType::SeqPacket, no_flags(), None).unwrap(),
        |fd: OwnedFd| format!("SocketX fd={} domain=1 type=5 proto=0 flags=0", fd.as_raw_fd()),
    );
}

#[test]
fn failed_socket_tells_the_error() {
    check(
        "socket",
        || socket(AddressFamily::Inet, SockType::SeqPacket, no_flags(), SockProtocol::Tcp).is_err(),
        |failed| {
            assert!(failed);
            "SocketX fd=-94 domain=2 type=5 proto=6 flags=0".to_owned() // ESOCKTNOSUPPORT
        },
    );
}

#[test]
fn family_without_a_scap_value_is_unspecified() {
    let action = || drop(socket(AddressFamily::Vsock, SockType::Stream, no_flags(), None));
    let Some(seen) = record(&["socket"], action) else { return };

    let [event] = &seen[..] else { panic!("{seen:?}") };
    assert_eq!(event.number("domain"), 0, "{}", event.show());
}

#[test]
fn socketpair_tells_both_fds_and_both_sockets() {
    let mut pair = None;
    let action = || {
        let made = socketpair(AddressFamily::Unix, SockType::Stream, None, SockFlag::SOCK_CLOEXEC);
        pair = Some(made.unwrap());
    };
    let Some(seen) = record(&["socketpair"], action) else { return };

    let (one, other) = pair.unwrap();
    let [event] = &seen[..] else { panic!("{seen:?}") };
    let (source, peer) = (event.number("source"), event.number("peer"));
    assert!(source != 0 && peer != 0 && source != peer, "{}", event.show());
    assert_eq!(
        event.show(),
        format!(
            "SocketpairX res=0 fd1={} fd2={} source={source} peer={peer} domain=1 type=524289 proto=0",
            one.as_raw_fd(),
            other.as_raw_fd(),
        ),
    );
}

#[test]
fn failed_socketpair_has_no_fds() {
    check(
        "socketpair",
        || socketpair(AddressFamily::Inet, SockType::Stream, None, no_flags()).is_err(),
        |failed| {
            assert!(failed); // EOPNOTSUPP
            "SocketpairX res=-95 fd1=-1 fd2=-1 source=0 peer=0 domain=2 type=1 proto=0".to_owned()
        },
    );
}

#[test]
fn listen_tells_the_backlog() {
    let socket = socket(AddressFamily::Inet, SockType::Stream, no_flags(), None).unwrap();
    check(
        "listen",
        || listen(&socket, Backlog::new(7).unwrap()).unwrap(),
        |()| format!("ListenX res=0 fd={} backlog=7", socket.as_raw_fd()),
    );
}

#[test]
fn failed_listen_tells_the_error() {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    check(
        "listen",
        || listen(&socket, Backlog::MAXALLOWABLE).unwrap_err(),
        |_| format!("ListenX res=-95 fd={} backlog=-1", socket.as_raw_fd()),
    );
}

#[test]
fn shutdown_tells_which_half() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let fd = listener.as_raw_fd();
    let action = || {
        for how in [Shutdown::Read, Shutdown::Write, Shutdown::Both] {
            let _ = shutdown(fd, how);
        }
        shutdown(-1, Shutdown::Write).unwrap_err();
    };
    let Some(seen) = record(&["shutdown"], action) else { return };

    let halves: Vec<_> = seen.iter().map(|it| (it.number("fd"), it.number("how"))).collect();
    let fd = i64::from(fd);
    assert_eq!(halves, [(fd, 0), (fd, 1), (fd, 2), (-1, 1)]);
    assert_eq!(seen.last().map(|it| it.number("res")), Some(-9), "EBADF");
}

#[test]
fn asking_for_names_has_no_parameters() {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let action = || {
        socket.local_addr().unwrap();
        socket.peer_addr().unwrap_err();
    };
    let Some(seen) = record(&["getsockname", "getpeername"], action) else { return };

    let kinds: Vec<_> = seen.iter().map(|it: &Seen| it.kind).collect();
    assert_eq!(kinds, [EventType::GetsocknameX, EventType::GetpeernameX]);
}
