#!/bin/bash
# order: 56
# timeout: 1800
# Domains besides domain 0 (guests/tiny/domains): a kernel that makes, runs, disturbs and ends guests which are copies of itself. On one processor and
# several, with three schedulers; not yet with null (docs/caveats.md).
set -uo pipefail
groups="one together transplant ends forbidden"
cases=
for c in credit2-1 credit2-4 credit-2 rtds-2; do for g in $groups; do cases+=" $c-$g"; done; done
cases+=" credit2-4-many credit-2-many"
. tests/linux/lib.inc
. tests/xen/lib.inc
. tests/xen/cases.inc

crashes= # of guests that go where nothing is
limit=${limit:-900}

# scheduler NAME CPUS FLAGS GROUP...
scheduler() {
    local name=$1-$2 g any=
    for g in "${@:4}"; do if wanted "$name-$g"; then any=yes; fi; done
    [ -n "$any" ] || return 0
    run "$name" "sched=$1 dom0_max_vcpus=1" "$3" guests/tiny/domains -smp "$2"
    passed "$out/$name.log" "$name-" "${@:4}"
}
# shellcheck disable=SC2086
{
    scheduler credit2 1 -DFEW $groups
    scheduler credit2 4 "" $groups many
    scheduler credit 2 "" $groups many
    scheduler rtds 2 -DFEW $groups
}
exit $failed
