#!/usr/bin/env bash
# initramfs.sh OUT BUSYBOX TEST JOBS: packs busybox, our init, the test binary and the list of jobs.
set -euo pipefail
out=${1:?} busybox=${2:?} test=${3:?} jobs=${4:?}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
mkdir "$root"/{bin,proc,sys,dev,etc,mnt}
cp "$busybox" "$root/bin/busybox"
ln -s busybox "$root/bin/sh"
cp "$here/init" "$here/facts" "$root/"
cp "$test" "$root/test"
cp "$jobs" "$root/jobs"
printf 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n' >"$root/etc/passwd"
printf 'root:x:0:\nnogroup:x:65534:\n' >"$root/etc/group"
# The directory of mktemp is its owner's alone, and becomes the root directory.
chmod 755 "$root"
chmod +x "$root"/{init,facts,test,bin/busybox}
(cd "$root" && find . | cpio -o -H newc --quiet | gzip -1) >"$out"
