#!/bin/bash
# T=debug/monitor: a session with the monitor, scripted.
# quick: yes
set -uo pipefail
. tests/debug/common
log=$out/monitor.log

"$sim" -S --monitor "$prog" >"$log" 2>&1 <<M
break leaf
break
continue
regs
print r32 ip psr cr.iva ar.bsp
step 2
print r34
dis leaf 2
lbr 2
delete leaf
watch data 8 w
continue
x data 2
xp data 2
unwatch data 8 w
until main+90
translate data
tlb
cpu 0
trace insn $out/monitor.trace
step 3
trace off
set r20 abc
print r20
info
write data 5a5a
x data 1
nonsense
continue
quit
M
expect breakpoint '^\(ia64-sim\) breakpoint' "$log"
expect list "\) 0*$(symbol leaf | sed 's/^0*//')\.0 <leaf>" "$log"
expect where 'cpu0 ip .* <leaf>: alloc r33=ar.pfs' "$log"
expect regs '^r32 +0000000000000005' "$log"
expect print 'cr.iva = 0000000000100000' "$log"
expect step 'r34 = 0000000000000007' "$log"
expect dis 'shladd r8=r34,1,r0' "$log"
expect lbr '<main\+0x[0-9a-f]+> -> [0-9a-f]+ <leaf>' "$log"
expect watch 'watchpoint .* \(write\)' "$log"
expect memory ': 000000000000000e 0000000000000000' "$log"
expect until 'cpu0 ip .* <main\+0x90>' "$log"
expect translate '^.*read +pa 0*[0-9a-f]+ ma 0' "$log"
expect set 'r20 = 0000000000000abc' "$log"
expect write ': 0000000000005a5a' "$log"
expect unknown "unknown command 'nonsense'" "$log"
expect exited 'the guest exited with status 3' "$log"
expect trace-lines '<main\+0x90>  ' "$out/monitor.trace"
exit $status
