//! Users and groups, one table a container.

use crate::{container::ContainerId, text::Text};

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
    /// Login shell.
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
#[derive(Debug, Default)]
pub struct Users {}

impl Users {
    /// The user `uid` of `container`; `None` when unknown.
    pub fn user(&self, container: ContainerId, uid: u32) -> Option<&User> {
        let _ = (container, uid);
        None
    }

    /// The group `gid` of `container`; `None` when unknown.
    pub fn group(&self, container: ContainerId, gid: u32) -> Option<&Group> {
        let _ = (container, gid);
        None
    }
}
