//! The rows of class `process`.

use crate::field::definition::{field, fields};
use crate::value::ValueType::{Abstime, Bool, Charbuf, Double, Int64, Reltime, Uint32, Uint64};

fields! {
    /// A field of class `process`: `proc.*` and `thread.*`.
    ProcessField in Process {
        Exe = field("proc.exe", Charbuf,
            "argv[0] of the last exec (or cmdline from /proc), ≤4096 bytes.");
        Pexe = field("proc.pexe", Charbuf, "proc.exe of the parent.");
        Aexe = field("proc.aexe", Charbuf,
            "proc.exe of ancestor n, or of any.").optional().unchained();
        Exepath = field("proc.exepath", Charbuf,
            "Path of the executable as the kernel resolved it.");
        Pexepath = field("proc.pexepath", Charbuf, "proc.exepath of the parent.");
        Aexepath = field("proc.aexepath", Charbuf,
            "proc.exepath of ancestor n, or of any.").optional().unchained();
        Name = field("proc.name", Charbuf,
            "Task comm (≤15 bytes) as of the last exec/prctl/clone.");
        Pname = field("proc.pname", Charbuf, "Comm of the parent.");
        Aname = field("proc.aname", Charbuf,
            "proc.name of ancestor n (1 is the parent), or of any.").optional().unchained();
        Args = field("proc.args", Charbuf,
            "argv[1..] joined by blanks; proc.args[i] is one of them, empty if out of range.")
            .optional();
        Aargs = field("proc.aargs", Charbuf, "proc.args of ancestor n, or of all.").optional();
        Cmdline = field("proc.cmdline", Charbuf,
            "Comm + blank + args (comm, not argv[0]; no trailing blank when no args).");
        Pcmdline = field("proc.pcmdline", Charbuf, "proc.cmdline of the parent.");
        Acmdline = field("proc.acmdline", Charbuf,
            "proc.cmdline of ancestor n, or of any.").optional().unchained();
        Cmdnargs = field("proc.cmdnargs", Uint64, "Number of arguments (without argv[0]).").dec();
        Cmdlenargs = field("proc.cmdlenargs", Uint64, "Sum of argument lengths.").dec();
        Exeline = field("proc.exeline", Charbuf, "argv[0] + blank + args.");
        Env = field("proc.env", Charbuf,
            "Environment as K=V joined by blanks; proc.env[K] is one value, or empty.").optional();
        Aenv = field("proc.aenv", Charbuf,
            "proc.env of ancestor n, or of any; proc.aenv[K] is the first value of K above.")
            .optional().unchained();
        Cwd = field("proc.cwd", Charbuf, "Current directory of the process.");
        Loginshellid = field("proc.loginshellid", Int64,
            "Pid of the oldest shell-like ancestor; missing if none.").dec();
        Tty = field("proc.tty", Uint32, "Controlling terminal device number, 0 = none.").dec();
        Pid = field("proc.pid", Int64, "Thread-group id (host namespace).").dec();
        Ppid = field("proc.ppid", Int64, "Parent pid (ptid’s process).").dec();
        Apid = field("proc.apid", Int64,
            "proc.pid of ancestor n, or of any.").dec().optional().unchained();
        Vpid = field("proc.vpid", Int64, "Pid in its own pid namespace.").dec();
        Pvpid = field("proc.pvpid", Int64, "Parent’s vpid (missing if parent unknown).").dec();
        Sid = field("proc.sid", Int64, "Session id (pid-namespace number).").dec();
        Sname = field("proc.sname", Charbuf,
            "Comm of the session leader, or of the eldest ancestor with the same sid.");
        SidExe = field("proc.sid.exe", Charbuf, "argv[0] of the session leader.");
        SidExepath = field("proc.sid.exepath", Charbuf, "Executable path of the session leader.");
        Vpgid = field("proc.vpgid", Int64, "Process group id in its namespace.").dec();
        VpgidName = field("proc.vpgid.name", Charbuf, "Comm of the process group leader.");
        VpgidExe = field("proc.vpgid.exe", Charbuf, "argv[0] of the process group leader.");
        VpgidExepath = field("proc.vpgid.exepath", Charbuf,
            "Executable path of the process group leader.");
        Pgid = field("proc.pgid", Int64, "Process group id, host namespace.").dec();
        PgidName = field("proc.pgid.name", Charbuf, "Comm of the process group leader.");
        PgidExe = field("proc.pgid.exe", Charbuf, "argv[0] of the process group leader.");
        PgidExepath = field("proc.pgid.exepath", Charbuf,
            "Executable path of the process group leader.");
        Duration = field("proc.duration", Reltime,
            "Ns since the process was cloned (event time − start); missing if start unknown.")
            .dec();
        PpidDuration = field("proc.ppid.duration", Reltime,
            "Nanoseconds since the parent was cloned.").dec();
        PidTs = field("proc.pid.ts", Reltime, "Start time of the process, ns epoch.").dec();
        PpidTs = field("proc.ppid.ts", Reltime, "Start time of the parent.").dec();
        IsExeWritable = field("proc.is_exe_writable", Bool,
            "Executable writable by the user who ran it.");
        IsExeUpperLayer = field("proc.is_exe_upper_layer", Bool,
            "Executable in an overlay's upper layer.");
        IsExeLowerLayer = field("proc.is_exe_lower_layer", Bool,
            "Executable in an overlay's lower layer.");
        IsExeFromMemfd = field("proc.is_exe_from_memfd", Bool, "Executable is a memfd.");
        IsSidLeader = field("proc.is_sid_leader", Bool, "Sid == vpid.");
        IsVpgidLeader = field("proc.is_vpgid_leader", Bool, "Vpgid == vpid.");
        IsPgidLeader = field("proc.is_pgid_leader", Bool, "Pgid == pid.");
        ExeIno = field("proc.exe_ino", Int64, "Inode of the executable.").dec();
        ExeInoCtime = field("proc.exe_ino.ctime", Abstime,
            "Ctime of the executable's inode, ns.").dec();
        ExeInoMtime = field("proc.exe_ino.mtime", Abstime,
            "Mtime of the executable's inode, ns.").dec();
        ExeInoCtimeDurationProcStart = field("proc.exe_ino.ctime_duration_proc_start", Abstime,
            "Nanoseconds from ctime of the executable to the clone.").dec();
        ExeInoCtimeDurationPidnsStart = field("proc.exe_ino.ctime_duration_pidns_start", Abstime,
            "Nanoseconds from start of the pid namespace to ctime.").dec();
        PidnsInitStartTs = field("proc.pidns_init_start_ts", Uint64,
            "Start time of the pid namespace init, ns.").dec();
        ThreadCapPermitted = field("thread.cap_permitted", Charbuf,
            "Permitted capabilities, separated by blanks.");
        ThreadCapInheritable = field("thread.cap_inheritable", Charbuf,
            "Inheritable capabilities, separated by blanks.");
        ThreadCapEffective = field("thread.cap_effective", Charbuf,
            "Effective capabilities, separated by blanks.");
        Fdopencount = field("proc.fdopencount", Uint64, "Open fds tracked.").dec();
        Fdlimit = field("proc.fdlimit", Int64, "RLIMIT_NOFILE soft limit.").dec();
        Fdusage = field("proc.fdusage", Double, "Percentage fdopencount/fdlimit.");
        Vmsize = field("proc.vmsize", Uint64, "Virtual memory, kB.").dec();
        Vmrss = field("proc.vmrss", Uint64, "Resident memory, kB.").dec();
        Vmswap = field("proc.vmswap", Uint64, "Swapped memory, kB.").dec();
        ThreadPfmajor = field("thread.pfmajor", Uint64, "Major faults since start.").dec();
        ThreadPfminor = field("thread.pfminor", Uint64, "Minor faults.").dec();
        ThreadTid = field("thread.tid", Int64, "Thread id (host).").dec();
        ThreadIsmain = field("thread.ismain", Bool, "Tid == pid.");
        ThreadVtid = field("thread.vtid", Int64, "Thread id in its namespace.").dec();
        ThreadNametid = field("thread.nametid", Charbuf,
            "Table only: comm followed by the thread id.").table_only();
        ThreadExectime = field("thread.exectime", Reltime,
            "CPU ns of last schedule (switch events).").dec();
        ThreadTotexectime = field("thread.totexectime", Reltime, "Total CPU ns seen.").dec();
        ThreadCgroups = field("thread.cgroups", Charbuf, "Subsys=path list, blank separated.");
        ThreadCgroup = field("thread.cgroup", Charbuf,
            "thread.cgroup.SUBSYS path of one controller.").required();
        Nthreads = field("proc.nthreads", Uint64, "Alive threads incl. leader.").dec();
        Nchilds = field("proc.nchilds", Uint64, "Alive non-leader threads.").dec();
        ThreadCpu = field("thread.cpu", Double,
            "CPU of the last second, in percent (procinfo events).");
        ThreadCpuUser = field("thread.cpu.user", Double, "User part of thread.cpu.");
        ThreadCpuSystem = field("thread.cpu.system", Double, "System part of thread.cpu.");
        ThreadVmsize = field("thread.vmsize", Uint64,
            "Virtual memory of the main thread, kB; else 0.").dec();
        ThreadVmrss = field("thread.vmrss", Uint64,
            "Resident memory of the main thread, kB; else 0.").dec();
        ThreadVmsizeB = field("thread.vmsize.b", Uint64,
            "Table only: virtual memory of the main thread in bytes, else 0.")
            .dec().table_only();
        ThreadVmrssB = field("thread.vmrss.b", Uint64,
            "Table only: resident memory of the main thread in bytes, else 0.")
            .dec().table_only();
        StdinType = field("proc.stdin.type", Charbuf, "Type of fd 0.");
        StdoutType = field("proc.stdout.type", Charbuf, "Type of fd 1.");
        StderrType = field("proc.stderr.type", Charbuf, "Type of fd 2.");
        StdinName = field("proc.stdin.name", Charbuf, "Name of fd 0.");
        StdoutName = field("proc.stdout.name", Charbuf, "Name of fd 1.");
        StderrName = field("proc.stderr.name", Charbuf, "Name of fd 2.");
    }
}
