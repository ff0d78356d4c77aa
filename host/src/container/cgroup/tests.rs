//! Tests of container ids in cgroups.

use proptest::prelude::*;

use super::*;

const HEX: &str = "7951fb549ab99e0722a949b6c121634e1f3a36b5bacbe5392991e3b12251e6b8";

/// `{id}` in `path` stands for 64 hex digits; `expected` is `id` or `id kind`, or `host`.
#[track_caller]
fn check(path: &str, expected: &str) {
    let path = path.replace("{id}", HEX);
    let actual = match container_of(path.as_bytes()) {
        None => "host".to_owned(),
        Some(Match { id, bare_kind: None, .. }) => String::from_utf8_lossy(id).into_owned(),
        Some(Match { id, bare_kind: Some(kind), .. }) => {
            format!("{} {kind}", String::from_utf8_lossy(id))
        }
    };
    assert_eq!(actual, expected, "{path}");
}

#[test]
fn podman_layouts() {
    check("/machine.slice/libpod-{id}.scope", "7951fb549ab9");
    check("/machine.slice/libpod-{id}.scope/container", "7951fb549ab9");
    check("/libpod-{id}", "7951fb549ab9");
    check("/user.slice/user-1000.slice/user@1000.service/libpod-{id}", "7951fb549ab9");
    check("/system.slice/x@mon.ip-10-0-25-96.service/libpod-payload-{id}", "7951fb549ab9");
    check("/system.slice/x.service/libpod-payload-{id}.scope", "7951fb549ab9");
    check("/user.slice/user-1000.slice/user@1000.service/libpod-{id}g", "host");
    check("/user.slice/user-1000.slice/user@1000.service/libpod-{id}{id}", "host");
    check("/machine.slice/libpod-conmon-{id}.scope", "host");
}

#[test]
fn docker_layouts() {
    check("/docker/{id}", "7951fb549ab9");
    check("/system.slice/docker-{id}.scope", "7951fb549ab9");
    check("/{id}", "7951fb549ab9");
    check("/system.slice/docker.service", "host");
    check("/docker", "host");
    check("/", "host");
    check("", "host");
}

#[test]
fn a_child_cgroup_of_a_docker_scope_is_the_container() {
    check("/system.slice/docker-{id}.scope/anything", "7951fb549ab9");
}

#[test]
fn a_child_cgroup_of_a_docker_directory_is_the_host() {
    check("/docker/{id}/init.scope", "host");
}

#[test]
fn kubernetes_layouts() {
    check("/kubepods/besteffort/podac04f3f2-1f2c-11e9/{id}", "7951fb549ab9");
    check("/kubepods/besteffort/pod63b3ebfc/crio-{id}", "7951fb549ab9");
    check("/kubepods.slice/kubepods-pod1.slice/crio-{id}.scope", "7951fb549ab9");
    check("/kubepods.slice/kubepods-pod1.slice/cri-containerd-{id}.scope", "7951fb549ab9");
    check("/kubepods-burstable-podbd12dd33.slice:cri-containerd:{id}", "7951fb549ab9");
    check("/system.slice/nerdctl-{id}.scope", "7951fb549ab9");
    check("/k8s.io/{id}", "7951fb549ab9");
    check("/kubepods.slice/kubepods-burstable.slice", "host");
    check("/kubepods.slice/kubepods-pod1.slice/crio-conmon-{id}.scope", "host");
}

#[test]
fn beyond_the_64th_byte_of_a_path_digits_are_not_checked() {
    let unit = "kubelet-with-a-name-that-happens-to-be-sixty-four-bytes-x.service";
    let unit = &unit[1..];
    assert_eq!(unit.len(), 64);
    check(&format!("/{}/{unit}", "s".repeat(64)), "ubelet-with-");
    check(&format!("/@/{unit}"), "host");
}

#[test]
fn containerd_layouts() {
    check("/default/test_container", "test_contain");
    check("/my_very_long_namespace-1.5/test_container", "test_contain");
    check("/default/abcdef123456", "abcdef123456");
    check("/my.namespace/container.name", "container.na");
    check("/default/service.container", "service.cont");
    check("/default/a", "a");
    check("/k8s.io/my-test_container", "my-test_cont");
    check("/a/a/b", "b");
    check("/user@1000.service/ns/x", "x");
    check("/lxc/mylxc", "mylxc");
}

#[test]
fn systemd_units_are_not_containerd_containers() {
    check("/default/some_short_id.service", "host");
    check("/default/some_short_id.slice", "host");
    check("/default/some_short_id.scope", "host");
    check("/namespace/.service", "host");
    check("/user.slice/user-1000.slice/session-2.scope", "host");
    check("/user.slice/user-1000.slice/user@1000.service/init.scope", "host");
    check("/system.slice/cron.service", "host");
    check("/init.scope", "host");
    check("/system.slice", "host");
    check("/a..b/x", "host");
    check("/-a/x", "host");
}

#[test]
fn lxc_layouts() {
    check("/lxc.payload.web", "web 1");
    check("/a@b.service/lxc.payload.web", "web 1");
    check("/@/lxc/web", "web");
    check("/lxc.payload.web.slice", "web.slice 1");
    check("/init@/lxc.payload.web/x.service", "web 1");
    check("/lxc.monitor.web", "host");
}

#[test]
fn libvirt_lxc_layouts() {
    check("/web.libvirt-lxc", "web 2");
    check(r"/machine.slice/machine-lxc\x2d5-foo.scope", "5-foo 2");
    check(
        r"/machine.slice/machine-lxc\x2d2293906\x2dlibvirt\x2dcontainer.scope/libvirt",
        r"machine-lxc\",
    );
    check(
        r"/machine@slice/machine-lxc\x2d2293906\x2dlibvirt\x2dcontainer.scope/libvirt",
        r"2293906\x2dlibvirt\x2dcontainer 2",
    );
    check(r"/machine.slice/machine-lxc\x2.scope", "scope 2");
    // The lxc matcher, which comes first, knows the old layout too.
    check("/a@b/libvirt/lxc/web.scope", "web.scope 1");
    check(r"/machine.slice/machine-qemu\x2d5-foo.scope", "host");
}

#[test]
fn bpm_layouts() {
    check("/bpm-web", "web 9");
    check("/system.slice/bpm-web.job.scope", "web.job 9");
    check("/system.slice/bpm-.scope", "host");
    check("/system.slice/bpm-w@b.scope", "host");
}

proptest! {
    #[test]
    fn never_panics_and_ids_are_never_empty(path in any::<Vec<u8>>()) {
        let found = container_of(&path);
        prop_assert!(found.is_none_or(|found| !found.id.is_empty()));
    }

    #[test]
    fn never_panics_on_likely_paths(
        path in r"(/|lxc|\.scope|libvirt|-lxc\\x2|bpm-|\.libvirt-lxc|libpod-|[a-f0-9]{12,70}|\.|default){0,9}"
    ) {
        let found = container_of(path.as_bytes());
        prop_assert!(found.is_none_or(|found| !found.id.is_empty()));
    }
}
