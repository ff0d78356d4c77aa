//! An event while it is being converted: its parameters as slices of wherever they come from.

use super::{
    ConvertError,
    rule::{self, Action, Need, Source},
};
use crate::{
    encode::Encoder,
    table::{EventType, ParamType},
    view::{Event, MAX_PARAMS, length_width},
};

/// What to do with the finished event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Deliver,
    Drop,
    Store,
    StoreAndDeliver,
}

/// An event that is being converted.
#[derive(Debug)]
pub(super) struct Draft<'a> {
    kind: EventType,
    params: [&'a [u8]; MAX_PARAMS],
    count: usize,
    /// The stored enter event of the thread.
    enter: Option<Event<'a>>,
    json: &'a [u8],
    used_enter: bool,
    mismatched: bool,
    changed: bool,
}

/// More conversions than any event needs.
const MAX_CONVERSIONS: usize = 50;

impl<'a> Draft<'a> {
    pub(super) fn new(event: &Event<'a>, enter: Option<Event<'a>>) -> Self {
        let mut params: [&[u8]; MAX_PARAMS] = [&[]; MAX_PARAMS];
        let count = event.param_count();
        for (index, param) in params.iter_mut().enumerate().take(count) {
            *param = event.param(index);
        }
        Self {
            kind: event.kind,
            params,
            count,
            enter,
            json: &[],
            used_enter: false,
            mismatched: false,
            changed: false,
        }
    }

    /// The document that stands for the parameters of a container event.
    pub(super) fn set_json(&mut self, json: &'a [u8]) {
        self.json = json;
    }

    /// Whether the event differs from the one that came in.
    pub(super) const fn is_changed(&self) -> bool {
        self.changed
    }

    /// Whether the stored enter event has served its purpose.
    pub(super) const fn has_used_enter(&self) -> bool {
        self.used_enter
    }

    /// Whether the stored enter event was wanted and belongs to another system call.
    pub(super) const fn is_mismatched(&self) -> bool {
        self.mismatched
    }

    /// Applies rule after rule.
    pub(super) fn run(&mut self) -> Result<End, ConvertError> {
        for _ in 0..MAX_CONVERSIONS {
            let (code, params) = (self.kind.code(), self.count);
            let rule =
                rule::find(self.kind, params).ok_or(ConvertError::NoRule { code, params })?;
            match rule.action {
                Action::Store => return Ok(End::Store),
                Action::Pass => return Ok(End::Deliver),
                Action::StoreAndPass => return Ok(End::StoreAndDeliver),
                Action::Add => self.fill(self.kind, self.count, rule.sources),
                Action::Become(kind) => self.fill(kind, 0, rule.sources),
            }
            match rule::need(self.kind, self.count) {
                Need::Nothing => return Ok(End::Deliver),
                Need::Drop => return Ok(End::Drop),
                Need::Conversion => {}
            }
        }
        Err(ConvertError::Endless(self.kind.code()))
    }

    /// Makes it an event of type `kind` that keeps its first `kept` parameters and has more from `sources`.
    fn fill(&mut self, kind: EventType, kept: usize, sources: &[Source]) {
        let old = self.params;
        let old = old.get(..self.count).unwrap_or_default();
        let infos = kind.info().params.iter().skip(kept);
        let mut filled = kept;
        for (info, source) in infos.zip(sources) {
            let value = match *source {
                Source::Old(index) => old.get(usize::from(index)).copied(),
                Source::EnterOrDefault(index) | Source::EnterOrEmpty(index) => self.enter(index),
                Source::Container => Some(self.json),
                Source::Default | Source::Empty => None,
            };
            if let Some(slot) = self.params.get_mut(filled) {
                *slot = match (value, source) {
                    (Some(value), _) => cut(value, info.kind, kind),
                    (None, Source::Default | Source::EnterOrDefault(_)) => default(info.kind),
                    (None, _) => &[],
                };
                filled += 1;
            }
        }
        self.kind = kind;
        self.count = filled;
        self.changed = true;
        if self.used_enter {
            // Falco forgets the enter event after the first rule that used it, even if another rule of
            // the same event wants it too: the address of an old connect is lost so.
            self.enter = None;
        }
    }

    /// Parameter `index` of the stored enter event, if that belongs to this exit event.
    fn enter(&mut self, index: u8) -> Option<&'a [u8]> {
        let enter = self.enter?;
        if enter.kind.code() + 1 != self.kind.code() {
            self.mismatched = true;
            return None;
        }
        self.used_enter = true;
        let index = usize::from(index);
        (index < enter.param_count()).then(|| enter.param(index))
    }

    /// Encodes it into `output`, with the time and thread of `event`.
    pub(super) fn encode(
        &self,
        event: &Event<'_>,
        output: &mut Encoder,
    ) -> Result<(), ConvertError> {
        let params = self.params.get(..self.count).unwrap_or_default();
        output
            .encode_bytes(self.kind, event.time_ns, event.tid, params)
            .map_err(|_| ConvertError::TooLong(self.kind.code()))?;
        Ok(())
    }
}

/// The value cut to the size that a parameter can have.
fn cut(value: &[u8], param: ParamType, kind: EventType) -> &[u8] {
    let most = match param.fixed_size() {
        Some(size) => size,
        None if length_width(kind) == 2 => usize::from(u16::MAX),
        None => return value,
    };
    value.get(..most).unwrap_or(value)
}

/// The value of a parameter that nothing is known of.
fn default(param: ParamType) -> &'static [u8] {
    static ZEROS: [u8; 16] = [0; 16];
    static ONES: [u8; 4] = [0xff; 4];
    match param {
        ParamType::Uid | ParamType::Gid => &ONES,
        _ => ZEROS.get(..param.fixed_size().unwrap_or(0)).unwrap_or_default(),
    }
}

/// Writes what a container event says as JSON, ended by NUL; nothing if a parameter is missing.
///
/// Falco escapes nothing here.
pub(super) fn container_json(event: &Event<'_>, json: &mut Vec<u8>) {
    json.clear();
    let (Some(id), Some(kind), Some(name), Some(image)) =
        (event.text(0), event.u32(1), event.text(2), event.text(3))
    else {
        return;
    };
    let kind = kind.to_string();
    for part in [
        &b"{\"id\":\""[..],
        id,
        b"\",\"type\":",
        kind.as_bytes(),
        b",\"name\":\"",
        name,
        b"\",\"image\":\"",
        image,
        b"\"}\0",
    ] {
        json.extend_from_slice(part);
    }
    if json.len() > usize::from(u16::MAX) {
        json.clear();
    }
}
