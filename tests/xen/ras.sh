#!/bin/bash
# order: 57
# timeout: 1800
# Processors that come and go, INIT, machine checks: of the machine under Xen, and of domain 0.
#
# pcpu          each processor offline and online again, then all of them, while domain 0 works on its vcpus and its disk: by tests/xen/pcpu.c, a
#               module; what is refused; no vcpu stops, no interrupt is lost
# pcpu-pinned   the same with dom0_vcpus_pin
# vcpu          domain 0's own vcpus off and on, as on a native machine (linux/hotplug), and while the machine's processors are
set -uo pipefail
QUICK=${QUICK:-0} CASE=${CASE-}
cases="pcpu pcpu-pinned vcpu"
. tests/linux/lib.inc
. tests/lib/guest-cc.sh
. tests/xen/lib.inc
guests kernel-16k initramfs
[ -n "${XEN-}" ] || xen_ready
. tests/privify/modules.inc
. tests/xen/dom0.inc

mkdir -p "$work/files"
dir=$(guest_set xen-pcpu "$(basename "$(dirname "$kernel")")" "$(cat tests/xen/pcpu.c)")
mkdir -p "$work/src" && cp tests/xen/pcpu.c "$work/src/" && echo 'obj-m := pcpu.o' >"$work/src/Kbuild"
guest_set_fill "$dir" "xen/ras: build pcpu.ko" kernel_modules pcpu "$work/src/"{Kbuild,pcpu.c}
"$BUILD/privify" --only all "$dir/pcpu.ko" -o "$work/files/pcpu.ko" >/dev/null || echo "privify pcpu: status $?"
head -c 3000001 "$kernel" >"$work/files/data"

# What the cases' scripts have in common.
cat >"$work/files/common" <<'E2'
pcpu() { # WHAT CPU EXPECTED-ERROR
    local e
    if e=$(echo $2 2>&1 >/sys/module/pcpu/parameters/$1); then e=; else e=${e##*: }; fi
    [ "$e" = "$3" ] || echo "T BAD: processor $2 $1: '$e', not '$3'"
}
count() { echo "T $1: $(cat /sys/module/pcpu/parameters/on) processors"; }
# Each CPU works: a process of its own there.
each() { for m; do taskset $m sh -c 'i=0; while [ $i -lt 200 ]; do i=$((i+1)); done' || echo "T BAD: taskset $m"; done; }
disk() { echo 3 >/proc/sys/vm/drop_caches; md5sum /mnt/data >/tmp/sum; cmp -s /tmp/sum /tmp/sum0 || echo "T BAD: data"; }
insmod /mnt/pcpu.ko
md5sum /mnt/data >/tmp/sum0
E2

run() { # NAME OPTIONS-OF-XEN SCRIPT-ON-STDIN
    { cat "$work/files/common"; cat; } >"$work/files/run"
    test_disk "$work/$1.img" "$work/files" 16M
    xen_options=$2 append="console=ttyS0 run=mount+/dev/vda+/mnt;sh+/mnt/run" limit=300 \
        boot "$1" -smp 4 -m 1G -drive "file=$work/$1.img,format=raw,if=virtio,snapshot=on" -nic user
    sed -n 's/^T //p' "$work/$1.log" >"$work/$1.said"
    [ -z "${KEEP-}" ] || cp "$work/$1".{log,err} "$KEEP"
}
# ended NAME: of xen_troubles() less what is meant to be refused.
ended() {
    xen_troubles "$1"
    grep -a 'BUG\|Oops\|stall\|nobody cared\|panic' "$work/$1.log"
    [ "$status" = 0 ] || echo "exit status $status; the console ends in: $(tail -n 1 "$work/$1.log")"
}

for case in pcpu pcpu-pinned; do
    wanted $case || continue
    run $case "$([ $case = pcpu ] || echo dom0_vcpus_pin)" <<'E2'
pcpu off 0 "Invalid argument"
pcpu off 4 "Invalid argument"
pcpu on 9 "Invalid argument"
pcpu on 0 "File exists"
for i in 1 2; do sh -c 'while :; do :; done' & done
for c in 1 2 3; do
    pcpu off $c
    pcpu off $c "File exists"
    each $((1 << c)) 1
    disk
    pcpu on $c
    pcpu on $c "File exists"
    each $((1 << c))
done
count "each"
for c in 1 2 3; do pcpu off $c; done
count "one left"
each 1 2 4 8
disk
for c in 3 2 1; do pcpu on $c; done
each 2 8
kill %1 %2 2>/dev/null
disk
count end
E2
    verdict $case "$(ended $case; diff - "$work/$case.said" <<'E2'
each: 4 processors
one left: 1 processors
end: 4 processors
E2
    )"
done

if wanted vcpu; then
    run vcpu "" <<'E2'
online() { echo $2 >/sys/devices/system/cpu/cpu$1/online || echo "T BAD: cpu $1 $2"; }
have() { [ "$(cat /sys/devices/system/cpu/online)" = $1 ] || echo "T BAD: online: $(cat /sys/devices/system/cpu/online), not $1"; }
for r in 1 2 3; do
    for c in 1 2 3; do online $c 0; done
    have 0
    disk
    for c in 3 1 2; do online $c 1; each $((1 << c)); done
    have 0-3
    disk
done
for c in 1 2 3; do
    online $c 0
    pcpu off $c
    online $c 1
    each $((1 << c))
    pcpu on $c
    online $c 0
    online $c 1
done
have 0-3
each 1 2 4 8
echo T end
E2
    verdict vcpu "$(ended vcpu; diff - "$work/vcpu.said" <<<end)"
fi
exit $failed
