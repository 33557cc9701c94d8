#!/bin/bash
# T=lint: the sources themselves. One case a check; `make test T=lint/format` for one.
# quick: yes
# timeout: 300
#
# format     clang-format changes nothing             headers  SPDX line and a comment that says what the file is
# cppcheck   no finding but those in tests/lint/      rooms    no file above 900 lines
# clang      clang -Wall -Wextra -Werror; gcc's is    readme   every directory says why it exists
#            the build's own                          text     no binaries, stray blanks, paths of one machine
# shell      bash -n
set -uo pipefail
status=0
jobs=2
style=clang-format clang=clang
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

if ! git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
    echo "SKIP lint: not a git checkout, and what is committed is what is looked at"
    exit 0
fi
files() { git ls-files -- "$@" | while read -r f; do [ -f "$f" ] && echo "$f"; done; }

wanted() { [ -z "$CASE" ] || [ "$CASE" = "$1" ]; }
# verdict CASE WHAT: fails with the first line of $tmp/CASE, if there is one; all of it goes to the log.
verdict() {
    if [ -s "$tmp/$1" ]; then
        cat "$tmp/$1"
        echo "FAIL $1: expected $2, got $(grep -c . "$tmp/$1") line(s), the first: $(grep -m1 . "$tmp/$1")"
        status=1
    else
        echo "PASS $1"
    fi
}
# tool CASE COMMAND PACKAGE: is it there?
tool() {
    command -v "$2" >/dev/null && return 0
    echo "SKIP $1: no $2 (package $3)"
    return 1
}

# Headers that the assembler reads are formatted by hand.
mapfile -t c_all < <(files '*.c' '*.h')
# What is laid over Xen's tree follows Xen's style, and is compiled in it (T=xen/build).
mapfile -t c_ours < <(printf '%s\n' "${c_all[@]}" | grep -v '^xen/xen/')
mapfile -t c_style < <(grep -L '^ *\.macro' "${c_ours[@]}")
# Guests are compiled by the cross compiler, in their suites; what needs the headers of Xen or of Linux, where it is built.
mapfile -t c_host < <(printf '%s\n' "${c_ours[@]}" |
    grep '\.c$' | grep -vE '^(bench/programs|guests|tests/lib/bare|tests/[a-z]+/guest)/|^tests/xen/(vsapic|vmsi|balloon|pcpu)\.c$')

if wanted format && tool format $style clang-format; then
    # A file's name at a time: what two of them print must not mix.
    printf '%s\0' "${c_style[@]}" | xargs -0 -n 16 -P $jobs sh -c \
        '"$0" --dry-run "$@" 2>&1 | sed -n "s/:.*clang-format-violations.*//p" | sort | uniq -c' $style |
        awk '{print $2 ": " $1 " places; clang-format -i " $2}' | sort >"$tmp/format"
    verdict format "clang-format to change nothing"
fi

if wanted clang && tool clang $clang clang; then
    printf '%s\0' "${c_host[@]}" | xargs -0 -n 8 -P $jobs $clang -std=gnu11 -Wall -Wextra -Werror \
        -ffp-contract=off -fsyntax-only -I. -I"$BUILD/gen" >"$tmp/clang" 2>&1
    verdict clang "no warning"
fi

if wanted cppcheck && tool cppcheck cppcheck cppcheck; then
    mkdir -p "$BUILD/lint"
    # What it cannot judge is listed with the reason; an entry that no longer serves is a finding too.
    cppcheck -q -j $jobs --std=c11 --enable=warning,portability,performance --cppcheck-build-dir="$BUILD/lint" \
        --template='{file}:{line}: {id}: {message}' -I. -I"$BUILD/gen" "${c_host[@]}" 2>&1 |
        awk -F ': *' -v list=tests/lint/cppcheck-suppressions.txt '
            BEGIN { while ((getline line < list) > 0) if (line !~ /^#/ && line) known[line] = 1 }
            !/^[^ ]+:[0-9]+: / { next }
            ($3 ":" $1) in known { used[$3 ":" $1] = 1; next }
            { print }
            END { for (k in known) if (!(k in used)) print list ": " k ": no longer found, take it out" }' >"$tmp/cppcheck"
    verdict cppcheck "no finding"
fi

if wanted shell; then
    files | while read -r f; do
        head -c 64 "$f" | head -n 1 | tr -d '\0' | grep -qE '^#!.*\b(ba)?sh\b' || continue
        bash -n "$f" 2>&1
        [ -x "$f" ] || echo "$f: not executable"
    done >"$tmp/shell"
    verdict shell "scripts that parse and can be run"
fi

if wanted headers; then
    for f in "${c_all[@]}"; do
        [ "$f" = "${f#tests/cpu/asm/}" ] || continue # one comment, without a licence line, like the .S files there
        head -n 1 "$f" | grep -q '^/\* SPDX-License-Identifier: ' || echo "$f: does not begin with /* SPDX-License-Identifier"
        # Xen's generic headers need no more than their name.
        [ "$f" = "${f#xen/xen/arch/ia64/include/asm/}" ] || continue
        # Something is said before the first #include.
        sed '/^#/,$d' "$f" | tail -n +2 | grep -q '[a-z].* [a-z]' || echo "$f: does not begin with what it is"
    done >"$tmp/headers"
    verdict headers "SPDX line and description"
fi

if wanted rooms; then
    files '*.c' '*.h' '*.S' '*.def' '*.sh' '*.mk' Makefile | xargs -r wc -l |
        awk '$2 != "total" && $1 > 900 {print $2 ": " $1 " lines"}' >"$tmp/rooms"
    verdict rooms "files of at most 900 lines"
fi

if wanted readme; then
    # Not where everything is copied into a guest's file system or laid over another tree, nor where a directory is itself the test case.
    git ls-files | grep '/' | sed 's|/[^/]*$||' | sort -u | grep -vE '^(guests/rootfs|tests/selftest/dir|xen/xen|xen/config)(/|$)' |
        while read -r d; do
            [ -f "$d/README.md" ] || [ "$d" = .ci ] || echo "$d: no README.md"
        done >"$tmp/readme"
    verdict readme "a README.md in every directory"
fi

if wanted text; then
    {
        git ls-files -s | awk '$1 == "120000" {print $4 ": a symbolic link"}'
        files | xargs grep -lP '\x00' | sed 's/$/: binary/'
        files '*.c' '*.h' '*.S' '*.s' '*.def' '*.sh' '*.mk' '*.md' Makefile | xargs grep -nE '[[:blank:]]+$' |
            sed 's/\(:[0-9]*\):.*/\1: blanks at the end/'
        files | xargs grep -nE '(^|[^[:alnum:]_.~$}])/(work|root|home)/[a-z]' | sed 's/^\([^:]*:[0-9]*\):/\1: path of one machine: /'
    } >"$tmp/text"
    verdict text "plain text"
fi
exit $status
