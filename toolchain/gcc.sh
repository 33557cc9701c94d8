#!/bin/bash
# The cross compiler: GCC 12 (C only) for ia64-linux-gnu, from Debian's gcc-12-source, on Debian's
# binutils-ia64-linux-gnu, into $CACHE/gcc-<key>; $CACHE/toolchain is a link to the newest one.
#
# The compiler proper is built once, configured for its final home (shared libgcc, POSIX threads, a sysroot of its
# own). libgcc needs the C library's headers, not the library: toolchain/headers.sh makes those, with the compiler just
# built, between the two halves of this script. So no part is built twice.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/step.sh"
. "$here/sources.sh"

. "$here/headers.sh"

[ -e "$prefix/.done-gcc" ] && exit 0
only_one toolchain
[ -e "$prefix/.done-gcc" ] && exit 0

unpack() {
    rm -rf "$gcc_src"
    mkdir -p "$gcc_src"
    # What the C compiler does not need is most of the tree; of the tests, only the torture programs serve us.
    tar xf /usr/src/gcc-12/gcc-12.2.0-dfsg.tar.xz -C "$gcc_src" --strip-components=1 --wildcards \
        --exclude='*/libstdc++-v3/*' --exclude='*/libgo/*' --exclude='*/libgomp/*' --exclude='*/libphobos/*' \
        --exclude='*/libgfortran/*' --exclude='*/libsanitizer/*' --exclude='*/libffi/*' --exclude='*/libitm/*' \
        --exclude='*/liboffloadmic/*' --exclude='*/libvtv/*' --exclude='*/libobjc/*' --exclude='*/gotools/*' \
        --exclude='*/gcc/ada/*' --exclude='*/gcc/go/*' --exclude='*/ChangeLog*' \
        --exclude='*/testsuite/g++*' --exclude='*/testsuite/gcc.dg*' --exclude='*/testsuite/gcc.target' \
        --exclude='*/testsuite/gfortran*' --exclude='*/testsuite/gnat*' --exclude='*/testsuite/gd*' \
        --exclude='*/testsuite/go.*' --exclude='*/testsuite/obj*' --exclude='*/testsuite/ada'
    # libunwind.so is linked before there is a libc to define all it wants.
    sed -i 's/-Wl,-z,text -Wl,-z,defs/-Wl,-z,text/' "$gcc_src/libgcc/config/t-libunwind-elf"
}

configure_gcc() {
    rm -rf "$gcc_build" "$prefix"
    mkdir -p "$gcc_build" "$prefix/ia64-linux-gnu/sysroot/usr/include"
    cd "$gcc_build"
    # libgcc's own unwinder, not the external libunwind that ia64 systems had. dfsg tarball: no texinfo sources.
    "$gcc_src/configure" --build=x86_64-linux-gnu --host=x86_64-linux-gnu --target=ia64-linux-gnu \
        --prefix="$prefix" --with-sysroot="$prefix/ia64-linux-gnu/sysroot" --with-glibc-version=2.36 \
        --with-as=/usr/bin/ia64-linux-gnu-as --with-ld=/usr/bin/ia64-linux-gnu-ld --with-gnu-as --with-gnu-ld \
        --enable-languages=c --enable-shared --enable-threads=posix --disable-bootstrap --disable-multilib \
        --disable-libssp --disable-libgomp --disable-libquadmath --disable-libatomic --disable-libitm \
        --disable-libsanitizer --disable-libvtv --disable-libcc1 --disable-lto --disable-plugin --disable-nls \
        --disable-gcov --disable-analyzer --without-isl --without-zstd --with-system-zlib \
        --enable-checking=release --without-system-libunwind --with-pkgversion=xen-ia64 \
        CFLAGS='-O1 -g0' CXXFLAGS='-O1 -g0' CFLAGS_FOR_TARGET='-O2 -g0' MAKEINFO=true
}

compile() {
    cd "$gcc_build"
    make -j"$JOBS" MAKEINFO=true all-gcc
    # Regenerated from texinfo otherwise, which the Debian tarball does not have.
    touch gcc/s-tm-texi gcc/tm.texi
    make MAKEINFO=true install-gcc
    # Assembler, linker and friends under the compiler's own prefix too, so that one directory on PATH is enough.
    for t in ar as ld nm objcopy objdump ranlib readelf strip size strings addr2line; do
        ln -sf "/usr/bin/ia64-linux-gnu-$t" "$prefix/bin/ia64-linux-gnu-$t"
        mkdir -p "$prefix/ia64-linux-gnu/bin"
        ln -sf "/usr/bin/ia64-linux-gnu-$t" "$prefix/ia64-linux-gnu/bin/$t"
    done
}

libgcc() {
    cd "$gcc_build"
    make -j"$JOBS" MAKEINFO=true all-target-libgcc
    make MAKEINFO=true install-target-libgcc
}

step gcc-unpack "GCC 12.2: unpack" unpack
step gcc-configure "GCC 12.2: configure" configure_gcc
step gcc-compile "GCC 12.2: compile for ia64-linux-gnu" compile
step linux-headers "Linux 6.1: headers for ia64" linux_headers
step glibc-unpack "glibc 2.36: unpack" glibc_unpack
step glibc-headers "glibc 2.36: headers" glibc_headers
step libgcc "GCC 12.2: libgcc" libgcc
touch "$prefix/.done-gcc"
# An older toolchain that is complete stays in use until glibc.sh has completed this one.
[ -e "$CACHE/toolchain/.done-glibc" ] || ln -sfn "$prefix" "$CACHE/toolchain"
