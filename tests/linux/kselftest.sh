#!/bin/bash
# order: 80
# timeout: 1800
# The kernel's own self-tests (tools/testing/selftests of the guest's kernel), static, from a disk, one after the other
# in one boot with 4 CPUs. kselftest.txt says what is run and what is not, and why; a part of the sources that it does
# not mention is a failure, so that a new kernel's tests are not forgotten. CASE: one program (timers/posix_timers).
#
# The programs are kept in the cache as a disk image, by the kernel's version, the compiler and the list's build words.
set -uo pipefail
cases=kselftest
. tests/linux/lib.inc
. tests/lib/guest-cc.sh
guests kernel-16k initramfs
src=$CACHE/src/linux-6.1/tools/testing/selftests
list=$here/kselftest.txt
need_toolchain || exit 1

# kselftest.txt without comments as `VERB<tab>NAME<tab>BUILD WORDS<tab>ARGUMENTS<tab>REASON`.
entries() {
    sed -n -E '/^(run|known|slow|skip) /{
        s/^([a-z]+) ([^ :]+)(( [^:]*)?)(: (.*))?$/\1\t\2\t\3\t\6/
        p
    }' "$list" | awk -F'\t' -v OFS='\t' '{ a = ""; if ((i = index($3 " ", " -- "))) { a = substr($3, i + 4); $3 = substr($3, 1, i - 1) }
        print $1, $2, $3, a, $4 }'
}
programs() { entries | awk -F'\t' '$1 != "skip" { print $2 $3 }'; }

# Stdin has lines `NAME BUILD WORDS`.
compile_some() {
    local name words
    while read -r name words; do
        mkdir -p "$dir/root/$(dirname "$name")"
        # As the makefiles there do it, but static. What glibc has not on ia64 is in kselftest.c.
        (cd "$dir/src/$(dirname "$name")" && "$guest_gcc" -O2 -w -std=gnu11 -D_GNU_SOURCE= -static -s -I. -I.. -I../include \
            -I"$dir/src" -I"$linux" -o "$dir/root/$name" "${name##*/}.c" $words "$clone" -pthread -lrt -lm) || {
            echo "does not compile: $name" && return 255
        }
    done
}
build_all() {
    rm -rf "$dir/src" "$dir/root" && mkdir -p "$dir/root"
    cp -r "$src" "$dir/src"
    # One line that the test asks each architecture to write.
    sed -i 's/#if __alpha__/#if __ia64__\nregister unsigned long sp asm("r12");\n#elif __alpha__/' \
        "$dir/src/sigaltstack/current_stack_pointer.h"
    programs | xargs -d '\n' -P "$JOBS" -n 8 bash -c 'printf "%s\n" "$@" | compile_some' compile
    # Files that the makefile of exec makes.
    (cd "$dir/root/exec" && printf '#!/bin/sh\nexit $*\n' >script && chmod +x script && touch Makefile && mkdir subdir &&
        ln -s execveat execveat.symlink && cp execveat execveat.denatured && chmod -x execveat.denatured)
    cp "$guest_script" "$dir/root/go"
    rm -f "$dir/disk.img"
    truncate -s 400M "$dir/disk.img"
    mke2fs -q -t ext4 -b 4096 -E root_owner=0:0 -d "$dir/root" "$dir/disk.img"
    rm -rf "$dir/src" "$dir/root"
}

[ -d "$src" ] || guests/build.sh kernel-16k || { echo "FAIL sources: expected $src, guests/build.sh"; exit 1; }
clone=$PWD/$here/kselftest.c guest_script=$here/kselftest.guest linux=$CACHE/src/linux-6.1
dir=$(guest_set kselftest "$(cat "$CACHE/src/linux-6.1/.version-unpacked")" "$(programs)" "$(cat "$clone" "$guest_script")" \
    "$(recipe "$0" | sed -n '/^compile_some()/,/^\[ -d/p')")
export -f compile_some
export guest_gcc dir clone linux
guest_set_fill "$dir" "kselftest: compile $(programs | wc -l) programs" build_all

# Nothing in the sources is left unmentioned: directories, and in those of which something is run, every program.
forgotten=$(
    mentioned=$(entries | cut -f2; sed -n 's/^part //p' "$list" | tr ' ' '\n')
    cd "$src" && find . -name '*.c' -printf '%P\n' | sed 's/\.c$//' | while read -r f; do
        grep -qxF -e "$f" -e "${f%%/*}/*" -e "$(dirname "$f")/*" <<<"$mentioned" || echo "$f"
    done
)
wanted list && verdict list "${forgotten:+not in $list: $forgotten}"

# What is asked of the guest: names, time limits in its seconds and arguments.
mkdir "$work/files"
entries | awk -F'\t' -v only="$CASE" -v full="${FULL-}" \
    '$1 != "skip" && (only == "" || only == $2) && ($1 != "slow" || full != "" || only != "") { print $2, $4 }' >"$work/files/list"
[ -s "$work/files/list" ] || exit $failed
test_disk "$work/list.img" "$work/files" 16M
append="console=ttyS0 run=mount+/dev/vda+/mnt;mount+/dev/vdb+/var;sh+/mnt/go+/var/list"
limit=1500
boot kselftest -smp 4 -m 4G -drive "file=$dir/disk.img,format=raw,snapshot=on" -drive "file=$work/list.img,format=raw"
mkdir -p "$logs" && cp "$work/kselftest.log" "$logs/kselftest.console"

ran=0
while IFS=$'\037' read -r verb name _ _ why; do
    wanted "$name" || continue
    case $verb in
    skip) echo "SKIP $name: $why" && continue ;;
    slow) [ -n "${FULL-}$CASE" ] || { echo "SKIP $name: takes minutes; FULL=1 runs it" && continue; } ;;
    esac
    ran=$((ran + 1))
    out=$(sed -n "\|^T begin $name\$|,\|^T end $name |p" "$work/kselftest.log")
    rc=$(sed -n "s|^T end $name ||p" <<<"$out")
    bad=$(grep -E -m1 '^not ok|FAIL|^Bail|^#.*Expected' <<<"$out")
    got="$rc${bad:+: $bad}"
    # A program that counts itself done although it says "not ok" has not passed.
    [ "$rc" != 0 ] || ! grep -q '^not ok' <<<"$out" || rc=1
    case $verb:$rc in
    run:0 | slow:0) echo "PASS $name" ;;
    run:4 | slow:4) echo "SKIP $name: $(grep -i -m1 skip <<<"$out" || echo "it says that it cannot run here")" ;;
    known:[1-9]*)
        count=$(grep '^not ok' <<<"$out" | sort -u | wc -l) # the guest shows some twice
        if [[ $why =~ ^([0-9]+)\ not\ ok, ]] && [ "${BASH_REMATCH[1]}" != "$count" ]; then
            echo "FAIL $name: expected ${BASH_REMATCH[1]} cases of it to fail, got $count: $bad, $list"
            failed=1
        else
            echo "SKIP $name: $why"
        fi
        ;;
    known:0)
        echo "FAIL $name: expected the known failure '$why', got a pass, $list"
        failed=1
        ;;
    *)
        echo "FAIL $name: expected exit status 0, got ${got:-no end}, $logs/kselftest.console"
        failed=1
        ;;
    esac
done < <(entries | tr '\t' '\037') # not a blank: empty fields count
# The kernel itself: no oops while all of that ran, and it switched off.
if [ -z "$CASE" ] || [ "$ran" -gt 0 ]; then
    verdict kernel "$(
        grep -aE 'BUG|Oops|[Pp]anic|WARNING|rcu.*stall|blocked for more' "$work/kselftest.log" |
            grep -av -f <(sed -n 's/^kernel //p' "$list")
        [ "$status" = 0 ] || echo "exit status $status; the console ends in: $(tail -n 1 "$work/kselftest.log")"
        grep -a . "$work/kselftest.err" | grep -avE "$(grep -v -e '^#' -e '^$' $here/allowed.txt)"
    )"
fi
exit $failed
