#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""mkefi.py XEN-SYMS XEN.EFI: the EFI application (PE32+, PE/COFF 8.3) of the image, linked with --emit-relocs.

One section holds the image as it lies in memory, another (.reloc) the places of its absolute words: data8 words with an address of
the image, and all of .opd and .got, which the linker filled. Code has none but those that are meant to stay as linked (movl in
boot.S). The PE headers take the image's first page.
"""
import struct
import sys

ABSOLUTE = {0x27, 0x47}         # R_IA64_DIR64LSB, R_IA64_FPTR64LSB
# Relative to gp, to the place, to a section; in instructions, or resolved into .got (LTOFF, PLT); none.
HARMLESS = {0x00, 0x22, 0x23, 0x2a, 0x2b, 0x2c, 0x2d, 0x2e, 0x2f, 0x32, 0x33, 0x3a, 0x3b, 0x48, 0x49, 0x4a, 0x4b, 0x4d, 0x4f,
            0x52, 0x53, 0x79, 0x7a, 0x7b, 0x86, 0x87}


def main(elf_name, pe_name):
    elf = open(elf_name, 'rb').read()
    entry, phoff, shoff = struct.unpack_from('<3Q', elf, 24)
    phentsize, phnum, shentsize, shnum, shstrndx = struct.unpack_from('<5H', elf, 54)
    sections = [struct.unpack_from('<2I4Q2I2Q', elf, shoff + i * shentsize) for i in range(shnum)]
    strings = sections[shstrndx][4]

    def name(s):
        at = strings + s[0]
        return elf[at:elf.index(b'\0', at)].decode()

    loads = [p for p in (struct.unpack_from('<2I6Q', elf, phoff + i * phentsize) for i in range(phnum)) if p[0] == 1]
    page = 4096
    base = min(p[3] for p in loads) // 65536 * 65536
    end = max(p[3] + p[6] for p in loads)
    size = -(-(end - base) // page) * page
    image = bytearray(size)
    for p in loads:
        image[p[3] - base:p[3] - base + p[5]] = elf[p[2]:p[2] + p[5]]
    if any(image[:page]):
        sys.exit('mkefi.py: no room for the PE headers: something is linked into the first page')

    words = set()
    for s in sections:
        target = sections[s[7]] if s[1] == 4 else None
        if target and target[2] & 2:                                 # SHT_RELA of an SHF_ALLOC section
            for at in range(s[4], s[4] + s[5], 24):
                offset, info = struct.unpack_from('<2Q', elf, at)
                kind = info & 0xffffffff
                if kind in ABSOLUTE:
                    words.add(offset - base)
                elif kind not in HARMLESS:
                    sys.exit('mkefi.py: relocation of type %#x at %#x: not one that this image may have' % (kind, offset))
        if name(s) in ('.opd', '.got'):
            words.update(range(s[3] - base, s[3] - base + s[5], 8))
    # A word that is no address of the image (a weak symbol, an absolute one) stays.
    words = sorted(w for w in words if base <= struct.unpack_from('<Q', image, w)[0] <= end)

    reloc = b''
    i = 0
    while i < len(words):
        first = words[i] // page * page
        entries = []
        while i < len(words) and words[i] < first + page:
            entries.append(10 << 12 | words[i] - first)                 # IMAGE_REL_BASED_DIR64
            i += 1
        if len(entries) % 2:
            entries.append(0)
        reloc += struct.pack('<2I%dH' % len(entries), first, 8 + 2 * len(entries), *entries)

    align = lambda n: -(-n // page) * page
    # What is behind the last byte that is not zero need not be in the file.
    filled = align(len(bytes(image).rstrip(b'\0')))
    total = size + align(len(reloc))

    head = bytearray(page)
    struct.pack_into('<2s58xI', head, 0, b'MZ', 0x80)
    struct.pack_into('<4s2H3I2H', head, 0x80, b'PE\0\0', 0x200, 2, 0, 0, 0, 0xf0, 0x22e)   # IA64
    struct.pack_into('<H2B5I', head, 0x98, 0x20b, 2, 40, size, 0, 0, entry - base, page)
    struct.pack_into('<Q2I6H4I2H4Q2I', head, 0xb0, base, page, page, 0, 0, 0, 0, 0, 0, 0, total, page, 0, 10, 0,
                     0x10000, 0x1000, 0x100000, 0x1000, 0, 16)
    struct.pack_into('<2I', head, 0x98 + 112 + 5 * 8, size, len(reloc))
    for i, (n, length, rva, raw, where, flags) in enumerate((
            (b'.xen', size - page, page, filled - page, page, 0xe0000060),
            (b'.reloc', len(reloc), size, align(len(reloc)), filled, 0x42000040))):
        struct.pack_into('<8s6I2HI', head, 0x98 + 0xf0 + 40 * i, n, length, rva, raw, where, 0, 0, 0, 0, flags)

    with open(pe_name, 'wb') as f:
        f.write(head + image[page:filled] + reloc.ljust(align(len(reloc)), b'\0'))


main(*sys.argv[1:])
