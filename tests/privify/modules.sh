#!/bin/bash
# T=privify/modules: privify on relocatable files.
# timeout: 600
#
# The guest kernel has everything built in, so there are no .ko files of Debian's. What a module is made of are the same
# objects: all of the kernel's (a thousand), and whole directories linked to one relocatable file, as modules are. Each:
# undone the same, rewritten twice the same, complete. For every tenth (FULL=1: all) and the linked ones GNU objdump
# finds nothing left and no other difference.
set -uo pipefail
. tests/privify/sample.sh.inc
need_binutils modules
p=$BUILD/privify
build=$CACHE/build-linux-16k
if [ ! -e "$build/vmlinux.o" ]; then
    for c in objects linked; do wanted $c && echo "SKIP $c: no objects of a kernel in $build"; done
    exit 0
fi
step=10
[ -z "${FULL-}" ] || step=1

# Nothing in the file itself says that these globals are functions: they are entered by the firmware, through
# descriptors that other files hold. Linked into the kernel they are found.
unproven="./arch/ia64/kernel/mca_asm.o"

# one FILE NAME: rewritten into $tmp/NAME, undone, rewritten again, verified; prints what is wrong.
one() {
    local opt=()
    [ "$1" != $unproven ] || opt=(--unproven=rewrite)
    "$p" "${opt[@]}" --list --json "$1" -o "$tmp/$2" >"$tmp/$2.json" || { echo "$1: status $?"; return; }
    "$p" --undo "$tmp/$2" -o "$tmp/u" && cmp "$1" "$tmp/u" || echo "$1: undone, another file"
    "$p" "${opt[@]}" "$tmp/$2" -o "$tmp/y" && cmp "$tmp/$2" "$tmp/y" || echo "$1: another when rewritten twice"
    "$p" --verify "$tmp/$2" >/dev/null || echo "$1: not complete"
}

if wanted objects; then
    n=0 check=() bad=0
    pwd=$PWD
    case $p in /*) ;; *) p=$pwd/$p ;; esac
    cd "$build" || exit 1
    "$p" $unproven --stats >"$tmp/out" 2>&1 && bad=1
    grep -q 'nothing proves that this is code' "$tmp/out" || bad=1
    [ $bad = 0 ] || echo "$unproven: expected to be refused"
    while read -r f; do
        n=$((n + 1))
        one "$f" $n >"$tmp/out" 2>&1
        if [ -s "$tmp/out" ]; then
            cat "$tmp/out"
            bad=$((bad + 1))
        elif [ $((n % step)) = 0 ] && [ "${f##*/}" != gate-dummy.o ]; then # whose section has an address, which objdump adds
            check+=("$build/$f" "$tmp/$n" "$tmp/$n.json")
        else
            rm -f "$tmp/$n" "$tmp/$n.json"
        fi
    done < <(find . -name '*.o' ! -path './scripts/*' ! -path './usr/*' ! -name '.*' ! -name 'vmlinux.o' |
        LC_ALL=C sort)
    cd "$pwd" || exit 1
    echo "$n objects"
    out=$(tests/lib/privify_check.py "${check[@]}") || bad=$((bad + 1))
    echo "$out"
    if [ $bad = 0 ] && [ $n -gt 500 ]; then pass objects; else fail objects "expected none of $n, got $bad"; fi
fi

if wanted linked; then
    bad=
    for d in fs/ext4 fs/fat drivers/virtio drivers/acpi kernel/sched net/ipv4; do
        name=${d//\//-}
        find "$build/$d" -name '*.o' ! -name '.*' -print0 | LC_ALL=C sort -z |
            xargs -0 ia64-linux-gnu-ld -r -o "$tmp/$name.ko" || bad=$d
        one "$tmp/$name.ko" "$name" >"$tmp/out" 2>&1
        out=$(tests/lib/privify_check.py "$tmp/$name.ko" "$tmp/$name" "$tmp/$name.json") || bad=$d
        echo "    $d: $out"
        [ ! -s "$tmp/out" ] || bad="$d: $(head -n 1 "$tmp/out")"
        # What a loader reads is what it was: symbols, relocations, the other sections.
        for o in -s -r; do
            diff <(ia64-linux-gnu-readelf -W $o "$tmp/$name.ko") <(ia64-linux-gnu-readelf -W $o "$tmp/$name") >/dev/null || bad="$d: readelf $o"
        done
    done
    if [ -z "$bad" ]; then pass linked; else fail linked "expected no finding, got one in $bad"; fi
fi
exit $failed
