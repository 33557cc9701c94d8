#!/bin/bash
# order: 56
# timeout: 600
# Every hypercall and firmware call with good, bad and hostile arguments from a small kernel as domain 0 (guests/tiny/hypercalls): the right result, as
# many free pages and domains afterwards as before, Xen alive. FUZZ=COUNT: so many random ones (FULL=1: 200000); SEED=N.
set -uo pipefail
cases="generic memory events vcpu grants control domains firmware fuzz"
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
    tiny_kernel "$out/$1" "-D__XEN_TOOLS__ -isystem $headers -Iguests/tiny/hypercalls $3" guests/tiny/hypercalls/*.c >"$out/$1.build" 2>&1 || {
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

all=$cases
if wanted fuzz && [ -n "$CASE" ]; then all=; fi
if [ -n "$all" ]; then
    run cases "" ""
    problems=$(trouble "$out/cases.log")
    for c in ${all% fuzz}; do
        wanted "$c" || continue
        p=$(grep -a "^BAD $c: " "$out/cases.log")
        grep -aqx "== $c" "$out/cases.log" || p+="the group did not come to its end; ${problems:-}"
        verdict "$c" "$p$problems"
    done
    grep -a '^== end' "$out/cases.log"
fi
if wanted fuzz; then
    run fuzz guest_loglvl=none "-DFUZZ_COUNT=${fuzz:-3000} -DFUZZ_SEED=$seed"
    verdict fuzz "$(trouble "$out/fuzz.log"; grep -a '^BAD' "$out/fuzz.log")"
fi
exit $failed
