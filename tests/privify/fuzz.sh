#!/bin/bash
# T=privify/fuzz: mutated ELF files; no crash, no sanitizer's report, what is accepted comes back undone.
# quick: yes
# timeout: 600
#
# FUZZ_COUNT and FUZZ_SEED for more and other ones; docs/fuzzing.md has the long run.
set -uo pipefail
. tests/privify/sample.sh.inc
need_binutils fuzz
build_samples || fail samples "expected them to be built"
n=100000
[ "${QUICK:-0}" = 0 ] || n=20000
if out=$("$BUILD/tests/privify/fuzz" "${FUZZ_COUNT:-$n}" "${FUZZ_SEED:-$RANDOM}" "$tmp"/{small.o,small,small-bare,sample} 2>&1); then
    echo "$out"
    pass mutated
else
    echo "$out" | tail -n 40
    fail mutated "expected no report, got one: $(echo "$out" | grep -m1 -E 'ERROR|error|round' || echo "status")"
fi
exit $failed
