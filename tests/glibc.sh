#!/bin/bash
# order: 90
# timeout: 5400
# glibc's own tests of math, string, stdlib and setjmp: built in glibc's build tree by glibc's makefiles, but static, and
# run by `ia64-sim --user`. A program that exits with 0 passes, with 77 it says that it cannot tell. CASE: a directory
# (math) or one program (math/test-double-sin).
#
# The programs are kept in the cache (1.6 GB). glibc/known.txt lists the failures that are not the simulator's, each
# with its reason; one listed there that passes is a failure.
set -uo pipefail
. tests/lib/guest-cc.sh
subdirs=(math string stdlib setjmp)
sim=$BUILD/ia64-sim
cpu_limit=$([ -z "${FULL:-}" ] && echo 900 || echo 7200)

in_glibc() {
    local sub=$1
    shift
    env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL -u BUILD make -C "$src/$sub" subdir="$sub" ..=../ objdir="$build" CXX= \
        libm="$build/math/libm.a" run-built-tests=no "$@"
}

# Why a program was not built: $1/$2.
reason() {
    local said
    if [ -e "$src/$1/$2.cc" ]; then
        echo "is written in C++"
        return
    fi
    said=$(in_glibc "$1" tests-static="$2" "$build/$1/$2" 2>&1 |
        grep -m1 -E 'undefined reference|multiple definition|attempted static|error:|No rule' | sed 's/.*: \([^:]*\)$/\1/') || true
    case $said in
    *undefined*@GLIBC*) echo "tests symbol versions, which only the shared library has ($said)" ;;
    *"attempted static"*) echo "tests shared objects ($said)" ;;
    *) echo "does not build: $said" ;;
    esac
}

# The programs of one directory to $dir/$1, with what they are to be given in $dir/$1.list: `NAME<tab>ENV<tab>ARGS`.
build_some() {
    local sub=$1 names name targets=()
    mkdir -p "$dir/$sub"
    in_glibc "$sub" -s --eval 'print-tests: ; @:$(foreach t,$(tests) $(tests-internal),$(info T=$t	$($t-ENV)	$($t-ARGS)))' \
        print-tests | sed -n 's/^T=//p' | sort -u >"$dir/$sub.list"
    [ -s "$dir/$sub.list" ]
    names=$(cut -f1 "$dir/$sub.list" | tr '\n' ' ')
    for name in $names; do targets+=("$build/$sub/$name"); done
    in_glibc "$sub" -k -j"$JOBS" tests-static="$names" "${targets[@]}" || true
    for name in $names; do
        if [ -x "$build/$sub/$name" ]; then
            ia64-linux-gnu-strip -o "$dir/$sub/$name" "$build/$sub/$name"
            rm -f "$build/$sub/$name"
        else
            reason "$sub" "$name" >"$dir/$sub/$name.skip"
        fi
    done
    rm -f "$build/$sub"/test-tgmath3* # generated, 1 GB
}

build_all() {
    local sub locale
    for sub in "${subdirs[@]}"; do build_some "$sub"; done
    # Locales are data; the host's localedef is of the same version and byte order.
    mkdir -p "$dir/locales"
    for locale in $(sed -n '/^LOCALES *:=/,/[^\\]$/p' "$src/string/Makefile" "$src/stdlib/Makefile" |
        grep -o '[a-z][a-z]_[A-Z][A-Z]\.[A-Za-z0-9-]*' | sort -u); do
        I18NPATH=$src/localedata localedef --quiet -c -i "${locale%%.*}" -f "${locale#*.}" "$dir/locales/$locale" ||
            [ -d "$dir/locales/$locale" ]
    done
}

# Stdin has lines `SUBDIR NAME`; prints a verdict for each.
run_some() {
    local work sub name env args out rc why known
    work=$(mktemp -d -p "$scratch")
    ulimit -t $cpu_limit
    ulimit -c 0
    local -A reasons=()
    while IFS=: read -r name why; do reasons[$name]=${why# }; done < <(grep -v '^#' tests/glibc/known.txt)
    while read -r sub name; do
        if [ -e "$dir/$sub/$name.skip" ]; then
            echo "SKIP $sub/$name: $(cat "$dir/$sub/$name.skip")"
            continue
        fi
        known=${reasons[$sub/$name]-}
        if [[ $known == "not run:"* || ($known == "long:"* && -z ${FULL:-}) ]]; then
            echo "SKIP $sub/$name: $known"
            continue
        fi
        [[ $known != "long:"* ]] || known=
        IFS=$'\t' read -r env args < <(awk -F'\t' -v n="$name" '$1 == n { print ($2 == "" ? "X=" : $2) "\t" $3 }' \
            "$dir/$sub.list")
        # The random cases of the string tests are a hundred thousand each, and take an hour: a hundredth, unless FULL=1.
        if [ "$sub" = string ] && [ -z "${FULL:-}" ] && grep -qaP '\x00iterations\x00' "$dir/$sub/$name"; then
            args+=" --iterations=1000"
        fi
        # What its script gives it, and looks for afterwards.
        [ "$name" != tst-setcontext3 ] || args=made
        (cd "$work" && timeout $((cpu_limit * 2)) env TIMEOUTFACTOR=50 GCONV_PATH="$build/iconvdata" LOCPATH="$dir/locales" LC_ALL=C $env \
            "$sim" --user "$dir/$sub/$name" $args </dev/null >"$work/.out" 2>&1)
        rc=$?
        [ "$name" != tst-setcontext3 ] || [ $rc -ne 0 ] || [ -e "$work/made" ] || rc=1
        out=$(tail -n 3 "$work/.out" | tr -d '\0' | tr '\n' ' ' | cut -c1-200)
        why="expected exit 0, got $rc: $out"
        case $rc in
        0) why= ;;
        77) echo "SKIP $sub/$name: $out"; continue ;;
        124 | 137 | 152) why="expected exit 0, got no end within $cpu_limit s of CPU" ;;
        esac
        if [ -z "$why" ] && [ -z "$known" ]; then
            echo "PASS $sub/$name"
        elif [ -z "$why" ]; then
            echo "FAIL $sub/$name: expected the known failure '$known', got a pass; take it out of known.txt"
        elif [[ $known =~ ^([0-9]+)\ errors: ]] && ! grep -q "  ${BASH_REMATCH[1]} errors occurred" "$work/.out"; then
            echo "FAIL $sub/$name: expected the ${BASH_REMATCH[1]} errors of known.txt, $why"
        elif [ -n "$known" ]; then
            echo "SKIP $sub/$name: $known"
        else
            echo "FAIL $sub/$name: $why"
        fi
        [ -z "${KEEP_OUTPUT:-}" ] || cp "$work/.out" "$KEEP_OUTPUT/$sub-$name"
        rm -rf "$work"/*
    done
} 2>/dev/null # the shell's own remarks on killed children

need_toolchain || exit 1
src=$CACHE/src/glibc-2.36
build=$CACHE/build-glibc
dir=$(guest_set glibc "$(recipe tests/glibc.sh | sed '/^run_some()/,$d')")
export -f run_some
export dir src build sim cpu_limit
guest_set_fill "$dir" "glibc: build the tests of ${subdirs[*]}" holding build-glibc build_all
[ -x "$sim" ] || { echo "FAIL glibc: there is no $sim"; exit 1; }

scratch=$(realpath "$(mktemp -d -p "$([ -w /dev/shm ] && echo /dev/shm || echo "$BUILD")" glibc.XXXXXX)")
export scratch
trap 'rm -rf "$scratch"' EXIT
# A copy, which a `make` meanwhile does not take away.
cp "$sim" "$scratch/ia64-sim" && sim=$scratch/ia64-sim

for sub in "${subdirs[@]}"; do
    awk -F'\t' -v dir="$sub" -v only="$CASE" 'only == "" || only == dir || only == dir "/" $1 { print dir, $1 }' \
        "$dir/$sub.list"
done | xargs -r -d '\n' -P "$JOBS" -n 1 bash -c 'printf "%s\n" "$@" | run_some' run | tee "$scratch/out"
! grep -q '^FAIL ' "$scratch/out"
