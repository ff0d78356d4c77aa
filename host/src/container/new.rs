//! Containers that were seen and of which nothing is known: whoever can ask a runtime takes them.

use super::{
    ContainerId, Containers, Slot,
    cgroup::{self, RuntimeGuess},
};
use crate::text::Text;

/// A container that was seen for the first time, or for the first time since its metadata went.
#[derive(Clone, Debug)]
pub struct NewContainer {
    /// Its place in the table.
    pub id: ContainerId,
    /// The id as `container.id` shows it.
    pub short_id: Text,
    /// The whole id, as far as the cgroup tells it.
    pub full_id: Box<[u8]>,
    /// The path of the cgroup that named it.
    pub cgroup: Box<[u8]>,
    /// Who made it; `None` where that could be several.
    pub guess: Option<RuntimeGuess>,
    /// The process in which it was seen.
    pub pid: i64,
}

impl Containers {
    /// Collects new containers from now on, at most `max` until they are taken. Without this call none
    /// are collected: a capture has its metadata in itself.
    pub fn collect_new(&mut self, max: usize) {
        self.max_new = max;
    }

    /// Whether there is something to take.
    pub fn has_new(&self) -> bool {
        !self.new.is_empty()
    }

    /// Hands out the containers collected since the last call, in the order in which they were seen.
    pub fn take_new(&mut self) -> impl Iterator<Item = NewContainer> {
        self.new.drain(..)
    }

    /// Hands out, once, the short ids of at most `max` containers that were handed out by [`Self::take_new`] and
    /// that no thread is in by `inhabited`, which is asked by slot. Who is seen again is handed out again.
    pub(crate) fn take_deserted(
        &mut self,
        max: usize,
        inhabited: impl Fn(usize) -> bool,
    ) -> Vec<Text> {
        let slots = self.slots.iter_mut().enumerate().skip(1);
        let deserted = slots.filter(|(index, slot)| slot.reported && !inhabited(*index)).take(max);
        let told = deserted.map(|(_, slot)| {
            slot.reported = false;
            slot.deserted = true;
            slot.id.clone()
        });
        told.collect()
    }

    /// Notes that process `pid` is in container `id` because of `cgroups`.
    pub(crate) fn note_seen(&mut self, id: ContainerId, cgroups: &[u8], pid: i64) {
        if self.max_new == 0 {
            return;
        }
        let full = self.new.len() >= self.max_new;
        let asks = |it: &&mut Slot| !it.reported && (it.deserted || it.metadata.is_none());
        let Some(slot) = self.slot_mut(id).filter(asks) else { return };
        // It is noted at its next process instead.
        if full {
            self.stats.new_dropped += 1;
            return;
        }
        slot.reported = true;
        slot.deserted = false;
        let short_id = slot.id.clone();
        let paths = cgroups.split(|&byte| byte == 0).filter_map(|entry| {
            let equals = entry.iter().position(|&byte| byte == b'=')?;
            entry.get(equals + 1..)
        });
        let naming = paths.into_iter().find_map(|path| Some((path, cgroup::container_of(path)?)));
        let Some((path, found)) = naming else { return };
        self.new.push(NewContainer {
            id,
            full_id: found.full_id.into(),
            short_id,
            cgroup: path.into(),
            guess: RuntimeGuess::of(path),
            pid,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc";

    /// What is handed out of a thread with this cgroup: full id, guess, pid.
    #[track_caller]
    fn check(cgroup: &str, full_id: &str, guess: Option<RuntimeGuess>) {
        let mut containers = Containers::default();
        containers.collect_new(4);
        let cgroups = cgroup.replace("{id}", ID);
        for pid in [7, 8] {
            let id = containers.id_of_cgroups(cgroups.as_bytes());
            containers.note_seen(id, cgroups.as_bytes(), pid);
        }
        let new: Vec<_> = containers.take_new().collect();
        let actual: Vec<_> = new.iter().map(|it| (&*it.full_id, it.guess, it.pid)).collect();
        let full_id = full_id.replace("{id}", ID);
        assert_eq!(actual, [(full_id.as_bytes(), guess, 7)], "{cgroup}");
    }

    #[test]
    fn a_new_container_is_handed_out_once() {
        check("memory=/docker/{id}", "{id}", Some(RuntimeGuess::Docker));
        check("=/system.slice/docker-{id}.scope", "{id}", Some(RuntimeGuess::Docker));
        check("=/machine.slice/libpod-{id}.scope/container", "{id}", Some(RuntimeGuess::Podman));
        check("=/kubepods/burstable/pod1-2/{id}", "{id}", Some(RuntimeGuess::Cri));
        check("=/a.slice:cri-containerd:{id}", "{id}", Some(RuntimeGuess::Cri));
        check(
            "=/kubepods.slice/kubepods-pod1.slice/cri-containerd-{id}.scope",
            "{id}",
            Some(RuntimeGuess::Cri),
        );
        check("=/kubepods.slice/x.slice/crio-{id}.scope", "{id}", Some(RuntimeGuess::Cri));
        check("=/k8s.io/{id}", "{id}", Some(RuntimeGuess::Cri));
        check(
            "=/default/nginx-with-a-long-name",
            "nginx-with-a-long-name",
            Some(RuntimeGuess::Containerd),
        );
        check("=/{id}", "{id}", None);
    }

    #[test]
    fn host_and_known_containers_are_not_handed_out() {
        let mut containers = Containers::default();
        containers.collect_new(4);
        for cgroups in ["=/system.slice/x.service", "=/lxc.payload.web"] {
            let id = containers.id_of_cgroups(cgroups.as_bytes());
            containers.note_seen(id, cgroups.as_bytes(), 7);
        }
        assert!(!containers.has_new());
    }

    #[test]
    fn what_finds_no_room_is_counted_and_seen_again() {
        let mut containers = Containers::default();
        containers.collect_new(1);
        let see = |containers: &mut Containers, name: &str| {
            let cgroups = format!("=/default/{name}");
            let id = containers.id_of_cgroups(cgroups.as_bytes());
            containers.note_seen(id, cgroups.as_bytes(), 7);
        };
        for name in ["a", "b", "a", "b"] {
            see(&mut containers, name);
        }
        let taken: Vec<_> = containers.take_new().map(|it| it.full_id).collect();
        assert_eq!(taken, [Box::from(*b"a")]);
        assert_eq!(containers.stats().new_dropped, 2);
        see(&mut containers, "b");
        assert_eq!(containers.take_new().count(), 1);
    }

    #[test]
    fn a_deserted_container_is_told_of_once_until_it_is_seen_again() {
        let mut containers = Containers::default();
        containers.collect_new(4);
        let cgroups = format!("memory=/docker/{ID}");
        let see = |containers: &mut Containers| {
            let id = containers.id_of_cgroups(cgroups.as_bytes());
            containers.note_seen(id, cgroups.as_bytes(), 7);
            containers.take_new().count()
        };
        assert_eq!(see(&mut containers), 1);
        assert_eq!(containers.take_deserted(9, |slot| slot == 1), []);
        assert_eq!(containers.take_deserted(0, |_| false), []);
        assert_eq!(containers.take_deserted(9, |_| false), [Text::new(&ID.as_bytes()[..12])]);
        assert_eq!(containers.take_deserted(9, |_| false), []);
        assert_eq!(see(&mut containers), 1);
        assert_eq!(see(&mut containers), 0);
        assert_eq!(containers.take_deserted(9, |_| false).len(), 1);
    }
}
