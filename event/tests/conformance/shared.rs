//! Where the conformance data is.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

/// The captures of the conformance data, sorted by name; `None`, with a word about it, where the data is not there.
pub(crate) fn captures() -> Option<Vec<PathBuf>> {
    let shared = env::var_os("INNERWARDEN_SHARED").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared"),
        PathBuf::from,
    );
    let mut paths = Vec::new();
    for folder in ["conformance/captures", "conformance/synthetic"] {
        let entries = fs::read_dir(shared.join(folder)).into_iter().flatten().flatten();
        let entries = entries.map(|it| it.path());
        paths.extend(entries.filter(|it| it.extension().is_some_and(|it| it == "scap")));
    }
    paths.sort();
    if paths.is_empty() {
        #[expect(clippy::print_stderr, reason = "the skip has to be seen")]
        {
            eprintln!("skipped: no conformance data at {}", shared.display());
        }
        return None;
    }
    Some(paths)
}

/// Name of a capture.
pub(crate) fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
