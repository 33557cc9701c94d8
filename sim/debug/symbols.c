/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Symbol lookup for traces, dumps and the debuggers.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "sim/debug/symbols.h"

enum { MAX_IMAGES = 16 };
static const struct elf_file *images[MAX_IMAGES];
static unsigned nimages;

void symbols_add(const struct elf_file *f)
{
    if (nimages < MAX_IMAGES)
        images[nimages++] = f;
}

bool symbols_open(const char *list, char *err, size_t size)
{
    while (*list) {
        size_t n = strcspn(list, ",");
        char *path = strndup(list, n), *plus, *end, why[ELF_ERR_SIZE];
        struct elf_file *f = malloc(sizeof *f); /* to the end of the process */
        uint64_t bias = 0;
        if (!path || !f)
            abort();
        plus = strrchr(path, '+');
        if (plus && plus[1] && (bias = strtoull(plus + 1, &end, 16), !*end))
            *plus = 0;
        else
            bias = 0;
        bool ok = nimages < MAX_IMAGES && elf_open(f, path, why);
        if (!ok)
            snprintf(err, size, "--symbols %s", nimages < MAX_IMAGES ? why : "too many files");
        else if (!f->nsym)
            snprintf(err, size, "--symbols %s: no symbols in it", path);
        free(path);
        if (!ok || !f->nsym) {
            free(f);
            return false;
        }
        elf_set_bias(f, bias);
        symbols_add(f);
        list += n + (list[n] == ',');
    }
    return true;
}

const char *symbol_name(uint64_t addr, uint64_t *offset)
{
    for (unsigned i = 0; i < nimages; i++) {
        const struct elf_symbol *s = elf_symbol_at(images[i], addr, offset);
        if (s)
            return s->name;
    }
    return NULL;
}

char *symbol_at(uint64_t addr, char *buf, size_t size)
{
    uint64_t off;
    const char *name = symbol_name(addr, &off);
    if (!name)
        buf[0] = 0;
    else if (off)
        snprintf(buf, size, " <%s+%#" PRIx64 ">", name, off);
    else
        snprintf(buf, size, " <%s>", name);
    return buf;
}

bool symbol_find(const char *name, uint64_t *addr)
{
    for (unsigned i = 0; i < nimages; i++)
        if (elf_symbol_find(images[i], name, addr))
            return true;
    return false;
}

bool symbol_range(const char *name, uint64_t *lo, uint64_t *hi)
{
    uint64_t off;
    if (!symbol_find(name, lo))
        return false;
    *hi = *lo + 16;
    for (unsigned i = 0; i < nimages; i++) {
        const struct elf_symbol *s = elf_symbol_at(images[i], *lo, &off);
        if (s && s->size)
            *hi = *lo + s->size;
    }
    return true;
}

static bool parse_number(const char *s, uint64_t *v)
{
    char *end;
    /* Addresses are hexadecimal with or without 0x, as everywhere in the simulator's output. */
    errno = 0;
    *v = strtoull(s, &end, 16);
    return end != s && !*end && !errno && *s != '-' && *s != '+' && *s != ' ';
}

bool parse_address(const char *s, uint64_t *addr)
{
    char name[256];
    uint64_t off = 0;
    const char *plus = strrchr(s, '+');

    if (!strncmp(s, "0x", 2) && parse_number(s, addr))
        return true;
    /* A symbol called "add" wins over the number 0xadd. */
    if (symbol_find(s, addr))
        return true;
    if (plus && (size_t)(plus - s) < sizeof name) {
        memcpy(name, s, (size_t)(plus - s));
        name[plus - s] = 0;
        if (!parse_number(plus + 1, &off))
            return false;
        s = name;
        if (symbol_find(s, addr)) {
            *addr += off;
            return true;
        }
    }
    if (!parse_number(s, addr))
        return false;
    *addr += off;
    return true;
}
