//! Tables of programs that another program passes on to.

use aya::{
    Ebpf,
    maps::{MapData, MapError, ProgramArray},
};

use crate::error::LoadError;

/// A table by name; `None` where the architecture does not have it.
pub(super) fn table(
    ebpf: &mut Ebpf,
    map: &'static str,
) -> Result<Option<ProgramArray<MapData>>, LoadError> {
    ebpf.take_map(map)
        .map(|it| it.try_into().map_err(|source: MapError| LoadError::Map { map, source }))
        .transpose()
}

/// The number within `socketcall(2)`: `include/uapi/linux/net.h`.
pub(super) fn socket_number(name: &str) -> Option<u32> {
    const NAMES: [&str; 20] = [
        "socket",
        "bind",
        "connect",
        "listen",
        "accept",
        "getsockname",
        "getpeername",
        "socketpair",
        "send",
        "recv",
        "sendto",
        "recvfrom",
        "shutdown",
        "setsockopt",
        "getsockopt",
        "sendmsg",
        "recvmsg",
        "accept4",
        "recvmmsg",
        "sendmmsg",
    ];
    (1..).zip(NAMES).find(|(_, it)| *it == name).map(|(number, _)| number)
}
