#!/usr/bin/env bash
# A mixed load for some minutes: do memory, open files and threads of innerwarden stay as they are?
#
#   scripts/soak-live.sh [-b INNERWARDEN] [-s SECONDS] [RULES_FILE…]
#
# SECONDS (600) of storms of execs and opens, containers that come and go with a runtime that answers, metrics that
# are fetched. A sample each 10 s; memory is flat if a line through those after the first fifth rises by less than
# 1 MB over the whole time. Without rules files, ours are used. Needs root.
# shellcheck disable=SC2119 # `start` takes options that most calls have none of
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/setup.sh
. scripts/setup.sh
# shellcheck source=scripts/load/watch.sh
. scripts/load/watch.sh
# shellcheck source=scripts/load/containers.sh
. scripts/load/containers.sh

usage() { sed -n 's/^# \{0,1\}//; 2,8p' "${BASH_SOURCE[0]}" >&2; exit 2; }
seconds=600
binary=
while getopts b:s: option; do
  case $option in
    b) binary=$OPTARG ;;
    s) seconds=$OPTARG ;;
    *) usage ;;
  esac
done
shift $((OPTIND - 1))
rules=("$@")
[ "${#rules[@]}" -gt 0 ] || rules=(rules)

# Bursts of everything, with a pause after each.
load() {
  local end=$((SECONDS + seconds))
  while [ "$SECONDS" -lt "$end" ]; do
    "$folder/storm" 2 2 2 "$folder/storm-child" "$folder/files" >/dev/null
    churn_containers 100
    cat "$folder/files"/* >/dev/null
    sleep 1
  done
}

command -v python3 >/dev/null || install_packages python3
prepare
host_root "$folder/root"
begin_containers
start_runtime answer
HOST_ROOT=$folder/root start
settle
load &
loader=$!
echo "second rss_kB files threads events lost"
while kill -0 "$loader" 2>/dev/null; do
  sleep 10
  scrape now
  printf '%d %d %d %d %d %d\n' "$SECONDS" "$(status_kb VmRSS)" "$(find "/proc/$pid/fd" -mindepth 1 | wc -l)" \
    "$(status_kb Threads)" "$(figure now events_total stage=\"recorded\")" "$(figure now scap_n_drops_total)"
done | tee "$folder/samples"
awk '
  { rss[NR] = $2; second[NR] = $1; files[NR] = $3; threads[NR] = $4; if ($2 > most) most = $2 }
  END {
    for (i = int(NR / 5) + 1; i <= NR; i++) { n++; x += second[i]; y += rss[i] }
    x /= n; y /= n
    for (i = int(NR / 5) + 1; i <= NR; i++) { a += (second[i] - x) * (rss[i] - y); b += (second[i] - x) ^ 2 }
    slope = b ? a / b : 0
    rise = slope * (second[NR] - second[1])
    printf "memory: first %.1f MB, last %.1f MB, most %.1f MB, slope %.0f kB a minute\n",
      rss[1] / 1024, rss[NR] / 1024, most / 1024, slope * 60
    printf "files: first %d, last %d; threads: first %d, last %d\n", files[1], files[NR], threads[1], threads[NR]
    exit !(rise < 1024 && files[NR] <= files[1] + 2 && threads[NR] <= threads[1] + 1)
  }' "$folder/samples" || failed=1
stop
stop_runtime
exit "$failed"
