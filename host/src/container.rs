//! Containers: ids from cgroups, metadata from container events.

use std::{mem, net::Ipv4Addr};

use event::{Event, EventType};
use hashbrown::HashMap;

use crate::text::Text;

mod address;
mod cgroup;
mod id;
mod metadata;
mod new;
mod stats;

use address::Addresses;
pub use cgroup::RuntimeGuess;
pub use id::ContainerId;
pub use metadata::{Container, Mount, PortMapping};
pub use new::NewContainer;
pub use stats::ContainerStats;

#[derive(Debug)]
struct Slot {
    id: Text,
    generation: u16,
    /// Value of the table's clock when the id was last computed, found or described.
    last_used: u64,
    metadata: Option<Box<Container>>,
    /// Bytes that `metadata` takes, roughly.
    weight: usize,
    /// `metadata` says no more than the id and the runtime.
    bare: bool,
    /// It has been handed to those who ask for metadata.
    reported: bool,
    /// Then they have heard that no thread is in it.
    deserted: bool,
}

#[derive(Clone, Copy, Debug)]
struct Cached {
    id: ContainerId,
    bare_kind: Option<u32>,
}

/// Every container known.
#[derive(Debug)]
pub struct Containers {
    slots: Vec<Slot>,
    /// Slots by id, without the host.
    by_id: HashMap<Box<[u8]>, ContainerId>,
    /// Results of [`Containers::id_of_cgroups`].
    cache: HashMap<Box<[u8]>, Cached>,
    /// Container that the last container event was about, and that event's number.
    of_event: Option<(u64, Box<Container>)>,
    capacity: usize,
    clock: u64,
    metadata_bytes: usize,
    addresses: Addresses,
    stats: ContainerStats,
    /// Containers to be asked for, and how many may wait.
    new: Vec<NewContainer>,
    max_new: usize,
    /// Shown for ids that were evicted.
    evicted_id: Text,
}

impl Default for Containers {
    fn default() -> Self {
        Self::with_capacity(16_384)
    }
}

impl Containers {
    /// Largest metadata of one container that is kept, bytes of JSON.
    pub const MAX_METADATA_BYTES: usize = 1 << 20;

    /// Largest metadata of all containers together, bytes of memory.
    const MAX_ALL_METADATA_BYTES: usize = 64 << 20;

    /// Entries of the cgroup cache; when full it is emptied.
    const MAX_CACHED: usize = 1024;

    /// Longest cgroup list that is cached, bytes.
    const MAX_CACHED_KEY: usize = 4096;

    /// An empty table of at most `max_containers` ids (1..=65,535).
    pub fn with_capacity(max_containers: usize) -> Self {
        let host = Slot {
            id: Text::new(b"host"),
            generation: 0,
            last_used: 0,
            metadata: Some(Box::new(Container::host())),
            weight: 0,
            bare: false,
            reported: true,
            deserted: false,
        };
        Self {
            slots: vec![host],
            by_id: HashMap::new(),
            cache: HashMap::new(),
            of_event: None,
            capacity: max_containers.clamp(1, usize::from(u16::MAX)),
            clock: 0,
            metadata_bytes: 0,
            addresses: Addresses::default(),
            stats: ContainerStats::default(),
            new: Vec::new(),
            max_new: 0,
            evicted_id: Text::new(b""),
        }
    }

    /// The container of a thread with these cgroups, `subsystem=path` entries separated by NUL.
    ///
    /// To be called, after the thread itself is up to date, for clone, fork and vfork exits of
    /// current layout, execve and execveat exits with a result ≥ 0, chroot exits, and once for
    /// every thread of the start-up scan. A thread that its parent's event created belongs to
    /// [`ContainerId::HOST`] until an event of its own.
    pub fn id_of_cgroups(&mut self, cgroups: &[u8]) -> ContainerId {
        self.clock += 1;
        if let Some(&cached) = self.cache.get(cgroups)
            && self.touch(cached.id)
        {
            self.describe_bare(cached);
            return cached.id;
        }
        let found = cgroups.split(|&byte| byte == 0).find_map(|entry| {
            let equals = entry.iter().position(|&byte| byte == b'=')?;
            cgroup::container_of(entry.get(equals + 1..)?)
        });
        let cached = match found {
            Some(found) => Cached { id: self.intern(found.id), bare_kind: found.bare_kind },
            None => Cached { id: ContainerId::HOST, bare_kind: None },
        };
        self.describe_bare(cached);
        if cgroups.len() <= Self::MAX_CACHED_KEY {
            if self.cache.len() >= Self::MAX_CACHED {
                self.cache.clear();
            }
            self.cache.insert(cgroups.into(), cached);
        }
        cached.id
    }

    /// Takes metadata from `event`, number `number`, if it is a container event: asyncevent
    /// (`container`, `container_removed`) or one of its three predecessors.
    ///
    /// Removal takes effect at once; the event itself still shows what it carried
    /// ([`Containers::of_event`]).
    pub fn on_event(&mut self, event: &Event<'_>, number: u64) {
        match event.kind {
            EventType::AsynceventE if event.u32(0) == Some(0) => match event.text(1) {
                Some(b"container") => self.add_json(event.param(2), number),
                Some(b"container_removed") => self.remove_json(event.param(2), number),
                _ => {}
            },
            EventType::ContainerJsonE | EventType::ContainerJsonV2E => {
                self.add_json(event.param(0), number);
            }
            EventType::ContainerE => {
                let text = |index| {
                    let text = until_nul(event.param(index));
                    String::from_utf8_lossy(text).into_owned()
                };
                let container = Container {
                    id: text(0),
                    kind: event.u32(1).unwrap_or_default(),
                    name: text(2),
                    image: text(3),
                    ..Container::default()
                };
                self.add(container, number);
            }
            _ => {}
        }
    }

    /// Metadata of `id`; `None` while it is not known. The host has an entry of its own.
    #[inline]
    pub fn metadata(&self, id: ContainerId) -> Option<&Container> {
        self.slot(id)?.metadata.as_deref()
    }

    /// Whether a container with metadata has the address `ip`.
    pub(crate) fn has_ipv4(&self, ip: Ipv4Addr) -> bool {
        self.addresses.contains(ip)
    }

    /// The container that event `number` itself is about; `None` if it is no container event.
    pub fn of_event(&self, number: u64) -> Option<&Container> {
        let (about, container) = self.of_event.as_ref()?;
        (*about == number).then_some(container)
    }

    /// The short id as `container.id` shows it: 12 characters, a name (lxc), or `host`.
    #[inline]
    pub fn short_id(&self, id: ContainerId) -> &Text {
        self.slot(id).map_or(&self.evicted_id, |slot| &slot.id)
    }

    /// The container whose short id is `text`; an empty text is the host.
    pub fn find(&self, text: &[u8]) -> Option<ContainerId> {
        if text.is_empty() {
            return Some(ContainerId::HOST);
        }
        self.by_id.get(text).copied()
    }

    /// Metadata of the sandbox of `container`'s pod; `None` when unknown.
    ///
    /// Without a sandbox this is the host's entry: Falco looks up an empty id and finds that.
    pub fn sandbox_of(&self, container: &Container) -> Option<&Container> {
        let id = container.pod_sandbox_id.as_bytes();
        let short = id.get(..cgroup::SHORT_ID_LEN).unwrap_or(id);
        self.metadata(self.find(short)?)
    }

    /// Losses and sizes so far.
    pub fn stats(&self) -> ContainerStats {
        self.stats
    }

    /// Whether `id` still stands for a container: its slot was not given to another.
    pub(crate) fn has(&self, id: ContainerId) -> bool {
        self.slot(id).is_some()
    }

    #[inline]
    fn slot(&self, id: ContainerId) -> Option<&Slot> {
        let slot = self.slots.get(id.slot())?;
        (u32::from(slot.generation) == id.generation()).then_some(slot)
    }

    fn slot_mut(&mut self, id: ContainerId) -> Option<&mut Slot> {
        let slot = self.slots.get_mut(id.slot())?;
        (u32::from(slot.generation) == id.generation()).then_some(slot)
    }

    /// Notes that `id` is in use; false if it was evicted.
    fn touch(&mut self, id: ContainerId) -> bool {
        let clock = self.clock;
        self.slot_mut(id).map(|slot| slot.last_used = clock).is_some()
    }

    fn intern(&mut self, id: &[u8]) -> ContainerId {
        if let Some(&known) = self.by_id.get(id) {
            self.touch(known);
            return known;
        }
        let fresh = |generation, last_used| Slot {
            id: Text::new(id),
            generation,
            last_used,
            metadata: None,
            weight: 0,
            bare: false,
            reported: false,
            deserted: false,
        };
        let used = self.slots.len();
        let interned = match u16::try_from(used) {
            Ok(slot) if used <= self.capacity => {
                self.slots.push(fresh(0, self.clock));
                ContainerId::new(slot, 0)
            }
            _ => {
                let clock = self.clock;
                self.reuse_slot(|generation| fresh(generation, clock))
            }
        };
        self.by_id.insert(id.into(), interned);
        interned
    }

    /// Gives the slot that is worth least to another id: unused for longest, without metadata
    /// if there is such a one, because a container with metadata has not been removed.
    fn reuse_slot(&mut self, fresh: impl FnOnce(u16) -> Slot) -> ContainerId {
        let oldest = self.slots.iter().enumerate().skip(1);
        let oldest = oldest.min_by_key(|(_, slot)| (slot.metadata.is_some(), slot.last_used));
        let Some((index, generation)) =
            oldest.and_then(|(index, slot)| Some((u16::try_from(index).ok()?, slot.generation)))
        else {
            return ContainerId::HOST;
        };
        self.clear_metadata(ContainerId::new(index, generation));
        let generation = generation.wrapping_add(1);
        if let Some(slot) = self.slots.get_mut(usize::from(index)) {
            let old = mem::replace(slot, fresh(generation));
            self.by_id.remove(&*old.id);
        }
        self.stats.evicted += 1;
        ContainerId::new(index, generation)
    }

    /// Gives a container whose runtime cannot be asked the little metadata that its path tells.
    fn describe_bare(&mut self, cached: Cached) {
        let Some(kind) = cached.bare_kind else { return };
        let Some(slot) = self.slot(cached.id) else { return };
        if !slot.bare {
            let container = Container::bare(&slot.id, kind);
            self.set_metadata(cached.id, container);
            if let Some(slot) = self.slot_mut(cached.id) {
                slot.bare = true;
            }
        }
    }

    fn add_json(&mut self, json: &[u8], number: u64) {
        let json = until_nul(json);
        if let Some(container) = self.parse(json) {
            self.add(container, number);
        }
    }

    fn add(&mut self, container: Container, number: u64) {
        self.clock += 1;
        self.of_event = Some((number, Box::new(container.clone())));
        // Falco would overwrite its entry of the host.
        if container.id.is_empty() {
            self.stats.metadata_rejected += 1;
            return;
        }
        let id = self.intern(container.id.as_bytes());
        self.set_metadata(id, container);
        self.shed_metadata(id);
    }

    fn remove_json(&mut self, json: &[u8], number: u64) {
        let Some(container) = self.parse(until_nul(json)) else { return };
        if let Some(&id) = self.by_id.get(container.id.as_bytes()) {
            self.clear_metadata(id);
        }
        self.of_event = Some((number, Box::new(container)));
    }

    fn parse(&mut self, json: &[u8]) -> Option<Container> {
        let parsed = match json.len() {
            0..=Self::MAX_METADATA_BYTES => Container::from_json(json).ok(),
            _ => None,
        };
        self.stats.metadata_rejected += u64::from(parsed.is_none());
        parsed
    }

    fn set_metadata(&mut self, id: ContainerId, container: Container) {
        self.clear_metadata(id);
        if self.slot(id).is_none() {
            return;
        }
        let weight = container.memory_bytes();
        self.addresses.add(&container.ip);
        if let Some(slot) = self.slot_mut(id) {
            slot.metadata = Some(Box::new(container));
            slot.weight = weight;
        }
        self.metadata_bytes += weight;
        self.stats.with_metadata += 1;
    }

    fn clear_metadata(&mut self, id: ContainerId) {
        let Some(slot) = self.slot_mut(id) else { return };
        let Some(old) = slot.metadata.take() else { return };
        slot.bare = false;
        slot.reported = false;
        slot.deserted = false;
        let weight = mem::take(&mut slot.weight);
        self.metadata_bytes -= weight;
        self.stats.with_metadata -= 1;
        self.addresses.remove(&old.ip);
    }

    /// Forgets the metadata unused for longest until all of it fits; never that of `keep`.
    fn shed_metadata(&mut self, keep: ContainerId) {
        while self.metadata_bytes > Self::MAX_ALL_METADATA_BYTES {
            let candidates = self.slots.iter().enumerate().skip(1);
            let oldest = candidates
                .filter(|(index, slot)| slot.weight > 0 && *index != keep.slot())
                .min_by_key(|(_, slot)| slot.last_used);
            let Some((index, slot)) = oldest else { return };
            let Ok(index) = u16::try_from(index) else { return };
            self.clear_metadata(ContainerId::new(index, slot.generation));
            self.stats.metadata_evicted += 1;
        }
    }
}

/// The text up to the first NUL: all that Falco's plugin sees of a parameter.
fn until_nul(bytes: &[u8]) -> &[u8] {
    bytes.split(|&byte| byte == 0).next().unwrap_or_default()
}

#[cfg(test)]
mod tests;
