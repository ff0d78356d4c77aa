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
    ("container_engines", &["docker", "cri", "podman", "lxc", "libvirt_lxc", "bpm"]),
    ("engine", &["kind", "kmod", "modern_ebpf", "replay", "nodriver"]),
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
    ("http_output", &["*"]),
    ("json_include_message_property", &[]),
    ("json_include_output_fields_property", &[]),
    ("json_include_output_property", &[]),
    ("json_include_tags_property", &[]),
    ("json_output", &[]),
    ("libs_logger", &["enabled", "severity"]),
    ("load_plugins", &[]),
    ("log_level", &[]),
    ("log_stderr", &[]),
    ("log_syslog", &[]),
    ("metrics", &["*"]),
    ("output_timeout", &[]),
    ("outputs_queue", &["capacity"]),
    ("plugins", &["name", "library_path", "init_config", "open_params"]),
    ("plugins_hostinfo", &[]),
    ("priority", &[]),
    ("program_output", &["enabled", "program", "keep_alive"]),
    ("rule_matching", &[]),
    ("rules", &["enable", "disable"]),
    ("rules_file", &[]),
    ("rules_files", &[]),
    ("static_fields", &["*"]),
    ("stdout_output", &["enabled"]),
    ("syscall_event_drops", &["threshold", "actions", "rate", "max_burst", "simulate_drops"]),
    ("syscall_event_timeouts", &["max_consecutives"]),
    ("syslog_output", &["enabled"]),
    ("time_format_iso_8601", &[]),
    ("watch_config_files", &[]),
    ("webserver", &["*"]),
];

/// The keys of `root` that Falco does not know, as paths, in order.
pub(crate) fn unknown_keys(root: &Node) -> Vec<String> {
    let mut unknown = Vec::new();
    for (key, value) in entries(root) {
        match KEYS.iter().find(|(name, _)| name == key) {
            None => unknown.push(key.clone()),
            Some((_, known)) => match &value.content {
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

fn check_below(path: &str, node: &Node, known: &[&str], unknown: &mut Vec<String>) {
    if known.contains(&"*") {
        return;
    }
    for (key, _) in entries(node) {
        if !known.contains(&key.as_str()) {
            unknown.push(format!("{path}.{key}"));
        }
    }
}

fn entries(node: &Node) -> &[(String, Node)] {
    match &node.content {
        Content::Map(entries) => entries,
        Content::Null | Content::Scalar(_) | Content::Sequence(_) => &[],
    }
}
