#!/usr/bin/env bash
# Measures what watching a host costs: the same loads without a watcher, with innerwarden and, if asked for, with Falco.
#
#   sudo scripts/bench-live.sh [-n ROUNDS] [-t SECONDS] [-l LOAD,…] [-p PER_MS] [-b INNERWARDEN] [RULES_FILE…]
#
# -n  rounds; in each, every watcher has its turn, so that all meet the same machine (3)
# -t  how long a load takes, in seconds (3)
# -l  of getppid, open+close, open-missing, fcntl, spawn, redis, compile (all)
# -p  operations in a millisecond, at most; more than a watcher can follow makes it drop events and look cheap (50)
# -b  the program (target/release/innerwarden, built if it is not there)
#
# From the environment: ATTACH (fexit, dispatcher; else what the kernel takes), FALCO (an executable that becomes Falco
# with the same rules, by `exec falco -c …`).
#
# Without RULES_FILE the built-in rules are used. Nothing is asserted: times depend on the machine. Run it on one that
# has nothing else to do.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/setup.sh
. scripts/setup.sh

readonly PORT=38765 REDIS_PORT=36379
rounds=3
seconds=3
loads=getppid,open+close,open-missing,fcntl,spawn,redis,compile
per_ms=50
binary=target/release/innerwarden
usage() { sed -n 's/^# \{0,1\}//; 2,16p' "$0" >&2; exit 2; }
while getopts n:t:l:p:b: option; do
  case $option in
    n) rounds=$OPTARG ;;
    t) seconds=$OPTARG ;;
    l) loads=$OPTARG ;;
    p) per_ms=$OPTARG ;;
    b) binary=$OPTARG ;;
    *) usage ;;
  esac
done
shift $((OPTIND - 1))
if [ "$(id -u)" -ne 0 ]; then echo "bench: probes need root" >&2; exit 2; fi

need_linker
case ,$loads, in *,redis,*) need_redis ;; esac
if [ ! -x "$binary" ]; then
  need_clang
  need_rust
  cargo build --locked --release -p innerwarden
fi

ours=("$binary" run -o "webserver.listen_port=$PORT" -o "engine.modern_ebpf.attach=${ATTACH:-auto}")
for file in "$@"; do ours+=(-r "$file"); done

scratch=$(mktemp -d)
watcher=
redis=
trap 'stop; [ -z "$redis" ] || kill "$redis"; rm -rf "$scratch"' EXIT
cc -O2 -o "$scratch/load" scripts/bench/load.c

# What cc takes half a second for: functions enough.
for index in $(seq 300); do
  echo "int f$index(int a, int b) { int c = a; for (int i = 0; i < b; i++) c += (c << 3) ^ (i * a) % (b + $index); return c; }"
done >"$scratch/unit.c"
sed -i '1i #include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n#include <unistd.h>' "$scratch/unit.c"

# User and system CPU of the watcher in ms.
cpu() {
  [ -n "$watcher" ] || { echo 0 0; return; }
  # The second field may have blanks.
  sed 's/.*) //' "/proc/$watcher/stat" | awk -v hz="$(getconf CLK_TCK)" '{ print $12 * 1000 / hz, $13 * 1000 / hz }'
}

# Events that innerwarden took out of its buffers, and events that were lost.
counts() {
  [ "$who" = innerwarden ] || { echo 0 0; return; }
  sleep 0.6 # figures are published four times a second
  exec 3<>"/dev/tcp/127.0.0.1/$PORT"
  printf 'GET /metrics HTTP/1.0\r\n\r\n' >&3
  awk '/^innerwarden_events_total.*recorded/ { events = $2 } /^innerwarden_scap_n_drops_total/ { drops = $2 }
       END { printf "%d %d\n", events, drops }' <&3
  exec 3<&-
}

memory() { awk '/^VmRSS|^RssAnon/ { printf "%.1f ", $2 / 1024 } END { print "" }' "/proc/$watcher/status"; }

# Starts a watcher and waits until it rests.
start() {
  who=$1
  case $who in
    nothing) return ;;
    innerwarden) "${ours[@]}" >/dev/null 2>"$scratch/$who.log" & ;;
    falco) "$FALCO" >/dev/null 2>"$scratch/$who.log" & ;;
  esac
  watcher=$!
  local before=-1 now=0 tries rests=0
  for ((tries = 0; tries < 60 && rests < 4; tries++)); do
    sleep 0.5
    if [ ! -e "/proc/$watcher" ]; then
      echo "bench: $who ended:" >&2
      tail -n 5 "$scratch/$who.log" >&2
      watcher=
      exit 1
    fi
    now=$(cpu)
    if [ "$now" = "$before" ]; then rests=$((rests + 1)); else rests=0; fi
    before=$now
  done
  if grep -q 'no events:' "$scratch/$who.log"; then
    cat "$scratch/$who.log" >&2
    exit 1
  fi
  echo "$now $(memory)" >>"$scratch/$who.start"
}

stop() {
  [ -n "$watcher" ] || return 0
  memory >>"$scratch/$who.end"
  kill "$watcher"
  wait "$watcher" 2>/dev/null || true
  watcher=
}

# Does a load once; prints operations, and ns of one: minimum and median.
load() {
  local began took
  case $1 in
    redis)
      redis-benchmark -p $REDIS_PORT -q -n $((seconds * 30000)) -t get --csv |
        awk -F, -v n=$((seconds * 30000)) 'END { gsub(/"/, "", $2); printf "%d %.0f %.0f\n", n, 1e9 / $2, 1e9 / $2 }'
      ;;
    compile)
      began=$(date +%s%N)
      while [ $(($(date +%s%N) - began)) -lt $((seconds * 1000000000)) ]; do
        took=$(date +%s%N)
        cc -O1 -c "$scratch/unit.c" -o "$scratch/unit.o"
        echo $(($(date +%s%N) - took))
      done | sort -n | awk '{ v[NR] = $1 } END { print NR, v[1], v[int((NR + 1) / 2)] }'
      ;;
    *) "$scratch/load" "$1" "$seconds" "$per_ms" ;;
  esac
}

# One turn: appends "operations min median user_ms system_ms events drops" for each load.
turn() {
  local name result user system user_after system_after events drops events_after drops_after
  start "$1"
  for name in ${loads//,/ }; do
    read -r events drops <<<"$(counts)"
    read -r user system <<<"$(cpu)"
    result=$(load "$name")
    if [ "$who" != nothing ]; then sleep 0.3; fi # what is left in the buffers is part of it
    read -r user_after system_after <<<"$(cpu)"
    read -r events_after drops_after <<<"$(counts)"
    echo "$result $((user_after - user)) $((system_after - system))" \
      "$((events_after - events)) $((drops_after - drops))" >>"$scratch/$who.$name"
  done
  stop
}

case ,$loads, in
  *,redis,*)
    redis-server --port $REDIS_PORT --save '' --dir "$scratch" --logfile "$scratch/redis.log" &
    redis=$!
    sleep 1
    ;;
esac
watchers=(nothing innerwarden)
[ -z "${FALCO:-}" ] || watchers+=(falco)
for round in $(seq "$rounds"); do
  for name in "${watchers[@]}"; do
    echo "round $round of $rounds: $name" >&2
    turn "$name"
  done
done

echo "$(uname -r), $(nproc) CPUs, $rounds rounds of $seconds s; $(sed -n 's/.*events come from: //p' "$scratch/innerwarden.log")"
echo
printf '%-13s %-12s %10s %10s %10s %12s %12s %9s %7s\n' load watcher "min ns" "median ns" "cost ns" \
  "user ns/evt" "sys ns/evt" "evts/op" drops
for name in ${loads//,/ }; do
  base=$(sort -n -k2,2 "$scratch/nothing.$name" | awk 'NR == 1 { print $2 }')
  # Falco does not say how many events it saw: as many as ours, as long as neither drops any.
  per_op=$(awk '{ ops += $1; events += $6 + $7 } END { print ops ? events / ops : 0 }' "$scratch/innerwarden.$name")
  for who in "${watchers[@]}"; do
    sort -n -k3,3 "$scratch/$who.$name" | awk -v name="$name" -v who="$who" -v base="$base" -v per_op="$per_op" '
      { if (NR == 1 || $2 < least) least = $2
        median[NR] = $3; ops += $1; user += $4; kernel += $5; events += $6; drops += $7 }
      END {
        if (who == "falco") events = ops * per_op
        printf "%-13s %-12s %10.0f %10.0f %10s", name, who, least, median[int((NR + 1) / 2)],
          who == "nothing" ? "" : sprintf("%.0f", least - base)
        # Where hardly anything happens, the ticks of idling would be divided by it.
        if (who == "nothing") print ""
        else if (events < 1000) printf " %12s %12s %9.2f %7d\n", "-", "-", events / ops, drops
        else printf " %12.0f %12.0f %9.2f %7s\n", user * 1e6 / events, kernel * 1e6 / events, events / ops,
          who == "falco" ? "?" : drops
      }'
  done
done
echo
printf '%-12s %14s %14s %10s %12s %14s\n' watcher "start user s" "start sys s" "RSS MB" "RssAnon MB" "RSS at end MB"
for who in "${watchers[@]:1}"; do
  paste -d' ' "$scratch/$who.start" "$scratch/$who.end" | sort -n | awk -v who="$who" '
    { user[NR] = $1; kernel[NR] = $2; all[NR] = $3; anon[NR] = $4; last[NR] = $5 }
    END { m = int((NR + 1) / 2)
      printf "%-12s %14.2f %14.2f %10.1f %12.1f %14.1f\n", who, user[m] / 1000, kernel[m] / 1000, all[m], anon[m], last[m] }'
done
