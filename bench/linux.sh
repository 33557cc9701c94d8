#!/bin/bash
# bench/linux.sh: Linux from the first instruction to power-off, by phase: host seconds, modelled seconds (the kernel's own
# timestamps); instructions in all; then MIPS (by CPU time, which other work on the host disturbs least) in user mode and in the kernel, as the difference that a load in one or the
# other makes to a boot. 1 CPU. Best of --repeat N runs (default 3). A line each in bench/results/*-linux.csv.
#   AGAINST="COMMAND"   also times another simulator to user space; it is given: COMMAND kernel initrd command-line
set -uo pipefail
cd "$(dirname "$0")/.."
export BUILD=${BUILD:-build} CACHE=${CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/xen-ia64}
sim=${SIM:-$BUILD/ia64-sim} g=$CACHE/guests repeat=3
[ "${1-}" = --repeat ] && repeat=$2
for p in kernel-16k initramfs; do
    [ -e "$g/$p/.done" ] || { echo "SKIP bench/linux: no $p in $g (make guests)"; exit 0; }
done
out=$BUILD/bench
mkdir -p "$out" bench/results
csv=bench/results/$(date -u +%Y%m%d-%H%M%S)-$(git rev-parse --short HEAD 2>/dev/null || echo none)-linux.csv

# Host microseconds when each line arrives, before the line.
stamp() { while IFS= read -r line; do echo "${EPOCHREALTIME/./} ${line%$'\r'}"; done; }

TIMEFORMAT='%U %S'
# boot NAME COMMAND: best of $repeat runs by CPU time; $out/linux-NAME.{log,err}, $start: when the run was started, $wall
# microseconds, $cpu milliseconds, $insns.
boot() {
    local name=$1 i least= t0 t1
    for ((i = 0; i < repeat; i++)); do
        t0=${EPOCHREALTIME/./}
        { time "$sim" --kernel "$g/kernel-16k/vmlinux" --initrd "$g/initramfs/initrd.gz" -append "console=ttyS0 run=$2" \
            --stats 2>"$out/linux.err" </dev/null; } 2>"$out/linux.time" | stamp >"$out/linux.log"
        t1=${EPOCHREALTIME/./}
        grep -q 'reboot: Power down' "$out/linux.log" || { echo "FAIL $name: $(tail -n 1 "$out/linux.log")"; exit 1; }
        cpu=$(awk '{ printf "%d", ($1 + $2) * 1000 }' "$out/linux.time")
        if [ -z "$least" ] || [ "$cpu" -lt "$least" ]; then
            least=$cpu start=$t0 wall=$((t1 - t0))
            mv "$out/linux.log" "$out/linux-$name.log"
            mv "$out/linux.err" "$out/linux-$name.err"
        fi
    done
    cpu=$least insns=$(awk '$1 == "instructions" && NF == 2 { print $2 }' "$out/linux-$name.err")
}
record() {
    printf '%-34s %16s %12s\n' "$1" "$2" "$3"
    echo "$1,$2,$3" >>"$csv"
}

{
    echo "# $(date -u +%FT%TZ), $(grep -m1 'model name' /proc/cpuinfo | sed 's/.*: //'), load $(cut -d' ' -f1 /proc/loadavg), best of $repeat"
    echo "what,value,unit"
} >"$csv"
boot idle true
idle_cpu=$cpu idle_insns=$insns last=$start
while IFS='|' read -r what pattern; do
    line=$(grep -m1 -E "$pattern" "$out/linux-idle.log") || { echo "FAIL no line '$pattern'"; exit 1; }
    at=${line%% *}
    record "$what" "$(awk -v t=$((at - last)) 'BEGIN { printf "%.3f", t / 1e6 }')" "host s"
    modelled=$(sed -n 's/^[0-9]* \[ *\([0-9.]*\)\].*/\1/p' <<<"$line")
    [ -n "$modelled" ] && record "  kernel's clock then" "$modelled" "modelled s"
    last=$at
done <<'E2'
firmware, kernel loaded|Linux version
console on|printk: console \[ttyS0\] enabled
init starts|Run /init
user space|user space reached
power-off|reboot: Power down
E2
record "boot to power-off" "$(awk -v t="$wall" 'BEGIN { printf "%.3f", t / 1e6 }')" "host s"
record "boot to power-off" "$insns" instructions
record "boot to power-off" "$(awk -v t="$cpu" 'BEGIN { printf "%.2f", t / 1e3 }')" "host CPU s"
record "boot to power-off" "$(awk -v n="$insns" -v t="$cpu" 'BEGIN { printf "%.0f", n / t / 1e3 }')" "MIPS of CPU time"
mips() {
    boot "$1" "$3"
    record "$2" "$((insns - idle_insns))" instructions
    record "$2" "$(awk -v n=$((insns - idle_insns)) -v t=$((cpu - idle_cpu)) 'BEGIN { printf "%.0f", n / t / 1e3 }')" "MIPS of CPU time"
}
mips user "user mode: awk, a loop" "awk+'BEGIN{while(i>-100000){i--;s=s*7%1009-i}print(s)}'"
mips kernel "kernel: fork, exit, page faults" "for+i+in+\$(seq+2000);do+(:);done"
mips copy "kernel: copies" "dd+if=/dev/zero+of=/tmp/x+bs=1M+count=200;dd+if=/tmp/x+of=/dev/null+bs=1M"
if [ -n "${AGAINST-}" ]; then
    t0=${EPOCHREALTIME/./}
    $AGAINST "$g/kernel-16k/vmlinux" "$g/initramfs/initrd.gz" "console=ttyS0 run=true" </dev/null 2>&1 | stamp >"$out/linux-other.log"
    at=$(grep -m1 'user space reached' "$out/linux-other.log" | cut -d' ' -f1)
    record "${AGAINST%% *}: to user space" "$(awk -v t=$((${at:-$t0} - t0)) 'BEGIN { printf "%.3f", t / 1e6 }')" "host s"
fi
echo "recorded in $csv"
