#!/bin/bash
# The C library: glibc 2.36 for ia64, static and shared, from Debian's glibc-source, into the compiler's sysroot; so
# that $CACHE/toolchain/bin/ia64-linux-gnu-gcc links user programs with no option at all. Its build tree stays in the
# cache: T=glibc builds the library's own tests there.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/step.sh"
. "$here/sources.sh"
. "$here/headers.sh"

built() { [ "$(cat "$prefix/.done-glibc" 2>/dev/null)" = "$glibc_key" ]; }
built && [ "$(readlink "$CACHE/toolchain")" = "$prefix" ] && exit 0
only_one toolchain
built && { ln -sfn "$prefix" "$CACHE/toolchain"; exit 0; }

configure_glibc() {
    rm -rf "$glibc_build"
    mkdir -p "$glibc_build"
    glibc_configure "$glibc_build"
}

compile() {
    # No C++: configure finds the host's, which cannot link for ia64.
    make -C "$glibc_build" -j"$JOBS" CXX=
    # The static library of ia64 defines isnan of _Float128 only under its internal name.
    (
        cd "$glibc_build/math"
        echo 'int __isnanf128_impl(_Float128); int __isnanf128(_Float128 x) { return __isnanf128_impl(x); }' |
            "$prefix/bin/ia64-linux-gnu-gcc" -O2 -x c -c - -o isnanf128-static.o
        ia64-linux-gnu-ar r libm.a isnanf128-static.o
    )
}

# Everything glibc installs: a few programs and the character set converters come along.
install_glibc() {
    rm -f "$sysroot/usr/lib/libc.so" "$sysroot"/usr/lib/crt?.o
    make -C "$glibc_build" -j"$JOBS" CXX= install_root="$sysroot" install-headers
    make -C "$glibc_build" -j"$JOBS" CXX= install_root="$sysroot" install
}

# GCC was built before there were C headers, so its limits.h is the one for no C library; the usual one, which
# includes the library's (PATH_MAX, LONG_BIT), is its three parts in a row, as GCC's own makefile has it.
full_limits() {
    cat "$gcc_src"/gcc/{limitx.h,glimits.h,limity.h} >"$prefix/lib/gcc/ia64-linux-gnu/12.2.0/include-fixed/limits.h"
}

# libgcc_s and libunwind once more, against the real libc and its start files.
relink_libgcc() {
    cd "$gcc_build/ia64-linux-gnu/libgcc"
    rm -f libgcc_s.so* libunwind.so*
    make -j"$JOBS"
    make install
    mkdir -p "$sysroot/lib"
    cp -a "$prefix"/ia64-linux-gnu/lib/lib{gcc_s,unwind}.so* "$sysroot/lib/"
}

rm -f "$prefix/.done-glibc"
step glibc-unpack "glibc 2.36: unpack" glibc_unpack
step glibc-configure "glibc 2.36: configure" configure_glibc
step glibc-compile "glibc 2.36: compile for ia64" compile
step glibc-install "glibc 2.36: install" install_glibc
step limits "GCC 12.2: limits.h with the library's limits" full_limits
step libgcc-again "GCC 12.2: libgcc_s with the real C library" relink_libgcc
echo "$glibc_key" >"$prefix/.done-glibc"
ln -sfn "$prefix" "$CACHE/toolchain"
