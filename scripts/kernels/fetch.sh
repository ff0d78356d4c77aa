#!/usr/bin/env bash
# fetch.sh KERNEL: puts a Debian kernel and what boots it into the cache, and prints the folder:
# vmlinuz, config, busybox and version. Nothing is installed.
#
# apt does it, with a configuration of its own, so that suites which this machine does not use can be read; mirror,
# proxies and keys are those of the machine's own sources. UPDATE=1 asks for a newer build of a cached kernel.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=scripts/setup.sh
. ../setup.sh

kernel=${1:?usage: fetch.sh KERNEL}

# Security suites where they have the kernel: their package lists are twenty times smaller.
case $kernel in
  5.10) arch=amd64 suite=bullseye-security ;;
  6.1) arch=amd64 suite=bookworm-security ;;
  6.12) arch=amd64 suite=trixie-security ;;
  7) arch=amd64 suite=trixie-backports ;;
  arm64-6.12) arch=arm64 suite=trixie-security ;;
  *)
    echo "kernels: unknown kernel $kernel" >&2
    exit 2
    ;;
esac

cache=${XDG_CACHE_HOME:-$HOME/.cache}/innerwarden/kernels
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
mkdir -p "$cache"

# Where this machine gets Debian from: the address of the archive with the given label.
archive() {
  # shellcheck disable=SC2016 # apt fills it in
  apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' "Label: $1" | sort -u | head -n 1
}

# Runs apt-get or apt-cache for one suite and architecture, apart from the machine's own state.
private_apt() {
  local tool=$1 suite=$2 arch=$3 label=Debian address state
  shift 3
  case $suite in *-security) label=Debian-Security ;; esac
  state=$cache/apt/$suite-$arch
  mkdir -p "$state/lists/partial" "$state/archives/partial"
  : >"$state/status"
  address=$(archive "$label")
  if [ -z "$address" ]; then
    echo "kernels: apt's sources on this machine have no archive with the label $label, so no mirror for $suite" >&2
    return 1
  fi
  echo "deb [arch=$arch signed-by=$keyring] $address $suite main" >"$state/sources.list"
  cat >"$state/apt.conf" <<CONF
Dir::Etc::sourcelist "$state/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
Dir::State "$state";
Dir::State::status "$state/status";
Dir::Cache "$state";
APT::Architecture "$arch";
#clear APT::Architectures;
APT::Architectures { "$arch"; };
APT::Sandbox::User "root";
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear Acquire::IndexTargets::deb::DEP-11;
Acquire::Languages "none";
Acquire::Retries "3";
CONF
  "$tool" -q -c "$state/apt.conf" "$@"
}

# unpack SUITE ARCH PACKAGE FOLDER: downloads a package and unpacks it.
unpack() {
  (
    cd "$work"
    private_apt apt-get "$1" "$2" download "$3" >&2
    dpkg-deb -x "$3"_*.deb "$4"
  )
}

# depends_on PACKAGE PATTERN: the packages it depends on whose names match.
depends_on() {
  private_apt apt-cache "$suite" "$arch" show --no-all-versions "$1" |
    sed -n 's/^Depends: //p' | tr ',' '\n' | tr '|' '\n' | sed -nE "s/^ *($2)( .*)?$/\1/p"
}

# The suite's meta package names the present build. Newer builds are split: image, configuration and modules.
fetch_kernel() {
  local image package
  private_apt apt-get "$suite" "$arch" update >&2
  image=$(depends_on "linux-image-cloud-$arch" 'linux-image-[0-9][^ ]*')
  if [ -z "$image" ]; then
    echo "kernels: $suite has no linux-image-cloud-$arch" >&2
    return 1
  fi
  for package in "$image" $(depends_on "$image" 'linux-(base|binary|modules)-[0-9][^ ]*'); do
    unpack "$suite" "$arch" "$package" image
  done
  mkdir "$work/out"
  find "$work/image" '(' -path '*/boot/vmlinuz-*' -o -path '*/modules/*/vmlinuz' ')' -exec cp {} "$work/out/vmlinuz" \;
  find "$work/image" '(' -path '*/boot/config-*' -o -path '*/modules/*/config' ')' -exec cp {} "$work/out/config" \;
  if [ ! -s "$work/out/vmlinuz" ] || [ ! -s "$work/out/config" ]; then
    echo "kernels: no vmlinuz and config found in $image and what it depends on" >&2
    return 1
  fi
  printf '%s\n' "${image#linux-image-}" >"$work/out/version"
}

fetch_busybox() {
  if [ "$arch" = "$(dpkg --print-architecture)" ]; then
    cp "$(command -v busybox)" "$work/out/busybox"
    return
  fi
  private_apt apt-get trixie "$arch" update >&2
  unpack trixie "$arch" busybox-static busybox
  find "$work/busybox" -path '*bin/busybox' -exec cp {} "$work/out/busybox" \;
}

# One download at a time: several test runs may share the cache.
exec 9>"$cache/lock"
flock 9
if [ ! -e "$cache/$kernel/version" ] || [ -n "${UPDATE:-}" ]; then
  if [ -z "$(archive Debian)" ]; then
    as_root apt-get update -q >&2
  fi
  work=$(mktemp -d "$cache/fetch.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  fetch_kernel
  fetch_busybox
  rm -rf "${cache:?}/$kernel"
  mv "$work/out" "$cache/$kernel"
fi
echo "$cache/$kernel"
