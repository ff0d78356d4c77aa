//! The rows of class `evt` that every event has.

use crate::field::definition::{field, fields};
use crate::value::ValueType::{Abstime, Bool, Charbuf, Reltime, Uint64};

fields! {
    /// A field of class `evt` that every event has.
    GenericField in Generic {
        Num = field("evt.num", Uint64, "Number of the event, from 1.").dec();
        Time = field("evt.time", Charbuf,
            "Local time text HH:MM:SS.nnnnnnnnn (as a field); JSON value is ns since epoch.");
        TimeS = field("evt.time.s", Charbuf, "Local time HH:MM:SS; JSON value ns since epoch.");
        TimeIso8601 = field("evt.time.iso8601", Charbuf,
            "UTC YYYY-MM-DDTHH:MM:SS.nnnnnnnnn+0000; JSON value ns since epoch.");
        Datetime = field("evt.datetime", Charbuf, "Local YYYY-MM-DD HH:MM:SS.nnnnnnnnn; JSON ns.");
        DatetimeS = field("evt.datetime.s", Charbuf, "Same without fraction; JSON ns.");
        Rawtime = field("evt.rawtime", Abstime, "Event time, ns since epoch.").dec();
        RawtimeS = field("evt.rawtime.s", Abstime, "Seconds part of rawtime.").dec();
        RawtimeNs = field("evt.rawtime.ns", Abstime,
            "Fraction in ns (text zero-padded to 9–10 digits).").padded();
        Reltime = field("evt.reltime", Reltime,
            "Ns since the first event of the capture.").padded();
        ReltimeS = field("evt.reltime.s", Reltime, "Seconds part of reltime.").dec();
        ReltimeNs = field("evt.reltime.ns", Reltime, "Fraction of reltime (padded).").padded();
        Pluginname = field("evt.pluginname", Charbuf,
            "Name of the source plugin; missing for syscalls.");
        Plugininfo = field("evt.plugininfo", Charbuf,
            "Plugin-formatted event summary; missing for syscalls.");
        Source = field("evt.source", Charbuf, "Event source name, syscall for kernel events.");
        IsAsync = field("evt.is_async", Bool,
            "True for events that libs or plugins inject (container, procinfo).");
        Asynctype = field("evt.asynctype", Charbuf, "Name of the async event; missing otherwise.");
        Hostname = field("evt.hostname", Charbuf,
            "Agent host name: env FALCO_HOSTNAME if set, else gethostname().");
    }
}
