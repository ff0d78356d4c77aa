//! Any text as an output template: parse it, render it for an event, write the alert as JSON.

#![no_main]

use bumpalo::Bump;
use event::{
    EventType,
    encode::{Encoder, Param},
};
use falco_compat::{
    alert::{AlertOptions, AlertTemplate},
    field::{Agent, Context},
    format::Format,
};
use host::{Host, HostConfig};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(output) = Format::parse(text) else { return };
    let template = AlertTemplate {
        rule: "rule".into(),
        priority: "Debug".into(),
        source: "syscall".into(),
        tags: Vec::new(),
        output,
        extra_fields: Vec::new(),
    };
    let params = [
        Param::Int(3),
        Param::Int(-100),
        Param::Text(b"../a\xffb"),
        Param::Uint(1),
        Param::Uint(0o644),
    ];
    let mut encoder = Encoder::new();
    let mut host = Host::new(&HostConfig::default());
    let event = encoder.encode(EventType::OpenatV2X, 1, 1, &params).expect("the values fit");
    host.on_event(&event);
    let (arena, agent) = (Bump::new(), Agent::default());
    let ctx = Context::new(&event, &host, &arena, &agent);
    let mut line = Vec::new();
    template.render(&ctx).write_json(AlertOptions::default(), &mut line);
    std::str::from_utf8(&line).expect("JSON is UTF-8");
});
