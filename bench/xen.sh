#!/bin/bash
# SPDX-License-Identifier: MIT
# bench/xen.sh [WORKLOAD...]: the same programs on the same Linux 6.1 (16 KiB pages, 512 MiB, 1 CPU), native and, privified, as domain 0 of Xen:
# modelled cycles (ar.itc around the workload), instructions and interruptions (a boot with the workload less a boot with none). All of it is
# exact and the same on any host. A line each in bench/results/*-xen.csv; bench/xen-plot.sh makes the table and the picture of docs/performance.md.
#   XEN=DIR   the xen.efi there instead of the cache's
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
export BUILD=${BUILD:-build} CACHE=${CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/xen-ia64}
# shellcheck source=tests/lib/guest-cc.sh
. tests/lib/guest-cc.sh
sim=${SIM:-$BUILD/ia64-sim} g=$CACHE/guests
export XEN=${XEN:-$g/xen}
for p in kernel-16k/.done initramfs/.done; do
    [ -e "$g/$p" ] || { echo "SKIP bench/xen: no ${p%/.done} in $g (make guests)"; exit 0; }
done
[ -e "$XEN/xen.efi" ] || { echo "SKIP bench/xen: no xen.efi in $XEN (xen/build.sh)"; exit 0; }
kernel=$(readlink -f "$g/kernel-16k")/vmlinux initrd=$(readlink -f "$g/initramfs")/initrd.gz
cpu="integer crc32 qsort matmul"
micro="null gettime signal switch pipe bulk fault mprotect fork exec file direct"
# shellcheck disable=SC2086
[ $# -gt 0 ] || set -- $cpu build $micro

out=$BUILD/bench/xen
mkdir -p "$out/files" "$out/esp" bench/results
for p in $cpu; do
    exe=$(guest_cc "bench-$p" "-O2 -static -Ibench/guest" "bench/programs/$p.c" bench/guest/bare.h) && cp "$exe" "$out/files/$p" || exit 1
done
exe=$(guest_cc bench-micro "-O2 -Wall -Wextra -static" bench/guest/micro.c) && cp "$exe" "$out/files/micro" || exit 1
cp bench/guest/build-like "$out/files/build"
rm -f "$out/disk"
truncate -s 64M "$out/disk"
mke2fs -q -t ext4 -b 4096 -E root_owner=0:0 -d "$out/files" "$out/disk" || exit 1

# A debug build, or not? Xen's first line tells.
debug() { sed -n 's/.*Xen version.* \(debug=[yn]\).*/\1/p' "$out/none.dom0.log" | head -n 1; }

csv=bench/results/$(date -u +%Y%m%d-%H%M%S)-$(git rev-parse --short HEAD 2>/dev/null || echo none)-xen.csv
# stat FILE ERE: the sum of the lines of --stats that match.
stat() { awk -v re="$2" '$0 ~ "^  (" re ")" { n += $NF } END { print n + 0 }' "$1"; }
stats() {
    local f=$1
    echo "$(stat "$f" 'instructions  ') $(stat "$f" '[0-9a-f]{4} [A-Z]') $(stat "$f" '2c00') $(stat "$f" '5400') \
$(stat "$f" '0[048]00|0c00|1[04]00|5000') $(stat "$f" '3000')"
}
# run NAME COMMAND: both boots; $out/NAME.{native,dom0}.{log,err}.
run() {
    local name=$1 line="console=ttyS0 run=mount+-t+ext4+/dev/vda+/mnt;$2" drive=(-drive "file=$out/disk,format=raw,if=virtio,snapshot=on") k
    "$sim" -m 512M --kernel "$kernel" --initrd "$initrd" --append "$line" "${drive[@]}" --stats \
        >"$out/$name.native.log" 2>"$out/$name.native.err" </dev/null
    DOM0_MEM=512M xen/esp.sh "$out/esp" "$kernel" "$initrd" "dom0_max_vcpus=1 ${XEN_OPTIONS-}" "$line" || exit 1
    "$sim" -m 1G --fat "$out/esp" "${drive[@]}" --stats >"$out/$name.dom0.log" 2>"$out/$name.dom0.err" </dev/null
    for k in native dom0; do
        grep -aq '^exit status 0' "$out/$name.$k.log" || { echo "FAIL bench/xen $name: $k, $out/$name.$k.log"; exit 1; }
    done
}
run none true
{
    echo "# Linux 6.1, 16 KiB pages, 512 MiB, 1 CPU, native and as domain 0 of Xen with $(debug)"
    echo "workload,rounds,native_cycles,dom0_cycles,ratio,native_insns,dom0_insns,native_interruptions,dom0_interruptions,dom0_breaks,dom0_general,dom0_tlb,dom0_external"
} >"$csv"
read -ra n0 < <(stats "$out/none.native.err")
read -ra x0 < <(stats "$out/none.dom0.err")
printf '%-10s %12s %12s %7s %14s %14s %10s %10s\n' workload "native" "domain 0" ratio "native insns" "dom0 insns" "native int" "dom0 int"
for w; do
    if [[ " $micro " = *" $w "* ]]; then
        run "$w" "/mnt/micro+$w+0+/mnt"
    else
        run "$w" "cat+/mnt/$w+>/dev/null;/mnt/micro+time+/mnt/$w+/mnt"
    fi
    read -r _ _ rounds nc < <(tr -d '\r' <"$out/$w.native.log" | grep -a '^B ')
    read -r _ _ _ xc < <(tr -d '\r' <"$out/$w.dom0.log" | grep -a '^B ')
    read -ra n < <(stats "$out/$w.native.err")
    read -ra x < <(stats "$out/$w.dom0.err")
    for i in "${!n[@]}"; do n[i]=$((n[i] - n0[i])) x[i]=$((x[i] - x0[i])); done
    ratio=$(awk -v a="$xc" -v b="$nc" 'BEGIN { printf "%.3f", a / b }')
    printf '%-10s %12s %12s %7s %14s %14s %10s %10s\n' "$w" "$nc" "$xc" "$ratio" "${n[0]}" "${x[0]}" "${n[1]}" "${x[1]}"
    echo "$w,$rounds,$nc,$xc,$ratio,${n[0]},${x[0]},${n[1]},${x[1]},${x[2]},${x[3]},${x[4]},${x[5]}" >>"$csv"
done
echo "recorded in $csv"
