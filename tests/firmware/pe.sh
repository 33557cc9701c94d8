#!/bin/bash
# quick: yes
# The PE loader: layout, relocations, each field spoilt, and random damage, under the sanitizers.
set -uo pipefail
status=0
"$BUILD/tests/firmware/pe" || status=1
if [ "$QUICK" = 1 ]; then n=200000; else n=3000000; fi
if out=$("$BUILD/tests/firmware/pe" $n "${SEED:-$RANDOM}" 2>&1); then
    echo "$out"
    echo "PASS fuzz"
else
    echo "$out" | tail -n 40
    echo "FAIL fuzz: expected no crash, got a sanitizer report, see the log"
    status=1
fi
exit $status
