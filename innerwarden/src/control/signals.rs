//! Signals: what is asked of us from outside.

use std::{io, sync::mpsc::Sender, thread};

use signal_hook::{
    consts::{SIGHUP, SIGINT, SIGTERM, SIGUSR1},
    iterator::Signals,
    low_level::emulate_default_handler,
};

use super::Wake;

/// Sends what signals mean to `wake`. The second wish to stop ends the process at once, whatever it is doing.
pub(super) fn forward(wake: Sender<Wake>) -> io::Result<()> {
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP, SIGUSR1])?;
    let forward = move || {
        let mut stopping = false;
        for signal in signals.forever() {
            let meaning = match signal {
                SIGHUP => Wake::Reload,
                SIGUSR1 => Wake::Reopen,
                _ if stopping => {
                    // Does not come back for these signals.
                    let _ = emulate_default_handler(signal);
                    continue;
                }
                _ => {
                    stopping = true;
                    Wake::Stop
                }
            };
            if wake.send(meaning).is_err() {
                return;
            }
        }
    };
    thread::Builder::new().name("signals".to_owned()).spawn(forward)?;
    Ok(())
}
