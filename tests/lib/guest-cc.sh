# Guest programs for tests, compiled once and kept in the cache: sourced by suites.
#
#   need_toolchain
#       the cross compiler and C library are there afterwards; fails if they cannot be built.
#   guest_cc NAME "FLAGS" FILE...
#       compiles and links FILEs, prints the path of the program. Kept by compiler, flags and the content of FILEs (name
#       headers among the files too: those that end in .h count for the key only). On failure the compiler's words go
#       to stderr and the status is not 0. FLAGS say everything: "-O2 -static", or "-O2 -nostdlib -T x.ld".
#   guest_set NAME PART...
#       prints a directory in the cache for a whole set of programs that goes by a hash of the compiler and PARTs.
#   guest_set_fill DIR "what it says on the terminal" COMMAND...
#       fills it by COMMAND, once; by one process at a time.
#   guest_link_static OUT OBJ...
#       links a static program by the linker alone, in half the time that the compiler driver takes.

. toolchain/step.sh
guest_root=$CACHE/guest-tests
guest_gcc=$CACHE/toolchain/bin/ia64-linux-gnu-gcc

need_toolchain() {
    [ -e "$CACHE/toolchain/.done-glibc" ] || make --no-print-directory toolchain
}

# What compiled a program: the compiler's directory carries its key, the library's stamp the library's.
guest_compiler_key() { echo "$(readlink "$CACHE/toolchain") $(cat "$CACHE/toolchain/.done-glibc")"; }

guest_cc() {
    local name=$1 flags=$2 out sources=() f
    shift 2
    out=$guest_root/$name-$(key "$(guest_compiler_key)" "$flags" "$(cat "$@")")
    if [ ! -e "$out" ]; then
        for f in "$@"; do [[ $f == *.h ]] || sources+=("$f"); done
        mkdir -p "$(dirname "$out")"
        "$guest_gcc" $flags -o "$out.$$" "${sources[@]}" >&2 || return 1
        mv "$out.$$" "$out"
    fi
    echo "$out"
}

guest_set() {
    local name=$1 dir
    shift
    dir=$guest_root/$name-$(key "$(guest_compiler_key)" "$@")
    mkdir -p "$dir"
    ln -sfn "$dir" "$guest_root/$name"
    echo "$dir"
}

guest_set_fill() {
    local dir=$1 name
    [ -e "$dir/.done" ] && return
    name=$(basename "${dir%-*}")
    shift
    only_one "guest-$name"
    if [ ! -e "$dir/.done" ]; then
        step "$name-programs" "$@"
        touch "$dir/.done"
    fi
    others_may
}

guest_link_static() {
    local out=$1 sys=$CACHE/toolchain/ia64-linux-gnu/sysroot/usr/lib gcc=$CACHE/toolchain/lib/gcc/ia64-linux-gnu/12.2.0
    shift
    ia64-linux-gnu-ld -static -s -o "$out" "$sys/crt1.o" "$sys/crti.o" "$gcc/crtbegin.o" "$@" -L"$gcc" \
        -L"$CACHE/toolchain/ia64-linux-gnu/lib" -L"$sys" -lm --start-group -lgcc -lgcc_eh -lunwind -lc --end-group \
        "$gcc/crtend.o" "$sys/crtn.o"
}
