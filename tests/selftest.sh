#!/bin/bash
# quick: yes
# alone: yes
# The driver's own test: tests/run on the small suites of tests/selftest must count passes, failures, skips, deaths and
# silence rightly, choose what is named, and end in the right line and status.
set -u
bad=0

# check NAME EXPECTED-STATUS EXPECTED-LAST-LINE PATTERN-IN-THE-OUTPUT ARGS...
check() {
    local name=$1 status=$2 last=$3 pattern=$4 out rc
    shift 4
    out=$(TESTS_DIR=${dir:-tests/selftest} BUILD="$BUILD/selftest" CASE='' QUICK=${quick:-0} tests/run "$@" 2>&1)
    rc=$?
    if [ $rc -eq "$status" ] && [ "$(tail -n 1 <<<"$out")" = "$last" ] && grep -q -- "$pattern" <<<"$out"; then
        echo "PASS $name"
    else
        echo "FAIL $name: expected status $status, '$last' and '$pattern', got status $rc and:"
        sed 's/^/    /' <<<"$out"
        bad=1
    fi
}

check passing 0 "2 passed, 0 failed, 0 skipped" "pass .*2 passed" pass
check failing 1 "1 passed, 1 failed, 0 skipped" "FAIL two: expected 1, got 2, here" fail
check skipping 0 "0 passed, 0 failed, 1 skipped" "SKIP one: not on this machine" skip
check crashing 1 "1 passed, 1 failed, 0 skipped" "FAIL crash: ended with status 139 without a verdict" crash
check silent 1 "0 passed, 1 failed, 0 skipped" "FAIL silent: ended without a verdict" silent
check time-limit 1 "1 passed, 1 failed, 0 skipped" "FAIL slow: no end after 1 s" slow
check case 0 "1 passed, 0 failed, 0 skipped" "dir/sub" dir/sub/abc
check no-such-case 1 "0 passed, 1 failed, 0 skipped" "FAIL dir/sub: no case 'nothing', ended without" dir/sub/nothing
check directory 0 "1 passed, 0 failed, 0 skipped" "dir/sub" dir
check all 1 "6 passed, 4 failed, 1 skipped" "dir/sub"
quick=1 check quick 0 "2 passed, 0 failed, 0 skipped" "pass "
check unknown 2 "    slow" "no suite 'nobody'; there are:" nobody

# The time budget of a run of everything: `a`, later in the order than `b`, is cut off in its middle, `c` not begun.
dir=$BUILD/selftest-budget
rm -rf "$dir" && mkdir -p "$dir"
printf '#!/bin/bash\n# order: 60\necho PASS begun\nsleep 3\necho PASS ended\n' >"$dir/a.sh"
printf '#!/bin/bash\necho PASS b\n' >"$dir/b.sh"
printf '#!/bin/bash\n# order: 70\necho PASS c\n' >"$dir/c.sh"
chmod +x "$dir"/*.sh
export TEST_SECONDS=2 TEST_JOBS=1
check budget-cut 0 "2 passed, 0 failed, 2 skipped" "SKIP a: the rest of it, cut off"
check budget-not-begun 0 "2 passed, 0 failed, 2 skipped" "SKIP c: not begun"
check budget-named 0 "1 passed, 0 failed, 0 skipped" " c .*1 passed" c
TEST_SECONDS=0 check budget-none 0 "4 passed, 0 failed, 0 skipped" " c .*1 passed"

# Several at a time: `a`, `b` and `c` each wait for the others; `d` is alone, whatever the order.
dir=$BUILD/selftest-jobs
rm -rf "$dir" "$BUILD/selftest/together" "$BUILD/selftest/e" && mkdir -p "$dir"
cat >"$dir/a.sh" <<'E'
#!/bin/bash
# order: 10
cd "$BUILD" && mkdir -p together && : >"together/$(basename "$0")"
for _ in $(seq 100); do
    [ "$(ls together | wc -l)" = 3 ] && echo PASS together && exit
    sleep 0.1
done
echo "FAIL together: expected three at a time"
exit 1
E
cp "$dir/a.sh" "$dir/b.sh" && cp "$dir/a.sh" "$dir/c.sh"
cat >"$dir/d.sh" <<'E'
#!/bin/bash
# alone: yes
# order: 20
sleep 1
[ -e "$BUILD/e" ] && echo "FAIL alone: another began" && exit 1
echo PASS alone
E
printf '#!/bin/bash\n# order: 30\n: >"$BUILD/e"\necho PASS after\n' >"$dir/e.sh"
chmod +x "$dir"/*.sh
TEST_SECONDS=0 TEST_JOBS=3 check jobs 0 "5 passed, 0 failed, 0 skipped" " d .*1 passed"
exit $bad
