#!/usr/bin/env bash
# Measures a replay as a whole process: user and system CPU, wall time and peak memory of several runs.
#
#   scripts/bench-replay.sh [-n RUNS] [-b INNERWARDEN] [-f FALCO [-c FALCO_YAML]] CAPTURE RULES_FILE…
#
# Alerts go to /dev/null as JSON, with Falco's suggested output appended. With -f the two programs take turns, so
# that both meet the same machine. CAPTURE should be a plain file: decompressing costs the same for everybody.
set -euo pipefail

runs=7
binary=$(dirname "${BASH_SOURCE[0]}")/../target/release/innerwarden
falco=
config=/etc/falco/falco.yaml
usage() { sed -n 's/^# \{0,1\}//; 2,7p' "${BASH_SOURCE[0]}" >&2; exit 2; }
while getopts n:b:f:c: option; do
  case $option in
    n) runs=$OPTARG ;;
    b) binary=$OPTARG ;;
    f) falco=$OPTARG ;;
    c) config=$OPTARG ;;
    *) usage ;;
  esac
done
shift $((OPTIND - 1))
[ $# -ge 2 ] || usage
capture=$1
shift

rules=()
for file in "$@"; do rules+=(-r "$file"); done
settings=(-o json_output=true -o "append_output[0].suggested_output=true")
ours=("$binary" replay "$capture" "${rules[@]}" "${settings[@]}")
theirs=("$falco" -c "$config" "${rules[@]}" "${settings[@]}" -o engine.kind=replay
  -o "engine.replay.capture_file=$capture")

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# Runs a command; appends "user system wall peak_kb" to a file. Without GNU time the peak is unknown.
measure() {
  local out=$1 peak=0
  shift
  if [ -x /usr/bin/time ]; then
    /usr/bin/time -o "$scratch/time" -f '%U %S %e %M' "$@" >/dev/null 2>"$scratch/stderr" || fail "$@"
    read -r _ _ _ peak <"$scratch/time"
  fi
  # bash counts milliseconds, GNU time hundredths.
  local TIMEFORMAT='%3U %3S %3R'
  { time "$@" >/dev/null 2>"$scratch/stderr"; } 2>"$scratch/time" || fail "$@"
  echo "$(cat "$scratch/time") $peak" >>"$out"
}

fail() {
  echo "failed: $*" >&2
  tail -n 5 "$scratch/stderr" >&2
  exit 1
}

report() {
  local name=$1 file=$2 column=0 label
  echo "$name, $(wc -l <"$file") runs        min     median        max"
  for label in "user s" "system s" "wall s" "peak MB"; do
    column=$((column + 1))
    cut -d' ' -f$column "$file" | sort -n | awk -v label="$label" '
      { v[NR] = label == "peak MB" ? $1 / 1024 : $1 }
      END { printf "  %-14s %10.3f %10.3f %10.3f\n", label, v[1], v[int((NR + 1) / 2)], v[NR] }'
  done
}

"${ours[@]}" >/dev/null 2>"$scratch/stderr" || fail "${ours[@]}" # warms the page cache
for _ in $(seq "$runs"); do
  measure "$scratch/ours" "${ours[@]}"
  if [ -n "$falco" ]; then measure "$scratch/theirs" "${theirs[@]}"; fi
done
report innerwarden "$scratch/ours"
if [ -n "$falco" ]; then report falco "$scratch/theirs"; fi
