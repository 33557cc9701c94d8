#!/bin/bash
# order: 56
# timeout: 600
# Every hypercall and firmware call with good, bad and hostile arguments from a small kernel as domain 0 (guests/tiny/hypercalls): the right result, as
# many free pages and domains afterwards as before, Xen alive. All of it by break, and (epc-...) by the entry of epc.c. FUZZ=COUNT: so many random ones (FULL=1: 200000); SEED=N.
set -uo pipefail
groups="generic memory events vcpu grants control domains firmware"
cases="$groups fuzz epc"
for c in $groups fuzz; do cases+=" epc-$c"; done
. tests/linux/lib.inc
. tests/xen/lib.inc
. guests/tiny/build.inc
[ -n "${XEN-}" ] || xen_ready
export XEN=${XEN:-$guest_dir/xen}
seed=${SEED:-1}
fuzz=${FUZZ:-${FULL:+200000}}
headers=$(XEN_WORK="${XEN_WORK-}" xen/build.sh tree)/xen/include || { echo "FAIL $cases: Xen's source"; exit 1; }
out=$BUILD/tests/xen/hypercalls
mkdir -p "$out"

# run NAME XEN-OPTIONS FLAGS: builds the kernel, runs it; its console in $out/NAME.log
run() {
    local esp=$work/esp
    tiny_kernel "$out/$1" "-D__XEN_TOOLS__ -isystem $headers -Iguests/tiny/hypercalls $3" guests/tiny/hypercalls/*.[cS] >"$out/$1.build" 2>&1 || {
        echo "FAIL $1: it does not compile: $(head -n 1 "$out/$1.build")"
        exit 1
    }
    rm -rf "$esp" && mkdir -p "$esp"
    PRIVIFY=no xen/esp.sh "$esp" "$out/$1" /dev/null "$2" "" && sed -i '/^ramdisk/d' "$esp"/EFI/BOOT/*.cfg
    timeout "${limit:-300}" "$sim" --fat "$esp" -m 1G </dev/null >"$out/$1.raw" 2>&1
    status=$?
    tr -d '\r' <"$out/$1.raw" >"$out/$1.log"
}

# What Xen says when it is hurt. (That a call is wrong it may say.)
trouble() {
    [ $status = 0 ] || echo "exit status $status, after: $(grep -av '^(XEN)' "$1" | tail -n 1)"
    grep -aE '^\(XEN\).*(FATAL|Panic|Assert|BUG at|WARN|Unexpected|Xen call trace|Debugging connection|domain_crash|leak)' "$1" | head -n 3
    grep -aq '^== end' "$1" || echo "it did not come to its end"
}

# passed LOG PREFIX GROUP...: a verdict for each group of a run
passed() {
    local log=$1 prefix=$2 problems c p
    shift 2
    problems=$(trouble "$log")
    for c in "$@"; do
        wanted "$prefix$c" || continue
        p=$(grep -a "^BAD $c: " "$log")
        grep -aqx "== $c" "$log" || p+="the group did not come to its end; ${problems:-}"
        verdict "$prefix$c" "$p$problems"
    done
    grep -a '^== end' "$log"
}

# Any of the groups, with that prefix?
any() {
    local c
    for c in $groups; do wanted "$1$c" && return; done
    return 1
}

if any ""; then
    run cases "" ""
    # shellcheck disable=SC2086
    passed "$out/cases.log" "" $groups
fi
if any epc- || wanted epc; then
    run epc timer_slop=0 -DEPC
    passed "$out/epc.log" "" epc
    # shellcheck disable=SC2086
    passed "$out/epc.log" epc- $groups
fi
for entry in "" epc-; do
    wanted "${entry}fuzz" || continue
    run "${entry}fuzz" guest_loglvl=none "${entry:+-DEPC} -DFUZZ_COUNT=${fuzz:-3000} -DFUZZ_SEED=$seed"
    verdict "${entry}fuzz" "$(trouble "$out/${entry}fuzz.log"; grep -a '^BAD' "$out/${entry}fuzz.log")"
done
exit $failed
