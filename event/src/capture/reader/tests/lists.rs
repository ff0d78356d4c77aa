//! Lists in every version.

use expect_test::expect;

use super::{
    bytes::{block, close_event, section, sized, string},
    read,
};
use crate::capture::{Record, ThreadEntry};

/// The body of a thread entry of `version`, without length and tail.
fn thread(version: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let number = |bytes: &mut Vec<u8>, value: u64| bytes.extend_from_slice(&value.to_le_bytes());
    for id in [11, 12, 13] {
        number(&mut bytes, id);
    }
    if version >= 6 {
        number(&mut bytes, 14);
    }
    if version >= 8 {
        number(&mut bytes, 15);
    }
    bytes.extend(string(b"comm"));
    bytes.extend(string(b"exe\0cut"));
    if version >= 7 {
        bytes.extend(string(b"/exepath"));
    }
    bytes.extend(string(b"a\0b\0"));
    bytes.extend(string(b"/cwd"));
    number(&mut bytes, 1024);
    for value in [16u32, 17, 18] {
        bytes.extend_from_slice(&value.to_le_bytes());
    }
    if version >= 2 {
        for value in [19u32, 20, 21] {
            bytes.extend_from_slice(&value.to_le_bytes());
        }
        number(&mut bytes, 22);
        number(&mut bytes, 23);
    }
    if version >= 3 {
        bytes.extend(string(b"A=1\0"));
    }
    if version >= 4 {
        number(&mut bytes, 24);
        number(&mut bytes, 25);
        bytes.extend(string(b"cpu=/x\0"));
    }
    if version >= 5 {
        bytes.extend(string(b"/root"));
    }
    bytes
}

/// What such an entry says.
fn known(version: u8) -> ThreadEntry<'static> {
    let since = |first: u8, value: i64| if version >= first { value } else { -1 };
    let text = |first: u8, text: &'static [u8]| if version >= first { text } else { b"" };
    let number = |value: u32| if version >= 2 { value } else { 0 };
    ThreadEntry {
        tid: 11,
        pid: 12,
        ptid: 13,
        sid: since(6, 14),
        vpgid: since(8, 15),
        comm: b"comm",
        exe: b"exe",
        exepath: text(7, b"/exepath"),
        args: b"a\0b\0",
        cwd: b"/cwd",
        fdlimit: 1024,
        flags: 16,
        uid: 17,
        gid: 18,
        vm_size_kb: number(19),
        vm_rss_kb: number(20),
        vm_swap_kb: number(21),
        pf_major: number(22).into(),
        pf_minor: number(23).into(),
        env: text(3, b"A=1\0"),
        vtid: since(4, 24),
        vpid: since(4, 25),
        cgroups: text(4, b"cpu=/x\0"),
        root: text(5, b"/root"),
        ..ThreadEntry::default()
    }
}

/// Reads two entries of a thread list.
#[track_caller]
fn check_threads(block_type: u32, entry: &[u8], expected: &ThreadEntry<'_>) {
    let body = [entry, entry].concat();
    let text = read(&[section(), block(block_type, &body), close_event()]);
    let threads: Vec<_> = text.lines().filter(|it| it.starts_with("Thread")).collect();
    assert_eq!(threads, vec![format!("{:?}", Record::Thread(*expected)); 2], "{text}");
}

#[test]
fn thread_lists_of_all_versions_are_read() {
    let types = [(1, 0x202), (2, 0x207), (3, 0x209), (4, 0x210), (5, 0x211)];
    let more = [(6, 0x212), (7, 0x213), (8, 0x214)];
    let aliases = [(1, 0x8000_ABCD), (2, 0x8013_ABCD), (3, 0x8014_ABCD)];
    for (version, block_type) in types.into_iter().chain(more).chain(aliases) {
        check_threads(block_type, &thread(version), &known(version));
    }
    check_threads(0x215, &sized(&thread(9)), &known(9));
}

/// An entry of version 9 with the first `length` bytes of the tail 1, 2, 3, …
fn thread_with_tail(length: u8) -> Vec<u8> {
    sized(&[thread(9), (1..=length).collect()].concat())
}

#[test]
fn short_tail_begins_with_the_login_uid() {
    let loginuid = ThreadEntry { loginuid: 0x0403_0201, ..known(9) };
    check_threads(0x215, &thread_with_tail(4), &loginuid);
    let capabilities = ThreadEntry {
        exe_writable: true,
        cap_inheritable: 0x0d0c_0b0a_0908_0706,
        cap_permitted: 0x1514_1312_1110_0f0e,
        cap_effective: 0x1d1c_1b1a_1918_1716,
        ..loginuid
    };
    check_threads(0x215, &thread_with_tail(29), &capabilities);
}

#[test]
fn long_tail_begins_with_the_pid_namespace() {
    let in_2023 = ThreadEntry {
        pidns_init_start_time_ns: 0x0807_0605_0403_0201,
        tty: 0x0c0b_0a09,
        loginuid: 0x100f_0e0d,
        exe_writable: true,
        cap_inheritable: 0x1918_1716_1514_1312,
        cap_permitted: 0x2120_1f1e_1d1c_1b1a,
        cap_effective: 0x2928_2726_2524_2322,
        exe_upper_layer: true,
        exe_ino: 0x3231_302f_2e2d_2c2b,
        exe_ino_ctime_ns: 0x3a39_3837_3635_3433,
        exe_ino_mtime_ns: 0x4241_403f_3e3d_3c3b,
        ..known(9)
    };
    check_threads(0x215, &thread_with_tail(66), &in_2023);
    let current = ThreadEntry {
        exe_from_memfd: true,
        exe_lower_layer: true,
        pgid: 0x4c4b_4a49_4847_4645,
        ..in_2023
    };
    check_threads(0x215, &thread_with_tail(76), &current);
    // What newer versions add is skipped.
    check_threads(0x215, &thread_with_tail(99), &current);
}

#[test]
fn interfaces_of_both_versions_are_read() {
    let with_speed = [&[1u8, 0, 2, 0][..], &[1; 4], &[2; 4], &[3; 4], &[4; 8], b"lo"].concat();
    let without = [&[3u8, 0, 2, 0][..], &[1; 4], &[2; 4], &[3; 4], b"lo"].concat();
    let six = [&[2u8, 0, 4, 0][..], &[1; 16], &[2; 16], &[3; 16], &[4; 8], b"eth0"].concat();
    let six_without = [&[4u8, 0, 4, 0][..], &[1; 16], &[2; 16], &[3; 16], b"eth0"].concat();
    let old = [&with_speed[..], &without, &six, &six_without].concat();
    let mut new = Vec::new();
    for entry in [&with_speed, &without, &six, &six_without] {
        // Two bytes of some newer version, and a length that does not count itself.
        new.extend_from_slice(&u32::try_from(entry.len() + 2).unwrap().to_le_bytes());
        new.extend_from_slice(entry);
        new.extend_from_slice(&[9; 2]);
    }
    let blocks = [section(), block(0x205, &old), block(0x219, &new), close_event()];
    expect![[r#"
        Section
        Interface(InterfaceEntry { name: [108, 111], address: V4 { address: 1.1.1.1, netmask: 2.2.2.2, broadcast: 3.3.3.3 }, link_speed: 289360691352306692 })
        Interface(InterfaceEntry { name: [108, 111], address: V4 { address: 1.1.1.1, netmask: 2.2.2.2, broadcast: 3.3.3.3 }, link_speed: 0 })
        Interface(InterfaceEntry { name: [101, 116, 104, 48], address: V6 { address: 101:101:101:101:101:101:101:101, netmask: 202:202:202:202:202:202:202:202, broadcast: 303:303:303:303:303:303:303:303 }, link_speed: 289360691352306692 })
        Interface(InterfaceEntry { name: [101, 116, 104, 48], address: V6 { address: 101:101:101:101:101:101:101:101, netmask: 202:202:202:202:202:202:202:202, broadcast: 303:303:303:303:303:303:303:303 }, link_speed: 0 })
        Interface(InterfaceEntry { name: [108, 111], address: V4 { address: 1.1.1.1, netmask: 2.2.2.2, broadcast: 3.3.3.3 }, link_speed: 289360691352306692 })
        Interface(InterfaceEntry { name: [108, 111], address: V4 { address: 1.1.1.1, netmask: 2.2.2.2, broadcast: 3.3.3.3 }, link_speed: 0 })
        Interface(InterfaceEntry { name: [101, 116, 104, 48], address: V6 { address: 101:101:101:101:101:101:101:101, netmask: 202:202:202:202:202:202:202:202, broadcast: 303:303:303:303:303:303:303:303 }, link_speed: 289360691352306692 })
        Interface(InterfaceEntry { name: [101, 116, 104, 48], address: V6 { address: 101:101:101:101:101:101:101:101, netmask: 202:202:202:202:202:202:202:202, broadcast: 303:303:303:303:303:303:303:303 }, link_speed: 0 })
        CloseX at 1 of 2 on 7 flags 0: [[0, 0, 0, 0, 0, 0, 0, 0], [3, 0, 0, 0, 0, 0, 0, 0]]
    "#]].assert_eq(&read(&blocks));
}

#[test]
fn users_and_groups_of_both_versions_are_read() {
    let user =
        [&[0u8, 1, 0, 0, 0, 2, 0, 0, 0][..], &string(b"bin"), &string(b"/bin"), &string(b"")];
    let user = user.concat();
    let group = [&[1u8, 2, 0, 0, 0][..], &string(b"adm")].concat();
    let old = [&user[..], &group].concat();
    let new = [sized(&user), sized(&[&group[..], b"new"].concat())].concat();
    let blocks = [section(), block(0x206, &old), block(0x220, &new), close_event()];
    expect![[r#"
        Section
        User(UserEntry { uid: 1, gid: 2, name: [98, 105, 110], home: [47, 98, 105, 110], shell: [] })
        Group(GroupEntry { gid: 2, name: [97, 100, 109] })
        User(UserEntry { uid: 1, gid: 2, name: [98, 105, 110], home: [47, 98, 105, 110], shell: [] })
        Group(GroupEntry { gid: 2, name: [97, 100, 109] })
        CloseX at 1 of 2 on 7 flags 0: [[0, 0, 0, 0, 0, 0, 0, 0], [3, 0, 0, 0, 0, 0, 0, 0]]
    "#]].assert_eq(&read(&blocks));
}

/// One entry of an fd list: number 3, inode 4.
fn fd(kind: u8, payload: &[u8]) -> Vec<u8> {
    [&3u64.to_le_bytes()[..], &4u64.to_le_bytes(), &[kind], payload].concat()
}

fn fds() -> Vec<Vec<u8>> {
    let tuple_4 = [&[127, 0, 0, 1, 10, 0, 0, 1][..], &[1, 0, 2, 0, 2]].concat();
    let tuple_6 = [&[1; 16][..], &[2; 16], &[1, 0, 2, 0, 3]].concat();
    let unix = [&[1; 8][..], &[2; 8], &string(b"/run/x")].concat();
    let file = [&[1, 0, 0, 0][..], &string(b"/etc/x")].concat();
    vec![
        fd(0, &[]),
        fd(1, &string(b"file")),
        fd(3, &tuple_4),
        fd(4, &tuple_6),
        fd(5, &[127, 0, 0, 1, 80, 0, 2]),
        fd(6, &[[1; 16].as_slice(), &[80, 0, 2]].concat()),
        fd(8, &unix),
        fd(16, &file),
        fd(21, &string(b"[pidfd]")),
    ]
}

#[test]
fn fds_without_length_are_read() {
    let body = [&9u64.to_le_bytes()[..], &fds().concat()].concat();
    expect![[r#"
        Section
        Fd(FdEntry { tid: 9, fd: 3, ino: 4, kind: 0, detail: Nothing })
        Fd(FdEntry { tid: 9, fd: 3, ino: 4, kind: 1, detail: Named([102, 105, 108, 101]) })
        Fd(FdEntry { tid: 9, fd: 3, ino: 4, kind: 3, detail: Ipv4 { source: 127.0.0.1, source_port: 1, destination: 10.0.0.1, destination_port: 2, l4proto: 2 } })
        Fd(FdEntry { tid: 9, fd: 3, ino: 4, kind: 4, detail: Ipv6 { source: 101:101:101:101:101:101:101:101, source_port: 1, destination: 202:202:202:202:202:202:202:202, destination_port: 2, l4proto: 3 } })
        Fd(FdEntry { tid: 9, fd: 3, ino: 4, kind: 5, detail: Ipv4Server { ip: 127.0.0.1, port: 80, l4proto: 2 } })
        Fd(FdEntry { tid: 9, fd: 3, ino: 4, kind: 6, detail: Ipv6Server { ip: 101:101:101:101:101:101:101:101, port: 80, l4proto: 2 } })
        Fd(FdEntry { tid: 9, fd: 3, ino: 4, kind: 8, detail: Unix { source: 72340172838076673, destination: 144680345676153346, path: [47, 114, 117, 110, 47, 120] } })
        Fd(FdEntry { tid: 9, fd: 3, ino: 4, kind: 16, detail: File { open_flags: 1, name: [47, 101, 116, 99, 47, 120], device: 0 } })
        Fd(FdEntry { tid: 9, fd: 3, ino: 4, kind: 21, detail: Named([91, 112, 105, 100, 102, 100, 93]) })
        CloseX at 1 of 2 on 7 flags 0: [[0, 0, 0, 0, 0, 0, 0, 0], [3, 0, 0, 0, 0, 0, 0, 0]]
    "#]].assert_eq(&read(&[section(), block(0x203, &body), close_event()]));
}

#[test]
fn fds_with_length_are_read_and_newer_ones_skipped() {
    let mut body = 9u64.to_le_bytes().to_vec();
    for fd in fds() {
        body.extend(sized(&fd));
    }
    body.extend(sized(&fd(16, &[&[1, 0, 0, 0][..], &string(b"/etc/x"), &[8, 0, 0, 0]].concat())));
    body.extend(sized(&fd(99, &[1; 50])));
    expect![[r#"
        Section
        Fd(FdEntry { tid: 9, fd: 3, ino: 4, kind: 0, detail: Nothing })
        Fd(FdEntry { tid: 9, fd: 3, ino: 4, kind: 1, detail: Named([102, 105, 108, 101]) })
        Fd(FdEntry { tid: 9, fd: 3, ino: 4, kind: 3, detail: Ipv4 { source: 127.0.0.1, source_port: 1, destination: 10.0.0.1, destination_port: 2, l4proto: 2 } })
        Fd(FdEntry { tid: 9, fd: 3, ino: 4, kind: 4, detail: Ipv6 { source: 101:101:101:101:101:101:101:101, source_port: 1, destination: 202:202:202:202:202:202:202:202, destination_port: 2, l4proto: 3 } })
        Fd(FdEntry { tid: 9, fd: 3, ino: 4, kind: 5, detail: Ipv4Server { ip: 127.0.0.1, port: 80, l4proto: 2 } })
        Fd(FdEntry { tid: 9, fd: 3, ino: 4, kind: 6, detail: Ipv6Server { ip: 101:101:101:101:101:101:101:101, port: 80, l4proto: 2 } })
        Fd(FdEntry { tid: 9, fd: 3, ino: 4, kind: 8, detail: Unix { source: 72340172838076673, destination: 144680345676153346, path: [47, 114, 117, 110, 47, 120] } })
        Fd(FdEntry { tid: 9, fd: 3, ino: 4, kind: 16, detail: File { open_flags: 1, name: [47, 101, 116, 99, 47, 120], device: 0 } })
        Fd(FdEntry { tid: 9, fd: 3, ino: 4, kind: 21, detail: Named([91, 112, 105, 100, 102, 100, 93]) })
        Fd(FdEntry { tid: 9, fd: 3, ino: 4, kind: 16, detail: File { open_flags: 1, name: [47, 101, 116, 99, 47, 120], device: 8 } })
        Fd(FdEntry { tid: 9, fd: 3, ino: 4, kind: 99, detail: Unrecognized })
        CloseX at 1 of 2 on 7 flags 0: [[0, 0, 0, 0, 0, 0, 0, 0], [3, 0, 0, 0, 0, 0, 0, 0]]
    "#]].assert_eq(&read(&[section(), block(0x218, &body), close_event()]));
}
