//! A wall clock that is set while the probes run.

use std::{env, ops::ControlFlow};

use ebpf::{ProbeConfig, Selection};
use nix::{
    sys::time::TimeSpec,
    time::{ClockId, clock_gettime, clock_settime},
    unistd::chroot,
};

use crate::harness::{alone, load_as};

fn now_s() -> i64 {
    clock_gettime(ClockId::CLOCK_REALTIME).unwrap().tv_sec()
}

#[test]
fn times_of_events_follow_a_clock_that_is_set() {
    if env::var_os("INNERWARDEN_SET_CLOCK").is_none() {
        println!("skipped: only the clock of a virtual machine may be set");
        return;
    }
    let _alone = alone();
    let mut selection = Selection::new();
    assert!(selection.add("chroot"));
    let Some(mut probes) = load_as(&ProbeConfig::default(), &selection) else { return };
    for step_s in [3600, -7200, 3600] {
        let set = TimeSpec::new(now_s() + step_s, 0);
        clock_settime(ClockId::CLOCK_REALTIME, set).unwrap();
        let followed_s = probes.follow_clock().unwrap() / 1_000_000_000;
        assert!(followed_s.abs_diff(step_s) <= 2, "{followed_s} for {step_s}");
        probes.drain(|_| ControlFlow::Continue(()));
        chroot("/no/such/folder").unwrap_err();
        let mut times_s = Vec::new();
        probes.drain(|event| {
            times_s.push(i64::try_from(event.time_ns / 1_000_000_000).unwrap());
            ControlFlow::Continue(())
        });
        assert!(times_s.iter().any(|time_s| time_s.abs_diff(now_s()) <= 5), "{times_s:?}");
    }
    // Less than a second is not followed, so times of events do not jump all the time.
    assert_eq!(probes.follow_clock().unwrap(), 0);
}
