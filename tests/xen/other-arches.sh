#!/bin/bash
# timeout: 900
# T=xen/other-arches: what our patches touch of upstream's files still compiles for x86 and Arm: each patched source file, and for patched headers a
# few of those that include them. Cached: repeated when a patch, the test or a compiler changed.
set -uo pipefail
. toolchain/step.sh
work=$CACHE/xen-other-arches
mkdir -p "$work"
only_one xen-other-arches
k=$(key "$(cat xen/patches/* "$0")" "$(gcc --version)" "$(aarch64-linux-gnu-gcc --version 2>&1)")
status=0

# What of the patched files an architecture compiles; and users of the headers.
sources=$(sed -n 's,^+++ b/xen/\([^	]*\.c\).*,\1,p' xen/patches/*.patch | sort -u)
users="common/domain.c common/memory.c common/event_channel.c common/kernel.c common/libelf/libelf-loader.c"
objects() { # ARCH
    local f
    for f in $sources $users; do
        case $1:$f in
        *:xen/hypercall-defs.c | *:include/*) ;;
        x86_64:common/efi/boot.c | x86_64:common/efi/pe.c) echo "arch/x86/efi/$(basename "$f" .c).init.o" ;;
        x86_64:common/efi/*) echo "arch/x86/efi/$(basename "$f" .c).o" ;;
        arm64:common/efi/boot.c | arm64:common/efi/pe.c) echo "arch/arm/efi/$(basename "$f" .c).init.o" ;;
        arm64:common/efi/*) echo "arch/arm/efi/$(basename "$f" .c).o" ;;
        arm64:common/libelf/*) ;;
        *) echo "${f%.c}.o" ;;
        esac
    done | sort -u
}

unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES BUILD CC CFLAGS
for arch in x86_64 arm64; do
    [ -z "${CASE:-}" ] || [ "$CASE" = "$arch" ] || continue
    case $arch in
    arm64)
        prefix=aarch64-linux-gnu-
        command -v aarch64-linux-gnu-gcc >/dev/null || { echo "SKIP arm64: no gcc-aarch64-linux-gnu"; continue; }
        ;;
    *) prefix= ;;
    esac
    if [ "$(cat "$work/$arch.key" 2>/dev/null)" != "$k" ]; then
        log=$work/$arch.log
        tree=$work/$arch
        rm -rf "$tree" && mkdir -p "$tree"
        # Headers that the build makes, then the objects.
        (
            XEN_WORK=$tree xen/build.sh tree || exit 1
            cd "$tree/tree/xen" || exit 1
            cat >touched.mk <<'MK'
include Makefile
touched: tools_fixdep outputmakefile
	$(Q)$(MAKE) $(build)=tools
	$(Q)$(MAKE) $(build)=. include/xen/compile.h
	$(Q)$(MAKE) $(build)=include all
	$(Q)$(MAKE) $(build)=arch/$(SRCARCH) include
	$(Q)$(MAKE) $(build)=. arch/$(SRCARCH)/include/asm/asm-offsets.h
	$(Q)set -e; for o in $(OBJECTS); do $(MAKE) $(build)=$$(dirname $$o) $$o; done
MK
            m=(make "XEN_TARGET_ARCH=$arch" "CROSS_COMPILE=$prefix" HOSTCC=gcc)
            "${m[@]}" defconfig && "${m[@]}" -f touched.mk touched OBJECTS="$(objects $arch | tr '\n' ' ')"
        ) >"$log" 2>&1
        # shellcheck disable=SC2181  # of the subshell above
        if [ $? -ne 0 ]; then
            tail -n 20 "$log"
            echo "FAIL $arch: expected $(objects $arch | wc -l) objects, got the errors above, in $log"
            status=1
            continue
        fi
        rm -rf "$tree"
        echo "$k" >"$work/$arch.key"
    fi
    echo "PASS $arch"
done
exit $status
