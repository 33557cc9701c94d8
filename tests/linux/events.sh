#!/bin/bash
# timeout: 1200
# Platform events under Linux, from a booted system: NMI, INIT on one, two and four processors (they meet in the kernel's
# handler, Linux prints its backtraces, each goes back to its work), a corrected machine check (interrupt and error record),
# one of the TLB (Linux repairs it and goes on), a fatal one (Linux gives up, the machine is reset).
set -uo pipefail
cases="nmi cmc tlb-check-1 tlb-check-2 init-1 init-2 init-4 fatal"
. tests/linux/lib.inc
guests kernel-16k initramfs

# CPU 0 is at work when the event comes. Were it idle, Linux 6.1 could hang after INIT: mca_asm.S leaves the translation
# register of the stack out for "the dreaded cpu 0 idle task in region 5", but notes it as there, and the next switch
# to a task of that granule goes without it. What the handlers say after the backtraces, a timer prints once a minute.
append="console=ttyS0 run=taskset+-p+1+\$\$>/dev/null;printf+re%s+ady;i=0;while+[+\$i+-gt+-3000+];do+i=\$((i-1));done;"
append+="grep+-E+cmc+/proc/interrupts;cat+/proc/uptime;sleep+61;"
append+="for+m+in+1+2+4+8;do+taskset+\$m+echo+T+ran+\$m;done+2>/dev/null;echo+all+done"
counts="1 2 4"
# (Linux waits for 5 s, all CPUs spinning.)
[ -n "${FULL-}$CASE" ] || { echo "SKIP init-2: 1 and 4 CPUs say the same; FULL=1 runs it"; skip_2=1; }
for n in $counts; do
    # Only what is asked for.
    [ -z "$CASE" ] || [[ $CASE == *-$n ]] || { [[ $CASE != *-? ]] && [ $n != 4 ]; } || continue
    boot booted$n -smp $n --savevm "$work/snap$n" --savevm-when ready --savevm-quit
    [ "$status" = 0 ] || { echo "FAIL $cases: no snapshot: $(tail -n 1 "$work/booted$n.err")"; exit 1; }
done

# event NAME CPUS COMMAND
event() {
    printf '%s\n' "$3" continue quit |
        timeout 400 "$sim" --loadvm "$work/snap$2" -smp "$2" -no-reboot -S --monitor -serial "file:$work/$1.raw" \
            >"$work/$1.out" 2>"$work/$1.err"
    tr -d '\r' <"$work/$1.raw" >"$work/$1.log"
    # What INIT handlers say, Linux prints in pieces of 255 characters: a line wherever a piece ends.
    tr -d '\n\001' <"$work/$1.log" | sed -E 's/\[ *[0-9]+\.[0-9]{6}\] //g' >"$work/$1-flat.log"
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
for n in $counts; do
    if [ $n != 4 ] && wanted tlb-check-$n; then
        event tlb$n $n "mca 0 tlb"
        verdict tlb-check-$n "$(goes_on tlb$n; grep -q 'TLB check' "$work/tlb$n.err" || echo "nothing was injected")"
    fi
    if wanted init-$n && [ -z "${skip_2-}" -o $n != 2 ]; then
        event init$n $n init
        # Linux waits 5 s (of its time) before it prints.
        verdict init-$n "$(has init$n-flat 'Entered OS INIT handler. PSP=[0-9a-f]+ cpu=0 monarch=1' 'Processes interrupted by INIT' \
            'Backtrace of pid 1 ' 'OS INIT slaves have reached rendezvous' \
            'INIT dump complete.  Monarch on cpu 0 returning to normal service'
            for ((c = 0; c < n; c++)); do
                [ $c = 0 ] || has init$n-flat "Entered OS INIT handler. PSP=[0-9a-f]+ cpu=$c monarch=0" \
                    "Slave on cpu $c returning to normal service"
                has init$n "^T ran $((1 << c))"
            done
            goes_on init$n)"
    fi
done
if wanted fatal; then
    event fatal 2 "mca 0"
    verdict fatal "$(has fatal 'Entered OS MCA handler' 'All OS MCA slaves have reached rendezvous' 'MCA: global MCA'
        grep -q 'handler answers -2: reset' "$work/fatal.err" || echo "no reset: $(tail -n 1 "$work/fatal.err")")"
fi
exit $failed
