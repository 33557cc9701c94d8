#!/bin/bash
# T=debug/trace: every kind of event, every filter; tracing changes nothing.
# quick: yes
set -uo pipefail
. tests/debug/common
log=$out/trace.log

trace() { # options...
    "$sim" --trace-file "$log" "$@" "$prog" >/dev/null 2>"$out/trace.err" </dev/null
}
trace --trace insn
expect insn-targets 'movl r34=0x1122334455667788 +r34=1122334455667788' "$log"
expect insn-symbol ' <leaf[^>]*> +adds r34=2,r32 +r34=0000000000000007' "$log"
trace --trace mem
expect store '0 store .* 8 bytes va 0*[0-9a-f]+ pa 0*[0-9a-f]+ = 000000000000000e' "$log"
expect load '0 load .* 4 bytes .* = 0000000e$' "$log"
trace --trace intr
expect intr '2c00 Break Instruction isr .* iim 123' "$log"
trace --trace branch
expect branch '<main\+0x[0-9a-f]+> -> [0-9a-f]+ <leaf>$' "$log"
trace --trace insn --trace-range leaf+0-leaf+10
expect_status range 1 "$(cut -d'<' -f2 "$log" | grep -vc '^leaf' | awk '{ print ($1 == 0) }')"
trace --trace insn --trace-count 7
expect_status count 7 "$(wc -l <"$log")"
trace --trace insn --trace-start 20 --trace-count 1
expect start '^0 insn +20 ' "$log"
trace --trace insn --trace-cpl 3
expect_status cpl 0 "$(wc -l <"$log")"
trace -d in_asm --trace-range main-leaf+20
expect in_asm 'br.cloop.sptk' "$log"
expect_status in_asm-once 1 "$(grep -c 'br.cloop' "$log")"

"$sim" --stats "$prog" 2>&1 </dev/null | grep -E 'instructions|cycles|branches' >"$out/plain.stats"
"$sim" --stats --trace insn,mem,branch,intr,tlb --trace-file "$log" "$prog" 2>&1 </dev/null |
    grep -E 'instructions|cycles|branches' >"$out/traced.stats"
if cmp -s "$out/plain.stats" "$out/traced.stats"; then
    echo "PASS same-run"
else
    echo "FAIL same-run: expected the same counts with and without a trace, got $(diff "$out/plain.stats" "$out/traced.stats" | head -n 3 | tr '\n' ' ')"
    status=1
fi
exit $status
