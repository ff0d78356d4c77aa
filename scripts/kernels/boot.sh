#!/usr/bin/env bash
# boot.sh ARCH VMLINUZ INITRAMFS [KERNEL PARAMETER...]: boots in QEMU, console on stdout, until the guest powers
# off, panics or TIMEOUT seconds (900 unless set) have passed; exit status 124 says that they have.
set -euo pipefail
arch=${1:?} kernel=${2:?} initramfs=${3:?}
shift 3

case $arch in
  amd64) machine=(qemu-system-x86_64 -machine q35) cpu=max console=ttyS0 ;;
  arm64) machine=(qemu-system-aarch64 -machine virt) cpu=max,pauth-impdef=on console=ttyAMA0 ;;
  *)
    echo "kernels: no machine for $arch" >&2
    exit 2
    ;;
esac

# TCG everywhere: it needs no /dev/kvm, and a machine that has one must not test something else.
# Two processors, so that what one CPU's ring buffer saw has to be merged with another's; one thread for both, because
# kernels patch their own code (static keys, fentry) and TCG's threads see that too late: "Oops: int3".
exec timeout --foreground -k 5 "${TIMEOUT:-900}" nice -n 5 "${machine[@]}" -accel tcg,thread=single -cpu "$cpu" -smp 2 \
  -m "${MEMORY:-1024}" -nodefaults -nographic -no-reboot -serial stdio -net none \
  -kernel "$kernel" -initrd "$initramfs" \
  -append "console=$console panic=-1 oops=panic quiet mitigations=off $*" </dev/null
