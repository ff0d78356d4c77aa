#!/usr/bin/env bash
# Installs what the tests need and runs all of them. Arguments go to `cargo test`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=scripts/setup.sh
. scripts/setup.sh

need_linker
need_clang
need_rust

# One test opens a capture of ours in Debian's sysdig; it says so and skips when there is none.
if ! command -v sysdig >/dev/null 2>&1 && command -v apt-get >/dev/null 2>&1; then
  if [ "$(id -u)" -eq 0 ] && ! install_packages sysdig; then
    echo "test: sysdig cannot be installed here; the test that needs it will skip" >&2
  fi
fi

# Tests of container runtimes start them; without root, or where they cannot be had, they say so and skip.
if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1 && ! need_container_runtimes; then
  echo "test: container runtimes cannot be installed here; the tests that need them will skip" >&2
fi

# Every test runs even when one fails; the last lines sum up, since each crate prints its own.
log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0
cargo test --workspace --locked --no-fail-fast "$@" 2>&1 | tee "$log" || status=$?

echo
echo "== summary =="
grep -E '^test .* FAILED$' "$log" || true
awk '/^test result: / { suites++; passed += $4; failed += $6; ignored += $8 }
     END { printf "test result: %s. %d passed; %d failed; %d ignored; %d suites\n",
           (failed || !suites) ? "FAILED" : "ok", passed, failed, ignored, suites }' "$log"
exit "$status"
