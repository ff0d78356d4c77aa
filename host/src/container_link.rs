//! What the state engine tells users and containers, and asks of them.

use event::Event;

use crate::{
    container::{ContainerId, NewContainer},
    host::Host,
    plan::Plan,
    text::Text,
    thread::{Thread, ThreadId},
};

impl Host {
    /// Lets container events take effect, and works out the container of the event's thread anew where
    /// the event can have changed it.
    pub(crate) fn update_containers(&mut self, event: &Event<'_>, plan: &Plan) {
        if plan.describes_container {
            self.containers.on_event(event, self.current().number);
        }
        if plan.resolves_container
            && event.int(0).is_none_or(|result| result >= 0)
            && let Some(id) = self.threads.find(event.tid)
        {
            let before = self.threads.get(id).map(|thread| thread.container);
            self.resolve_container(id);
            if before != self.threads.get(id).map(|thread| thread.container) {
                self.note_group(id);
                self.note_user(id);
            }
        }
    }

    /// Collects containers that nothing is known of from now on, at most `max` until they are taken. For
    /// live sources; a capture has its metadata in itself.
    pub fn collect_new_containers(&mut self, max: usize) {
        self.containers.collect_new(max);
    }

    /// Hands out the containers collected since the last call.
    pub fn take_new_containers(&mut self) -> impl Iterator<Item = NewContainer> {
        self.containers.take_new()
    }

    /// Hands out the short ids of at most `max` containers that were handed out by
    /// [`Self::take_new_containers`] and that no thread is in any more. Who is seen again is handed out anew.
    ///
    /// Forgets the users and groups of all containers that no thread is in: they are asked for again when one is. To be
    /// called from time to time, since it looks at every thread and user.
    pub fn take_deserted_containers(&mut self, max: usize) -> Vec<Text> {
        let mut inhabited = Vec::new();
        for thread in self.threads.ids().filter_map(|id| self.threads.get(id)) {
            let slot = thread.container.slot();
            if inhabited.len() <= slot {
                inhabited.resize(slot + 1, false);
            }
            if let Some(inhabited) = inhabited.get_mut(slot) {
                *inhabited = true;
            }
        }
        let is_inhabited = |slot: usize| inhabited.get(slot) == Some(&true);
        let containers = &self.containers;
        let is_there = |id: ContainerId| is_inhabited(id.slot()) && containers.has(id);
        self.users.retain_containers(is_there);
        if let Some(live) = self.live.as_mut() {
            live.forget_accounts_of(|id| id != ContainerId::HOST && !is_there(id));
        }
        self.containers.take_deserted(max, is_inhabited)
    }

    /// Works out the container of every thread.
    pub(crate) fn resolve_all_containers(&mut self) {
        let ids: Vec<_> = self.threads.ids().collect();
        for id in ids {
            self.resolve_container(id);
            if self.live.is_some() {
                // Falco learns who they are at their next execve only.
                self.note_group(id);
                self.note_user(id);
            }
        }
    }

    pub(crate) fn resolve_container(&mut self, id: ThreadId) {
        if let Some(thread) = self.threads.get_mut(id) {
            thread.container = self.containers.id_of_cgroups(&thread.cgroups);
            self.containers.note_seen(thread.container, &thread.cgroups, thread.pid);
        }
    }

    /// Takes what a user or group event tells.
    pub(crate) fn user_event(&mut self, event: &Event<'_>) {
        self.users.on_event(event, &self.containers);
    }

    /// The user that `id` runs as is known from now on.
    pub(crate) fn note_user(&mut self, id: ThreadId) {
        if let Some(&Thread { container, uid, gid, .. }) = self.threads.get(id) {
            self.users.note_user(container, uid, gid);
            if self.live.is_some() && uid != u32::MAX && self.users.user(container, uid).is_none() {
                self.look_up_accounts(id);
            }
        }
    }

    /// The group that `id` runs with is known from now on.
    pub(crate) fn note_group(&mut self, id: ThreadId) {
        if let Some(&Thread { container, gid, .. }) = self.threads.get(id) {
            self.users.note_group(container, gid);
            if self.live.is_some() && gid != u32::MAX && self.users.group(container, gid).is_none()
            {
                self.look_up_accounts(id);
            }
        }
    }
}
