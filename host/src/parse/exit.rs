//! The end of a thread.

#[cfg(test)]
mod tests;

use event::Event;

use crate::host::Host;

/// Parameter that says who adopts the children; old captures have fewer.
const REAPER: usize = 4;

pub(super) fn parse(host: &mut Host, event: &Event<'_>) {
    let Some(id) = host.event_thread else { return };
    host.mark_dead(id);
    // The event still shows the thread, so it goes before the next one.
    host.exited = Some(event.tid);
    let Some(tracking) = host.threads.tracking_mut(id) else { return };
    if tracking.children.is_empty() {
        return;
    }
    if event.param_count() <= REAPER {
        tracking.reaper_tid = -1;
    } else if let Some(reaper) = event.int(REAPER) {
        tracking.reaper_tid = reaper;
    }
}
