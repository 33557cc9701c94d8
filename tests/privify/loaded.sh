#!/bin/bash
# T=privify/loaded: real modules, stock in the stock kernel and rewritten in the rewritten one: the same console.
# order: 55
# timeout: 900
#
# built   sites.c and some of Linux's own modules are built for the guest kernel; rewritten, undone, checked with objdump
# loaded  loaded in ia64-sim --privop-native they do and say what the stock ones do
set -uo pipefail
cases="built loaded"
. tests/linux/lib.inc
. tests/lib/guest-cc.sh
p=$BUILD/privify
guests kernel-16k initramfs
. tests/privify/modules.inc

mkdir -p "$work/stock" "$work/privified"
args=() problems=
for k in $modules; do
    cp "$dir/$k.ko" "$work/stock/"
    "$p" --only all --list --json "$dir/$k.ko" -o "$work/privified/$k.ko" >"$work/$k.json" || problems+="$k: status $?"$'\n'
    "$p" --verify "$work/privified/$k.ko" >/dev/null || problems+="$k: not complete"$'\n'
    "$p" --undo "$work/privified/$k.ko" -o "$work/$k.undone" && cmp "$dir/$k.ko" "$work/$k.undone" || problems+="$k: undone, another file"$'\n'
    args+=("$dir/$k.ko" "$work/privified/$k.ko" "$work/$k.json")
    # Not so many that nothing would be shown.
    [ $k != sites ] || [ "$(jq '.sites | length' "$work/$k.json")" -ge 30 ] || problems+="$k: $(jq '.sites | length' "$work/$k.json") sites"$'\n'
done
if wanted built; then
    found=$(tests/lib/privify_check.py --all "${args[@]}") || problems+=$found
    echo "$found"
    verdict built "$problems"
fi

if wanted loaded; then
    echo "$load_script" >"$work/load"
    "$p" "$kernel" -o "$work/vmlinux" || exit 1
    append="console=ttyS0 printk.time=0 run=mount+/dev/vda+/mnt;sh+/mnt/load"
    for which in stock privified; do
        cp "$work/load" "$work/$which/"
        test_disk "$work/$which.img" "$work/$which" 16M
        opt=()
        [ $which = stock ] || { opt=(--privop-native) kernel=$work/vmlinux; }
        boot $which "${opt[@]}" -drive "file=$work/$which.img,format=raw,if=virtio,snapshot=on" -nic user
        sed -n '/user space reached/,$p' "$work/$which.log" | sed 's/ after [0-9.]* s//' >"$work/$which.said"
    done
    verdict loaded "$(
        all_loaded "$work/privified.said"
        diff "$work/stock.said" "$work/privified.said"
    )"
fi
exit $failed
