#!/bin/bash
# order: 56
# timeout: 900
# Kernel modules, privified, load, work and unload in domain 0 and say there what the stock ones say in the stock kernel; and a module of our own
# makes domain 0 give memory back to Xen and take it again.
#
# loaded   the modules of privify/loaded
# balloon  tests/xen/balloon.c: XENMEM_decrease_reservation, increase_reservation, populate_physmap; frames keep their own numbers
set -uo pipefail
QUICK=${QUICK:-0} CASE=${CASE-}
cases="loaded balloon"
. tests/linux/lib.inc
. tests/lib/guest-cc.sh
. tests/xen/lib.inc
guests kernel-16k initramfs
[ -n "${XEN-}" ] || xen_ready
. tests/privify/modules.inc

mkdir -p "$work/stock" "$work/privified"
echo "$load_script" >"$work/load"
prepare() { # DIR-OF-MODULES NAME...
    local from=$1 k
    shift
    for k; do
        cp "$from/$k.ko" "$work/stock/"
        "$BUILD/privify" --only all "$from/$k.ko" -o "$work/privified/$k.ko" >/dev/null || echo "privify $k: status $?"
    done
}
append="console=ttyS0 printk.time=0 run=mount+/dev/vda+/mnt;sh+/mnt/load"
run() { # NAME stock|privified
    cp "$work/load" "$work/$2/"
    test_disk "$work/$1.img" "$work/$2" 16M
    limit=120 boot "$1" -m 1G -drive "file=$work/$1.img,format=raw,if=virtio,snapshot=on" -nic user
    # Domain 0's kernel is where Xen had memory for it.
    sed -n '/user space reached/,$p' "$work/$1.log" | grep -v '^(XEN)' |
        sed -e 's/ after [0-9.]* s//' -e 's/\(tpa of kernel text \)[0-9a-f]*000000$/\1.../' >"$work/$1.said"
}
native_boot=$(declare -f boot)
if wanted loaded; then
    problems=$(prepare "$dir" $modules)
    run stock stock
    . tests/xen/dom0.inc
    run dom0 privified
    verdict loaded "$problems$(
        all_loaded "$work/dom0.said"
        xen_troubles dom0
        diff "$work/stock.said" "$work/dom0.said"
    )"
    eval "$native_boot"
fi

if wanted balloon; then
    . tests/xen/dom0.inc
    own_module balloon
    problems=$(prepare "$dir" balloon)
    echo "insmod /mnt/balloon.ko; rmmod balloon; echo T unloaded" >"$work/load"
    run balloon privified
    verdict balloon "$problems$(
        # What is asked for wrongly, Xen says. Pages of a direct-mapped domain stay its own (common/memory.c).
        xen_troubles balloon | grep -v -e 'page number .* invalid' -e 'Could not allocate order=0'
        diff - <(grep -a '^T ' "$work/balloon.said") <<'END'
T balloon decrease all, 64 pages kept for it
T balloon twice 0
T balloon populate all, 0 pages missing, 0 moved
T balloon memory 0 bad
T balloon again 1, 0 pages more
T balloon kept 0 bad
T balloon increase 0
T unloaded
END
    )"
fi
exit $failed
