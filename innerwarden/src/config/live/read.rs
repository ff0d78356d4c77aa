//! Live settings from a document.

use std::{env, net::IpAddr, path::PathBuf, time::Duration};

use falco_compat::rules::Priority;

use super::{
    Attach, Dialect, DropSettings, Engine, FileSettings, HttpSettings, KeepAlive,
    KubernetesSettings, LiveSettings, MetricsSettings, OutputSettings, ProbeSettings,
    ProgramSettings, Watch, WebSettings,
};
use crate::{
    document::{Entry, EntryError, Node},
    log::LogSettings,
    privilege::Privileges,
};

impl LiveSettings {
    /// Reads the keys that apply; absent ones keep the defaults of `dialect`.
    pub(crate) fn from_document(root: &Node, dialect: Dialect) -> Result<Self, EntryError> {
        let root = &Entry::root(root);
        root.map()?;
        let default = Self::default_of(dialect);
        let metrics_enabled = bool_at(root, "metrics", "enabled", false)?;
        Ok(Self {
            outputs: outputs(root, &default.outputs, dialect)?,
            log: LogSettings {
                level: root.optional("log_level").map_or(Ok(default.log.level), |it| level(&it))?,
                stderr: flag(root, "log_stderr", default.log.stderr)?,
                syslog: flag(root, "log_syslog", default.log.syslog)?,
            },
            web: web(root, dialect, metrics_enabled)?,
            metrics: metrics(root, metrics_enabled)?,
            drops: drops(root, default.drops)?,
            engine: engine(root)?,
            watch: if flag(root, "watch_config_files", default.watch == Watch::Files)? {
                Watch::Files
            } else {
                Watch::Nothing
            },
            push_down: match at(root, "engine", "modern_ebpf") {
                Some(entry) => flag(&entry, "push_down", default.push_down)?,
                None => default.push_down,
            },
            container_patience: match at(root, "container_metadata", "wait_ms") {
                Some(entry) => Duration::from_millis(u64::from(entry.number::<u16>()?)),
                None => default.container_patience,
            },
            privileges: root
                .optional("privileges")
                .map_or(Ok(default.privileges), |it| privileges(&it))?,
            kubernetes: kubernetes(root)?,
            max_threads: match at(root, "falco_libs", "thread_table_size") {
                Some(entry) => entry.number::<u32>()? as usize,
                None => default.max_threads,
            },
        })
    }
}

fn privileges(entry: &Entry<'_>) -> Result<Privileges, EntryError> {
    match entry.text()? {
        "keep" => Ok(Privileges::Keep),
        "drop" => Ok(Privileges::Drop),
        other => Err(entry.error(format!("`{other}` is neither keep nor drop"))),
    }
}

/// The value of `key` within `section`; `None` when either is absent.
fn at<'a>(root: &Entry<'a>, section: &str, key: &str) -> Option<Entry<'a>> {
    root.optional(section)?.optional(key)
}

fn flag(root: &Entry<'_>, key: &str, default: bool) -> Result<bool, EntryError> {
    root.optional(key).map_or(Ok(default), |entry| entry.bool())
}

fn bool_at(root: &Entry<'_>, section: &str, key: &str, default: bool) -> Result<bool, EntryError> {
    at(root, section, key).map_or(Ok(default), |entry| entry.bool())
}

/// A text that is there and not empty.
fn text<'a>(entry: &Entry<'a>, key: &str) -> Result<Option<&'a str>, EntryError> {
    let text = entry.optional(key).map(|it| it.text()).transpose()?;
    Ok(text.filter(|text| !text.is_empty()))
}

fn path(entry: &Entry<'_>, key: &str, default: &str) -> Result<PathBuf, EntryError> {
    Ok(PathBuf::from(text(entry, key)?.unwrap_or(default)))
}

fn keep_alive(entry: &Entry<'_>) -> Result<KeepAlive, EntryError> {
    Ok(if flag(entry, "keep_alive", false)? { KeepAlive::Yes } else { KeepAlive::No })
}

/// `section`, if it is there and enabled.
fn enabled<'a>(root: &Entry<'a>, section: &str) -> Result<Option<Entry<'a>>, EntryError> {
    let Some(entry) = root.optional(section) else { return Ok(None) };
    Ok(flag(&entry, "enabled", false)?.then_some(entry))
}

/// The text under `key`, without which an output that is enabled makes no sense.
fn needed<'a>(entry: &Entry<'a>, key: &str) -> Result<&'a str, EntryError> {
    text(entry, key)?.ok_or_else(|| entry.error(format!("is enabled, but has no `{key}`")))
}

fn outputs(
    root: &Entry<'_>,
    default: &OutputSettings,
    dialect: Dialect,
) -> Result<OutputSettings, EntryError> {
    let syslog_socket = match root.optional("syslog_output") {
        Some(entry) => text(&entry, "socket")?.map(PathBuf::from),
        None => None,
    };
    let file = enabled(root, "file_output")?.map(|entry| {
        let path = PathBuf::from(needed(&entry, "filename")?);
        Ok(FileSettings { path, keep_alive: keep_alive(&entry)? })
    });
    let program = enabled(root, "program_output")?.map(|entry| {
        let command = needed(&entry, "program")?.to_owned();
        Ok(ProgramSettings { command, keep_alive: keep_alive(&entry)? })
    });
    let http = enabled(root, "http_output")?.map(|entry| http(root, &entry, dialect));
    let capacity = at(root, "outputs_queue", "capacity");
    let queue_capacity = match capacity.map(|entry| entry.number()).transpose()? {
        None | Some(0) => default.queue_capacity,
        Some(capacity) => capacity.min(OutputSettings::MAX_CAPACITY),
    };
    let timeout = root.optional("output_timeout").map(|entry| entry.number()).transpose()?;
    Ok(OutputSettings {
        stdout: bool_at(root, "stdout_output", "enabled", default.stdout)?,
        syslog: bool_at(root, "syslog_output", "enabled", default.syslog)?,
        syslog_socket,
        file: file.transpose()?,
        program: program.transpose()?,
        http: http.transpose()?,
        queue_capacity,
        timeout: timeout.map_or(default.timeout, Duration::from_millis),
    })
}

fn http(root: &Entry<'_>, entry: &Entry<'_>, dialect: Dialect) -> Result<HttpSettings, EntryError> {
    let unquoted = |url: &str| {
        let inner = ['"', '\''].iter().find_map(|it| url.strip_prefix(*it)?.strip_suffix(*it));
        inner.unwrap_or(url).to_owned()
    };
    let user_agent = match dialect {
        Dialect::Own => concat!("innerwarden/", env!("CARGO_PKG_VERSION")),
        Dialect::Falco => "falcosecurity/falco",
    };
    let ca = [text(entry, "ca_cert")?, text(entry, "ca_bundle")?, text(entry, "ca_path")?];
    let identity = (
        path(entry, "client_cert", "/etc/ssl/certs/client.crt")?,
        path(entry, "client_key", "/etc/ssl/certs/client.key")?,
    );
    let retries = entry.optional("max_consecutive_timeouts").map(|it| it.number()).transpose()?;
    Ok(HttpSettings {
        url: unquoted(needed(entry, "url")?),
        user_agent: text(entry, "user_agent")?.unwrap_or(user_agent).to_owned(),
        json: flag(root, "json_output", false)?,
        insecure: flag(entry, "insecure", false)?,
        ca: ca.into_iter().flatten().next().unwrap_or("/etc/ssl/certs").into(),
        identity: flag(entry, "mtls", false)?.then_some(identity),
        echo: flag(entry, "echo", false)?,
        compress: flag(entry, "compress_uploads", false)? && dialect == Dialect::Own,
        keep_alive: keep_alive(entry)?,
        retries: retries.unwrap_or(5),
    })
}

fn web(
    root: &Entry<'_>,
    dialect: Dialect,
    metrics_enabled: bool,
) -> Result<Option<WebSettings>, EntryError> {
    if !bool_at(root, "webserver", "enabled", dialect == Dialect::Own)? {
        return Ok(None);
    }
    let default = WebSettings::default_of(dialect);
    let Some(entry) = root.optional("webserver") else { return Ok(Some(default)) };
    let address = match text(&entry, "listen_address")? {
        Some(text) => text
            .parse::<IpAddr>()
            .map_err(|_| entry.error(format!("`listen_address`: `{text}` is not an IP address")))?,
        None => default.address,
    };
    let port = entry.optional("listen_port").map(|it| it.number()).transpose()?;
    let health_path = text(&entry, "k8s_healthz_endpoint")?.unwrap_or(&default.health_path);
    if !health_path.starts_with('/') || health_path.contains(['{', '}', '*']) {
        return Err(entry.error("`k8s_healthz_endpoint` must be a plain path that begins with `/`"));
    }
    let certificate = path(&entry, "ssl_certificate", "/etc/falco/falco.pem")?;
    let metrics = flag(&entry, "prometheus_metrics_enabled", default.metrics)?;
    Ok(Some(WebSettings {
        address,
        port: port.unwrap_or(default.port),
        health_path: health_path.to_owned(),
        certificate: flag(&entry, "ssl_enabled", false)?.then_some(certificate),
        metrics: metrics && (dialect == Dialect::Own || metrics_enabled),
    }))
}

fn metrics(root: &Entry<'_>, enabled: bool) -> Result<MetricsSettings, EntryError> {
    let as_alert = bool_at(root, "metrics", "output_rule", false)?;
    let file = match root.optional("metrics") {
        Some(entry) => text(&entry, "output_file")?.map(PathBuf::from),
        None => None,
    };
    let interval = match at(root, "metrics", "interval") {
        Some(entry) => interval(entry.text()?)
            .ok_or_else(|| entry.expected("an interval such as `30s`, `1h30m` or milliseconds"))?,
        None => Duration::from_secs(5),
    };
    let is_written = enabled && (as_alert || file.is_some());
    Ok(MetricsSettings {
        interval: is_written.then_some(interval),
        as_alert,
        file,
        rules: bool_at(root, "metrics", "rules_counters_enabled", true)?,
    })
}

/// An interval as Prometheus writes it, units from large to small (`1h30m`), or milliseconds; at least 100 ms.
fn interval(text: &str) -> Option<Duration> {
    const UNITS: [(&str, u64); 7] = [
        ("ms", 1),
        ("s", 1000),
        ("m", 60_000),
        ("h", 3_600_000),
        ("d", 86_400_000),
        ("w", 604_800_000),
        ("y", 31_536_000_000),
    ];
    let mut ms: u64 = 0;
    if let Ok(plain) = text.parse::<u64>() {
        ms = plain;
    } else {
        let mut rest = text;
        let mut largest = u64::MAX;
        while !rest.is_empty() {
            let digits = rest.find(|it: char| !it.is_ascii_digit())?;
            let (number, after) = rest.split_at_checked(digits)?;
            let end = after.find(|it: char| it.is_ascii_digit()).unwrap_or(after.len());
            let (unit, after) = after.split_at_checked(end)?;
            let (_, factor) = UNITS.iter().find(|(name, _)| *name == unit)?;
            if *factor >= largest {
                return None;
            }
            largest = *factor;
            ms = ms.checked_add(number.parse::<u64>().ok()?.checked_mul(*factor)?)?;
            rest = after;
        }
    }
    (ms >= 100).then(|| Duration::from_millis(ms))
}

fn drops(root: &Entry<'_>, default: DropSettings) -> Result<DropSettings, EntryError> {
    let Some(entry) = root.optional("syscall_event_drops") else { return Ok(default) };
    let number = |key: &str, default: f64| {
        let Some(entry) = entry.optional(key) else { return Ok(default) };
        let number: f64 = entry.number()?;
        if number >= 0.0 && number.is_finite() {
            Ok(number)
        } else {
            Err(entry.expected("a number from 0 on"))
        }
    };
    let mut settings = DropSettings {
        threshold: number("threshold", default.threshold)?,
        rate: number("rate", default.rate)?,
        max_burst: number("max_burst", default.max_burst)?,
        simulate: flag(&entry, "simulate_drops", default.simulate)?,
        ..default
    };
    if settings.threshold > 1.0 {
        return Err(entry.error("`threshold` must be between 0 and 1"));
    }
    if let Some(actions) = entry.optional("actions") {
        (settings.log, settings.alert, settings.exit) = (false, false, false);
        let mut ignore = false;
        for action in actions.list_or_one()? {
            match action.text()? {
                "ignore" => ignore = true,
                "log" => settings.log = true,
                "alert" => settings.alert = true,
                "exit" => settings.exit = true,
                _ => return Err(action.expected("`ignore`, `log`, `alert` or `exit`")),
            }
        }
        if ignore && (settings.log || settings.alert) {
            return Err(actions.error("`ignore` makes no sense beside `log` or `alert`"));
        }
    }
    Ok(settings)
}

fn kubernetes(root: &Entry<'_>) -> Result<Option<KubernetesSettings>, EntryError> {
    let entry = root.optional("kubernetes");
    let value = |key| entry.as_ref().map_or(Ok(None), |it| text(it, key));
    let environment = env::var("FALCO_K8S_NODE_NAME").ok().filter(|it| !it.is_empty());
    let kubeconfig = value("kubeconfig")?.map(PathBuf::from);
    let node = value("node")?.map(str::to_owned).or(environment);
    Ok(node.map(|node| KubernetesSettings { node, kubeconfig }))
}

fn engine(root: &Entry<'_>) -> Result<Engine, EntryError> {
    let Some(engine) = root.optional("engine") else {
        return probes(root).map(Engine::Probes);
    };
    let kind = engine.optional("kind");
    match kind.as_ref().map(Entry::text).transpose()? {
        None | Some("modern_ebpf" | "kmod") => Ok(Engine::Probes(probes(root)?)),
        Some("nodriver") => Ok(Engine::Nothing),
        Some("replay") => {
            let file =
                at(root, "engine", "replay").map(|it| text(&it, "capture_file")).transpose()?;
            let file = file.flatten().ok_or_else(|| {
                engine.error("`kind` is `replay`, but there is no `replay.capture_file`")
            })?;
            Ok(Engine::Capture(file.into()))
        }
        Some(_) => {
            let kind = kind.unwrap_or(engine);
            Err(kind.expected("`modern_ebpf`, `kmod`, `replay` or `nodriver`"))
        }
    }
}

fn probes(root: &Entry<'_>) -> Result<ProbeSettings, EntryError> {
    let mut default = ProbeSettings::default();
    if let Some(entry) = at(root, "falco_libs", "snaplen") {
        default.snaplen = entry.number()?;
    }
    let Some(entry) = at(root, "engine", "modern_ebpf") else { return Ok(default) };
    let cpus = entry.optional("cpus_for_each_buffer").map(|it| it.number()).transpose()?;
    let preset = match entry.optional("buf_size_preset") {
        Some(entry) => Some(
            entry
                .number()
                .ok()
                .filter(|it| (1..=10).contains(it))
                .ok_or_else(|| entry.expected("a number from 1 (1 MiB) to 10 (512 MiB)"))?,
        ),
        None => None,
    };
    let attach = match entry.optional("attach") {
        Some(entry) => match entry.text()? {
            "auto" => Attach::Auto,
            "fexit" => Attach::Fexit,
            "dispatcher" => Attach::Dispatcher,
            _ => return Err(entry.expected("`auto`, `fexit` or `dispatcher`")),
        },
        None => default.attach,
    };
    Ok(ProbeSettings {
        cpus_for_each_buffer: cpus.unwrap_or(default.cpus_for_each_buffer),
        buffer_preset: preset.unwrap_or(default.buffer_preset),
        drop_failed: flag(&entry, "drop_failed_exit", default.drop_failed)?,
        snaplen: default.snaplen,
        attach,
    })
}

/// `log_level`, for which Falco says `info`.
fn level(entry: &Entry<'_>) -> Result<Priority, EntryError> {
    let names = "emergency, alert, critical, error, warning, notice, info, debug";
    Priority::parse(entry.text()?).ok_or_else(|| entry.expected(&format!("a level ({names})")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_prometheus_or_milliseconds() {
        let ms = |text| interval(text).map(|it| it.as_millis());
        assert_eq!(ms("1h30m"), Some(5_400_000));
        assert_eq!(ms("5000"), Some(5000));
        assert_eq!(ms("100ms"), Some(100));
        for wrong in ["", "m", "30m1h", "1h1h", "10ms", "5x", "-1s", "99999999999999999999s"] {
            assert_eq!(ms(wrong), None, "{wrong}");
        }
    }
}
