//! Loads the probes, keeps the wanted ones attached, and hands out their events.

mod calls;
mod hooks;
mod own_process;
mod program;

use std::{collections::BTreeSet, fmt, ops::ControlFlow, thread, time::Duration};

use aya::{
    Btf, Ebpf, EbpfLoader,
    maps::{Array, MapData, PerCpuArray},
};
use event::Event;

use crate::{
    abi::{RawCounters, RawFilter, RawSettings, SCRATCHES},
    attach::{AttachChoice, AttachMode},
    boot_clock::boot_time_ns,
    error::LoadError,
    filter::Filter,
    kernel_types::KernelTypes,
    loss::Losses,
    probe,
    probes::{calls::Calls, hooks::Hooks, own_process::OwnProcess},
    ring::{Rings, single},
    selection::Selection,
};

/// How the probes are to work.
#[derive(Clone, Debug)]
pub struct ProbeConfig {
    /// How to attach them.
    pub attach: AttachChoice,
    /// How many CPUs share a ring buffer. Falco's default is 2.
    pub cpus_per_ring: u32,
    /// Size of a ring buffer in bytes, rounded up to a power of two. Falco's default is 8 MiB.
    pub ring_bytes: u32,
    /// Most bytes taken of what is read or written, 80 in Falco.
    pub snaplen: u32,
    /// Leave out events of failed system calls.
    pub drop_failed: bool,
    /// Report what this process does itself too. For tests.
    pub include_self: bool,
    /// Percentage of a ring buffer that stays free for events that must not be lost (processes,
    /// privileges, modules, connections); 0 to 90.
    pub reserved_percent: u8,
}

impl Default for ProbeConfig {
    fn default() -> Self {
        Self {
            attach: AttachChoice::Auto,
            cpus_per_ring: 2,
            ring_bytes: 8 << 20,
            snaplen: 80,
            drop_failed: false,
            include_self: false,
            reserved_percent: 25,
        }
    }
}

/// The probes, attached. They end when this is dropped.
pub struct Probes {
    ebpf: Ebpf,
    mode: AttachMode,
    config: ProbeConfig,
    calls: Calls,
    hooks: Hooks,
    rings: Rings,
    settings: Array<MapData, RawSettings>,
    counters: PerCpuArray<MapData, RawCounters>,
    filters: Array<MapData, RawFilter>,
    filter: Filter,
    boot_time_ns: u64,
}

impl Probes {
    /// Loads and attaches what `selection` wants. Events wait in the ring buffers from then on.
    pub fn load(config: &ProbeConfig, selection: &Selection) -> Result<Self, LoadError> {
        let own = if config.include_self { OwnProcess::default() } else { OwnProcess::new() };
        let free = u64::from(100 - config.reserved_percent.min(90));
        let bulk_limit_bytes = u64::from(ring_bytes(config)) * free / 100;
        let cpus = cpus()?;
        let (first, second);
        // One for both ways: making it parses all types of the kernel. Only ours are used; those go at once, before
        // anything lies above them and keeps the memory.
        let mut loader = EbpfLoader::new();
        loader
            .btf(None)
            .map_max_entries("rings", cpus)
            .map_max_entries("scratches", cpus.saturating_mul(SCRATCHES))
            .override_global("self_tgid", &own.tgid, true)
            .override_global("self_namespace_device", &own.namespace_device, true)
            .override_global("self_namespace_inode", &own.namespace_inode, true)
            .override_global("bulk_limit_bytes", &bulk_limit_bytes, true);
        let (mode, is_final) = match config.attach {
            AttachChoice::Force(mode) => (mode, true),
            AttachChoice::Auto => (AttachMode::Fexit, false),
        };
        first = Parts::of(mode)?;
        match Self::load_as(&first, &mut loader, config, selection) {
            Err(error) if !is_final && error.depends_on_mode() => {
                second = Parts::of(AttachMode::Dispatcher)?;
                Self::load_as(&second, &mut loader, config, selection)
            }
            result => result,
        }
    }

    fn load_as<'p>(
        parts: &'p Parts,
        loader: &mut EbpfLoader<'p>,
        config: &ProbeConfig,
        selection: &Selection,
    ) -> Result<Self, LoadError> {
        let Parts { mode, object, types } = parts;
        let mode = *mode;
        let mut ebpf = loader
            .btf(Some(&types.structures))
            .load(object)
            .map_err(|source| LoadError::Object { mode, source })?;
        let rings = Rings::new(&mut ebpf, cpus()?, config.cpus_per_ring, ring_bytes(config))?;
        let settings = single(&mut ebpf, "settings")?;
        let filters = single(&mut ebpf, "filters")?;
        let counters = ebpf
            .take_map("counters")
            .ok_or_else(|| LoadError::Missing("counters".to_owned()))?
            .try_into()
            .map_err(|source| LoadError::Map { map: "counters", source })?;
        let mut probes = Self {
            calls: Calls::new(&mut ebpf, mode)?,
            hooks: Hooks::default(),
            ebpf,
            mode,
            config: config.clone(),
            rings,
            settings,
            counters,
            filters,
            filter: Filter::default(),
            boot_time_ns: boot_time_ns().map_err(LoadError::Clock)?,
        };
        probes.write_settings()?;
        probes.calls.try_out(&mut probes.ebpf, &types.functions)?;
        probes.activate(selection, &types.functions)?;
        Ok(probes)
    }

    /// Makes exactly the system calls of `selection` active. Those that stay are not interrupted.
    pub fn select(&mut self, selection: &Selection) -> Result<(), LoadError> {
        // Not kept between calls: even reduced, the types of a kernel take some megabytes.
        let types = kernel_types(&self.mode.object()?)?;
        self.activate(selection, &types.functions)
    }

    /// Leaves out from now on exactly the events that `filter` says are needless. None are before the first call.
    pub fn filter(&mut self, filter: &Filter) -> Result<(), LoadError> {
        for kind in self.filter.kinds().chain(filter.kinds()).collect::<BTreeSet<_>>() {
            let (was, raw) = (self.filter.raw(kind), filter.raw(kind));
            if was != raw {
                self.filters
                    .set(kind.code().into(), raw, 0)
                    .map_err(|source| LoadError::Map { map: "filters", source })?;
            }
        }
        self.filter = filter.clone();
        Ok(())
    }

    fn activate(&mut self, selection: &Selection, btf: &Btf) -> Result<(), LoadError> {
        self.hooks.activate(&mut self.ebpf, self.mode, selection, btf)?;
        self.calls.activate(&mut self.ebpf, selection, btf)
    }

    /// How they are attached.
    pub const fn attach_mode(&self) -> AttachMode {
        self.mode
    }

    /// When the machine was started, in ns since the epoch: what events' times are based on.
    pub const fn boot_time_ns(&self) -> u64 {
        self.boot_time_ns
    }

    /// Looks at the wall clock again and returns by how many ns it was set since the last look. A
    /// drift below a second is left alone: times of events go on without a jump.
    pub fn follow_clock(&mut self) -> Result<i64, LoadError> {
        let now = boot_time_ns().map_err(LoadError::Clock)?;
        let step = now.cast_signed().saturating_sub(self.boot_time_ns.cast_signed());
        if step.unsigned_abs() < 1_000_000_000 {
            return Ok(0);
        }
        self.boot_time_ns = now;
        self.write_settings()?;
        Ok(step)
    }

    /// Hands out the events that are there, oldest first, until there are none or `visit` breaks.
    /// Returns how many.
    pub fn drain(&mut self, mut visit: impl FnMut(&Event<'_>) -> ControlFlow<()>) -> usize {
        self.rings.drain(&mut visit)
    }

    /// Waits for `duration`, or until somebody unparks this thread; the probes wake nobody, since that
    /// would cost each system call more than the event does. Call it with a growing duration while
    /// [`Probes::drain`] returns 0.
    pub fn wait(&self, duration: Duration) {
        thread::park_timeout(duration);
    }

    /// Probes and system calls that this kernel does not offer programs for, with reasons; the others work without
    /// them.
    pub fn missing(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.hooks.missing().chain(self.calls.missing())
    }

    /// The programs that the kernel has accepted, each with how many instructions its verifier walked through: it
    /// refuses a program beyond a million. `None` before Linux 5.16, which does not tell.
    pub fn programs(&self) -> impl Iterator<Item = (&str, Option<u32>)> {
        self.ebpf.programs().filter_map(|(name, program)| {
            let info = program.info().ok()?;
            Some((name, info.verified_instruction_count()))
        })
    }

    /// What was sent and lost since the probes were loaded.
    pub fn losses(&self) -> Losses {
        Losses::read(&self.counters)
    }

    /// Records of the ring buffers that were no events. Anything but 0 is a defect.
    pub const fn undecodable(&self) -> u64 {
        self.rings.undecodable()
    }

    fn write_settings(&mut self) -> Result<(), LoadError> {
        let config = &self.config;
        let raw = [self.boot_time_ns, u64::from(config.snaplen), u64::from(config.drop_failed)];
        self.settings.set(0, raw, 0).map_err(|source| LoadError::Map { map: "settings", source })
    }
}

/// What is needed for a moment to load the probes.
struct Parts {
    mode: AttachMode,
    object: Vec<u8>,
    types: KernelTypes,
}

impl Parts {
    fn of(mode: AttachMode) -> Result<Self, LoadError> {
        let object = mode.object()?;
        let types = kernel_types(&object)?;
        Ok(Self { mode, object, types })
    }
}

/// How many CPUs the machine may have.
fn cpus() -> Result<u32, LoadError> {
    let cpus = aya::util::nr_cpus().map_err(|(_, error)| LoadError::Cpus(error))?;
    Ok(u32::try_from(cpus).unwrap_or(u32::MAX))
}

/// The size of a ring buffer that the kernel takes.
fn ring_bytes(config: &ProbeConfig) -> u32 {
    config.ring_bytes.clamp(1 << 16, 1 << 30).next_power_of_two()
}

/// The types of the kernel that `object` needs.
fn kernel_types(object: &[u8]) -> Result<KernelTypes, LoadError> {
    KernelTypes::load(object, &probe::attach_names()).map_err(LoadError::NoBtf)
}

impl fmt::Debug for Probes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Probes")
            .field("mode", &self.mode)
            .field("config", &self.config)
            .field("calls", &self.calls)
            .field("hooks", &self.hooks)
            .finish_non_exhaustive()
    }
}
