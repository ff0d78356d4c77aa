# shellcheck shell=bash
# Sourced by run.sh and test.sh: installs what is missing on a fresh Debian or Ubuntu machine.

# Oldest Rust that builds the workspace (`rust-version` in Cargo.toml).
readonly RUST_MINOR=95

# Runs a command as root: directly, or through sudo where there is one.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null 2>&1; then
    sudo "$@"
  else
    echo "setup: not root and no sudo; cannot run: $*" >&2
    return 1
  fi
}

# Installs Debian packages.
install_packages() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q >&2
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@" >&2
}

# A linker and libc headers: rustc calls `cc` to link.
need_linker() {
  command -v cc >/dev/null 2>&1 || install_packages gcc libc6-dev
}

# The probes are C: clang compiles them against libbpf's headers and the kernel's.
need_clang() {
  command -v clang-19 >/dev/null 2>&1 && command -v llvm-strip-19 >/dev/null 2>&1 &&
    [ -e /usr/include/bpf/bpf_helpers.h ] && return
  install_packages clang-19 llvm-19 libbpf-dev linux-libc-dev ||
    install_packages clang llvm libbpf-dev linux-libc-dev
}

# Cargo, new enough; through rustup when it is absent.
need_rust() {
  if ! command -v cargo >/dev/null 2>&1 && [ -x "$HOME/.cargo/bin/cargo" ]; then
    export PATH="$HOME/.cargo/bin:$PATH"
  fi
  if ! command -v cargo >/dev/null 2>&1; then
    command -v curl >/dev/null 2>&1 || install_packages ca-certificates curl
    curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs |
      sh -s -- -y --profile minimal --component clippy,rustfmt >&2
    export PATH="$HOME/.cargo/bin:$PATH"
  fi
  local minor
  minor=$(cargo --version | sed -E 's/^cargo [0-9]+\.([0-9]+).*/\1/')
  if [ "$minor" -lt "$RUST_MINOR" ]; then
    if ! command -v rustup >/dev/null 2>&1; then
      echo "setup: $(cargo --version) is too old: innerwarden needs Rust 1.$RUST_MINOR or newer" >&2
      return 1
    fi
    rustup update stable >&2
  fi
}

# need_target TARGET: Rust's standard library for another target.
need_target() {
  local sysroot
  sysroot=$(rustc --print sysroot)
  if [ ! -d "$sysroot/lib/rustlib/$1" ]; then
    if ! command -v rustup >/dev/null 2>&1; then
      echo "setup: $sysroot has no standard library for $1 and there is no rustup to add it" >&2
      return 1
    fi
    rustup target add "$1" >&2
  fi
}

# need_qemu KERNEL...: what boots the kernels of scripts/test-kernels.sh.
need_qemu() {
  local missing=() kernel
  command -v busybox >/dev/null 2>&1 || missing+=(busybox-static)
  command -v cpio >/dev/null 2>&1 || missing+=(cpio)
  [ -e /usr/share/keyrings/debian-archive-keyring.gpg ] || missing+=(debian-archive-keyring)
  for kernel in "$@"; do
    case $kernel in
      arm64-*) command -v qemu-system-aarch64 >/dev/null 2>&1 || missing+=(qemu-system-arm) ;;
      *) command -v qemu-system-x86_64 >/dev/null 2>&1 || missing+=(qemu-system-x86) ;;
    esac
  done
  [ "${#missing[@]}" -eq 0 ] || install_packages "${missing[@]}"
}

# A load of bench-live.sh.
need_redis() {
  if ! command -v redis-server >/dev/null 2>&1 || ! command -v redis-benchmark >/dev/null 2>&1; then
    install_packages redis-server redis-tools
  fi
}

# Container runtimes that the tests start, and what they make images and networks of.
need_container_runtimes() {
  local missing=() pair
  for pair in dockerd:docker.io docker:docker.io containerd:containerd ctr:containerd podman:podman \
    conmon:conmon runc:runc busybox:busybox-static ip:iproute2 iptables:iptables nsenter:util-linux; do
    PATH="$PATH:/usr/sbin:/sbin" command -v "${pair%%:*}" >/dev/null 2>&1 || missing+=("${pair#*:}")
  done
  # Debian has the command line of Docker apart from trixie on.
  if [[ " ${missing[*]} " == *" docker.io "* ]] && apt-cache show docker-cli >/dev/null 2>&1; then
    missing+=(docker-cli)
  fi
  [ -x /usr/lib/cni/bridge ] || missing+=(containernetworking-plugins)
  [ "${#missing[@]}" -eq 0 ] || install_packages "${missing[@]}"
}
