#!/bin/bash
# quick: yes
# Processes that share memory: the semaphore instructions are atomic between them. CASE: one of them (fetchadd4).
set -uo pipefail
. tests/lib/guest-cc.sh
if ! need_toolchain || ! exe=$(guest_cc user-shared "-O2 -static -Wall" tests/user/shared.c); then
    echo "SKIP shared: no cross compiler"
    exit 0
fi
out=$("$BUILD/ia64-sim" --user "$exe")
rc=$?
grep -E "^[A-Z]+ ${CASE:-[^ ]*}(:.*)?$" <<<"$out"
exit $rc
