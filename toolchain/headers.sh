# The C library's headers, before there is a C library: sourced by gcc.sh between compiler and libgcc.
# libgcc needs only these, and files that look like the start files and libc to the linker; the real ones follow
# (glibc.sh), and libgcc_s is then linked again.

linux_headers() {
    local tree=$CACHE/build-linux-headers
    rm -rf "$tree"
    mkdir -p "$tree" "$sysroot/usr"
    tar xf /usr/src/linux-source-6.1.tar.xz -C "$tree" --strip-components=1 \
        linux-source-6.1/{Makefile,Kbuild,Kconfig,scripts,include,arch/ia64,arch/x86/include/uapi,tools/scripts}
    make -s -C "$tree" -j"$JOBS" ARCH=ia64 headers
    (cd "$tree/usr" && find include -name "*.h" | tar cf - -T - | tar xf - -C "$sysroot/usr")
    rm -rf "$tree"
}

glibc_unpack() {
    [ -e "$glibc_src/.unpacked" ] && return
    rm -rf "$glibc_src"
    mkdir -p "$glibc_src"
    # Debian's patches are already applied in this tarball, and the manual is taken out, which its Makefile overlooks.
    tar xf /usr/src/glibc/glibc-2.36.tar.xz -C "$glibc_src" --strip-components=1
    printf '%s\n' 'subdir := manual' 'include ../Makeconfig' 'include ../Rules' >"$glibc_src/manual/Makefile"
    touch "$glibc_src/.unpacked"
}

# $1: an empty build directory. No kernel older than Debian 11's; that forced unwinding works cannot be tried before
# libgcc_eh exists, but it does.
glibc_configure() {
    cd "$1"
    "$glibc_src/configure" --build=x86_64-linux-gnu --host=ia64-linux-gnu --prefix=/usr \
        --with-headers="$sysroot/usr/include" --enable-kernel=5.10 --disable-werror --disable-nscd \
        --disable-profile --disable-timezone-tools --without-selinux --without-gd \
        CC="$prefix/bin/ia64-linux-gnu-gcc" CFLAGS='-O2 -g0' BUILD_CC=gcc \
        libc_cv_forced_unwind=yes libc_cv_slibdir=/lib libc_cv_rtlddir=/lib
}

glibc_headers() {
    local build=$CACHE/build-glibc-headers
    rm -rf "$build"
    mkdir -p "$build"
    glibc_configure "$build"
    make -C "$build" -j"$JOBS" install_root="$sysroot" install-bootstrap-headers=yes cross-compiling=yes install-headers
    mkdir -p "$sysroot/usr/lib" "$sysroot/lib"
    for f in crt1 crti crtn; do
        "$prefix/bin/ia64-linux-gnu-gcc" -x assembler -c /dev/null -o "$sysroot/usr/lib/$f.o"
    done
    "$prefix/bin/ia64-linux-gnu-gcc" -nostdlib -nostartfiles -shared -x c /dev/null -o "$sysroot/usr/lib/libc.so"
    rm -rf "$build"
}
