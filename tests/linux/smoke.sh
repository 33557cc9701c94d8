#!/bin/bash
# quick: yes
# timeout: 300
# Linux to user space on 2 CPUs and back: what `make check` has time for. The rest is in boot.sh.
set -uo pipefail
cases=boot
. tests/linux/lib.inc
guests kernel-16k initramfs
append="console=ttyS0 run=echo+T+cpus+\$(nproc);ls+/bin/busybox"
boot boot -smp 2 -nic user
verdict boot "$(
    troubles boot
    [ "$(said boot cpus)" = 2 ] || echo "nproc: expected 2, got '$(said boot cpus)'"
    grep -q '^exit status 0$' "$work/boot.log" || echo "the command's exit status is not 0"
)"
exit $failed
