#!/bin/bash
# quick: yes
# timeout: 600
# EFI on the whole machine: our application by --efi, from a directory shown as FAT, from disks made by mtools (superfloppy, MBR,
# GPT, read-only), by boot variables; and what happens when there is nothing good to boot.
set -uo pipefail
. tests/firmware/efi-app/build.bash
sim=$BUILD/ia64-sim
dir=$BUILD/tests/firmware/efi.d
rm -rf "$dir"
mkdir -p "$dir"
status=0
bad() { echo "FAIL $*"; status=1; }
if [ ! -x "$CACHE/toolchain/bin/ia64-linux-gnu-gcc" ]; then
    echo "SKIP efi: no cross compiler (make toolchain)"
    exit 0
fi
efi_app "$dir/app.efi" 2>"$dir/build.log" || {
    bad "build: expected the application to compile, see $dir/build.log"
    exit 1
}

# the directory
fat=$dir/fat
mkdir -p "$fat/EFI/BOOT" "$fat/subdir"
cp "$dir/app.efi" "$fat/EFI/BOOT/BOOTIA64.EFI"
cp "$dir/app.efi" "$fat/app.efi"
echo "from host" >"$fat/subdir/Hello from the host.txt"

# run NAME ARGUMENTS...: all the application's groups pass, and the machine goes off with status 0.
run() {
    local name=$1 rc
    shift
    timeout 120 "$sim" "$@" -nographic </dev/null >"$dir/$name.log" 2>&1
    rc=$?
    judge "$name" $rc
}
judge() {
    local name=$1 rc=$2 n
    tr -d '\r' <"$dir/$name.log" >"$dir/$name.txt"
    n=$(grep -ac 'PASS [a-z]*$' "$dir/$name.txt")
    if [ "$rc" = 0 ] && [ "$n" = 14 ] && grep -aqx 'application done' "$dir/$name.txt" && ! grep -aq FAIL "$dir/$name.txt"; then
        echo "PASS $name"
    else
        bad "$name: expected 14 groups to pass and status 0, got $n and $rc: $(grep -am3 FAIL "$dir/$name.txt" | tr '\n' ';'), see $dir/$name.log"
    fi
}
# refused NAME PATTERN ARGUMENTS...: a message, status 1, no crash.
refused() {
    local name=$1 pattern=$2 rc
    shift 2
    timeout 60 "$sim" "$@" -nographic </dev/null >"$dir/$name.log" 2>&1
    rc=$?
    if [ "$rc" = 1 ] && grep -aqiE "$pattern" "$dir/$name.log"; then
        echo "PASS $name"
    else
        bad "$name: expected status 1 and '$pattern', got status $rc: $(head -c 300 "$dir/$name.log"), see $dir/$name.log"
    fi
}
has() { # NAME FILE...: mtools sees what the application left
    local name=$1
    shift
    if [ "$(mtype "$@" "::Left by the EFI application.txt" 2>&1)" = "hello, host!" ]; then
        echo "PASS $name"
    else
        bad "$name: expected the application's file on the disk, got $(mdir "$@" 2>&1 | head -3)"
    fi
}

run efi --efi "$dir/app.efi"
run efi-fat --efi "$dir/app.efi" --fat "$fat"
run efi-smp --efi "$dir/app.efi" --fat "$fat" -smp 4
run fat --fat "$fat"
# two runs are the same, bit for bit
timeout 120 "$sim" --fat "$fat" -nographic </dev/null >"$dir/again.log" 2>&1
if cmp -s "$dir/fat.log" "$dir/again.log"; then echo "PASS same"; else bad "same: expected two equal logs, got a difference, see $dir"; fi

# keys: x, cursor up, return
(printf 'x\033[A\n') | timeout 120 "$sim" --efi "$dir/app.efi,i" -nographic >"$dir/keys.log" 2>&1
judge keys $?

# another escape character: Ctrl-a goes to the guest, as Xen's console wants it
printf '\001\024x' | timeout 60 "$sim" --efi "$dir/app.efi,i" -echr 20 -nographic >"$dir/echr.log" 2>&1
if grep -aq 'terminated by Ctrl-t x' "$dir/echr.log"; then echo "PASS echr"; else bad "echr: expected Ctrl-t x to end it, see $dir/echr.log"; fi

# after SetVirtualAddressMap in virtual mode; the application's arguments by --append
run virtual --efi "$dir/app.efi" --append v
if grep -aq '^virtual: [0-9]* misses' "$dir/virtual.txt"; then echo "PASS virtual-misses"; else bad "virtual-misses: expected the number of misses, see $dir/virtual.log"; fi
refused append-twice 'one or the other' --efi "$dir/app.efi,a" --append b

# a superfloppy of each FAT type
for t in 12 16 32; do
    img=$dir/fat$t.img
    case $t in
    12) truncate -s 3M "$img" && mformat -i "$img" -N 1 :: ;;
    16) truncate -s 32M "$img" && mformat -i "$img" -N 1 :: ;;
    32) truncate -s 64M "$img" && mformat -i "$img" -N 1 -F :: ;;
    esac && mcopy -s -i "$img" "$fat"/* :: || bad "disk-fat$t: expected mtools to make an image"
    run "disk-fat$t" -drive "file=$img,format=raw,if=virtio"
    has "left-fat$t" -i "$img"
    if fsck.fat -n "$img" >"$dir/fsck$t.log" 2>&1; then echo "PASS fsck-fat$t"; else bad "fsck-fat$t: expected a sound volume, see $dir/fsck$t.log"; fi
done
run readonly -drive "file=$dir/fat32.img,format=raw,if=virtio,readonly=on"

# partitions at 1 MiB
python3 - "$dir/fat16.img" "$dir/mbr.img" "$dir/gpt.img" <<'PY'
import struct, sys, zlib
fat = open(sys.argv[1], 'rb').read()
n, first = len(fat) // 512, 2048
total = first + n + 64
mbr = bytearray(total * 512)
mbr[first * 512:(first + n) * 512] = fat
gpt = bytearray(mbr)
mbr[440:444] = b'\x78\x56\x34\x12'
mbr[446:462] = struct.pack('<B3sB3sII', 0x80, b'', 0xef, b'', first, n)
mbr[510:512] = b'\x55\xaa'
open(sys.argv[2], 'wb').write(mbr)
gpt[446:462] = struct.pack('<B3sB3sII', 0, b'', 0xee, b'', 1, total - 1)
gpt[510:512] = b'\x55\xaa'
esp = bytes.fromhex('28732ac11ff8d211ba4b00a0c93ec93b')
table = (esp + bytes(range(16)) + struct.pack('<QQQ', first, first + n - 1, 0)).ljust(128 * 128, b'\0')
def header(me, other, at):
    h = struct.pack('<8sIIIIQQQQ16sQIII', b'EFI PART', 0x10000, 92, 0, 0, me, other, 34, total - 34, bytes(16), at, 128, 128, zlib.crc32(table))
    return h[:16] + struct.pack('<I', zlib.crc32(h)) + h[20:]
gpt[512:604] = header(1, total - 1, 2)
gpt[1024:1024 + len(table)] = table
gpt[(total - 33) * 512:(total - 33) * 512 + len(table)] = table
gpt[(total - 1) * 512:(total - 1) * 512 + 92] = header(total - 1, 1, total - 33)
open(sys.argv[3], 'wb').write(gpt)
PY
run mbr -drive "file=$dir/mbr.img,format=raw,if=virtio"
has left-mbr -i "$dir/mbr.img@@1M"
run gpt -drive "file=$dir/gpt.img,format=raw,if=virtio"
has left-gpt -i "$dir/gpt.img@@1M"
# the second of two drives has it
truncate -s 1M "$dir/empty.img"
run second -drive "file=$dir/empty.img,format=raw,if=virtio" -drive "file=$dir/gpt.img,format=raw,if=virtio"

# a directory as a disk, which its changes do not reach; read-only unless they are kept in memory
tree() { find "$fat" -type f -exec sha256sum {} + | sort; }
tree >"$dir/tree"
run fat-drive -drive "file=fat:$fat,format=raw,if=virtio"
run fat-drive-snapshot -drive "file=fat:$fat,format=raw,if=virtio,snapshot=on"
if tree | cmp -s - "$dir/tree"; then echo "PASS fat-drive-kept"; else bad "fat-drive-kept: expected the directory as it was, got a difference, see $dir/tree"; fi
refused fat-drive-rw 'fat:rw:.* is not written to' -drive "file=fat:rw:$fat,format=raw,if=virtio"
refused fat-drive-floppy 'floppy.* is not known' -drive "file=fat:floppy:$fat"
refused fat-drive-missing 'nowhere: No such file' -drive "file=fat:$dir/nowhere"
mkdir "$dir/large" && truncate -s 3G "$dir/large/a" "$dir/large/b"
refused fat-drive-large 'larger than the FAT image may be' -drive "file=fat:$dir/large"
truncate -s 5G "$dir/large/a"
refused fat-drive-huge 'larger than a FAT file can be' -drive "file=fat:$dir/large"
rm -r "$dir/large"

# variables: kept in a file, and BootOrder honoured
rm -f "$dir/nvram"
run nvram --efi "$dir/app.efi" --nvram "$dir/nvram"
if grep -aq K.e.p.t.2 "$dir/nvram"; then echo "PASS nvram-kept"; else bad "nvram-kept: expected the variable Kept2 in the file, got none"; fi
python3 - "$dir/boot.nvram" <<'PY'
import struct, sys
g = struct.pack('<IHH8B', 0x8be4df61, 0x93ca, 0x11d2, 0xaa, 0x0d, 0, 0xe0, 0x98, 3, 0x2b, 0x8c)
def var(name, data):
    n = (name + '\0').encode('utf-16le')
    return struct.pack('<III', 7, len(n) // 2, len(data)) + g + n + data
def option(path, opts=b''):
    p = (path + '\0').encode('utf-16le')
    hd = struct.pack('<BBHIQQ16sBB', 4, 1, 42, 1, 2048, 32 * 2048, bytes(range(16)), 2, 2)
    dp = hd + struct.pack('<BBH', 4, 4, 4 + len(p)) + p + b'\x7f\xff\x04\x00'
    return struct.pack('<IH', 1, len(dp)) + 'An option\0'.encode('utf-16le') + dp + opts
open(sys.argv[1], 'wb').write(b'EFIVARS1' + var('BootOrder', struct.pack('<HHH', 9, 0x1a, 3)) +
    var('Boot001A', option('\\nothing\\there.efi')) + var('Boot0003', option('\\app.efi', 'app.efi plain\0'.encode('utf-16le'))))
PY
run bootorder -drive "file=$dir/gpt.img,format=raw,if=virtio" --nvram "$dir/boot.nvram"
if grep -aq 'Boot0009: not found' "$dir/bootorder.log" && grep -aq 'Boot001A: not found' "$dir/bootorder.log"; then
    echo "PASS bootorder-messages"
else
    bad "bootorder-messages: expected both bad options named, see $dir/bootorder.log"
fi

# leaving in other ways
timeout 60 "$sim" --efi "$dir/app.efi,r" --nvram "$dir/reset.nvram" -nographic </dev/null >"$dir/reset.log" 2>&1
rc=$?
if [ $rc = 0 ] && grep -aq 'after the reset' "$dir/reset.log"; then
    echo "PASS reset"
else
    bad "reset: expected the application started again, got status $rc, see $dir/reset.log"
fi
# a program that never calls a service again
timeout 60 "$sim" --efi "$dir/app.efi,w" -no-reboot -nographic </dev/null >"$dir/watchdog.log" 2>&1
rc=$?
if [ $rc = 0 ] && grep -aq 'EFI watchdog timer expired' "$dir/watchdog.log"; then
    echo "PASS watchdog"
else
    bad "watchdog: expected the machine reset by the watchdog timer, got status $rc, see $dir/watchdog.log"
fi
refused status 'returned status 0x8000000000000007' --efi "$dir/app.efi,s"
refused fault 'EFI application faulted: vector 0x2c00' --efi "$dir/app.efi,f"

refused savevm 'not saved: a runtime driver waits' --efi "$dir/app.efi" --savevm "$dir/snap" --savevm-when 'services are gone'

# nothing good to boot
head -c 20000 "$dir/app.efi" >"$dir/short.efi"
head -c 100000 /dev/zero >"$dir/zero.efi"
: >"$dir/empty.efi"
refused missing 'No such file' --efi "$dir/no.efi"
refused truncated 'section out of the file|out of the file' --efi "$dir/short.efi"
refused zeros 'no MZ header' --efi "$dir/zero.efi"
refused empty 'no MZ header' --efi "$dir/empty.efi"
refused elf 'no MZ header' --efi "$dir/app.efi.elf"
refused nothing 'nothing to boot' -drive "file=$dir/empty.img,format=raw,if=virtio"
mkdir "$dir/other"
refused nothing-dir 'nothing to boot' --fat "$dir/other"
refused no-dir 'No such file' --fat "$dir/nowhere"
cp "$dir/fat16.img" "$dir/bad.img"
printf '\xff\xff\xff' | dd of="$dir/bad.img" bs=1 seek=14 conv=notrunc status=none
refused damaged 'damaged FAT' -drive "file=$dir/bad.img,format=raw,if=virtio"
rm -f "$dir"/*.img
exit $status
