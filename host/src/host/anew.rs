//! State that is read anew, because events that would have changed it were lost.

use event::capture::Record;

use super::{Current, Host};

impl Host {
    /// Forgets threads, fds and interfaces and asks the platform for all of them, as at the start; without a
    /// platform nothing happens. Users, containers and the numbers of events stay. To be called between two
    /// events.
    ///
    /// Falco goes on with what it has: processes that have ended stay for minutes, others keep the name and the
    /// files that they had before.
    pub fn read_anew(&mut self) {
        let Some(mut live) = self.live.take() else { return };
        self.forget_running();
        self.current = Current { thread: None, fd: None, event_fd: None, ..self.current };
        live.platform.everything(&mut |record| {
            if !matches!(record, Record::Section) {
                self.load(record);
            }
        });
        self.live = Some(live);
        self.start();
        self.add_listed_users();
        self.fix_socket_directions();
        self.resolve_all_containers();
    }
}
