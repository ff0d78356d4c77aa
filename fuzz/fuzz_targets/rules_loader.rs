//! Any bytes as rules files, with `====` between them: load, report and describe them.

#![no_main]

use falco_compat::rules::{Loader, Settings, validation_report};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let mut loader = Loader::new(Settings::default());
    let results: Vec<_> =
        text.split("====\n").map(|file| loader.load("f.yaml", file.as_bytes())).collect();
    validation_report(&results, true, None);
    validation_report(&results, false, None);
    if results.iter().all(|result| result.is_successful()) {
        let _ = loader.describe();
        loader.rules_in_force(&[]);
    }
});
