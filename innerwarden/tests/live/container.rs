//! A container of `runc` for one action.

use serde_json::{Value, json};

/// What Docker gives, as far as actions may need it.
const CAPABILITIES: [&str; 10] = [
    "CAP_CHOWN",
    "CAP_DAC_OVERRIDE",
    "CAP_FOWNER",
    "CAP_FSETID",
    "CAP_KILL",
    "CAP_MKNOD",
    "CAP_NET_RAW",
    "CAP_SETGID",
    "CAP_SETUID",
    "CAP_SYS_CHROOT",
];

/// A container: where its files are and what runs in it.
pub(crate) struct Container<'a> {
    /// 64 hexadecimal digits.
    pub(crate) id: &'a str,
    pub(crate) root: &'a str,
    /// The value of `IW_ACTION`.
    pub(crate) mark: &'a str,
    pub(crate) script: &'a str,
    pub(crate) capabilities: &'a [String],
    pub(crate) has_terminal: bool,
}

impl Container<'_> {
    /// Its `config.json`. The network is the stage's; the cgroup is named as Docker does it with systemd.
    pub(crate) fn config(&self) -> Value {
        let capabilities: Vec<_> =
            CAPABILITIES.into_iter().chain(self.capabilities.iter().map(String::as_str)).collect();
        let namespaces: Vec<_> =
            ["pid", "mount", "ipc", "uts"].map(|it| json!({ "type": it })).to_vec();
        json!({
            "ociVersion": "1.0.2",
            "hostname": "box",
            "root": { "path": self.root },
            "process": {
                "terminal": self.has_terminal,
                "user": { "uid": 0, "gid": 0 },
                "args": ["/bin/sh", "-c", self.script],
                "env": [format!("IW_ACTION={}", self.mark), "PATH=/bin", "HOME=/root"],
                "cwd": "/",
                "capabilities": {
                    "bounding": capabilities, "effective": capabilities, "permitted": capabilities,
                },
            },
            "mounts": [
                { "destination": "/proc", "type": "proc", "source": "proc" },
                { "destination": "/dev", "type": "tmpfs", "source": "tmpfs" },
                { "destination": "/dev/pts", "type": "devpts", "source": "devpts",
                  "options": ["newinstance", "ptmxmode=0666", "mode=0620"] },
            ],
            "linux": {
                "cgroupsPath": format!("/docker-{}.scope", self.id),
                "namespaces": namespaces,
                "resources": { "devices": [{ "allow": true, "access": "rwm" }] },
            },
        })
    }
}
