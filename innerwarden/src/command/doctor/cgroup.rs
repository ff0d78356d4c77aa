//! How control groups are mounted: containers are recognised by them.

use super::{finding::Finding, place::Place};

/// Looks at the mounts of this process and at the groups that it is in.
pub(super) fn look(place: &Place) -> Vec<Finding> {
    vec![judge(&place.proc("self/mountinfo"), &place.proc("self/cgroup"))]
}

fn judge(mounts: &str, own: &str) -> Finding {
    let kinds = || mounts.lines().filter_map(filesystem);
    let (v1, v2) = (kinds().any(|it| it == "cgroup"), kinds().any(|it| it == "cgroup2"));
    let layout = match (v1, v2) {
        (true, true) => "hybrid (v1 and v2)",
        (true, false) => "v1",
        (false, true) => "v2",
        (false, false) => "not mounted",
    };
    let of_v2 = own.lines().find_map(|it| it.strip_prefix("0::"));
    let longest = own.lines().filter_map(|it| it.splitn(3, ':').nth(2)).max_by_key(|it| it.len());
    // In hybrid layouts, the group that tells most is often one of v1.
    let own = match layout {
        "v2" => of_v2.or(longest),
        _ => longest.or(of_v2),
    };
    let own = own.unwrap_or("unknown");
    if own == "unknown" {
        return Finding::limited(
            format!("{layout}, no group in /proc/self/cgroup"),
            "containers are not recognised",
            "use a kernel with CONFIG_CGROUPS=y",
        );
    }
    Finding::ok(format!("{layout}, own group {own}"))
}

/// The type of filesystem of a line of `mountinfo`: the first word after the lone hyphen.
fn filesystem(line: &str) -> Option<&str> {
    line.split_once(" - ")?.1.split(' ').next()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::command::doctor::finding::lines;

    #[test]
    fn layouts_are_told_apart() {
        const V1: &str = "35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n";
        const V2: &str = "41 31 0:38 / /sys/fs/cgroup rw,relatime shared:9 - cgroup2 cgroup2 rw\n";
        let both = [V1, V2].concat();
        let findings = [
            judge(V1, "4:memory:/docker/abc\n1:cpu:/\n"),
            judge(V2, "0::/system.slice/innerwarden.service\n"),
            judge(&both, "4:memory:/a/b\n0::/\n"),
            judge("", "0::/\n"),
            judge("nonsense - \n -", "nonsense"),
        ];
        expect![[r"
            ok | v1, own group /docker/abc
            ok | v2, own group /system.slice/innerwarden.service
            ok | hybrid (v1 and v2), own group /a/b
            ok | not mounted, own group /
            limited | not mounted, no group in /proc/self/cgroup | containers are not recognised | use a kernel with CONFIG_CGROUPS=y"]]
        .assert_eq(&lines(&findings));
    }
}
