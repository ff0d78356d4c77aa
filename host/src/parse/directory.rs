//! Current and root directory.

#[cfg(test)]
mod tests;

use event::Event;

use super::{result, succeeded, text};
use crate::{host::Host, path, thread::ThreadId, utf8::sanitize_into};

/// chdir and getcwd: both tell the directory in their second parameter.
pub(super) fn chdir(host: &mut Host, event: &Event<'_>) {
    if let Some(id) = host.event_thread.filter(|_| succeeded(event)) {
        host.update_cwd(id, text(event, 1));
    }
}

pub(super) fn fchdir(host: &mut Host, event: &Event<'_>) {
    let Some(id) = host.event_thread.filter(|_| succeeded(event)) else { return };
    let mut name = std::mem::take(&mut host.scratch.old_name);
    if let Some(fd) = host.event_fd() {
        name.clear();
        name.extend_from_slice(&fd.name);
        host.update_cwd(id, &name);
    }
    host.scratch.old_name = name;
}

pub(super) fn chroot(host: &mut Host, event: &Event<'_>) {
    let Some(id) = host.event_thread.filter(|_| result(event) == Some(0)) else { return };
    let name = text(event, 1);
    let mut root = std::mem::take(&mut host.scratch.text);
    let mut full = std::mem::take(&mut host.scratch.path);
    root.clear();
    if name == b"<NA>" || name.is_empty() || name.starts_with(b"/") {
        sanitize_into(name, &mut root);
    } else {
        host.copy_cwd(id, &mut root);
        path::concatenate(&root, name, &mut full);
        root.clear();
        sanitize_into(&full, &mut root);
    }
    if let Some(thread) = host.threads.get_mut(id) {
        thread.root = host.texts.intern_like(&root, &thread.root);
    }
    host.scratch.path = full;
    host.scratch.text = root;
}

impl Host {
    /// Sets the directory of `id`'s process to `path` as seen from the directory of `id` itself, which
    /// is empty for all but main threads: their relative paths stay relative, as in libsinsp.
    pub(crate) fn update_cwd(&mut self, id: ThreadId, path: &[u8]) {
        let Some(main) = self.main_thread(id) else { return };
        let mut full = std::mem::take(&mut self.scratch.path);
        if let Some(thread) = self.threads.get(id) {
            path::concatenate(&thread.cwd, path, &mut full);
        }
        if full.last() != Some(&b'/') {
            full.push(b'/');
        }
        if let Some(main) = self.threads.get_mut(main) {
            main.cwd = self.texts.intern_like(&full, &main.cwd);
        }
        self.scratch.path = full;
    }
}
