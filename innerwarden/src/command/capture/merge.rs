//! `innerwarden capture merge`: several captures as one, in order of time.
//!
//! Captures that follow each other become the sections of one file, each with its own start: a replay sees
//! exactly what it would see of them one by one. Captures that overlap (of several recorders on one host)
//! become one section: what each knew of the host at its start, then all events by time.

use std::path::PathBuf;

use clap::Args;
use event::{Event, capture::Record};

use super::{info::Summary, target::Target};
use crate::{
    exit::{Exit, Failure, OrExit as _, warn},
    input::Input,
    recording::Recording,
};

/// Arguments of `capture merge`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Captures to merge
    #[arg(required = true, value_name = "CAPTURE")]
    captures: Vec<PathBuf>,

    #[command(flatten)]
    target: Target,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let mut parts = arguments.captures.iter().map(Part::look).collect::<Result<Vec<_>, _>>()?;
    parts.sort_by_key(|part| part.first_ns);
    let overlap = parts.windows(2).any(|pair| match pair {
        [earlier, later] => later.first_ns < earlier.last_ns,
        _ => false,
    });
    let mut output = arguments.target.create(&arguments.captures)?;
    let join = if overlap { interleave } else { concatenate };
    join(&parts, &mut output)?;
    output.finish()
}

/// A capture to merge, after a first look.
struct Part<'a> {
    path: &'a PathBuf,
    first_ns: u64,
    last_ns: u64,
    sections: usize,
    hostname: Option<String>,
}

impl<'a> Part<'a> {
    fn look(path: &'a PathBuf) -> Result<Self, Failure> {
        let (summary, end) = Summary::of(&mut Input::open(path)?);
        end?;
        let (first_ns, last_ns) = summary.time_span_ns().unwrap_or_default();
        let machine = summary.sections.first().and_then(|it| it.machine.as_ref());
        let hostname = machine.map(|it| it.hostname.clone());
        Ok(Self { path, first_ns, last_ns, sections: summary.sections.len(), hostname })
    }
}

fn concatenate(parts: &[Part<'_>], output: &mut Recording) -> Result<(), Failure> {
    for part in parts {
        let mut input = Input::open(part.path)?;
        while let Some(record) = input.next()? {
            output.write(&record)?;
        }
    }
    Ok(())
}

fn interleave(parts: &[Part<'_>], output: &mut Recording) -> Result<(), Failure> {
    if let Some(part) = parts.iter().find(|part| part.sections > 1) {
        let (name, sections) = (part.path.display(), part.sections);
        return Err(Failure::new(
            Exit::Capture,
            format_args!("capture `{name}` overlaps with others and has {sections} sections"),
        ));
    }
    if parts.windows(2).any(|pair| matches!(pair, [a, b] if a.hostname != b.hostname)) {
        warn("the captures are of different hosts; threads with equal ids will be taken for one");
    }
    output.write(&Record::Section)?;
    let mut streams = Vec::new();
    for (index, part) in parts.iter().enumerate() {
        streams.push(Stream::begin(part, index == 0, output)?);
    }
    loop {
        // Equal times keep the order of the captures.
        let next = streams.iter_mut().filter(|it| it.head.is_some()).min_by_key(|it| it.time_ns());
        let Some(stream) = next else { return Ok(()) };
        stream.pass_on(output)?;
    }
}

/// A capture whose next event waits for its turn.
struct Stream {
    input: Input,
    head: Option<Head>,
}

/// An event, kept.
struct Head {
    bytes: Vec<u8>,
    cpu: u16,
    flags: u32,
    time_ns: u64,
}

impl Stream {
    /// Writes what the capture says before its first event; the machine only of the first one.
    fn begin(part: &Part<'_>, is_first: bool, output: &mut Recording) -> Result<Self, Failure> {
        let mut stream = Self { input: Input::open(part.path)?, head: None };
        loop {
            match stream.input.next()? {
                None => return Ok(stream),
                Some(Record::Event(event)) => {
                    stream.head = Some(Head::keep(&event, Vec::new()));
                    return Ok(stream);
                }
                Some(Record::Section) => {}
                Some(Record::Machine(_)) if !is_first => {}
                Some(record) => output.write(&record)?,
            }
        }
    }

    fn time_ns(&self) -> u64 {
        self.head.as_ref().map_or(u64::MAX, |head| head.time_ns)
    }

    /// Writes the event that waits and fetches the next one.
    fn pass_on(&mut self, output: &mut Recording) -> Result<(), Failure> {
        let Some(head) = self.head.take() else { return Ok(()) };
        let event = Event::decode(&head.bytes, head.cpu, head.flags).or_exit(Exit::Capture)?;
        output.write(&Record::Event(event))?;
        while let Some(record) = self.input.next()? {
            if let Record::Event(event) = record {
                self.head = Some(Head::keep(&event, head.bytes));
                break;
            }
        }
        Ok(())
    }
}

impl Head {
    /// Copies `event` into `buffer`.
    fn keep(event: &Event<'_>, mut buffer: Vec<u8>) -> Self {
        buffer.clear();
        buffer.extend_from_slice(event.bytes());
        Self { bytes: buffer, cpu: event.cpu, flags: event.flags, time_ns: event.time_ns }
    }
}
