#!/bin/bash
# T=cpu/asm: bare-metal programs in assembly, one file a subject, named cases (tests/cpu/asm/*.S).
# quick: yes
# timeout: 300
#
# CASE=name runs the file of that name. SKI=path runs the programs on ski (system mode) as well, for a second opinion.
set -uo pipefail
. tests/lib/bare/build.sh
sim=${SIM:-$BUILD/ia64-sim}
out=$BUILD/tests/cpu/asm
mkdir -p "$out"
status=0
seen=0

if ! command -v ia64-linux-gnu-as >/dev/null; then
    echo "SKIP cpu/asm: no ia64-linux-gnu-as (package binutils-ia64-linux-gnu)"
    exit 0
fi
for src in tests/cpu/asm/*.S; do
    name=$(basename "$src" .S)
    [ -z "$CASE" ] || [ "$CASE" = "$name" ] || continue
    seen=1
    if ! bare_asm "$out/$name" "$src" >"$out/$name.log" 2>&1; then
        echo "FAIL $name: does not assemble: $(grep -m1 -E 'Error|Warning' "$out/$name.log")"
        cat "$out/$name.log"
        status=1
        continue
    fi
    # Options a test needs are in its first lines: "ia64-sim: -smp 2".
    opts=$(sed -n '1,5s/.*ia64-sim: \([^*]*\).*/\1/p' "$src")
    timeout 60 "$sim" --max-insns 200000000 $opts "$out/$name" >"$out/$name.out" 2>"$out/$name.err" </dev/null
    rc=$?
    sed -n -E "s/^(PASS|FAIL) (.*)/\1 $name: \2/p" "$out/$name.out" | sed "s|, line |, $src:|"
    if grep -q '^FAIL' "$out/$name.out"; then
        status=1
    elif [ $rc -ne 0 ]; then
        echo "FAIL $name: exit status $rc after case '$(sed -n 's/^PASS //p' "$out/$name.out" | tail -n 1)'"
        status=1
    fi
    [ $rc -eq 0 ] || head -n 40 "$out/$name.err"
    if [ -n "${SKI:-}" ] && ! grep -q 'not for ski' "$src"; then
        (cd "$out" && timeout 60 "$SKI" -noconsole -nonet -forcesystem "$OLDPWD/$out/$name") 2>&1 </dev/null |
            sed -n "s/^FAIL/ski disagrees: $name:/p"
    fi
done
[ $seen = 1 ] || echo "FAIL $CASE: no such file in tests/cpu/asm"
exit $status
