//! Notices when files of rules or configuration change.
//!
//! Not the files but the folders around them are watched: editors replace files instead of writing them, and
//! Kubernetes swaps a link (`..data`) beside them.

use std::{
    collections::{BTreeMap, BTreeSet},
    ffi::{OsStr, OsString},
    io,
    os::fd::AsFd as _,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::Sender,
    },
    thread,
    time::Duration,
};

use nix::{
    poll::{PollFd, PollFlags, PollTimeout, poll},
    sys::inotify::{AddWatchFlags, InitFlags, Inotify, WatchDescriptor},
};

use super::Wake;

/// How long nothing may change before a change counts: whoever copies ten files means one change.
const QUIET: Duration = Duration::from_millis(200);

/// A thread that watches files. It ends when this is dropped.
#[derive(Debug)]
pub(super) struct FileWatch {
    stopped: Arc<AtomicBool>,
}

impl FileWatch {
    /// Watches `paths`, files and folders, whether they exist or not, and sends [`Wake::FilesChanged`] to `wake`.
    pub(super) fn start(paths: &[PathBuf], wake: Sender<Wake>) -> io::Result<Self> {
        let inotify = Inotify::init(InitFlags::IN_NONBLOCK | InitFlags::IN_CLOEXEC)?;
        let interests = Interests::new(paths);
        let mut names = BTreeMap::new();
        for (folder, interest) in interests.0 {
            // A folder that does not exist cannot change; the one around it is watched for its arrival.
            if let Ok(descriptor) = inotify.add_watch(&folder, CHANGES) {
                names.insert(Descriptor(descriptor), interest);
            }
        }
        let stopped = Arc::new(AtomicBool::new(false));
        let watch = Watcher { inotify, names, stopped: stopped.clone(), wake };
        thread::Builder::new().name("files".to_owned()).spawn(move || watch.run())?;
        Ok(Self { stopped })
    }
}

impl Drop for FileWatch {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Release);
    }
}

/// What changes a file or the entries of a folder.
const CHANGES: AddWatchFlags = AddWatchFlags::IN_CLOSE_WRITE
    .union(AddWatchFlags::IN_CREATE)
    .union(AddWatchFlags::IN_DELETE)
    .union(AddWatchFlags::IN_MOVE)
    .union(AddWatchFlags::IN_DELETE_SELF)
    .union(AddWatchFlags::IN_MOVE_SELF);

/// Names of interest by folder; an empty set stands for every rules or configuration file.
struct Interests(BTreeMap<PathBuf, BTreeSet<OsString>>);

impl Interests {
    fn new(paths: &[PathBuf]) -> Self {
        let mut folders: BTreeMap<PathBuf, BTreeSet<OsString>> = BTreeMap::new();
        for path in paths {
            if path.is_dir() {
                folders.insert(path.clone(), BTreeSet::new());
            }
        }
        for path in paths {
            let parent = match path.parent() {
                Some(parent) if parent != Path::new("") => parent.to_owned(),
                _ => PathBuf::from("."),
            };
            let Some(name) = path.file_name() else { continue };
            let whole = folders.get(&parent).is_some_and(BTreeSet::is_empty);
            if !whole {
                folders.entry(parent).or_default().insert(name.to_owned());
            }
        }
        Self(folders)
    }
}

/// Whether a change of `name` matters to someone interested in `names`.
fn matters(names: &BTreeSet<OsString>, name: Option<&OsStr>) -> bool {
    // Without a name it is the folder itself.
    let Some(name) = name else { return true };
    if name == "..data" || names.contains(name) {
        return true;
    }
    let is_yaml = Path::new(name).extension().is_some_and(|it| it == "yaml" || it == "yml");
    names.is_empty() && is_yaml
}

/// A descriptor that can be a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Descriptor(WatchDescriptor);

/// The thread.
struct Watcher {
    inotify: Inotify,
    names: BTreeMap<Descriptor, BTreeSet<OsString>>,
    stopped: Arc<AtomicBool>,
    wake: Sender<Wake>,
}

impl Watcher {
    fn run(&self) {
        let mut has_changed = false;
        while !self.stopped.load(Ordering::Acquire) {
            let mut fds = [PollFd::new(self.inotify.as_fd(), PollFlags::POLLIN)];
            let timeout = PollTimeout::try_from(QUIET).unwrap_or(PollTimeout::MAX);
            match poll(&mut fds, timeout) {
                Ok(0) | Err(_) => {
                    if std::mem::take(&mut has_changed)
                        && self.wake.send(Wake::FilesChanged).is_err()
                    {
                        return;
                    }
                }
                Ok(_) => has_changed |= self.is_change(),
            }
        }
    }

    /// Whether what has happened matters. When too much did, it does.
    fn is_change(&self) -> bool {
        let Ok(events) = self.inotify.read_events() else { return false };
        events.iter().any(|event| {
            event.mask.contains(AddWatchFlags::IN_Q_OVERFLOW)
                || self
                    .names
                    .get(&Descriptor(event.wd))
                    .is_some_and(|names| matters(names, event.name.as_deref()))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(names: &[&str], changed: &str, expected: bool) {
        let names = names.iter().map(OsString::from).collect();
        assert_eq!(matters(&names, Some(OsStr::new(changed))), expected, "{names:?} {changed}");
    }

    #[test]
    fn only_files_that_are_read_matter() {
        check(&["rules.yaml"], "rules.yaml", true);
        check(&["rules.yaml"], ".rules.yaml.swp", false);
        check(&["rules.yaml"], "other.yaml", false);
        check(&["rules.yaml"], "..data", true);
        check(&[], "any.yml", true);
        check(&[], "readme.md", false);
    }

    #[test]
    fn a_folder_that_is_watched_whole_stays_so() {
        let folder = tempfile::tempdir().unwrap();
        let paths = [folder.path().join("a.yaml"), folder.path().to_owned()];
        let interests = Interests::new(&paths).0;
        assert!(interests[folder.path()].is_empty());
    }
}
