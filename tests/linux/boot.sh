#!/bin/bash
# order: 60
# timeout: 3600
# Stock Linux to user space and back, on machines of many shapes. Each run: nothing on the console or from the simulator
# that speaks of trouble (allowed.txt has what only sounds so), all CPUs, clock and memory as they are, a disk written
# and found right on the host, DHCP and an HTTP fetch, power-off with status 0.
set -uo pipefail
cases="cpu-1 cpu-2 cpu-4 cpu-16 memory-128M memory-2G memory-64G split far numa-2 numa-split page-4k page-8k page-64k"
. tests/linux/lib.inc
. tests/linux/checks.inc
guests kernel-16k initramfs

mkdir -p "$work/files"
# 3 MB that no decimal expansion of ours repeats: the kernel itself.
head -c 3000001 "$kernel" >"$work/files/data"
cp $here/check.guest "$work/files/check"
data_sum=$(sha256sum <"$work/files/data" | cut -c1-64)
http_server "$work/files"

# What the firmware's SSDT says of nodes, by iasl's disassembly: host bridge, then processors; and what the kernel makes of it.
node_problems() { # CASE CPUS
    local dir=$work/acpi i got want=0x00
    rm -rf "$dir" && mkdir "$dir"
    said "$1" ssdt | base64 -d >"$dir/ssdt.aml"
    (cd "$dir" && iasl -d ssdt.aml >iasl.log 2>&1) || echo "iasl -d: $(tail -n 1 "$dir/iasl.log")"
    for ((i = 0; i < $2; i++)); do want+=$(printf ' ACPI0007 0x%02X 0x%02X' "$i" $((i % 2))); done
    got=$(sed -n 's/.*Name (_\(HID\|UID\|PXM\), "\?\([A-Za-z0-9]*\).*/\2/p' "$dir/ssdt.dsl" | xargs)
    [ "$got" = "$want" ] || echo "SSDT: expected $want, got $got"
    [ "$(said "$1" pci-nodes)" = 0 ] || echo "nodes of PCI devices: expected 0, got $(said "$1" pci-nodes)"
}

# run CASE CPUS MEMORY-MIB PAGE-KIB OPTIONS...; $nodes: the lines expected of `T node`
run() {
    local case=$1 cpus=$2 mib=$3 page=$4 img=$work/disk.img problems
    shift 4
    wanted "$case" || return 0
    test_disk "$img" "$work/files"
    append="console=ttyS0 run=mount+-t+ext4+/dev/vda+/mnt;cp+/mnt/check+/tmp;sh+/tmp/check+$http_port"
    local start=$SECONDS
    boot "$case" -smp "$cpus" "$@" -drive "file=$img,format=raw,if=virtio" -nic user -device virtio-rng-pci
    problems=$(clean_run "$case" "$cpus" "$mib" "$page" "$img"
        [[ $case != numa* ]] || node_problems "$case" "$cpus")
    verdict "$case" "$problems"
    echo "    $case: $((SECONDS - start)) s, $(sed -n 's/^user space reached/user space/p' "$work/$case.log")"
    [ -z "$problems" ] || { mkdir -p "$BUILD/test-logs/linux" && cp "$work/$case".{log,err} "$BUILD/test-logs/linux/"; }
}

for n in 1 2 4 16; do
    nodes="0 $([ $n = 1 ] && echo 0 || echo 0-$((n - 1))) 10"
    run cpu-$n $n 512 16
done
nodes="0 0-1 10"
run memory-128M 2 128 16 -m 128M
run memory-2G 2 2048 16 -m 2G
run memory-64G 2 65536 16 -m 64G
# As boards have it: memory below 1 GiB, a hole, more below 3 GiB, more from 4 GiB, more far beyond.
run split 2 1024 16 --memory-map 0+256M,0x60000000+256M,0x100000000+256M,0x1000000000+256M
# Little low memory, the rest beyond every 32-bit address and far apart; one range is no multiple of 16 MiB.
run far 2 656 16 --memory-map 0+128M,0x4000000000+500M,0x8000000000+28M
nodes=$'0 0,2 10 20\n1 1,3 20 10'
run numa-2 4 1024 16 -numa 2 -m 1G
run numa-split 4 1024 16 -numa 2 --memory-map 0+256M@0,0x100000000+256M@1,0x200000000+256M@0,0x1000000000+256M@1
nodes="0 0-1 10"
for size in 4 8 64; do
    wanted page-${size}k || continue
    (cases=page-${size}k && guests kernel-${size}k) || { failed=1; continue; }
    [ -e "$guest_dir/kernel-${size}k/.done" ] || continue
    kernel=$(readlink -f "$guest_dir/kernel-${size}k")/vmlinux
    run page-${size}k 2 512 $size
done
exit $failed
