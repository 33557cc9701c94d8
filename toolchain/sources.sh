# Where the toolchain's sources and products live, and the keys they go by; sourced by the scripts of this directory.
# A product's key is a hash of everything it is built from.

gcc_key=$(key "$(versions binutils-ia64-linux-gnu gcc-12-source)" "$(recipe "$here/gcc.sh" "$here/headers.sh")")
glibc_key=$(key "$gcc_key" "$(versions glibc-source)" "$(recipe "$here/glibc.sh")")

prefix=$CACHE/gcc-$gcc_key                # the compiler
sysroot=$prefix/ia64-linux-gnu/sysroot    # and in it the C library's headers, later the C library
gcc_build=$CACHE/build-gcc
gcc_src=$CACHE/src/gcc-12.2.0
glibc_src=$CACHE/src/glibc-2.36
glibc_build=$CACHE/build-glibc            # kept: its tests are built in it (T=glibc)

# What our own make run handed down (T=, CC=, BUILD=) is not meant for theirs.
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES BUILD CC CFLAGS
