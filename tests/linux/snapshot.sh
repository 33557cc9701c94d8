#!/bin/bash
# timeout: 1200
# Snapshots: a machine that is saved goes on as if it had not been; one that is loaded goes on as the saved one did, to the
# byte on the console, the instruction and the modelled cycle, SMP, a written disk, network and entropy included; loading
# takes less than 2 s. What is damaged, truncated or of another machine is refused by name and never crashes.
set -uo pipefail
cases="cpu-1 cpu-4 disk directory efi monitor load-time idle-realtime configuration damaged fuzz"
. tests/linux/lib.inc
guests kernel-16k initramfs

append="console=ttyS0 run=mount+/dev/vda+/mnt;printf+re%s+ady;ls+-l+/mnt;dd+if=/dev/zero+of=/mnt/z+bs=4k+count=64;sync"
append+=";dd+if=/dev/hwrng+bs=16+count=2|hexdump;sleep+2;date;echo+all+done"
mkdir "$work/files"
echo text >"$work/files/file"
test_disk "$work/disk.img" "$work/files" 16M
machine() { echo "-smp $1 -drive file=$work/disk.img,format=raw,snapshot=on -nic user -device virtio-rng-pci"; }
# load NAME SNAPSHOT CPUS [OPTION...]
load() {
    local name=$1 file=$2 cpus=$3
    shift 3
    # shellcheck disable=SC2046 # words are options
    timeout 300 "$sim" --loadvm "$file" -no-reboot $(machine "$cpus") "$@" >"$work/$name.raw" 2>"$work/$name.err" </dev/null
    status=$?
}
counts() { grep -aE 'instructions  |modelled cycles|taken branches' "$work/$1.err"; }
snap=$work/snap

for n in 1 4; do
    [ $n = 1 ] || wanted cpu-4 || continue
    # shellcheck disable=SC2046
    boot plain $(machine $n) --stats
    # shellcheck disable=SC2046
    boot saved $(machine $n) --stats --savevm "$snap$n" --savevm-when ready
    load loaded "$snap$n" $n --stats
    wanted cpu-$n || continue
    verdict cpu-$n "$(
        grep -aq '^all done' "$work/plain.log" || echo "the work was not done: $(tail -n 1 "$work/plain.log")"
        cmp "$work/plain.raw" "$work/saved.raw" 2>&1 | sed 's/^/saving changed the console: /'
        diff <(counts plain) <(counts saved) | sed 's/^/saving changed the counts: /'
        size=$(stat -c %s "$work/loaded.raw")
        [ "$size" -gt 500 ] || echo "only $size bytes of console after loading: $(tail -n 1 "$work/loaded.err")"
        tail -c "$size" "$work/plain.raw" | cmp - "$work/loaded.raw" 2>&1 | sed 's/^/loaded: the console differs: /'
        diff <(counts plain) <(counts loaded) | sed 's/^/loaded: the counts differ: /'
    )"
done

if wanted disk; then
    # A disk without snapshot=on: the machine ends where the image lies, and the host is told when it has changed since.
    append="console=ttyS0 run=mount+/dev/vda+/mnt;echo+one+>/mnt/a;sync;printf+re%s+ady;echo+two+>/mnt/b;umount+/mnt"
    cp --sparse=always "$work/disk.img" "$work/own.img"
    boot own -drive "file=$work/own.img,format=raw" --savevm "$snap-own" --savevm-when ready --savevm-quit
    timeout 300 "$sim" --loadvm "$snap-own" -no-reboot -drive "file=$work/own.img,format=raw" >"$work/own.log" 2>"$work/own.err" \
        </dev/null
    verdict disk "$(
        e2fsck -fn "$work/own.img" >"$work/fsck" 2>&1 || tail -n 1 "$work/fsck"
        for f in a b; do debugfs -R "cat /$f" "$work/own.img" 2>/dev/null; done | tr '\n' ' ' | grep -qx 'one two ' ||
            echo "the files are not what was written"
        grep -q warning "$work/own.err" && cat "$work/own.err"
    )"
fi

if wanted directory; then
    # A directory as a disk: made again at loading, and compared.
    append="console=ttyS0 run=mount+-o+ro+/dev/vda1+/mnt;printf+re%s+ady;cat+/mnt/file"
    boot shown -drive "file=fat:$work/files" --savevm "$snap-dir" --savevm-when ready --savevm-quit
    machine_dir() { timeout 300 "$sim" --loadvm "$snap-dir" -no-reboot -drive "file=fat:$work/files" >"$work/$1.raw" 2>"$work/$1.err" </dev/null; }
    machine_dir same
    echo other >"$work/files/second"
    machine_dir changed
    rm "$work/files/second"
    verdict directory "$(
        grep -aq '^text' "$work/same.raw" || echo "the file is not there: $(tail -n 1 "$work/same.err")"
        grep -q warning "$work/same.err" && cat "$work/same.err"
        grep -q 'drive 0 has changed' "$work/changed.err" || echo "a changed directory is not noticed"
    )"
fi

if wanted efi && [ ! -e "$guest_dir/esp/vmlinux" ]; then
    echo "SKIP efi: no esp in the cache (guests/build.sh esp builds it)"
elif wanted efi; then
    # Booted by EFI: boot services are gone by then, and while they are not, nothing is saved.
    mkdir -p "$work/esp/EFI/BOOT"
    cp "$guest_dir/esp/EFI/BOOT/BOOTIA64.EFI" "$work/esp/EFI/BOOT/"
    cp "$guest_dir/esp/vmlinux" "$guest_dir/esp/initrd.gz" "$work/esp/"
    printf 'image=\\vmlinux\ninitrd=\\initrd.gz\nappend="console=ttyS0 run=%s"\n' \
        'printf+re%s+ady;sleep+1;date;ls+/sys/firmware/efi;echo+all+done' >"$work/esp/elilo.conf"
    efi() {
        local name=$1
        shift
        timeout 300 "$sim" -no-reboot --fat "$work/esp" -smp 2 --stats "$@" >"$work/$name.raw" 2>"$work/$name.err" </dev/null
        status=$?
    }
    efi saved --savevm "$snap-efi" --savevm-when ready
    efi loaded --loadvm "$snap-efi"
    efi early --savevm "$snap-early" --savevm-when "loader: kernel"
    verdict efi "$(
        grep -aq '^all done' "$work/loaded.raw" || echo "the work was not done: $(tail -n 1 "$work/loaded.err")"
        tail -c "$(stat -c %s "$work/loaded.raw")" "$work/saved.raw" | cmp - "$work/loaded.raw" 2>&1
        diff <(counts saved) <(counts loaded)
        grep -q 'still using EFI boot services' "$work/early.err" && [ "$status" = 1 ] && [ ! -e "$snap-early" ] ||
            echo "saved under boot services: status $status, $(tail -n 1 "$work/early.err")"
    )"
fi

if wanted monitor; then
    load a "$snap"1 1 --stats
    # shellcheck disable=SC2046
    printf '%s\n' "savevm $snap-again" "step 1000" "loadvm $snap-again" continue quit |
        timeout 300 "$sim" --loadvm "$snap"1 -no-reboot -S --monitor -serial "file:$work/b.raw" --stats $(machine 1) \
            >"$work/b.out" 2>"$work/b.err"
    verdict monitor "$(
        grep -q saved "$work/b.out" && grep -q loaded "$work/b.out" || tail -n 1 "$work/b.err"
        cmp "$work/a.raw" "$work/b.raw" 2>&1
        diff <(counts a) <(counts b)
    )"
fi

if wanted load-time; then
    # Of processor time: other suites run beside this one.
    TIMEFORMAT='%3U %3S'
    { time load timed "$snap"1 1 --max-insns 1; } 2>"$work/time"
    read -r user sys <"$work/time"
    ms=$((10#${user/./} + 10#${sys/./}))
    echo "loading a booted system: $ms ms of processor time"
    verdict load-time "$([ $ms -lt 2000 ] || echo "expected less than 2000 ms, got $ms"
        [ "$status" = 124 ] || echo "exit status $status: $(tail -n 1 "$work/timed.err")")"
fi

if wanted idle-realtime; then
    # The guest sleeps 2 s: skipped, or waited for with --realtime; the run is the same.
    t0=$(date +%s%N)
    load fast "$snap"1 1 --stats
    t1=$(date +%s%N)
    load slow "$snap"1 1 --stats --realtime
    t2=$(date +%s%N)
    verdict idle-realtime "$(
        slow=$(((t2 - t1) / 1000000)) fast=$(((t1 - t0) / 1000000))
        [ $slow -ge 1900 ] || echo "2 s of sleep took $slow ms with --realtime"
        [ $((slow - fast)) -gt 1000 ] || echo "with and without --realtime: $slow and $fast ms"
        cmp "$work/fast.raw" "$work/slow.raw" 2>&1
        diff <(counts fast) <(counts slow)
    )"
fi

# refused FILE MESSAGE OPTION...
refused() {
    local file=$1 want=$2 st
    shift 2
    timeout 60 "$sim" --loadvm "$file" -no-reboot "$@" >"$work/refused.out" 2>&1 </dev/null
    st=$?
    [ $st = 1 ] || echo "expected exit status 1, got $st: $*"
    grep -qE "$want" "$work/refused.out" || echo "expected '$want', got '$(tail -n 1 "$work/refused.out")'"
}
if wanted configuration; then
    all=$(machine 1)
    verdict configuration "$(
        # shellcheck disable=SC2086
        {
            refused "$snap"1 'processors .* was 1, is 2' ${all/-smp 1/-smp 2}
            refused "$snap"1 'size of memory' $all -m 256
            refused "$snap"1 'network cards' ${all/-nic user/}
            refused "$snap"1 'virtio-rng' ${all/-device virtio-rng-pci/}
            refused "$snap"1 'drives' ${all/-drive */} -nic user -device virtio-rng-pci
            refused "$snap"1 'snapshot=on' ${all/,snapshot=on/}
            refused "$work/none" 'No such file' $all
        }
        "$sim" --kernel "$kernel" --savevm x >"$work/o" 2>&1 && echo "--savevm alone is taken"
        # A disk too full to hold it leaves nothing behind.
        append="console=ttyS0 run=printf+re%s+ady"
        boot full --savevm /dev/full/x --savevm-when ready
        [ "$status" = 1 ] && grep -q 'not saved' "$work/full.err" || echo "a snapshot that cannot be written: status $status"
    )"
fi

if wanted damaged; then
    all=$(machine 1)
    verdict damaged "$(
        # shellcheck disable=SC2086
        for cut in 0 1 8 15 16 40 1000 100000 "$(($(stat -c %s "$snap"1) - 1))"; do
            head -c "$cut" "$snap"1 >"$work/cut"
            refused "$work/cut" 'truncated|not a snapshot' $all
        done
        # shellcheck disable=SC2086
        {
            { cat "$snap"1; echo; } >"$work/cut"
            refused "$work/cut" 'something follows' $all
            refused "$kernel" 'not a snapshot' $all
            refused "$work" 'not a regular file' $all
        }
    )"
fi

if wanted fuzz; then
    # Contents that are wrong under a right checksum: whatever is done with them, it is not a crash of ours.
    python3 - "$snap"1 "$work" <<'END'
import random, struct, sys, zlib
data = open(sys.argv[1], "rb").read()
head, at, sections = data[:16], 16, []
while at < len(data):
    name, version, raw, stored, _ = struct.unpack("<16sIIII", data[at:at + 32])
    body = data[at + 32:at + 32 + stored]
    sections.append((name, version, zlib.decompress(body) if stored != raw else body))
    at += 32 + stored
rng = random.Random(1)
small = [i for i, s in enumerate(sections) if not s[0].startswith(b"ram") and s[2]]
for n in range(60):
    out, victim = [head], rng.choice(small)
    for i, (name, version, body) in enumerate(sections):
        if i == victim:
            body = bytearray(body)
            how = rng.randrange(3)
            if how == 0:
                body = body[:rng.randrange(len(body))]
            for _ in range(rng.choice([1, 4, 64]) if how else 0):
                p = rng.randrange(len(body))
                body[p] = rng.choice([0, 1, 0x7f, 0x80, 0xff, rng.randrange(256)])
            body = bytes(body)
        packed = zlib.compress(body, 1) if len(body) > 256 else body
        if len(packed) >= len(body):
            packed = body
        h = struct.pack("<16sIII", name, version, len(body), len(packed))
        out.append(h + struct.pack("<I", zlib.crc32(packed, zlib.crc32(h))) + packed)
    open(f"{sys.argv[2]}/fuzz{n}", "wb").write(b"".join(out))
END
    refusals=0
    problem=$(for f in "$work"/fuzz*; do
        # shellcheck disable=SC2046
        timeout 60 "$sim" --loadvm "$f" -no-reboot $(machine 1) --max-insns 20000000 >"$f.out" 2>&1 </dev/null
        st=$?
        # 0: it went on; 1: refused, or every processor idle for ever; 70: the guest met what is unimplemented; 124: the limit.
        grep -E 'AddressSanitizer|runtime error' "$f.out" # of a sanitizer build
        case $st in 0 | 1 | 70 | 124) ;; *) echo "exit status $st, $(basename "$f"): $(tail -n 1 "$f.out")" ;; esac
    done)
    refusals=$(grep -lE 'fuzz[0-9]+: ' "$work"/fuzz*.out | wc -l)
    echo "60 snapshots damaged under a right checksum, $refusals refused"
    verdict fuzz "$problem"
fi
exit $failed
