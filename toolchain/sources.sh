# Where the toolchain's sources and products live, and the keys they go by; sourced by the scripts of this directory.
# A product's key is a hash of everything it is built from.

binutils=$(versions binutils-ia64-linux-gnu)
gcc_key=$(key "$(versions gcc-12-source)" "$binutils" "$(recipe "$here/gcc.sh" "$here/headers.sh" 2>/dev/null)")
prefix=$CACHE/gcc-$gcc_key              # the compiler, and in it the sysroot
gcc_src=$CACHE/src/gcc-12.2.0
