//! Which events the probes need not report, because no rule can match them and the state does without: what
//! [`ebpf::Filter`] leaves out in the kernel. Neither alerts nor the state are any different for it.

#[cfg(test)]
mod tests;

use ebpf::{Failed, Filter};
use event::EventType;
use falco_compat::{
    engine::{Facts, counts_events, is_never_matched},
    rules::Rule,
};

/// What is needless while `rules` are in force.
pub(super) fn filter(rules: &[Rule]) -> Filter {
    let mut filter = Filter::new();
    if counts_events(rules) {
        return filter;
    }
    for &kind in EventType::all() {
        filter.leave_out_failed(kind, failed(rules, kind));
        if let Some(numbers) = host::needed_numbers(kind)
            && is_never_matched(rules, kind, Facts::default())
        {
            filter.leave_out_numbers_but(kind, numbers);
        }
    }
    filter
}

fn failed(rules: &[Rule], kind: EventType) -> Failed {
    if !Filter::knows_failure(kind) || host::needs_failed(kind) {
        return Failed::Needed;
    }
    let never = |plain_path| is_never_matched(rules, kind, Facts { failed: true, plain_path });
    if never(false) {
        Failed::Needless
    } else if Filter::knows_path(kind) && never(true) {
        Failed::NeedlessIfPlain
    } else {
        Failed::Needed
    }
}

/// What is left of `filter` where the probes of `missing` names are.
///
/// When the end of an open is left out, its beginning stays behind in the state until that of the next one takes its
/// place. If one kind of calls has probes of its beginning and the other has none, it would be taken for the beginning
/// of a call it does not belong to.
pub(super) fn fit<'a>(filter: &Filter, missing: impl Iterator<Item = &'a str>) -> Filter {
    let mut fitting = filter.clone();
    for probe in missing {
        let call = probe.strip_prefix("enter_").unwrap_or_default();
        let call = call.strip_prefix("compat_").unwrap_or(call);
        match call {
            "open" => fitting.keep(EventType::OpenX),
            "openat" => fitting.keep(EventType::OpenatV2X),
            "openat2" => fitting.keep(EventType::Openat2X),
            "creat" => fitting.keep(EventType::CreatX),
            _ => {}
        }
    }
    fitting
}
