//! When the first process of a pid namespace was started.

use std::collections::HashMap;

use rustix::{fd::AsFd, fs::StatxFlags};

use super::{
    executable::stat,
    reader::{numbered, open_dir, read_file},
    stat as stat_file, status,
    thread::{Clock, Task},
};

/// Most namespaces remembered.
const MAX_NAMESPACES: usize = 1 << 16;
const MAX_BYTES: usize = 1 << 20;
/// Ancestors that are looked at for the first process of a namespace.
const MAX_ANCESTORS: usize = 32;

/// The namespaces whose first process was seen.
#[derive(Debug)]
pub(super) struct PidNamespaces {
    clock: Clock,
    /// By inode: start of the first process.
    starts: HashMap<u64, u64>,
    text: Vec<u8>,
    name: Vec<u8>,
}

impl PidNamespaces {
    pub(super) fn new(clock: Clock) -> Self {
        Self { clock, starts: HashMap::new(), text: Vec::new(), name: Vec::new() }
    }

    /// Forgets everything: inodes of namespaces are given anew.
    pub(super) fn clear(&mut self) {
        self.starts.clear();
    }

    /// When the first process in the namespace of the thread in `dir` was started, ns since the epoch; 0 when
    /// it cannot be found among `pids`, or without those among its ancestors.
    pub(super) fn start(
        &mut self,
        proc: impl AsFd,
        dir: impl AsFd,
        task: &Task,
        pids: Option<&[u32]>,
    ) -> u64 {
        let namespace = stat(&dir, b"ns/pid", StatxFlags::INO).map_or(0, |it| it.stx_ino);
        if task.status.vpid == 1 {
            let start = self.clock.time_ns(task.stat.start_ticks);
            self.remember(namespace, start);
            return start;
        }
        if let Some(&start) = self.starts.get(&namespace).filter(|_| namespace != 0) {
            return start;
        }
        if let Some(pids) = pids {
            // Pids come again: the first process need not have the smallest. After this all are known.
            for &pid in pids {
                self.look_at(&proc, pid);
            }
        } else {
            let mut parent = Some(task.status.ppid);
            for _ in 0..MAX_ANCESTORS {
                let pid = parent.and_then(|it| u32::try_from(it).ok()).filter(|&pid| pid > 1);
                let Some(pid) = pid else { break };
                parent = self.look_at(&proc, pid);
            }
        }
        let start = self.starts.get(&namespace).copied().unwrap_or(0);
        // Even if it is not there: looking again would find nothing.
        self.remember(namespace, start);
        start
    }

    fn remember(&mut self, namespace: u64, start: u64) {
        if self.starts.len() >= MAX_NAMESPACES {
            self.starts.clear();
        }
        self.starts.insert(namespace, start);
    }

    /// Remembers process `pid` if it is the first of a namespace; its parent.
    fn look_at(&mut self, proc: impl AsFd, pid: u32) -> Option<i64> {
        let dir = open_dir(proc, numbered(&mut self.name, b"", pid)).ok()?;
        read_file(&dir, b"status", &mut self.text, MAX_BYTES).ok()?;
        let status = status::parse(&self.text)?;
        if status.vpid == 1 && status.pid_levels > 1 {
            read_file(&dir, b"stat", &mut self.text, MAX_BYTES).ok()?;
            let (_, found) = stat_file::parse(&self.text)?;
            let namespace = stat(&dir, b"ns/pid", StatxFlags::INO).ok()?.stx_ino;
            self.remember(namespace, self.clock.time_ns(found.start_ticks));
        }
        Some(status.ppid)
    }
}
