#!/bin/bash
# order: 70
# timeout: 7200
# Load on 4 CPUs: stress.c (processes, pipes, memory, files on the disk, signals, threads, floating point, register
# stack, each checking its results) for one modelled second, two minutes of ours; STRESS_SECONDS=300 is the long run, 10 hours.
set -uo pipefail
cases=stress
. tests/linux/lib.inc
. tests/lib/guest-cc.sh
guests kernel-16k initramfs
mkdir "$work/files"
exe=$(guest_cc linux-stress "-O2 -Wall -static -pthread" $here/stress.c) || { echo "FAIL stress: stress.c does not compile"; exit 1; }
cp "$exe" "$work/files/stress"
test_disk "$work/disk.img" "$work/files" 256M
append="console=ttyS0 run=mount+/dev/vda+/mnt;/mnt/stress+${STRESS_SECONDS:-1}+/mnt;echo+T+status+\$?;rm+/mnt/stress;umount+/mnt"
start=$SECONDS
limit=7000 boot stress -smp 4 -m 1G -drive "file=$work/disk.img,format=raw" --stats
mkdir -p "$BUILD/test-logs/linux" && cp "$work"/stress.{log,err} "$BUILD/test-logs/linux/"
sed -i '/^statistics,/d; /^  /d' "$work/stress.err"
verdict stress "$(
    troubles stress
    [ "$(said stress status)" = 0 ] || grep -a '^stress' "$work/stress.log"
    grep -q '^T stress ok' "$work/stress.log" || echo "no 'T stress ok'"
    e2fsck -fn "$work/disk.img" >"$work/fsck" 2>&1 || echo "e2fsck -fn: $(tail -n 1 "$work/fsck")"
    [ "$(debugfs -R 'ls -p /' "$work/disk.img" 2>/dev/null | cut -d/ -f6 | grep -v -e '^\.*$' -e lost | wc -l)" = 0 ] ||
        echo "files are left on the disk"
)"
said stress stress | xargs -d '\n' echo "    "
echo "    $((SECONDS - start)) s; $(awk '$1 == "instructions" || $1 == "MIPS" { printf "%s %s  ", $1, $2 }' "$BUILD/test-logs/linux/stress.err")"
exit $failed
