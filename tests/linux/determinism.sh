#!/bin/bash
# timeout: 1800
# Two runs are the same: console to the byte, instructions, modelled cycles and interruptions by --stats, with 1 and 4
# CPUs at work, a disk written and DHCP from libslirp. Looking does not change it: the same with every interruption traced.
set -uo pipefail
cases="cpu-1 cpu-4 traced disk record-replay"
. tests/linux/lib.inc
guests kernel-16k initramfs

mkdir "$work/files"
cp $here/load.guest "$work/files/load"
test_disk "$work/first.img" "$work/files"
counts() { grep -aE 'instructions  |modelled cycles|taken branches|RSE|[0-9a-f]{4} [A-Z]' "$work/$1.err"; }

# twice CASE A B: the runs A and B ended well and are the same.
same() {
    local f
    verdict "$1" "$(
        for f in "$2" "$3"; do
            grep -q '^T load done' "$work/$f.log" || echo "run $f did not end its work: $(tail -n 1 "$work/$f.log")"
        done
        cmp "$work/$2.raw" "$work/$3.raw" 2>&1 | sed 's/^/console: /'
        [ -n "$(counts "$2")" ] || echo "no counts in $work/$2.err"
        diff <(counts "$2") <(counts "$3")
    )"
}
run() {
    local name=$1 cpus=$2
    shift 2
    cp --sparse=always "$work/first.img" "$work/$name.img"
    boot "$name" -smp "$cpus" -drive "file=$work/$name.img,format=raw" --stats "$@"
    sed -i 's/[^ ]*\.img/IMG/g' "$work/$name.err"
}

append="console=ttyS0 run=mount+/dev/vda+/mnt;cp+/mnt/load+/tmp;sh+/tmp/load"
for n in 1 2 4; do
    [ $n != 2 ] || [ "$CASE" = cpu-2 ] || continue # for domain 0 (T=xen/determinism)
    if wanted cpu-$n || { [ $n = 4 ] && { wanted traced || wanted disk; }; }; then
        run a$n $n
        run b$n $n
        wanted cpu-$n && same cpu-$n a$n b$n
    fi
done
if wanted disk; then
    # The journal's and superblock's times are the guest's own: the images too are the same.
    verdict disk "$(cmp "$work/a4.img" "$work/b4.img" 2>&1)"
fi
if wanted traced; then
    run traced 4 --trace intr --trace-file "$work/trace"
    same traced a4 traced
    [ -s "$work/trace" ] || verdict traced "the trace is empty"
fi
if wanted record-replay; then
    # A person at the console: what is typed, and DHCP, enter the simulation when the host says so; with the record of the
    # first run the second is the same without anybody typing.
    append="console=ttyS0"
    record() {
        local name=$1
        shift
        timeout 300 "$sim" --kernel "$kernel" --initrd "$initrd" -append "$append" -no-reboot -smp 2 -nic user --stats "$@" \
            >"$work/$name.raw" 2>"$work/$name.err"
        status=$?
        tr -d '\r' <"$work/$name.raw" >"$work/$name.log"
    }
    { sleep 8; echo 'udhcpc -q -n -i eth0 -s /etc/udhcpc.script'; sleep 2; echo 'echo T load $((6 * 7)) "done" | tr -d 42'
        sleep 1; echo 'echo "T load" done; exit'; sleep 20; } | record recorded --record "$work/record"
    record replayed --replay "$work/record" </dev/null
    same record-replay recorded replayed
fi
exit $failed
