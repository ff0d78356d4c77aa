//! `sendmsg`, `recvmsg`, `sendmmsg`, `recvmmsg`.

use std::{
    io::{IoSlice, IoSliceMut},
    net::{SocketAddr, UdpSocket},
    os::{
        fd::{AsRawFd, RawFd},
        unix::net::{UnixDatagram, UnixStream},
    },
};

use event::EventType;
use nix::{
    cmsg_space,
    sys::socket::{
        ControlMessage, MsgFlags, MultiHeaders, SockaddrStorage, UnixCredentials, recvmmsg,
        recvmsg, sendmmsg, sendmsg, setsockopt, sockopt::PassCred,
    },
};

use crate::{
    address::{storage, tuple, unix_ends, unix_tuple},
    harness::{Seen, record},
};

#[track_caller]
fn record_one(call: &str, action: impl FnOnce()) -> Option<Seen> {
    let seen = record(&[call], action)?;
    let [event] = &seen[..] else { panic!("{seen:?}") };
    Some(event.clone())
}

fn udp() -> (UdpSocket, SocketAddr) {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = socket.local_addr().unwrap();
    (socket, address)
}

/// Sends `buffers` as one datagram and checks what the event has of them.
#[track_caller]
fn check_send(buffers: &[&[u8]], data: &[u8]) {
    let ((client, from), (_server, to)) = (udp(), udp());
    let slices: Vec<_> = buffers.iter().map(|it| IoSlice::new(it)).collect();
    let mut sent = 0;
    let action = || {
        let to = storage(to);
        let flags = MsgFlags::empty();
        sent = sendmsg(client.as_raw_fd(), &slices, &[], flags, Some(&to)).unwrap();
    };
    let Some(event) = record_one("sendmsg", action) else { return };

    assert_eq!(event.number("res"), i64::try_from(sent).unwrap());
    let first: usize = buffers.iter().take(32).map(|it| it.len()).sum();
    assert_eq!(event.number("size"), i64::try_from(first).unwrap());
    assert_eq!(event.number("fd"), i64::from(client.as_raw_fd()));
    assert_eq!(event.bytes("data").escape_ascii().to_string(), data.escape_ascii().to_string());
    assert_eq!(event.bytes("tuple"), tuple(from, to));
}

#[test]
fn sendmsg_tells_the_buffers_one_after_the_other() {
    check_send(&[], b"");
    check_send(&[b""], b"");
    check_send(&[b"one", b"two", b"three"], b"onetwothree");
}

#[test]
fn empty_buffer_hides_nothing() {
    check_send(&[b"", b"one", b"", b"two"], b"onetwo");
}

#[test]
fn buffers_are_cut_at_snaplen() {
    check_send(&[&[b'a'; 50], &[b'b'; 50]], &[&[b'a'; 50][..], &[b'b'; 30]].concat());
    check_send(&[&[b'a'; 80], b"b"], &[b'a'; 80]);
    check_send(&[&vec![b'a'; 40_000]], &[b'a'; 80]);
}

#[test]
fn thirty_two_buffers_are_looked_at() {
    check_send(&[&b"x"[..]; 33], &[b'x'; 32]);
}

#[test]
fn failed_sendmsg_tells_the_buffers_but_no_tuple() {
    let (client, _) = udp();
    let action = || {
        let slices = [IoSlice::new(b"one"), IoSlice::new(b"two")];
        let flags = MsgFlags::empty();
        sendmsg::<SockaddrStorage>(client.as_raw_fd(), &slices, &[], flags, None).unwrap_err();
    };
    let Some(event) = record_one("sendmsg", action) else { return };

    let fd = client.as_raw_fd();
    let expected = format!("SendmsgX res=-89 data=\"onetwo\" fd={fd} size=6 tuple=-");
    assert_eq!(event.show(), expected);
}

#[test]
fn recvmsg_tells_the_buffers_and_the_sender() {
    let ((client, from), (server, to)) = (udp(), udp());
    client.send_to(b"onetwo", to).unwrap();
    let (mut one, mut rest) = ([0; 3], [0; 90]);
    let action = || {
        let mut slices = [IoSliceMut::new(&mut one), IoSliceMut::new(&mut rest)];
        let flags = MsgFlags::empty();
        let fd = server.as_raw_fd();
        assert_eq!(recvmsg::<SockaddrStorage>(fd, &mut slices, None, flags).unwrap().bytes, 6);
    };
    let Some(event) = record_one("recvmsg", action) else { return };

    assert_eq!(event.number("res"), 6);
    assert_eq!(event.number("size"), 6);
    assert_eq!(event.bytes("data"), b"onetwo");
    assert_eq!(event.bytes("tuple"), tuple(from, to));
    assert_eq!(event.bytes("msgcontrol"), b"");
    assert_eq!(event.number("fd"), i64::from(server.as_raw_fd()));
}

#[test]
fn failed_recvmsg_has_nothing() {
    let action = || {
        let mut buffer = [0; 3];
        let mut slices = [IoSliceMut::new(&mut buffer)];
        recvmsg::<SockaddrStorage>(-1, &mut slices, None, MsgFlags::empty()).unwrap_err();
    };
    let Some(event) = record_one("recvmsg", action) else { return };

    assert_eq!(event.show(), "RecvmsgX res=-9 size=0 data=- tuple=- msgcontrol=- fd=-1");
}

#[test]
fn recvmsg_tells_passed_descriptors_and_credentials() {
    let (one, other) = UnixStream::pair().unwrap();
    setsockopt(&other, PassCred, &true).unwrap();
    let passed = [one.as_raw_fd()];
    let credentials = UnixCredentials::new();
    let control =
        [ControlMessage::ScmCredentials(&credentials), ControlMessage::ScmRights(&passed)];
    let slices = [IoSlice::new(b"take")];
    sendmsg::<()>(one.as_raw_fd(), &slices, &control, MsgFlags::empty(), None).unwrap();
    let mut buffer = [0; 10];
    let mut space = cmsg_space!(UnixCredentials, [RawFd; 4]);
    let mut got = Vec::new();
    let action = || {
        let mut slices = [IoSliceMut::new(&mut buffer)];
        let flags = MsgFlags::MSG_CMSG_CLOEXEC;
        let message = recvmsg::<()>(other.as_raw_fd(), &mut slices, Some(&mut space), flags);
        for it in message.unwrap().cmsgs().unwrap() {
            if let nix::sys::socket::ControlMessageOwned::ScmRights(fds) = it {
                got = fds;
            }
        }
    };
    let Some(event) = record_one("recvmsg", action) else { return };

    let [fd] = got[..] else { panic!("{got:?}") };
    let words =
        |numbers: &[u32]| numbers.iter().flat_map(|it| it.to_le_bytes()).collect::<Vec<u8>>();
    let id = [std::process::id(), 0, 0];
    let credentials = [words(&[28, 0, 1, 2]), words(&id), words(&[0])].concat();
    let rights = words(&[20, 0, 1, 1, u32::try_from(fd).unwrap()]);
    let both = [credentials, rights].concat();
    let control = event.bytes("msgcontrol");
    assert_eq!(control.get(..both.len()), Some(&both[..]), "{}", event.show());
    assert_eq!(event.bytes("data"), b"take");
    let (receiver, sender) = unix_ends(event.bytes("tuple"));
    assert!(receiver != 0 && sender != 0);
    assert_eq!(event.bytes("tuple"), unix_tuple(receiver, sender, ""));
    nix::unistd::close(fd).unwrap();
}

/// Whether the C library makes one call of `sendmmsg`; says so if not.
fn has_sendmmsg() -> bool {
    if cfg!(target_env = "musl") {
        println!("skipped: musl calls sendmsg for each message");
    }
    !cfg!(target_env = "musl")
}

#[test]
fn sendmmsg_makes_an_event_of_each_message() {
    if !has_sendmmsg() {
        return;
    }
    let ((client, from), (_server, to)) = (udp(), udp());
    let buffers =
        [[IoSlice::new(b"one"), IoSlice::new(b"")], [IoSlice::new(b"t"), IoSlice::new(b"wo")]];
    let action = || {
        let mut headers = MultiHeaders::preallocate(2, None);
        let to = [Some(storage(to)), Some(storage(to))];
        let fd = client.as_raw_fd();
        let sent = sendmmsg(fd, &mut headers, &buffers, to, [], MsgFlags::empty()).unwrap();
        assert_eq!(sent.count(), 2);
    };
    let Some(seen) = record(&["sendmmsg"], action) else { return };

    let [one, two] = &seen[..] else { panic!("{seen:?}") };
    for (event, data) in [(one, b"one"), (two, b"two")] {
        assert_eq!(event.kind, EventType::SendmmsgX);
        assert_eq!(["res", "size"].map(|name| event.number(name)), [3, 3]);
        assert_eq!(event.number("fd"), i64::from(client.as_raw_fd()));
        assert_eq!(event.bytes("data"), data);
        assert_eq!(event.bytes("tuple"), tuple(from, to));
    }
}

#[test]
fn sixteen_messages_of_a_call_are_told() {
    if !has_sendmmsg() {
        return;
    }
    let ((client, _), (_server, to)) = (udp(), udp());
    let one = [IoSlice::new(b"x")];
    let action = || {
        let mut headers = MultiHeaders::preallocate(20, None);
        let (to, buffers) = ([Some(storage(to)); 20], [one; 20]);
        let fd = client.as_raw_fd();
        let sent = sendmmsg(fd, &mut headers, &buffers, to, [], MsgFlags::empty()).unwrap();
        assert_eq!(sent.count(), 20);
    };
    let Some(seen) = record(&["sendmmsg"], action) else { return };

    assert_eq!(seen.len(), 16);
}

#[test]
fn recvmmsg_makes_an_event_of_each_message() {
    let ((client, from), (server, to)) = (udp(), udp());
    for data in [b"one", b"two"] {
        client.send_to(data, to).unwrap();
    }
    let mut buffers = [[0; 8]; 2];
    let action = || {
        let mut headers = MultiHeaders::<SockaddrStorage>::preallocate(2, None);
        let mut slices = buffers.each_mut().map(|it| [IoSliceMut::new(it)]);
        let fd = server.as_raw_fd();
        let flags = MsgFlags::empty();
        let got = recvmmsg(fd, &mut headers, slices.iter_mut(), flags, None).unwrap();
        assert_eq!(got.count(), 2);
    };
    let Some(seen) = record(&["recvmmsg"], action) else { return };

    let [one, two] = &seen[..] else { panic!("{seen:?}") };
    for (event, data) in [(one, b"one"), (two, b"two")] {
        assert_eq!(["res", "size"].map(|name| event.number(name)), [3, 3]);
        assert_eq!(event.bytes("data"), data);
        assert_eq!(event.bytes("tuple"), tuple(from, to), "{}", event.show());
        assert_eq!(event.bytes("msgcontrol"), b"");
    }
}

#[test]
fn failed_calls_for_several_messages_make_one_event() {
    let (one, _other) = UnixDatagram::pair().unwrap();
    one.set_nonblocking(true).unwrap();
    let fd = one.as_raw_fd();
    let action = || {
        let mut headers = MultiHeaders::<SockaddrStorage>::preallocate(1, None);
        let mut buffer = [0; 8];
        let mut slices = [[IoSliceMut::new(&mut buffer)]];
        let flags = MsgFlags::empty();
        assert!(recvmmsg(fd, &mut headers, slices.iter_mut(), flags, None).is_err());
        let slices = [IoSlice::new(b"x")];
        let no_address: [Option<SockaddrStorage>; 1] = [None];
        assert!(sendmmsg(-1, &mut headers, [&slices], no_address, [], flags).is_err());
    };
    let Some(seen) = record(&["sendmmsg", "recvmmsg"], action) else { return };

    let shown: Vec<_> = seen.iter().map(Seen::show).collect();
    let received = format!("RecvmmsgX res=-11 fd={fd} size=0 data=- tuple=- msgcontrol=-");
    let mut expected = vec![received.as_str()];
    if has_sendmmsg() {
        expected.push("SendmmsgX res=-9 fd=-1 size=0 data=- tuple=-");
    }
    assert_eq!(shown, expected);
}
