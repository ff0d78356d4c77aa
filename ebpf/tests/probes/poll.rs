//! `poll`, `ppoll`, `epoll_wait`, `select`.

use std::os::{
    fd::{AsFd, AsRawFd},
    unix::net::UnixStream,
};

use nix::{
    poll::{PollFd, PollFlags, ppoll},
    sys::{
        signal::{SigSet, Signal},
        time::{TimeSpec, TimeValLike},
    },
};

use crate::harness::record;

fn polled(list: &[(i64, u16)]) -> Vec<u8> {
    let mut bytes = u16::try_from(list.len()).unwrap().to_le_bytes().to_vec();
    for (fd, events) in list {
        bytes.extend(fd.to_le_bytes());
        bytes.extend(events.to_le_bytes());
    }
    bytes
}

#[test]
fn ppoll_tells_what_is_ready() {
    let (one, other) = UnixStream::pair().unwrap();
    drop(other);
    // POLLRDHUP has no name in nix.
    let flags = PollFlags::POLLIN | PollFlags::from_bits_retain(0x2000) | PollFlags::POLLOUT;
    let mut mask = SigSet::empty();
    mask.add(Signal::SIGUSR1);
    let action = || {
        let mut fds = [PollFd::new(one.as_fd(), flags)];
        ppoll(&mut fds, Some(TimeSpec::milliseconds(1500)), Some(mask)).unwrap();
    };
    let Some(seen) = record(&["ppoll"], action) else { return };

    let [event] = &seen[..] else { panic!("{seen:?}") };
    let ready = 1 | 4 | 8 | 32; // IN, OUT, RDHUP, HUP
    assert_eq!(event.number("res"), 1);
    assert_eq!(event.bytes("fds"), polled(&[(one.as_raw_fd().into(), ready)]));
    // The kernel writes back what is left.
    assert!((1..=1_500_000_000).contains(&event.number("timeout")), "{}", event.show());
    assert_eq!(event.number("sigmask"), 1 << 9);
}

#[test]
fn sixteen_descriptors_are_told() {
    let (one, _other) = UnixStream::pair().unwrap();
    let action = || {
        let mut fds = [(); 17].map(|()| PollFd::new(one.as_fd(), PollFlags::POLLIN));
        ppoll(&mut fds, Some(TimeSpec::seconds(0)), None).unwrap();
    };
    let Some(seen) = record(&["ppoll"], action) else { return };

    let [event] = &seen[..] else { panic!("{seen:?}") };
    assert_eq!(event.bytes("fds"), polled(&[(one.as_raw_fd().into(), 0); 16]));
    assert_eq!(event.number("sigmask"), 0);
}

/// arm64 has only those with a `p`.
#[cfg(target_arch = "x86_64")]
mod only_on_x86 {
    use super::*;
    use nix::{
        poll::{PollTimeout, poll},
        sys::epoll::{Epoll, EpollCreateFlags, EpollEvent},
    };

    #[test]
    fn poll_tells_the_timeout() {
        let (one, other) = UnixStream::pair().unwrap();
        std::io::Write::write_all(&mut &other, b"x").unwrap();
        let action = || {
            let mut fds = [PollFd::new(one.as_fd(), PollFlags::POLLIN)];
            poll(&mut fds, PollTimeout::NONE).unwrap();
            poll(&mut [], PollTimeout::from(3_u8)).unwrap();
        };
        let Some(seen) = record(&["poll"], action) else { return };

        let [ready, empty] = &seen[..] else { panic!("{seen:?}") };
        assert_eq!(ready.number("res"), 1);
        assert_eq!(ready.bytes("fds"), polled(&[(one.as_raw_fd().into(), 1)]));
        assert_eq!(ready.number("timeout"), 0xffff_ffff, "-1 as Falco has it");
        assert_eq!(empty.show(), "PollX res=0 fds=\"\\x00\\x00\" timeout=3");
    }

    #[test]
    fn epoll_wait_tells_how_many() {
        let epoll = Epoll::new(EpollCreateFlags::empty()).unwrap();
        let action = || {
            epoll.wait(&mut [EpollEvent::empty(); 7], 0_u8).unwrap();
        };
        let Some(seen) = record(&["epoll_wait"], action) else { return };

        let [event] = &seen[..] else { panic!("{seen:?}") };
        assert_eq!(event.show(), "EpollwaitX res=0 maxevents=7");
    }
}
