#!/bin/bash
# timeout: 1200
# Platform events under Linux, from a booted system: NMI, INIT on one and two processors (Linux prints its backtraces
# and goes on), a corrected machine check (interrupt and error record), one of the TLB (Linux repairs it and goes on), a
# fatal one (Linux gives up, the machine is reset).
set -uo pipefail
cases="nmi cmc tlb-check-1 tlb-check-2 init-1 init-2 fatal"
. tests/linux/lib.inc
guests kernel-16k initramfs

append="console=ttyS0 run=printf+re%s+ady;sleep+1;grep+-E+cmc+/proc/interrupts;cat+/proc/uptime;echo+all+done"
for n in 1 2; do
    boot booted$n -smp $n --savevm "$work/snap$n" --savevm-when ready --savevm-quit
    [ "$status" = 0 ] || { echo "FAIL $cases: no snapshot: $(tail -n 1 "$work/booted$n.err")"; exit 1; }
done

# event NAME CPUS COMMAND
event() {
    printf '%s\n' "$3" continue quit |
        timeout 400 "$sim" --loadvm "$work/snap$2" -smp "$2" -no-reboot -S --monitor -serial "file:$work/$1.raw" \
            >"$work/$1.out" 2>"$work/$1.err"
    tr -d '\r' <"$work/$1.raw" >"$work/$1.log"
}
# has NAME TEXT...; goes_on NAME
has() {
    local name=$1 t
    shift
    for t; do
        grep -aqE "$t" "$work/$name.log" || echo "no '$t' on the console, which ends in: $(tail -n 1 "$work/$name.log")"
    done
}
goes_on() {
    has "$1" '^all done' 'reboot: Power down'
    grep -a 'Oops\|panic\|BUG' "$work/$1.log"
    grep unimplemented "$work/$1.err"
}

if wanted nmi; then
    event nmi 1 nmi
    verdict nmi "$(has nmi 'Unexpected interrupt vector 2'; goes_on nmi)"
fi
if wanted cmc; then
    event cmc 2 "cmc 1"
    verdict cmc "$(has cmc '^ *[0-9]+: +0 +1 .*cmc_hndlr'; goes_on cmc)"
fi
for n in 1 2; do
    if wanted tlb-check-$n; then
        event tlb$n $n "mca 0 tlb"
        verdict tlb-check-$n "$(goes_on tlb$n; grep -q 'TLB check' "$work/tlb$n.err" || echo "nothing was injected")"
    fi
    if wanted init-$n; then
        event init$n $n init
        # Linux waits 5 s (of its time) before it prints.
        verdict init-$n "$(has init$n 'Entered OS INIT handler. PSP=[0-9a-f]+ cpu=0 monarch=1' 'Processes interrupted by INIT' \
            'Backtrace of pid 1 ' 'All OS INIT slaves have reached rendezvous'; goes_on init$n)"
    fi
done
if wanted fatal; then
    event fatal 2 "mca 0"
    verdict fatal "$(has fatal 'Entered OS MCA handler' 'All OS MCA slaves have reached rendezvous' 'MCA: global MCA'
        grep -q 'handler answers -2: reset' "$work/fatal.err" || echo "no reset: $(tail -n 1 "$work/fatal.err")")"
fi
exit $failed
