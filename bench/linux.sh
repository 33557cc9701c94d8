#!/bin/bash
# bench/linux.sh: Linux from EFI's first instruction to a shell prompt, by phase: instructions, modelled and host time; then MIPS
# in user mode and in the kernel, as the difference that a load in one or the other makes to a boot. 1 CPU. Host time is
# processor time, which other work on the host disturbs least, best of --repeat N runs (default 3); wall time is the last
# column, for an idle host. A line each in bench/results/*-linux.csv.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
export BUILD=${BUILD:-build} CACHE=${CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/xen-ia64}
sim=${SIM:-$BUILD/ia64-sim} g=$CACHE/guests repeat=3
[ "${1-}" = --repeat ] && repeat=$2
for p in kernel-16k initramfs; do
    [ -e "$g/$p/.done" ] || { echo "SKIP bench/linux: no $p in $g (make guests)"; exit 0; }
done
out=$BUILD/bench
mkdir -p "$out" bench/results
csv=bench/results/$(date -u +%Y%m%d-%H%M%S)-$(git rev-parse --short HEAD 2>/dev/null || echo none)-linux.csv

TIMEFORMAT='%U %S %R'
# timed COMMAND...: $cpu and $wall in milliseconds, the best of $repeat runs; stderr in $out/linux.err.
timed() {
    local i c w
    cpu='' wall=''
    for ((i = 0; i < repeat; i++)); do
        { time "$@" >"$out/linux.log" 2>"$out/linux.err" </dev/null; } 2>"$out/linux.time"
        read -r c w < <(awk '{ printf "%d %d\n", ($1 + $2) * 1000, $3 * 1000 }' "$out/linux.time")
        [ -n "$cpu" ] && [ "$c" -ge "$cpu" ] || cpu=$c
        [ -n "$wall" ] && [ "$w" -ge "$wall" ] || wall=$w
    done
}
count() { awk -v what="$1" '$0 ~ "^  " what "  " { print $NF }' "$2" | tail -n 1; }
# record WHAT INSTRUCTIONS MODELLED-NS HOST-CPU-MS HOST-WALL-MS
record() {
    local mips
    mips=$(awk -v n="$2" -v t="$4" 'BEGIN { if (t > 0) printf "%.0f", n / t / 1e3 }')
    printf '%-34s %14s %10s %8s %8s %6s\n' "$1" "$2" "$(awk -v n="$3" 'BEGIN { printf "%.3f", n / 1e9 }')" \
        "$(awk -v t="$4" 'BEGIN { printf "%.2f", t / 1e3 }')" "$(awk -v t="$5" 'BEGIN { printf "%.2f", t / 1e3 }')" "$mips"
    echo "$1,$2,$3,$4,$5,$mips" >>"$csv"
}

for p in esp kernel-16k; do
    [ -e "$g/$p" ] || { echo "SKIP bench/linux: no $p in $g (guests/build.sh $p)"; exit 0; }
done
echo "# $(date -u +%FT%TZ), $(grep -m1 'model name' /proc/cpuinfo | sed 's/.*: //'), load $(cut -d' ' -f1 /proc/loadavg), best of $repeat" >"$csv"
echo "phase,instructions,modelled_ns,host_cpu_ms,host_wall_ms,mips" >>"$csv"
printf '%-34s %14s %10s %8s %8s %6s\n' phase instructions "modelled s" "CPU s" "wall s" MIPS

# Where the phases end: addresses in the kernel by the monitor, what is printed by a snapshot then. The runs are the same
# instruction for instruction, so the times are those of runs cut off at these counts.
at() { ia64-linux-gnu-nm "$g/kernel-16k/vmlinux" | awk -v s="$1" '$3 == s { print "0x" $1 }'; }
printf 'until %s\ninfo\n' "$(at phys_start)" "$(at start_kernel)" "$(at run_init_process)" |
    "$sim" --fat "$g/esp/" -S --monitor >"$out/linux-phases.log" 2>&1
phases=("firmware and loader: kernel entry" "to start_kernel" "kernel: to the first process")
mapfile -t insns < <(awk '/^  instructions  /{ print $NF }' "$out/linux-phases.log")
mapfile -t cycles < <(awk '/^  modelled cycles  /{ print $NF }' "$out/linux-phases.log")
for mark in "user space reached" "ia64 # "; do
    "$sim" --fat "$g/esp/" --savevm "$out/linux.snap" --savevm-when "$mark" --savevm-quit --stats </dev/null >"$out/linux.log" 2>"$out/linux.err"
    insns+=("$(count instructions "$out/linux.err")")
    cycles+=("$(count 'modelled cycles' "$out/linux.err")")
    phases+=("user space: to '$mark'")
done
rm -f "$out/linux.snap"
[ "${#insns[@]}" = 5 ] || { echo "FAIL bench/linux: expected 5 phases, got ${#insns[@]}, $out/linux-phases.log"; exit 1; }
li=0 lc=0 lt=0 lw=0
for i in "${!phases[@]}"; do
    timed "$sim" --fat "$g/esp/" --max-insns "${insns[$i]}"
    record "${phases[$i]}" $((insns[i] - li)) $((cycles[i] - lc)) $((cpu - lt)) $((wall - lw))
    li=${insns[$i]} lc=${cycles[$i]} lt=$cpu lw=$wall
done
record "all, EFI to the prompt" "$li" "$lc" "$lt" "$lw"

# boot COMMAND: to power-off, without EFI.
boot() {
    timed "$sim" --kernel "$g/kernel-16k/vmlinux" --initrd "$g/initramfs/initrd.gz" -append "console=ttyS0 run=$1" --stats
    grep -q 'reboot: Power down' "$out/linux.log" || { echo "FAIL $1: $(tail -n 1 "$out/linux.log")"; exit 1; }
    i=$(count instructions "$out/linux.err") c=$(count 'modelled cycles' "$out/linux.err")
}
boot true
i0=$i c0=$c t0=$cpu w0=$wall
record "--kernel: to power-off" "$i0" "$c0" "$t0" "$w0"
mips() {
    boot "$2"
    record "$1" $((i - i0)) $((c - c0)) $((cpu - t0)) $((wall - w0))
}
mips "user mode: awk, a loop" "awk+'BEGIN{while(i>-100000){i--;s=s*7%1009-i}print(s)}'"
mips "kernel: fork, exit, page faults" "for+i+in+\$(seq+2000);do+(:);done"
mips "kernel: copies" "dd+if=/dev/zero+of=/tmp/x+bs=1M+count=200;dd+if=/tmp/x+of=/dev/null+bs=1M"
echo "recorded in $csv"
