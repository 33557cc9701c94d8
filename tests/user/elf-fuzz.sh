#!/bin/bash
# quick: yes
# timeout: 7200
# Mutated ELF files never crash the reader (under ASan and UBSan) nor the simulator: a short run.
# A long run: FUZZ_COUNT=10000000 FUZZ_SEED=$RANDOM make test T=user/elf-fuzz  (about an hour)
# and, of the whole simulator with sanitizers: make SAN=1 FUZZ_RUNS=20000 test T=user/elf-fuzz
set -uo pipefail
count=${FUZZ_COUNT:-100000} seed=${FUZZ_SEED:-1} runs=${FUZZ_RUNS:-200}
[ "$QUICK" = 1 ] && count=$((count / 5)) runs=$((runs / 4))
fuzz=$BUILD/tests/user/elf-fuzz sim=$BUILD/ia64-sim
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
status=0
if ! ia64-linux-gnu-as -o "$scratch/small.o" tests/user/guest/small.s 2>"$scratch/err" ||
    ! ia64-linux-gnu-ld -o "$scratch/small" "$scratch/small.o"; then
    echo "SKIP elf-fuzz: no ia64-linux-gnu-as and -ld"
    exit 0
fi
"$sim" --user "$scratch/small" >"$scratch/out" 2>&1
if [ $? = 5 ] && [ "$(cat "$scratch/out")" = hi ]; then
    echo "PASS original"
else
    echo "FAIL original: expected hi and exit status 5, got $(cat "$scratch/out"), tests/user/guest/small.s"
    status=1
fi
if "$fuzz" "$count" "$seed" "$scratch/small" "$scratch/small.o" >"$scratch/out" 2>&1; then
    echo "PASS reader"
else
    echo "FAIL reader: expected no crash, got $(grep -m1 -E 'ERROR|runtime error' "$scratch/out"), seed $seed"
    status=1
fi
cat "$scratch/out"
# Whole runs: an exit status, or death by a signal that the simulator itself announced as the program's.
"$fuzz" --write "$runs" "$seed" "$scratch/m" "$scratch/small"
bad=
for f in "$scratch"/m-*; do
    [ -x "$f" ] || chmod +x "$f"
    { timeout 20 "$sim" --user --max-insns 1000000 "$f" >"$scratch/out" 2>"$scratch/err" </dev/null; } 2>/dev/null
    rc=$?
    if [ $rc -gt 128 ] && ! grep -q '^ia64-sim: .*SIG' "$scratch/err" || grep -q 'Sanitizer\|runtime error' "$scratch/err"
    then
        bad="$f: status $rc, $(tail -1 "$scratch/err")"
        cp "$f" "$BUILD/elf-fuzz-failure"
        break
    fi
done
if [ -z "$bad" ]; then
    echo "PASS simulator"
else
    echo "FAIL simulator: expected no crash, got $bad, kept as $BUILD/elf-fuzz-failure"
    status=1
fi
exit $status
