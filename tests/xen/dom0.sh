#!/bin/bash
# order: 95
# timeout: 7200
# What passes under native Linux passes in domain 0: GCC's torture programs, the tests of tests/user and of glibc, load on 4 CPUs; each N-th
# program of those suites, all of them and the kernel's self-tests with FULL=1. These are tests/linux's own suites with their own lists of what is
# known to fail, and nothing else is. CASE: SUITE or SUITE/CASE (user-tests/nptl/tst-mutex1).
set -uo pipefail
cases="torture user-tests stress kselftest"
QUICK=${QUICK:-0} CASE=${CASE-}
. tests/linux/lib.inc
. tests/xen/lib.inc
guests kernel-16k initramfs
[ -n "${XEN-}" ] || xen_ready

# in_dom0 SUITE N
in_dom0() {
    [ -z "$CASE" ] || [ "${CASE%%/*}" = "$1" ] || return 0
    local case=
    case $CASE in */*) case=${CASE#*/} ;; esac
    [ -z "${FULL-}$CASE" ] || set -- "$1" 1
    UNDER=xen SAMPLE=$2 CASE=$case "tests/linux/$1.sh" | sed -u -E "s,^(PASS|FAIL|SKIP) ,&$1/,"
    [ "${PIPESTATUS[0]}" = 0 ] || failed=1
}
in_dom0 torture 11
in_dom0 user-tests 6
in_dom0 stress 2
if [ -n "${FULL-}$CASE" ]; then
    in_dom0 kselftest 1
else
    echo "SKIP kselftest: takes minutes; FULL=1 runs it"
fi
exit $failed
