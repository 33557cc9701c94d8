#!/bin/bash
# order: 70
# timeout: 7200
# Load on 4 CPUs: stress.c (processes, pipes, memory, files on the disk, signals, threads, floating point, register
# stack, each checking its results): all CPUs busy for half a modelled second, then 3 seconds of the same work with
# pauses. FULL=1: two seconds, and 300 with pauses (README.md says what that takes).
set -uo pipefail
cases=stress
. tests/linux/lib.inc
. tests/lib/guest-cc.sh
guests kernel-16k initramfs
mkdir "$work/files"
exe=$(guest_cc linux-stress "-O2 -Wall -static -pthread" $here/stress.c) || { echo "FAIL stress: stress.c does not compile"; exit 1; }
cp "$exe" "$work/files/stress"
test_disk "$work/disk.img" "$work/files" 256M
if [ -n "${FULL-}" ]; then busy=2 paused=300 percent=0.3; elif [ "$every" != 1 ]; then busy=0.1 paused=0.5 percent=1; else busy=0.5 paused=3 percent=1; fi
append="console=ttyS0 run=mount+/dev/vda+/mnt;/mnt/stress+$busy+/mnt&&/mnt/stress+$paused+/mnt+$percent;"
append+="echo+T+status+\$?;rm+/mnt/stress;umount+/mnt"
start=$SECONDS
limit=7000 boot stress -smp 4 -m 1G -drive "file=$work/disk.img,format=raw" --stats
mkdir -p "$logs" && cp "$work"/stress.{log,err} "$logs/"
sed -i '/^statistics,/d; /^  /d' "$work/stress.err"
verdict stress "$(
    troubles stress
    [ "$(said stress status)" = 0 ] || grep -a '^stress' "$work/stress.log"
    [ "$(grep -c '^T stress ok' "$work/stress.log")" = 2 ] || echo "not two lines 'T stress ok'"
    e2fsck -fn "$work/disk.img" >"$work/fsck" 2>&1 || echo "e2fsck -fn: $(tail -n 1 "$work/fsck")"
    [ "$(debugfs -R 'ls -p /' "$work/disk.img" 2>/dev/null | cut -d/ -f6 | grep -v -e '^\.*$' -e lost | wc -l)" = 0 ] ||
        echo "files are left on the disk"
)"
said stress stress | xargs -d '\n' echo "    "
echo "    $((SECONDS - start)) s; $(awk '$1 == "instructions" || $1 == "MIPS" { printf "%s %s  ", $1, $2 }' "$logs/stress.err")"
exit $failed
