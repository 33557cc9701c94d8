#!/bin/bash
# order: 55
# timeout: 1800
# T=xen/differential: small kernels native and as domain 0, privified and not; what they print must be the same. Those of tests/cpu/asm check
# themselves; what the kernels of guests/tiny try is in their README. A kernel's first lines have the machine's options, and those of each run under Xen.
# Differences that docs/sensitive.md tells of are in tests/xen/differential.txt: CASE, how it was run, and a pattern of native lines.
set -uo pipefail
. tests/linux/lib.inc
. tests/xen/lib.inc
. tests/lib/bare/build.sh
programs=$(cd tests/cpu/asm && echo *.S)
tinies=$(cd guests/tiny && grep -lE '^(main:|int main)' ./*.S ./*.c | sed 's,^\./,,; s,\.[Sc]$,,' | tr '\n' ' ')
programs="${programs//.S/} $tinies"
cases=$programs
[ -n "${XEN-}" ] || xen_ready
export XEN=${XEN:-$CACHE/guests/xen}
tiny=$BUILD/tests/xen/tiny
mkdir -p "$tiny"

# Programs run where they are linked to, and Xen puts a kernel where there is room: ask it where.
base=0x4000000

source_of() { # NAME
    ls guests/tiny/"$1".[Sc] tests/cpu/asm/"$1".S 2>/dev/null | head -n 1
}

build() { # NAME
    local o=$tiny/$1 f objects=()
    if [ -e "guests/tiny/$1.c" ]; then
        bare_object "$o.crt0.o" tests/lib/bare/crt0.S -DBARE_KERNEL || return
        for f in guests/tiny/cpus.S guests/tiny/"$1"-asm.S; do
            [ -e "$f" ] || continue
            bare_object "$o.$(basename "$f").o" "$f" -Itests/cpu/asm "-DBARE_BASE=$base" || return
            objects+=("$o.$(basename "$f").o")
        done
        for f in "guests/tiny/$1.c" guests/tiny/cpus.c $bare_lib/bare.c; do
            "$bare_gcc" -std=gnu11 -Wall -Wextra -Werror -Wno-unused-parameter -O2 -ffreestanding -fno-builtin -nostdlib -fno-asynchronous-unwind-tables \
                -mfixed-range=f32-f127 -I$bare_lib -c -o "$o.$(basename "$f").o" "$f" || return
            objects+=("$o.$(basename "$f").o")
        done
        bare_base=$base bare_link "$o" "$o.crt0.o" "${objects[@]}" "$("$bare_gcc" -print-libgcc-file-name)"
    elif [ -e "guests/tiny/$1.S" ]; then
        # -xnone: what an instruction does before serialization is printed as it comes.
        bare_object "$o.crt0.o" tests/lib/bare/crt0.S -DBARE_KERNEL &&
            gcc -E -x assembler-with-cpp -Itests/lib/bare -Itests/cpu/asm "-DBARE_BASE=$base" "guests/tiny/$1.S" -o "$o.s" &&
            ia64-linux-gnu-as -xnone "$o.s" -o "$o.o" && bare_base=$base bare_link "$o" "$o.crt0.o" "$o.o"
    else
        bare_kernel "$tiny/$1" "tests/cpu/asm/$1.S" "$base"
    fi
}

# A kernel without ramdisk as domain 0. under_xen NAME KERNEL OUT [OPTION...]: with a = in it, one of Xen's, else the machine's
under_xen() {
    local esp=$work/esp.$1 o opts=() xen=
    for o in "${@:4}"; do
        case $o in *=*) xen+=" $o" ;; *) opts+=("$o") ;; esac
    done
    rm -rf "$esp" && mkdir -p "$esp"
    PRIVIFY=no xen/esp.sh "$esp" "$2" /dev/null "${xen# }" "" || return
    sed -i '/^ramdisk/d' "$esp"/EFI/BOOT/*.cfg
    timeout 120 "$sim" --fat "$esp" -m 1G --max-insns 4000000000 "${opts[@]}" >"$3.raw" 2>&1 </dev/null
    status=$?
    tr -d '\r' <"$3.raw" >"$3.log"
    # Its own lines: after Xen's last word of the start, without Xen's.
    sed '1,/^(XEN) Freed .*init memory/d' "$3.log" | grep -av -e '^(XEN)' -e '^ia64-sim: stopped' >"$3.out"
    rm -rf "$esp"
}

build branch || { echo "FAIL branch: it does not assemble"; exit 1; }
under_xen where "$tiny/branch" "$tiny/where"
base=$(sed -n 's/^(XEN) *kernel *\(0x[0-9a-f]*\)-.*/\1/p' "$tiny/where.log")
[ -n "$base" ] || { echo "FAIL $programs: Xen does not start domain 0: $(tail -n 3 "$tiny/where.log" | tr '\n' ' ')"; exit 1; }
base=$(printf '%#x' $((base & ~0x3ffffff)))

# compare NAME HOW: the outputs less the native lines that may differ, and what stands in their places
compare() {
    local patterns
    patterns=$(sed -n "s/^$1 $2 //p" tests/xen/differential.txt)
    diff <(grep -av -e "${patterns:-^$}" "$tiny/$1.native.out") <(grep -av -e "${patterns:-^$}" "$tiny/$1.$2.out") | head -n 4
}

for name in $programs; do
    wanted "$name" || continue
    build "$name" >"$tiny/$name.build" 2>&1 || { verdict "$name" "it does not assemble: $(head -n 1 "$tiny/$name.build")"; continue; }
    source=$(source_of "$name")
    read -ra opts < <(sed -n '1,14s/.*ia64-sim: \([^*]*\).*/\1/p' "$source")
    # Each `xen:` is a run; without any, one on the same machine.
    mapfile -t runs < <(sed -n '1,14s/.* xen: *\([^*]*\).*/\1/p' "$source")
    [ ${#runs[@]} -gt 0 ] || runs=("${opts[*]}")
    timeout 120 "$sim" --kernel "$tiny/$name" -m 1G --max-insns 1000000000 "${opts[@]}" >"$tiny/$name.native.log" 2>&1 </dev/null
    grep -av '^ia64-sim' "$tiny/$name.native.log" >"$tiny/$name.native.out"
    if grep -qx "$name privified" tests/xen/differential.txt && grep -qx "$name unmodified" tests/xen/differential.txt; then
        echo "SKIP $name: not for a guest, see tests/xen/differential.txt"
        continue
    fi
    problems=
    "$BUILD/privify" --unproven=rewrite "$tiny/$name" -o "$tiny/$name.privified" >"$tiny/$name.privify" 2>&1 || problems="privify: $(head -n 1 "$tiny/$name.privify")"
    for how in privified unmodified; do
        if grep -qx "$name $how" tests/xen/differential.txt; then continue; fi
        kernel=$tiny/$name
        [ "$how" = unmodified ] || kernel=$tiny/$name.privified
        for run in "${runs[@]}"; do
            read -ra words <<<"$run"
            under_xen "$name" "$kernel" "$tiny/$name.$how" "${words[@]}"
            d=$(compare "$name" $how)
            [ -z "$d" ] || problems+="$how${run:+, $run}: $d"$'\n'
            [ "$status" = 0 ] || problems+="$how${run:+, $run}: exit status $status, $(tail -n 1 "$tiny/$name.$how.log")"$'\n'
            t=$(grep -aE '^\(XEN\).*(ASSERT|BUG|Panic|FATAL|unimplemented)' "$tiny/$name.$how.log" | head -n 1)
            [ -z "$t" ] || problems+="$how${run:+, $run}: $t"$'\n'
        done
    done
    verdict "$name" "$problems"
done
exit $failed
