#!/bin/bash
# T=debug/gdb: gdb-multiarch drives the simulator through its stub.
# quick: yes
# timeout: 120
set -uo pipefail
. tests/debug/common
log=$out/gdb.log
if ! command -v gdb-multiarch >/dev/null; then
    echo "SKIP gdb: no gdb-multiarch (package gdb-multiarch)"
    exit 0
fi
rm -f "$out/port"
# Port 0: the kernel chooses, the stub says which.
"$sim" -S -gdb tcp::0 "$prog" >"$out/gdb.sim" 2>"$out/port" </dev/null &
pid=$!
for _ in $(seq 100); do
    port=$(sed -n 's/.*gdb stub on port //p' "$out/port")
    [ -n "$port" ] && break
    sleep 0.1
done
timeout 60 gdb-multiarch -q -nx -batch -ex "file $prog" -ex "target remote :$port" -ex 'show architecture' \
    -ex 'break leaf' -ex 'continue' -ex 'p/x $r32' -ex 'p/x $b0 > $ip' -ex 'stepi' -ex 'stepi' -ex 'p $r34' \
    -ex 'set $r34 = 40' -ex 'x/i $pc' -ex 'delete' -ex 'watch *(long *)&data' -ex 'continue' -ex 'p/x *(long *)&data' \
    -ex 'delete' -ex 'p $f1' -ex 'p $p0' -ex 'p/x $cfm & 0x7f' -ex 'p/x $fpsr' -ex 'monitor translate data' \
    -ex 'set *(int *)&data = 0x77' -ex 'p/x *(int *)&data' -ex 'info threads' -ex 'p/x $r34' -ex 'continue' >"$log" 2>&1
wait $pid
rc=$?
expect architecture 'currently "ia64-elf64"' "$log"
expect breakpoint 'Breakpoint 1, .* in leaf' "$log"
expect stacked-register '\$1 = 0x5$' "$log"
expect step '\$3 = 7$' "$log"
expect disassembly 'shladd r8=r34,1,r0' "$log"
expect watchpoint 'atchpoint 2: ' "$log"
expect register-write '\$4 = 0x50$' "$log"
expect fp-register '\$5 = 1$' "$log"
expect predicate '\$6 = 1$' "$log"
expect frame-marker '\$7 = 0xa$' "$log"
expect fpsr '\$8 = 0x9804c0270033f$' "$log"
expect monitor 'read +pa ' "$log"
expect memory-write '\$9 = 0x77$' "$log"
expect threads 'CPU 0' "$log"
expect local-register '\$10 = 0x1122334455667788$' "$log"
expect exit-code 'exited with code 03' "$log"
expect_status simulator 3 $rc
exit $status
