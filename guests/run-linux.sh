#!/bin/bash
# run-linux.sh [OPTION of ia64-sim...]: Linux with a shell on this terminal; what is missing is built first (make run-linux).
# PAGE=4k|8k|16k|64k: the kernel's page size; APPEND: more for the kernel's command line.
set -euo pipefail
cd "$(dirname "$0")/.."
CACHE=${CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/xen-ia64} BUILD=${BUILD:-build} PAGE=${PAGE:-16k}
export CACHE
g=$CACHE/guests
# The cross compiler is asked for only when something has to be compiled: from the second call on, seconds count.
[ -x "$CACHE/toolchain/bin/ia64-linux-gnu-gcc" ] && [ -e "$CACHE/toolchain/.done-glibc" ] ||
    env -u MAKEFLAGS -u MAKELEVEL make --no-print-directory toolchain
guests/build.sh "kernel-$PAGE" initramfs disk
exec "$BUILD/ia64-sim" --kernel "$g/kernel-$PAGE/vmlinux" --initrd "$g/initramfs/initrd.gz" \
    -append "console=ttyS0${APPEND:+ $APPEND}" -drive "file=$g/disk/root.img,format=raw,snapshot=on" \
    -nic user -device virtio-rng-pci "$@"
