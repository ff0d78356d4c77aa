#!/bin/sh
# Runs one fuzz target for a number of seconds, on the stable toolchain: ./run.sh TARGET SECONDS
#
# The code under test has no unsafe code, so it runs without a sanitizer, which would need nightly.
# What libFuzzer finds grows in a folder under target/; corpus/ holds the seeds and is only read.
set -eu
cd "$(dirname "$0")"
if [ $# -ne 2 ]; then
    echo "usage: $0 TARGET SECONDS" >&2
    echo "targets: $(ls fuzz_targets | sed 's/\.rs$//' | tr '\n' ' ')" >&2
    exit 2
fi
target=$1
seconds=$2
cargo fuzz --version >/dev/null 2>&1 || cargo install cargo-fuzz --locked
found=target/found/$target
mkdir -p "$found" "corpus/$target"
exec cargo fuzz run --fuzz-dir . -s none "$target" "$found" "corpus/$target" -- \
    -max_total_time="$seconds" -max_len=65536 -timeout=10 -rss_limit_mb=1024 -print_final_stats=1
