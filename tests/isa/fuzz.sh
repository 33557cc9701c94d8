#!/bin/bash
# quick: yes
# Random bundles through decoder, encoder and disassembler, with the address and undefined-behaviour sanitizers.
# For longer: build/tests/isa/fuzz COUNT SEED, or libFuzzer (see fuzz.c).
set -uo pipefail
if [ "$QUICK" = 1 ]; then n=200000; else n=2000000; fi
if out=$("$BUILD/tests/isa/fuzz" $n "${SEED:-$RANDOM}" 2>&1); then
    echo "$out"
    echo "PASS random"
else
    echo "$out" | tail -n 40
    echo "FAIL random: expected no crash, got a sanitizer report, see the log"
    exit 1
fi
