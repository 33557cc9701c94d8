#!/bin/bash
# T=debug/options: the command line: what is refused is named, limits and statuses are passed on.
# quick: yes
set -uo pipefail
. tests/debug/common
log=$out/options.log

refuse() { # NAME PATTERN ARGS...
    local name=$1 pattern=$2 rc
    shift 2
    "$sim" "$@" >"$log" 2>&1 </dev/null
    rc=$?
    expect "$name" "$pattern" "$log"
    expect_status "$name-status" 1 $rc
}
refuse unknown 'unknown option --frobnicate' --frobnicate "$prog"
refuse no-value 'option --trace-file needs a value' --trace-file
refuse bad-number "option --max-insns: '12x' is not a number" --max-insns 12x "$prog"
refuse bad-trace "option --trace: 'foo' is none of" --trace insn,foo "$prog"
refuse bad-size "option -m: 'lots' is not a size" -m lots "$prog"
refuse no-program 'no program given' --stats
refuse no-file 'nonexistent' ./nonexistent
refuse too-little-ram 'not in RAM' -m 1 "$prog"
refuse stop-alone 'option -S waits for' -S "$prog"
refuse bad-range "'nowhere' is neither LO-HI nor a symbol" --trace insn --trace-range nowhere "$prog"

"$sim" "$prog" >"$log" 2>&1 </dev/null
expect_status exit-status 3 $?
"$sim" --max-insns 100000 "$bare_lib/../../../$prog" >"$log" 2>&1 </dev/null
expect_status below-the-limit 3 $?
"$sim" --stats -m 64M -smp 2 "$prog" >"$log" 2>&1 </dev/null
expect smp 'statistics, 2 cpus' "$log"
"$sim" --stats=mix "$prog" >"$log" 2>&1 </dev/null
expect stats-mix '^  nops +[1-9]' "$log"
expect stats-vector '2c00 Break Instruction' "$log"
expect stats-branches '^  taken branches +[1-9]' "$log"
"$sim" --dump-state "$prog" >"$log" 2>&1 </dev/null
expect dump-iva "cr.iva +0*$(symbol __ivt | sed 's/^0*//')" "$log"
expect dump-fr '^f0 +\+ 00000 0+ .*f1 +\+ 0ffff 80+' "$log"
"$sim" --help >"$log" 2>&1
expect_status help 0 $?
"$sim" --version >"$log" 2>&1
expect version '^ia64-sim' "$log"

# A loop for ever ends at the limit; a fault nobody handles ends with everything there is to know.
cat >"$out/loop.S" <<'S'
    .text
    .global _start
_start: br.sptk _start
    ;;
S
ia64-linux-gnu-as "$out/loop.S" -o "$out/loop.o" && ia64-linux-gnu-ld -Ttext 0x100000 -o "$out/loop" "$out/loop.o"
"$sim" --max-insns 1000000 "$out/loop" >"$log" 2>&1
expect_status limit 124 $?
expect limit-message 'stopped after 1[0-9]{6} instructions' "$log"
printf '    .text\n    .global _start\n_start: mov r8 = 0\n    br.call.sptk b0 = 1f\n    ;;\n1:  break 0x77\n    ;;\n' >"$out/fatal.S"
ia64-linux-gnu-as "$out/fatal.S" -o "$out/fatal.o" && ia64-linux-gnu-ld -Ttext 0x100000 -o "$out/fatal" "$out/fatal.o"
"$sim" "$out/fatal" >"$log" 2>&1
expect_status fatal 1 $?
expect fatal-reason 'fatal: Break Instruction .*iim 77.* no handler' "$log"
expect fatal-branches 'last 1 taken branches' "$log"

# Handlers that fault themselves, for ever: no instruction completes, so that --max-insns alone would not end it.
printf '    .text\n    .global _start\n_start: movl r2 = 0x200000\n    ;;\n    mov cr.iva = r2\n    ;;\n    srlz.i\n    ;;\n    break 0x77\n    ;;\n' >"$out/storm.S"
ia64-linux-gnu-as "$out/storm.S" -o "$out/storm.o" && ia64-linux-gnu-ld -Ttext 0x100000 -o "$out/storm" "$out/storm.o"
timeout 60 "$sim" "$out/storm" >"$log" 2>&1
expect_status storm 70 $?
expect storm-message 'fatal: fault storm: 1000000 interruptions and no rfi; the last is vector 0x2c00 Break Instruction, with psr.ic 0' "$log"
expect storm-where '^cpu0 ip 0000000000202c00' "$log"
timeout 60 "$sim" --watchdog 50 -d int "$out/storm" >"$log" 2>&1
expect storm-trace '^0 intr .* 2c00 Break Instruction .* iim 0 ic=0' "$log"
expect_status storm-50 50 "$(grep -c '^0 intr' "$log")"
refuse bad-log "option -d: 'cpu' is none of in_asm, int, mmu" -d int,cpu "$prog"

# Names of an image that the simulator did not load, and of one that runs elsewhere.
"$sim" --watchdog 50 --symbols "$out/storm+102c00,$out/loop" "$out/storm" >"$log" 2>&1
expect symbols-moved '^cpu0 ip 0000000000202c00.0 <_start>' "$log"
refuse symbols-missing '--symbols .*nonexistent' --symbols ./nonexistent "$prog"
exit $status
