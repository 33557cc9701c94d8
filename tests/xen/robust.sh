#!/bin/bash
# timeout: 600
# What is wrong with the files and options Xen is started with: it says so in words, and ends or goes on as it should; with `noreboot` no crash loops.
#
# no-config, no-section, no-kernel, no-ramdisk, bad-section: EFI's part says what it misses, and returns to the firmware
# kernel       no ELF file, a cut one, one for another machine, one whose segments are nowhere: domain 0 is refused with a reason
# dom0-memory  less than the kernel and its ramdisk need
# long-options longer than Xen keeps: cut or refused, but said
# unknown      an option that nobody knows does no harm
set -uo pipefail
QUICK=${QUICK:-0} CASE=${CASE-}
cases="no-config no-section no-kernel no-ramdisk bad-section kernel dom0-memory long-options unknown"
. tests/linux/lib.inc
. tests/xen/lib.inc
guests kernel-16k initramfs
[ -n "${XEN-}" ] || xen_ready
esp=$work/esp
xen/esp.sh "$esp" "$kernel" "$initrd" noreboot "console=ttyS0 run=echo+T+alive" || exit 1
boot=$esp/EFI/BOOT cfg=$esp/EFI/BOOT/BOOTIA64.cfg
cp "$cfg" "$work/cfg"
cp "$boot/vmlinux" "$work/vmlinux"

# said_by_xen WHAT REGEX...: prints a problem unless the run ends within its instructions and its console has all REGEXes, and no crash dump.
said_by_xen() {
    local what=$1 rc out r
    shift
    timeout 300 "$sim" --fat "$esp" -m 1G -no-reboot --max-insns 3000000000 >"$work/out" 2>&1 </dev/null
    rc=$?
    out=$(tr -d '\0\r' <"$work/out")
    for r; do grep -qE -- "$r" <<<"$out" || echo "$what: expected '$r', got '$(grep . <<<"$out" | tail -n 2 | xargs -d '\n')'"; done
    grep -aE 'BUG|ASSERT|FATAL|unimplemented|Xen call trace|hypervisor: ' <<<"$out" | head -n 2 | sed "s/^/$what: /"
    # Xen starts once: no loop.
    [ "$(grep -c 'Xen version' <<<"$out")" -le 1 ] || echo "$what: Xen starts $(grep -c 'Xen version' <<<"$out") times"
    [ $rc -lt 124 ] || echo "$what: exit status $rc"
}
afresh() { cp "$work/cfg" "$cfg" && cp "$work/vmlinux" "$boot/vmlinux"; }
config() { # CASE SED-SCRIPT REGEX...
    local case=$1 script=$2
    shift 2
    wanted "$case" || return 0
    afresh
    sed -i "$script" "$cfg"
    verdict "$case" "$(said_by_xen "$case" "$@")"
}

if wanted no-config; then
    rm "$cfg"
    verdict no-config "$(said_by_xen no-config 'No configuration file found')"
fi
config no-section 's,^.linux.$,[other],' 'No initial domain kernel specified'
config bad-section 's/^default=.*/default=nowhere/' 'No initial domain kernel specified'
config no-kernel 's/^kernel=[^ ]*/kernel=nosuch/' 'Open failed for nosuch: Not found'
config no-ramdisk 's/^ramdisk=.*/ramdisk=nosuch/' 'Open failed for nosuch: Not found'
if wanted dom0-memory; then
    afresh
    sed -i 's/dom0_mem=[^ ]*/dom0_mem=8M/' "$cfg" # Xen makes it 64
    truncate -s 80M "$boot/initrd.gz"
    verdict dom0-memory "$(said_by_xen dom0-memory 'domain 0: no room for its ramdisk of .* bytes: raise dom0_mem')"
    cp "$initrd" "$boot/initrd.gz"
fi
config long-options "s/^options=/&$(printf 'x%.0s' {1..1500}) /" 'too long|too large|truncated|T alive'
config unknown 's/^options=/&nonsense nosuch=7 console=com9 loglvl=nonsense /' 'T alive'

if wanted kernel; then
    verdict kernel "$(
        bad() { # NAME REGEX: $boot/vmlinux as it is now
            said_by_xen "$1" "$2"
        }
        patched() {
            cp "$work/vmlinux" "$boot/vmlinux"
            printf "$2" | dd of="$boot/vmlinux" bs=1 seek="$1" conv=notrunc 2>/dev/null
        }
        ph=$(od -An -tu8 -j32 -N8 "$work/vmlinux" | tr -d ' ')
        refused='\(XEN\) .*([Dd]omain 0|DOM0|[Dd]om0).*'
        head -c 200000 /dev/urandom >"$boot/vmlinux"; bad garbage "$refused"
        printf 'text' >"$boot/vmlinux"; bad short "$refused"
        head -c 64 "$work/vmlinux" >"$boot/vmlinux"; bad header "$refused"
        head -c 3000000 "$work/vmlinux" >"$boot/vmlinux"; bad truncated "$refused"
        patched 18 '\076'; bad machine "$refused"
        patched 5 '\002'; bad big-endian "$refused"
        patched 56 '\377\377'; bad phnum "$refused"
        patched 32 '\377\377\377\377\377\377\377\177'; bad phoff "$refused"
        patched $((ph + 24)) '\000\000\000\000\000\000\377\177'; bad address "$refused"
        patched $((ph + 32)) '\377\377\377\377\377\377\377\177'; bad filesz "$refused"
    )"
fi
exit $failed
