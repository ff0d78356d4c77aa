//! Who we are: the host's name and its time zone, as alerts show them.

use std::env;

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

/// This host. Local time is as it was at `time_ns`, so that one capture gives one output all year.
pub(crate) fn here(time_ns: u64, buffers: Buffers) -> Agent {
    Agent {
        hostname: hostname(),
        utc_offset_s: utc_offset_s(time_ns),
        buffer_base64: buffers == Buffers::Base64,
    }
}

/// `FALCO_HOSTNAME`, or what the kernel says.
fn hostname() -> String {
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
