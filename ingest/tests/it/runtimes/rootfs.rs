//! Images made by hand: busybox and nothing else.

use std::{
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::Command,
};

use super::daemon::output;

/// Makes a root file system with a shell below `folder`.
pub(crate) fn make_rootfs(folder: &Path) -> PathBuf {
    let root = folder.join("rootfs");
    for name in ["bin", "etc", "proc", "sys", "dev", "tmp", "run", "data"] {
        fs::create_dir_all(root.join(name)).unwrap();
    }
    let busybox =
        ["/usr/bin/busybox", "/bin/busybox"].into_iter().find(|it| Path::new(it).exists());
    fs::copy(busybox.unwrap(), root.join("bin/busybox")).unwrap();
    for name in ["sh", "sleep", "true"] {
        symlink("busybox", root.join("bin").join(name)).unwrap();
    }
    fs::write(
        root.join("etc/passwd"),
        "root:x:0:0:root:/root:/bin/sh\nweb:x:1000:1000::/:/bin/sh\n",
    )
    .unwrap();
    fs::write(root.join("etc/group"), "root:x:0:\nweb:x:1000:\n").unwrap();
    root
}

/// Packs `root` as an archive in the format of `docker save`, with one layer; gives its path and the
/// digest of its configuration.
pub(crate) fn make_image(folder: &Path, root: &Path, name: &str) -> (PathBuf, String) {
    let staging = folder.join(format!("image-{}", name.replace(['/', ':'], "-")));
    fs::create_dir_all(staging.join("layer")).unwrap();
    let layer = staging.join("layer/layer.tar");
    tar(root, &layer);
    let config = format!(
        r#"{{"architecture":"amd64","os":"linux","created":"1970-01-01T00:00:00Z","author":"{name}",
"config":{{"Cmd":["/bin/sleep","3600"],"Env":["PATH=/bin","IMAGE=own"],"User":"web"}},
"rootfs":{{"type":"layers","diff_ids":["sha256:{}"]}},
"history":[{{"created":"1970-01-01T00:00:00Z","created_by":"test"}}]}}"#,
        sha256(&layer)
    );
    let config_file = staging.join("config.json");
    fs::write(&config_file, config).unwrap();
    let digest = sha256(&config_file);
    fs::rename(&config_file, staging.join(format!("{digest}.json"))).unwrap();
    let manifest = format!(
        r#"[{{"Config":"{digest}.json","RepoTags":["{name}"],"Layers":["layer/layer.tar"]}}]"#
    );
    fs::write(staging.join("manifest.json"), manifest).unwrap();
    let archive = staging.with_extension("tar");
    tar(&staging, &archive);
    (archive, digest)
}

fn tar(folder: &Path, archive: &Path) {
    let names = fs::read_dir(folder).unwrap().map(|it| it.unwrap().file_name());
    let status = Command::new("tar")
        .args(["--owner=0", "--group=0", "--numeric-owner", "-cf"])
        .arg(archive)
        .arg("-C")
        .arg(folder)
        .args(names)
        .status();
    assert!(status.unwrap().success(), "tar {}", folder.display());
}

fn sha256(file: &Path) -> String {
    let sum = output("sha256sum", &[file.to_str().unwrap()]);
    sum.split_whitespace().next().unwrap().to_owned()
}
