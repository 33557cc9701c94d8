#!/bin/bash
# order: 56
# timeout: 600
# Every hypercall and firmware call with good, bad and hostile arguments from a small kernel as domain 0 (guests/tiny/hypercalls): the right result, as
# many free pages and domains afterwards as before, Xen alive. All of it by break, and (epc-...) by the entry of epc.c. FUZZ=COUNT: so many random ones (FULL=1: 200000); SEED=N.
set -uo pipefail
groups="generic memory events vcpu grants control domains firmware"
cases="$groups fuzz epc"
for c in $groups fuzz; do cases+=" epc-$c"; done
. tests/linux/lib.inc
. tests/xen/lib.inc
. tests/xen/cases.inc
seed=${SEED:-1}
fuzz=${FUZZ:-${FULL:+200000}}
# Any of the groups, with that prefix?
any() {
    local c
    for c in $groups; do wanted "$1$c" && return; done
    return 1
}

if any ""; then
    run cases "" "" guests/tiny/hypercalls
    # shellcheck disable=SC2086
    passed "$out/cases.log" "" $groups
fi
if any epc- || wanted epc; then
    run epc timer_slop=0 -DEPC guests/tiny/hypercalls
    passed "$out/epc.log" "" epc
    # shellcheck disable=SC2086
    passed "$out/epc.log" epc- $groups
fi
for entry in "" epc-; do
    wanted "${entry}fuzz" || continue
    run "${entry}fuzz" guest_loglvl=none "${entry:+-DEPC} -DFUZZ_COUNT=${fuzz:-3000} -DFUZZ_SEED=$seed" guests/tiny/hypercalls
    verdict "${entry}fuzz" "$(trouble "$out/${entry}fuzz.log"; grep -a '^BAD' "$out/${entry}fuzz.log")"
done
exit $failed
