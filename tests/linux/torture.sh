#!/bin/bash
# timeout: 3600
# GCC's torture programs at -O2 and the user-level tests of tests/user/guest under the real kernel: page faults, signals,
# context switches, the dynamic linker and shared libraries included. One boot with 4 CPUs, a worker on each. A verdict
# per program of tests/user; for torture one for all, with the names of those that fail. CASE: torture or user.
set -uo pipefail
cases="torture user console"
. tests/linux/lib.inc
. tests/lib/guest-cc.sh
guests kernel-16k initramfs
compile_torture() { CASE=O2/20000112-1 tests/torture.sh; }
torture=$(readlink -f "$guest_root/torture")
[ -e "$torture/.done" ] || { compile_torture && torture=$(readlink -f "$guest_root/torture"); }
[ -e "$torture/.done" ] || { echo "FAIL torture: the torture programs could not be compiled"; exit 1; }
sysroot=$CACHE/toolchain/ia64-linux-gnu/sysroot
user="files memory process signals time"
# What these programs ask of --user and a real kernel does otherwise. time usage: a tick is as long as the kernel's CONFIG_HZ
# says. signals undisturbed, altstack: a timer of 40 us fires at the next tick, 4 ms, not often enough for them. signals
# misaligned: Linux leaves PSR.ac 0, and then our processor does such an access itself (SDM 2:4.5 leaves it the choice).
otherwise='^(time FAIL usage: expected sysconf\(_SC_CLK_TCK\) == 1024, got 250 |'
otherwise+='signals FAIL (undisturbed: expected count > |altstack: expected count > |misaligned: expected got_sig == 7, got 0 ))'

link_some() {
    while read -r name; do
        mkdir -p "$tree/t/$(dirname "$name")"
        # -lm as a needed library only where it is; a program that does not link is missed by the count below.
        "$guest_gcc" -s -Wl,--as-needed "$torture/O2/$name.o" -o "$tree/t/$name" -lm 2>"$dir/link.err" ||
            echo "$name: $(grep -m1 -v 'in function' "$dir/link.err")" >>"$dir/unlinked"
    done
}
image_make() {
    tree=$dir/tree
    rm -rf "$tree" "$dir/unlinked" && mkdir -p "$tree/lib" "$tree/t" "$tree/user"
    export tree dir torture guest_gcc
    export -f link_some
    cp -a "$sysroot"/lib/{ld-linux-ia64.so.2,libc.so.6.1,libm.so.6.1,libgcc_s.so.1,libunwind.so.7} "$tree/lib/"
    (cd "$torture/O2" && find . -name '*.o' -printf '%P\n' | sed 's/\.o$//' | sort) |
        while read -r name; do [ -e "$torture/O2/$name.skip" ] || echo "$name"; done |
        grep -vxF "$(sed -n 's,^O2/\([^:]*\):.*,\1,p' tests/torture/known.txt)" >"$tree/list"
    xargs -d '\n' -P "$JOBS" -n 50 bash -c 'printf "%s\n" "$@" | link_some' link <"$tree/list"
    for name in $user; do
        "$guest_gcc" -O2 tests/user/guest/$name.c -o "$tree/user/user-$name" -lpthread
    done
    cp "$guest_script" "$tree/run"
    test_disk "$dir/image" "$tree" 256M
}
guest_script=$here/torture.guest
dir=$(guest_set linux-torture "$(basename "$torture")" "$(cat tests/user/guest/*.[ch] $here/torture.guest)" "$user" 2)
guest_set_fill "$dir" "linux/torture: link the programs, make the disk" image_make

append="console=ttyS0 quiet run=mount+-o+ro+/dev/vda+/mnt;awk+NR%$every==0+/mnt/list>/tmp/list;"
append+="sed+s,/mnt/list,/tmp/list,+/mnt/run>/tmp/run;sh+/tmp/run${CASE:++$CASE}"
start=$SECONDS
limit=3000 boot run -smp 4 -m 1G -drive "file=$dir/image,format=raw,readonly=on" --stats
mkdir -p "$logs" && cp "$work/run.log" "$work/run.err" "$logs/"
if wanted torture; then
    total=$(($(wc -l <"$dir/tree/list") / every))
    verdict torture "$(
        sort "$work/run.log" | sed -n 's/^R //p' | grep -v ' 0$' | sed 's/ \([0-9]*\)$/: expected exit 0, got \1/'
        sed 's/^/does not link: /' "$dir/unlinked" 2>/dev/null
        [ "$(grep -c '^R ' "$work/run.log")" = "$total" ] ||
            echo "expected $total programs to end, $(grep -c '^R ' "$work/run.log") did"
    )"
    echo "    torture: $(grep -c '^R .* 0$' "$work/run.log") of $total programs exited with 0"
fi
if wanted user; then
    for p in $user; do
        verdict "user-$p" "$(
            known=$(sed -n 's/^U //p' "$work/run.log" | grep -E "$otherwise" | grep -c "^$p ")
            sed -n "s/^U \($p FAIL \)/\1/p" "$work/run.log" | grep -vE "$otherwise"
            grep -qE "^U $p $((known > 0))\$" "$work/run.log" || echo "expected exit 0, got $(sed -n "s/^U $p \([0-9]*\)$/\1/p" "$work/run.log")"
        )"
    done
fi
# The programs misalign, crash and overflow on purpose; the kernel must not.
[ -n "$CASE" ] && [ "$CASE" != console ] ||
    verdict console "$(troubles run | grep -viE '^console: .*(unaligned access|floating-point assist|: [RU] )|^stderr:   |statistics,' |
        grep -vE '^console: [RU] ')"
echo "    $((SECONDS - start)) s; $(awk '$1 == "instructions" || $1 == "MIPS" { printf "%s %s  ", $1, $2 }' "$work/run.err")"
exit $failed
