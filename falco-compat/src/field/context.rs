//! One event with the host as it is after it: what fields are asked of.

use bumpalo::Bump;
use event::Event;
use host::Host;

use crate::{
    field::{
        FieldId, container, event as event_class, fd, fdlist, fspath, generic, group, process,
        reference::FieldRef, user,
    },
    value::Value,
};

/// An event, the host as it is after the event, and room for values that have to be built.
///
/// The caller resets the arena after each event, so that nothing is allocated in steady state.
#[derive(Clone, Copy, Debug)]
pub struct Context<'e> {
    /// The event.
    pub event: &'e Event<'e>,
    /// The host after [`Host::on_event`] has seen the event.
    pub host: &'e Host,
    /// Where values are built.
    pub arena: &'e Bump,
}

impl<'e> Context<'e> {
    /// The value of `field`; `None` when it is missing.
    pub fn extract(&self, field: &FieldRef) -> Option<Value<'e>> {
        match field.id() {
            FieldId::Generic(id) => generic::extract(self, id, field),
            FieldId::Event(id) => event_class::extract(self, id, field),
            FieldId::Process(id) => process::extract(self, id, field),
            FieldId::User(id) => user::extract(self, id, field),
            FieldId::Group(id) => group::extract(self, id, field),
            FieldId::Fd(id) => fd::extract(self, id, field),
            FieldId::FsPath(id) => fspath::extract(self, id, field),
            FieldId::FdList(id) => fdlist::extract(self, id, field),
            FieldId::Container(id) => container::extract(self, id, field),
        }
    }

    /// Visits the values that a condition compares: every ancestor's for `proc.aname` without
    /// argument, both ends' for `fd.ip`, `fd.port`, `fd.net`, else the one of [`Self::extract`].
    /// `visit` returns true to stop; the result says whether it did.
    pub fn extract_all(&self, field: &FieldRef, visit: &mut dyn FnMut(Value<'e>) -> bool) -> bool {
        self.extract(field).is_some_and(visit)
    }
}
