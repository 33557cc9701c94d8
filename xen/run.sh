#!/bin/bash
# run.sh [OPTION of ia64-sim...]: the machine, its firmware, Xen, Linux as domain 0, a shell on this terminal (make run). What is missing is built first.
# PAGE=4k|8k|16k|64k: the kernel's page size; DOM0_MEM=512M; XEN_APPEND, APPEND: more for Xen's and the kernel's command lines.
# CTRL-a three times switches input between domain 0 and Xen's console keys (h lists them); from a terminal, where CTRL-a is the simulator's own
# escape, type each twice.
set -euo pipefail
cd "$(dirname "$0")/.."
CACHE=${CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/xen-ia64} BUILD=${BUILD:-build} PAGE=${PAGE:-16k}
export CACHE BUILD
g=$CACHE/guests
[ -x "$CACHE/toolchain/bin/ia64-linux-gnu-gcc" ] && [ -e "$CACHE/toolchain/.done-glibc" ] ||
    env -u MAKEFLAGS -u MAKELEVEL make --no-print-directory toolchain
guests/build.sh "kernel-$PAGE" initramfs disk
xen/build.sh
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
xen/esp.sh "$dir" "$g/kernel-$PAGE/vmlinux" "$g/initramfs/initrd.gz" "${XEN_APPEND-}" "console=ttyS0${APPEND:+ $APPEND}"
"$BUILD/ia64-sim" --fat "$dir" -drive "file=$g/disk/root.img,format=raw,snapshot=on" -nic user -device virtio-rng-pci "$@"
