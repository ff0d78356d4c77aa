//! Every fd of the host in slots that are reused; processes share a slot until one of them changes it.

use crate::fd::{Fd, FdId};

#[derive(Debug, Default)]
struct Slot {
    fd: Fd,
    /// How many fd tables refer to it; 0 when it is free.
    owners: u32,
}

/// The slots.
#[derive(Debug, Default)]
pub(crate) struct FdStore {
    slots: Vec<Slot>,
    free: Vec<u32>,
    /// Owners of all slots together: entries of all fd tables.
    references: usize,
}

impl FdStore {
    /// How many entries all fd tables have together.
    pub(crate) fn references(&self) -> usize {
        self.references
    }

    /// An empty fd with one owner.
    pub(crate) fn insert(&mut self) -> FdId {
        self.references += 1;
        if let Some(index) = self.free.pop()
            && let Some(slot) = self.slots.get_mut(index as usize)
        {
            slot.fd.clear();
            slot.owners = 1;
            return FdId(index);
        }
        let index = u32::try_from(self.slots.len()).unwrap_or(u32::MAX);
        let mut fd = Fd::default();
        fd.clear();
        self.slots.push(Slot { fd, owners: 1 });
        FdId(index)
    }

    pub(crate) fn get(&self, id: FdId) -> Option<&Fd> {
        self.slots.get(id.0 as usize).filter(|slot| slot.owners > 0).map(|slot| &slot.fd)
    }

    /// The fd to be changed in place; whoever changes it has made sure that it is not shared.
    pub(crate) fn get_mut(&mut self, id: FdId) -> Option<&mut Fd> {
        self.slots.get_mut(id.0 as usize).filter(|slot| slot.owners > 0).map(|slot| &mut slot.fd)
    }

    pub(crate) fn is_shared(&self, id: FdId) -> bool {
        self.slots.get(id.0 as usize).is_some_and(|slot| slot.owners > 1)
    }

    /// One more table refers to `id`.
    pub(crate) fn share(&mut self, id: FdId) {
        if let Some(slot) = self.slots.get_mut(id.0 as usize) {
            slot.owners += 1;
            self.references += 1;
        }
    }

    /// One table less refers to `id`.
    pub(crate) fn release(&mut self, id: FdId) {
        let Some(slot) = self.slots.get_mut(id.0 as usize) else { return };
        if slot.owners == 0 {
            return;
        }
        slot.owners -= 1;
        self.references -= 1;
        if slot.owners == 0 {
            self.free.push(id.0);
        }
    }

    /// A copy of `source` with one owner.
    pub(crate) fn duplicate(&mut self, source: FdId) -> FdId {
        let copy = self.insert();
        let [from, to] = [source.0 as usize, copy.0 as usize];
        if let Ok([from, to]) = self.slots.get_disjoint_mut([from, to]) {
            to.fd.copy_from(&from.fd);
        }
        copy
    }

    /// Forgets every fd.
    pub(crate) fn clear(&mut self) {
        self.slots.clear();
        self.free.clear();
        self.references = 0;
    }
}
