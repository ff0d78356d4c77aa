//! Keys of Falco that a live engine does not use, and why.

use super::Dialect;
use crate::document::{Content, Node};

/// Path and reason.
const UNUSED: &[(&[&str], &str)] = &[
    (&["engine", "kmod"], "there is no kernel module, our own probes are used"),
    (&["engine", "modern_ebpf", "disable_iterators"], "/proc is read instead of iterators"),
    (&["capture"], "recording on a rule's match is not built"),
    (&["load_plugins"], "containers are built in, other plugins cannot be loaded"),
    (&["plugins"], "containers are built in, other plugins cannot be loaded"),
    (&["plugins_hostinfo"], "there are no plugins"),
    (&["container_engines"], "runtimes are found by their sockets"),
    (&["buffered_outputs"], "alerts are written at once"),
    (&["webserver", "threadiness"], "one thread serves all requests"),
    (&["libs_logger"], "there is one log, see `log_level`"),
    (&["syscall_event_timeouts"], "a quiet kernel is no fault"),
    (&["metrics", "resource_utilization_enabled"], "these metrics are always there"),
    (&["metrics", "state_counters_enabled"], "these metrics are always there"),
    (&["metrics", "kernel_event_counters_enabled"], "these metrics are always there"),
    (&["metrics", "kernel_event_counters_per_cpu_enabled"], "drops are counted by kind and reason"),
    (&["metrics", "libbpf_stats_enabled"], "`bpftool prog` shows them"),
    (&["metrics", "plugins_metrics_enabled"], "there are no plugins"),
    (&["metrics", "kernel_iter_event_counters_enabled"], "there are no iterators"),
    (&["metrics", "jemalloc_stats_enabled"], "jemalloc is not used"),
    (&["metrics", "convert_memory_to_mb"], "memory is in bytes"),
    (&["metrics", "include_empty_values"], "empty values are always there"),
    (&["falco_libs", "thread_table_auto_purging_interval_s"], "threads are removed when they exit"),
    (
        &["falco_libs", "thread_table_auto_purging_thread_timeout_s"],
        "threads are removed when they exit",
    ),
];

/// The keys of `root` without effect, with the reason of each.
pub(in crate::config) fn without_effect(
    root: &Node,
    dialect: Dialect,
) -> Vec<(String, &'static str)> {
    let mut found: Vec<_> = UNUSED
        .iter()
        .filter(|(path, _)| find(root, path).is_some_and(|it| it.content != Content::Null))
        .map(|(path, reason)| (path.join("."), *reason))
        .collect();
    let compress = find(root, &["http_output", "compress_uploads"]);
    let asks = |node: &Node| matches!(&node.content, Content::Scalar(text) if text == "true");
    if dialect == Dialect::Falco && compress.is_some_and(asks) {
        let reason = "as in Falco, where it does not compress; set it in innerwarden.yaml";
        found.push(("http_output.compress_uploads".to_owned(), reason));
    }
    found
}

/// All of them.
#[cfg(test)]
pub(super) fn paths() -> impl Iterator<Item = String> {
    UNUSED.iter().map(|(path, _)| path.join("."))
}

fn find<'a>(root: &'a Node, path: &[&str]) -> Option<&'a Node> {
    path.iter().try_fold(root, |node, key| node.find(key))
}
