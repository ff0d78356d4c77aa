//! What the state engine asks of users and containers.

use event::Event;

use crate::{host::Host, plan::Plan, thread::ThreadId};

impl Host {
    /// Works out the container of the event's thread anew where the event can have changed it.
    pub(crate) fn update_containers(&mut self, event: &Event<'_>, plan: &Plan) {
        let _ = (event, plan);
    }

    /// Works out the container of every thread.
    pub(crate) fn resolve_all_containers(&mut self) {}

    /// The user of `id` is known from now on.
    pub(crate) fn note_user(&mut self, id: ThreadId) {
        let _ = id;
    }

    /// The group of `id` is known from now on.
    pub(crate) fn note_group(&mut self, id: ThreadId) {
        let _ = id;
    }

    /// Whether a known container has the address `ip`.
    pub(crate) fn is_container_ipv4(&self, ip: std::net::Ipv4Addr) -> bool {
        let _ = (self, ip);
        false
    }
}
