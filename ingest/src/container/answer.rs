//! What the service found out about a container, as an event.

use event::{
    Event, EventType,
    encode::{EncodeError, Encoder},
};

use super::info::Info;

/// What is new about a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It is there and this is its metadata.
    Described(Box<Info>),
    /// It is gone.
    Removed(Box<Info>),
    /// No runtime knows it, at least for now. There is no event for this; what waited for the
    /// container's metadata need not wait any longer.
    Unknown,
}

/// News of one container for the event thread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The id as `container.id` shows it.
    pub short_id: String,
    /// What is new.
    pub change: Change,
}

impl Answer {
    pub(super) fn described(info: Info) -> Self {
        Self { short_id: info.id.clone(), change: Change::Described(Box::new(info)) }
    }

    pub(super) fn removed(info: Info) -> Self {
        Self { short_id: info.id.clone(), change: Change::Removed(Box::new(info)) }
    }

    pub(super) fn unknown(short_id: String) -> Self {
        Self { short_id, change: Change::Unknown }
    }

    /// The asyncevent of Falco's container plugin, of no thread (0), at `time_ns`; `None` for
    /// [`Change::Unknown`].
    pub fn encode<'a>(
        &self,
        encoder: &'a mut Encoder,
        time_ns: u64,
    ) -> Option<Result<Event<'a>, EncodeError>> {
        let (name, info): (&[u8], _) = match &self.change {
            Change::Described(info) => (b"container\0", info),
            Change::Removed(info) => (b"container_removed\0", info),
            Change::Unknown => return None,
        };
        let mut json = info.to_json().into_bytes();
        json.push(0);
        // Plugin 0 is Falco itself, which is who injects these.
        let params: [&[u8]; 3] = [&[0; 4], name, &json];
        Some(encoder.encode_bytes(EventType::AsynceventE, time_ns, 0, &params))
    }
}
