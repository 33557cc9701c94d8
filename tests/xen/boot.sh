#!/bin/bash
# order: 62
# timeout: 3600
# Xen and stock Linux, privified, as domain 0, on machines of many shapes: all that linux/boot checks, power-off by domain 0 with status 0, all
# processors in Xen, and not a word of trouble from a debug build of Xen. The rest of the shapes with FULL=1.
set -uo pipefail
cases="cpu-1 cpu-2 cpu-4 vcpu-1-of-4 memory-512M memory-64G split dom0-mem-max dom0-mem-min page-4k page-8k page-64k messages"
. tests/linux/lib.inc
. tests/linux/checks.inc
. tests/xen/lib.inc
guests kernel-16k initramfs
xen_ready

mkdir -p "$work/files"
head -c 3000001 "$kernel" >"$work/files/data"
cp $here/check.guest "$work/files/check"
data_sum=$(sha256sum <"$work/files/data" | cut -c1-64)
http_server "$work/files"

# run CASE CPUS VCPUS DOM0-MIB PAGE-KIB OPTIONS...; $dom0_mem: how dom0_mem says those MiB, if not plainly
run() {
    local case=$1 cpus=$2 vcpus=$3 mib=$4 page=$5 img=$work/disk.img problems
    shift 5
    wanted "$case" || return 0
    test_disk "$img" "$work/files"
    local start=$SECONDS nodes
    nodes="0 $([ "$vcpus" = 1 ] && echo 0 || echo 0-$((vcpus - 1))) 10"
    DOM0_MEM=${dom0_mem:-${mib}M} xen_options="dom0_max_vcpus=$vcpus" \
        xen_boot "$case" "console=ttyS0 run=mount+-t+ext4+/dev/vda+/mnt;cp+/mnt/check+/tmp;sh+/tmp/check+$http_port" \
        -smp "$cpus" "$@" -drive "file=$img,format=raw,if=virtio" -nic user -device virtio-rng-pci
    problems=$(
        xen_troubles "$case"
        expect "processors in Xen" "$cpus" "$(sed -n 's/^(XEN) Brought up \([0-9]*\) CPUs$/\1/p' "$work/$case.log")"
        clean_run "$case" "$vcpus" "$mib" "$page" "$img"
    )
    verdict "$case" "$problems"
    echo "    $case: $((SECONDS - start)) s, $(sed -n 's/^user space reached/user space/p' "$work/$case.log")"
    [ -z "$problems" ] || { mkdir -p "$BUILD/test-logs/xen" && cp "$work/$case".{log,err} "$BUILD/test-logs/xen/"; }
}

run cpu-1 1 1 512 16 -m 1G
run cpu-2 2 2 512 16 -m 1G
run cpu-4 4 4 512 16 -m 2G
run vcpu-1-of-4 4 1 256 16 -m 1G
run memory-512M 1 1 256 16 -m 512M
run memory-64G 2 2 1024 16 -m 64G
run split 2 2 512 16 --memory-map 0+256M,0x60000000+256M,0x100000000+512M,0x11000000000+256M
dom0_mem=max:384M,768M run dom0-mem-max 1 1 384 16 -m 1G
dom0_mem=min:320M,max:900M,256M run dom0-mem-min 1 1 320 16 -m 1G
for size in 4 8 64; do
    wanted page-${size}k || continue
    if [ -z "${FULL-}" ] && [ -z "$CASE" ] && [ ! -e "$guest_dir/kernel-${size}k/.done" ]; then
        echo "SKIP page-${size}k: its kernel is not built yet (FULL=1 builds it)"
        continue
    fi
    (cases=page-${size}k && guests kernel-${size}k) || { failed=1; continue; }
    [ -e "$guest_dir/kernel-${size}k/.done" ] || continue
    kernel=$(readlink -f "$guest_dir/kernel-${size}k")/vmlinux
    run page-${size}k 2 2 512 $size -m 1G
done

# Message-signalled interrupts go where the domain says, while more vcpus than processors move about, and after drivers came and went.
if wanted messages; then
    test_disk "$work/other.img" "$work/files" 8M
    other_sum=$(sha256sum <"$work/other.img" | cut -c1-64)
    cp tests/xen/messages.guest "$work/files/messages" && test_disk "$work/disk.img" "$work/files"
    kernel=$(readlink -f "$guest_dir/kernel-16k")/vmlinux
    DOM0_MEM=512M xen_options="dom0_max_vcpus=6" xen_boot messages "console=ttyS0 run=mount+-t+ext4+/dev/vda+/mnt;cp+/mnt/messages+/tmp;sh+/tmp/messages" -smp 4 -m 1G \
        -drive "file=$work/disk.img,format=raw,if=virtio" -drive "file=$work/other.img,format=raw,if=virtio" -nic user -device virtio-rng-pci
    verdict messages "$(
        troubles messages
        xen_troubles messages
        expect "the disk's interrupts by processor" "0 1 2 3 4 5" "$(said messages affinity | xargs)"
        expect "all of them where they should be" "0 0 0 0 0 0" "$(said messages astray | xargs)"
        expect "unbound: what is left" "" "$(said messages unbound)"
        expect "bound again" "$(said messages before)" "$(said messages after)"
        expect "read from the disk" "$other_sum $other_sum" "$(said messages read | xargs)"
        expect "address by DHCP" "10.0.2.15/24 10.0.2.15/24" "$(said messages address | xargs)"
    )"
fi
exit $failed
