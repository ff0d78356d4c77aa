//! Whether the kernel is new enough.

use super::{finding::Finding, place::Place};

/// The first kernel with ring buffers, and with `CAP_BPF` and `CAP_PERFMON`.
const OLDEST: (u32, u32) = (5, 8);

/// Looks at the kernel's release.
pub(super) fn look(place: &Place) -> Vec<Finding> {
    vec![judge(place.proc("sys/kernel/osrelease").trim())]
}

/// Major and minor number of a release such as `6.1.0-13-amd64`.
pub(super) fn version(release: &str) -> Option<(u32, u32)> {
    let mut parts = release.split(|it: char| !it.is_ascii_digit());
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

fn judge(release: &str) -> Finding {
    match version(release) {
        Some(version) if version >= OLDEST => Finding::ok(format!("Linux {release}")),
        Some(_) => Finding::missing(
            format!("Linux {release}; 5.8 or later is needed"),
            "no events: older kernels have no ring buffers",
            "use a newer kernel; tests run in 5.10, 6.1, 6.12 and later ones",
        ),
        None => Finding::limited(
            format!("the release `{release}` has no version in it"),
            "",
            "see below whether the probes can be loaded",
        ),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::command::doctor::finding::lines;

    #[test]
    fn releases_are_compared_by_number() {
        let releases =
            ["6.1.0-13-amd64", "5.8", "5.10.0", "5.7.19", "4.18.0-477.el8", "", "x.y", "99"];
        expect![[r"
            ok | Linux 6.1.0-13-amd64
            ok | Linux 5.8
            ok | Linux 5.10.0
            missing | Linux 5.7.19; 5.8 or later is needed | no events: older kernels have no ring buffers | use a newer kernel; tests run in 5.10, 6.1, 6.12 and later ones
            missing | Linux 4.18.0-477.el8; 5.8 or later is needed | no events: older kernels have no ring buffers | use a newer kernel; tests run in 5.10, 6.1, 6.12 and later ones
            limited | the release `` has no version in it | see below whether the probes can be loaded
            limited | the release `x.y` has no version in it | see below whether the probes can be loaded
            limited | the release `99` has no version in it | see below whether the probes can be loaded"]]
        .assert_eq(&lines(&releases.map(judge)));
    }
}
