//! `bind`, `connect`, `accept`, `accept4`.

use std::{
    net::{Ipv6Addr, SocketAddr, SocketAddrV6, TcpListener, TcpStream, UdpSocket},
    os::{
        fd::{AsRawFd, OwnedFd},
        unix::net::{UnixDatagram, UnixListener, UnixStream},
    },
};

use nix::sys::socket::{
    AddressFamily, Backlog, NetlinkAddr, SockFlag, SockProtocol, SockType, SockaddrLike, UnixAddr,
    accept, accept4, bind, connect, listen, socket,
};

use crate::{
    address::{address, storage, tuple, unix_address, unix_ends, unix_tuple},
    harness::{Seen, record},
};

#[track_caller]
fn record_one(call: &str, action: impl FnOnce()) -> Option<Seen> {
    let seen = record(&[call], action)?;
    let [event] = &seen[..] else { panic!("{seen:?}") };
    Some(event.clone())
}

fn new_socket(family: AddressFamily, kind: SockType) -> OwnedFd {
    socket(family, kind, SockFlag::SOCK_CLOEXEC, None).unwrap()
}

/// An abstract name that no other test has.
fn unique(name: &str) -> String {
    format!("innerwarden-{name}-{}", std::process::id())
}

#[track_caller]
fn check_bind(fd: &OwnedFd, to: &dyn SockaddrLike, res: i64, expected: &[u8]) {
    let action = || _ = bind(fd.as_raw_fd(), to);
    let Some(event) = record_one("bind", action) else { return };

    assert_eq!(event.number("res"), res);
    assert_eq!(event.number("fd"), i64::from(fd.as_raw_fd()));
    assert_eq!(event.bytes("addr"), expected, "{}", event.show());
}

#[test]
fn bind_tells_the_address() {
    for (family, to) in [
        (AddressFamily::Inet, "127.0.0.1:0"),
        (AddressFamily::Inet6, "[::1]:0"),
        (AddressFamily::Inet6, "[::ffff:127.0.0.1]:0"),
    ] {
        let to: SocketAddr = to.parse().unwrap();
        let fd = new_socket(family, SockType::Stream);
        check_bind(&fd, &storage(to), 0, &address(to));
    }
}

#[test]
fn bind_that_fails_tells_the_address() {
    let to: SocketAddr = "192.0.2.1:1025".parse().unwrap();
    let fd = new_socket(AddressFamily::Inet, SockType::Stream);
    check_bind(&fd, &storage(to), -99, &address(to)); // EADDRNOTAVAIL
}

#[test]
fn bind_tells_names_of_unix_sockets() {
    let fd = new_socket(AddressFamily::Unix, SockType::Datagram);
    let name = unique("bind");
    let abstract_name = UnixAddr::new_abstract(name.as_bytes()).unwrap();
    check_bind(&fd, &abstract_name, 0, &unix_address(&name));

    let fd = new_socket(AddressFamily::Unix, SockType::Datagram);
    check_bind(&fd, &UnixAddr::new_unnamed(), 0, &unix_address(""));

    let fd = new_socket(AddressFamily::Unix, SockType::Datagram);
    let long = format!("/no/{}", "x".repeat(103));
    check_bind(&fd, &UnixAddr::new(long.as_str()).unwrap(), -2, &unix_address(&long));
}

#[test]
fn bind_of_other_families_has_no_address() {
    let fd = socket(
        AddressFamily::Netlink,
        SockType::Raw,
        SockFlag::SOCK_CLOEXEC,
        SockProtocol::NetlinkRoute,
    );
    check_bind(&fd.unwrap(), &NetlinkAddr::new(0, 0), 0, b"");
}

#[track_caller]
fn check_connect(fd: &OwnedFd, to: &dyn SockaddrLike, expected: impl FnOnce() -> Expected) {
    let action = || _ = connect(fd.as_raw_fd(), to);
    let Some(event) = record_one("connect", action) else { return };

    let expected = expected();
    assert_eq!(event.number("res"), expected.res);
    assert_eq!(event.number("fd"), i64::from(fd.as_raw_fd()));
    assert_eq!(event.bytes("tuple"), expected.tuple, "{}", event.show());
    assert_eq!(event.bytes("addr"), expected.address, "{}", event.show());
}

struct Expected {
    res: i64,
    tuple: Vec<u8>,
    address: Vec<u8>,
}

fn local(fd: &OwnedFd) -> SocketAddr {
    UdpSocket::from(fd.try_clone().unwrap()).local_addr().unwrap()
}

#[test]
fn connect_tells_both_ends_and_the_address() {
    for to in ["127.0.0.1:0", "[::1]:0"] {
        let server = TcpListener::bind(to).unwrap();
        let to = server.local_addr().unwrap();
        let family = if to.is_ipv4() { AddressFamily::Inet } else { AddressFamily::Inet6 };
        for (flags, res) in [(SockFlag::empty(), 0), (SockFlag::SOCK_NONBLOCK, -115)] {
            let fd = socket(family, SockType::Stream, flags, None).unwrap();
            check_connect(&fd, &storage(to), || Expected {
                res,
                tuple: tuple(local(&fd), to),
                address: address(to),
            });
        }
    }
}

#[test]
fn connect_to_ipv4_by_an_ipv6_socket_is_mapped() {
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = server.local_addr().unwrap().port();
    let ip = Ipv6Addr::from(0xffff_7f00_0001_u128);
    let to = SocketAddr::V6(SocketAddrV6::new(ip, port, 0, 0));
    let fd = new_socket(AddressFamily::Inet6, SockType::Stream);
    check_connect(&fd, &storage(to), || Expected {
        res: 0,
        tuple: tuple(local(&fd), to),
        address: address(to),
    });
}

#[test]
fn connect_of_a_datagram_socket_tells_both_ends() {
    let server = UdpSocket::bind("127.0.0.1:0").unwrap();
    let to = server.local_addr().unwrap();
    let fd = new_socket(AddressFamily::Inet, SockType::Datagram);
    check_connect(&fd, &storage(to), || Expected {
        res: 0,
        tuple: tuple(local(&fd), to),
        address: address(to),
    });
}

#[test]
fn refused_connect_has_no_tuple() {
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let to = server.local_addr().unwrap();
    drop(server);
    let fd = new_socket(AddressFamily::Inet, SockType::Stream);
    check_connect(&fd, &storage(to), || Expected {
        res: -111,
        tuple: Vec::new(),
        address: address(to),
    });
}

#[test]
fn connect_of_unix_sockets_tells_the_servers_name() {
    let name = unique("connect");
    let directory = std::env::temp_dir();
    let path = directory.join(&name);
    let _server = UnixListener::bind(&path).unwrap();
    check_unix_connect(&UnixAddr::new(&path).unwrap(), path.to_str().unwrap());
    std::fs::remove_file(&path).unwrap();

    let address = UnixAddr::new_abstract(name.as_bytes()).unwrap();
    let server = new_socket(AddressFamily::Unix, SockType::Stream);
    bind(server.as_raw_fd(), &address).unwrap();
    listen(&server, Backlog::new(1).unwrap()).unwrap();
    check_unix_connect(&address, &name);
}

#[track_caller]
fn check_unix_connect(to: &UnixAddr, name: &str) {
    let fd = new_socket(AddressFamily::Unix, SockType::Stream);
    let action = || connect(fd.as_raw_fd(), to).unwrap();
    let Some(event) = record_one("connect", action) else { return };

    let (receiver, sender) = unix_ends(event.bytes("tuple"));
    assert!(receiver != 0 && sender != 0 && receiver != sender, "{}", event.show());
    assert_eq!(event.bytes("tuple"), unix_tuple(receiver, sender, name));
    assert_eq!(event.bytes("addr"), unix_address(name));
}

#[test]
fn connect_of_other_families_has_no_tuple() {
    let fd = new_socket(AddressFamily::Netlink, SockType::Raw);
    check_connect(&fd, &NetlinkAddr::new(0, 0), || Expected {
        res: 0,
        tuple: Vec::new(),
        address: Vec::new(),
    });
}

#[test]
fn connect_of_no_socket_tells_the_address() {
    let file = OwnedFd::from(std::fs::File::open("/").unwrap());
    let to: SocketAddr = "127.0.0.1:1".parse().unwrap();
    check_connect(&file, &storage(to), || Expected {
        res: -88, // ENOTSOCK
        tuple: Vec::new(),
        address: address(to),
    });
}

#[test]
fn accept_tells_the_client_and_the_queue() {
    for bound in ["127.0.0.1:0", "[::1]:0"] {
        let bound: SocketAddr = bound.parse().unwrap();
        let family = if bound.is_ipv4() { AddressFamily::Inet } else { AddressFamily::Inet6 };
        let server = new_socket(family, SockType::Stream);
        bind(server.as_raw_fd(), &storage(bound)).unwrap();
        listen(&server, Backlog::new(4).unwrap()).unwrap();
        let to = local(&server);
        let clients = [TcpStream::connect(to).unwrap(), TcpStream::connect(to).unwrap()];
        let mut fd = -1;
        let action = || fd = accept(server.as_raw_fd()).unwrap();
        let Some(event) = record_one("accept", action) else { return };

        let from = clients[0].local_addr().unwrap();
        assert_eq!(event.bytes("tuple"), tuple(from, to), "{}", event.show());
        assert_eq!(event.number("fd"), i64::from(fd));
        let queue = ["queuepct", "queuelen", "queuemax"].map(|name| event.number(name));
        assert_eq!(queue, [25, 1, 4]);
        nix::unistd::close(fd).unwrap();
    }
}

#[test]
fn accept4_tells_flags_too() {
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let to = server.local_addr().unwrap();
    let client = TcpStream::connect(to).unwrap();
    let mut fd = -1;
    let flags = SockFlag::SOCK_CLOEXEC | SockFlag::SOCK_NONBLOCK;
    let action = || {
        fd = accept4(server.as_raw_fd(), flags).unwrap();
        // Without flags musl makes another call of it.
        accept4(-1, flags).unwrap_err();
    };
    let Some(seen) = record(&["accept4"], action) else { return };

    let [event, failed] = &seen[..] else { panic!("{seen:?}") };
    assert_eq!(event.bytes("tuple"), tuple(client.local_addr().unwrap(), to));
    assert_eq!(event.number("fd"), i64::from(fd));
    let numbers = ["queuepct", "queuelen", "flags"].map(|name| event.number(name));
    assert_eq!(numbers, [0, 0, 4160]);
    assert_eq!(
        failed.show(),
        "Accept4V6X fd=-9 tuple=- queuepct=0 queuelen=0 queuemax=0 flags=4160"
    );
    nix::unistd::close(fd).unwrap();
}

#[test]
fn accept_on_a_unix_socket_tells_the_servers_name() {
    let path = std::env::temp_dir().join(unique("accept"));
    let server = UnixListener::bind(&path).unwrap();
    let _client = UnixStream::connect(&path).unwrap();
    let action = || drop(server.accept().unwrap());
    let Some(event) = record_one("accept4", action) else { return };

    std::fs::remove_file(&path).unwrap();
    let (receiver, sender) = unix_ends(event.bytes("tuple"));
    assert!(receiver != 0 && sender != 0 && receiver != sender, "{}", event.show());
    assert_eq!(event.bytes("tuple"), unix_tuple(receiver, sender, path.to_str().unwrap()));
}

#[test]
fn connect_of_an_unnamed_datagram_pair_has_no_name() {
    let (one, _other) = UnixDatagram::pair().unwrap();
    let name = unique("unnamed");
    let to = UnixAddr::new_abstract(name.as_bytes()).unwrap();
    let fd = OwnedFd::from(one);
    check_connect(&fd, &to, || Expected {
        res: -111, // ECONNREFUSED: nobody has that name
        tuple: Vec::new(),
        address: unix_address(&name),
    });
}
