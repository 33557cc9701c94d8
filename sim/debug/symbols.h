/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Addresses to names and back, over every ELF image the process has loaded.
 */
#ifndef SIM_DEBUG_SYMBOLS_H
#define SIM_DEBUG_SYMBOLS_H

#include "sim/loader/elf.h"

/* f stays the caller's and must live to the end. At most 16 images; more are ignored. */
void symbols_add(const struct elf_file *f);
/* --symbols FILE[+OFFSET],...: the names in these files, whatever else is loaded; OFFSET
 * (hexadecimal) moves them: an image that runs elsewhere than it was linked. False: err says why.
 */
bool symbols_open(const char *list, char *err, size_t size);
/* " <main+0x10>", or "" when no symbol covers addr. Returns buf. */
char *symbol_at(uint64_t addr, char *buf, size_t size);
/* The symbol's name and offset alone; NULL if none. */
const char *symbol_name(uint64_t addr, uint64_t *offset);
bool symbol_find(const char *name, uint64_t *addr);
/* The symbol and its end: size of 0 becomes the rest of its bundle. */
bool symbol_range(const char *name, uint64_t *lo, uint64_t *hi);
/* "1000", "0x1000", "main", "main+0x20", "*" forms of an address. False: not one. */
bool parse_address(const char *s, uint64_t *addr);

#endif
