//! The settings of a live engine, typed: outputs, web server, drops, probes, logging.

mod read;
#[cfg(test)]
mod tests;
mod unused;

use std::{
    net::{IpAddr, Ipv4Addr},
    path::PathBuf,
    time::Duration,
};

pub(super) use unused::without_effect;

use crate::{log::LogSettings, privilege::Privileges};

/// Whose defaults count for keys that a file leaves out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// `innerwarden.yaml`: alerts go to stdout, the web server listens on this host only.
    Own,
    /// `falco.yaml`.
    Falco,
}

/// What only `run` needs to know.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LiveSettings {
    /// Where alerts go.
    pub(crate) outputs: OutputSettings,
    /// `log_level`, `log_stderr`, `log_syslog`.
    pub(crate) log: LogSettings,
    /// `webserver`; `None` is off.
    pub(crate) web: Option<WebSettings>,
    /// `metrics`.
    pub(crate) metrics: MetricsSettings,
    /// `syscall_event_drops`.
    pub(crate) drops: DropSettings,
    /// `engine`.
    pub(crate) engine: Engine,
    /// `watch_config_files`: files that change are loaded without being asked. Default: yes.
    pub(crate) watch: Watch,
    /// `engine.modern_ebpf.push_down`, our own: events that nobody can need are left out in the kernel. Default: yes.
    pub(crate) push_down: bool,
    /// `container_metadata.wait_ms`, our own: how long events of a new container wait for its metadata; 0 is not at
    /// all, as in Falco. Default: 500 ms.
    pub(crate) container_patience: Duration,
    /// `privileges`, our own: what becomes of rights that are not needed. Default: they are given up.
    pub(crate) privileges: Privileges,
    /// `kubernetes`, our own; `None` where this node has no name.
    pub(crate) kubernetes: Option<KubernetesSettings>,
    /// `falco_libs.thread_table_size`. Default: 262,144.
    pub(crate) max_threads: usize,
}

/// Whether changed files are loaded by themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Watch {
    /// As soon as they change.
    Files,
    /// On SIGHUP only.
    Nothing,
}

/// Where events come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Engine {
    /// `engine.kind: modern_ebpf` (or `kmod`, in whose place our probes are): the running kernel.
    Probes(ProbeSettings),
    /// `engine.kind: replay`: a capture.
    Capture(PathBuf),
    /// `engine.kind: nodriver`: nowhere.
    Nothing,
}

/// How the probes are loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ProbeSettings {
    /// `engine.modern_ebpf.cpus_for_each_buffer`: 0 is one buffer for all. Default: 2.
    pub(crate) cpus_for_each_buffer: u16,
    /// `engine.modern_ebpf.buf_size_preset`: 1 (1 MiB) to 10 (512 MiB). Default: 4 (8 MiB).
    pub(crate) buffer_preset: u8,
    /// `engine.modern_ebpf.drop_failed_exit`: failed calls are left out. Default: false.
    pub(crate) drop_failed: bool,
    /// `falco_libs.snaplen`: bytes recorded of what is read and written. Default: 80.
    pub(crate) snaplen: u32,
    /// `engine.modern_ebpf.attach`, our own: `auto`, `fexit` or `dispatcher`. Default: auto.
    pub(crate) attach: Attach,
}

/// The cluster that this host is a node of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct KubernetesSettings {
    /// `kubernetes.node`: the name of this node. Default: `FALCO_K8S_NODE_NAME` of the environment.
    pub(crate) node: String,
    /// `kubernetes.kubeconfig`; `None` is the service account, or what `kubectl` would take.
    pub(crate) kubeconfig: Option<PathBuf>,
}

/// How probes are attached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Attach {
    /// fexit where the kernel allows it, else the dispatcher.
    #[default]
    Auto,
    /// A program on each system call.
    Fexit,
    /// One program on all system calls.
    Dispatcher,
}

/// Where alerts go, and how patient we are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OutputSettings {
    /// `stdout_output`. Default: yes for ours, no for Falco's.
    pub(crate) stdout: bool,
    /// `syslog_output`. Default: no.
    pub(crate) syslog: bool,
    /// `syslog_output.socket`, our own: the daemon's socket; `None` is `/dev/log`.
    pub(crate) syslog_socket: Option<PathBuf>,
    /// `file_output`. Default: none.
    pub(crate) file: Option<FileSettings>,
    /// `program_output`. Default: none.
    pub(crate) program: Option<ProgramSettings>,
    /// `http_output`. Default: none.
    pub(crate) http: Option<HttpSettings>,
    /// `outputs_queue.capacity`: alerts that may wait for each output. Default, and what 0 means: 8192.
    pub(crate) queue_capacity: usize,
    /// `output_timeout`: how long an output may take before that is reported, and how long all together may take at
    /// the end. Default: 2 s.
    pub(crate) timeout: Duration,
}

/// Whether something stays open between alerts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeepAlive {
    /// It does.
    Yes,
    /// It is opened for each alert.
    No,
}

/// `file_output`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FileSettings {
    /// `filename`.
    pub(crate) path: PathBuf,
    /// `keep_alive`.
    pub(crate) keep_alive: KeepAlive,
}

/// `program_output`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ProgramSettings {
    /// `program`, for `/bin/sh -c`.
    pub(crate) command: String,
    /// `keep_alive`.
    pub(crate) keep_alive: KeepAlive,
}

/// `http_output`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a key of Falco's configuration")]
pub(crate) struct HttpSettings {
    /// `url`: where alerts are posted.
    pub(crate) url: String,
    /// `user_agent`. Default: that of Falco in its file, else ours.
    pub(crate) user_agent: String,
    /// Whether the body is JSON (`json_output`) or text.
    pub(crate) json: bool,
    /// `insecure`: the server's certificate is not checked.
    pub(crate) insecure: bool,
    /// Trusted certificates: `ca_cert`, else `ca_bundle`, else the folder `ca_path`.
    pub(crate) ca: PathBuf,
    /// `mtls`: our certificate and key, PEM files.
    pub(crate) identity: Option<(PathBuf, PathBuf)>,
    /// `echo`: answers are printed on stdout.
    pub(crate) echo: bool,
    /// `compress_uploads` of ours: bodies are gzip. Falco's own key only asks for compressed answers.
    pub(crate) compress: bool,
    /// `keep_alive`: the connection stays open.
    pub(crate) keep_alive: KeepAlive,
    /// `max_consecutive_timeouts`: how often an alert is tried again. Default: 5.
    pub(crate) retries: u8,
}

/// `webserver`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WebSettings {
    /// `listen_address`. Default: 127.0.0.1; 0.0.0.0 in Falco's file.
    pub(crate) address: IpAddr,
    /// `listen_port`; 0 lets the system choose. Default: 8765.
    pub(crate) port: u16,
    /// `k8s_healthz_endpoint`. Default: `/healthz`.
    pub(crate) health_path: String,
    /// `ssl_enabled` and `ssl_certificate`: PEM file with certificates and key.
    pub(crate) certificate: Option<PathBuf>,
    /// Whether `/metrics` is there: `prometheus_metrics_enabled`, which with Falco's file needs `metrics.enabled` too.
    pub(crate) metrics: bool,
}

/// `metrics`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MetricsSettings {
    /// `enabled` and one of `output_rule` and `output_file`: how often a snapshot is written; `None` is never.
    pub(crate) interval: Option<Duration>,
    /// `output_rule`: snapshots are alerts.
    pub(crate) as_alert: bool,
    /// `output_file`: snapshots are appended here.
    pub(crate) file: Option<PathBuf>,
    /// `rules_counters_enabled`.
    pub(crate) rules: bool,
}

/// `syscall_event_drops`.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is an action of Falco's configuration")]
pub(crate) struct DropSettings {
    /// `threshold`: drops in a second, as a part of all events, from which on it matters. Default: 0.1.
    pub(crate) threshold: f64,
    /// `log` among `actions`.
    pub(crate) log: bool,
    /// `alert` among `actions`.
    pub(crate) alert: bool,
    /// `exit` among `actions`.
    pub(crate) exit: bool,
    /// `rate`: actions a second in the long run. Default: 0.03333.
    pub(crate) rate: f64,
    /// `max_burst`: actions at once. Default: 1.
    pub(crate) max_burst: f64,
    /// `simulate_drops`: one every second, to see what happens.
    pub(crate) simulate: bool,
}

impl LiveSettings {
    /// What counts where nothing is said.
    pub(crate) fn default_of(dialect: Dialect) -> Self {
        let own = dialect == Dialect::Own;
        Self {
            outputs: OutputSettings {
                stdout: own,
                syslog: false,
                syslog_socket: None,
                file: None,
                program: None,
                http: None,
                queue_capacity: OutputSettings::DEFAULT_CAPACITY,
                timeout: Duration::from_secs(2),
            },
            log: LogSettings { syslog: !own, stderr: own, ..LogSettings::default() },
            web: own.then(|| WebSettings::default_of(dialect)),
            metrics: MetricsSettings { interval: None, as_alert: false, file: None, rules: true },
            drops: DropSettings {
                threshold: 0.1,
                // Falco's program ignores drops unless its file says otherwise; silence about losses is not for us.
                log: own,
                alert: own,
                exit: false,
                rate: 0.03333,
                max_burst: 1.0,
                simulate: false,
            },
            engine: Engine::Probes(ProbeSettings::default()),
            watch: Watch::Files,
            push_down: true,
            container_patience: Duration::from_millis(500),
            privileges: Privileges::Drop,
            kubernetes: None,
            max_threads: 262_144,
        }
    }
}

impl OutputSettings {
    /// Alerts that may wait where nothing is said.
    const DEFAULT_CAPACITY: usize = 8192;
    /// Most that may be asked for; the queue's memory is taken at once.
    const MAX_CAPACITY: usize = 1 << 20;
}

impl WebSettings {
    fn default_of(dialect: Dialect) -> Self {
        let address = match dialect {
            Dialect::Own => Ipv4Addr::LOCALHOST,
            Dialect::Falco => Ipv4Addr::UNSPECIFIED,
        };
        Self {
            address: address.into(),
            port: 8765,
            health_path: "/healthz".to_owned(),
            certificate: None,
            metrics: dialect == Dialect::Own,
        }
    }
}

impl Default for ProbeSettings {
    fn default() -> Self {
        Self {
            cpus_for_each_buffer: 2,
            buffer_preset: 4,
            drop_failed: false,
            snaplen: 80,
            attach: Attach::Auto,
        }
    }
}
