# shellcheck shell=bash
# Sourced by the scripts that watch a live innerwarden: builds what they need, starts it, reads its figures. They set
# `rules`, `binary`, and end with `failed`.
# shellcheck disable=SC2154,SC2034

# Sets `folder`, `storm`, `child`, `churn` and `binary`. Everything is removed at the end of the script.
prepare() {
  [ "$(id -u)" -eq 0 ] || { echo "live: probes need root" >&2; exit 2; }
  need_linker
  need_clang
  folder=$(mktemp -d)
  trap finish EXIT
  local compiler
  compiler=$(command -v clang-19 || command -v clang)
  "$compiler" -O2 -Wall -Wextra -Werror -pthread -o "$folder/storm" scripts/load/storm.c
  "$compiler" -O2 -Wall -Wextra -Werror -o "$folder/churn" scripts/load/churn.c
  "$compiler" -O2 -Wall -Wextra -Werror -nostdlib -static -ffreestanding -o "$folder/storm-child" scripts/load/child.c
  if [ -z "${binary:-}" ]; then
    need_rust
    cargo build --release --locked --package innerwarden
    binary=target/release/innerwarden
  fi
  mkdir "$folder/files"
}

finish() {
  local job
  for job in $(jobs -p); do
    kill -CONT "$job" 2>/dev/null || true
    kill "$job" 2>/dev/null || true
  done
  wait
  end_containers 2>/dev/null || true
  rm -rf "$folder"
}
end_containers() { :; }

# start OPTION...: runs innerwarden; sets `pid` and `address`.
start() {
  local arguments=() file
  for file in "${rules[@]}"; do arguments+=(-r "$file"); done
  : >"$folder/stderr"
  # Memory as the service has it; nothing left out in the kernel, so that the books balance.
  MALLOC_ARENA_MAX=1 MALLOC_MMAP_THRESHOLD_=131072 MALLOC_TRIM_THRESHOLD_=131072 \
    "$binary" run "${arguments[@]}" -r scripts/load/marks.yaml -o json_output=true -o stdout_output.enabled=false \
    -o file_output.enabled=true -o "file_output.filename=$folder/alerts" -o file_output.keep_alive=true \
    -o webserver.listen_port=0 -o rule_matching=all \
    -o engine.modern_ebpf.push_down=false "$@" >/dev/null 2>>"$folder/stderr" &
  pid=$!
  until_said "web server at "
  address=$(sed -n 's/.*web server at //p' "$folder/stderr" | tail -n 1)
  until_said "scan of /proc"
}

# until_said TEXT [COUNT]: waits until stderr has said TEXT so often.
until_said() {
  local round
  for round in $(seq 600); do
    [ "$(grep -c "$1" "$folder/stderr")" -lt "${2:-1}" ] || return 0
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.1
  done
  echo "live: \`$1\` was not said after $round tries:" >&2
  tail -n 20 "$folder/stderr" >&2
  exit 1
}

stop() {
  kill -TERM "$pid"
  wait "$pid" || true
}

# Figures are published four times a second, losses counted once.
settle() { sleep 2.5; }

scrape() { curl -sS --max-time 20 "http://$address/metrics" >"$folder/$1"; }

# figure FILE NAME [LABEL...]: the sum of a metric with all these labels, without the prefix of names.
figure() {
  local file=$1 name=innerwarden_$2
  shift 2
  awk -v name="$name" -v labels="$*" '
    BEGIN { n = split(labels, wanted, " ") }
    $1 == name || index($1, name "{") == 1 {
      fits = 1
      for (i = 1; i <= n; i++) if (!index($0, wanted[i])) fits = 0
      if (fits) sum += $NF
    }
    END { printf "%.0f\n", sum }' "$folder/$file"
}

# grown NAME [LABEL...]: by how much it is more in `after` than in `before`.
grown() { echo $(($(figure after "$@") - $(figure before "$@"))); }

# matches RULE: matches of a rule between `before` and `after`.
matches() {
  local word=${1// /_} file before=0 after=0
  for file in before after; do
    printf -v "$file" %s "$(tr ' ' '_' <"$folder/$file" | sed 's/}_/} /' |
      awk -v rule="rule_name=\"$word\"" 'index($0, "falco_rules_matches_total") && index($0, rule) { sum += $NF } END { printf "%.0f", sum }')"
  done
  echo $((after - before))
}

status_kb() { awk -v key="$1:" '$1 == key { print $2 }' "/proc/$pid/status"; }

# check TEXT CONDITION: reports, and remembers a failure.
failed=0
check() {
  if eval "[ $2 ]"; then
    echo "  ok      $1"
  else
    echo "  FAILED  $1 ($2)"
    failed=1
  fi
}

# start_witness: a process that lives through the storm, started in it.
start_witness() {
  : >"$folder/witness-kept"
  rm -f "$folder/go"
  mkfifo "$folder/go"
  (cd "$folder/files" && exec bash -c 'exec 7<../witness-kept 8<>../go; while read -r -u 8 _; do exec 9<&7; done' witness) &
  witness=$!
}

# ask_witness: what innerwarden knows of it must be what /proc knows.
ask_witness() {
  local said expected
  : >"$folder/asked"
  echo >"$folder/go"
  sleep 1.5
  said=$(grep -o '"output":"[^"]*witness |[^"]*' "$folder/alerts" | tail -n 1 | sed 's/.*witness | //')
  expected="pid=$witness name=$(cat "/proc/$witness/comm") exe=$(readlink "/proc/$witness/exe") ppid=$$"
  expected+=" parent=$(cat "/proc/$$/comm") cwd=$(readlink "/proc/$witness/cwd")/ fd=$(readlink "/proc/$witness/fd/7")"
  case $said in
    "$expected"*) echo "  ok      a process started meanwhile is known with name, executable, parent, folder and file" ;;
    *)
      echo "  FAILED  a process started meanwhile is known as \`$said\`, expected \`$expected\`"
      failed=1
      ;;
  esac
}

# Threads that there are, but for those of the kernel (PF_KTHREAD), of which nobody wants to know.
count_threads() {
  cat /proc/[0-9]*/task/[0-9]*/stat 2>/dev/null |
    awk '{ sub(/^.*\) /, ""); if (int($7 / 2097152) % 2 == 0) count++ } END { print count }' || true
}

# Threads that innerwarden knows less those there are: the nearest of some samples, since others come and go.
thread_difference() {
  local best=999999 round difference
  for round in $(seq 12); do
    scrape threads
    difference=$(($(figure threads scap_n_threads) - $(count_threads)))
    [ "${difference#-}" -ge "${best#-}" ] || best=$difference
    sleep 0.3
  done
  : "$round"
  echo "$best"
}
