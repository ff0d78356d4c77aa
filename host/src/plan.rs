//! What the event loop does with each event type, worked out once.

use event::{Category, Event, EventFlags, EventType, ParamType};

use crate::{host::Host, parse};

/// Changes the state as an event says.
pub(crate) type Parser = fn(&mut Host, &Event<'_>);

/// How an event type is handled.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a property of its own")]
pub(crate) struct Plan {
    pub(crate) thread: ThreadPlan,
    /// Enter event (or meta event, which have even codes).
    pub(crate) enter: bool,
    pub(crate) uses_fd: bool,
    /// Parameter that holds the fd it uses; `None` for none.
    pub(crate) fd_param: Option<usize>,
    /// It serves the state alone, and rules never see it.
    pub(crate) hidden: bool,
    /// It may precede the first ordinary event of a capture.
    pub(crate) initial: bool,
    pub(crate) meta: bool,
    /// Fd and path parameters of which the first is the directory of the second.
    pub(crate) directories: [Option<(usize, usize)>; 2],
    pub(crate) parser: Option<Parser>,
    /// It tells of a container.
    pub(crate) describes_container: bool,
    /// The container of its thread is worked out anew.
    pub(crate) resolves_container: bool,
}

/// Which thread an event type belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ThreadPlan {
    /// None.
    None,
    /// That of its header, if it is known, and nothing else is done.
    LookUp,
    /// That of its header, if it is known.
    Find,
    /// That of its header, or a placeholder.
    FindOrPlaceholder,
}

impl Plan {
    /// One plan a type, in the order of codes.
    pub(crate) fn all() -> Box<[Self]> {
        EventType::all().iter().map(|&kind| Self::new(kind)).collect()
    }

    fn new(kind: EventType) -> Self {
        let info = kind.info();
        let uses_fd = info.flags.intersects(EventFlags::USES_FD);
        Self {
            thread: thread_plan(kind),
            enter: kind.is_enter(),
            uses_fd,
            fd_param: if uses_fd { fd_param(kind) } else { None },
            hidden: is_hidden(kind),
            initial: is_initial(kind),
            meta: info.category.intersects(Category::METAEVENT),
            directories: directories(kind),
            parser: parse::parser(kind),
            describes_container: matches!(
                kind,
                EventType::AsynceventE
                    | EventType::ContainerE
                    | EventType::ContainerJsonE
                    | EventType::ContainerJsonV2E
            ),
            resolves_container: resolves_container(kind),
        }
    }
}

fn directories(kind: EventType) -> [Option<(usize, usize)>; 2] {
    let params = kind.info().params;
    let mut found = params.iter().enumerate().filter_map(|(path, info)| {
        let directory = info.dirfd_param.filter(|_| info.kind == ParamType::Fsrelpath)?;
        (params.get(directory)?.kind == ParamType::Fd).then_some((directory, path))
    });
    [found.next(), found.next()]
}

/// Whether the event has a result in its first parameter.
pub(crate) fn has_result(event: &Event<'_>) -> bool {
    let kind = event.kind;
    kind != EventType::GenericX
        && !kind.is_enter()
        && event.param_count() > 0
        && kind.info().category.intersects(Category::SYSCALL)
}

fn thread_plan(kind: EventType) -> ThreadPlan {
    use EventType as E;
    if kind == E::ProcinfoE {
        return ThreadPlan::LookUp;
    }
    if kind.info().flags.intersects(EventFlags::SKIP_PARSER_RESET) {
        return ThreadPlan::None;
    }
    match kind {
        E::ContainerJsonV2E
        | E::UserAddedE
        | E::UserDeletedE
        | E::GroupAddedE
        | E::GroupDeletedE
        | E::PlugineventE
        | E::AsynceventE => ThreadPlan::None,
        E::SchedswitchV6E => ThreadPlan::LookUp,
        E::CloneV20X | E::Clone3X | E::ForkV20X | E::VforkV20X | E::ProcexitV1E => ThreadPlan::Find,
        _ => ThreadPlan::FindOrPlaceholder,
    }
}

/// Enter events that only protect exit events from paths changed meanwhile or complete old ones.
fn is_hidden(kind: EventType) -> bool {
    use EventType as E;
    matches!(
        kind,
        E::OpenE
            | E::OpenatV2E
            | E::Openat2E
            | E::CreatE
            | E::ConnectE
            | E::ExecveV19E
            | E::ExecveatE
    )
}

fn is_initial(kind: EventType) -> bool {
    use EventType as E;
    matches!(
        kind,
        E::ContainerJsonV2E
            | E::UserAddedE
            | E::UserDeletedE
            | E::GroupAddedE
            | E::GroupDeletedE
            | E::AsynceventE
    )
}

fn resolves_container(kind: EventType) -> bool {
    use EventType as E;
    matches!(
        kind,
        E::CloneV20X
            | E::ForkV20X
            | E::VforkV20X
            | E::Clone3X
            | E::ExecveV16X
            | E::ExecveV17X
            | E::ExecveV18X
            | E::ExecveV19X
            | E::ExecveatX
            | E::ChrootX
    )
}

fn fd_param(kind: EventType) -> Option<usize> {
    use EventType as E;
    if kind.is_enter() {
        return Some(match kind {
            E::MmapE | E::Mmap2E => 4,
            E::SpliceE => 1,
            _ => 0,
        });
    }
    Some(match kind {
        E::SetnsX
        | E::ListenX
        | E::ShutdownX
        | E::FchdirX
        | E::LseekX
        | E::LlseekX
        | E::IoctlV3X
        | E::FstatX
        | E::CloseX
        | E::GetdentsX
        | E::Getdents64X
        | E::FlockX
        | E::CopyFileRangeX
        | E::FcntlX
        | E::DupV1X
        | E::Dup2X
        | E::Dup3X
        | E::NewfstatatX
        | E::FchownatX
        | E::FchmodatX
        | E::MkdiratX
        | E::UnlinkatV2X
        | E::MknodatX
        | E::SendmmsgX
        | E::RecvmmsgX
        | E::IoUringRegisterX
        | E::IoUringEnterX
        | E::SetsockoptX
        | E::GetsockoptX
        | E::FsconfigX
        | E::FinitModuleX
        | E::FchmodX
        | E::FchownX => 1,
        E::ReadX
        | E::PreadX
        | E::BindX
        | E::WriteX
        | E::PwriteX
        | E::RecvX
        | E::SendX
        | E::SendtoX
        | E::SendmsgX
        | E::SendfileX
        | E::SpliceX
        | E::WritevX
        | E::PwritevX
        | E::ConnectX
        | E::SymlinkatX => 2,
        E::RecvfromX | E::ReadvX | E::PreadvX => 3,
        E::RecvmsgX => 5,
        E::MmapX | E::Mmap2X => 8,
        _ => return None,
    })
}
