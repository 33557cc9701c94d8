#!/bin/bash
# esp.sh DIR VMLINUX INITRD XEN-OPTIONS KERNEL-OPTIONS: an EFI system partition's files in DIR: Xen as \EFI\BOOT\BOOTIA64.EFI, the kernel (privified
# unless PRIVIFY=no), the ramdisk, and BOOTIA64.cfg, since upstream looks for the configuration by the name Xen was started under. XEN: the directory of xen.efi.
set -euo pipefail
cd "$(dirname "$0")/.."
CACHE=${CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/xen-ia64} BUILD=${BUILD:-build}
dir=$1
boot=$dir/EFI/BOOT
mkdir -p "$boot"
cp "${XEN:-$CACHE/guests/xen}/xen.efi" "$boot/BOOTIA64.EFI"
if [ "${PRIVIFY-}" = no ]; then
    cp "$2" "$boot/vmlinux"
else
    "$BUILD/privify" "$2" -o "$boot/vmlinux"
fi
cp "$3" "$boot/initrd.gz"
cat >"$boot/BOOTIA64.cfg" <<END
[global]
default=linux

[linux]
options=dom0_mem=${DOM0_MEM:-512M} loglvl=all guest_loglvl=all${4:+ $4}
kernel=vmlinux $5
ramdisk=initrd.gz
END
