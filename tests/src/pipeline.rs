//! The hot path as a whole: bytes of a capture to matching rules.

use std::{fs, io::Read as _, path::Path};

use bumpalo::Bump;
use event::{
    Event,
    capture::{Reader, Record},
    convert::Converter,
};
use falco_compat::{
    engine::{Engine, EngineRule, RuleMatching},
    field::{Agent, Context},
    rules::{Loader, OutputAddition, Rule, Settings},
};
use flate2::read::MultiGzDecoder;
use host::{Host, HostConfig, Verdict};

/// The stages that an event goes through.
#[derive(Debug)]
pub struct Pipeline {
    /// Brings old events up to date.
    pub converter: Converter,
    /// What runs on the host.
    pub host: Host,
    /// Which rules match.
    pub engine: Engine,
    /// Where values of fields are built.
    pub arena: Bump,
    /// Who looks.
    pub agent: Agent,
}

impl Pipeline {
    /// A pipeline at whose end are `rules`.
    pub fn new(rules: &[Rule]) -> Self {
        let views: Vec<EngineRule<'_>> = rules
            .iter()
            .map(|rule| EngineRule { condition: &rule.condition, event_types: &rule.event_types })
            .collect();
        Self {
            converter: Converter::new(),
            host: Host::new(&HostConfig::default()),
            engine: Engine::new(&views),
            arena: Bump::new(),
            agent: Agent::default(),
        }
    }

    /// Learns what a capture says of the host.
    pub fn load(&mut self, record: &Record<'_>) {
        if let Record::Section = record {
            self.converter.clear();
        }
        self.host.load(record);
    }

    /// Takes an event as recorded; how many rules match it.
    ///
    /// # Panics
    ///
    /// If it cannot be converted.
    #[inline]
    pub fn event(&mut self, recorded: &Event<'_>) -> usize {
        let Self { converter, host, engine, arena, agent } = self;
        let mut deliver = |event: &Event<'_>| match host.on_event(event) {
            Verdict::Deliver => ask(event, host, engine, arena, agent),
            Verdict::Hide => 0,
        };
        if converter.passes(recorded) {
            return deliver(recorded);
        }
        converter.convert(*recorded).unwrap().event().map_or(0, |event| deliver(&event))
    }

    /// Goes through `capture`, plain, from its beginning; how many events there are and how many rules match.
    ///
    /// # Panics
    ///
    /// If the capture cannot be read.
    pub fn capture(&mut self, capture: &[u8]) -> (u64, usize) {
        let mut reader = Reader::new(capture).unwrap();
        let (mut events, mut matches) = (0, 0);
        loop {
            let next = reader.next().unwrap();
            match &next {
                Some(Record::Event(event)) => {
                    events += 1;
                    matches += self.event(event);
                }
                Some(record) => self.load(record),
                None => return (events, matches),
            }
        }
    }
}

/// Asks the rules about an event that `host` has just seen; how many match.
pub fn ask(
    event: &Event<'_>,
    host: &Host,
    engine: &mut Engine,
    arena: &mut Bump,
    agent: &Agent,
) -> usize {
    if !engine.looks_at(event.kind) {
        return 0;
    }
    arena.reset();
    let mut matches = 0;
    let ctx = Context::new(event, host, arena, agent);
    engine.matches(&ctx, RuleMatching::First, |_| matches += 1);
    matches
}

/// The rules in `files` (name, text), as if they were given to `replay` with Falco's suggested output.
///
/// # Panics
///
/// If a file is rejected.
pub fn rules(files: &[(String, String)]) -> Vec<Rule> {
    let addition = OutputAddition { suggested: true, ..OutputAddition::default() };
    let mut loader = Loader::new(Settings { additions: vec![addition], ..Settings::default() });
    for (name, text) in files {
        let result = loader.load(name, text.as_bytes());
        assert!(result.is_successful(), "{}", result.text());
    }
    loader.rules_in_force(&[])
}

/// The rules file of this repository.
///
/// # Panics
///
/// If it cannot be read.
pub fn own_rules() -> Vec<(String, String)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../rules/innerwarden_rules.yaml");
    vec![("innerwarden_rules.yaml".to_owned(), fs::read_to_string(path).unwrap())]
}

/// The capture at `path`, decompressed.
///
/// # Panics
///
/// If it cannot be read.
pub fn plain(path: &Path) -> Vec<u8> {
    let bytes = fs::read(path).unwrap();
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return bytes;
    }
    let mut plain = Vec::new();
    MultiGzDecoder::new(&bytes[..]).read_to_end(&mut plain).unwrap();
    plain
}
