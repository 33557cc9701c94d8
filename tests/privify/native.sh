#!/bin/bash
# T=privify/native: the privified kernel, run native (--privop-native), is the stock kernel: the same console to the byte,
# the same instructions, modelled cycles and interruptions, and without the option it does not run.
# order: 55
# timeout: 1800
#
# FULL=1: all page sizes, and tests/linux/boot.sh's checks of a running system. PRIVIFY=program: another one than the build's.
set -uo pipefail
cases="cpu-1 cpu-4 all-kinds work page-4k page-8k page-64k checks off"
. tests/linux/lib.inc
privify=${PRIVIFY-$BUILD/privify}
[ -x "$privify" ] || {
    for c in $cases; do wanted "$c" && echo "SKIP $c: there is no $privify"; done
    exit 0
}
guests kernel-16k initramfs
stock=$kernel

# The statistics of run $1, but for the host's seconds; on stderr they are no trouble.
counts() {
    sed -n '/^statistics, /,$p' "$work/$1.err" | grep -aE 'instructions  |modelled cycles|taken branches|RSE|TLB|[0-9a-f]{4} [A-Z]' \
        >"$work/$1.counts"
    sed -i '/^statistics, /,$d' "$work/$1.err"
}

# rewrite FROM TO [OPTION...]
rewrite() {
    local from=$1 to=$2
    shift 2
    "$privify" "$@" "$from" -o "$to" >"$work/privify.log" 2>&1 || {
        echo "FAIL privify: expected $to, got status $?: $(tail -n 1 "$work/privify.log")"
        exit 1
    }
}

# both CASE STOCK PRIVIFIED OPTION...: one boot each, compared
both() {
    local case=$1 a=$2 b=$3 one other
    shift 3
    one=stock-$case other=privified-$case
    kernel=$a
    boot "$one" --stats "$@"
    counts "$one"
    kernel=$b
    boot "$other" --stats --privop-native "$@"
    counts "$other"
    verdict "$case" "$(
        troubles "$other"
        cmp "$a" "$b" >/dev/null && echo "privify changed nothing in $a"
        cmp "$work/$one.raw" "$work/$other.raw" 2>&1 | sed 's/^/console: /'
        [ -s "$work/$one.counts" ] || echo "no statistics of $one"
        diff "$work/$one.counts" "$work/$other.counts"
    )"
    sed -n 's/^ *\(instructions\|modelled cycles\)  */    \1 /p' "$work/$other.counts"
    kernel=$stock
}

rewrite "$stock" "$work/vmlinux"
append="console=ttyS0 run=cat+/proc/interrupts;ls+-l+/"
for n in 1 4; do
    wanted "cpu-$n" && both cpu-$n "$stock" "$work/vmlinux" -smp $n -nic user
done
if wanted all-kinds; then
    rewrite "$stock" "$work/vmlinux-all" --only all
    both all-kinds "$stock" "$work/vmlinux-all" -smp 2 -nic user
fi
# Work on four processors: processes, pages, a disk.
if wanted work; then
    mkdir -p "$work/files"
    cp tests/linux/load.guest "$work/files/load"
    append="console=ttyS0 run=mount+/dev/vda+/mnt;cp+/mnt/load+/tmp;sh+/tmp/load"
    test_disk "$work/disk.img" "$work/files"
    both work "$stock" "$work/vmlinux" -smp 4 -drive "file=$work/disk.img,format=raw,if=virtio,snapshot=on" -nic user
    grep -q '^T load done' "$work/privified-work.log" || verdict work "the work was not done"
fi
append="console=ttyS0 run=cat+/proc/interrupts;ls+-l+/"
for size in 4 8 64; do
    wanted page-${size}k || continue
    [ -n "${FULL-}" ] || { echo "SKIP page-${size}k: only with FULL=1"; continue; }
    (cases=page-${size}k && guests kernel-${size}k) || { failed=1; continue; }
    [ -e "$guest_dir/kernel-${size}k/.done" ] || continue
    k=$(readlink -f "$guest_dir/kernel-${size}k")/vmlinux
    rewrite "$k" "$work/vmlinux-$size" --only all
    both page-${size}k "$k" "$work/vmlinux-$size" -smp 4 -nic user
done
# What tests/linux/boot.sh asks of a running system: /proc, clock, a disk written; not its network, whose pace is the host's.
if wanted checks; then
    if [ -n "${FULL-}" ]; then
        mkdir -p "$work/cfiles"
        head -c 3000001 "$stock" >"$work/cfiles/data"
        cp tests/linux/check.guest "$work/cfiles/check"
        test_disk "$work/check.img" "$work/cfiles"
        append="console=ttyS0 run=mount+-t+ext4+/dev/vda+/mnt;cp+/mnt/check+/tmp;sh+/tmp/check"
        both checks "$stock" "$work/vmlinux" -smp 4 -drive "file=$work/check.img,format=raw,if=virtio,snapshot=on" -nic user \
            -device virtio-rng-pci
    else
        echo "SKIP checks: only with FULL=1"
    fi
fi
# The breaks are breaks to everybody else.
if wanted off; then
    kernel=$work/vmlinux
    limit=3 boot off # it takes one break fault after another, before there is a vector for it
    verdict off "$(grep -aq 'Linux version' "$work/off.log" && echo "the privified kernel ran without --privop-native")"
fi
exit "$failed"
