//! Who we are: the host's name and its time zone, as alerts show them.

use std::{collections::BTreeMap, env};

use falco_compat::field::Agent;
use jiff::{Timestamp, tz::TimeZone};

/// How outputs show buffers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Buffers {
    /// As text, with dots for what does not print.
    #[default]
    Text,
    /// In base64.
    Base64,
}

/// What the configuration says of how the agent shows itself.
#[derive(Clone, Debug, Default)]
pub(crate) struct Presentation {
    /// `buffer_format_base64`.
    pub(crate) buffers: Buffers,
    /// `static_fields`.
    pub(crate) static_fields: BTreeMap<String, String>,
}

/// This host. Local time is as it was at `time_ns`, so that one capture gives one output all year.
pub(crate) fn here(time_ns: u64, presentation: &Presentation) -> Agent {
    Agent {
        hostname: hostname(),
        utc_offset_s: utc_offset_s(time_ns),
        buffer_base64: presentation.buffers == Buffers::Base64,
        static_fields: presentation.static_fields.clone(),
    }
}

/// `FALCO_HOSTNAME`, or what the kernel says.
pub(crate) fn hostname() -> String {
    match env::var("FALCO_HOSTNAME") {
        Ok(name) => name,
        Err(_) => nix::unistd::gethostname()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default(),
    }
}

fn utc_offset_s(time_ns: u64) -> i32 {
    match Timestamp::from_nanosecond(i128::from(time_ns)) {
        Ok(time) => TimeZone::system().to_offset(time).seconds(),
        Err(_) => 0,
    }
}
