//! Threads that were there when recording began.

use super::{
    cursor::Cursor,
    error::CaptureErrorKind,
    field::{Counted, put_buffer, put_sized},
};

/// A thread that was there when recording began. Ids are host numbering unless they begin with `v`.
///
/// What the capture's version does not hold has the defaults of Falco's libraries: −1 for `sid`, `vpgid`,
/// `vtid`, `vpid` and `pgid`, `u32::MAX` for `loginuid`, otherwise 0 or empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "the file has four independent flags")]
pub struct ThreadEntry<'a> {
    /// Thread id.
    pub tid: i64,
    /// Thread group id.
    pub pid: i64,
    /// Thread id of the parent.
    pub ptid: i64,
    /// Session id.
    pub sid: i64,
    /// Process group in its pid namespace.
    pub vpgid: i64,
    /// Process group.
    pub pgid: i64,
    /// Thread id in its pid namespace.
    pub vtid: i64,
    /// Thread group id in its pid namespace.
    pub vpid: i64,
    /// Name of the task; this, `exe`, `exepath`, `cwd` and `root` at most 1,024 bytes.
    pub comm: &'a [u8],
    /// `argv[0]`.
    pub exe: &'a [u8],
    /// Resolved path of the executable.
    pub exepath: &'a [u8],
    /// Arguments after `argv[0]`, each ended by NUL (the last NUL may be missing); this, `env` and `cgroups`
    /// at most 4,096 bytes.
    pub args: &'a [u8],
    /// Environment, in the same form.
    pub env: &'a [u8],
    /// `subsystem=path`, in the same form.
    pub cgroups: &'a [u8],
    /// Current directory.
    pub cwd: &'a [u8],
    /// Root directory.
    pub root: &'a [u8],
    /// `RLIMIT_NOFILE`, soft.
    pub fdlimit: u64,
    /// `PPM_CL_*`.
    pub flags: u32,
    /// Effective user id.
    pub uid: u32,
    /// Effective group id.
    pub gid: u32,
    /// Audit user id; `u32::MAX` when unset.
    pub loginuid: u32,
    /// Controlling terminal, kernel encoding; 0 for none.
    pub tty: u32,
    /// kB.
    pub vm_size_kb: u32,
    /// kB.
    pub vm_rss_kb: u32,
    /// kB.
    pub vm_swap_kb: u32,
    /// Major page faults.
    pub pf_major: u64,
    /// Minor page faults.
    pub pf_minor: u64,
    /// Start of its pid namespace's init, nanoseconds since the Unix epoch; 0 when unknown.
    pub pidns_init_start_time_ns: u64,
    /// When the thread was started, nanoseconds since the Unix epoch. A scan of a live host knows it; captures do
    /// not hold it, so there it is 0.
    pub clone_time_ns: u64,
    /// Capabilities.
    pub cap_inheritable: u64,
    /// Capabilities.
    pub cap_permitted: u64,
    /// Capabilities.
    pub cap_effective: u64,
    /// Inode of the executable.
    pub exe_ino: u64,
    /// Its ctime.
    pub exe_ino_ctime_ns: u64,
    /// Its mtime.
    pub exe_ino_mtime_ns: u64,
    /// The executable is writable by the user who ran it.
    pub exe_writable: bool,
    /// The executable is in an overlay's upper layer.
    pub exe_upper_layer: bool,
    /// The executable is in an overlay's lower layer.
    pub exe_lower_layer: bool,
    /// The executable is a memfd.
    pub exe_from_memfd: bool,
}

impl Default for ThreadEntry<'_> {
    fn default() -> Self {
        Self {
            tid: 0,
            pid: 0,
            ptid: 0,
            sid: -1,
            vpgid: -1,
            pgid: -1,
            vtid: -1,
            vpid: -1,
            comm: &[],
            exe: &[],
            exepath: &[],
            args: &[],
            env: &[],
            cgroups: &[],
            cwd: &[],
            root: &[],
            fdlimit: 0,
            flags: 0,
            uid: 0,
            gid: 0,
            loginuid: u32::MAX,
            tty: 0,
            vm_size_kb: 0,
            vm_rss_kb: 0,
            vm_swap_kb: 0,
            pf_major: 0,
            pf_minor: 0,
            pidns_init_start_time_ns: 0,
            clone_time_ns: 0,
            cap_inheritable: 0,
            cap_permitted: 0,
            cap_effective: 0,
            exe_ino: 0,
            exe_ino_ctime_ns: 0,
            exe_ino_mtime_ns: 0,
            exe_writable: false,
            exe_upper_layer: false,
            exe_lower_layer: false,
            exe_from_memfd: false,
        }
    }
}

/// Longest `comm`, `exe`, `exepath`, `cwd` and `root`.
const MAX_PATH_BYTES: u16 = 1024;
/// Longest `args`, `env` and `cgroups`.
const MAX_LIST_BYTES: u16 = 4096;

impl<'a> ThreadEntry<'a> {
    /// The entry at the start of `bytes`, its bytes, and the length that it declares (since version 9).
    pub(super) fn parse(
        bytes: &'a [u8],
        version: u8,
    ) -> Result<(Self, usize, Option<u32>), CaptureErrorKind> {
        let mut cursor = Cursor::new("thread", bytes);
        let mut thread = Self::default();
        let declared = if version >= 9 { Some(cursor.u32()?) } else { None };
        thread.parse_fixed(&mut cursor, version)?;
        thread.parse_since_v2(&mut cursor, version)?;
        if let Some(declared) = declared {
            thread.parse_tail(&mut cursor, declared as usize)?;
        }
        Ok((thread, cursor.position(), declared))
    }

    fn parse_fixed(
        &mut self,
        cursor: &mut Cursor<'a>,
        version: u8,
    ) -> Result<(), CaptureErrorKind> {
        self.tid = cursor.i64()?;
        self.pid = cursor.i64()?;
        self.ptid = cursor.i64()?;
        if version >= 6 {
            self.sid = cursor.i64()?;
        }
        if version >= 8 {
            self.vpgid = cursor.i64()?;
        }
        self.comm = cursor.text("comm", MAX_PATH_BYTES)?;
        self.exe = cursor.text("exe", MAX_PATH_BYTES)?;
        if version >= 7 {
            self.exepath = cursor.text("exepath", MAX_PATH_BYTES)?;
        }
        self.args = cursor.buffer("args", MAX_LIST_BYTES)?;
        self.cwd = cursor.text("cwd", MAX_PATH_BYTES)?;
        self.fdlimit = cursor.u64()?;
        self.flags = cursor.u32()?;
        self.uid = cursor.u32()?;
        self.gid = cursor.u32()?;
        Ok(())
    }

    fn parse_since_v2(
        &mut self,
        cursor: &mut Cursor<'a>,
        version: u8,
    ) -> Result<(), CaptureErrorKind> {
        if version >= 2 {
            self.vm_size_kb = cursor.u32()?;
            self.vm_rss_kb = cursor.u32()?;
            self.vm_swap_kb = cursor.u32()?;
            self.pf_major = cursor.u64()?;
            self.pf_minor = cursor.u64()?;
        }
        if version >= 3 {
            self.env = cursor.buffer("env", MAX_LIST_BYTES)?;
        }
        if version >= 4 {
            self.vtid = cursor.i64()?;
            self.vpid = cursor.i64()?;
            self.cgroups = cursor.buffer("cgroups", MAX_LIST_BYTES)?;
        }
        if version >= 5 {
            self.root = cursor.text("root", MAX_PATH_BYTES)?;
        }
        Ok(())
    }

    /// Fields that are there as far as the `declared` length reaches.
    fn parse_tail(
        &mut self,
        cursor: &mut Cursor<'a>,
        declared: usize,
    ) -> Result<(), CaptureErrorKind> {
        // libs 0.10 put two fields in front of the tail that earlier ones wrote; only the length tells.
        const TAIL_BEFORE_0_10: usize = 29;
        let there = |cursor: &Cursor<'_>, bytes: usize| cursor.position() + bytes <= declared;
        if declared.wrapping_sub(cursor.position()) > TAIL_BEFORE_0_10 {
            if there(cursor, 8) {
                self.pidns_init_start_time_ns = cursor.u64()?;
            }
            if there(cursor, 4) {
                self.tty = cursor.u32()?;
            }
        }
        if there(cursor, 4) {
            self.loginuid = cursor.u32()?;
        }
        if there(cursor, 1) {
            self.exe_writable = cursor.u8()? != 0;
        }
        for field in [&mut self.cap_inheritable, &mut self.cap_permitted, &mut self.cap_effective] {
            if there(cursor, 8) {
                *field = cursor.u64()?;
            }
        }
        if there(cursor, 1) {
            self.exe_upper_layer = cursor.u8()? != 0;
        }
        for field in [&mut self.exe_ino, &mut self.exe_ino_ctime_ns, &mut self.exe_ino_mtime_ns] {
            if there(cursor, 8) {
                *field = cursor.u64()?;
            }
        }
        for field in [&mut self.exe_from_memfd, &mut self.exe_lower_layer] {
            if there(cursor, 1) {
                *field = cursor.u8()? != 0;
            }
        }
        if there(cursor, 8) {
            self.pgid = cursor.i64()?;
        }
        Ok(())
    }
}

impl ThreadEntry<'_> {
    /// Appends the entry of a list of the current version, with its whole tail.
    pub(super) fn encode(&self, out: &mut Vec<u8>) {
        put_sized(out, Counted::All, |out| {
            self.encode_known(out);
            self.encode_tail(out);
        });
    }

    fn encode_known(&self, out: &mut Vec<u8>) {
        for id in [self.tid, self.pid, self.ptid, self.sid, self.vpgid] {
            out.extend_from_slice(&id.to_le_bytes());
        }
        put_buffer(out, self.comm, MAX_PATH_BYTES);
        put_buffer(out, self.exe, MAX_PATH_BYTES);
        put_buffer(out, self.exepath, MAX_PATH_BYTES);
        put_buffer(out, self.args, MAX_LIST_BYTES);
        // libs read past an empty one.
        put_buffer(out, if self.cwd.is_empty() { b"/" } else { self.cwd }, MAX_PATH_BYTES);
        out.extend_from_slice(&self.fdlimit.to_le_bytes());
        for number in
            [self.flags, self.uid, self.gid, self.vm_size_kb, self.vm_rss_kb, self.vm_swap_kb]
        {
            out.extend_from_slice(&number.to_le_bytes());
        }
        out.extend_from_slice(&self.pf_major.to_le_bytes());
        out.extend_from_slice(&self.pf_minor.to_le_bytes());
        put_buffer(out, self.env, MAX_LIST_BYTES);
        out.extend_from_slice(&self.vtid.to_le_bytes());
        out.extend_from_slice(&self.vpid.to_le_bytes());
        put_buffer(out, self.cgroups, MAX_LIST_BYTES);
        put_buffer(out, self.root, MAX_PATH_BYTES);
    }

    fn encode_tail(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.pidns_init_start_time_ns.to_le_bytes());
        out.extend_from_slice(&self.tty.to_le_bytes());
        out.extend_from_slice(&self.loginuid.to_le_bytes());
        out.push(u8::from(self.exe_writable));
        for set in [self.cap_inheritable, self.cap_permitted, self.cap_effective] {
            out.extend_from_slice(&set.to_le_bytes());
        }
        out.push(u8::from(self.exe_upper_layer));
        for number in [self.exe_ino, self.exe_ino_ctime_ns, self.exe_ino_mtime_ns] {
            out.extend_from_slice(&number.to_le_bytes());
        }
        out.push(u8::from(self.exe_from_memfd));
        out.push(u8::from(self.exe_lower_layer));
        out.extend_from_slice(&self.pgid.to_le_bytes());
    }
}
