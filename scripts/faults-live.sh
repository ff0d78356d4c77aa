#!/usr/bin/env bash
# What goes wrong on a host while innerwarden watches it: does it go on, and is what it knows right afterwards?
#
#   scripts/faults-live.sh [-b INNERWARDEN] [-n CONTAINERS] [RULES_FILE…]
#
# Killed and started again, stopped while buffers run over, started amid a storm, CONTAINERS (10000) that come and go
# with a runtime that answers, hangs, goes away and comes back. Without rules files, ours are used. Needs root. The
# clock of the host stays as it is: that one is set is tried by the probes' tests in virtual machines.
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
containers=10000
binary=
while getopts b:n: option; do
  case $option in
    b) binary=$OPTARG ;;
    n) containers=$OPTARG ;;
    *) usage ;;
  esac
done
shift $((OPTIND - 1))
rules=("$@")
[ "${#rules[@]}" -gt 0 ] || rules=(rules)

# Ids of the programs and maps that innerwarden has in the kernel.
in_kernel() {
  sed -n 's/^\(prog_id\|map_id\):[[:space:]]*/\1 /p' /proc/"$pid"/fdinfo/* 2>/dev/null | sort -u
}

# How many of the ids on stdin are still there.
still_there() {
  local kind id count=0
  while read -r kind id; do
    case $kind in
      prog_id) ! bpftool prog show id "$id" >/dev/null 2>&1 || count=$((count + 1)) ;;
      map_id) ! bpftool map show id "$id" >/dev/null 2>&1 || count=$((count + 1)) ;;
    esac
  done
  echo "$count"
}

alerts() { grep -c "$1" "$folder/alerts" || true; }

# marked: runs a child that each rule of marks.yaml sees.
marked() { "$folder/storm" 0.05 1 0 "$folder/storm-child" "$folder/files" >/dev/null; }

killed() {
  echo "killed with SIGKILL"
  start
  marked
  settle
  in_kernel >"$folder/ids"
  local count
  count=$(wc -l <"$folder/ids")
  kill -KILL "$pid"
  wait "$pid" 2>/dev/null || true
  # The kernel frees programs after a grace period.
  sleep 2
  check "of $count programs and maps, none is left" "$count -gt 0 -a $(still_there <"$folder/ids") -eq 0"
  : >"$folder/alerts"
  start_witness
  sleep 0.3
  start
  marked
  settle
  check "alerts come again" "$(alerts 'Load exec') -gt 0"
  ask_witness
  kill "$witness" 2>/dev/null || true
  stop
}

overrun() {
  echo "stopped while its buffers run over"
  start -o engine.modern_ebpf.buf_size_preset=1
  settle
  scrape before
  kill -STOP "$pid"
  start_witness
  "$folder/storm" 3 2 2 "$folder/storm-child" "$folder/files" >"$folder/made"
  kill -CONT "$pid"
  until_said "was read anew"
  settle
  scrape after
  made() { awk -v key="$1" '$1 == key { print $2 }' "$folder/made"; }
  local produced sent lost
  produced=$(($(made opens) + $(made failed_opens)))
  sent=$(grown probe_events_total 'dir="exit"' 'event="openat2"')
  lost=$(grown drops_total 'dir="exit"' 'event="openat2"')
  check "openat2: $produced made, $sent seen + $lost lost" "$((sent + lost)) -ge $produced -a $lost -gt 0"
  produced=$(made execs)
  sent=$(grown probe_events_total 'dir="exit"' 'event="execve"')
  lost=$(grown drops_total 'dir="exit"' 'event="execve"')
  check "execve: $produced made by the storm, $sent seen + $lost lost" "$((sent + lost)) -ge $produced -a $lost -gt 0"
  check "the loss is an alert" "$(alerts 'Falco internal: syscall event drop') -gt 0"
  check "state was read anew" "$(grown state_mended_total) -gt 0"
  ask_witness
  kill "$witness" 2>/dev/null || true
  local difference
  difference=$(thread_difference)
  check "threads: $(figure threads scap_n_threads) known, $difference more than there are" "${difference#-} -le $((5 + busy))"
  stop
}

amid_storm() {
  echo "started amid a storm, five times"
  local round
  : >"$folder/alerts"
  "$folder/storm" 60 2 0 "$folder/storm-child" "$folder/files" >"$folder/made" &
  local storm=$!
  start_witness
  for round in 1 2 3 4 5; do
    start
    settle
    ask_witness
    sed -n 's/.*scan of/          scan of/p' "$folder/stderr" | tail -n 1
    stop
  done
  check "marked children of the storm are seen by round $round" "$(alerts 'Load exec') -gt 0"
  kill "$witness" "$storm" 2>/dev/null || true
  wait "$storm" 2>/dev/null || true
}

# come_and_go COUNT: containers, and how many of them rules saw.
come_and_go() {
  scrape before
  churn_containers "$1"
  settle
  scrape after
  local seen
  seen=$(matches "Load contained")
  check "$1 containers came and went, rules saw $seen" "$seen -eq $1"
}

lookups() { grown container_lookups_total 'engine="docker"' "result=\"$1\""; }

runtimes() {
  echo "containers come and go, and so does their runtime"
  host_root "$folder/root"
  : >"$folder/alerts"
  begin_containers
  start_runtime answer
  HOST_ROOT=$folder/root start
  settle
  come_and_go 100
  check "the runtime's answers are in alerts: $(alerts 'name=storm')" "$(alerts 'name=storm') -eq 100"
  local first
  first=$(status_kb VmRSS)
  come_and_go "$containers"
  check "the runtime was asked for $(lookups answered), not asked for $(grown container_requests_dropped_total)" \
    "$(lookups answered) -ge 1"
  local grown_kb=$(($(status_kb VmRSS) - first))
  check "memory grew by $((grown_kb / 1024)) MB" "$grown_kb -le $((48 * 1024))"
  first=$(status_kb VmRSS)
  come_and_go "$containers"
  grown_kb=$(($(status_kb VmRSS) - first))
  check "memory grew by $grown_kb kB when as many came and went again" "$grown_kb -le 4096"
  echo "  gone"
  stop_runtime
  come_and_go 100
  echo "  hanging"
  start_runtime hang
  come_and_go 200
  check "events did not wait for ever: $(figure after waiting_timeouts_total) containers were given up" \
    "$(grown waiting_timeouts_total) -gt 0"
  check "requests that hang are given up: $(lookups timed_out)" "$(lookups timed_out) -gt 0"
  stop_runtime
  echo "  back"
  start_runtime answer
  sleep 35
  come_and_go 100
  check "it is asked again: $(lookups answered) answers" "$(lookups answered) -gt 0"
  stop_runtime
  stop
  end_containers
}

command -v bpftool >/dev/null || PATH=$PATH:/usr/sbin
command -v bpftool >/dev/null || install_packages bpftool
command -v python3 >/dev/null || install_packages python3
prepare
busy=$(awk '{ print int($1 * 3) }' /proc/loadavg)
killed
overrun
amid_storm
runtimes
exit "$failed"
