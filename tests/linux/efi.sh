#!/bin/bash
# timeout: 600
# Linux started by EFI: our loader (guests/loader) as \EFI\BOOT\BOOTIA64.EFI of a directory, of a disk with a GPT and an EFI
# system partition, of a disk with an MBR, of a directory as a disk (which the kernel reads, too), and as --efi with load
# options; each to user space and a clean power-off.
set -uo pipefail
cases="directory gpt mbr fat-drive application variables"
. tests/linux/lib.inc
guests esp

command='echo+T+cpus+$(nproc);echo+T+cmdline+$(cat+/proc/cmdline);ls+/sys/firmware/efi'
esp=$work/esp
mkdir -p "$esp/EFI/BOOT"
cp "$guest_dir/esp/EFI/BOOT/BOOTIA64.EFI" "$esp/EFI/BOOT/"
cp "$guest_dir/esp/vmlinux" "$guest_dir/esp/initrd.gz" "$esp/"
printf 'image=\\vmlinux\ninitrd=\\initrd.gz\nappend="console=ttyS0 run=%s"\n' "$command" >"$esp/elilo.conf"

# Like boot, without --kernel.
efi_boot() {
    local name=$1
    shift
    timeout 300 "$sim" -no-reboot "$@" >"$work/$name.raw" 2>"$work/$name.err" </dev/null
    status=$?
    tr -d '\r' <"$work/$name.raw" >"$work/$name.log"
}
check() {
    wanted "$1" || return 0
    verdict "$1" "$(
        troubles "$1"
        [ "$(said "$1" cpus)" = "$2" ] || echo "nproc: expected $2, got '$(said "$1" cpus)'"
        grep -q '^exit status 0$' "$work/$1.log" || echo "the command's exit status is not 0"
    )"
}
# A FAT32 file system of 96 MiB with the ESP's files, at sector 2048 of image $1.
partition() {
    local at="$1@@1M"
    truncate -s 128M "$1"
    mformat -i "$at" -F -T $((96 * 2048)) -h 64 -s 32 ::
    mcopy -i "$at" -s "$esp"/* ::/
}

if wanted directory; then
    efi_boot directory --fat "$esp" -m 512M -smp 2
    check directory 2
fi
if wanted gpt; then
    if command -v sgdisk >/dev/null; then
        partition "$work/gpt.img"
        sgdisk -n 1:2048:+96M -t 1:ef00 "$work/gpt.img" >/dev/null
        efi_boot gpt -drive "file=$work/gpt.img,format=raw,if=virtio" -m 512M -smp 1
        check gpt 1
    else
        echo "SKIP gpt: no sgdisk (Debian package gdisk)"
    fi
fi
if wanted mbr; then
    partition "$work/mbr.img"
    # One partition of type 0xef, sectors 2048..; then the boot signature (UEFI 5.2.1).
    printf '\x00\x00\x02\x00\xef\xff\xff\xff\x00\x08\x00\x00\x00\x00\x03\x00' |
        dd of="$work/mbr.img" bs=1 seek=446 conv=notrunc status=none
    printf '\x55\xaa' | dd of="$work/mbr.img" bs=1 seek=510 conv=notrunc status=none
    efi_boot mbr -drive "file=$work/mbr.img,format=raw,if=virtio,readonly=on" -m 1G -smp 4
    check mbr 4
fi
if wanted fat-drive; then
    dir=$work/fat
    mkdir -p "$dir/Some Directory/below"
    cp -r "$esp"/* "$dir/"
    head -c 100000 "$kernel" >"$dir/Some Directory/below/A file with a long name.data"
    command="echo+T+cpus+\$(nproc);mount+-t+vfat+-o+ro+/dev/vda1+/mnt;echo+T+sums+\$(cd+/mnt;sha256sum+-c+sums|grep+-c+OK)"
    command+=";echo+T+readonly+\$(cat+/sys/block/vda/ro);exec+2>/dev/null;mount+-o+remount,rw+/mnt;echo+x>/mnt/new||echo+T+write+refused"
    command+=";echo+x>/dev/vda||echo+T+raw+refused;umount+/mnt"
    sed "s#run=[^\"]*#run=$command#" "$esp/elilo.conf" >"$dir/elilo.conf"
    (cd "$dir" && find . -type f ! -name sums -printf '%P\n' | sort | xargs -d '\n' sha256sum >sums)
    before=$(cat "$dir/sums")
    efi_boot fat-drive -drive "file=fat:$dir,format=raw,if=virtio" -m 512M -smp 1
    check fat-drive 1
    for want in "sums $(wc -l <"$dir/sums")" "readonly 1" "write refused" "raw refused"; do
        grep -q "^T $want$" "$work/fat-drive.log" ||
            { echo "FAIL fat-drive: expected '$want', got '$(said fat-drive "${want%% *}")'"; failed=1; }
    done
    [ "$(cat "$dir/sums")" = "$before" ] && [ ! -e "$dir/new" ] || { echo "FAIL fat-drive: the directory has changed"; failed=1; }
fi
if wanted application; then
    efi_boot application --efi "$esp/EFI/BOOT/BOOTIA64.EFI,quiet loader.test=1" --fat "$esp" -m 512M
    check application 1
    grep -q '^T cmdline .* quiet loader.test=1$' "$work/application.log" ||
        { echo "FAIL application: load options are not on the command line: $(said application cmdline)"; failed=1; }
fi
# A variable written by Linux is there at the next boot.
if wanted variables; then
    v=/sys/firmware/efi/efivars/Test-12345678-1234-1234-1234-123456789abc
    mnt='mount+-t+efivarfs+efivarfs+/sys/firmware/efi/efivars'
    append="console=ttyS0 run=$mnt;printf+'\\007\\000\\000\\000kept'>$v;echo+T+cpus+\$(nproc)"
    guests kernel-16k initramfs
    boot variables --nvram "$work/nvram"
    append="console=ttyS0 run=$mnt;echo+T+cpus+\$(nproc);echo+T+value+\$(tail+-c+4+$v)"
    boot variables --nvram "$work/nvram"
    check variables 1
    [ "$(said variables value)" = kept ] ||
        { echo "FAIL variables: expected 'kept', got '$(said variables value)'"; failed=1; }
fi
exit $failed
