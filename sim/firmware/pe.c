/* SPDX-License-Identifier: GPL-2.0-only
 *
 * PE32+ images for Itanium. See pe.h.
 */
#include <string.h>
#include "sim/firmware/pe.h"

enum {
    MACHINE_IA64 = 0x200,
    MAGIC_PE32PLUS = 0x20b,
    FLAG_RELOCS_STRIPPED = 1,
    FLAG_EXECUTABLE = 2
};
enum { IMAGE_MAX = 1 << 30, DIR_RELOC = 5 };
/* Base relocation types. */
enum { REL_ABSOLUTE, REL_HIGH, REL_LOW, REL_HIGHLOW, REL_HIGHADJ, REL_IMM64 = 9, REL_DIR64 = 10 };

static uint16_t le16(const uint8_t *p)
{
    return (uint16_t)(p[0] | p[1] << 8);
}
static uint32_t le32(const uint8_t *p)
{
    return le16(p) | (uint32_t)le16(p + 2) << 16;
}
static uint64_t le64(const uint8_t *p)
{
    return le32(p) | (uint64_t)le32(p + 4) << 32;
}
static void put64(uint8_t *p, uint64_t v)
{
    for (unsigned i = 0; i < 8; i++)
        p[i] = (uint8_t)(v >> i * 8);
}

static uint64_t bad(const char **why, const char *what)
{
    *why = what;
    return EFI_LOAD_ERROR;
}

uint64_t pe_parse(struct pe_image *pe, const void *file, size_t len, const char **why)
{
    const uint8_t *f = file;
    memset(pe, 0, sizeof *pe);
    pe->file = f;
    pe->len = len;
    *why = "";
    if (len < 0x40 || f[0] != 'M' || f[1] != 'Z')
        return bad(why, "no MZ header");
    uint32_t at = le32(f + 0x3c);
    if (at > len || len - at < 24 || memcmp(f + at, "PE\0\0", 4))
        return bad(why, "no PE header");
    const uint8_t *coff = f + at + 4;
    uint32_t nsec = le16(coff + 2), optsize = le16(coff + 16), flags = le16(coff + 18);
    if (le16(coff) != MACHINE_IA64) {
        *why = "not for Itanium";
        return EFI_UNSUPPORTED;
    }
    if (!(flags & FLAG_EXECUTABLE))
        return bad(why, "not an executable image");
    if (optsize < 112 || optsize > len - at - 24)
        return bad(why, "optional header too short");
    const uint8_t *o = coff + 20;
    if (le16(o) != MAGIC_PE32PLUS)
        return bad(why, "not PE32+");
    pe->entry = le32(o + 16);
    pe->base = le64(o + 24);
    pe->align = le32(o + 32);
    pe->size = le32(o + 56);
    pe->headers = le32(o + 60);
    pe->subsystem = le16(o + 68);
    uint32_t ndirs = le32(o + 108);
    if (pe->subsystem < PE_APPLICATION || pe->subsystem > PE_RUNTIME_DRIVER) {
        *why = "not an EFI application or driver";
        return EFI_UNSUPPORTED;
    }
    if (!pe->align || pe->align & (pe->align - 1))
        return bad(why, "section alignment is not a power of two");
    if (!pe->size || pe->size > IMAGE_MAX)
        return bad(why, "unreasonable image size");
    uint64_t table = (uint64_t)at + 24 + optsize;
    if (!nsec || nsec > PE_SECTIONS_MAX || table + nsec * 40ull > len)
        return bad(why, "section table out of the file");
    if (pe->headers > len || pe->headers > pe->size || pe->headers < table + nsec * 40ull)
        return bad(why, "size of headers is wrong");
    if (ndirs > (optsize - 112) / 8)
        return bad(why, "data directories out of the header");
    if (ndirs > DIR_RELOC) {
        pe->reloc = le32(o + 112 + DIR_RELOC * 8);
        pe->reloc_size = le32(o + 112 + DIR_RELOC * 8 + 4);
    }
    pe->fixed = flags & FLAG_RELOCS_STRIPPED;
    if ((uint64_t)pe->reloc + pe->reloc_size > pe->size)
        return bad(why, "relocations out of the image");
    if (!pe->entry || pe->size < 16 || pe->entry > pe->size - 16)
        return bad(why, "entry point out of the image");
    for (unsigned i = 0; i < nsec; i++) {
        const uint8_t *s = f + table + i * 40ull;
        struct pe_section *k = &pe->section[i];
        *k = (struct pe_section){le32(s + 12), le32(s + 8), le32(s + 20), le32(s + 16),
                                 le32(s + 36)};
        if (!k->size)
            k->size = k->bytes;
        if (k->bytes > k->size) /* file padding beyond the section's memory */
            k->bytes = k->size;
        if (k->flags & 0x80 && !k->offset) /* uninitialized data */
            k->bytes = 0;
        if ((uint64_t)k->rva + k->size > pe->size)
            return bad(why, "section out of the image");
        if (k->bytes && (uint64_t)k->offset + k->bytes > len)
            return bad(why, "section out of the file");
        if (k->size && k->rva < pe->headers)
            return bad(why, "section overlaps the headers");
        for (unsigned j = 0; j < i; j++)
            if (k->size && pe->section[j].size &&
                k->rva < pe->section[j].rva + pe->section[j].size &&
                pe->section[j].rva < k->rva + k->size)
                return bad(why, "sections overlap");
    }
    pe->nsections = nsec;
    return EFI_SUCCESS;
}

/* The 64-bit immediate of a movl (X2 in slots 1 and 2 of an MLX bundle; SDM 3: movl page, format
 * X2): bits of slot 1: imm41 62:22; of slot 2: imm7b 19:13, vc 20 = bit 21, imm5c 26:22 = bits
 * 20:16, imm9d 35:27 = bits 15:7, i 36 = bit 63. */
static void relocate_movl(uint8_t *bundle, uint64_t delta)
{
    uint64_t lo = le64(bundle), hi = le64(bundle + 8);
    uint64_t l = lo >> 46 | (hi & 0x7fffff) << 18, x = hi >> 23;
    uint64_t imm = (x >> 13 & 0x7f) | (x >> 27 & 0x1ff) << 7 | (x >> 22 & 0x1f) << 16 |
                   (x >> 21 & 1) << 21 | (l & 0x1ffffffffffull) << 22 | (x >> 36 & 1) << 63;
    imm += delta;
    l = imm >> 22 & 0x1ffffffffffull;
    x &= ~(0x7full << 13 | 0x1ffull << 27 | 0x1full << 22 | 1ull << 21 | 1ull << 36);
    x |= (imm & 0x7f) << 13 | (imm >> 7 & 0x1ff) << 27 | (imm >> 16 & 0x1f) << 22 |
         (imm >> 21 & 1) << 21 | (imm >> 63) << 36;
    put64(bundle, (lo & 0x3fffffffffffull) | l << 46);
    put64(bundle + 8, l >> 18 | x << 23);
}

/* With `list` other than dst, that is the image as it was: only what is the same is changed. */
static uint64_t relocate(const struct pe_image *pe, uint8_t *dst, const uint8_t *list,
                         uint64_t delta, const char **why)
{
    uint32_t at = pe->reloc, end = pe->reloc + pe->reloc_size;
    while (end - at >= 8) {
        uint32_t page = le32(list + at), size = le32(list + at + 4);
        if (!size && !page)
            break; /* padding */
        if (size < 8 || size & 1 || size > end - at)
            return bad(why, "broken relocation block");
        for (uint32_t k = at + 8; k < at + size; k += 2) {
            uint32_t e = le16(list + k);
            uint64_t rva = (uint64_t)page + (e & 0xfff);
            unsigned type = e >> 12, width = type == REL_DIR64     ? 8
                                             : type == REL_IMM64   ? 16
                                             : type == REL_HIGHLOW ? 4
                                                                   : 2;
            if (type == REL_ABSOLUTE)
                continue;
            if (type == REL_IMM64)
                rva &= ~15ull;
            if (rva + width > pe->size)
                return bad(why, "relocation out of the image");
            /* One that rewrites the list being read would make the result depend on the order. */
            if (rva < end && rva + width > pe->reloc)
                return bad(why, "relocation of the relocations");
            uint8_t *p = dst + rva;
            uint32_t v;
            if (memcmp(p, list + rva, width))
                continue;
            switch (type) {
            case REL_HIGH:
                v = le16(p) + (uint32_t)(delta >> 16);
                p[0] = (uint8_t)v;
                p[1] = (uint8_t)(v >> 8);
                break;
            case REL_LOW:
                v = le16(p) + (uint32_t)delta;
                p[0] = (uint8_t)v;
                p[1] = (uint8_t)(v >> 8);
                break;
            case REL_HIGHLOW:
                v = le32(p) + (uint32_t)delta;
                for (unsigned i = 0; i < 4; i++)
                    p[i] = (uint8_t)(v >> i * 8);
                break;
            case REL_DIR64:
                put64(p, le64(p) + delta);
                break;
            case REL_IMM64:
                if ((p[0] & 0x1e) != 4) /* template 4 or 5: MLX */
                    return bad(why, "IMM64 relocation of a bundle without movl");
                relocate_movl(p, delta);
                break;
            default:
                return bad(why, "unknown type of relocation");
            }
        }
        at += size;
    }
    return EFI_SUCCESS;
}

uint64_t pe_load(const struct pe_image *pe, uint8_t *dst, uint64_t at, const char **why)
{
    *why = "";
    memset(dst, 0, pe->size);
    memcpy(dst, pe->file, pe->headers);
    for (unsigned i = 0; i < pe->nsections; i++)
        memcpy(dst + pe->section[i].rva, pe->file + pe->section[i].offset, pe->section[i].bytes);
    if (at == pe->base)
        return EFI_SUCCESS;
    if (pe->fixed)
        return bad(why, "image cannot be relocated and its address is taken");
    return relocate(pe, dst, dst, at - pe->base, why);
}

uint64_t pe_move(const struct pe_image *pe, uint8_t *dst, const uint8_t *loaded, uint64_t delta,
                 const char **why)
{
    *why = "";
    return relocate(pe, dst, loaded, delta, why);
}
