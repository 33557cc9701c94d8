#!/bin/bash
# quick: yes
# The instruction table tested on itself: rows do not overlap, the decoder finds exactly them, decode and encode are
# inverse but for ignored bits, and encodings that are no legal instruction get the manual's verdict.
set -uo pipefail
prog=$BUILD/tests/isa/roundtrip
failed=0

run() {
    [ -z "$CASE" ] || [ "$CASE" = "$1" ] || return 0
    local out
    if out=$("$prog" "$@" 2>&1); then
        echo "PASS $1"
    else
        echo "$out"
        echo "FAIL $1: expected 0 failures, got $(echo "$out" | tail -n 1), see the log"
        failed=1
    fi
}
run overlap
run lookup
run bits
run range
run bundles
run ignored tests/isa/ignored-bits.txt
run status tests/isa/status.txt
exit $failed
