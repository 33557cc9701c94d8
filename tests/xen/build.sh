#!/bin/bash
# timeout: 900
# T=xen/build: Xen builds from Debian's source, -Werror, with not a word from compiler, assembler or linker; what comes out is an EFI application, and
# its code keeps its hands off the guest's floating-point registers. Cached: the build is repeated when its sources or its compiler changed.
# FULL=1: without debugging too, and twice the same bits.
set -uo pipefail
. toolchain/step.sh
export PATH=$CACHE/toolchain/bin:$PATH
work=$CACHE/xen-build-test
mkdir -p "$work"
only_one xen-build-test

k=$(key "$(cd xen && find . -type f ! -name '*~' | sort | xargs sha256sum)" "$(readlink -f "$CACHE/toolchain")")
out=$work/out
wanted() { [ -z "${CASE:-}" ] || [ "$CASE" = "$1" ]; }
verdict() { # CASE PROBLEM
    if [ -z "$2" ]; then echo "PASS $1"; else echo "FAIL $1: $2" && status=1; fi
}
status=0

# build DIR CONFIG-LINE...: afresh, the log in DIR/log
build() {
    local dir=$1
    shift
    rm -rf "$dir" && mkdir -p "$dir"
    {
        XEN_WORK=$dir xen/build.sh tree &&
            XEN_WORK=$dir xen/build.sh make ia64_defconfig &&
            for line; do echo "$line" >>"$dir/tree/xen/.config"; done &&
            XEN_WORK=$dir xen/build.sh make olddefconfig &&
            XEN_WORK=$dir V=1 xen/build.sh hypervisor
    } >"$dir/log" 2>&1
}

if [ "$(cat "$work/key" 2>/dev/null)" != "$k" ]; then
    rm -f "$work/key"
    if build "$work/w"; then
        rm -rf "$out" && cp -r "$work/w/out" "$out"
        echo "$k" >"$work/key"
    fi
fi
if [ "$(cat "$work/key" 2>/dev/null)" != "$k" ]; then
    tail -n 30 "$work/w/log"
    echo "FAIL build: expected xen.efi, got the errors above, in $work/w/log"
    exit 1
fi
echo "PASS build"

wanted quiet && verdict quiet "$(grep -inE 'warning: |note: ' "$work/w/log" | grep -v 'Wa,\|-Wno-' | head -n 3)"

# PE32+ for IA-64, an EFI application of two sections, relocations for all that is absolute.
if wanted image; then
    verdict image "$(python3 - "$out/xen.efi" <<'PY'
import struct, sys
f = open(sys.argv[1], 'rb').read()
pe = struct.unpack_from('<I', f, 0x3c)[0]
machine, sections = struct.unpack_from('<2H', f, pe + 4)
magic, = struct.unpack_from('<H', f, pe + 24)
subsystem, = struct.unpack_from('<H', f, pe + 24 + 68)
base, = struct.unpack_from('<Q', f, pe + 24 + 24)
rva, size = struct.unpack_from('<2I', f, pe + 24 + 112 + 5 * 8)
for what, want, got in (('machine', 0x200, machine), ('magic', 0x20b, magic), ('subsystem', 10, subsystem), ('sections', 2, sections),
                        ('base', 0xf400000004000000, base)):
    if want != got:
        print('expected %s %#x, got %#x' % (what, want, got))
if not size:
    print('no base relocations')
PY
)"
fi

# f2-f5 and f12-f127 are a guest's: only what saves and restores them, and prepares firmware calls, names them; and what gives SAL a processor back as
# it gave it, which no guest is on.
if wanted fp-registers; then
    verdict fp-registers "$(ia64-linux-gnu-objdump -d --no-show-raw-insn "$out/xen-syms" | awk '
        /^[0-9a-f]+ <.*>:$/ { name = substr($2, 2, length($2) - 3) }
        /[ =,]f([2-5]|1[2-9]|[2-9][0-9]|1[01][0-9]|12[0-7])([ ,=]|$)/ && !/\.f[0-9]/ {
            if (name !~ /^(save_fpu|restore_fpu|fw_virt|vcpu_get_fr|vcpu_set_fr|ap_entry|ap_return_to_sal)$/) seen[name] = $0
        }
        END { for (n in seen) if (++k < 6) printf "%s (%s) ", n, seen[n] }')"
fi

# What common code compiled with descriptors may not meet what is compiled without: .opd has entries of common/efi alone.
if wanted descriptors; then
    verdict descriptors "$(ia64-linux-gnu-readelf -SW "$out/xen-syms" | awk '$2 == ".opd" || $3 == ".opd" { print "expected no function descriptors, got .opd" }')"
fi


if [ "${FULL:-0}" = 1 ]; then
    if wanted release; then
        p=
        build "$work/release" '# CONFIG_DEBUG is not set' || p="does not build without CONFIG_DEBUG: $work/release/log"
        verdict release "$p"
    fi
    if wanted same-bits; then
        p=
        build "$work/again" || p="does not build: $work/again/log"
        cmp -s "$work/again/out/xen.efi" "$out/xen.efi" || p=${p:-"expected two builds alike, got different ones"}
        verdict same-bits "$p"
    fi
fi
exit $status
