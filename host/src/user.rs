//! Users and groups, one table a container.

use event::{Event, EventType};
use hashbrown::HashMap;

use crate::{
    container::{ContainerId, Containers},
    parse,
    text::Text,
};

/// Longest name kept, bytes; longer ones are cut as in Falco.
const MAX_NAME: usize = 255;

/// Longest home directory or shell kept, bytes.
const MAX_PATH: usize = 1023;

/// A user as /etc/passwd has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Id.
    pub uid: u32,
    /// Primary group.
    pub gid: u32,
    /// Name.
    pub name: Text,
    /// Home directory.
    pub home: Text,
    /// Login shell; `<NA>` for a root that no list of users mentions.
    pub shell: Text,
}

/// A group as /etc/group has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Id.
    pub gid: u32,
    /// Name.
    pub name: Text,
}

/// The user and group tables of the host and of containers.
///
/// Nothing here reads `/etc/passwd`: the tables hold what a capture or a scan tells, and root.
#[expect(clippy::struct_field_names, reason = "users is what they are")]
#[derive(Debug)]
pub struct Users {
    users: HashMap<(ContainerId, u32), User>,
    groups: HashMap<(ContainerId, u32), Group>,
    max_entries: usize,
    dropped: u64,
}

impl Default for Users {
    fn default() -> Self {
        Self::with_capacity(65_536)
    }
}

impl Users {
    /// Empty tables of at most `max_entries` users and as many groups, all containers together.
    pub fn with_capacity(max_entries: usize) -> Self {
        Self { users: HashMap::new(), groups: HashMap::new(), max_entries, dropped: 0 }
    }

    /// The user `uid` of `container`; `None` when unknown.
    #[inline]
    pub fn user(&self, container: ContainerId, uid: u32) -> Option<&User> {
        self.users.get(&(container, uid))
    }

    /// The group `gid` of `container`; `None` when unknown.
    #[inline]
    pub fn group(&self, container: ContainerId, gid: u32) -> Option<&Group> {
        self.groups.get(&(container, gid))
    }

    /// Adds a user whose entry is known: from a capture's list of users or a container's passwd.
    ///
    /// A user that is there already keeps its primary group, as in Falco. NIS entries (`+`, `-`)
    /// are ignored.
    pub fn add_user(&mut self, container: ContainerId, user: &User) {
        if is_nis(&user.name) {
            return;
        }
        let gid = self.user(container, user.uid).map_or(user.gid, |known| known.gid);
        let user = User {
            uid: user.uid,
            gid,
            name: cut(&user.name, MAX_NAME),
            home: cut(&user.home, MAX_PATH),
            shell: cut(&user.shell, MAX_PATH),
        };
        let key = (container, user.uid);
        if self.users.len() < self.max_entries || self.users.contains_key(&key) {
            self.users.insert(key, user);
        } else {
            self.dropped += 1;
        }
    }

    /// Adds a group whose entry is known; see [`Users::add_user`].
    pub fn add_group(&mut self, container: ContainerId, group: &Group) {
        if is_nis(&group.name) {
            return;
        }
        let key = (container, group.gid);
        if self.groups.len() < self.max_entries || self.groups.contains_key(&key) {
            let name = cut(&group.name, MAX_NAME);
            self.groups.insert(key, Group { gid: group.gid, name });
        } else {
            self.dropped += 1;
        }
    }

    /// Notes that a thread of `container` runs as `uid`.
    ///
    /// To be called with the container as it was *before* the event: for execve exits and
    /// successful set*uid exits with the thread's, for created and scanned threads with
    /// [`ContainerId::HOST`]. Only root of the host becomes known by it; whoever else is in no
    /// list would be looked up in the replaying machine's passwd by Falco, which says nothing
    /// about the capture's host.
    pub fn note_user(&mut self, container: ContainerId, uid: u32, gid: u32) {
        if uid == 0 && container == ContainerId::HOST && self.user(container, 0).is_none() {
            let [name, home, shell] = [&b"root"[..], b"/root", b"<NA>"].map(Text::new);
            self.add_user(container, &User { uid, gid, name, home, shell });
        }
    }

    /// Notes that a thread of `container` runs with group `gid`; see [`Users::note_user`].
    pub fn note_group(&mut self, container: ContainerId, gid: u32) {
        if gid == 0 && container == ContainerId::HOST && self.group(container, 0).is_none() {
            self.add_group(container, &Group { gid, name: Text::new(b"root") });
        }
    }

    /// Takes what a user or group event tells; any other event is ignored.
    ///
    /// Falco looks new users of containers up in the container's filesystem instead of taking
    /// them from the event, and in a capture there is none: for containers only known entries
    /// are updated, so an unknown one stays `<NA>` as it does in Falco.
    pub fn on_event(&mut self, event: &Event<'_>, containers: &Containers) {
        let text = |index| parse::text(event, index);
        let container = |index| containers.find(text(index));
        match event.kind {
            EventType::UserAddedE => {
                let (Some(container), Some(uid)) = (container(5), event.u32(0)) else { return };
                if container == ContainerId::HOST || self.user(container, uid).is_some() {
                    let gid = event.u32(1).unwrap_or_default();
                    let [name, home, shell] = [2, 3, 4].map(|index| Text::new(text(index)));
                    self.add_user(container, &User { uid, gid, name, home, shell });
                }
            }
            EventType::UserDeletedE => {
                if let (Some(container), Some(uid)) = (container(5), event.u32(0)) {
                    self.users.remove(&(container, uid));
                }
            }
            EventType::GroupAddedE => {
                let (Some(container), Some(gid)) = (container(2), event.u32(0)) else { return };
                if container == ContainerId::HOST || self.group(container, gid).is_some() {
                    let name = Text::new(text(1));
                    self.add_group(container, &Group { gid, name });
                }
            }
            EventType::GroupDeletedE => {
                if let (Some(container), Some(gid)) = (container(2), event.u32(0)) {
                    self.groups.remove(&(container, gid));
                }
            }
            _ => {}
        }
    }

    /// Forgets the users and groups of the containers that `is_there` denies. The host's stay.
    pub fn retain_containers(&mut self, is_there: impl Fn(ContainerId) -> bool) {
        let stays = |owner: ContainerId| owner == ContainerId::HOST || is_there(owner);
        self.users.retain(|(owner, _), _| stays(*owner));
        self.groups.retain(|(owner, _), _| stays(*owner));
    }

    /// Whether `count` entries that do not count yet are as many as could ever fit; then one more is
    /// dropped.
    pub(crate) fn drops_after(&mut self, count: usize) -> bool {
        let drops = count >= self.max_entries;
        self.dropped += u64::from(drops);
        drops
    }

    /// Entries that did not fit.
    pub fn dropped(&self) -> u64 {
        self.dropped
    }
}

fn is_nis(name: &[u8]) -> bool {
    matches!(name.first(), Some(b'+' | b'-'))
}

/// `text` up to its first NUL, at most `max` bytes.
fn cut(text: &Text, max: usize) -> Text {
    let end = text.iter().take(max).position(|&byte| byte == 0).unwrap_or(text.len().min(max));
    if end == text.len() { text.clone() } else { Text::new(text.get(..end).unwrap_or_default()) }
}

#[cfg(test)]
mod tests;
