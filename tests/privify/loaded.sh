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
src=$CACHE/src/linux-6.1
modules="sites percpu_test dummy test_xarray isofs minix"

# A kernel's build directory without the kernel, and modules outside of it. They are rebuilt when the kernel is.
build_modules() {
    local o=$dir/build m=$dir/modules make
    unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES BUILD CC CFLAGS CASE
    rm -rf "$o" "$m"
    mkdir -p "$o" "$m"
    cp "$(dirname "$kernel")/.config" "$o/"
    cp tests/privify/guest/{Kbuild,sites.c} "$m/"
    cp -r "$src"/fs/isofs "$src"/fs/minix "$src"/lib/percpu_test.c "$src"/lib/test_xarray.c "$src"/drivers/net/dummy.c "$m/"
    make=(env "PATH=$CACHE/toolchain/bin:$PATH" make -s -C "$src" "O=$o" ARCH=ia64 CROSS_COMPILE=ia64-linux-gnu- -j"$JOBS")
    "${make[@]}" olddefconfig modules_prepare
    # What they need of the kernel is looked up when they are loaded.
    "${make[@]}" "M=$m" CONFIG_ISO9660_FS=m CONFIG_MINIX_FS=m KBUILD_MODPOST_WARN=1 modules
    find "$m" -name '*.ko' -exec cp {} "$dir/" \;
    rm -rf "$o" "$m"
    for k in $modules; do [ -s "$dir/$k.ko" ]; done
}
dir=$(guest_set privify-modules "$(basename "$(dirname "$kernel")")" "$(cat tests/privify/guest/{Kbuild,sites.c})" 1)
guest_set_fill "$dir" "privify/loaded: build modules" build_modules

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
    cat >"$work/load" <<'S'
for m in sites dummy test_xarray isofs minix percpu_test; do
    insmod /mnt/$m.ko 2>&1 && echo "T loaded $m"
done
ip link set dummy0 up && echo T dummy is up
grep -qw iso9660 /proc/filesystems && echo T isofs is there
rmmod minix isofs test_xarray dummy sites && echo T unloaded
S
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
        for t in "sites there 2a" "loaded minix" "dummy is up" unloaded; do
            grep -aqx "T $t" "$work/privified.said" || echo "expected 'T $t': $(tail -n 1 "$work/privified.said")"
        done
        diff "$work/stock.said" "$work/privified.said"
    )"
fi
exit $failed
