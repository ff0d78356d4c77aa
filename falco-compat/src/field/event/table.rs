//! The rows of class `evt` that only syscall events have.

use crate::field::definition::{field, fields};
use crate::value::ValueType::{Bool, Bytebuf, Charbuf, Dyn, Int16, Int64, Reltime, Uint32, Uint64};

fields! {
    /// A field of class `evt` of syscall events.
    EventField in Event {
        Latency = field("evt.latency", Reltime,
            "Deprecated: enter events are gone.").dec().deprecated();
        LatencyS = field("evt.latency.s", Reltime,
            "Deprecated: enter events are gone.").dec().deprecated();
        LatencyNs = field("evt.latency.ns", Reltime,
            "Deprecated: enter events are gone.").padded().deprecated();
        LatencyQuantized = field("evt.latency.quantized", Uint64,
            "Table only: decimal logarithm of the latency.").dec().table_only().deprecated();
        LatencyHuman = field("evt.latency.human", Charbuf,
            "Deprecated: enter events are gone.").deprecated();
        Deltatime = field("evt.deltatime", Reltime, "Nanoseconds since the previous event.").dec();
        DeltatimeS = field("evt.deltatime.s", Reltime, "Seconds since the previous event.").dec();
        DeltatimeNs = field("evt.deltatime.ns", Reltime,
            "Fraction of the time since the previous event, in ns.").padded();
        Outputtime = field("evt.outputtime", Charbuf,
            "Print only: time as chosen by -t.").print_only();
        Dir = field("evt.dir", Charbuf,
            "Deprecated: < for exit events, > for others.").deprecated();
        Type = field("evt.type", Charbuf,
            "Event name (open, execve, async name); a generic event gives the syscall.");
        TypeIs = field("evt.type.is", Uint32,
            "evt.type.is.NAME is 1 for events of that type, else 0.").required();
        SyscallType = field("syscall.type", Charbuf,
            "Syscall name; missing for non-syscall events.");
        Category = field("evt.category", Charbuf,
            "Category: file, net, memory, process and so on; of the fd for reads and writes.");
        Cpu = field("evt.cpu", Int16, "CPU that recorded the event.").dec();
        Args = field("evt.args", Charbuf, "All parameters as name=value, separated by blanks.");
        Arg = field("evt.arg", Charbuf,
            "One parameter, by evt.arg.NAME or evt.arg[N]: resolved text, else raw text.")
            .required();
        Rawarg = field("evt.rawarg", Dyn,
            "One parameter by name with its native type, usable with numeric operators.")
            .required().unchained();
        Info = field("evt.info", Charbuf, "Same as evt.args (for plugin events: plugin summary).");
        Buffer = field("evt.buffer", Bytebuf,
            "Data of I/O events, up to the snaplen of the capture.");
        Buflen = field("evt.buflen", Uint64, "Length of the data buffer.").dec();
        Res = field("evt.res", Charbuf, "SUCCESS, or the name of the error (ENOENT).").dec();
        Rawres = field("evt.rawres", Int64, "Numeric return value (negative errno).").dec();
        Failed = field("evt.failed", Bool, "True when evt.rawres is negative.");
        IsIo = field("evt.is_io", Bool, "The event reads or writes an fd.");
        IsIoRead = field("evt.is_io_read", Bool, "The event reads from an fd.");
        IsIoWrite = field("evt.is_io_write", Bool, "The event writes to an fd.");
        IoDir = field("evt.io_dir", Charbuf, "The text read or write.");
        IsWait = field("evt.is_wait", Bool, "The event may block (poll, select, futex).");
        WaitLatency = field("evt.wait_latency", Reltime,
            "Deprecated: enter events are gone.").dec().deprecated();
        IsSyslog = field("evt.is_syslog", Bool, "Write to /dev/log.");
        Count = field("evt.count", Uint32, "Always 1.").dec();
        CountError = field("evt.count.error", Uint32, "1 if failed else 0.").dec();
        CountErrorFile = field("evt.count.error.file", Uint32, "1 for failed file I/O.").dec();
        CountErrorNet = field("evt.count.error.net", Uint32, "1 for failed network I/O.").dec();
        CountErrorMemory = field("evt.count.error.memory", Uint32,
            "1 for failed memory call.").dec();
        CountErrorOther = field("evt.count.error.other", Uint32, "1 for failed other call.").dec();
        CountExit = field("evt.count.exit", Uint32, "1 for exit events.").dec();
        CountProcinfo = field("evt.count.procinfo", Uint32,
            "Table only: 1 for procinfo events of main threads.").dec().table_only();
        CountThreadinfo = field("evt.count.threadinfo", Uint32,
            "Table only: 1 for procinfo events.").dec().table_only();
        Around = field("evt.around", Uint64,
            "Filter only: evt.around[T]=MS is true within MS milliseconds of T ns.")
            .dec().required().filter_only();
        Abspath = field("evt.abspath", Charbuf,
            "Absolute path of dirfd and name; .src and .dst for calls with two paths.").required();
        BuflenIn = field("evt.buflen.in", Uint64,
            "Table only: buffer length of input events.").dec().table_only();
        BuflenOut = field("evt.buflen.out", Uint64,
            "Table only: buffer length of output events.").dec().table_only();
        BuflenFile = field("evt.buflen.file", Uint64,
            "Table only: buffer length of file events.").dec().table_only();
        BuflenFileIn = field("evt.buflen.file.in", Uint64,
            "Table only: buffer length of file input events.").dec().table_only();
        BuflenFileOut = field("evt.buflen.file.out", Uint64,
            "Table only: buffer length of file output events.").dec().table_only();
        BuflenNet = field("evt.buflen.net", Uint64,
            "Table only: buffer length of network events.").dec().table_only();
        BuflenNetIn = field("evt.buflen.net.in", Uint64,
            "Table only: buffer length of network input events.").dec().table_only();
        BuflenNetOut = field("evt.buflen.net.out", Uint64,
            "Table only: buffer length of network output events.").dec().table_only();
        IsOpenRead = field("evt.is_open_read", Bool,
            "Open family with the read bit in flags, also when it failed.");
        IsOpenWrite = field("evt.is_open_write", Bool,
            "Open family with the write bit in flags, also when it failed.");
        InfraDockerName = field("evt.infra.docker.name", Charbuf,
            "Table only: name of a docker infrastructure event.").table_only();
        InfraDockerContainerId = field("evt.infra.docker.container.id", Charbuf,
            "Table only: container id of a docker infrastructure event.").table_only();
        InfraDockerContainerName = field("evt.infra.docker.container.name", Charbuf,
            "Table only: container name of a docker infrastructure event.").table_only();
        InfraDockerContainerImage = field("evt.infra.docker.container.image", Charbuf,
            "Table only: image of a docker infrastructure event.").table_only();
        IsOpenExec = field("evt.is_open_exec", Bool,
            "Open family with O_CREAT/O_TMPFILE, or creat, whose mode has an execute bit.");
        IsOpenCreate = field("evt.is_open_create", Bool, "Open family that created the file.");
    }
}
