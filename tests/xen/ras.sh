#!/bin/bash
# order: 57
# timeout: 1800
# Processors that come and go, INIT, machine checks: of the machine under Xen, and of domain 0.
#
# pcpu          each processor offline and online again, then all of them, while domain 0 works on its vcpus and its disk: by tests/xen/pcpu.c, a
#               module; what is refused; no vcpu stops, no interrupt is lost
# pcpu-pinned   the same with dom0_vcpus_pin
# vcpu          domain 0's own vcpus off and on, as on a native machine (linux/hotplug), and while the machine's processors are
# init          INIT on four processors: each one's state is printed once, domain 0 goes on; again, and on one processor
# init-hung     a processor, the only one, that takes no interrupt: a second INIT prints what it does
# init-fatal, init-ignore, init-dom0   with nmi=: a panic; nothing; Linux prints its backtraces and goes on
# nmi           likewise, of one processor
# cmc           a corrected machine check: said by Xen, its record and interrupt are domain 0's
# tlb-check     a machine check of the TLB, on processors that run domain 0 and that are idle: everything goes on, the record is domain 0's
# fatal         any other: what is known of it, and a panic
set -uo pipefail
QUICK=${QUICK:-0} CASE=${CASE-}
events="init init-hung init-fatal init-ignore init-dom0 nmi cmc tlb-check fatal"
cases="pcpu pcpu-pinned vcpu $events"
. tests/linux/lib.inc
. tests/lib/guest-cc.sh
. tests/xen/lib.inc
guests kernel-16k initramfs
[ -n "${XEN-}" ] || xen_ready
. tests/xen/dom0.inc

# --- processors that come and go ---
prepare() {
    mkdir -p "$work/files"
    . tests/privify/modules.inc
    own_module pcpu
    "$BUILD/privify" --only all "$dir/pcpu.ko" -o "$work/files/pcpu.ko" >/dev/null || echo "privify pcpu: status $?"
    head -c 3000001 "$kernel" >"$work/files/data"
    common >"$work/files/common"
}

# What the cases' scripts have in common.
common() {
    cat <<'E2'
pcpu() { # WHAT CPU EXPECTED-ERROR
    local e
    if e=$(echo $2 2>&1 >/sys/module/pcpu/parameters/$1); then e=; else e=${e##*: }; fi
    [ "$e" = "$3" ] || echo "T BAD: processor $2 $1: '$e', not '$3'"
}
count() { echo "T $1: $(cat /sys/module/pcpu/parameters/on) processors"; }
# Each CPU works: a process of its own there.
each() { for m; do taskset $m sh -c 'i=0; while [ $i -lt 200 ]; do i=$((i+1)); done' || echo "T BAD: taskset $m"; done; }
disk() { echo 3 >/proc/sys/vm/drop_caches; md5sum /mnt/data >/tmp/sum; cmp -s /tmp/sum /tmp/sum0 || echo "T BAD: data"; }
insmod /mnt/pcpu.ko
md5sum /mnt/data >/tmp/sum0
E2
}

run() { # NAME OPTIONS-OF-XEN SCRIPT-ON-STDIN
    [ -e "$work/files/common" ] || prepare
    { cat "$work/files/common"; cat; } >"$work/files/run"
    test_disk "$work/$1.img" "$work/files" 16M
    xen_options=$2 append="console=ttyS0 run=mount+/dev/vda+/mnt;sh+/mnt/run" limit=300 \
        boot "$1" -smp 4 -m 1G -drive "file=$work/$1.img,format=raw,if=virtio,snapshot=on" -nic user
    sed -n 's/^T //p' "$work/$1.log" >"$work/$1.said"
    [ -z "${KEEP-}" ] || cp "$work/$1".{log,err} "$KEEP"
}
# ended NAME: of xen_troubles() less what is meant to be refused.
ended() {
    xen_troubles "$1"
    grep -a 'BUG\|Oops\|stall\|nobody cared\|panic' "$work/$1.log"
    [ "$status" = 0 ] || echo "exit status $status; the console ends in: $(tail -n 1 "$work/$1.log")"
}

for case in pcpu pcpu-pinned; do
    wanted $case || continue
    run $case "$([ $case = pcpu ] || echo dom0_vcpus_pin)" <<'E2'
pcpu off 0 "Invalid argument"
pcpu off 4 "Invalid argument"
pcpu on 9 "Invalid argument"
pcpu on 0 "File exists"
for i in 1 2; do sh -c 'while :; do :; done' & done
for c in 1 2 3; do
    pcpu off $c
    pcpu off $c "File exists"
    each $((1 << c)) 1
    disk
    pcpu on $c
    pcpu on $c "File exists"
    each $((1 << c))
done
count "each"
for c in 1 2 3; do pcpu off $c; done
count "one left"
each 1 2 4 8
disk
for c in 3 2 1; do pcpu on $c; done
each 2 8
kill %1 %2 2>/dev/null
disk
count end
E2
    verdict $case "$(ended $case; diff - "$work/$case.said" <<'E2'
each: 4 processors
one left: 1 processors
end: 4 processors
E2
    )"
done

if wanted vcpu; then
    run vcpu "" <<'E2'
online() { echo $2 >/sys/devices/system/cpu/cpu$1/online || echo "T BAD: cpu $1 $2"; }
have() { [ "$(cat /sys/devices/system/cpu/online)" = $1 ] || echo "T BAD: online: $(cat /sys/devices/system/cpu/online), not $1"; }
for r in 1 2 3; do
    for c in 1 2 3; do online $c 0; done
    have 0
    disk
    for c in 3 1 2; do online $c 1; each $((1 << c)); done
    have 0-3
    disk
done
for c in 1 2 3; do
    online $c 0
    pcpu off $c
    online $c 1
    each $((1 << c))
    pcpu on $c
    online $c 0
    online $c 1
done
have 0-3
each 1 2 4 8
echo T end
E2
    verdict vcpu "$(ended vcpu; diff - "$work/vcpu.said" <<<end)"
fi

# --- events: from a booted system, domain 0 at work on vcpu 0, the others idle ---

append="console=ttyS0 run=taskset+-p+1+\$\$>/dev/null;printf+re%s+ady;i=0;while+[+\$i+-gt+-3000+];do+i=\$((i-1));done;"
append+="for+m+in+1+2+4+8;do+taskset+\$m+echo+T+ran+\$m;done+2>/dev/null;echo+T+\$(grep+cmc_hndlr+/proc/interrupts);"
append+="for+t+in+cmc+mca;do+printf+'read+0\n'>/proc/sal/\$t/data;echo+T+\$t+\$(wc+-c+</proc/sal/\$t/data);done;"
append+="sleep+\$(sed+-n+'s/.*rest=\([0-9]*\).*/\1/p'+/proc/cmdline);echo+all+done"

# event NAME CPUS NMI-OPTION COMMAND...: console in $work/NAME.log
event() {
    local name=$1 n=$2 nmi=$3 snap=$work/snap-$2-$3
    shift 3
    if [ ! -e "$snap" ]; then
        local mine=$append
        append+="+rest=$([ "$nmi" = dom0 ] && echo 61 || echo 0)"
        xen_options="${nmi:+nmi=$nmi}" boot booted -smp $n --savevm "$snap" --savevm-when ready --savevm-quit
        append=$mine
        [ "$status" = 0 ] || { echo "no snapshot: $(tail -n 1 "$work/booted.err")"; return; }
    fi
    printf '%s\n' "$@" continue quit | timeout 600 "$sim" --loadvm "$snap" -smp $n -no-reboot -S --monitor -serial "file:$work/$name.raw" \
        >"$work/$name.out" 2>"$work/$name.err"
    tr -d '\r' <"$work/$name.raw" >"$work/$name.log"
    # What INIT handlers say, Linux prints in pieces of 255 characters.
    tr -d '\n\001' <"$work/$name.log" | sed -E 's/\[ *[0-9]+\.[0-9]{6}\] //g' >"$work/$name-flat.log"
    [ -z "${KEEP-}" ] || cp "$work/$name".{log,err,out} "$KEEP"
}
has() { # NAME TEXT...
    local name=$1 t
    shift
    for t; do
        grep -aqE "$t" "$work/$name.log" || echo "no '$t' on the console, which ends in: $(tail -n 1 "$work/$name.log")"
    done
}
count() { # NAME TIMES TEXT
    [ "$(grep -acE "$3" "$work/$1.log")" = "$2" ] || echo "'$3' is there $(grep -acE "$3" "$work/$1.log") times, not $2"
}
goes_on() { # NAME CPUS
    local c
    for ((c = 0; c < $2; c++)); do has "$1" "^T ran $((1 << c))"; done
    has "$1" '^all done' 'reboot: Power down'
    grep -a 'Oops\|panic\|BUG\|ASSERT\|unimplemented' "$work/$1.log" "$work/$1.err"
}
panicked() { # NAME TEXT...
    has "$@" 'Panic on CPU' "Manual reset required"
    count "$1" 0 '^T ran'
}

if wanted init; then
    verdict init "$(
        event init-4 4 "" init
        for c in 1 2 3; do has init-4 "INIT: CPU$c, idle \*\*\*"; done
        has init-4 'INIT: CPU0, d0v0 ' '\(XEN\) CPU: +0 +(guest|hypervisor): INIT' 'pal_static\+' 'idle_loop\+'
        count init-4 4 'INIT: CPU'
        count init-4 1 'INIT: end'
        goes_on init-4 4
        event init-1 1 "" init
        count init-1 1 'INIT: CPU0, d0v0'
        goes_on init-1 1)"
fi
if wanted init-hung; then
    # The timer's interrupt handler becomes a loop, by br.cloop, of about 0.8 s.
    ip=0x$("$CACHE/toolchain/bin/ia64-linux-gnu-nm" "${XEN:-$guest_dir/xen}/xen-syms" | sed -n 's/ T timer_interrupt$//p')
    verdict init-hung "$(
        event init-hung 1 "" "break $ip" continue "write $ip 0x100000011" "write $(printf 0x%x $((ip + 8))) 0x40000000a0000200" delete \
            "break $(printf 0x%x $((ip + 16)))" "set ar.lc 0x17d78400" init continue "set ip $ip" "set ar.lc 0x1000" init
        count init-hung 1 'INIT: CPU0, d0v0'
        count init-hung 1 'INIT: end'
        count init-hung 0 'Unexpected fault'
        has init-hung 'ip .*\[timer_interrupt\+0/'
        count init-hung 0 '^T ran')"
fi
if wanted init-fatal; then
    verdict init-fatal "$(event init-fatal 4 fatal init; panicked init-fatal 'INIT: CPU0, d0v0' 'INIT: CPU3' 'INIT, and nmi=fatal')"
fi
if wanted init-ignore; then
    verdict init-ignore "$(event init-ignore 2 ignore init; count init-ignore 0 'INIT'; goes_on init-ignore 2)"
fi
if wanted init-dom0; then
    verdict init-dom0 "$(
        event init-dom0 2 dom0 init
        count init-dom0 0 'XEN.*INIT'
        has init-dom0-flat 'Entered OS INIT handler. PSP=[0-9a-f]+ cpu=0 monarch=1' 'Entered OS INIT handler. PSP=[0-9a-f]+ cpu=1 monarch=0' \
            'Backtrace of pid 1 ' 'OS INIT slaves have reached rendezvous' 'INIT dump complete.  Monarch on cpu 0 returning to normal service' \
            'Slave on cpu 1 returning to normal service'
        goes_on init-dom0 2)"
fi
if wanted nmi; then
    verdict nmi "$(
        event nmi 4 "" "nmi 2"
        count nmi 1 'NMI: CPU'
        has nmi 'NMI: CPU2, d\[IDLE\]v2' 'Register stack'
        goes_on nmi 4)"
fi
if wanted cmc; then
    verdict cmc "$(
        event cmc 4 "" "cmc 1"
        has cmc "CPU1, .*: SAL's record [0-9]+ of a corrected machine check, corrected" 'lid 0000000001000000' 'cache check' \
            '^T [0-9]+: 1 0 0 0 .*cmc_hndlr' '^T cmc [1-9]' '^T mca 0'
        goes_on cmc 4)"
fi
if wanted tlb-check; then
    verdict tlb-check "$(
        for c in 0 2; do
            event tlb-$c 4 "" "mca $c tlb"
            has tlb-$c "CPU$c: machine check, corrected" "CPU$c, .*: SAL's record [0-9]+ of a machine check" 'TLB check' '^T mca [1-9]' '^T cmc 0'
            goes_on tlb-$c 4
        done)"
fi
if wanted fatal; then
    verdict fatal "$(
        event fatal 4 "" "mca 0"
        panicked fatal "SAL's record [0-9]+ of a machine check, fatal" 'bus check' 'Machine check: CPU0, d0v0' 'Possible return addresses|guest: INIT' \
            'Machine check on CPU0, where d0v0 ran'
        event fatal-idle 4 "" "mca 3"
        panicked fatal-idle 'Machine check: CPU3, idle' 'idle_loop')"
fi
exit $failed
