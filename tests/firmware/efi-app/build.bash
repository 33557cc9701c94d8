# efi_app OUT: builds the test application OUT (PE32+) with the cross compiler; sourced by suites.
efi_app() {
    local out=$1 gcc=$CACHE/toolchain/bin/ia64-linux-gnu-gcc dir=tests/firmware/efi-app f objs=()
    mkdir -p "$(dirname "$out")"
    for f in crt0.S virtual.S async.S reloc.c app.c boot.c rest.c files.c runtime.c virtual.c change.c async.c; do
        "$gcc" -ffreestanding -fno-builtin -fpic -fvisibility=hidden -fshort-wchar -O2 -Wall -Wextra -c \
            -o "$out.$f.o" "$dir/$f" || return 1
        objs+=("$out.$f.o")
    done
    ia64-linux-gnu-ld -pie --no-dynamic-linker --no-warn-rwx-segments -T "$dir/efi.ld" -o "$out.elf" "${objs[@]}" \
        "$("$gcc" -print-libgcc-file-name)" &&
        ia64-linux-gnu-objcopy -O pei-ia64 --subsystem=efi-app -j .text -j .data -j .dynamic -j .rela -j .dynsym \
            -j .reloc "$out.elf" "$out"
}
