//! What the `inspect` of Docker and Podman says of a container, as [`Info`].

use ingest::container::{Info, Runtime, Volume};
use serde_json::Value;

/// Reads `said`, a runtime's own words, as text.
pub(super) fn text(said: &Value) -> String {
    said.as_str().unwrap_or_default().to_owned()
}

/// What both tell alike of a container: all but its image, its name and what is published.
pub(super) fn inspected(said: &Value, runtime: Runtime) -> Info {
    let (config, host) = (&said["Config"], &said["HostConfig"]);
    let mode = |name: &str| host[name] == "host";
    let number = |name: &str, default| match host[name].as_i64() {
        None | Some(0) => default,
        Some(number) => number,
    };
    let labels = config["Labels"].as_object().into_iter().flatten();
    let labels = labels.map(|(key, value)| (key.clone(), text(value)));
    let created: jiff::Timestamp = said["Created"].as_str().unwrap().parse().unwrap();
    let mount = |it: &Value| Volume {
        source: text(&it["Source"]),
        destination: text(&it["Destination"]),
        mode: text(&it["Mode"]),
        rw: it["RW"].as_bool().unwrap(),
        propagation: text(&it["Propagation"]),
    };
    Info {
        user: text(&config["User"]),
        cpu_period: number("CpuPeriod", 100_000),
        cpu_quota: number("CpuQuota", 0),
        cpu_shares: number("CpuShares", 1024),
        created_time_s: created.as_second(),
        env: config["Env"].as_array().unwrap().iter().map(text).collect(),
        host_ipc: mode("IpcMode"),
        host_network: mode("NetworkMode"),
        host_pid: mode("PidMode"),
        ip: text(&said["NetworkSettings"]["IPAddress"]),
        labels: labels.filter(|(_, value)| value.len() <= 100).collect(),
        memory_limit_bytes: number("Memory", 0),
        swap_limit_bytes: number("MemorySwap", 0),
        privileged: host["Privileged"].as_bool().unwrap(),
        mounts: said["Mounts"].as_array().unwrap().iter().map(mount).collect(),
        ..Info::bare(runtime, &text(&said["Id"]))
    }
}
