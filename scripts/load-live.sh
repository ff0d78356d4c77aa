#!/usr/bin/env bash
# Storms of execs and opens at the machine's limit, watched by innerwarden: are the books balanced?
#
#   scripts/load-live.sh [-b INNERWARDEN] [-s SECONDS] [-m MEGABYTES] [RULES_FILE…]
#
# Each storm takes SECONDS (10). What it did is compared with what the probes sent and counted as lost, by kind; what
# must not be lost (processes, privileges, modules, connections) is compared with what rules saw. Resident memory may
# be MEGABYTES (60) at most. Without rules files, ours are used. Needs root.
# shellcheck disable=SC2119 # `start` takes options that most calls have none of
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/setup.sh
. scripts/setup.sh
# shellcheck source=scripts/load/watch.sh
. scripts/load/watch.sh

usage() { sed -n 's/^# \{0,1\}//; 2,8p' "${BASH_SOURCE[0]}" >&2; exit 2; }
seconds=10
most_mb=60
binary=
while getopts b:s:m: option; do
  case $option in
    b) binary=$OPTARG ;;
    s) seconds=$OPTARG ;;
    m) most_mb=$OPTARG ;;
    *) usage ;;
  esac
done
shift $((OPTIND - 1))
rules=("$@")
[ "${#rules[@]}" -gt 0 ] || rules=(rules)

# run_storm NAME EXECERS OPENERS: a storm, and its books.
run_storm() {
  local name=$1 kind rule produced sent lost rss peak=0 ticks
  settle
  scrape before
  ticks=$(cut -d' ' -f14,15 "/proc/$pid/stat")
  "$folder/storm" "$seconds" "$2" "$3" "$folder/storm-child" "$folder/files" >"$folder/made" &
  local storm=$!
  sleep 1
  start_witness
  while kill -0 "$storm" 2>/dev/null; do
    rss=$(status_kb VmRSS)
    [ "$rss" -le "$peak" ] || peak=$rss
    sleep 0.2
  done
  wait "$storm" || { echo "load: the storm failed" >&2; exit 1; }
  settle
  scrape after
  made() { awk -v key="$1" '$1 == key { print $2 }' "$folder/made"; }
  awk -v name="$name" -v execs="$(made execs)" -v opens="$(($(made opens) + $(made failed_opens)))" \
    -v s="$(made seconds)" -v ticks="$ticks" -v now="$(cut -d' ' -f14,15 "/proc/$pid/stat")" \
    -v events="$(grown events_total stage=\"recorded\")" -v hz="$(getconf CLK_TCK)" '
    BEGIN {
      split(ticks, a, " "); split(now, b, " "); cpu = (b[1] + b[2] - a[1] - a[2]) / hz
      printf "%s: %.0f execs and %.0f opens a second; %.0f events a second seen, %.2f us of CPU each\n",
        name, execs / s, opens / s, events / s, events ? cpu * 1e6 / events : 0
    }'
  # Hardly anybody else calls openat2: what is there beyond what was made is theirs.
  produced=$(($(made opens) + $(made failed_opens)))
  sent=$(grown probe_events_total 'dir="exit"' 'event="openat2"')
  lost=$(grown drops_total 'dir="exit"' 'event="openat2"')
  check "openat2: $produced made, $sent seen + $lost lost, $((sent + lost - produced)) of others" \
    "$((sent + lost)) -ge $produced -a $((sent + lost - produced)) -lt 1000"
  # Others run programs too.
  produced=$(made execs)
  sent=$(grown probe_events_total 'dir="exit"' 'event="execve"')
  lost=$(grown drops_total 'dir="exit"' 'event="execve"')
  check "execve: $produced made by the storm, $sent seen, $lost lost" "$lost -eq 0 -a $sent -ge $produced"
  for kind in vfork procexit clone clone3 setuid connect bpf init_module; do
    lost=$(grown drops_total "event=\"$kind\"")
    check "$kind: $(grown probe_events_total "event=\"$kind\"") seen, $lost lost" "$lost -eq 0"
  done
  for rule in exec exit setuid connect bpf module; do
    sent=$(matches "Load $rule")
    check "rules saw $sent of $(made marks) marked children: $rule" "$sent -eq $(made marks)"
  done
  echo "  lost    $(grown scap_n_drops_total) of $(grown scap_n_evts_total) events, kinds that may be lost:" \
    "$(lost_kinds)"
  check "memory: at most $((peak / 1024)) MB during the storm" "$peak -le $((most_mb * 1024))"
  ask_witness
  kill "$witness" 2>/dev/null || true
  difference=$(thread_difference)
  check "threads: $(figure threads scap_n_threads) known, $difference more than there are" \
    "${difference#-} -le $((5 + busy))"
}

# Kinds that were lost, as `name count`.
lost_kinds() {
  sed -n 's/^innerwarden_drops_total{.*event="\([^"]*\)".*} \([0-9]*\)$/\1 \2/p' "$folder/after" |
    sort -k2 -rn | head -n 6 | paste -sd, | sed 's/,/, /g'
}

prepare
start
echo "innerwarden $("$binary" --version | cut -d' ' -f2), $(nproc) CPUs, Linux $(uname -r), $(sed -n 's/.*events come from: //p' "$folder/stderr"), ${#rules[@]} rules files"
settle
echo "at rest: $(($(status_kb VmRSS) / 1024)) MB"
# On a machine with other work, threads come and go between two looks.
busy=$(awk '{ print int($1 * 3) }' /proc/loadavg)
cpus=$(nproc)
run_storm "execs" "$cpus" 0
run_storm "opens" 0 "$cpus"
run_storm "execs and opens" "$cpus" "$cpus"
echo "peak memory, start included: $(($(status_kb VmHWM) / 1024)) MB; state read anew $(figure after state_mended_total) times"
stop
exit "$failed"
