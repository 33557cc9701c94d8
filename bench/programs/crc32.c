/* SPDX-License-Identifier: MIT
 * CRC-32 (IEEE 802.3), table driven, one byte at a time: loads, shifts, a tight counted loop. */
#include "bare.h"

static unsigned table[256];
static unsigned char data[65536];

static unsigned crc(const unsigned char *p, unsigned long n)
{
    unsigned c = ~0u;
    while (n--)
        c = table[(c ^ *p++) & 255] ^ c >> 8;
    return ~c;
}

int main(void)
{
    unsigned sum = 0;
    for (unsigned i = 0; i < 256; i++) {
        unsigned c = i;
        for (int k = 0; k < 8; k++)
            c = c & 1 ? 0xedb88320u ^ c >> 1 : c >> 1;
        table[i] = c;
    }
    if (crc((const unsigned char *)"123456789", 9) != 0xcbf43926u)
        return 1;
    for (unsigned i = 0; i < sizeof data; i++)
        data[i] = (unsigned char)(i * 7 + (i >> 8));
    for (int r = 0; r < 500; r++) {
        data[r]++;
        sum += crc(data, sizeof data);
    }
    bare_puts("crc32 ");
    bare_hex(sum);
    bare_puts("\n");
    return 0;
}
