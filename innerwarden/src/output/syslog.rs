//! `syslog_output`: alerts to the syslog daemon, with their priority.

use std::{io, os::unix::net::UnixDatagram, path::PathBuf, process};

use falco_compat::rules::Priority;
use jiff::{Timestamp, tz::TimeZone};

use super::{Message, Output, OutputError};
use crate::config::OutputSettings;

/// Where daemons of all kinds listen.
const SOCKET: &str = "/dev/log";

/// Facility `user`, what the C library takes where none is chosen.
const FACILITY: u8 = 1;

/// A connection to the syslog daemon, made anew when the daemon was.
#[derive(Debug)]
pub(crate) struct Syslog {
    path: PathBuf,
    socket: Option<UnixDatagram>,
    packet: Vec<u8>,
}

pub(super) fn wanted(settings: &OutputSettings) -> Option<Box<dyn Output>> {
    settings
        .syslog
        .then(|| Box::new(Syslog::new(settings.syslog_socket.clone())) as Box<dyn Output>)
}

impl Syslog {
    /// To the daemon at `path`; `None` is the usual place.
    pub(crate) fn new(path: Option<PathBuf>) -> Self {
        let path = path.unwrap_or_else(|| PathBuf::from(SOCKET));
        Self { path, socket: None, packet: Vec::new() }
    }

    /// Sends one line.
    pub(crate) fn send(&mut self, priority: Priority, line: &[u8]) -> Result<(), OutputError> {
        self.packet.clear();
        let code = FACILITY * 8 + priority as u8;
        let time = Timestamp::now().to_zoned(TimeZone::system()).strftime("%b %e %H:%M:%S");
        let header = format!("<{code}>{time} innerwarden[{}]: ", process::id());
        self.packet.extend_from_slice(header.as_bytes());
        self.packet.extend_from_slice(line);
        if let Some(socket) = &self.socket
            && socket.send(&self.packet).is_ok()
        {
            return Ok(());
        }
        // Not connected yet, or the daemon was restarted.
        self.socket = None;
        let sent = self.connect().and_then(|socket| {
            socket.send(&self.packet)?;
            Ok(socket)
        });
        let doing = || format!("cannot send to `{}`", self.path.display());
        self.socket = Some(sent.map_err(|cause| OutputError::io(doing(), cause))?);
        Ok(())
    }

    fn connect(&self) -> io::Result<UnixDatagram> {
        let socket = UnixDatagram::unbound()?;
        socket.connect(&self.path)?;
        Ok(socket)
    }
}

impl Output for Syslog {
    fn write(&mut self, message: &Message) -> Result<(), OutputError> {
        self.send(message.priority, &message.line)
    }
}
