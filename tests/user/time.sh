#!/bin/bash
# quick: yes
# --user: time. guest/time.c passes with modelled and with host time; with modelled time two runs print the same, sleeping
# takes no real time, and the date is the documented one.
set -uo pipefail
. tests/user/guest/run.inc
status=0
guest_suite time || status=1
exe=$(guest_program time -O2) || exit 1
verdict() { # CASE OK EXPECTED GOT
    case $CASE in '' | "$1") ;; *) return ;; esac
    if [ "$2" = 0 ]; then echo "PASS $1"; else echo "FAIL $1: expected $3, got $4, tests/user/time.sh"; status=1; fi
}
a=$("$sim" --user "$exe" 2>&1) b=$(sleep 1; "$sim" --user "$exe" 2>&1)
[ "$a" = "$b" ]
verdict repeatable $? "two equal runs" "$(diff <(echo "$a") <(echo "$b") | head -3 | tr '\n' ' ')"
[[ $a == "realtime 1704067200"* ]]
verdict epoch $? "2024-01-01 00:00:00 UTC" "${a%%$'\n'*}"
start=${EPOCHREALTIME/./}
"$sim" --user "$exe" sleeping >/dev/null
end=${EPOCHREALTIME/./}
[ $((end - start)) -lt 1000000 ]
verdict no_waiting $? "1.3 s of sleep in less than 1 s" "$((end - start)) us"
a=$("$sim" --user --user-time host "$exe" 2>&1)
! grep -q FAIL <<<"$a"
verdict host_time $? "no FAIL with --user-time host" "$(grep -m1 FAIL <<<"$a")"
y=$(date +%s)
s=$(sed -n 's/^realtime \([0-9]*\)[0-9]\{9\} .*/\1/p' <<<"$a")
[ $((${s:-0} - y)) -gt -60 ] && [ $((${s:-0} - y)) -lt 60 ]
verdict host_date $? "about $y" "$s"
exit $status
