#!/bin/bash
# timeout: 900
# A person at Xen's console: domain 0's shell takes what is typed; CTRL-a three times reaches Xen's console keys, and again the shell; the
# shell's end powers the machine off with status 0; reboot is a reset of the machine, and Xen starts again.
#
# keys      the keys work and come back: h, r, q, m, d, i (with a message of a device's), t, 0, * and all that it fires
# back      domain 0's shell works before and after, a line in the middle of typing is not lost
# power-off `exit` and `poweroff -f`
# reboot    `reboot -f` with -no-reboot ends the simulation; without it the machine starts anew; Xen's key R does the same
set -uo pipefail
QUICK=${QUICK:-0} CASE=${CASE-}
cases="keys back power-off reboot"
. tests/linux/lib.inc
. tests/xen/lib.inc
guests kernel-16k initramfs
[ -n "${XEN-}" ] || xen_ready

# at_console NAME OPTION... <SCRIPT: the machine with somebody at its terminal (tests/lib/typist.py). The simulator's own escape is out of the
# way. What was waited for in vain is in $vain.
esp=$work/esp
xen/esp.sh "$esp" "$kernel" "$initrd" dom0_max_vcpus=2 console=ttyS0 || exit 1
at_console() {
    local name=$1
    shift
    cat >"$work/$name.script"
    vain=$(timeout 600 tests/lib/typist.py "$work/$name.script" "$work/$name.raw" \
        "$sim" --fat "$esp" -m 1G -smp 2 -echr 20 --realtime "$@")
    status=$?
    tr -d '\r' <"$work/$name.raw" >"$work/$name.log"
}
ended() {
    [ -z "$vain" ] || echo "$1: $vain; the console ends in: $(tail -n 1 "$work/$1.log")"
    [ "$status" = 0 ] || echo "$1: exit status $status"
    grep -aE '^\(XEN\).*(ASSERT|BUG|[Pp]anic|FATAL|unimplemented)' "$work/$1.log"
}

if wanted keys || wanted back || wanted power-off; then
    # Each key's last words, since the next key may be handled in the middle of what another one says.
    at_console console -no-reboot -device virtio-rng-pci <<'END'
wait 300 ia64 #
type echo typed $((6*7))
wait 60 ^typed 42$
keys echo half $((
keys \x01\x01\x01
wait 60 Serial input to Xen
keys h
wait 60 installed handlers.*key 'R'.*key 'q'.*key 'w'[^\n]*\n
keys r
wait 60 Domain: 0 .* v 2.*CPU\[01\] current=[^\n]*\n
keys q
wait 60 General information for domain 0:.*gfn == mfn.*VCPU1: CPU.*virq 1, port 0\)$
keys m
wait 60 Dom heap: [0-9]+kB free$
keys d
wait 60 CPU0 host state.*ip  f4[0-9a-f]* \[[a-z].*CPU1 host state.*ip  f4[0-9a-f]* \[.*Memory stack
keys i
wait 60 PCI 0000:00:01\.0: MSI-X 1, vector 0x[0-9a-f]+ to CPU[01]; d0's fee0[01]000:0000[0-9a-f]{4}
keys 0
wait 60 guest state \(d0v0\).*ip  [ae0-9].*guest state \(d0v1\).*bspstore
keys t
wait 60 Synced cycles skew: max=
keys *
wait 120 firing all diagnostic.*\[d: .*\[g: .*gnttab_usage_print_all \] done.*\[i: .*\[m: .*\[q: .*\[r: .*\[t: .*cycles skew
keys \x01\x01\x01
wait 60 Serial input to DOM0
type 21+21))
wait 60 ^half 42$
type sed -n 's/^processor//p' /proc/cpuinfo | wc -l; for i in 1 2 3; do echo -n $i; sleep 0.2; done; echo; exit
wait 60 ^2$.*^123$.*reboot: Power down
end 60
END
    mkdir -p "$BUILD/test-logs/xen" && cp "$work/console.log" "$BUILD/test-logs/xen/console.console"
    p=$(ended console)
    back=$(sed -n '/Serial input to DOM0/,$p' "$work/console.log")
    wanted keys && verdict keys "$(grep -q 'Serial input to DOM0' "$work/console.log" || echo "${p:-no way back}")"
    wanted back && verdict back "$(grep -q '^123$' <<<"$back" || echo "expected 123 by the shell; $p")"
    wanted power-off && verdict power-off "$p"
fi

if wanted reboot; then
    at_console reset -no-reboot <<'END'
wait 300 ia64 #
type reboot -f
end 60
END
    p=$(ended reset)
    # Twice from its first word to the shell; by domain 0, and by Xen's key R.
    at_console again <<'END'
wait 300 Xen version 4.17.*ia64 #
type reboot -f
wait 300 Xen version 4.17.*ia64 #
keys \x01\x01\x01R
wait 300 Xen version 4.17.*ia64 #
type poweroff -f
end 60
END
    verdict reboot "$p$(ended again)"
fi
exit $failed
