#!/bin/bash
# timeout: 1800
# glibc's own tests of what a C library asks of a kernel: processes, threads, signals, timers, files, semaphores and shared
# memory; its dynamic linker and shared libraries, on 2 CPUs, one program after the other in one boot. (tests/user runs
# under the kernel in T=linux/torture; mathematics and strings by --user in T=glibc.) CASE: one program (nptl/tst-mutex1).
#
# The programs are built in glibc's build tree by glibc's makefiles, once, and kept in the cache as a disk image.
# user-tests.txt says which fail, with the reason, and which are not run; one listed there that passes is a failure.
set -uo pipefail
cases=user-tests
. tests/linux/lib.inc
. tests/lib/guest-cc.sh
guests kernel-16k initramfs
need_toolchain || exit 1
list=$here/user-tests.txt
src=$CACHE/src/glibc-2.36 build=$CACHE/build-glibc sysroot=$CACHE/toolchain/ia64-linux-gnu/sysroot
subdirs="setjmp stdlib signal nptl rt posix io misc time socket sysvipc"
# Regular expressions, patterns, parsers, conversions: nothing in them is the kernel's.
not_the_kernels='(posix/(.*regex.*|.*getopt.*|.*fnmatch.*|.*glob.*|.*pcre.*|.*rxspencer.*|.*wordexp.*|.*getaddrinfo.*|bug-ga.*'
not_the_kernels+='|tst-rfc.*|testfnm|transbug|runptests|runtests|tst-boost|tst-cpuset|tst-cpucount)'
not_the_kernels+='|stdlib/(.*strto.*|.*mbstow.*|.*wcstom.*|.*qsort.*|.*fmtmsg.*|.*random.*|.*rand48.*|.*printf.*|.*strfrom.*'
not_the_kernels+='|.*strfmon.*|.*tininess.*|.*canon.*|.*bsearch.*|.*width.*|test-a64l|tst-tzname|.*limits.*|isomac|.*arc4.*)'
not_the_kernels+='|time/(.*strf.*|.*strp.*|.*mktime.*|.*ctime.*|.*getdate.*|.*gmtime.*|.*tzname|.*timegm|.*difftime|.*posixtz|tst_wcsf.*|.*asctime.*|test_time|tst-y2039)'
not_the_kernels+='|misc/(.*search.*|.*efgcvt.*|.*error.*|.*warn.*|.*dirname.*|.*insremque.*|.*mntent.*|.*atomic.*|.*empty.*|.*allocate_once.*))'

in_glibc() {
    local sub=$1
    shift
    env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL -u BUILD make -C "$src/$sub" subdir="$sub" ..=../ objdir="$build" CXX= run-built-tests=no "$@"
}
# `NAME<tab>ENV<tab>ARGS` of the programs of one directory.
programs_of() {
    in_glibc "$1" -s --eval 'print-tests: ; @:$(foreach t,$(tests) $(tests-internal),$(info T=$t	$($t-ENV)	$($t-ARGS)))' \
        print-tests | sed -n "s|^T=|$1/|p" | sort -u | grep -vE "^$not_the_kernels	" | sed "s|^$1/||"
}
image_make() {
    local sub name targets
    rm -rf "$dir/root" && mkdir -p "$dir/root/lib"
    cp -L "$sysroot"/lib/{ld-linux-ia64.so.2,libc.so.6.1,libm.so.6.1,librt.so.1,libpthread.so.0,libgcc_s.so.1,libunwind.so.7} \
        "$dir/root/lib/"
    : >"$dir/list"
    for sub in $subdirs; do
        mkdir -p "$dir/root/$sub"
        programs_of "$sub" >"$dir/some"
        [ -s "$dir/some" ]
        targets=()
        while IFS=$'\t' read -r name _; do rm -f "$build/$sub/$name" && targets+=("$build/$sub/$name"); done <"$dir/some"
        in_glibc "$sub" -k -j"$JOBS" "${targets[@]}" || true
        while IFS=$'\037' read -r name env args; do # not a tab: empty fields count
            printf '%s/%s\t%s\t%s\n' "$sub" "$name" "$env" "$args" >>"$dir/list"
            [ ! -x "$build/$sub/$name" ] || ia64-linux-gnu-strip -o "$dir/root/$sub/$name" "$build/$sub/$name"
            rm -f "$build/$sub/$name"
        done < <(tr '\t' '\037' <"$dir/some")
    done
    test_disk "$dir/image" "$dir/root" 256M
    (cd "$dir/root" && find . -type f -printf '%P\n') >"$dir/built"
    rm -rf "$dir/root" "$dir/some"
}
dir=$(guest_set linux-user-tests "$subdirs $not_the_kernels" "$(recipe "$0" | sed -n '/^in_glibc()/,/^dir=/p')")
guest_set_fill "$dir" "linux/user-tests: build glibc's tests of ${subdirs// /, }" holding build-glibc image_make

# What is run, a line each for the guest: NAME ENV ARGUMENTS.
mkdir "$work/files"
cp $here/user-tests.guest "$work/files/go"
if [ -n "${FULL-}$CASE" ]; then echo "60 300 $build"; else echo "3 20 $build"; fi >"$work/files/limits"
while IFS=$'\037' read -r name env args; do
    wanted "$name" || continue
    why=$(sed -n "s|^$name: \(.*\)|\1|p" $list)
    case $why in
    "slow:"*) [ -n "${FULL-}$CASE" ] || { echo "SKIP $name: ${why#slow: }; FULL=1 runs it" && continue; } ;;
    "not run:"*) echo "SKIP $name: ${why#not run: }" && continue ;;
    esac
    grep -qxF "$name" "$dir/built" || { echo "SKIP $name: is not built: needs C++ or a shared object of its own" && continue; }
    [ "$name" != stdlib/tst-setcontext3 ] || args=made # what its script gives it
    # A program that starts itself is started as it is, not through the dynamic linker of the build tree.
    args=$(sed -E "s,[^ \"]*/ld-linux-ia64\.so\.2 --library-path [^ \"]*,/tmp/work/$name,g" <<<"${args//"$build"//tmp/work}")
    echo "$name ${env:-X=} $args" >>"$work/files/list"
done < <(awk "NR % $every == 0" "$dir/list" | tr '\t' '\037')
[ -s "$work/files/list" ] || exit 0
test_disk "$work/list.img" "$work/files" 16M
append="console=ttyS0 quiet run=mount+-o+ro+/dev/vda+/mnt;mount+/dev/vdb+/var;sh+/var/go"
limit=1500
boot run -smp 2 -m 1G -drive "file=$dir/image,format=raw,readonly=on" -drive "file=$work/list.img,format=raw" --stats
mkdir -p "$logs" && cp "$work/run.log" "$logs/user-tests.console"

while read -r name _; do
    rc= said=
    read -r rc said < <(sed -n "s|^T $name ||p" "$work/run.log")
    known=$(sed -n "s|^$name: \(slow: .*\)\?||p" $list)
    case ${rc:-none}:${known:+known} in
    0:) echo "PASS $name" ;;
    77:*) echo "SKIP $name: $said" ;;
    0:known) echo "FAIL $name: expected the known failure '$known', got a pass, $list" && failed=1 ;;
    *:known) echo "SKIP $name: $known" ;;
    *) echo "FAIL $name: expected exit status 0, got ${rc:-no end}: $said, $logs/user-tests.console" && failed=1 ;;
    esac
done <"$work/files/list"
[ -n "$CASE" ] || verdict kernel "$(
    grep -aE 'BUG|Oops|[Pp]anic|WARNING|stall|blocked for more' "$work/run.log"
    [ "$status" = 0 ] || echo "exit status $status; the console ends in: $(tail -n 1 "$work/run.log")"
    sed '/^statistics,/d; /^  /d' "$work/run.err" | grep -a . | grep -avE "$(grep -v -e '^#' -e '^$' $here/allowed.txt)"
)"
awk '$1 == "instructions" || $1 == "MIPS" { printf "    %s %s\n", $1, $2 }' "$work/run.err"
exit $failed
