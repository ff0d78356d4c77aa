//! Writes events in the encoding of the event table.

mod param;
mod value;

pub use param::Param;

use crate::{
    table::EventType,
    view::{DecodeError, Event, HEADER_BYTES, MAX_PARAMS, length_width},
};

/// Why an event cannot be encoded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EncodeError {
    /// More parameters than the event type has.
    #[error("{given} parameters for event type {kind:?}, which has {most}")]
    TooManyParams {
        /// Event type.
        kind: EventType,
        /// Parameters given.
        given: usize,
        /// Parameters that it has.
        most: usize,
    },
    /// A parameter's value is not of the parameter's type, or out of its range.
    #[error("parameter {index} of event type {kind:?} cannot hold this value")]
    WrongValue {
        /// Event type.
        kind: EventType,
        /// Which parameter.
        index: usize,
    },
    /// A parameter has more bytes than its length field can say, or the event has.
    #[error("parameter {index} of event type {kind:?} is too long")]
    TooLong {
        /// Event type.
        kind: EventType,
        /// Which parameter.
        index: usize,
    },
    /// What has been encoded cannot be decoded; a defect of the encoder.
    #[error("the encoded event cannot be decoded")]
    Undecodable(#[from] DecodeError),
}

/// A buffer that events are encoded into, one at a time. Reuses its memory.
#[derive(Clone, Debug, Default)]
pub struct Encoder {
    bytes: Vec<u8>,
}

impl Encoder {
    /// An empty buffer.
    pub const fn new() -> Self {
        Self { bytes: Vec::new() }
    }

    /// Encodes an event from typed parameters. Those that are left out at the end are empty.
    pub fn encode(
        &mut self,
        kind: EventType,
        time_ns: u64,
        tid: i64,
        params: &[Param<'_>],
    ) -> Result<Event<'_>, EncodeError> {
        let infos = kind.info().params;
        if params.len() > infos.len() {
            let (given, most) = (params.len(), infos.len());
            return Err(EncodeError::TooManyParams { kind, given, most });
        }
        self.begin(kind, time_ns, tid, infos.len());
        for (index, (param, info)) in params.iter().zip(infos).enumerate() {
            let start = self.bytes.len();
            value::write(&mut self.bytes, info.kind, param)
                .ok_or(EncodeError::WrongValue { kind, index })?;
            self.end_param(kind, index, start)?;
        }
        self.finish(0, 0)
    }

    /// Encodes an event from parameters that are already bytes; their number is the event's.
    pub fn encode_bytes(
        &mut self,
        kind: EventType,
        time_ns: u64,
        tid: i64,
        params: &[&[u8]],
    ) -> Result<Event<'_>, EncodeError> {
        if params.len() > MAX_PARAMS {
            let (given, most) = (params.len(), MAX_PARAMS);
            return Err(EncodeError::TooManyParams { kind, given, most });
        }
        self.begin(kind, time_ns, tid, params.len());
        for (index, param) in params.iter().enumerate() {
            let start = self.bytes.len();
            self.bytes.extend_from_slice(param);
            self.end_param(kind, index, start)?;
        }
        self.finish(0, 0)
    }

    /// The event encoded last, as recorded by `cpu` with `flags`.
    pub(crate) fn event(&self, cpu: u16, flags: u32) -> Result<Event<'_>, DecodeError> {
        Event::decode(&self.bytes, cpu, flags)
    }

    /// The bytes encoded last.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    fn begin(&mut self, kind: EventType, time_ns: u64, tid: i64, count: usize) {
        self.bytes.clear();
        self.bytes.extend_from_slice(&time_ns.to_le_bytes());
        self.bytes.extend_from_slice(&tid.to_le_bytes());
        self.bytes.extend_from_slice(&0u32.to_le_bytes());
        self.bytes.extend_from_slice(&kind.code().to_le_bytes());
        self.bytes.extend_from_slice(&u32::try_from(count).unwrap_or(0).to_le_bytes());
        self.bytes.resize(HEADER_BYTES + count * length_width(kind), 0);
    }

    /// Notes the length of parameter `index`, whose bytes begin at `start`.
    fn end_param(
        &mut self,
        kind: EventType,
        index: usize,
        start: usize,
    ) -> Result<(), EncodeError> {
        let too_long = EncodeError::TooLong { kind, index };
        let length = self.bytes.len() - start;
        let width = length_width(kind);
        let slot = HEADER_BYTES + index * width;
        let target = self.bytes.get_mut(slot..slot + width).ok_or(too_long.clone())?;
        if width == 2 {
            let length = u16::try_from(length).map_err(|_| too_long)?;
            target.copy_from_slice(&length.to_le_bytes());
        } else {
            let length = u32::try_from(length).map_err(|_| too_long)?;
            target.copy_from_slice(&length.to_le_bytes());
        }
        Ok(())
    }

    fn finish(&mut self, cpu: u16, flags: u32) -> Result<Event<'_>, EncodeError> {
        let length = u32::try_from(self.bytes.len()).unwrap_or(u32::MAX);
        if let Some(target) = self.bytes.get_mut(LENGTH_OFFSET..LENGTH_OFFSET + 4) {
            target.copy_from_slice(&length.to_le_bytes());
        }
        Ok(self.event(cpu, flags)?)
    }
}

/// Where the length stands in the header.
const LENGTH_OFFSET: usize = 16;

#[cfg(test)]
mod tests;
