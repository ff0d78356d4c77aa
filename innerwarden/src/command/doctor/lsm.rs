//! Which security modules are active, and whether the kernel is locked down.

use super::{
    finding::Finding,
    place::{Place, read},
};

/// Looks into `/sys/kernel/security`.
pub(super) fn look(place: &Place) -> Vec<Finding> {
    let security = place.sys.join("kernel/security");
    vec![
        modules(read(&security.join("lsm")).ok().as_deref()),
        lockdown(read(&security.join("lockdown")).ok().as_deref()),
    ]
}

fn modules(list: Option<&str>) -> Finding {
    let Some(list) = list.map(str::trim).filter(|it| !it.is_empty()) else {
        return Finding::ok("/sys/kernel/security/lsm is not there: no module can be told");
    };
    let bpf = if list.split(',').any(|it| it == "bpf") {
        "`bpf` is active"
    } else {
        "`bpf` is not active, and nothing needs it yet"
    };
    Finding::ok(format!("{list}; {bpf}"))
}

fn lockdown(text: Option<&str>) -> Finding {
    // As in `none [integrity] confidentiality`.
    let mode = text.and_then(|it| it.split_once('[')).and_then(|(_, it)| it.split_once(']'));
    match mode.map(|(mode, _)| mode) {
        None => Finding::ok("no lockdown"),
        Some("confidentiality") => Finding::missing(
            "lockdown: confidentiality",
            "no events: nothing may read memory of the kernel, probes included",
            "boot with lockdown=integrity",
        ),
        Some(mode) => Finding::ok(format!("lockdown: {mode}")),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::command::doctor::finding::lines;

    #[test]
    fn modules_are_named() {
        let lists = [None, Some(""), Some("capability,yama,bpf\n"), Some("capability,selinux")];
        expect![[r"
            ok | /sys/kernel/security/lsm is not there: no module can be told
            ok | /sys/kernel/security/lsm is not there: no module can be told
            ok | capability,yama,bpf; `bpf` is active
            ok | capability,selinux; `bpf` is not active, and nothing needs it yet"]]
        .assert_eq(&lines(&lists.map(modules)));
    }

    #[test]
    fn only_confidentiality_is_in_the_way() {
        let texts = [
            None,
            Some("[none] integrity confidentiality\n"),
            Some("none [integrity] confidentiality\n"),
            Some("none integrity [confidentiality]\n"),
            Some("["),
        ];
        expect![[r"
            ok | no lockdown
            ok | lockdown: none
            ok | lockdown: integrity
            missing | lockdown: confidentiality | no events: nothing may read memory of the kernel, probes included | boot with lockdown=integrity
            ok | no lockdown"]]
        .assert_eq(&lines(&texts.map(lockdown)));
    }
}
