# Builds bare-metal programs; sourced by suites and by bench/run.
#
#   bare_asm OUT FILE.S        assembles with the host's cpp and Debian's ia64 assembler; a warning is an error (the
#                              assembler checks dependencies between instruction groups)
#   bare_kernel OUT FILE.S BASE  the same as a kernel at physical address BASE, for the full machine and for domain 0
#   bare_c OUT "FLAGS" FILE.c...  compiles with the cross compiler in $CACHE/toolchain

bare_lib=tests/lib/bare
bare_gcc=$CACHE/toolchain/bin/ia64-linux-gnu-gcc

bare_object() { # OUT.o FILE.S [-DNAME...]
    ${HOSTCC:-gcc} -E -x assembler-with-cpp -I"$bare_lib" "${@:3}" "$2" -o "$1.s" &&
        ia64-linux-gnu-as -x --fatal-warnings "$1.s" -o "$1"
}
bare_link() { # OUT OBJECT...
    local out=$1
    shift
    ia64-linux-gnu-ld --no-warn-rwx-segments --defsym "BARE_BASE=${bare_base:-0}" -T "$bare_lib/bare.ld" -o "$out" "$@"
}
bare_asm() {
    bare_object "$1.crt0.o" "$bare_lib/crt0.S" && bare_object "$1.o" "$2" && bare_link "$1" "$1.crt0.o" "$1.o"
}
bare_kernel() {
    bare_object "$1.crt0.o" "$bare_lib/crt0.S" -DBARE_KERNEL && bare_object "$1.o" "$2" -DBARE_BASE="$3" &&
        bare_base=$3 bare_link "$1" "$1.crt0.o" "$1.o"
}
bare_c() {
    local out=$1 flags=$2 objs=() f
    shift 2
    for f in "$@" "$bare_lib/bare.c"; do
        "$bare_gcc" -ffreestanding -fno-builtin -nostdlib -fno-asynchronous-unwind-tables -I"$bare_lib" $flags \
            -c -o "$out.$(basename "$f" .c).o" "$f" || return 1
        objs+=("$out.$(basename "$f" .c).o")
    done
    bare_object "$out.crt0.o" "$bare_lib/crt0.S" &&
        bare_link "$out" "$out.crt0.o" "${objs[@]}" "$("$bare_gcc" -print-libgcc-file-name)"
}
