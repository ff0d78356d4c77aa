//! Class `process`: `proc.*` and `thread.*`.

mod ancestor;
mod attribute;
mod capability;
mod leader;
mod table;

use std::io::Write as _;

use event::EventType;
use host::{Thread, ThreadId};

use crate::{
    field::{Context, FieldRef, buffer::build},
    value::Value,
};

pub(super) use ancestor::{is_any_ancestor, visit_ancestors};
pub(super) use table::FIELDS;
pub use table::ProcessField;

use attribute::{write_args, write_cmdline};
use capability::write_capabilities;

/// The value of `id` (with the argument of `field`) for the event of `ctx`.
pub(super) fn extract<'e>(
    ctx: &Context<'e>,
    id: ProcessField,
    field: &FieldRef,
) -> Option<Value<'e>> {
    match id {
        ProcessField::ThreadTid => return pid(ctx.event.tid),
        // Scheduler events, the only ones with a time, carry none in this schema's probes.
        ProcessField::ThreadExectime => return Some(Value::Uint(0)),
        _ => {}
    }
    let slot = ctx.thread_id()?;
    let thread = ctx.host.thread(slot)?;
    text(ctx, id, field, slot, thread)
        .map(Value::Str)
        .or_else(|| number(ctx, id, field, slot, thread))
}

/// Fields that are text.
fn text<'e>(
    ctx: &Context<'e>,
    id: ProcessField,
    field: &FieldRef,
    slot: ThreadId,
    thread: &'e Thread,
) -> Option<&'e [u8]> {
    let parent = || ctx.host.ancestor(slot, 1).and_then(|it| ctx.host.thread(it));
    let capabilities = |set| build(ctx.arena, |out| write_capabilities(set, out));
    Some(match id {
        ProcessField::Exe => &thread.exe,
        ProcessField::Pexe => &parent()?.exe,
        ProcessField::Exepath => &thread.exepath,
        ProcessField::Pexepath => &parent()?.exepath,
        ProcessField::Name => &thread.comm,
        ProcessField::Pname => &parent()?.comm,
        ProcessField::Aexe
        | ProcessField::Aexepath
        | ProcessField::Aname
        | ProcessField::Aargs
        | ProcessField::Acmdline => return ancestor::text(ctx, id, field, slot),
        ProcessField::Aenv => return ancestor::environment(ctx, field, slot),
        ProcessField::Args => attribute::args(ctx.arena, thread, field.argument()),
        ProcessField::Cmdline => attribute::cmdline(ctx.arena, thread),
        ProcessField::Pcmdline => attribute::cmdline(ctx.arena, parent()?),
        ProcessField::Exeline => build(ctx.arena, |out| {
            out.extend_from_slice(&thread.exe);
            out.push(b' ');
            write_args(thread, out);
        }),
        ProcessField::Env => attribute::environment(ctx, slot, field.argument()),
        ProcessField::Cwd => ctx.cwd()?,
        ProcessField::Sname
        | ProcessField::SidExe
        | ProcessField::SidExepath
        | ProcessField::VpgidName
        | ProcessField::VpgidExe
        | ProcessField::VpgidExepath
        | ProcessField::PgidName
        | ProcessField::PgidExe
        | ProcessField::PgidExepath => leader::text(ctx, id, slot),
        ProcessField::ThreadCapPermitted => capabilities(thread.cap_permitted),
        ProcessField::ThreadCapInheritable => capabilities(thread.cap_inheritable),
        ProcessField::ThreadCapEffective => capabilities(thread.cap_effective),
        ProcessField::ThreadCgroups => attribute::cgroups(ctx.arena, thread)?,
        ProcessField::ThreadCgroup => attribute::cgroup(thread, field.argument())?,
        ProcessField::ThreadNametid => build(ctx.arena, |out| {
            out.extend_from_slice(&thread.comm);
            // Writing to a Vec cannot fail.
            let _ = write!(out, "{}", ctx.event.tid);
        }),
        ProcessField::StdinType => attribute::fd_type(ctx, slot, 0)?,
        ProcessField::StdoutType => attribute::fd_type(ctx, slot, 1)?,
        ProcessField::StderrType => attribute::fd_type(ctx, slot, 2)?,
        ProcessField::StdinName => attribute::fd_name(ctx, slot, 0)?,
        ProcessField::StdoutName => attribute::fd_name(ctx, slot, 1)?,
        ProcessField::StderrName => attribute::fd_name(ctx, slot, 2)?,
        _ => return None,
    })
}

/// Fields that are numbers or truth values.
fn number<'e>(
    ctx: &Context<'e>,
    id: ProcessField,
    field: &FieldRef,
    slot: ThreadId,
    thread: &Thread,
) -> Option<Value<'e>> {
    let parent = || ctx.host.ancestor(slot, 1).and_then(|it| ctx.host.thread(it));
    let real_parent = || ctx.host.find_thread(thread.ptid).and_then(|it| ctx.host.thread(it));
    let of_main = |kb: u32| if thread.is_main() { u64::from(kb) } else { 0 };
    let since = |time_ns: u64| Value::Uint(ctx.event.time_ns.wrapping_sub(time_ns));
    Some(match id {
        ProcessField::Cmdnargs => Value::Uint(thread.arg_count.into()),
        ProcessField::Cmdlenargs => Value::Uint(attribute::args_length(thread)),
        ProcessField::Loginshellid => Value::Int(ancestor::login_shell(ctx, slot)?),
        ProcessField::Tty => Value::Uint(thread.tty.into()),
        ProcessField::Pid => return pid(thread.pid),
        ProcessField::Ppid => return pid(parent()?.pid),
        ProcessField::Apid => return pid(ancestor::at(ctx, field, slot)?.pid),
        ProcessField::Vpid => Value::Int(known(thread.vpid)?),
        ProcessField::Pvpid => Value::Int(real_parent()?.vpid),
        ProcessField::Sid => Value::Int(thread.sid),
        ProcessField::Vpgid => Value::Int(thread.vpgid),
        ProcessField::Pgid => Value::Int(thread.pgid),
        ProcessField::Duration => since(nonzero(thread.clone_time_ns)?),
        // Without a time of birth it shows the number of open fds, as Falco does.
        ProcessField::PpidDuration => match parent()?.clone_time_ns {
            0 => Value::Uint(ctx.host.fd_open_count(slot)),
            time_ns => since(time_ns),
        },
        ProcessField::PidTs => Value::Uint(nonzero(thread.clone_time_ns)?),
        ProcessField::PpidTs => Value::Uint(real_parent()?.clone_time_ns),
        ProcessField::IsExeWritable => Value::Bool(thread.exe_writable),
        ProcessField::IsExeUpperLayer => Value::Bool(thread.exe_upper_layer),
        ProcessField::IsExeLowerLayer => Value::Bool(thread.exe_lower_layer),
        ProcessField::IsExeFromMemfd => Value::Bool(thread.exe_from_memfd),
        ProcessField::IsSidLeader => Value::Bool(thread.sid == thread.vpid),
        ProcessField::IsVpgidLeader => Value::Bool(thread.vpgid == thread.vpid),
        ProcessField::IsPgidLeader => Value::Bool(thread.pgid == thread.pid),
        ProcessField::ExeIno => Value::Int(nonzero(thread.exe_ino)?.cast_signed()),
        ProcessField::ExeInoCtime => Value::Uint(nonzero(thread.exe_ino_ctime_ns)?),
        ProcessField::ExeInoMtime => Value::Uint(nonzero(thread.exe_ino_mtime_ns)?),
        ProcessField::ExeInoCtimeDurationProcStart => {
            Value::Uint(nonzero(thread.ctime_duration_clone_ns)?)
        }
        ProcessField::ExeInoCtimeDurationPidnsStart => {
            Value::Uint(nonzero(thread.ctime_duration_pidns_start_ns)?)
        }
        ProcessField::PidnsInitStartTs => Value::Uint(nonzero(thread.pidns_init_start_time_ns)?),
        ProcessField::Fdopencount => Value::Uint(ctx.host.fd_open_count(slot)),
        ProcessField::Fdlimit => Value::Int(ctx.host.fd_limit(slot)),
        ProcessField::Fdusage => Value::Double(attribute::fd_usage(
            ctx.host.fd_open_count(slot),
            ctx.host.fd_limit(slot),
        )),
        ProcessField::Vmsize => Value::Uint(thread.vm_size_kb.into()),
        ProcessField::Vmrss => Value::Uint(thread.vm_rss_kb.into()),
        ProcessField::Vmswap => Value::Uint(thread.vm_swap_kb.into()),
        ProcessField::ThreadPfmajor => Value::Uint(thread.pf_major),
        ProcessField::ThreadPfminor => Value::Uint(thread.pf_minor),
        ProcessField::ThreadIsmain => Value::Bool(thread.is_main()),
        ProcessField::ThreadVtid => Value::Int(known(thread.vtid)?),
        ProcessField::ThreadTotexectime => Value::Uint(0),
        ProcessField::Nthreads => Value::Uint(ctx.host.live_threads(slot)),
        ProcessField::Nchilds => Value::Uint(ctx.host.other_live_threads(slot)),
        ProcessField::ThreadCpu | ProcessField::ThreadCpuUser | ProcessField::ThreadCpuSystem => {
            // A share of the last second would need the event before; there is one at most.
            (ctx.event.kind == EventType::ProcinfoE).then_some(Value::Double(0.0))?
        }
        ProcessField::ThreadVmsize => Value::Uint(of_main(thread.vm_size_kb)),
        ProcessField::ThreadVmrss => Value::Uint(of_main(thread.vm_rss_kb)),
        ProcessField::ThreadVmsizeB => Value::Uint(of_main(thread.vm_size_kb) * 1024),
        ProcessField::ThreadVmrssB => Value::Uint(of_main(thread.vm_rss_kb) * 1024),
        _ => return None,
    })
}

/// A thread or process id; sources that do not know it use numbers beyond 32 bits.
fn pid<'e>(id: i64) -> Option<Value<'e>> {
    (-1..=i64::from(u32::MAX)).contains(&id).then_some(Value::Int(id))
}

fn known(id: i64) -> Option<i64> {
    (id != -1).then_some(id)
}

fn nonzero(number: u64) -> Option<u64> {
    (number != 0).then_some(number)
}
