#!/bin/bash
# timeout: 1200
# Bad files and options: each refused with one clear line that names it, status 1 and no crash; and disks in a bad state,
# which the guest must see as a disk in a bad state.
set -uo pipefail
cases="options kernel initrd drive disk-readonly disk-full disk-corrupt disk-truncated ram"
. tests/linux/lib.inc
guests kernel-16k initramfs

# refused CASE REGEX OPTIONS...: prints a problem unless the simulator refuses.
refused() {
    local what=$1 want=$2 rc out
    shift 2
    timeout 60 "$sim" --max-insns 400000000 "$@" >"$work/refused" 2>&1 </dev/null
    rc=$?
    out=$(tr -d '\0\r' <"$work/refused")
    if [ $rc -ne 1 ]; then
        echo "$what: expected status 1, got $rc: $(tail -n 1 <<<"$out" | cut -c1-150)"
    elif ! grep -qE -- "$want" <<<"$out"; then
        echo "$what: expected a message with '$want', got '$(head -n 2 <<<"$out" | cut -c1-150)'"
    elif [ "$(wc -l <<<"$out")" -gt 3 ]; then
        echo "$what: expected a line, got $(wc -l <<<"$out"): $(head -n 2 <<<"$out")"
    fi
}

if wanted options; then
    verdict options "$(
        k=(--kernel "$kernel")
        refused unknown nonsense --nonsense
        refused value 'm' -m
        refused memory 'm' -m 12Q "${k[@]}"
        refused memory-0 'm' -m 0 "${k[@]}"
        refused memory-small 'RAM|memory|-m' -m 1M "${k[@]}"
        refused cpus smp -smp 65 "${k[@]}"
        refused cpus-0 smp -smp 0 "${k[@]}"
        refused numa numa -numa 3 -smp 2 "${k[@]}"
        refused map 'memory-map' --memory-map 0+1G,512M+1G "${k[@]}"
        refused map-text 'memory-map' --memory-map nonsense "${k[@]}"
        refused map-hole 'RAM' --memory-map 1G+1G "${k[@]}"
        refused map-devices 'memory-map' --memory-map 0+4G "${k[@]}"
        refused drive drive -drive format=qcow2,file=/dev/null "${k[@]}"
        refused drive-key drive -drive file=/dev/null,nonsense=1 "${k[@]}"
        refused drive-nothing drive -drive if=virtio "${k[@]}"
        refused nic nic -nic tap "${k[@]}"
        refused nic-mac nic -nic user,mac=01:02:03:04:05:06 "${k[@]}"
        refused nic-forward 'nic|hostfwd' -nic user,hostfwd=nonsense "${k[@]}"
        refused serial serial -serial nonsense "${k[@]}"
        refused serial-dir serial -serial file:/nowhere/at/all "${k[@]}"
        refused device device -device nonsense "${k[@]}"
        refused rtc rtc -rtc base=nonsense "${k[@]}"
        refused initrd-alone initrd --initrd "$initrd"
        refused append-alone append --append x
        refused replay 'replay|nowhere' --replay /nowhere "${k[@]}"
        refused both efi --efi x "${k[@]}"
    )"
fi

if wanted kernel; then
    printf 'text' >"$work/short"
    : >"$work/empty"
    head -c 64 "$kernel" >"$work/header"
    head -c 3000000 "$kernel" >"$work/truncated"
    cp /bin/true "$work/x86"
    patched() { # NAME OFFSET BYTES: a kernel with other bytes
        cp "$kernel" "$work/$1"
        printf "$3" | dd of="$work/$1" bs=1 seek="$2" conv=notrunc 2>/dev/null
    }
    # ELF64: e_type 16, e_machine 18, e_entry 24, e_phoff 32, e_phentsize 54, e_phnum 56; the headers behind: p_offset +8,
    # p_vaddr +16, p_paddr +24, p_filesz +32, p_memsz +40.
    ph=$(od -An -tu8 -j32 -N8 "$kernel" | tr -d ' ')
    patched big-endian 5 '\002'
    patched class32 4 '\001'
    patched machine 18 '\076'
    patched phoff 32 '\377\377\377\377\377\377\377\177'
    patched phentsize 54 '\001\000'
    patched phnum 56 '\377\377'
    patched phnum-0 56 '\000\000'
    patched offset $((ph + 8)) '\377\377\377\377\377\377\377\377'
    patched filesz $((ph + 32)) '\377\377\377\377\377\377\377\177'
    patched memsz $((ph + 40)) '\377\377\377\377\377\377\377\177'
    patched memsz-small $((ph + 40)) '\001\000\000\000\000\000\000\000'
    patched paddr $((ph + 24)) '\000\000\000\000\000\000\377\177'
    patched paddr-devices $((ph + 24)) '\000\000\300\376\000\000\000\000'
    patched paddr-firmware $((ph + 24)) '\000\000\000\000\000\000\000\000'
    gzip -1c "$kernel" | head -c 2000000 >"$work/gzip"
    verdict kernel "$(
        refused nowhere '/nowhere' --kernel /nowhere
        refused directory "$work" --kernel "$work"
        for f in short empty header truncated x86 gzip big-endian class32 machine phoff phentsize phnum phnum-0 offset filesz \
            memsz memsz-small paddr paddr-devices paddr-firmware; do
            refused $f "/$f" --kernel "$work/$f"
        done
    )"
fi

# The firmware hands the ramdisk on as it is: only a file that is not there or does not fit is refused. The kernel is to
# say what it finds, and to stop for want of a root.
if wanted initrd; then
    head -c 100000 "$initrd" >"$work/short.gz"
    head -c 300000 /dev/urandom >"$work/random"
    verdict initrd "$(
        refused nowhere /nowhere --kernel "$kernel" --initrd /nowhere
        refused directory "$work" --kernel "$kernel" --initrd "$work"
        truncate -s 2G "$work/huge"
        refused huge '/huge' --kernel "$kernel" --initrd "$work/huge" -m 512M
        append="console=ttyS0 panic=-1"
        for f in short.gz random; do
            initrd=$work/$f boot "$f" -no-reboot --max-insns 3000000000
            grep -q 'Initramfs unpacking failed\|rootfs image is not initramfs' "$work/$f.log" ||
                echo "$f: the kernel does not say that the initramfs is bad: $(tail -n 1 "$work/$f.log")"
            grep -q 'Kernel panic - not syncing: VFS: Unable to mount root fs' "$work/$f.log" ||
                echo "$f: no panic for want of a root file system: $(tail -n 1 "$work/$f.log")"
            [ $status -lt 126 ] || echo "$f: exit status $status"
            grep -q unimplemented "$work/$f.err" && head -n 1 "$work/$f.err"
        done
    )"
fi

if wanted drive; then
    truncate -s 1000 "$work/odd"
    : >"$work/empty"
    verdict drive "$(
        refused nowhere /nowhere --kernel "$kernel" -drive file=/nowhere
        refused odd odd --kernel "$kernel" -drive file="$work/odd"
        refused empty empty --kernel "$kernel" -drive file="$work/empty"
        refused directory "$work" --kernel "$kernel" -drive file="$work"
        if [ "$(id -u)" != 0 ]; then
            truncate -s 1M "$work/readonly" && chmod 444 "$work/readonly"
            refused readonly readonly --kernel "$kernel" -drive file="$work/readonly"
        fi
        truncate -s 1M "$work/busy"
        flock "$work/busy" sleep 300 &
        sleep 0.5
        refused busy 'busy.*in use' --kernel "$kernel" -drive file="$work/busy"
        kill $!
    )"
fi

# guest CASE IMAGE-OPTIONS COMMAND: boots with that disk, runs COMMAND; console in $work/CASE.log.
guest() {
    append="console=ttyS0 run=$3"
    boot "$1" -drive "file=$work/$1.img,format=raw$2"
    [ "$status" -eq 0 ] || echo "exit status $status: $(tail -n 1 "$work/$1.err")"
    grep -iE 'unimplemented|\bBUG\b|oops|panic' "$work/$1.err" "$work/$1.log"
}
have() { grep -qE "$2" "$work/$1.log" || echo "the guest does not see '$2'"; }
mkdir "$work/files"
head -c 3000000 "$kernel" >"$work/files/data"

if wanted disk-readonly; then
    test_disk "$work/disk-readonly.img" "$work/files"
    sum=$(sha256sum <"$work/disk-readonly.img")
    verdict disk-readonly "$(
        guest disk-readonly ,readonly=on "mount+-o+ro+/dev/vda+/mnt;cat+/sys/block/vda/ro;cat+/mnt/data|wc+-c;dd+if=/dev/zero+of=/dev/vda+count=1;umount+/mnt"
        have disk-readonly '^1$'
        have disk-readonly '^3000000$'
        have disk-readonly 'Operation not permitted|Read-only|permission'
        [ "$sum" = "$(sha256sum <"$work/disk-readonly.img")" ] || echo "the image has changed"
        # snapshot=on: the guest writes, the file stays.
        mv "$work/disk-readonly.img" "$work/snapshot.img"
        guest snapshot ,snapshot=on "mount+/dev/vda+/mnt;cp+/mnt/data+/mnt/more;umount+/mnt;mount+/dev/vda+/mnt;cmp+/mnt/data+/mnt/more;echo+cmp+\$?"
        have snapshot '^cmp 0'
        [ "$sum" = "$(sha256sum <"$work/snapshot.img")" ] || echo "the image has changed under snapshot=on"
    )"
fi
if wanted disk-full; then
    test_disk "$work/disk-full.img" "$work/files" 16M
    verdict disk-full "$(
        guest disk-full "" "mount+/dev/vda+/mnt;dd+if=/dev/zero+of=/mnt/fill+bs=64k;rm+/mnt/fill;cp+/mnt/data+/mnt/more;cmp+/mnt/data+/mnt/more;echo+cmp+\$?;umount+/mnt"
        have disk-full 'No space left on device'
        have disk-full '^cmp 0'
        e2fsck -fn "$work/disk-full.img" >"$work/fsck" 2>&1 || echo "e2fsck: $(tail -n 1 "$work/fsck")"
    )"
    # The host's file system full below a sparse image: an I/O error for the guest, not the end of us.
    if [ "$(id -u)" = 0 ] && mkdir "$work/small" && mount -t tmpfs -o size=6m tmpfs "$work/small" 2>/dev/null; then
        test_disk "$work/small/disk-full.img" "$work/files/" 64M
        ln -s small/disk-full.img "$work/host-full.img"
        verdict disk-full-host "$(
            guest host-full "" "mount+/dev/vda+/mnt;dd+if=/dev/urandom+of=/mnt/fill+bs=64k+count=200;sync"
            have host-full 'I/O error'
        )"
        umount -l "$work/small"
    else
        echo "SKIP disk-full-host: a small tmpfs cannot be mounted here"
    fi
fi
if wanted disk-corrupt; then
    test_disk "$work/disk-corrupt.img" "$work/files"
    # Its superblock and group descriptors are noise.
    yes noise | head -c 300000 | dd of="$work/disk-corrupt.img" bs=1k seek=1 conv=notrunc 2>/dev/null
    verdict disk-corrupt "$(
        guest disk-corrupt "" "mount+-t+ext4+/dev/vda+/mnt;echo+mount+\$?;dd+if=/dev/vda+bs=1M+|wc+-c"
        have disk-corrupt '^mount (1|255)'
        have disk-corrupt "^$((64 << 20))\$"
    )"
fi
if wanted disk-truncated; then
    # The file shrinks while the machine runs: reads beyond its end are errors.
    test_disk "$work/disk-truncated.img" "$work/files"
    verdict disk-truncated "$(
        (sleep 2; truncate -s 1M "$work/disk-truncated.img") &
        guest disk-truncated "" "while+dd+if=/dev/vda+of=/dev/null+bs=1M+iflag=direct+2>/dev/null;do+sleep+1;done;echo+ended"
        have disk-truncated '^ended'
        have disk-truncated 'I/O error, dev vda'
    )"
fi
if wanted ram; then
    # Too little for this kernel: it says so or the loader does; nobody hangs or crashes.
    verdict ram "$(
        append="console=ttyS0 panic=-1"
        boot ram -m 64M --max-insns 2000000000
        [ $status -ne 0 ] && [ $status -lt 126 ] || echo "status $status"
        [ -s "$work/ram.err" ] || grep -q 'Kernel panic' "$work/ram.log" || echo "nothing said"
    )"
fi
exit $failed
