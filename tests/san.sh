#!/bin/bash
# T=san: everything built with the address and undefined-behaviour sanitizers (`make SAN=1`, into build/san), then the
# quick suites of isa, cpu and user, and some torture programs, on that build. One case a suite; the sanitizers end a
# program with a report, which is the suite's failure. The long way: make SAN=1 test.
# timeout: 900
set -uo pipefail
status=0
log=$BUILD/test-logs/san
mkdir -p "$log"
san=$BUILD/san
case $BUILD in */san) echo "SKIP san: this is the sanitizer build"; exit 0 ;; esac

# One at a time: T=fuzz/bundles builds there too.
mkdir -p "$san"
if ! flock "$san/lock" make SAN=1 -j"$(nproc)" progs test-progs >"$log/build.log" 2>&1; then
    echo "FAIL build: expected make SAN=1 to build, got $(grep -m1 -E 'error|Error' "$log/build.log"), $log/build.log"
    exit 1
fi
echo "PASS build"

export ASAN_OPTIONS=detect_leaks=0:detect_stack_use_after_return=0 UBSAN_OPTIONS=print_stacktrace=1
suite() { # SUITE[/CASE]
    local out=$log/${1//\//-}.log line
    BUILD=$san QUICK=1 tests/run "$1" >"$out" 2>&1
    local rc=$?
    line=$(tail -n 1 "$out")
    if [ $rc = 0 ] && [[ $line != "0 passed"* ]]; then
        echo "PASS $1: $line"
    elif [ $rc = 0 ]; then
        echo "SKIP $1: $(sed -n 's/^ *SKIP //p' "$out" | head -n 1)"
    else
        cat "$out"
        echo "FAIL $1: expected no failure, got $line: $(grep -m1 '^ *FAIL' "$out"), $out"
        status=1
    fi
}

for s in isa cpu user; do
    for f in tests/$s/*.sh; do
        name=$s/$(basename "$f" .sh)
        head -n 10 "$f" | grep -q '^# quick: yes' || continue
        [ -z "$CASE" ] || [ "$CASE" = "$name" ] || [ "$CASE" = "$s" ] || continue
        suite "$name"
    done
done
# Integers, structures, varargs, complex and IEEE arithmetic, nested functions.
if [ -z "$CASE" ] || [ "$CASE" = torture ]; then
    . tests/lib/guest-cc.sh
    src=$CACHE/src/gcc-12.2.0/gcc/testsuite/gcc.c-torture/execute
    if ! need_toolchain || [ ! -d "$src" ]; then
        echo "SKIP torture: no cross compiler (make toolchain)"
    else
        bad=
        for t in O0/20020404-1 O2/920501-1 O2/va-arg-24 O3/pr53645-2 O2/complex-7 O3/ieee/fp-cmp-8l \
            O2/ieee/20010226-1 Os/nestfunc-6 O1/builtin-bitops-1; do
            name=${t#*/}
            exe=$(guest_cc "san-${t//\//-}" "-w -${t%%/*} -static" "$src/$name.c") || { bad="$t does not compile"; break; }
            timeout 60 "$san/ia64-sim" --user "$exe" >"$log/torture.log" 2>&1 </dev/null ||
                { bad="$t: status $?, $(tail -n 1 "$log/torture.log")"; break; }
        done
        if [ -z "$bad" ]; then
            echo "PASS torture"
        else
            cat "$log/torture.log"
            echo "FAIL torture: expected status 0, got $bad"
            status=1
        fi
    fi
fi
exit $status
