#!/usr/bin/env bash
# Installs what is missing, builds, and runs the main job: replays a bundled capture through the
# bundled rules and shows the alerts. Arguments replace the default ones of `innerwarden`:
#   ./run.sh replay my.scap -r my_rules.yaml
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=scripts/setup.sh
. scripts/setup.sh

need_linker
need_clang
need_rust
cargo build --release --locked --package innerwarden >&2

if [ "$#" -eq 0 ]; then
  set -- replay examples/web-shell.scap -r rules/innerwarden_rules.yaml --pretty --stats
fi
exec target/release/innerwarden "$@"
