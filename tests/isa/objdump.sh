#!/bin/bash
# quick: yes
# Our disassembly against the GNU disassembler's, bundle by bundle: random bundles of every template, and the code of
# libgcc, the C library and all compiled tests. What may differ, and why, is in objdump-differences.txt.
set -uo pipefail
prog=$BUILD/tests/isa/objdump
list=tests/isa/objdump-differences.txt
failed=0

wanted() { [ -z "$CASE" ] || [ "$CASE" = "$1" ]; }

# verdict CASE COMMAND...: the program's last line on success, all of it when it differs.
verdict() {
    local name=$1 out
    shift
    if out=$("$@"); then
        echo "$out" | tail -n 1
        echo "PASS $name"
    else
        echo "$out"
        echo "FAIL $name: expected GNU's text, got $(echo "$out" | grep -m1 ' unlisted ' || echo 'no result'), see the log"
        failed=1
    fi
}

if wanted random; then
    if [ "$QUICK" = 1 ]; then n=200000; else n=10000000; fi
    verdict random "$prog" -n "$n" -s "${SEED:-1}" -d "$list" -u
fi

if wanted libgcc; then
    a=$(ls "$CACHE"/toolchain/lib/gcc/ia64-linux-gnu/*/libgcc.a 2>/dev/null | head -n 1)
    if [ -z "$a" ]; then
        echo "SKIP libgcc: no cross compiler in $CACHE (make toolchain)"
    else
        dir=$(mktemp -d)
        a=$(realpath "$a")
        (cd "$dir" && ia64-linux-gnu-ar x "$a")
        verdict libgcc "$prog" -e -d "$list" "$dir"/*.o
        rm -rf "$dir"
    fi
fi

if wanted glibc; then
    mapfile -t libs < <(find -L "$CACHE"/toolchain/ia64-linux-gnu/sysroot -name 'lib*.so.*' -o -name 'ld-linux*.so.*' 2>/dev/null)
    if [ ${#libs[@]} -eq 0 ]; then
        echo "SKIP glibc: no C library in $CACHE (make toolchain)"
    else
        verdict glibc "$prog" -e -d "$list" "${libs[@]}"
    fi
fi

# Every compiled test there is: objects of the sets, programs of the others.
if wanted compiled-tests; then
    if [ "$QUICK" = 1 ] && [ -z "$CASE" ]; then
        :
    else
        mapfile -t objs < <(find "$CACHE"/guest-tests -type f \( -name '*.o' -o -perm -u+x \) 2>/dev/null)
        if [ ${#objs[@]} -eq 0 ]; then
            echo "SKIP compiled-tests: none in $CACHE/guest-tests yet"
        else
            printf '%s\0' "${objs[@]}" >"$BUILD/objdump-compiled-tests"
            verdict compiled-tests "$prog" -e -d "$list" -l "$BUILD/objdump-compiled-tests"
        fi
    fi
fi
exit $failed
