//! The ring buffers, merged by time.

use std::{fmt, ops::ControlFlow};

use aya::{
    Ebpf,
    maps::{Array, ArrayOfMaps, Map, MapData, MapError, RingBuf},
};
use aya_obj::generated::bpf_map_type::BPF_MAP_TYPE_RINGBUF;
use event::Event;

use crate::error::LoadError;

/// Ring buffers of all CPUs. What one CPU wrote is in order; several are merged by the time of their first event.
pub(crate) struct Rings {
    all: Vec<Ring>,
    /// What the programs find them by; has to be there when a program is loaded.
    _by_cpu: ArrayOfMaps<MapData, MapData>,
    /// Records that are no events; a defect of the probes, counted rather than trusted.
    undecodable: u64,
}

struct Ring {
    records: RingBuf<MapData>,
    /// Time of the first record; `None` when there was none at the last look.
    first_ns: Option<u64>,
}

impl Rings {
    /// Makes the buffers and tells each CPU which one is its own.
    ///
    /// `cpus` is how many CPUs the machine may have, `cpus_per_ring` how many share a buffer of `bytes`, a
    /// power of two of at least a page.
    pub(crate) fn new(
        ebpf: &mut Ebpf,
        cpus: u32,
        cpus_per_ring: u32,
        bytes: u32,
    ) -> Result<Self, LoadError> {
        let failed = |source| LoadError::Map { map: "rings", source };
        let map = ebpf.take_map("rings").ok_or_else(|| LoadError::Missing("rings".to_owned()))?;
        let mut by_cpu: ArrayOfMaps<MapData, MapData> = map.try_into().map_err(failed)?;
        let mut rings = Vec::new();
        for first in (0..cpus).step_by(cpus_per_ring.max(1) as usize) {
            let shape = aya_obj::Map::new_from_params(BPF_MAP_TYPE_RINGBUF as u32, 0, 0, bytes, 0);
            let data = MapData::create(shape, "ring", None).map_err(failed)?;
            for cpu in first..cpus.min(first.saturating_add(cpus_per_ring.max(1))) {
                by_cpu.set(cpu, &data, 0).map_err(failed)?;
            }
            let records = RingBuf::try_from(Map::RingBuf(data)).map_err(failed)?;
            rings.push(Ring { records, first_ns: None });
        }
        Ok(Self { all: rings, _by_cpu: by_cpu, undecodable: 0 })
    }

    /// Hands out events, oldest first, until there are none or `visit` breaks. Returns how many there were.
    pub(crate) fn drain(&mut self, visit: &mut dyn FnMut(&Event<'_>) -> ControlFlow<()>) -> usize {
        let mut events = 0;
        let Self { all, undecodable, .. } = self;
        while let Some((index, ring)) = oldest(all) {
            let Some(record) = ring.records.next() else { continue };
            ring.first_ns = None;
            let cpu = u16::try_from(index).unwrap_or(u16::MAX);
            let Ok(event) = Event::decode(&record, cpu, 0) else {
                *undecodable += 1;
                continue;
            };
            events += 1;
            if visit(&event).is_break() {
                break;
            }
        }
        events
    }

    pub(crate) const fn undecodable(&self) -> u64 {
        self.undecodable
    }
}

fn oldest(rings: &mut [Ring]) -> Option<(usize, &mut Ring)> {
    for ring in &mut *rings {
        ring.look();
    }
    let ready = rings.iter_mut().enumerate().filter(|(_, ring)| ring.first_ns.is_some());
    ready.min_by_key(|(_, ring)| ring.first_ns)
}

impl Ring {
    /// Finds out the time of the first record without consuming it.
    fn look(&mut self) {
        if self.first_ns.is_some() {
            return;
        }
        let Some(record) = self.records.next() else { return };
        let time = record.first_chunk().copied().map_or(0, u64::from_le_bytes);
        self.first_ns = Some(time);
        // Dropping an item consumes it; forgetting it leaves it where it is, and it owns nothing.
        std::mem::forget(record);
    }
}

impl fmt::Debug for Rings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rings").field("all", &self.all).finish_non_exhaustive()
    }
}

impl fmt::Debug for Ring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ring").field("first_ns", &self.first_ns).finish_non_exhaustive()
    }
}

/// The one entry of an array map.
pub(crate) fn single<V: aya::Pod>(
    ebpf: &mut Ebpf,
    map: &'static str,
) -> Result<Array<MapData, V>, LoadError> {
    let found = ebpf.take_map(map).ok_or_else(|| LoadError::Missing(map.to_owned()))?;
    found.try_into().map_err(|source: MapError| LoadError::Map { map, source })
}
