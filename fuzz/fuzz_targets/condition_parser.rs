//! Any text as a condition: parse, print and parse again, compile, evaluate on one event.

#![no_main]

use bumpalo::Bump;
use event::{EventType, encode::Encoder};
use falco_compat::{
    condition::{self, MacroTable},
    field::{Agent, Context},
};
use host::{Host, HostConfig};
use libfuzzer_sys::fuzz_target;

thread_local! {
    static HOST: Host = Host::new(&HostConfig::default());
}

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(expr) = condition::parse(text) else { return };
    // Some values print bare that cannot be read bare, so that the printed form need not parse.
    if let Ok(again) = condition::parse(&expr.to_string()) {
        let _ = again.to_string();
    }
    let Ok((expr, _)) = MacroTable::new().resolve(&expr) else { return };
    let _ = (condition::event_types(&expr), condition::warnings::of(&expr));
    let Ok((condition, _)) = condition::compile(&expr) else { return };
    HOST.with(|host| {
        let mut encoder = Encoder::new();
        let name: &[u8] = b"/etc/../lib64/a b/\xff.so\0";
        let params: [&[u8]; 4] = [&3_i64.to_le_bytes(), name, &1_u32.to_le_bytes(), &[0; 4]];
        let event = encoder.encode_bytes(EventType::OpenX, 1, 7, &params).unwrap();
        let (arena, agent) = (Bump::new(), Agent::default());
        condition.evaluate(&Context::new(&event, host, &arena, &agent));
    });
});
