#!/bin/bash
# quick: yes
# --user seen from outside: exit statuses and signals, unknown system calls, environment and argument options, what
# happens to files that are no programs.
set -uo pipefail
. tests/user/guest/run.inc
if ! need_toolchain || ! exe=$(guest_program exit -O2); then
    echo "SKIP exit: no cross compiler"
    exit 0
fi
status=0
run() { "$sim" --user "$@" 2>"$scratch/err"; }
is() { # CASE EXPECTED GOT
    case $CASE in '' | "$1") ;; *) return ;; esac
    if [ "$2" = "$3" ]; then
        echo "PASS $1"
    else
        echo "FAIL $1: expected $2, got $3 ($(tr '\n' ' ' <"$scratch/err")), tests/user/exit.sh"
        status=1
    fi
}
rc() { local r; run "$@" >/dev/null; r=$?; echo $r; }
# The shell's notices of killed jobs are not ours.
quiet() { { rc "$@"; } 2>/dev/null; }

got=; want=
for c in 0 1 2 42 127 128 255 256 511; do got+="$(rc "$exe" code $c) "; want+="$((c & 255)) "; done
is codes "$want" "$got"
is abort 134 "$(quiet "$exe" abort)"
got=; want=
for s in 1 2 4 8 9 11 13 14 15; do got+="$(quiet "$exe" signal $s) "; want+="$((128 + s)) "; done
is signals "$want" "$got"
is segv 139 "$(quiet "$exe" segv 0x10)"
grep -q "SIGSEGV.*main.*address 0x10" "$scratch/err"
is segv_message 0 $?
is unknown "$(printf -- '-1 Function not implemented\n%.0s' 1 2 3 4)" "$(run "$exe" unknown)"
is unknown_named "unimplemented: system call 1248 (timer_create) unimplemented: system call 5000 (?) " \
    "$(tr '\n' ' ' <"$scratch/err")"
is strict 125 "$(rc --strict "$exe" unknown)"
is env "A=1 B=x=y" "$(env -i A=0 C=3 "$sim" --user -E A=1 -E B=x=y -U C "$exe" env | tr '\n' ' ' | sed 's/ $//')"
is argv0 "[zero][args][a b][]" "$(run -0 zero "$exe" args "a b" "")"
is options_after_program "[$exe][args][-L][--strace]" "$(run "$exe" args -L --strace)"
is flushed "no newline at the end" "$(run "$exe" buffered)"
run --strace "$exe" code 3 >/dev/null
grep -q 'exit_group(3)' "$scratch/err"
is strace 0 $?
is missing 127 "$(rc "$scratch/none")"
grep -q "none: No such file" "$scratch/err"
is missing_named 0 $?
is directory 126 "$(rc "$scratch")"
echo "hello" >"$scratch/text"
chmod +x "$scratch/text"
is text 126 "$(rc "$scratch/text")"
grep -q "not an ELF file" "$scratch/err"
is text_named 0 $?
is host_program 126 "$(rc /bin/true)"
grep -q "not for IA-64" "$scratch/err"
is host_program_named 0 $?
is stdin abc "$(echo abc | run "$(guest_program cat -O2)")"
# The same program linked dynamically: its interpreter and library come from the sysroot.
sysroot=$CACHE/toolchain/ia64-linux-gnu/sysroot
dynamic=$(guest_cc user-exit-dynamic -O2 tests/user/guest/exit.c tests/user/guest/check.h)
is dynamic "42 [x][args][y]" "$(rc -L "$sysroot" "$dynamic" code 42) $(run -L "$sysroot" -0 x "$dynamic" args y)"
is no_interpreter 126 "$(rc "$dynamic" code 1)"
grep -q "/lib/ld-linux-ia64.so.2: No such file" "$scratch/err"
is no_interpreter_named 0 $?
exit $status
