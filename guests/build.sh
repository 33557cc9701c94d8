#!/bin/bash
# Builds the guests into the cache: kernels, BusyBox, initramfs, disk image. Usage: guests/build.sh WHAT...
#   kernel[-4k|-8k|-16k|-64k]  Linux 6.1, stock, from linux-source-6.1 (kernel is kernel-16k)
#   busybox                    static, on our glibc, from Debian's source package
#   initramfs                  BusyBox with guests/rootfs, a cpio archive
#   disk                       the same as an ext4 image
#   loader                     the EFI loader for Linux (guests/loader), bootia64.efi
#   esp                        a directory with loader, elilo.conf, kernel and initrd: an EFI system partition's content
# Each product is a file or directory of $CACHE/guests with a key in its name; $CACHE/guests/NAME links to the newest.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../toolchain/step.sh"
. "$here/../toolchain/deb-source.sh"
export PATH=$CACHE/toolchain/bin:$PATH
out=$CACHE/guests
mkdir -p "$out"
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES BUILD CC CFLAGS
compiler=$(readlink -f "$CACHE/toolchain" || true)
[ -x "$CACHE/toolchain/bin/ia64-linux-gnu-gcc" ] || { echo "the cross compiler is missing: make toolchain" >&2; exit 1; }
compiler=${compiler##*/}

# A fixed date, so that two builds are the same bit for bit.
export SOURCE_DATE_EPOCH=1767225600 KBUILD_BUILD_TIMESTAMP='2026-01-01 00:00:00 UTC' KBUILD_BUILD_USER=xen-ia64 KBUILD_BUILD_HOST=ia64
export TZ=UTC LC_ALL=C

# Is there something to build in $1? One process builds at a time; who needs nothing waits for nobody.
locked=
missing() {
    [ ! -e "$1/.done" ] || return 1
    [ -n "$locked" ] || only_one guests
    locked=1
    [ ! -e "$1/.done" ]
}

linux_src=$CACHE/src/linux-6.1
linux_unpack() {
    rm -rf "$linux_src" && mkdir -p "$linux_src"
    tar xf /usr/src/linux-source-6.1.tar.xz -C "$linux_src" --strip-components=1
    versions linux-source-6.1 >"$linux_src/.version-unpacked"
}
kernel() {
    local size=$1 k dir build
    k=$(key "$compiler" "$(versions linux-source-6.1)" "$(cat "$here/linux/ia64-sim.config")" "$size" 2)
    dir=$out/kernel-$size-$k
    if missing "$dir"; then
        [ "$(cat "$linux_src/.version-unpacked" 2>/dev/null)" = "$(versions linux-source-6.1)" ] ||
            step linux-unpack "Linux 6.1: unpacking" linux_unpack
        build=$CACHE/build-linux-$size
        step "linux-$size-config" "Linux 6.1, $size pages: configuration" kernel_config "$size" "$build"
        step "linux-$size" "Linux 6.1, $size pages: building" kernel_make "$build" "$dir"
    fi
    ln -sfn "$dir" "$out/kernel-$size"
}
kernel_config() {
    local m=(make -s -C "$linux_src" O="$2" ARCH=ia64 CROSS_COMPILE=ia64-linux-gnu-)
    mkdir -p "$2"
    "${m[@]}" allnoconfig
    (cd "$linux_src" && scripts/kconfig/merge_config.sh -m -O "$2" "$2/.config" "$here/linux/ia64-sim.config")
    echo "CONFIG_IA64_PAGE_SIZE_${1%k}KB=y" >>"$2/.config"
    "${m[@]}" olddefconfig
    # Every line of the fragment must have been taken.
    while read -r line; do
        case $line in
        CONFIG_*=n) ! grep -q "^${line%=n}=" "$2/.config" || { echo "not taken: $line"; exit 1; } ;;
        CONFIG_*) grep -qx "$line" "$2/.config" || { echo "not taken: $line"; exit 1; } ;;
        esac
    done <"$here/linux/ia64-sim.config"
    grep -qx "CONFIG_IA64_PAGE_SIZE_${1%k}KB=y" "$2/.config"
}
kernel_make() {
    make -s -C "$linux_src" O="$1" ARCH=ia64 CROSS_COMPILE=ia64-linux-gnu- -j"$JOBS" vmlinux
    rm -rf "$2" && mkdir -p "$2"
    cp "$1/vmlinux" "$1/System.map" "$1/.config" "$2/"
    ia64-linux-gnu-objcopy -S "$2/vmlinux" "$2/vmlinux.stripped"
    gzip -9nc "$2/vmlinux.stripped" >"$2/vmlinuz"
    touch "$2/.done"
}

busybox() {
    local k dir
    k=$(key "$compiler" "$(cat "$here/busybox.config")" 1)
    dir=$out/busybox-$k
    ! missing "$dir" || {
        [ -d "$CACHE/src/busybox/src" ] || step busybox-source "BusyBox: Debian's source" deb_source busybox "$CACHE/src/busybox"
        step busybox "BusyBox: building" busybox_make "$dir"
    }
    ln -sfn "$dir" "$out/busybox"
}
busybox_make() {
    local b=$CACHE/build-busybox
    rm -rf "$b" && cp -a "$CACHE/src/busybox/src" "$b" && cd "$b"
    make -s defconfig
    while read -r line; do
        case $line in
        CONFIG_*) sed -i "s|^# ${line%%=*} is not set\$|$line|; s|^${line%%=*}=.*|$line|" .config ;;
        esac
    done <"$here/busybox.config"
    sed -i 's/^\(CONFIG_[A-Z0-9_]*\)=n$/# \1 is not set/' .config
    (set +o pipefail; yes '' | make -s oldconfig >/dev/null)
    make -s -j"$JOBS" CROSS_COMPILE=ia64-linux-gnu- busybox
    rm -rf "$1" && mkdir -p "$1"
    cp busybox .config "$1/"
    make -s CROSS_COMPILE=ia64-linux-gnu- CONFIG_PREFIX="$1/root" install
    touch "$1/.done"
}

# The root file system: BusyBox's tree, ours over it, and device nodes (devtmpfs makes the rest).
rootfs_tree() {
    local t=$1
    rm -rf "$t" && mkdir -p "$t"
    cp -a "$out/busybox/root/." "$t/"
    cp -a "$here/rootfs/." "$t/"
    mkdir -p "$t"/{proc,sys,dev,tmp,run,root,mnt,var/log,etc}
    chmod 755 "$t/init" "$t/etc/udhcpc.script"
    find "$t" -exec touch -hd @$SOURCE_DATE_EPOCH {} +
}
initramfs() {
    busybox
    local k dir
    k=$(key "$(readlink "$out/busybox")" "$(cd "$here/rootfs" && find . -type f | sort | xargs sha256sum)" 2)
    dir=$out/initramfs-$k
    ! missing "$dir" || step initramfs "initramfs" initramfs_make "$dir"
    ln -sfn "$dir" "$out/initramfs"
}
initramfs_make() {
    rm -rf "$1" && mkdir -p "$1"
    rootfs_tree "$1/root"
    (cd "$1/root" && find . | sort | cpio --quiet -o -H newc --reproducible -R 0:0) >"$1/initrd.cpio"
    gzip -9nc "$1/initrd.cpio" >"$1/initrd.gz"
    touch "$1/.done"
}
disk() {
    initramfs
    local k dir
    k=$(key "$(readlink "$out/initramfs")" 1)
    dir=$out/disk-$k
    ! missing "$dir" || step disk "disk image" disk_make "$dir"
    ln -sfn "$dir" "$out/disk"
}
disk_make() {
    rm -rf "$1" && mkdir -p "$1"
    truncate -s 256M "$1/root.img"
    E2FSPROGS_FAKE_TIME=$SOURCE_DATE_EPOCH mke2fs -q -t ext4 -b 4096 -U 69613634-7369-6d00-0000-000000000001 \
        -E hash_seed=69613634-7369-6d00-0000-000000000002,root_owner=0:0 -d "$out/initramfs/root" "$1/root.img"
    touch "$1/.done"
}

loader() {
    local k dir
    k=$(key "$compiler" "$(cat "$here"/loader/*.[chS] "$here"/loader/*.ld)" 1)
    dir=$out/loader-$k
    ! missing "$dir" || step loader "EFI loader" loader_make "$dir"
    ln -sfn "$dir" "$out/loader"
}
loader_make() {
    rm -rf "$1" && mkdir -p "$1"
    ia64-linux-gnu-gcc -std=gnu11 -O2 -Wall -Wextra -Werror -mauto-pic -ffreestanding -fno-builtin -nostdlib -static \
        -T "$here/loader/loader.ld" -Wl,--no-warn-rwx-segments -o "$1/loader.elf" "$here"/loader/{start.S,loader.c} -lgcc
    # Nothing but the two words of the entry's descriptor may be absolute: those are in .reloc.
    ia64-linux-gnu-readelf -r "$1/loader.elf" | grep -q 'no relocations'
    ia64-linux-gnu-objcopy -O pei-ia64 --subsystem efi-app "$1/loader.elf" "$1/bootia64.efi"
    touch "$1/.done"
}
esp() {
    kernel 16k
    initramfs
    loader
    local d=$out/esp
    rm -rf "$d" && mkdir -p "$d/EFI/BOOT"
    cp "$out/loader/bootia64.efi" "$d/EFI/BOOT/BOOTIA64.EFI"
    cp "$out/kernel-16k/vmlinux.stripped" "$d/vmlinux"
    cp "$out/initramfs/initrd.gz" "$d/initrd.gz"
    printf 'image=\\vmlinux\ninitrd=\\initrd.gz\nappend="console=ttyS0"\n' >"$d/elilo.conf"
    touch "$d/.done"
}

for what; do
    case $what in
    kernel) kernel 16k ;;
    kernel-4k | kernel-8k | kernel-16k | kernel-64k) kernel "${what#kernel-}" ;;
    busybox | initramfs | disk | loader | esp) $what ;;
    *) echo "guests/build.sh: unknown product: $what" >&2; exit 1 ;;
    esac
done
