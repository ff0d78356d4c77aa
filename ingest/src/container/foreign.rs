//! Every reader of a runtime's bytes behind one door, for whoever looks for bytes that they cannot stand.

use super::{containerd, cri, docker, info::Info, podman};

/// Longest label that is kept, bytes.
const LABEL_MAX_LEN: usize = 100;

/// Reads `bytes` as each kind of answer that a runtime gives, and turns what comes out into JSON. Gives
/// the number of containers that were found in them.
pub fn read_as_any_answer(bytes: &[u8]) -> usize {
    // News and lists: that they are read is all.
    let _ = docker::news(bytes);
    let _ = podman::news(bytes);
    let found = [
        docker::read(bytes, bytes, LABEL_MAX_LEN),
        podman::read(bytes, LABEL_MAX_LEN),
        cri::read_container(bytes, LABEL_MAX_LEN),
        cri::read_sandbox(bytes, LABEL_MAX_LEN),
        containerd::read(bytes, LABEL_MAX_LEN),
    ];
    found.iter().flatten().map(Info::to_json).filter(|json| !json.is_empty()).count()
}
