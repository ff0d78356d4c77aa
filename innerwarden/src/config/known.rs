//! The keys that Falco 0.44.1 knows.

use crate::document::{Content, Node};

/// Every key and, below it, the keys that it may hold. `*` stands for anything.
const KEYS: &[(&str, &[&str])] = &[
    ("append_output", &["match", "extra_output", "extra_fields", "suggested_output"]),
    ("base_syscalls", &["custom_set", "repair", "all"]),
    ("buffer_format_base64", &[]),
    ("buffered_outputs", &[]),
    ("capture", &["enabled", "path_prefix", "mode", "default_duration", "max_file_size_mb"]),
    ("config_files", &["path", "strategy"]),
    ("container_metadata", &["wait_ms"]), // ours
    ("container_engines", &["docker", "cri", "podman", "lxc", "libvirt_lxc", "bpm"]),
    ("engine", &["kind", "kmod", "modern_ebpf", "replay", "nodriver"]),
    ("engine.kmod", &["buf_size_preset", "drop_failed_exit"]),
    (
        "engine.modern_ebpf",
        &[
            "cpus_for_each_buffer",
            "buf_size_preset",
            "drop_failed_exit",
            "disable_iterators",
            "attach",    // ours
            "push_down", // ours
        ],
    ),
    ("engine.replay", &["capture_file"]),
    (
        "falco_libs",
        &[
            "thread_table_size",
            "thread_table_auto_purging_interval_s",
            "thread_table_auto_purging_thread_timeout_s",
            "snaplen",
        ],
    ),
    ("file_output", &["enabled", "filename", "keep_alive"]),
    (
        "http_output",
        &[
            "enabled",
            "url",
            "user_agent",
            "insecure",
            "ca_cert",
            "ca_bundle",
            "ca_path",
            "mtls",
            "client_cert",
            "client_key",
            "echo",
            "compress_uploads",
            "keep_alive",
            "max_consecutive_timeouts",
        ],
    ),
    ("json_include_message_property", &[]),
    ("json_include_output_fields_property", &[]),
    ("json_include_output_property", &[]),
    ("json_include_tags_property", &[]),
    ("json_output", &[]),
    ("kubernetes", &["node", "kubeconfig"]), // ours
    ("libs_logger", &["enabled", "severity"]),
    ("load_plugins", &[]),
    ("log_level", &[]),
    ("log_stderr", &[]),
    ("log_syslog", &[]),
    (
        "metrics",
        &[
            "enabled",
            "interval",
            "output_rule",
            "output_file",
            "rules_counters_enabled",
            "resource_utilization_enabled",
            "state_counters_enabled",
            "kernel_event_counters_enabled",
            "kernel_event_counters_per_cpu_enabled",
            "libbpf_stats_enabled",
            "plugins_metrics_enabled",
            "kernel_iter_event_counters_enabled",
            "jemalloc_stats_enabled",
            "convert_memory_to_mb",
            "include_empty_values",
        ],
    ),
    ("output_timeout", &[]),
    ("outputs_queue", &["capacity"]),
    ("plugins", &["name", "library_path", "init_config", "open_params"]),
    ("plugins_hostinfo", &[]),
    ("priority", &[]),
    ("privileges", &[]), // ours
    ("program_output", &["enabled", "program", "keep_alive"]),
    ("rule_matching", &[]),
    ("rules", &["enable", "disable"]),
    ("rules_file", &[]),
    ("rules_files", &[]),
    ("static_fields", &["*"]),
    ("stdout_output", &["enabled"]),
    ("syscall_event_drops", &["threshold", "actions", "rate", "max_burst", "simulate_drops"]),
    ("syscall_event_timeouts", &["max_consecutives"]),
    ("syslog_output", &["enabled", "socket" /* ours */]),
    ("time_format_iso_8601", &[]),
    ("watch_config_files", &[]),
    (
        "webserver",
        &[
            "enabled",
            "threadiness",
            "listen_port",
            "listen_address",
            "k8s_healthz_endpoint",
            "prometheus_metrics_enabled",
            "ssl_enabled",
            "ssl_certificate",
        ],
    ),
];

/// A key that nobody knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct UnknownKey {
    /// As `-o` would write it.
    pub(super) path: String,
    /// Where it is; 0 when it came from the command line.
    pub(super) line: usize,
}

/// The keys of `root` that neither Falco nor we know, in order.
pub(super) fn unknown_keys(root: &Node) -> Vec<UnknownKey> {
    let mut unknown = Vec::new();
    for (key, value) in entries(root) {
        // Paths within a section are in the table too; they are no keys of their own.
        match known(key).filter(|_| !key.contains('.')) {
            None => unknown.push(UnknownKey { path: key.clone(), line: value.line }),
            Some(known) => match &value.content {
                Content::Sequence(items) => {
                    for (index, item) in items.iter().enumerate() {
                        check_below(&format!("{key}[{index}]"), item, known, &mut unknown);
                    }
                }
                Content::Null | Content::Scalar(_) | Content::Map(_) => {
                    check_below(key, value, known, &mut unknown);
                }
            },
        }
    }
    unknown
}

/// All keys and the keys that they hold, as paths.
#[cfg(test)]
pub(super) fn paths() -> Vec<String> {
    let below = |(key, below): &(&str, &[&str])| {
        let below = below.iter().filter(|it| **it != "*").map(|it| format!("{key}.{it}"));
        [(*key).to_owned()].into_iter().chain(below).collect::<Vec<_>>()
    };
    KEYS.iter().flat_map(below).collect()
}

fn known(path: &str) -> Option<&'static [&'static str]> {
    KEYS.iter().find(|(name, _)| *name == path).map(|(_, known)| *known)
}

fn check_below(path: &str, node: &Node, below: &[&str], unknown: &mut Vec<UnknownKey>) {
    if below.contains(&"*") {
        return;
    }
    for (key, value) in entries(node) {
        let path = format!("{path}.{key}");
        if !below.contains(&key.as_str()) {
            unknown.push(UnknownKey { path, line: value.line });
        } else if let Some(deeper) = known(&path) {
            check_below(&path, value, deeper, unknown);
        }
    }
}

fn entries(node: &Node) -> &[(String, Node)] {
    match &node.content {
        Content::Map(entries) => entries,
        Content::Null | Content::Scalar(_) | Content::Sequence(_) => &[],
    }
}
