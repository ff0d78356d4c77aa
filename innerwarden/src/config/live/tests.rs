//! Tests of live settings: defaults, wrong values, and the schema that editors have.

use std::collections::BTreeSet;

use expect_test::{Expect, expect};
use serde_json::Value;

use super::{Dialect, LiveSettings, without_effect};
use crate::{config::known, document};

/// The lines of the settings' debug output that differ from the defaults', or the error.
#[track_caller]
fn check(dialect: Dialect, text: &str, expected: &Expect) {
    let root = document::parse(text).unwrap();
    let outcome = match LiveSettings::from_document(&root, dialect) {
        Ok(settings) => {
            let default = format!("{:#?}", LiveSettings::default_of(dialect));
            let default: Vec<_> = default.lines().collect();
            let all = format!("{settings:#?}");
            let lines = all.lines().filter(|line| !default.contains(line)).map(str::trim);
            lines.collect::<Vec<_>>().join(" ")
        }
        Err(error) => error.to_string(),
    };
    expected.assert_eq(&outcome);
}

#[test]
fn outputs_are_read() {
    check(
        Dialect::Falco,
        "stdout_output: {enabled: true}\nfile_output: {enabled: true, filename: a, keep_alive: true}\n\
         program_output: {enabled: false, program: x}\noutputs_queue: {capacity: 5}\noutput_timeout: 100\n",
        &expect![[
            r#"stdout: true, file: Some( FileSettings { path: "a", keep_alive: Yes, }, ), queue_capacity: 5, timeout: 100ms,"#
        ]],
    );
    check(
        Dialect::Own,
        "http_output: {enabled: true, url: '\"http://x\"', mtls: true, ca_bundle: b}\njson_output: true\n",
        &expect![[
            r#"http: Some( HttpSettings { url: "http://x", user_agent: "innerwarden/0.1.0", json: true, insecure: false, ca: "b", identity: Some( ( "/etc/ssl/certs/client.crt", "/etc/ssl/certs/client.key", ), ), echo: false, compress: false, keep_alive: No, retries: 5, }, ),"#
        ]],
    );
}

#[test]
fn outputs_without_what_they_need_are_errors() {
    check(
        Dialect::Own,
        "\nfile_output: {enabled: true}\n",
        &expect!["line 2: `file_output`: is enabled, but has no `filename`"],
    );
    check(
        Dialect::Own,
        "http_output: {enabled: true, url: ''}\n",
        &expect!["line 1: `http_output`: is enabled, but has no `url`"],
    );
}

#[test]
fn actions_that_contradict_each_other_are_errors() {
    check(
        Dialect::Own,
        "syscall_event_drops: {actions: [ignore, alert]}\n",
        &expect![
            "line 1: `syscall_event_drops.actions`: `ignore` makes no sense beside `log` or `alert`"
        ],
    );
    check(
        Dialect::Own,
        "syscall_event_drops: {actions: [shout]}\n",
        &expect![
            "line 1: `syscall_event_drops.actions[0]`: expected `ignore`, `log`, `alert` or `exit`, found `shout`"
        ],
    );
    check(
        Dialect::Falco,
        "syscall_event_drops: {actions: [exit], threshold: 0}\n",
        &expect!["threshold: 0.0, exit: true,"],
    );
}

#[test]
fn engines_are_read() {
    check(
        Dialect::Own,
        "engine: {kind: replay}\n",
        &expect!["line 1: `engine`: `kind` is `replay`, but there is no `replay.capture_file`"],
    );
    check(
        Dialect::Own,
        "engine: {kind: bpf}\n",
        &expect![
            "line 1: `engine.kind`: expected `modern_ebpf`, `kmod`, `replay` or `nodriver`, found `bpf`"
        ],
    );
    check(
        Dialect::Own,
        "engine: {kind: kmod, modern_ebpf: {buf_size_preset: 11}}\n",
        &expect![
            "line 1: `engine.modern_ebpf.buf_size_preset`: expected a number from 1 (1 MiB) to 10 (512 MiB), found `11`"
        ],
    );
    check(Dialect::Own, "engine: {modern_ebpf: {attach: fexit}}\n", &expect!["attach: Fexit,"]);
}

#[test]
fn web_servers_are_read() {
    check(Dialect::Own, "webserver: {enabled: false}\n", &expect!["web: None,"]);
    check(
        Dialect::Own,
        "webserver: {listen_address: localhost}\n",
        &expect!["line 1: `webserver`: `listen_address`: `localhost` is not an IP address"],
    );
    check(
        Dialect::Own,
        "webserver: {k8s_healthz_endpoint: '{x}'}\n",
        &expect![
            "line 1: `webserver`: `k8s_healthz_endpoint` must be a plain path that begins with `/`"
        ],
    );
    check(
        Dialect::Falco,
        "webserver: {enabled: true, ssl_enabled: true}\n",
        &expect![[
            r#"web: Some( WebSettings { address: 0.0.0.0, port: 8765, health_path: "/healthz", certificate: Some( "/etc/falco/falco.pem", ), metrics: false,"#
        ]],
    );
}

#[test]
fn keys_without_effect_have_reasons() {
    let root =
        document::parse("engine: {kmod: {}}\ncapture: {enabled: true}\nplugins: []\n").unwrap();
    let keys: Vec<_> = without_effect(&root, Dialect::Falco).into_iter().map(|it| it.0).collect();
    assert_eq!(keys, ["engine.kmod", "capture", "plugins"]);
}

/// Every key that has an effect is in the schema, and no other.
#[test]
fn the_schema_has_all_keys() {
    let schema = include_str!("../../../../docs/innerwarden.schema.json");
    let schema: Value = serde_json::from_str(schema).unwrap();
    let mut in_schema = BTreeSet::new();
    keys(&schema, "", &mut in_schema);
    let unused: Vec<_> = super::unused::paths().collect();
    let is_used = |key: &String| {
        !unused.iter().any(|path| key == path || key.starts_with(&format!("{path}.")))
    };
    let known: BTreeSet<_> = known::paths().into_iter().filter(is_used).collect();
    // What is below that is checked where it is read.
    let parent = |path: &str| path.rsplit_once('.').map(|(parent, _)| parent.to_owned());
    let parents: BTreeSet<_> = known.iter().map(|it| parent(it)).collect();
    in_schema.retain(|it| parents.contains(&parent(it)));
    let difference: Vec<_> = known.symmetric_difference(&in_schema).collect();
    assert!(difference.is_empty(), "{difference:?}");
}

fn keys(schema: &Value, path: &str, found: &mut BTreeSet<String>) {
    let Some(properties) = schema.get("properties").and_then(Value::as_object) else { return };
    for (key, below) in properties {
        let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        found.insert(path.clone());
        keys(below, &path, found);
        if let Some(items) = below.get("items") {
            keys(items, &path, found);
        }
        for one in below.get("oneOf").and_then(Value::as_array).into_iter().flatten() {
            keys(one, &path, found);
            if let Some(items) = one.get("items") {
                keys(items, &path, found);
                for one in items.get("oneOf").and_then(Value::as_array).into_iter().flatten() {
                    keys(one, &path, found);
                }
            }
        }
    }
}
