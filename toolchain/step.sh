# Long steps with stamps: sourced by the scripts of this directory and by tests that compile guest programs.
#
#   step NAME "what it says on the terminal" COMMAND...
#       runs COMMAND (a shell function is fine; it runs under `set -e` in a subshell) with its output in
#       $CACHE/logs/NAME.log, shows one line with the time it took, and on failure the end of the log; then exits.
#   key PART...
#       prints a short hash of the parts given: what a product is built from, so that it is rebuilt when that changes.
#   recipe FILE...
#       prints the files without comments and blank lines, so that a better comment costs nobody ten minutes.
#   only_one NAME
#       waits until no other process holds the lock NAME; it is held until `others_may` or the end of this shell.
#   holding NAME COMMAND...
#       runs it while holding a lock besides that of only_one.
#
# Never call `step` in a condition (`if step`, `step || ...`): the shell then ignores errors inside COMMAND.

: "${CACHE:=${XDG_CACHE_HOME:-$HOME/.cache}/xen-ia64}"
export CACHE
JOBS=${JOBS:-$(nproc)}

key() { printf '%s\n' "$@" | sha256sum | cut -c1-12; }

recipe() { sed -e '/^[[:space:]]*#/d' -e '/^[[:space:]]*$/d' "$@"; }

# The version of installed Debian packages, on one line; nothing for one that is not installed.
versions() { dpkg-query -W -f '${Package}=${Version} ' "$@" 2>/dev/null || true; }

only_one() {
    mkdir -p "$CACHE"
    exec 9>"$CACHE/$1.lock"
    if ! flock -n 9; then
        echo "  waiting for another process that builds the same ($CACHE/$1.lock)" >&2
        flock 9
    fi
}

others_may() { exec 9>&-; }

holding() {
    exec 8>"$CACHE/$1.lock"
    flock 8
    "${@:2}"
    exec 8>&-
}

elapsed() { printf '%d:%02d' $(($1 / 60)) $(($1 % 60)); }

step() {
    local name=$1 says=$2 start=$SECONDS log pid rc=0
    shift 2
    log=$CACHE/logs/$name.log
    mkdir -p "$CACHE/logs"
    (
        set -euo pipefail
        "$@"
    ) >"$log" 2>&1 </dev/null 9>&- &
    pid=$!
    if [ -t 1 ]; then
        while kill -0 $pid 2>/dev/null; do
            printf '\r  %-58s %s ' "$says" "$(elapsed $((SECONDS - start)))"
            sleep 0.5
        done
        printf '\r'
    fi
    wait $pid || rc=$?
    if [ $rc -ne 0 ]; then
        printf '  %-58s FAILED after %s\n' "$says" "$(elapsed $((SECONDS - start)))"
        tail -n 30 "$log" | cut -c1-200 | sed 's/^/    | /'
        echo "  the whole log: $log"
        exit 1
    fi
    printf '  %-58s %s\n' "$says" "$(elapsed $((SECONDS - start)))"
}
