//! Fields of the leader of a session or process group.

use host::{Thread, ThreadId};

use crate::field::{Context, process::ProcessField};

/// The field of the leader; empty when no leader is known.
pub(super) fn text<'e>(ctx: &Context<'e>, id: ProcessField, slot: ThreadId) -> &'e [u8] {
    let (of, namespaced): (fn(&Thread) -> i64, bool) = match id {
        ProcessField::Sname | ProcessField::SidExe | ProcessField::SidExepath => {
            (|it| it.sid, true)
        }
        ProcessField::VpgidName | ProcessField::VpgidExe | ProcessField::VpgidExepath => {
            (|it| it.vpgid, true)
        }
        _ => (|it| it.pgid, false),
    };
    let leader = ctx.host.oldest_with(slot, of, namespaced);
    let Some(leader) = leader.and_then(|it| ctx.host.thread(it)) else { return &[] };
    match id {
        ProcessField::SidExe | ProcessField::VpgidExe | ProcessField::PgidExe => &leader.exe,
        ProcessField::SidExepath | ProcessField::VpgidExepath | ProcessField::PgidExepath => {
            &leader.exepath
        }
        _ => &leader.comm,
    }
}
