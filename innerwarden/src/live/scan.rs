//! What ran on this host before the first event: the scan of `/proc`.

use std::{env, path::PathBuf};

use event::capture::Record;
use host::Host;
use ingest::{Proc, ProcConfig};

use crate::{agent, log};

/// Fills `host` and tells `tell` the same. Without `/proc` it knows only what events tell.
pub(crate) fn fill(host: &mut Host, boot_time_ns: u64, tell: &mut dyn FnMut(&Record<'_>)) {
    let config = ProcConfig {
        host_root: env::var_os("HOST_ROOT").map(PathBuf::from).unwrap_or_default(),
        boot_time_ns,
        hostname: Some(agent::hostname().into_bytes()),
        ..ProcConfig::default()
    };
    match Proc::open(&config) {
        Ok(mut proc) => {
            let report = proc.scan(&mut |record| {
                host.load(record);
                tell(record);
            });
            host.start();
            log::info(format_args!("scan of /proc: {report}"));
            if !report.denied.is_empty() {
                log::warning(
                    "parts of /proc may not be read; what they say is unknown. `innerwarden doctor` tells \
                     which rights are missing",
                );
            }
            // From now on it answers what events leave in doubt.
            host.set_platform(Box::new(proc));
        }
        Err(error) => log::error(format_args!("processes that run already are not known: {error}")),
    }
}
