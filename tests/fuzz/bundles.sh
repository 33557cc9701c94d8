#!/bin/bash
# T=fuzz/bundles: random bundles never crash the simulator, and blocks compute what single steps compute.
# quick: yes
# timeout: 1500
#
# `make check` runs the ordinary build; `make test` also builds and runs one with ASan and UBSan. An hour of it:
#   make SAN=1 build/san/tests/fuzz/bundles
#   build/san/tests/fuzz/bundles --seconds 1800 --seed $RANDOM; build/san/tests/fuzz/bundles --wild --seconds 1800 --seed $RANDOM
set -uo pipefail
status=0

try() { # case, command...
    local name=$1 log=$BUILD/tests/fuzz/$1.log
    shift
    [ -z "$CASE" ] || [ "$CASE" = "$name" ] || return 0
    mkdir -p "${log%/*}"
    if "$@" >"$log" 2>&1; then
        echo "PASS $name"
        grep -m1 ' rounds, ' "$log"
    else
        echo "FAIL $name: expected survival and equal states, got $(grep -m1 -E '^FAIL|ERROR|runtime error' "$log" || echo "exit status $?"), see $log"
        head -n 40 "$log"
        status=1
    fi
}

try blocks-against-steps "$BUILD/tests/fuzz/bundles" --rounds 10000
try wild "$BUILD/tests/fuzz/bundles" --wild --rounds 5000 --seed 7
if [ "$QUICK" = 0 ] && [[ $BUILD != */san ]]; then
    mkdir -p "$BUILD/san" # where T=san builds too
    if flock "$BUILD/san/lock" make --no-print-directory -j2 SAN=1 BUILD="$BUILD" "$BUILD/san/tests/fuzz/bundles" >"$BUILD/tests/fuzz/san-build.log" 2>&1; then
        try sanitized "$BUILD/san/tests/fuzz/bundles" --seconds 40 --seed 1000000
        try sanitized-wild "$BUILD/san/tests/fuzz/bundles" --wild --seconds 40 --seed 2000000
    else
        echo "FAIL sanitized: expected a build with SAN=1, got an error, see $BUILD/tests/fuzz/san-build.log"
        tail -n 15 "$BUILD/tests/fuzz/san-build.log"
        status=1
    fi
fi
exit $status
