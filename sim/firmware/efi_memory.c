/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Boot services' memory: pages from the memory map (memory.c), and pools (UEFI 6.2): arenas of one
 * memory type, cut into blocks whose bookkeeping is the host's, so that a guest that overruns its
 * buffers hurts only itself.
 */
#include <stdio.h>
#include <stdlib.h>
#include "sim/firmware/efi_boot.h"

enum { ARENA_PAGES = 32, POOL_ALIGN = 16 };
/* The firmware's own structures: boot services data too, but never mixed with what the guest
 * allocates and may free. */
#define POOL_OWN 0xffffffffu
struct pool_block {
    struct pool_block *next;
    uint64_t size;
    bool used;
};
struct pool_arena {
    struct pool_arena *next;
    uint32_t type;
    uint64_t base, size;
    struct pool_block *blocks; /* in order, filling it */
};

static struct pool_block *block_new(struct pool_block *next, uint64_t size, bool used)
{
    struct pool_block *b = malloc(sizeof *b);
    if (!b)
        abort();
    *b = (struct pool_block){next, size, used};
    return b;
}
static struct pool_arena *arena_new(struct firmware *fw, uint32_t type, uint64_t base,
                                    uint64_t size)
{
    struct pool_arena *a = malloc(sizeof *a), **pp = &efi_bs(fw)->arenas;
    if (!a)
        abort();
    *a = (struct pool_arena){NULL, type, base, size, block_new(NULL, size, false)};
    while (*pp)
        pp = &(*pp)->next;
    return *pp = a;
}

static bool take(struct pool_arena *a, uint64_t size, uint64_t *addr)
{
    uint64_t at = a->base;
    for (struct pool_block *b = a->blocks; b; at += b->size, b = b->next) {
        if (b->used || b->size < size)
            continue;
        if (b->size > size)
            b->next = block_new(b->next, b->size - size, false);
        b->size = size;
        b->used = true;
        *addr = at;
        return true;
    }
    return false;
}

uint64_t efi_pool_alloc(struct firmware *fw, uint32_t type, uint64_t size, uint64_t *addr)
{
    if (size > 1ull << 40)
        return EFI_OUT_OF_RESOURCES;
    size = size ? (size + POOL_ALIGN - 1) & ~(uint64_t)(POOL_ALIGN - 1) : POOL_ALIGN;
    for (struct pool_arena *a = efi_bs(fw)->arenas; a; a = a->next)
        if (a->type == type && a->size >= size && take(a, size, addr))
            return EFI_SUCCESS;
    uint64_t pages = (size + EFI_PAGE - 1) / EFI_PAGE, base = 0;
    const uint32_t map_type = type == POOL_OWN ? EFI_BS_DATA : type;
    if (pages < ARENA_PAGES)
        pages = ARENA_PAGES;
    uint64_t st = fw_map_alloc(fw, 0, map_type, pages, &base);
    if (st != EFI_SUCCESS && size <= EFI_PAGE) /* memory is short: what is needed, then */
        st = fw_map_alloc(fw, 0, map_type, pages = 1, &base);
    if (st != EFI_SUCCESS)
        return st;
    take(arena_new(fw, type, base, pages * EFI_PAGE), size, addr);
    return EFI_SUCCESS;
}

static uint64_t pool_free(struct firmware *fw, uint64_t addr, bool own)
{
    for (struct pool_arena **pa = &efi_bs(fw)->arenas, *a; (a = *pa); pa = &a->next) {
        uint64_t at = a->base;
        struct pool_block *prev = NULL;
        if (addr < a->base || addr - a->base >= a->size || (a->type == POOL_OWN && !own))
            continue;
        for (struct pool_block *b = a->blocks; b; prev = b, at += b->size, b = b->next) {
            if (at != addr || !b->used)
                continue;
            b->used = false;
            if (b->next && !b->next->used) {
                struct pool_block *n = b->next;
                b->size += n->size;
                b->next = n->next;
                free(n);
            }
            if (prev && !prev->used) {
                prev->size += b->size;
                prev->next = b->next;
                free(b);
            }
            if (!a->blocks->next && !a->blocks->used && a->base >= FW_END) {
                *pa = a->next;
                fw_map_free(fw, a->base, a->size / EFI_PAGE);
                free(a->blocks);
                free(a);
            }
            return EFI_SUCCESS;
        }
    }
    return EFI_INVALID_PARAMETER;
}

uint64_t efi_pool_free(struct firmware *fw, uint64_t addr)
{
    return pool_free(fw, addr, true);
}

uint64_t efi_boot_alloc(struct firmware *fw, size_t size)
{
    uint64_t addr;
    if (efi_pool_alloc(fw, POOL_OWN, size, &addr) != EFI_SUCCESS) {
        fprintf(stderr, "ia64-sim: no memory for EFI's own data: give the machine more (-m)\n");
        abort();
    }
    memset(fw_ptr(fw, addr, size), 0, size);
    return addr;
}

void efi_memory_build(struct firmware *fw)
{
    arena_new(fw, POOL_OWN, FW_BOOT, FW_BOOT_SIZE);
}
void efi_memory_free(struct firmware *fw)
{
    for (struct pool_arena *a = efi_bs(fw)->arenas, *an; a; a = an) {
        an = a->next;
        for (struct pool_block *b = a->blocks, *bn; b; b = bn) {
            bn = b->next;
            free(b);
        }
        free(a);
    }
}

/* --- services --- */

static bool type_ok(uint64_t type)
{
    /* Conventional memory is nobody's; types from 0x80000000 on are for loaders' own use. */
    return (type < EFI_MEMORY_TYPES && type != EFI_CONVENTIONAL && type != EFI_PAL_CODE) ||
           type >> 31 == 1;
}

uint64_t bs_allocate_pages(struct fw_call *c)
{
    uint64_t addr = 0, kind = c->arg[0], type = (uint32_t)c->arg[1], pages = c->arg[2];
    if ((uint32_t)kind > 2 || !type_ok(type) || !efi_get(c, c->arg[3], &addr, 8))
        return EFI_INVALID_PARAMETER;
    if (!pages || pages > 1ull << 40)
        return pages ? EFI_OUT_OF_RESOURCES : EFI_INVALID_PARAMETER;
    uint64_t st = fw_map_alloc(c->b->fw, (uint32_t)kind, (uint32_t)type, pages, &addr);
    if (st == EFI_SUCCESS && !efi_put64(c, c->arg[3], addr))
        return EFI_INVALID_PARAMETER;
    return st;
}
uint64_t bs_free_pages(struct fw_call *c)
{
    struct firmware *fw = c->b->fw;
    uint64_t addr = c->arg[0], pages = c->arg[1];
    if (addr & (EFI_PAGE - 1) || !pages)
        return EFI_INVALID_PARAMETER;
    if (pages > 1ull << 40 || addr < FW_END || addr > UINT64_MAX - pages * EFI_PAGE)
        return EFI_NOT_FOUND; /* nobody allocated that */
    for (unsigned i = 0; i < fw->nmap; i++)
        if (addr >= fw->map[i].phys && addr - fw->map[i].phys < fw->map[i].pages * EFI_PAGE &&
            (fw->map[i].type == EFI_MMIO || fw->map[i].type == EFI_MMIO_PORT))
            return EFI_NOT_FOUND;
    for (const struct pool_arena *a = efi_bs(fw)->arenas; a; a = a->next)
        if (addr < a->base + a->size && a->base < addr + pages * EFI_PAGE)
            return EFI_NOT_FOUND; /* a pool's */
    return fw_map_free(fw, addr, pages);
}

uint64_t bs_get_memory_map(struct fw_call *c)
{
    struct firmware *fw = c->b->fw;
    uint64_t room, size = fw->nmap * sizeof fw->map[0];
    uint32_t version = 1;
    if (!efi_get(c, c->arg[0], &room, 8) || !efi_put64(c, c->arg[0], size))
        return EFI_INVALID_PARAMETER;
    if ((c->arg[3] && !efi_put64(c, c->arg[3], sizeof fw->map[0])) ||
        (c->arg[4] && !efi_put(c, c->arg[4], &version, 4)))
        return EFI_INVALID_PARAMETER;
    if (room < size)
        return EFI_BUFFER_TOO_SMALL;
    if (!efi_put(c, c->arg[1], fw->map, size) ||
        (c->arg[2] && !efi_put64(c, c->arg[2], fw->map_key)))
        return EFI_INVALID_PARAMETER;
    return EFI_SUCCESS;
}

uint64_t bs_allocate_pool(struct fw_call *c)
{
    uint64_t addr, probe;
    if (!type_ok((uint32_t)c->arg[0]) || !efi_get(c, c->arg[2], &probe, 8))
        return EFI_INVALID_PARAMETER;
    uint64_t st = efi_pool_alloc(c->b->fw, (uint32_t)c->arg[0], c->arg[1], &addr);
    if (st == EFI_SUCCESS && !efi_put64(c, c->arg[2], addr))
        return EFI_INVALID_PARAMETER;
    return st;
}
uint64_t bs_free_pool(struct fw_call *c)
{
    return pool_free(c->b->fw, c->arg[0], false);
}
