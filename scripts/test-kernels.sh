#!/usr/bin/env bash
# test-kernels.sh [KERNEL...] [-- TEST ARGUMENT...]: runs the probe suite in Debian's kernels under QEMU.
#
# KERNEL is 5.10, 6.1, 6.12, 7 (the newest of the backports) or arm64-6.12; all of them unless named. The suite runs
# once for each way to attach, on a guest that has nothing else. Arguments behind `--` go to the test binary.
#
# From the environment: ATTACH (ways to attach, "fexit dispatcher"), APPEND (kernel parameters; `cgroup=v1` gives
# the guest both hierarchies), TIMEOUT (seconds a kernel may take, 900), MEMORY (MiB of a guest), UPDATE=1 (fetch newer
# builds of cached kernels), TEST_EXE (a static executable to run instead of the suite), UPDATE_BUDGET=1 (only measure
# what the programs cost the verifier, and write that to ebpf/tests/budget/).
# Whole consoles are left in target/kernels/.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/setup.sh
. scripts/setup.sh

readonly KNOWN="5.10 6.1 6.12 7 arm64-6.12"

kernels=()
while [ $# -gt 0 ] && [ "$1" != -- ]; do
  case " $KNOWN " in
    *" $1 "*) kernels+=("$1") ;;
    *)
      echo "kernels: unknown kernel $1; there are $KNOWN" >&2
      exit 2
      ;;
  esac
  shift
done
[ $# -eq 0 ] || shift
arguments=("$@")
[ -z "${UPDATE_BUDGET:-}" ] || arguments=(budget --show-output)
# shellcheck disable=SC2206 # a list of words
[ "${#kernels[@]}" -gt 0 ] || kernels=($KNOWN)

arch_of() {
  case $1 in arm64-*) echo arm64 ;; *) echo amd64 ;; esac
}

# Builds the suite for an architecture, static since the guest has no libraries, and prints where it is.
build() {
  local target messages
  if [ -n "${TEST_EXE:-}" ]; then
    echo "$TEST_EXE"
    return
  fi
  case $1 in
    amd64) target=x86_64-unknown-linux-gnu ;;
    arm64)
      target=aarch64-unknown-linux-musl
      # Rust brings musl and a linker: no cross compiler is needed.
      export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_MUSL_LINKER=rust-lld
      ;;
  esac
  need_target "$target" >&2
  messages=$(RUSTFLAGS="-C target-feature=+crt-static -C strip=debuginfo" cargo test --locked -p ebpf --test probes \
    --no-run --target "$target" --message-format=json-render-diagnostics)
  grep -o '"executable":"[^"]*"' <<<"$messages" | tail -n 1 | cut -d'"' -f4
}

# write_jobs KERNEL: prints what the guest is to do, as its init reads it.
write_jobs() {
  local attach variables="INNERWARDEN_BUDGET=$1 INNERWARDEN_SET_CLOCK=1"
  [ -z "${UPDATE_BUDGET:-}" ] || variables+=" INNERWARDEN_UPDATE_BUDGET=1"
  for attach in ${ATTACH:-fexit dispatcher}; do
    echo "$variables INNERWARDEN_ATTACH=$attach -- --test-threads=1 ${arguments[*]}"
  done
}

# Keeps the lines `budget NAME PROGRAM INSTRUCTIONS` of a console, a file for each name. 5.10 has none.
keep_budget() {
  local name
  sed -n 's/^budget \([^ ]*\) .*/\1/p' "$1" | sort -u | while read -r name; do
    sed -n "s/^budget $name //p" "$1" | LC_ALL=C sort >"ebpf/tests/budget/$name.txt"
  done
}

# Sums up a console: prints `passed failed skipped`, fails unless every job ran to its end and was content.
judge() {
  awk -v jobs="$2" '
    /^== job [0-9]+ end / { ended++; if ($5 != 0) bad++ }
    /^test result: / { passed += $4; failed += $6; skipped += $8 }
    /Kernel panic|BUG: |Oops: / { bad++ }
    END { print passed + 0, failed + 0, skipped + 0; exit !(ended == jobs && !bad && passed) }' "$1"
}

run_kernel() {
  local kernel=$1 arch exe folder started status=0 counts verdict
  local log=target/kernels/$kernel.log
  arch=$(arch_of "$kernel")
  : >"$log"
  folder=$(scripts/kernels/fetch.sh "$kernel") || return 1
  exe=$(build "$arch") || return 1
  write_jobs "$kernel" >"target/kernels/$kernel.jobs"
  scripts/kernels/initramfs.sh "target/kernels/$kernel.cpio.gz" "$folder/busybox" "$exe" "target/kernels/$kernel.jobs" || return 1
  started=$SECONDS
  # A serial console ends its lines with CR LF.
  # shellcheck disable=SC2086 # kernel parameters are words
  scripts/kernels/boot.sh "$arch" "$folder/vmlinuz" "target/kernels/$kernel.cpio.gz" ${APPEND:-} 2>&1 |
    sed -u 's/\r$//' >"$log" || status=$?
  [ -z "${UPDATE_BUDGET:-}" ] || keep_budget "$log"
  verdict=passed
  counts=$(judge "$log" "$(wc -l <"target/kernels/$kernel.jobs")") || verdict=FAILED
  [ "$status" -eq 0 ] || verdict=FAILED
  if [ "$verdict" = FAILED ]; then
    [ "$status" -ne 124 ] || echo "kernels: $kernel: stopped after ${TIMEOUT:-900} s" >&2
    echo "kernels: $kernel: end of target/kernels/$kernel.log:" >&2
    grep -E '^test .* FAILED$|^---- |panicked at' "$log" >&2 || true
    tail -n "${TAIL:-60}" "$log" >&2
  fi
  # shellcheck disable=SC2086 # three numbers
  set -- $counts
  report+=("$(printf '%-11s %s  %3d passed %3d failed %3d skipped  %3d s  %s' "$kernel" "$verdict" "$1" "$2" "$3" \
    $((SECONDS - started)) "$(cat "$folder/version")")")
  [ "$verdict" = passed ]
}

need_qemu "${kernels[@]}"
need_rust
mkdir -p target/kernels
report=()
failed=0
for kernel in "${kernels[@]}"; do
  echo "+ kernel $kernel"
  ran=${#report[@]}
  run_kernel "$kernel" || failed=1
  [ "${#report[@]}" -gt "$ran" ] || report+=("$(printf '%-11s %s' "$kernel" 'FAILED  did not run: see above')")
done
echo
echo "== kernels =="
printf '%s\n' "${report[@]}"
exit "$failed"
