#!/usr/bin/env bash
# stage.sh FOLDER: a place where actions may do as they please. It is a mount namespace whose /etc, /usr, /var, /root and
# /dev are thrown away at the end, and a network namespace without a way out. Says `ready`, then runs each action that it
# reads the name of, FOLDER/actions/NAME, and says `done NAME STATUS`. It ends with its input.
set -euo pipefail
folder=$1
cd "$folder"

# Programs of the machine that are started by other names: what they are called is what rules look at.
copies() {
  local name
  for name; do ln -f actor "fake/$name"; done
}

# Processes of the host must not be in a cgroup that looks like a container's, wherever the tests run.
leave_cgroup() {
  local path type
  while read -r _ path type _; do
    case $type in cgroup | cgroup2) echo $$ >"$path/cgroup.procs" || true ;; esac
  done </proc/self/mounts
}

# Whatever is written below these is not written.
cover() {
  local name
  mkdir layers
  mount -t tmpfs none layers
  for name in etc usr var; do
    mkdir -p "layers/$name" "layers/work-$name"
    mount -t overlay none -o "lowerdir=/$name,upperdir=$folder/layers/$name,workdir=$folder/layers/work-$name" "/$name"
  done
  mount -t tmpfs none /root
}

devices() {
  local device
  mount -t tmpfs none /dev
  mkdir /dev/pts /dev/shm
  mount -t devpts -o newinstance,ptmxmode=0666,mode=0620 none /dev/pts
  ln -s pts/ptmx /dev/ptmx
  ln -s /proc/self/fd /dev/fd
  for device in null:3 zero:5 full:7 random:8 urandom:9; do
    mknod -m 666 "/dev/${device%:*}" c 1 "${device#*:}"
  done
  mknod -m 666 /dev/tty c 5 0
}

# Packets to addresses outside come to nothing, and nobody is asked whether they may be sent.
network() {
  ip link set lo up
  ip addr add 198.51.100.1/32 dev lo
  ip route add 192.0.2.0/24 dev lo src 198.51.100.1
  ip route add 169.254.169.254/32 dev lo src 198.51.100.1
}

# What actions find.
furnish() {
  mkdir -p home/.aws /root/.ssh /var/lib/rpm /etc/pam.d /etc/sudoers.d /etc/cron.d /etc/apt/sources.list.d
  echo 'aws_access_key_id = none' >home/.aws/credentials
  echo 'no key' >/root/.ssh/id_rsa
  echo 'root ALL=(ALL:ALL) ALL' >/etc/sudoers
  echo 'auth required pam_unix.so' >/etc/pam.d/innerwarden
  touch /var/log/innerwarden.log home/auth.log home/.bash_history home/.zsh_history liblzma.so.5.6.1
}

# Root file system of containers: busybox, and the same copies. It is a layer below another, as images are.
image() {
  local name
  mkdir -p image/{bin,dev,proc,sys,tmp,data,root,var/log,usr/bin,etc,host/etc,lower}
  cp "$(command -v busybox)" image/bin/busybox
  for name in sh ash cat ls cp mv ln rm mkdir rmdir touch chmod head tail tar ps id env sleep sort wc seq grep find \
    base64 mount true dd date uname whoami hostname stat test; do
    ln -s busybox "image/bin/$name"
  done
  cp actor image/bin/actor
  for name in nc ncat nmap dig scp rsync wget curl apk apt-get kubectl npm node nginx; do
    ln image/bin/actor "image/bin/$name"
  done
  echo 'root:x:0:0:root:/root:/bin/sh' >image/etc/passwd
  echo 'root:x:0:' >image/etc/group
  echo 'root:*:1::::::' >image/etc/shadow
  echo inside >image/etc/hostname
  echo outside >image/host/etc/hostname
  echo data >image/data/file
  mkdir -p layers/root layers/work-root root
  mount -t overlay none -o "lowerdir=$folder/image,upperdir=$folder/layers/root,workdir=$folder/layers/work-root" root
}

{
  leave_cgroup
  # Some rules leave out what a login as root began.
  echo 4294967295 >/proc/self/loginuid || true
  cover
  devices
  network
  mkdir fake home
  copies nginx gunicorn mysqld sshd ssh nmap nc ncat socat tcpdump xmrig sudoedit sudo pkexec vipw useradd crontab wget
  furnish
  image
} >>log 2>&1
echo ready

while read -r name; do
  status=0
  env -i IW_ACTION="$name" PATH="$folder/fake:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" \
    HOME="$folder/home" ACTOR="$folder/actor" STAGE="$folder" setsid --wait bash "actions/$name" \
    >>log 2>&1 </dev/null || status=$?
  echo "done $name $status"
done
