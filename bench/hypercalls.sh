#!/bin/bash
# bench/hypercalls.sh: what a hypercall costs in modelled cycles, by break and by epc, from a kernel that does nothing else (guests/tiny/bench.c) as domain 0.
# Exact and the same on any host. A line each in bench/results/*-hypercalls.csv.
#   XEN=DIR   the xen.efi there instead of the cache's
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
export BUILD=${BUILD:-build} CACHE=${CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/xen-ia64}
. guests/tiny/build.inc
sim=${SIM:-$BUILD/ia64-sim}
export XEN=${XEN:-$CACHE/guests/xen}
[ -e "$XEN/xen.efi" ] || { echo "SKIP bench/hypercalls: no xen.efi in $XEN (xen/build.sh)"; exit 0; }
headers=$(xen/build.sh tree)/xen/include || exit 1
out=$BUILD/bench/hypercalls
mkdir -p "$out" bench/results
tiny_kernel "$out/kernel" "-D__XEN_TOOLS__ -isystem $headers" guests/tiny/bench.c guests/tiny/bench.S || exit 1
rm -rf "$out/esp"
PRIVIFY=no xen/esp.sh "$out/esp" "$out/kernel" /dev/null "${XEN_OPTIONS-}" "" && sed -i '/^ramdisk/d' "$out"/esp/EFI/BOOT/*.cfg
"$sim" --fat "$out/esp" -m 1G </dev/null 2>&1 | tr -d '\r' >"$out/log"
grep -aqx '== end' "$out/log" && ! grep -a '^BAD' "$out/log" || { echo "FAIL bench/hypercalls: $out/log"; exit 1; }
csv=bench/results/$(date -u +%Y%m%d-%H%M%S)-$(git rev-parse --short HEAD 2>/dev/null || echo none)-hypercalls.csv
{
    echo "# modelled cycles of one, Xen with $(sed -n 's/.*Xen version.* \(debug=[yn]\).*/\1/p' "$out/log" | head -n 1)"
    echo "hypercall,break,epc,epc/break"
    sed -n 's/^M \([0-9]*\) B multicall/B multicall,\1/; /^B /p' "$out/log" |
        awk '{ sub(/,/, " ", $2); printf "%s,%s,%s,%.2f\n", $2, $3, $4, $4 / $3 }'
} >"$csv"
column -s , -t "$csv"
echo "recorded in $csv"
