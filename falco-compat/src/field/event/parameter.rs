//! One parameter as text: as it is, and resolved.

use std::io::Write as _;

use event::{Event, EventType, ParamInfo, ParamType};
use host::{SocketAddress, SocketTuple, render_address, render_tuple};

use crate::{
    calendar::DateTime,
    field::{
        Context,
        buffer::{build, c_string},
        event::{errno::error_name, flags, number, path, signal::signal_name},
        fd,
    },
};

/// A parameter as text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rendered<'e> {
    /// As it is.
    pub(super) raw: &'e [u8],
    /// What it stands for; empty when it says no more than `raw`.
    pub(super) resolved: &'e [u8],
}

impl<'e> Rendered<'e> {
    fn raw(raw: &'e [u8]) -> Self {
        Self { raw, resolved: &[] }
    }

    /// The resolved text, or else the raw one.
    pub(super) fn preferred(self) -> &'e [u8] {
        if self.resolved.is_empty() { self.raw } else { self.resolved }
    }
}

/// The text of parameter `index`, which Falco calls `<NA>` when it is empty or `(NULL)`.
pub(in crate::field) fn parameter_text<'e>(event: &Event<'e>, index: usize) -> &'e [u8] {
    match event.param(index) {
        b"" | b"(NULL)\0" => b"<NA>",
        bytes => c_string(bytes),
    }
}

/// Parameter `index` of the event as text.
pub(super) fn render<'e>(ctx: &Context<'e>, index: usize) -> Rendered<'e> {
    let Some(info) = ctx.event.kind.info().params.get(index) else { return Rendered::raw(b"<NA>") };
    let bytes = ctx.event.param(index);
    let is_text =
        matches!(info.kind, ParamType::Charbuf | ParamType::Fspath | ParamType::Fsrelpath);
    if bytes.is_empty() && !is_text {
        return Rendered::raw(match info.kind {
            ParamType::Bytebuf
            | ParamType::Socktuple
            | ParamType::Fdlist
            | ParamType::Charbufarray
            | ParamType::CharbufPairArray
            | ParamType::Dyn => b"NULL",
            _ => b"<NA>",
        });
    }
    match (info.kind, bytes) {
        (ParamType::Dyn, [choice, bytes @ ..]) => match dynamic_kind(ctx.event.kind, *choice) {
            Some(kind) => Parameter { ctx, info, bytes }.render(kind),
            None => Rendered::raw(b"INVALID DYNAMIC PARAMETER"),
        },
        (kind, bytes) => Parameter { ctx, info, bytes }.render(kind),
    }
}

/// What a dynamic parameter of `event` is, by the number in its first byte.
fn dynamic_kind(event: EventType, choice: u8) -> Option<ParamType> {
    let kinds: &[ParamType] = match event {
        EventType::SetsockoptX | EventType::GetsockoptX => &[
            ParamType::Bytebuf,
            ParamType::Errno,
            ParamType::Uint32,
            ParamType::Uint64,
            ParamType::Reltime,
        ],
        EventType::PtraceX => &[ParamType::Uint64, ParamType::Sigtype],
        EventType::BpfX => &[ParamType::Fd, ParamType::Errno],
        EventType::KeyctlX => &[ParamType::Int64, ParamType::Charbuf],
        _ => &[],
    };
    kinds.get(usize::from(choice)).copied()
}

/// A parameter that is there.
struct Parameter<'c, 'e> {
    ctx: &'c Context<'e>,
    info: &'static ParamInfo,
    bytes: &'e [u8],
}

impl<'e> Parameter<'_, 'e> {
    /// The texts of the parameter as a `kind`.
    fn render(&self, kind: ParamType) -> Rendered<'e> {
        match kind {
            ParamType::Int8
            | ParamType::Int16
            | ParamType::Int32
            | ParamType::Int64
            | ParamType::Uint8
            | ParamType::Uint16
            | ParamType::Uint32
            | ParamType::Uint64 => Rendered::raw(self.number(kind)),
            ParamType::Fd => self.fd(),
            ParamType::Pid => self.pid(),
            ParamType::Errno => self.errno(),
            ParamType::Charbuf => Rendered::raw(parameter_bytes(self.bytes)),
            ParamType::Fspath | ParamType::Fsrelpath => {
                path::render(self.ctx, self.info, parameter_bytes(self.bytes))
            }
            ParamType::Bytebuf => Rendered::raw(self.dots()),
            ParamType::Sockaddr => Rendered::raw(self.address()),
            ParamType::Socktuple => Rendered::raw(self.tuple()),
            ParamType::Fdlist => Rendered::raw(fd::list_text(self.ctx, self.bytes)),
            ParamType::Syscallid => self.syscall(),
            ParamType::Sigtype => self.signal(),
            ParamType::Reltime => self.duration(),
            ParamType::Flags8
            | ParamType::Flags16
            | ParamType::Flags32
            | ParamType::Enumflags8
            | ParamType::Enumflags16
            | ParamType::Enumflags32 => self.flags(kind),
            ParamType::Mode => self.mode(),
            ParamType::Abstime => Rendered::raw(self.time()),
            ParamType::Uid | ParamType::Gid => self.owner(kind),
            ParamType::Sigset => Rendered::raw(self.signals()),
            // Only in events that never reach rules.
            ParamType::Dyn
            | ParamType::Charbufarray
            | ParamType::CharbufPairArray
            | ParamType::Fd32
            | ParamType::Pid32
            | ParamType::Port
            | ParamType::Ipv4addr
            | ParamType::Ipv6addr => Rendered::raw(b"(n.a.)"),
        }
    }

    fn build(&self, write: impl FnOnce(&mut Vec<u8>)) -> &'e [u8] {
        build(self.ctx.arena, write)
    }

    fn decimal(&self, number: impl std::fmt::Display) -> &'e [u8] {
        // Writing to a Vec cannot fail.
        self.build(|out| drop(write!(out, "{number}")))
    }

    fn number(&self, kind: ParamType) -> &'e [u8] {
        self.build(|out| number::write(self.bytes, kind, self.info.format, out))
    }

    fn fd(&self) -> Rendered<'e> {
        let number = number::signed(self.bytes);
        let resolved = fd::resolve(self.ctx, number);
        Rendered { raw: self.decimal(number), resolved }
    }

    fn pid(&self) -> Rendered<'e> {
        let tid = number::signed(self.bytes);
        let thread = self.ctx.host.find_thread(tid).and_then(|it| self.ctx.host.thread(it));
        let resolved = thread.map_or(&[] as &[u8], |it| &it.comm);
        Rendered { raw: self.decimal(tid), resolved }
    }

    fn errno(&self) -> Rendered<'e> {
        let code = number::signed(self.bytes);
        let resolved = errno_text(code);
        Rendered { raw: self.decimal(code), resolved: resolved.as_bytes() }
    }

    fn dots(&self) -> &'e [u8] {
        self.build(|out| write_dots(self.bytes, out))
    }

    fn address(&self) -> &'e [u8] {
        match SocketAddress::decode(self.bytes) {
            Some(address) => self.build(|out| render_address(&address, out)),
            None => invalid_address(self.bytes),
        }
    }

    fn tuple(&self) -> &'e [u8] {
        match SocketTuple::decode(self.bytes) {
            Some(tuple) => self.build(|out| render_tuple(&tuple, out)),
            None => invalid_address(self.bytes),
        }
    }

    fn syscall(&self) -> Rendered<'e> {
        let code = u16::try_from(number::unsigned(self.bytes)).unwrap_or(u16::MAX);
        match event::syscall_name(code) {
            Some(name) => Rendered { raw: self.decimal(code), resolved: name.as_bytes() },
            None => Rendered::raw(b"<unknown syscall>"),
        }
    }

    fn signal(&self) -> Rendered<'e> {
        let signal = self.bytes.first().copied().unwrap_or(0);
        let resolved = signal_name(signal).unwrap_or_default().as_bytes();
        Rendered { raw: self.decimal(signal), resolved }
    }

    fn duration(&self) -> Rendered<'e> {
        match number::unsigned(self.bytes) {
            u64::MAX => Rendered::raw(b"none"),
            time_ns => Rendered {
                raw: self.decimal(time_ns),
                resolved: self.build(|out| number::write_seconds(time_ns, out)),
            },
        }
    }

    fn flags(&self, kind: ParamType) -> Rendered<'e> {
        let value = u32::try_from(number::unsigned(self.bytes)).unwrap_or(u32::MAX);
        let is_enum =
            matches!(kind, ParamType::Enumflags8 | ParamType::Enumflags16 | ParamType::Enumflags32);
        let names = self.info.values;
        let resolved = self.build(|out| {
            if is_enum {
                flags::write_enum(value, names, out);
            } else {
                flags::write_flags(value, names, out);
            }
        });
        Rendered { raw: self.decimal(value), resolved }
    }

    fn mode(&self) -> Rendered<'e> {
        let value = u32::try_from(number::unsigned(self.bytes)).unwrap_or(u32::MAX);
        Rendered {
            raw: self.number(ParamType::Uint32),
            resolved: self.build(|out| flags::write_mode(value, self.info.values, out)),
        }
    }

    fn time(&self) -> &'e [u8] {
        let time = DateTime::new(number::unsigned(self.bytes), self.ctx.agent.utc_offset_s);
        self.build(|out| {
            time.write_date(out);
            out.push(b' ');
            time.write_time(out);
            time.write_fraction(out);
        })
    }

    /// A user or group: its name in the container of the thread.
    fn owner(&self, kind: ParamType) -> Rendered<'e> {
        let id = u32::try_from(number::unsigned(self.bytes)).unwrap_or(u32::MAX);
        if id == u32::MAX {
            return Rendered { raw: b"-1", resolved: b"<NONE>" };
        }
        let users = self.ctx.host.users();
        let name = self.ctx.thread().and_then(|thread| match kind {
            ParamType::Gid => users.group(thread.container, id).map(|it| &*it.name),
            _ => users.user(thread.container, id).map(|it| &*it.name),
        });
        let resolved = match name.filter(|it| !it.is_empty()) {
            Some(name) => self.build(|out| host::utf8::sanitize_into(name, out)),
            None => b"<NA>",
        };
        // Printed with a sign.
        Rendered { raw: self.decimal(id.cast_signed()), resolved }
    }

    fn signals(&self) -> &'e [u8] {
        let set = number::unsigned(self.bytes);
        self.build(|out| {
            for name in
                (0..32u8).filter(|bit| set & (1 << bit) != 0).filter_map(|bit| signal_name(bit + 1))
            {
                if !out.is_empty() {
                    out.push(b' ');
                }
                out.extend_from_slice(name.as_bytes());
            }
        })
    }
}

/// A text without its NUL; `<NA>` for the ways in which kernels say that there is none.
fn parameter_bytes(bytes: &[u8]) -> &[u8] {
    match bytes {
        b"" | b"(NULL)\0" => b"<NA>",
        bytes => c_string(bytes),
    }
}

/// Name of the error that a negative return value stands for; empty for others.
pub(in crate::field) fn errno_text(value: i64) -> &'static str {
    if value >= 0 {
        return "";
    }
    // Falco looks at the low 32 bits.
    let [a, b, c, d, ..] = value.to_le_bytes();
    let code = i32::from_le_bytes([a, b, c, d]);
    u64::try_from(-i64::from(code)).ok().and_then(error_name).unwrap_or_default()
}

/// Appends `bytes` with a dot for each one that is not printable ASCII.
pub(crate) fn write_dots(bytes: &[u8], out: &mut Vec<u8>) {
    let printable = |byte: u8| if (0x20..0x7F).contains(&byte) { byte } else { b'.' };
    out.extend(bytes.iter().map(|&byte| printable(byte)));
}

fn invalid_address(bytes: &[u8]) -> &'static [u8] {
    match bytes.first() {
        Some(2) => b"INVALID IPv4",
        Some(10) => b"INVALID IPv6",
        _ => &[],
    }
}
