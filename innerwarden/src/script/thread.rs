//! A thread that is there before the first event.

use event::capture::ThreadEntry;

use crate::document::{Entry, EntryError};

/// Keys of a thread.
const KEYS: [&str; 18] = [
    "tid", "pid", "ptid", "sid", "vtid", "vpid", "pgid", "comm", "exe", "exepath", "args", "env",
    "cgroups", "cwd", "uid", "gid", "loginuid", "tty",
];

/// A thread that is there before the first event. Lists are ended by NUL each.
#[derive(Clone, Debug, Default)]
pub(crate) struct ScriptedThread {
    tid: i64,
    pid: i64,
    ptid: i64,
    sid: i64,
    vtid: i64,
    vpid: i64,
    pgid: i64,
    comm: Vec<u8>,
    exe: Vec<u8>,
    exepath: Vec<u8>,
    args: Vec<u8>,
    env: Vec<u8>,
    cgroups: Vec<u8>,
    cwd: Vec<u8>,
    uid: u32,
    gid: u32,
    loginuid: u32,
    tty: u32,
}

impl ScriptedThread {
    /// Reads one entry of `threads`. Only `tid` and `comm` are needed: a main thread of root, child of init.
    pub(super) fn read(entry: &Entry<'_>) -> Result<Self, EntryError> {
        entry.only(&KEYS)?;
        let tid = entry.required("tid")?.number()?;
        let pid = number(entry, "pid", tid)?;
        let comm = text(entry, "comm", "")?;
        let exe = text(entry, "exe", &comm)?;
        Ok(Self {
            tid,
            pid,
            ptid: number(entry, "ptid", i64::from(tid != 1))?,
            sid: number(entry, "sid", pid)?,
            vtid: number(entry, "vtid", tid)?,
            vpid: number(entry, "vpid", pid)?,
            pgid: number(entry, "pgid", pid)?,
            exepath: text(entry, "exepath", &exe)?.into(),
            comm: comm.into(),
            exe: exe.into(),
            args: list(entry, "args")?,
            env: list(entry, "env")?,
            cgroups: list(entry, "cgroups")?,
            cwd: text(entry, "cwd", "/")?.into(),
            uid: number(entry, "uid", 0)?,
            gid: number(entry, "gid", 0)?,
            loginuid: number(entry, "loginuid", u32::MAX)?,
            tty: number(entry, "tty", 0)?,
        })
    }

    /// The thread as a capture would have it.
    pub(crate) fn entry(&self) -> ThreadEntry<'_> {
        ThreadEntry {
            tid: self.tid,
            pid: self.pid,
            ptid: self.ptid,
            sid: self.sid,
            vtid: self.vtid,
            vpid: self.vpid,
            pgid: self.pgid,
            vpgid: self.pgid,
            comm: &self.comm,
            exe: &self.exe,
            exepath: &self.exepath,
            args: &self.args,
            env: &self.env,
            cgroups: &self.cgroups,
            cwd: &self.cwd,
            root: b"/",
            fdlimit: 1024,
            uid: self.uid,
            gid: self.gid,
            loginuid: self.loginuid,
            tty: self.tty,
            ..ThreadEntry::default()
        }
    }
}

fn number<T: std::str::FromStr>(entry: &Entry<'_>, key: &str, default: T) -> Result<T, EntryError> {
    entry.optional(key).map_or(Ok(default), |it| it.number())
}

fn text(entry: &Entry<'_>, key: &str, default: &str) -> Result<String, EntryError> {
    entry.optional(key).map_or_else(|| Ok(default.to_owned()), |it| it.text().map(str::to_owned))
}

fn list(entry: &Entry<'_>, key: &str) -> Result<Vec<u8>, EntryError> {
    let Some(list) = entry.optional(key) else { return Ok(Vec::new()) };
    let mut out = Vec::new();
    for item in list.list()? {
        out.extend_from_slice(item.text()?.as_bytes());
        out.push(0);
    }
    Ok(out)
}
