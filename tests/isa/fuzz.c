/* SPDX-License-Identifier: MIT
 *
 * Random bits through decoder, encoder and disassembler, under the sanitizers (T=isa/fuzz). With a
 * buffer for every length the text may be cut at. LLVMFuzzerTestOneInput is the entry for
 * libFuzzer: clang -DLIBFUZZER -fsanitize=fuzzer,address,undefined -I. tests/isa/fuzz.c
 * isa/{isa,format,decode,disasm}.c
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "isa/isa.h"

static void one(struct isa_bundle b, uint64_t ip, size_t room)
{
    char full[512], *cut;
    size_t len = isa_disasm_bundle(b, ip, full, sizeof full), l;

    if (len >= 256 || strlen(full) != len)
        abort();
    room %= len + 2;
    cut = malloc(room ? room : 1);
    if (!cut)
        abort();
    l = isa_disasm_bundle(b, ip, cut, room);
    if (l != len ||
        (room && (strlen(cut) != (len < room ? len : room - 1) || strncmp(cut, full, room - 1))))
        abort();
    free(cut);
    for (unsigned n = 0; n < 4; n++) {
        struct isa_insn in;
        uint64_t slot, ext;
        enum isa_status st = isa_decode_slot(b, n, &in);
        if (in.op >= ISA_OP_COUNT || in.status != st || (st != ISA_OK) != (in.op == ISA_OP_ILLEGAL))
            abort();
        if (st == ISA_OK && in.unit != ISA_UNIT_L && !isa_encode(&in, &slot, &ext))
            abort();
        isa_disasm(&in, ip, full, sizeof full);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    for (; n >= 16; p += 16, n -= 16) {
        struct isa_bundle b;
        struct isa_insn in;
        char text[64];
        uint64_t slot, ext;
        memcpy(&b, p, 16);
        one(b, b.hi & ~15ull, b.lo >> 5 & 127);
        for (unsigned unit = 0; unit < 9; unit++) {
            isa_decode(unit, b.lo, b.hi, &in);
            isa_disasm(&in, b.hi, text, sizeof text);
        }
        /* An instruction that no decoder made. */
        memset(&in, 0, sizeof in);
        in.op = (uint16_t)(b.lo % (ISA_OP_COUNT + 2));
        in.imm = b.hi;
        in.tag = (int64_t)b.hi;
        in.r1 = in.r2 = in.r3 = (uint8_t)b.hi;
        in.count = in.pos = in.len = in.hint = (uint8_t)(b.hi >> 8);
        isa_encode(&in, &slot, &ext);
    }
    return 0;
}

#ifndef LIBFUZZER
int main(int argc, char **argv)
{
    unsigned long count = argc > 1 ? strtoul(argv[1], NULL, 0) : 100000;
    uint64_t s = argc > 2 ? strtoull(argv[2], NULL, 0) : 1;

    for (unsigned long i = 0; i < count; i++) {
        uint64_t w[2];
        for (unsigned k = 0; k < 2; k++) {
            uint64_t z = s += 0x9e3779b97f4a7c15ull;
            z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
            z = (z ^ z >> 27) * 0x94d049bb133111ebull;
            w[k] = z ^ z >> 31;
        }
        LLVMFuzzerTestOneInput((const uint8_t *)w, sizeof w);
    }
    printf("%lu bundles\n", count);
    return 0;
}
#endif
