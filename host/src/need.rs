//! Which events the state can do without: whoever produces events need not produce those for it.

#[cfg(test)]
mod tests;

use event::EventType;

use crate::parse;

/// Whether the events of failed calls, those with a negative result, change what is known of the host.
pub fn needs_failed(kind: EventType) -> bool {
    parse::parser(kind).is_some() && !parse::ignores_failures(kind)
}

/// The numbers of what a call does that the state wants to know of; all others change nothing. `None` where no number
/// tells. Numbers are those of parameter `cmd` of fcntl, `option` of prctl and `resource` of the calls about limits.
pub fn needed_numbers(kind: EventType) -> Option<&'static [u64]> {
    match kind {
        EventType::FcntlX => Some(&parse::FCNTL_COMMANDS),
        EventType::PrctlX => Some(&parse::PRCTL_OPTIONS),
        EventType::SetrlimitX | EventType::GetrlimitX | EventType::PrlimitX => {
            Some(&parse::RESOURCES)
        }
        _ => None,
    }
}
