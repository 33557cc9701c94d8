#!/bin/bash
# T=privify/data: what is code and what is not, on a sample kernel and module that say so themselves (sample.S).
# quick: yes
#
# marked      exactly the instructions that sample.S marks are found, by kind, in module, kernel and without headers
# data        bits that look like an instruction: kept where something says that they are data
# unproven    ... refused, kept or rewritten where nothing says anything
# both        ... and where a function's code is said to be data
# kinds       --only, --also, --skip, and what --list calls kept
# user        a user program in the data is none of the kernel's code
set -uo pipefail
. tests/privify/sample.sh.inc
need_binutils data
p=$BUILD/privify
build_samples || fail samples "expected them to be built"
kinds=$("$p" --kinds | awk 'NR > 1 && $1 != "groups:" {print $1}')

if wanted marked; then
    why=
    # Comments say the kind; the gate page's too.
    for kind in $kinds; do
        want=$(cat "$here/sample.S" "$here/gate.S" | grep -cE "// $kind($|[ ,])")
        for f in sample.o sample bare; do
            got=$("$p" --only all --list --json "$tmp/$f" 2>/dev/null | jq "[.sites[] | select(.kind == \"$kind\")] | length")
            [ "$got" = "$want" ] || why="$got of $kind in $f, not $want"
        done
    done
    if [ -z "$why" ]; then pass marked; else fail marked "expected what sample.S marks, got $why"; fi
fi

if wanted data; then
    why=
    for f in sample.o sample bare; do
        "$p" "$tmp/$f" -o "$tmp/x" 2>/dev/null || why="status $? for $f"
        # Four places have these bits: one is code (the first vector), three are data.
        n=$(od -An -v -tx8 -w8 "$tmp/x" | grep -c 0130041a20009009)
        m=$(od -An -v -tx8 -w8 "$tmp/$f" | grep -c 0130041a20009009)
        [ "$m" = 4 ] && [ "$n" = 3 ] || why="$n of $m in $f"
    done
    if [ -z "$why" ]; then pass data; else fail data "expected the data as it was, got $why"; fi
fi

# In .text, without a symbol, after a function's end.
cat >"$tmp/anon.s" <<'S'
        .proc f
f:      nop 0
        br.ret.sptk b0
        .endp f
        .align 16
        data8 0x0130041a20009009, 0x0004000000083640
S
if wanted unproven; then
    why=
    rm -f "$tmp/x"
    ia64-linux-gnu-as -x -o "$tmp/anon.o" "$tmp/anon.s"
    "$p" "$tmp/anon.o" -o "$tmp/x" 2>"$tmp/out" && why="accepted"
    grep -q '\.text+0x10 slot 0 (thash).*nothing proves' "$tmp/out" || why="not named: $(cat "$tmp/out")"
    [ ! -e "$tmp/x" ] || why="written"
    "$p" --unproven=keep "$tmp/anon.o" -o "$tmp/x" 2>/dev/null || why="not kept"
    [ "$(ia64-linux-gnu-objdump -d "$tmp/x" | grep -cE 'thash|ttag')" = 2 ] || why="kept, but changed"
    "$p" --verify "$tmp/x" >/dev/null 2>&1 && why="kept, but complete"
    "$p" --unproven=rewrite "$tmp/anon.o" -o "$tmp/x" || why="not rewritten"
    [ "$(ia64-linux-gnu-objdump -d "$tmp/x" | grep -cE 'thash|ttag')" = 0 ] || why="rewritten, but left"
    "$p" --verify "$tmp/x" >/dev/null || why="rewritten, but not complete"
    if [ -z "$why" ]; then pass unproven; else fail unproven "expected it to be decided by option, got $why"; fi
fi

if wanted both; then
    why=
    cat >"$tmp/both.s" <<'S'
        .proc f
f:      nop 0
        ;;
        .type d, @object
d:      thash r18 = r16
        ;;
        .size d, 16
        br.ret.sptk b0
        .endp f
S
    rm -f "$tmp/x"
    ia64-linux-gnu-as -W -x -o "$tmp/both.o" "$tmp/both.s"
    "$p" "$tmp/both.o" -o "$tmp/x" 2>"$tmp/out" && why="accepted"
    grep -q '(thash).*nothing proves' "$tmp/out" || why="not named: $(cat "$tmp/out")"
    if [ -z "$why" ]; then pass both; else fail both "expected it to be refused, got $why"; fi
fi

# count KIND-OPTIONS...: kinds rewritten in the sample
count() { "$p" "$@" --stats --json "$tmp/sample" 2>/dev/null | jq -c '[.kinds | to_entries[] | select(.value.rewritten > 0) | .key]'; }
if wanted kinds; then
    why=
    [ "$(count --only thash,cover)" = '["thash","cover"]' ] || why="--only: $(count --only thash,cover)"
    [ "$(count --only none --also fc)" = '["fc"]' ] || why="--also: $(count --only none --also fc)"
    [ "$(count --only sensitive --skip rsc,kr,itc,fc)" = '["thash","ttag","cpuid","pmd","cover"]' ] || why="--skip"
    [ "$(count)" = "$(count --only default)" ] || why="default"
    [ "$(count --only all | jq length)" = 29 ] || why="all: $(count --only all)"
    "$p" --list --json "$tmp/sample" 2>/dev/null | jq -e '[.sites[] | select(.state == "kept") | .instruction] == ["mov.m ar.k2=5"]' >/dev/null || why="kept"
    "$p" --list --json "$tmp/sample" 2>/dev/null | jq -e '.sites[] | select(.instruction == "(p06) mov r8=cpuid[r9]")
        | .qp == 6 and .unit == "M" and .symbol == "back" and .proof == "reached"' >/dev/null || why="a site's JSON"
    "$p" --list --json "$tmp/sample" 2>/dev/null | jq -e '.sites[] | select(.symbol == "dead") | .proof == "form"' >/dev/null || why="form"
    if [ -z "$why" ]; then pass kinds; else fail kinds "expected those named, got $why"; fi
fi

if wanted user; then
    why=
    # The gate page, but at a user program's address.
    sed 's/0xa000000000000000 + SIZEOF/0x2000000000000000 + SIZEOF/' "$here/gate.ld" >"$tmp/user.ld"
    (
        cd "$tmp" && mkdir user && ia64-linux-gnu-ld -shared --hash-style=sysv -z noexecstack -T user.ld -o user/gate.so gate.o &&
            cd user && ia64-linux-gnu-as -W -x --defsym GATE=1 -o s.o "$here/sample.S"
    )
    "$p" --stats "$tmp/user/s.o" 2>/dev/null | grep -q '^gate:' && why="its code is the kernel's"
    "$p" --stats "$tmp/sample.o" 2>/dev/null | grep -q '^gate:' || why="no gate page is found"
    if [ -z "$why" ]; then pass user; else fail user "expected it to be left alone, got $why"; fi
fi
exit $failed
