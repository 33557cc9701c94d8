/* SPDX-License-Identifier: GPL-2.0-only
 *
 * EFI_UNICODE_COLLATION (UEFI 12.10; both GUIDs, for ISO 639-2 and RFC 3066 languages): English.
 */
#include <stdlib.h>
#include "sim/firmware/efi_boot.h"

enum { STRING_MAX = 4096 };
static const struct efi_guid guid1 = {
    0x1d85cd7f, 0xf43d, 0x11d2, {0x9a, 0x0c, 0, 0x90, 0x27, 0x3f, 0xc1, 0x4d}};
static const struct efi_guid guid2 = {
    0xa4c751fc, 0x23ae, 0x4c3e, {0x92, 0xe9, 0x49, 0x64, 0xcf, 0x63, 0xf3, 0x49}};

static uint64_t stri_coll(struct fw_call *c)
{
    uint16_t a[STRING_MAX], b[STRING_MAX];
    unsigned i = 0;
    if (!efi_get_string(c, c->arg[1], a, STRING_MAX) ||
        !efi_get_string(c, c->arg[2], b, STRING_MAX))
        return 0;
    while (a[i] && fat_upper(a[i]) == fat_upper(b[i]))
        i++;
    return (uint64_t)((int64_t)fat_upper(a[i]) - fat_upper(b[i]));
}

/* Patterns: * ? and [set], ranges in sets. Iterative, so that no pattern takes long. */
static bool one(const uint16_t **p, uint16_t ch)
{
    const uint16_t *q = *p;
    if (*q == '?') {
        *p = q + 1;
        return true;
    }
    if (*q != '[') {
        *p = q + 1;
        return fat_upper(*q) == fat_upper(ch);
    }
    bool hit = false;
    for (q++; *q && *q != ']'; q++) {
        uint16_t lo = fat_upper(*q), hi = lo;
        if (q[1] == '-' && q[2] && q[2] != ']') {
            hi = fat_upper(q[2]);
            q += 2;
        }
        hit |= fat_upper(ch) >= lo && fat_upper(ch) <= hi;
    }
    *p = *q ? q + 1 : q;
    return hit;
}
static bool match(const uint16_t *s, const uint16_t *p)
{
    const uint16_t *star = NULL, *back = NULL;
    while (*s) {
        const uint16_t *next = p;
        if (*p == '*') {
            star = ++p;
            back = s;
        } else if (*p && one(&next, *s)) {
            p = next;
            s++;
        } else if (star) {
            p = star;
            s = ++back;
        } else {
            return false;
        }
    }
    while (*p == '*')
        p++;
    return !*p;
}
static uint64_t metai_match(struct fw_call *c)
{
    uint16_t s[STRING_MAX], p[STRING_MAX];
    return efi_get_string(c, c->arg[1], s, STRING_MAX) &&
           efi_get_string(c, c->arg[2], p, STRING_MAX) && match(s, p);
}

static uint16_t lower(uint16_t ch)
{
    return ch >= 'A' && ch <= 'Z' ? ch + 32 : ch >= 0xc0 && ch <= 0xde && ch != 0xd7 ? ch + 32 : ch;
}
static uint64_t map_string(struct fw_call *c, uint16_t (*fn)(uint16_t))
{
    uint16_t s[STRING_MAX];
    unsigned n = 0;
    if (!efi_get_string(c, c->arg[1], s, STRING_MAX))
        return 0;
    for (; s[n]; n++)
        s[n] = fn(s[n]);
    efi_put(c, c->arg[1], s, n * 2);
    return 0;
}
static uint64_t str_lwr(struct fw_call *c)
{
    return map_string(c, lower);
}
static uint64_t str_upr(struct fw_call *c)
{
    return map_string(c, fat_upper);
}

static uint64_t fat_to_str(struct fw_call *c)
{
    uint64_t out = c->arg[3];
    uint16_t ch = 0;
    for (uint64_t i = 0; i < c->arg[1] && i < STRING_MAX; i++, out += 2) {
        uint8_t b;
        if (!efi_get(c, c->arg[2] + i, &b, 1) || !b)
            break;
        ch = b;
        if (!efi_put(c, out, &ch, 2))
            return 0;
    }
    ch = 0;
    efi_put(c, out, &ch, 2);
    return 0;
}
/* TRUE: characters had to be replaced. */
static uint64_t str_to_fat(struct fw_call *c)
{
    uint16_t s[STRING_MAX];
    uint64_t n = 0, replaced = 0;
    if (!efi_get_string(c, c->arg[1], s, STRING_MAX))
        return 1;
    for (unsigned i = 0; s[i] && n < c->arg[2]; i++) {
        uint16_t ch = fat_upper(s[i]);
        uint8_t b = (uint8_t)ch;
        if (ch == '.' || ch == ' ')
            continue;
        if (ch < 32 || ch > 126 || strchr("\"*+,/:;<=>?[\\]|", ch)) {
            b = '_';
            replaced = 1;
        }
        if (!efi_put(c, c->arg[3] + n++, &b, 1))
            return 1;
    }
    uint8_t zero = 0;
    if (n < c->arg[2])
        efi_put(c, c->arg[3] + n, &zero, 1);
    return replaced;
}

void efi_collation_build(struct firmware *fw)
{
    static const struct {
        const char *name;
        efi_service fn;
    } fn[] = {{"StriColl", stri_coll}, {"MetaiMatch", metai_match}, {"StrLwr", str_lwr},
              {"StrUpr", str_upr},     {"FatToStr", fat_to_str},    {"StrToFat", str_to_fat}};
    static const char languages[2][8] = {"eng", "en"};
    uint64_t d[6], h = 0;
    for (unsigned i = 0; i < 6; i++)
        d[i] = efi_service_new(fw, fn[i].name, fn[i].fn);
    for (unsigned k = 0; k < 2; k++) {
        uint64_t p = efi_boot_alloc(fw, 7 * 8 + 8);
        for (unsigned i = 0; i < 6; i++)
            efi_set64(fw, p + i * 8, d[i]);
        efi_set64(fw, p + 48, p + 56);
        memcpy(fw_ptr(fw, p + 56, 8), languages[k], 8);
        efi_install(fw, &h, k ? &guid2 : &guid1, p);
    }
}
