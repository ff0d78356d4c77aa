//! What one pass over a capture finds.

use std::collections::{BTreeMap, HashSet};

use event::{
    Event, EventType,
    capture::{MachineInfo, Record},
};

use crate::{exit::Failure, input::Input};

/// Thread ids that are told apart; a hostile capture could name any number.
const MAX_TIDS: usize = 1 << 20;

/// Sections that are described one by one; the last takes what further ones hold.
const MAX_SECTIONS: usize = 1000;

/// What a capture holds.
#[derive(Debug, Default)]
pub(in crate::command::capture) struct Summary {
    /// In order.
    pub(in crate::command::capture) sections: Vec<Section>,
    /// Threads that have an event.
    pub(in crate::command::capture) tids: HashSet<i64>,
    /// Events whose type is newer than our table.
    pub(in crate::command::capture) skipped: u64,
    by_type: BTreeMap<u16, u64>,
    span_ns: Option<(u64, u64)>,
}

/// What one section holds.
#[derive(Debug, Default)]
pub(in crate::command::capture) struct Section {
    pub(in crate::command::capture) machine: Option<Machine>,
    pub(in crate::command::capture) interfaces: u64,
    pub(in crate::command::capture) users: u64,
    pub(in crate::command::capture) groups: u64,
    pub(in crate::command::capture) threads: u64,
    pub(in crate::command::capture) fds: u64,
    pub(in crate::command::capture) events: u64,
}

/// The machine of a section.
#[derive(Debug)]
pub(in crate::command::capture) struct Machine {
    pub(in crate::command::capture) hostname: String,
    pub(in crate::command::capture) cpus: u32,
    pub(in crate::command::capture) memory_bytes: u64,
    /// 0 when unknown.
    pub(in crate::command::capture) boot_time_ns: u64,
}

impl Summary {
    /// Reads `input` to its end, or to where it breaks.
    pub(in crate::command::capture) fn of(input: &mut Input) -> (Self, Result<(), Failure>) {
        let mut summary = Self::default();
        let end = loop {
            match input.next() {
                Ok(Some(record)) => summary.add(&record),
                Ok(None) => break Ok(()),
                Err(failure) => break Err(failure),
            }
        };
        summary.skipped = input.skipped_events();
        (summary, end)
    }

    /// Events of all types.
    pub(in crate::command::capture) fn event_count(&self) -> u64 {
        self.by_type.values().sum()
    }

    /// Times of the earliest and the latest event.
    pub(in crate::command::capture) fn time_span_ns(&self) -> Option<(u64, u64)> {
        self.span_ns
    }

    /// Events by `> name` or `< name`, the most frequent first.
    pub(in crate::command::capture) fn counts(&self) -> Vec<(String, u64)> {
        let mut by_name = BTreeMap::<_, u64>::new();
        for (&code, &count) in &self.by_type {
            if let Some(kind) = EventType::from_code(code) {
                let direction = if kind.is_enter() { '>' } else { '<' };
                *by_name.entry(format!("{direction} {}", kind.info().name)).or_default() += count;
            }
        }
        let mut counts: Vec<_> = by_name.into_iter().collect();
        counts.sort_by(|(_, one), (_, other)| other.cmp(one));
        counts
    }

    fn add(&mut self, record: &Record<'_>) {
        if matches!(record, Record::Section) && self.sections.len() < MAX_SECTIONS {
            self.sections.push(Section::default());
        }
        let Some(section) = self.sections.last_mut() else { return };
        match record {
            Record::Section => {}
            Record::Machine(machine) => section.machine = Some(Machine::from(machine)),
            Record::Interface(_) => section.interfaces += 1,
            Record::User(_) => section.users += 1,
            Record::Group(_) => section.groups += 1,
            Record::Thread(_) => section.threads += 1,
            Record::Fd(_) => section.fds += 1,
            Record::Event(event) => {
                section.events += 1;
                self.add_event(event);
            }
        }
    }

    fn add_event(&mut self, event: &Event<'_>) {
        *self.by_type.entry(event.kind.code()).or_default() += 1;
        if self.tids.len() < MAX_TIDS {
            self.tids.insert(event.tid);
        }
        let (first, last) = self.span_ns.unwrap_or((event.time_ns, event.time_ns));
        self.span_ns = Some((first.min(event.time_ns), last.max(event.time_ns)));
    }
}

impl From<&MachineInfo<'_>> for Machine {
    fn from(machine: &MachineInfo<'_>) -> Self {
        Self {
            hostname: String::from_utf8_lossy(machine.hostname).into_owned(),
            cpus: machine.cpus,
            memory_bytes: machine.memory_bytes,
            boot_time_ns: machine.boot_time_ns,
        }
    }
}
