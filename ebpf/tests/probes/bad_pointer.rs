//! Calls whose pointers lead nowhere: what cannot be read is empty, the rest is told.

use std::{
    net::UdpSocket,
    os::fd::{AsRawFd, OwnedFd},
};

use nix::sys::socket::{AddressFamily, SockFlag, SockType, socket};

use crate::{
    harness::Seen,
    raw::{BAD, Raw},
};

/// A datagram socket that the program inherits.
fn inherited() -> OwnedFd {
    socket(AddressFamily::Inet, SockType::Datagram, SockFlag::empty(), None).unwrap()
}

fn number(fd: &OwnedFd) -> u64 {
    u64::try_from(fd.as_raw_fd()).unwrap()
}

#[track_caller]
fn check(raw: Raw, calls: &[&str], expected: &[String]) {
    let Some(seen) = raw.record(calls) else { return };
    assert_eq!(seen.iter().map(Seen::show).collect::<Vec<_>>(), expected);
}

#[test]
fn addresses_that_cannot_be_read_are_empty() {
    let socket = inherited();
    let fd = number(&socket);
    let mut raw = Raw::new();
    raw.call("bind", &[fd, BAD, 16]);
    raw.call("connect", &[fd, BAD, 16]);
    raw.call("connect", &[u64::from(u32::MAX), 0, 0]);
    check(
        raw,
        &["bind", "connect"],
        &[
            format!("BindX res=-14 addr=- fd={fd}"),
            format!("ConnectX res=-14 tuple=- fd={fd} addr=-"),
            "ConnectX res=-9 tuple=- fd=-1 addr=-".to_owned(),
        ],
    );
}

#[test]
fn what_a_short_address_lacks_is_zero() {
    let socket = inherited();
    let fd = number(&socket);
    let mut raw = Raw::new();
    let address = raw.place(b"\x02\0\x04\xd2\x7f\0\0\x01");
    raw.call("bind", &[fd, address, 2]);
    raw.call("bind", &[fd, address, 6]);
    check(
        raw,
        &["bind"],
        &[
            format!(r#"BindX res=-22 addr="\x02\x00\x00\x00\x00\x00\x00" fd={fd}"#),
            format!(r#"BindX res=-22 addr="\x02\x7f\x00\x00\x00\xd2\x04" fd={fd}"#),
        ],
    );
}

#[test]
fn data_that_cannot_be_read_is_empty() {
    let server = UdpSocket::bind("127.0.0.1:0").unwrap();
    let port = server.local_addr().unwrap().port();
    let socket = inherited();
    let fd = number(&socket);
    let mut raw = Raw::new();
    let mut address = b"\x02\0".to_vec();
    address.extend(port.to_be_bytes());
    address.extend([127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
    let address = raw.place(&address);
    raw.call("sendto", &[fd, BAD, 100, 0, address, 16]);
    raw.call("recvfrom", &[fd, BAD, 0xffff_ffff, 0x40, 0, 0]); // MSG_DONTWAIT
    check(
        raw,
        &["sendto", "recvfrom"],
        &[
            format!("SendtoX res=-14 data=- fd={fd} size=100 tuple=-"),
            format!("RecvfromX res=-11 data=- tuple=- fd={fd} size=4294967295"),
        ],
    );
}

#[test]
fn messages_that_cannot_be_read_are_empty() {
    let socket = inherited();
    let fd = number(&socket);
    let mut raw = Raw::new();
    let text = raw.place(b"text");
    let half = raw.place_u64(&[text, 4, BAD, 4, text, 4]);
    let header = raw.place_u64(&[0, 0, half, 3, 0, 0, 0]);
    let lost = raw.place_u64(&[0, 0, BAD, 3, 0, 0, 0]);
    raw.call("sendmsg", &[fd, BAD, 0]);
    raw.call("sendmsg", &[fd, lost, 0]);
    raw.call("sendmsg", &[fd, header, 0]);
    raw.call("recvmsg", &[fd, BAD, 0x40]);
    raw.call("sendmmsg", &[fd, BAD, 1, 0]);
    raw.call("recvmmsg", &[fd, BAD, 1, 0x40, 0]);
    check(
        raw,
        &["sendmsg", "recvmsg", "sendmmsg", "recvmmsg"],
        &[
            format!("SendmsgX res=-14 data=- fd={fd} size=- tuple=-"),
            format!("SendmsgX res=-14 data=- fd={fd} size=0 tuple=-"),
            format!("SendmsgX res=-89 data=\"text\" fd={fd} size=12 tuple=-"),
            format!("RecvmsgX res=-14 size=0 data=- tuple=- msgcontrol=- fd={fd}"),
            format!("SendmmsgX res=-14 fd={fd} size=0 data=- tuple=-"),
            format!("RecvmmsgX res=-14 fd={fd} size=0 data=- tuple=- msgcontrol=-"),
        ],
    );
}

#[test]
fn options_that_cannot_be_read_are_zero() {
    let socket = inherited();
    let fd = number(&socket);
    let mut raw = Raw::new();
    raw.call("setsockopt", &[fd, 1, 2, BAD, 4]);
    raw.call("setsockopt", &[fd, 1, 20, BAD, 16]);
    raw.call("setsockopt", &[fd, 1, 13, BAD, 8]);
    raw.call("getsockopt", &[fd, 1, 4, BAD, BAD]);
    check(
        raw,
        &["setsockopt", "getsockopt"],
        &[
            r#"val="\x02\x00\x00\x00\x00" optlen=4"#,
            r#"val="\x04\x00\x00\x00\x00\x00\x00\x00\x00" optlen=16"#,
            r#"val="\x00" optlen=8"#,
            r#"val="\x01\x00\x00\x00\x00\x00\x00\x00\x00" optlen=0"#,
        ]
        .iter()
        .zip(["SetsockoptX", "SetsockoptX", "SetsockoptX", "GetsockoptX"])
        .zip([2, 20, 13, 4])
        .map(|((end, name), option)| {
            format!("{name} res=-14 fd={fd} level=1 optname={option} {end}")
        })
        .collect::<Vec<_>>(),
    );
}

#[test]
fn lists_of_descriptors_that_cannot_be_read_are_empty() {
    let mut raw = Raw::new();
    raw.call("ppoll", &[BAD, 3, BAD, BAD, 8]);
    check(raw, &["ppoll"], &[r#"PpollX res=-14 fds="\x00\x00" timeout=0 sigmask=0"#.to_owned()]);
}

#[test]
fn socketpair_without_a_place_for_its_descriptors() {
    let mut raw = Raw::new();
    raw.call("socketpair", &[1, 1, 0, BAD]);
    check(
        raw,
        &["socketpair"],
        &["SocketpairX res=-14 fd1=-1 fd2=-1 source=0 peer=0 domain=1 type=1 proto=0".to_owned()],
    );
}
