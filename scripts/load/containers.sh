# shellcheck shell=bash
# Sourced by scripts that let containers come and go: cgroups like Docker's, and a runtime that can misbehave.
# shellcheck disable=SC2154 # of watch.sh

# begin_containers: a cgroup of our own for them, in the hierarchy that events tell of first.
begin_containers() {
  local file
  cgroup=/sys/fs/cgroup
  [ ! -d /sys/fs/cgroup/cpuset ] || cgroup=/sys/fs/cgroup/cpuset
  cgroup=$cgroup/innerwarden-test-$$
  mkdir "$cgroup" "$cgroup/docker"
  for file in cpuset.cpus cpuset.mems; do
    [ ! -e "$cgroup/../$file" ] || cat "$cgroup/../$file" >"$cgroup/$file"
    [ ! -e "$cgroup/../$file" ] || cat "$cgroup/../$file" >"$cgroup/docker/$file"
  done
}

end_containers() {
  [ -z "${cgroup:-}" ] || find "$cgroup" -depth -type d -exec rmdir {} +
  cgroup=
}

# churn_containers COUNT: so many come and go.
churn_containers() { "$folder/churn" "$1" "$cgroup/docker" "$folder/storm-child" >/dev/null; }

# host_root FOLDER: this host as seen from FOLDER, but with sockets of its own.
host_root() {
  mkdir -p "$1/var/run"
  ln -s /proc "$1/proc"
  ln -s /etc "$1/etc"
  ln -s /sys "$1/sys"
  socket=$1/var/run/docker.sock
}

# start_runtime MODE: see runtime.py.
start_runtime() {
  python3 scripts/load/runtime.py "$socket" "$1" >"$folder/runtime" &
  runtime=$!
  local round
  for round in $(seq 100); do
    [ ! -S "$socket" ] || return 0
    sleep 0.1
  done
  echo "faults: no runtime after $round tries" >&2
  exit 1
}

stop_runtime() {
  kill -TERM "$runtime"
  wait "$runtime" || true
  rm -f "$socket"
}
