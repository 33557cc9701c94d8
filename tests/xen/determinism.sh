#!/bin/bash
# timeout: 900
# Two runs of Xen and a domain 0 on 2 CPUs, with a disk: the same console to the byte, the same instructions, modelled cycles and interruptions.
set -uo pipefail
cases=cpu-2
. tests/linux/lib.inc
. tests/xen/lib.inc
guests kernel-16k initramfs
[ -n "${XEN-}" ] || xen_ready
UNDER=xen CASE=cpu-2 tests/linux/determinism.sh
