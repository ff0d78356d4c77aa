//! Class `container`: what the container plugin says of an event's container and pod.

mod mount;
mod table;
#[cfg(test)]
mod tests;

use bumpalo::collections::Vec as ArenaVec;
use host::{Container, Mount, ThreadId};

use crate::{
    field::{Argument, Context, FieldRef, context::NamedContainer},
    value::Value,
};

pub(super) use mount::MountKey;
pub use mount::MountSelector;
pub use table::ContainerField;
pub(super) use table::FIELDS;

/// Characters of a sandbox id that `k8s.pod.sandbox_id` shows.
const SHORT_ID_LEN: usize = 12;

/// The value of `id` (with the argument of `field`) for the event of `ctx`.
pub(super) fn extract<'e>(
    ctx: &Context<'e>,
    id: ContainerField,
    field: &FieldRef,
) -> Option<Value<'e>> {
    use ContainerField as F;

    let subject = Subject::of(ctx)?;
    match id {
        F::Id => return Some(Value::Str(subject.id(ctx))),
        F::StartTs => return Some(Value::Uint(subject.start_ns(ctx)?)),
        F::Duration => {
            let start = subject.start_ns(ctx)?;
            return Some(Value::Uint(ctx.event.time_ns.wrapping_sub(start)));
        }
        _ => {}
    }
    let container = subject.container(ctx)?;
    let text = |text: &'e str| Some(Value::Str(text.as_bytes()));
    match id {
        F::FullId => text(&container.full_id),
        F::Name => text(&container.name),
        F::Image => text(&container.image),
        F::ImageId => text(&container.image_id),
        F::ImageRepository => text(&container.image_repository),
        F::ImageTag => text(&container.image_tag),
        F::ImageDigest => text(&container.image_digest),
        F::Type => text(container.kind_name()),
        F::Privileged => Some(Value::Bool(container.privileged)),
        F::HostPid => Some(Value::Bool(container.host_pid)),
        F::HostNetwork => Some(Value::Bool(container.host_network)),
        F::HostIpc => Some(Value::Bool(container.host_ipc)),
        F::Ip => text(&container.ip),
        F::CniJson => text(&container.cni_json),
        F::Label => text(container.label(key(field)?)?),
        F::Labels => Some(labels(ctx, &container.labels)),
        F::Mounts => Some(mounts(ctx, &container.mounts)),
        F::Mount
        | F::MountSource
        | F::MountDest
        | F::MountMode
        | F::MountRdwr
        | F::MountPropagation => mount_value(ctx, id, selected(container, field)?),
        _ => pod_value(ctx, id, field, container),
    }
}

impl ContainerField {
    /// Whether the value comes from the runtime; the others follow from cgroups and namespaces.
    pub(super) const fn is_metadata(self) -> bool {
        !matches!(self, Self::Id | Self::StartTs | Self::Duration)
    }
}

/// What the event is about, as far as this class can ask.
enum Subject<'e> {
    /// A container event shows the container that it carries.
    Announced(&'e Container),
    /// Every other one that of its thread.
    Thread(ThreadId),
}

impl<'e> Subject<'e> {
    /// `None` when the event belongs to no thread that is known.
    fn of(ctx: &Context<'e>) -> Option<Self> {
        match ctx.named_container() {
            NamedContainer::None => {}
            NamedContainer::Known(container) => return Some(Self::Announced(container)),
            NamedContainer::Unknown => return None,
        }
        let current = ctx.host.current();
        if let Some(container) = ctx.host.containers().of_event(current.number) {
            return Some(Self::Announced(container));
        }
        // Events that are not looked up in the state engine still are in the plugin.
        current.thread.or_else(|| ctx.host.find_thread(ctx.event.tid)).map(Self::Thread)
    }

    fn container(&self, ctx: &Context<'e>) -> Option<&'e Container> {
        match *self {
            Self::Announced(container) => Some(container),
            Self::Thread(thread) => {
                ctx.host.containers().metadata(ctx.host.thread(thread)?.container)
            }
        }
    }

    fn id(&self, ctx: &Context<'e>) -> &'e [u8] {
        match *self {
            Self::Announced(container) => container.id.as_bytes(),
            Self::Thread(thread) => match ctx.host.thread(thread) {
                Some(thread) => ctx.host.containers().short_id(thread.container),
                None => &[],
            },
        }
    }

    fn start_ns(&self, ctx: &Context<'e>) -> Option<u64> {
        match *self {
            Self::Announced(_) => None,
            Self::Thread(thread) => {
                let start = ctx.host.thread(thread)?.pidns_init_start_time_ns;
                (start != 0).then_some(start)
            }
        }
    }
}

fn pod_value<'e>(
    ctx: &Context<'e>,
    id: ContainerField,
    field: &FieldRef,
    container: &'e Container,
) -> Option<Value<'e>> {
    use ContainerField as F;

    let text = |text: &'e str| Some(Value::Str(text.as_bytes()));
    // The pod's network is known of the container itself or, from CRI, of its sandbox.
    let has_network = !container.cni_json.is_empty();
    let sandbox = || if has_network { None } else { ctx.host.containers().sandbox_of(container) };
    let networked = || if has_network { Some(container) } else { sandbox() };
    match id {
        F::K8sPodName => text(container.label("io.kubernetes.pod.name")?),
        F::K8sNsName => text(container.label("io.kubernetes.pod.namespace")?),
        F::K8sPodId | F::K8sPodUid => text(container.label("io.kubernetes.pod.uid")?),
        F::K8sPodFullSandboxId => text(&container.pod_sandbox_id),
        F::K8sPodSandboxId => {
            let id = container.pod_sandbox_id.as_bytes();
            Some(Value::Str(id.get(..SHORT_ID_LEN).unwrap_or(id)))
        }
        F::K8sPodLabel => {
            let key = key(field)?;
            let of_sandbox = sandbox().and_then(|sandbox| sandbox.pod_sandbox_label(key));
            text(of_sandbox.or_else(|| container.pod_sandbox_label(key))?)
        }
        F::K8sPodLabels => {
            let owner = sandbox().unwrap_or(container);
            Some(labels(ctx, &owner.pod_sandbox_labels))
        }
        F::K8sPodIp => text(&networked()?.ip),
        F::K8sPodCniJson => text(&networked()?.cni_json),
        // What is left was deprecated and has no values any more.
        _ => None,
    }
}

fn key(field: &FieldRef) -> Option<&str> {
    match field.argument() {
        Argument::Key(key) => Some(key),
        _ => None,
    }
}

fn selected<'e>(container: &'e Container, field: &FieldRef) -> Option<&'e Mount> {
    match field.argument() {
        Argument::Mount(selector) => selector.select(&container.mounts),
        _ => None,
    }
}

fn mount_value<'e>(ctx: &Context<'e>, id: ContainerField, mount: &'e Mount) -> Option<Value<'e>> {
    use ContainerField as F;

    let text = match id {
        F::MountSource => &mount.source,
        F::MountDest => &mount.destination,
        F::MountMode => &mount.mode,
        F::MountPropagation => &mount.propagation,
        F::MountRdwr => read_write(mount),
        F::Mount => return Some(mounts(ctx, std::slice::from_ref(mount))),
        _ => return None,
    };
    Some(Value::Str(text.as_bytes()))
}

fn read_write(mount: &Mount) -> &'static str {
    if mount.rdwr { "true" } else { "false" }
}

/// `source:destination:mode:rw:propagation` of each, joined by commas.
fn mounts<'e>(ctx: &Context<'e>, mounts: &[Mount]) -> Value<'e> {
    let mut text = ArenaVec::new_in(ctx.arena);
    for (index, mount) in mounts.iter().enumerate() {
        let parts =
            [&mount.source, &mount.destination, &mount.mode, read_write(mount), &mount.propagation];
        for (position, part) in parts.into_iter().enumerate() {
            match (index, position) {
                (0, 0) => {}
                (_, 0) => text.push(b','),
                _ => text.push(b':'),
            }
            text.extend_from_slice(part.as_bytes());
        }
    }
    Value::Str(text.into_bump_slice())
}

/// `key:value` of each, joined by commas and blanks, without what Kubernetes adds for itself.
fn labels<'e>(ctx: &Context<'e>, labels: &[(String, String)]) -> Value<'e> {
    let mut text = ArenaVec::new_in(ctx.arena);
    for (key, value) in labels {
        if key.starts_with("annotation.") || key.starts_with("io.kubernetes.") {
            continue;
        }
        if !text.is_empty() {
            text.extend_from_slice(b", ");
        }
        text.extend_from_slice(key.as_bytes());
        if !value.is_empty() {
            text.push(b':');
            text.extend_from_slice(value.as_bytes());
        }
    }
    Value::Str(text.into_bump_slice())
}
