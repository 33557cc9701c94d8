#!/bin/bash
# T=privify/errors: what is not what it claims to be, or cannot be rewritten, is refused by name; nothing is left behind.
# quick: yes
set -uo pipefail
. tests/privify/sample.sh.inc
need_binutils errors
case $BUILD in /*) p=$BUILD/privify ;; *) p=$PWD/$BUILD/privify ;; esac
build_samples || fail samples "expected them to be built"
work=$tmp/w
mkdir "$work"

# refuse CASE STATUS "message pattern" ARGUMENT...: -o goes to $work/out, which must not be there afterwards, nor anything
# else.
refuse() {
    local name=$1 status=$2 pattern=$3 got
    shift 3
    wanted "$name" || return 0
    (cd "$work" && "$p" "$@") >"$tmp/stdout" 2>"$tmp/stderr"
    got=$?
    if [ $got != "$status" ]; then
        fail "$name" "expected status $status, got $got: $(head -n 1 "$tmp/stderr")"
    elif ! grep -qE "$pattern" "$tmp/stderr"; then
        fail "$name" "expected '$pattern', got $(head -n 1 "$tmp/stderr")"
    elif [ -n "$(ls -A "$work")" ]; then
        fail "$name" "expected no file, got $(ls "$work")"
        rm -rf "${work:?}"/*
    else
        pass "$name"
    fi
}
# poke FILE OFFSET HEX: bytes changed in a copy of FILE, $tmp/poked.
poke() {
    cp "$1" "$tmp/poked"
    python3 -c 'import sys; sys.stdout.buffer.write(bytes.fromhex(sys.argv[1]))' "$3" | dd of="$tmp/poked" bs=1 seek="$2" conv=notrunc status=none
}
s=$tmp/sample

# Usage.
refuse no-file 2 'no file given' --list
refuse two-files 2 'more than one file' a b
refuse nothing-to-do 2 'nothing to do' "$s"
refuse unknown-option 2 'unrecognized option' --frob "$s"
refuse unknown-kind 2 'unknown kind: frob' --only thash,frob -o out "$s"
refuse undo-where 2 'where to' --undo "$s"
refuse verify-with 2 'goes with no other' --verify --list "$s"
refuse unproven-how 2 'fail, keep or rewrite' --unproven=maybe -o out "$s"

# Not what it claims to be.
: >"$tmp/empty"
printf '\177ELF' >"$tmp/magic"
refuse missing 1 'nowhere: No such file' -o out nowhere
refuse directory 1 'not a regular file' -o out "$tmp"
refuse empty 1 'not an ELF file' -o out "$tmp/empty"
refuse text 1 'not an ELF file' -o out "$here/sample.S"
refuse magic-only 1 'truncated' -o out "$tmp/magic"
refuse other-machine 1 'not for IA-64 \(ELF machine 62\)' -o out "$(type -P true)"
poke "$s" 4 01
refuse class 1 'not a 64-bit ELF' -o out "$tmp/poked"
poke "$s" 5 02
refuse big-endian 1 'not a little-endian' -o out "$tmp/poked"
poke "$s" 6 07
refuse version 1 'ELF version' -o out "$tmp/poked"
refuse shared-object 1 'ELF type 3 \(shared object\)' -o out "$tmp/gate.so"
poke "$s" 16 0400
refuse core-dump 1 'ELF type 4 \(core dump\)' -o out "$tmp/poked"
poke "$s" 54 2000
refuse program-header-size 1 'program headers of 32 bytes' -o out "$tmp/poked"
poke "$s" 58 2000
refuse section-header-size 1 'section headers of 32 bytes' -o out "$tmp/poked"
poke "$s" 32 ffffffffffffff7f
refuse program-headers 1 'program headers lie outside' -o out "$tmp/poked"
poke "$s" 40 ffffffffffffff7f
refuse section-headers 1 'section headers lie outside' -o out "$tmp/poked"
poke "$s" 60 feff
refuse many-sections 1 'section headers lie outside|sections are more' -o out "$tmp/poked"
poke "$s" 62 7f00
refuse name-table 1 'no section name table \(section 127\)' -o out "$tmp/poked"
size=$(stat -c %s "$s")
for n in 20 64 1000 60000 $((size - 1)); do
    head -c "$n" "$s" >"$tmp/cut"
    refuse "truncated-$n" 1 'truncated' -o out "$tmp/cut"
done
gzip -c "$s" >"$tmp/s.gz"
head -c 1500 "$tmp/s.gz" >"$tmp/cut.gz"
refuse truncated-gzip 1 'truncated or corrupt gzip' -o out "$tmp/cut.gz"
poke "$tmp/s.gz" 700 ffffffffff
refuse corrupt-gzip 1 'truncated or corrupt gzip' -o out "$tmp/poked"
{
    cat "$tmp/small.o"
    printf 'signature~Module signature appended~\n'
} >"$tmp/signed.ko"
refuse signed 1 'signed module' -o out "$tmp/signed.ko"

# What cannot be rewritten. A relocation of a rewritten slot; a slot that the kernel patches; code that overlaps.
rela=$(ia64-linux-gnu-readelf -SW "$tmp/small.o" | sed -n 's/^ *\[ *[0-9]*\] \.rela\.text  *RELA  *[0-9a-f]* \([0-9a-f]*\) .*/\1/p')
ssm=$("$p" --list --json "$tmp/small.o" 2>/dev/null | jq -r '.sites[] | select(.symbol == "back" and .kind == "ssm") | .offset')
poke "$tmp/small.o" $((0x$rela)) "$(printf '%02x%02x' $((ssm & 255)) $((ssm >> 8)))000000000000"
refuse relocated 1 "\.text\+$ssm slot 0 \(ssm\): a relocation changes this slot" -o out "$tmp/poked"
cat >"$tmp/patched.s" <<'S'
        .proc f
f:      nop 0
        ;;
[.Lslot:] ssm 1 << 14
        ;;
        br.ret.sptk b0
        .endp f
        .section .data..patch.phys_stack_reg, "a"
        .xdata4 ".data..patch.phys_stack_reg", .Lslot - .
S
ia64-linux-gnu-as -W -x -o "$tmp/patched.o" "$tmp/patched.s"
refuse patched 1 "slot 1 \(ssm\): the kernel's boot patching changes this slot" -o out "$tmp/patched.o"
python3 - "$s" "$tmp/poked" <<'P'
import struct, sys
data = bytearray(open(sys.argv[1], "rb").read())
(shoff,), (num,) = struct.unpack_from("<Q", data, 40), struct.unpack_from("<H", data, 60)
kinds = [struct.unpack_from("<I", data, shoff + 64 * i + 4)[0] for i in range(num)]
text = struct.unpack_from("<Q", data, shoff + 64 + 24)
struct.pack_into("<Q", data, shoff + 64 * kinds.index(2) + 24, text[0])  # .symtab over .text
open(sys.argv[2], "wb").write(data)
P
refuse overlap 1 'corrupt: .text and .symtab overlap in the file' -o out "$tmp/poked"
gate=$(grep -abo $'\177ELF' "$s" | sed -n '2s/:.*//p')
poke "$s" $((gate + 40)) ffffffffffffff00
refuse gate 1 'embedded at file offset .*section headers lie outside' -o out "$tmp/poked"

# Notes.
"$p" "$s" -o "$tmp/x" 2>/dev/null
refuse undo-nothing 1 'no privify note: nothing to undo' --undo -o out "$s"
ia64-linux-gnu-objcopy -R .note.Xen.privify "$tmp/x" "$tmp/lost"
refuse note-lost 1 'already rewritten, but its privify note is gone: [0-9]+ breaks' -o out "$tmp/lost"
ia64-linux-gnu-strip -o "$tmp/stripped" "$tmp/x"
refuse stripped-since 1 'changed since privify wrote it' --undo -o out "$tmp/stripped"
refuse stripped-rewrite 1 'changed since privify wrote it|note is gone' -o out "$tmp/stripped"
poke "$tmp/x" 70 ee
refuse changed-undo 1 'changed since privify wrote it' --undo -o out "$tmp/poked"
refuse changed-verify 1 'changed since privify wrote it' --verify "$tmp/poked"
note=$(ia64-linux-gnu-readelf -SW "$tmp/x" | sed -n 's/^ *\[ *[0-9]*\] \.note\.Xen\.privify *NOTE *[0-9a-f]* \([0-9a-f]*\) .*/\1/p')
poke "$tmp/x" $((0x$note + 16)) 09
refuse note-version 1 "note's version is 9" --undo -o out "$tmp/poked"
poke "$tmp/x" $((0x$note + 76)) ffff
refuse note-corrupt 1 'privify note' --undo -o out "$tmp/poked"
refuse verify-stock 1 'not rewritten' --verify "$s"

# Output.
refuse no-directory 1 'nodir/out: No such file' -o nodir/out "$s"
refuse to-device 1 'exists and is not a regular file' -o /dev/null "$s"
refuse to-directory 1 'exists and is not a regular file' -o .. "$s"
if wanted file-too-large; then
    (
        ulimit -f 20
        cd "$work" && "$p" -o out "$s" 2>"$tmp/stderr"
    )
    got=$?
    if [ $got = 1 ] && grep -q 'File too large' "$tmp/stderr" && [ -z "$(ls -A "$work")" ]; then
        pass file-too-large
    else
        fail file-too-large "expected status 1 and no file, got $got, $(ls -A "$work"), $(head -n 1 "$tmp/stderr")"
        rm -rf "${work:?}"/*
    fi
fi
if wanted in-place; then
    cp "$s" "$work/k"
    chmod 640 "$work/k"
    (cd "$work" && "$p" k -o k 2>/dev/null && "$p" --verify k >/dev/null && "$p" --undo k -o k)
    if cmp -s "$s" "$work/k" && [ "$(stat -c %a "$work/k")" = 640 ] && [ "$(ls -A "$work")" = k ]; then
        pass in-place
    else
        fail in-place "expected the file back with its mode, got $(ls -lA "$work")"
    fi
fi
exit $failed
