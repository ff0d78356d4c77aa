//! What each file of `/proc` says, and that no bytes harm.

use std::{
    fmt::Write,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

use proptest::prelude::*;

use super::super::{
    account, cgroup, descriptor, machine, mount,
    socket::{Address, parse_ip, parse_netlink, parse_unix},
    stat, status, thread,
};

const STATUS: &[u8] = b"Name:\tevil\\nTgid:\t1\nUmask:\t0022\nState:\tS (sleeping)\nTgid:\t10\nNgid:\t0\n\
Pid:\t11\nPPid:\t9\nTracerPid:\t0\nUid:\t1000\t1001\t1002\t1003\nGid:\t100\t101\t102\t103\nFDSize:\t64\n\
Groups:\t4 24 \nNStgid:\t10\t5\t1\nNSpid:\t11\t6\t2\nNSpgid:\t8\t4\t0\nNSsid:\t8\t4\t0\nVmSize:\t    2520 kB\n\
VmRSS:\t     900 kB\nVmSwap:\t       7 kB\nCapInh:\t0000000000000001\nCapPrm:\t000001ffffffffff\n\
CapEff:\t00000000a80425fb\n";

#[test]
fn status_has_the_ids_of_the_innermost_namespace() {
    let status = status::parse(STATUS).unwrap();
    assert_eq!((status.pid, status.ppid, status.vpid, status.vtid), (10, 9, 1, 2));
    assert_eq!((status.pgid, status.vpgid, status.pid_levels), (Some(8), 0, 3));
    assert_eq!((status.uid, status.gid), (1001, 101));
    assert_eq!((status.vm_size_kb, status.vm_rss_kb, status.vm_swap_kb), (2520, 900, 7));
    assert_eq!(
        [status.cap_inheritable, status.cap_permitted, status.cap_effective],
        [1, 0x1ff_ffff_ffff, 0xa804_25fb]
    );
}

#[test]
fn status_of_an_old_kernel_has_no_namespaces() {
    let status = status::parse(b"Tgid:\t10\nPid:\t11\nPPid:\t1\n").unwrap();
    assert_eq!((status.vtid, status.vpid, status.pid_levels, status.pgid), (11, 10, 1, None));
    assert_eq!((status.uid, status.gid), (u32::MAX, u32::MAX));
    assert_eq!(status::parse(b"Pid:\t11\n"), None);
}

#[test]
fn a_name_may_look_like_the_rest_of_stat() {
    let text = b"7 (a) S 1 (x)) R 1 2 3 34817 -1 4194304 55 0 66 0 1 2 3 4 20 0 1 0 777 1 2\n";
    let (comm, stat) = stat::parse(text).unwrap();
    assert_eq!(comm, b"a) S 1 (x)");
    assert_eq!((stat.state, stat.pgid, stat.sid, stat.tty), (b'R', 2, 3, 34817));
    assert_eq!((stat.pf_minor, stat.pf_major, stat.start_ticks), (55, 66, 777));
    assert!(!stat.is_kernel_thread());
}

#[test]
fn stat_without_all_fields_is_none() {
    for text in [&b""[..], b"7 (a", b"7 (a)", b"7 (a) R 1 2 3", b")(", b"7 a) R"] {
        assert_eq!(stat::parse(text), None);
    }
}

#[track_caller]
fn check_ip(line: &[u8], expected: Option<(&str, u16, &str, u16, u64)>) {
    let found = parse_ip(line).map(|(local, remote, ino)| {
        let [(local, local_port), (remote, remote_port)] = [local, remote].map(|it| match it {
            Address::V4(ip, port) => (IpAddr::V4(ip), port),
            Address::V6(ip, port) => (IpAddr::V6(ip), port),
        });
        (local.to_string(), local_port, remote.to_string(), remote_port, ino)
    });
    let expected = expected.map(|(l, lp, r, rp, ino)| (l.to_owned(), lp, r.to_owned(), rp, ino));
    assert_eq!(found, expected);
}

#[test]
fn tables_have_addresses_as_the_machine_holds_them() {
    check_ip(
        b"   1: 0100007F:1082 0200A8C0:01BB 01 00000000:00000000 00:00000000 00000000     0        0 449514 1",
        Some(("127.0.0.1", 0x1082, "192.168.0.2", 443, 449_514)),
    );
    check_ip(
        b"  12: B80D0120000000000000000001000000:0016 00000000000000000000000000000000:0000 0A \
          00000000:00000000 00:00000000 00000000     0        0 77 1",
        Some(("2001:db8::1", 22, "::", 0, 77)),
    );
    check_ip(b"  sl  local_address rem_address   st tx_queue rx_queue tr tm->when", None);
    check_ip(b"   1: 0100007F:1082 0200A8C0:01BB 01", None);
    check_ip(b"   1: 0100007G:1082 0200A8C0:01BB 01 a b c d e 7", None);
    check_ip(b"   1: 0100007F1:1082 0200A8C0:01BB 01 a b c d e 7", None);
}

#[test]
fn unix_sockets_have_any_path() {
    let line = b"00000000a8e06d2e: 00000003 00000000 00000000 0001 03  1057 /run/a b";
    assert_eq!(parse_unix(line), Some((0xa8e0_6d2e, 1057, &b"/run/a b"[..])));
    let line = b"00000000a8e06d2e: 00000003 00000000 00000000 0001 03  1057";
    assert_eq!(parse_unix(line), Some((0xa8e0_6d2e, 1057, &b""[..])));
    assert_eq!(parse_unix(b"Num       RefCount Protocol Flags    Type St Inode Path"), None);
}

#[test]
fn netlink_sockets_have_an_inode_only() {
    assert_eq!(
        parse_netlink(b"00000000b7bdce51 4   0          00000000 0        0        0     2        0        562"),
        Some(562)
    );
    assert_eq!(
        parse_netlink(
            b"sk               Eth Pid        Groups   Rmem  Wmem Dump Locks Drops Inode"
        ),
        None
    );
}

#[test]
fn mounts_have_device_layer_and_whether_they_are_read_only() {
    let (id, it) =
        mount::parse(b"36 35 98:4097 / /mnt rw,ro shared:1 master:2 - ext4 /dev/x rw,a=b").unwrap();
    assert_eq!(
        (id, it.device, it.read_only, it.overlay),
        (36, 98 << 8 | 1 | 0x100_0000, false, None)
    );
    let (_, it) = mount::parse(
        b"40 35 0:50 / / ro,relatime - overlay overlay ro,lowerdir=/l\\0721:/l2,upperdir=/var/a\\040b/diff,workdir=/w",
    )
    .unwrap();
    assert!(it.read_only);
    let overlay = it.overlay.unwrap();
    assert_eq!((overlay.point, overlay.root), (Vec::new(), Vec::new()));
    assert_eq!(overlay.upper.as_deref(), Some(&b"/var/a b/diff"[..]));
    assert_eq!(mount::root_kind(b"40 35 0:50 / / ro - fuse.x overlay ro"), Some(&b"fuse.x"[..]));
    assert_eq!(mount::parse(b"40 35 0 / /"), None);
}

#[test]
fn escapes_of_mounts_are_octal() {
    for (text, plain) in
        [("a\\040b", "a b"), ("\\", "\\"), ("\\04", "\\04"), ("\\779", "\\779"), ("\\777", "\\777")]
    {
        assert_eq!(mount::unescape(text.as_bytes()), plain.as_bytes());
    }
}

#[test]
fn cgroup_paths_may_have_colons() {
    assert_eq!(cgroup::parse(b"3:cpu,cpuacct:/a:b"), Some((&b"cpu,cpuacct"[..], &b"/a:b"[..])));
    assert_eq!(
        cgroup::parse(b"0::/k:cri-containerd:1"),
        Some((&b""[..], &b"/k:cri-containerd:1"[..]))
    );
    assert_eq!(cgroup::parse(b"0:"), None);
}

#[test]
fn groups_beside_our_own_are_found_from_the_root() {
    let own = Some(&b"/kube/pod/own"[..]);
    let check = |path: &str, own, expected: &str| {
        assert_eq!(String::from_utf8(cgroup::absolute(path.as_bytes(), own)).unwrap(), expected);
    };
    check("/", own, "/kube/pod/own");
    check("/inside", own, "/kube/pod/own/inside");
    check("/../other", own, "/kube/pod/other");
    check("/../../../system", own, "/system");
    check("/../../..", own, "/");
    check("/../../../../more", own, "/more");
    check("/..dots", own, "/kube/pod/own/..dots");
    check("/plain", None, "/plain");
    check("/", None, "/");
}

#[test]
fn fdinfo_has_flags_and_mount() {
    let info = descriptor::parse_info(b"pos:\t0\nflags:\t0102002\nmnt_id:\t28\nino:\t5\n");
    // O_RDWR, O_APPEND.
    assert_eq!((info.open_flags & 0b1011, info.mount), (0b1011, 28));
    assert_eq!(descriptor::parse_info(b""), descriptor::Info::default());
}

#[test]
fn limits_have_the_soft_one_first() {
    let line = b"Limit                     Soft Limit           Hard Limit           Units\n\
                 Max open files            1024                 524288               files\n";
    assert_eq!(thread::open_files(line), 1024);
    assert_eq!(
        thread::open_files(b"Max open files            unlimited unlimited files\n"),
        u64::MAX
    );
}

#[test]
fn accounts_are_as_glibc_reads_them() {
    let user = |line: &'static str| {
        account::parse_user(line.as_bytes())
            .map(|it| (it.uid, it.gid, [it.name, it.home, it.shell].map(String::from_utf8_lossy)))
    };
    let root = (0, 0, ["root", "/root", "/bin/sh"].map(Into::into));
    assert_eq!(user("root:x:0:0:Super User:/root:/bin/sh"), Some(root));
    assert_eq!(user("a:x:5:6"), Some((5, 6, ["a", "", ""].map(Into::into))));
    assert_eq!(user("+::::::"), Some((0, 0, ["+", "", ""].map(Into::into))));
    for line in [
        "# root:x:0:0::/:",
        "",
        "a",
        "a:x",
        "a:x:b:6:::",
        "a:x:5:",
        "a:x:-1:0:::",
        "a:x:99999999999:0:::",
    ] {
        assert_eq!(user(line), None, "{line}");
    }
    assert_eq!(
        account::parse_group(b"wheel:x:10:a,b").map(|it| (it.gid, it.name)),
        Some((10, &b"wheel"[..]))
    );
    assert_eq!(account::parse_group(b"wheel:x:ten:a,b"), None);
}

#[test]
fn the_machine_has_processors_and_a_start() {
    let text = b"cpu  1 2 3\ncpu0 1 2\ncpu1 1 2\nintr 5\nctxt 7\nbtime 1700000000\n";
    assert_eq!(machine::parse(text), (2, 1_700_000_000_000_000_000));
    assert_eq!(machine::parse(b""), (0, 0));
}

/// Lines that look like those of `/proc`, and any others.
fn text() -> impl Strategy<Value = Vec<u8>> {
    let word = prop_oneof![
        Just(b"Tgid:".to_vec()),
        Just(b"NSpid:\t".to_vec()),
        Just(b"flags:".to_vec()),
        Just(b"0100007F:0016".to_vec()),
        Just(b" ) R 1 2".to_vec()),
        Just(b"18446744073709551616".to_vec()),
        Just(b" - overlay x upperdir=\\".to_vec()),
        Just(b"\n".to_vec()),
        proptest::collection::vec(any::<u8>(), 0..8),
        "[0-9: /a-f]{0,12}".prop_map(String::into_bytes),
    ];
    proptest::collection::vec(word, 0..40).prop_map(|words| words.concat())
}

proptest! {
    #[test]
    fn no_text_harms(text in text()) {
        super::super::every_parser::parse(&text);
    }

    #[test]
    fn ipv4_addresses_read_as_the_kernel_writes_them(ip in any::<u32>(), port in any::<u16>()) {
        let ip = Ipv4Addr::from(ip);
        let raw = u32::from_ne_bytes(ip.octets());
        let line = format!("  1: {raw:08X}:{port:04X} 00000000:0000 01 0:0 0:0 0 0 0 9 1");
        check_ip(line.as_bytes(), Some((&ip.to_string(), port, "0.0.0.0", 0, 9)));
    }

    #[test]
    fn ipv6_addresses_read_as_the_kernel_writes_them(ip in any::<u128>(), port in any::<u16>()) {
        let ip = Ipv6Addr::from(ip);
        let octets = ip.octets();
        let mut raw = String::new();
        for word in octets.as_chunks::<4>().0 {
            write!(raw, "{:08X}", u32::from_ne_bytes(*word)).unwrap();
        }
        let line = format!("  1: {raw}:{port:04X} {raw}:0001 01 0:0 0:0 0 0 0 9 1");
        check_ip(line.as_bytes(), Some((&ip.to_string(), port, &ip.to_string(), 1, 9)));
    }
}
