#!/bin/bash
# T=privify/vmlinux: privify on the guests' Linux kernels.
# timeout: 900
#
# Counts by kind; GNU objdump and a list of our own find nothing left, and differences at the listed slots only; undone
# it is the same file; rewritten twice it is the same; what is kept; --verify; JSON. FULL=1: kernels of all page sizes.
set -uo pipefail
. tests/privify/sample.sh.inc
need_binutils vmlinux
p=$BUILD/privify
sizes=16k
[ -z "${FULL-}" ] || sizes="4k 8k 16k 64k"

for size in $sizes; do
    if ! out=$(guests/build.sh "kernel-$size" 2>&1); then
        echo "$out"
        fail "$size" "expected a kernel, got: $(echo "$out" | tail -n 1)"
        continue
    fi
    dir=$CACHE/guests/kernel-$size k=$CACHE/guests/kernel-$size/vmlinux

    # Default kinds, then all.
    for kinds in default all; do
        name=left-$size-$kinds
        wanted "$name" || continue
        flag=()
        [ $kinds = default ] || flag=(--all)
        "$p" --only $kinds --list --json "$k" -o "$tmp/x" >"$tmp/x.json" || fail "$name" "expected a file, got status $?"
        jq -r '.kinds | to_entries[] | select(.value.rewritten + .value.not_selected > 0)
            | "    \(.key): \(.value.rewritten) rewritten, \(.value.not_selected) not selected"' "$tmp/x.json"
        jq -r '"    proof: " + ([.sites[].proof] | group_by(.) | map("\(.[0]) \(length)") | join(", "))' "$tmp/x.json"
        if out=$(tests/lib/privify_check.py "${flag[@]}" "$k" "$tmp/x" "$tmp/x.json"); then
            echo "$out"
            pass "$name"
        else
            echo "$out"
            fail "$name" "expected no finding, got $(echo "$out" | head -n 1)"
        fi
    done

    wanted "undo-$size" && {
        why=
        "$p" "$k" -o "$tmp/x" && "$p" --undo "$tmp/x" -o "$tmp/u" || why="status $?"
        cmp "$k" "$tmp/u" || why="another file"
        "$p" "$tmp/x" -o "$tmp/y" && cmp "$tmp/x" "$tmp/y" || why="another when rewritten twice"
        "$p" --verify "$tmp/x" || why="not complete"
        [ "$(stat -c %a "$tmp/x")" = "$(stat -c %a "$k")" ] || why="another mode"
        for o in -ss -n -lh; do
            diff <(ia64-linux-gnu-readelf -W $o "$k" 2>&1 | grep -v 'section headers') \
                <(ia64-linux-gnu-readelf -W $o "$tmp/x" 2>&1 | grep -v 'section headers\|^Displaying.*privify') >"$tmp/d"
            # Only the header's numbers of sections, and one note more.
            grep '^<' "$tmp/d" | grep -v 'Number of section\|string table index' | grep -q . && why="readelf $o: $(grep -m1 '^<' "$tmp/d")"
        done
        if [ -z "$why" ]; then pass "undo-$size"; else fail "undo-$size" "expected the kernel, got $why"; fi
    }

    # Stripped of symbols, of section headers, compressed: the same slots by other proofs.
    wanted "stripped-$size" && {
        why=
        tests/lib/elf_strip_headers.py "$dir/vmlinux.stripped" "$tmp/bare"
        "$p" --list --json "$k" | jq -c '.sites[] | [.address, .slot]' >"$tmp/sites"
        [ "$(wc -l <"$tmp/sites")" -gt 1000 ] || why="only $(wc -l <"$tmp/sites") sites"
        for f in "$dir/vmlinux.stripped" "$dir/vmlinuz" "$tmp/bare"; do
            "$p" --list --json "$f" -o "$tmp/x" | jq -c '.sites[] | [.address, .slot]' | diff "$tmp/sites" - >"$tmp/d" ||
                why="$(basename "$f"): other sites, $(grep -m1 '^[<>]' "$tmp/d")"
            "$p" --verify "$tmp/x" || why="$(basename "$f"): not complete"
            "$p" --undo "$tmp/x" -o "$tmp/u" || why="$(basename "$f"): not undone"
            case $f in
            *z) gzip -dc "$f" | cmp - "$tmp/u" ;;
            *) cmp "$f" "$tmp/u" ;;
            esac || why="$(basename "$f"): undone, another file"
        done
        "$p" "$dir/vmlinuz" -o "$tmp/x.gz" && gzip -t "$tmp/x.gz" && "$p" --verify "$tmp/x.gz" || why="no .gz"
        if [ -z "$why" ]; then pass "stripped-$size"; else fail "stripped-$size" "expected the same, got $why"; fi
    }

    # --verify sees one damaged break, one instruction put back, and one byte changed elsewhere.
    wanted "verify-$size" && {
        why=
        "$p" "$k" -o "$tmp/x"
        for n in 0 700 4000; do
            at=$("$p" --list --json "$k" | jq ".sites[$n].file_offset")
            for damage in break original; do
                cp "$tmp/x" "$tmp/y"
                if [ $damage = original ]; then
                    dd if="$k" of="$tmp/y" bs=1 seek="$at" skip="$at" count=16 conv=notrunc status=none
                else
                    python3 - "$tmp/y" "$at" "$("$p" --list --json "$k" | jq ".sites[$n].slot")" <<'P'
import sys
f, at, slot = open(sys.argv[1], "r+b"), int(sys.argv[2]), int(sys.argv[3])
f.seek(at)
v = int.from_bytes(f.read(16), "little") ^ 1 << (5 + 41 * slot + 6)
f.seek(at)
f.write(v.to_bytes(16, "little"))
P
                fi
                "$p" --verify "$tmp/y" >"$tmp/out" 2>&1 && why="complete with $damage at $at"
                grep -q "$(printf '%x' "$(("$("$p" --list --json "$k" | jq -r ".sites[$n].address")"))")" "$tmp/out" ||
                    why="not named: $(head -n 1 "$tmp/out")"
            done
        done
        cp "$tmp/x" "$tmp/y"
        printf '\1' | dd of="$tmp/y" bs=1 seek=100 conv=notrunc status=none
        "$p" --verify "$tmp/y" >/dev/null 2>&1 && why="complete with a byte changed"
        "$p" --verify "$k" >/dev/null 2>&1 && why="the stock kernel is complete"
        if [ -z "$why" ]; then pass "verify-$size"; else fail "verify-$size" "expected it to be noticed, got $why"; fi
    }
done
exit $failed
