//! Arguments, environment, cgroups and executable path of a thread, from the bytes of an event.

#[cfg(test)]
mod tests;

use event::Event;

use crate::{interner::Interner, text::Text, thread::Thread};

impl Interner {
    /// Sets arguments and command line from NUL-terminated strings; `comm` must be set before.
    /// `likely` are what both probably are.
    pub(crate) fn set_args(&mut self, thread: &mut Thread, bytes: &[u8], likely: (&Text, &Text)) {
        let args = without_final_nul(bytes);
        thread.arg_count = count(args);
        let mut line = std::mem::take(&mut self.line);
        line.clear();
        if !thread.comm.is_empty() {
            line.extend_from_slice(&thread.comm);
            if thread.arg_count > 0 {
                line.push(b' ');
                line.extend(args.iter().map(|&byte| if byte == 0 { b' ' } else { byte }));
            }
        }
        thread.args = self.intern_like(args, likely.0);
        thread.cmdline = self.intern_like(&line, likely.1);
        self.line = line;
    }

    /// Sets the environment from NUL-terminated strings.
    pub(crate) fn set_env(&mut self, thread: &mut Thread, bytes: &[u8]) {
        let env = without_final_nul(bytes);
        thread.env = self.intern_like(env, &thread.env);
        thread.env_count = count(env);
    }

    /// Sets the cgroups from NUL-terminated `subsystem=path` strings; not at all when one has no `=`.
    pub(crate) fn set_cgroups(&mut self, thread: &mut Thread, bytes: &[u8], likely: &Text) {
        let list = without_final_nul(bytes);
        let mut out = std::mem::take(&mut self.line);
        if push_cgroups(list, &mut out) {
            thread.cgroups = self.intern_like(&out, likely);
        }
        self.line = out;
    }

    /// Sets the path of the executable; one trailing mark of a deleted file is dropped.
    pub(crate) fn set_exepath(&mut self, thread: &mut Thread, path: &[u8]) {
        let path = match path.strip_suffix(b" (deleted)") {
            Some(kept) if !kept.is_empty() => kept,
            _ => path,
        };
        thread.exepath = self.intern_like(path, &thread.exepath);
    }
}

/// Sets page faults and memory from five parameters beginning at `first`, if they are there.
pub(crate) fn set_memory(thread: &mut Thread, event: &Event<'_>, first: usize) {
    if let Some(swap) = event.u32(first + 4) {
        thread.pf_major = event.uint(first).unwrap_or(0);
        thread.pf_minor = event.uint(first + 1).unwrap_or(0);
        thread.vm_size_kb = event.u32(first + 2).unwrap_or(0);
        thread.vm_rss_kb = event.u32(first + 3).unwrap_or(0);
        thread.vm_swap_kb = swap;
    }
}

/// Replaces `out` by the cgroups in `list` with common names; false when an entry has no `=`.
fn push_cgroups(list: &[u8], out: &mut Vec<u8>) -> bool {
    out.clear();
    if list.is_empty() {
        return true;
    }
    for entry in list.split(|&byte| byte == 0) {
        let Some(equals) = entry.iter().position(|&byte| byte == b'=') else { return false };
        let (subsystem, path) = entry.split_at(equals);
        if !out.is_empty() {
            out.push(0);
        }
        push_subsystem(subsystem, out);
        out.extend_from_slice(path);
    }
    true
}

fn without_final_nul(bytes: &[u8]) -> &[u8] {
    bytes.strip_suffix(b"\0").unwrap_or(bytes)
}

/// How many strings `list` holds, separated by NUL.
fn count(list: &[u8]) -> u32 {
    if list.is_empty() {
        return 0;
    }
    u32::try_from(list.split(|&byte| byte == 0).count()).unwrap_or(u32::MAX)
}

/// Appends a subsystem by its common name.
fn push_subsystem(name: &[u8], out: &mut Vec<u8>) {
    const MARK: &[u8] = b"_cgroup";
    let start = out.len();
    match name.windows(MARK.len()).position(|window| window == MARK) {
        Some(mark) => {
            let (head, tail) = name.split_at(mark);
            out.extend_from_slice(head);
            out.extend_from_slice(tail.get(MARK.len()..).unwrap_or_default());
        }
        None => out.extend_from_slice(name),
    }
    let common: &[u8] = match out.get(start..) {
        Some(b"perf") => b"perf_event",
        Some(b"mem") => b"memory",
        Some(b"io") => b"blkio",
        _ => return,
    };
    out.truncate(start);
    out.extend_from_slice(common);
}
