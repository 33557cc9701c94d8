#!/bin/bash
# order: 55
# timeout: 5400
# GCC's own torture programs (gcc.c-torture/execute with ieee/, 1,653 programs, and the 55 of builtins/; at five
# optimisations), compiled by the cross compiler, as static user programs on `ia64-sim --user`: each must exit with 0.
# CASE: an optimisation (O2), a program (20000112-1, ieee/fp-cmp-1) or both (O2/20000112-1).
#
# The objects are kept in the cache, as one set; linking takes as long as reading a megabyte, so it is done anew for
# each run. torture/known.txt lists failures shown to be the compiler's; one listed there that passes is a failure.
set -uo pipefail
. tests/lib/guest-cc.sh
sets=(O0 O1 O2 O3 Os)
sim=$BUILD/ia64-sim
cpu_limit=60

options() { case $1 in O3) echo "-O3 -funroll-loops" ;; *) echo "-$1" ;; esac; }

# One object or one note why not: stdin has lines `SET NAME FLAGS`.
compile_some() {
    while read -r set name flags; do
        case $name in
        # With the functions it must not call, or must, as one object.
        builtins/*) files=(-r -nostdlib "$src/$name.c" "$src/$name-lib.c" "$src/builtins/lib/main.c") ;;
        six-words/*) files=(-c "$dir/$name.c") ;;
        *) files=(-c "$src/$name.c") ;;
        esac
        if ! "$guest_gcc" -w $(options "$set") $flags "${files[@]}" -o "$dir/$set/$name.o" 2>"$dir/$set/$name.err"
        then
            echo "does not compile: $(grep -m1 -E 'error|rror:' "$dir/$set/$name.err" | sed 's/.*error: //')" \
                >"$dir/$set/$name.skip"
        fi
        rm -f "$dir/$set/$name.err"
    done
}

compile_all() {
    local set name
    (cd "$src" && awk -f "$OLDPWD/tests/torture/list.awk" *.c ieee/*.c $(ls builtins/*.c | grep -v -e '-lib\.c$')) \
        >"$dir/list"
    # The proof for the failures in known.txt: with a buffer as large as this compiler needs, the same programs pass.
    mkdir -p "$dir/six-words"
    for name in pr64242 pr84521; do
        sed 's/buf\[5\]/buf[6]/; s/5 \* sizeof/6 * sizeof/' "$src/$name.c" >"$dir/six-words/$name.c"
        sed -n "s|^$name |six-words/$name |p" "$dir/list" >>"$dir/list.more"
    done
    cat "$dir/list.more" >>"$dir/list"
    rm "$dir/list.more"
    for set in "${sets[@]}"; do
        mkdir -p "$dir/$set/ieee" "$dir/$set/builtins" "$dir/$set/six-words"
        while read -r name verdict rest; do
            case $verdict in
            run) echo "$set $name $rest" ;;
            skip | "skip@$set") echo "$rest" >"$dir/$set/$name.skip" ;;
            *) echo "$set $name" ;;
            esac
        done <"$dir/list"
    done | xargs -d '\n' -P "$JOBS" -n 60 bash -c 'printf "%s\n" "$@" | compile_some' compile
}

# Stdin has lines `SET NAME`; prints a verdict for each.
run_some() {
    local exe err rc why known set name
    exe=$(mktemp -p "$scratch") err=$(mktemp -p "$scratch")
    ulimit -t $cpu_limit
    ulimit -c 0
    local -A reasons=()
    while IFS=: read -r name why; do reasons[$name]=${why# }; done < <(grep -v '^#' tests/torture/known.txt)
    while read -r set name; do
        if [ -e "$dir/$set/$name.skip" ]; then
            echo "SKIP $set/$name: $(cat "$dir/$set/$name.skip")"
            continue
        fi
        if ! guest_link_static "$exe" "$dir/$set/$name.o" 2>"$err"; then
            why="does not link: $(grep -m1 -v 'in function' "$err" | sed 's/.*: //')"
        else
            timeout 600 "$sim" --user "$exe" >/dev/null 2>"$err" </dev/null
            rc=$?
            case $rc in
            0) why= ;;
            124 | 137 | 152) why="expected exit 0, got no end within $cpu_limit s of CPU" ;;
            *) why="expected exit 0, got $rc: $(tail -n 1 "$err" | tr -d '\0' | cut -c1-160)" ;;
            esac
        fi
        known=${reasons[$set/$name]-}
        if [ -z "$why" ] && [ -z "$known" ]; then
            echo "PASS $set/$name"
        elif [ -z "$why" ]; then
            echo "FAIL $set/$name: expected the known failure '$known', got a pass; take it out of known.txt"
        elif [ -n "$known" ]; then
            echo "SKIP $set/$name: $known"
        else
            echo "FAIL $set/$name: $why, $src/$name.c"
        fi
    done
    rm -f "$exe" "$err"
} 2>/dev/null # the shell's own remarks on killed children

need_toolchain || exit 1
src=$CACHE/src/gcc-12.2.0/gcc/testsuite/gcc.c-torture/execute
dir=$(guest_set torture "$(recipe tests/torture.sh | sed '/^run_some()/,$d')" "$(recipe tests/torture/list.awk)")
export -f compile_some run_some options guest_link_static
export dir src guest_gcc cpu_limit sim
guest_set_fill "$dir" "torture: compile GCC's torture programs, ${#sets[@]} times" compile_all
[ -x "$sim" ] || { echo "FAIL torture: there is no $sim"; exit 1; }

scratch=$(mktemp -d -p "$([ -w /dev/shm ] && echo /dev/shm || echo "$BUILD")" torture.XXXXXX)
export scratch
trap 'rm -rf "$scratch"' EXIT
out=$scratch/out
# A copy, which a `make` meanwhile does not take away.
cp "$sim" "$scratch/ia64-sim" && sim=$scratch/ia64-sim

only_set= only=$CASE
case $CASE in
O[0123s]) only_set=$CASE only= ;;
O[0123s]/*) only_set=${CASE%%/*} only=${CASE#*/} ;;
esac
for set in "${sets[@]}"; do
    [ -z "$only_set" ] || [ "$only_set" = "$set" ] || continue
    awk -v set="$set" -v only="$only" 'only == "" || only == $1 { print set, $1 }' "$dir/list"
done | xargs -r -d '\n' -P "$JOBS" -n 40 bash -c 'printf "%s\n" "$@" | run_some' run | tee "$out"
! grep -q '^FAIL ' "$out"
