/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Which slots the kernel itself changes at boot. Linux/ia64 lists them in sections .data..patch.*,
 * as 32-bit offsets from the entry to the instruction, the slot in its low bits: loads of physical
 * addresses (vtop), the register stack workaround's predicate (rse), the number of stacked
 * registers (phys_stack_reg), the bundles of the McKinley erratum 9 (mckinley_e9), and in the gate
 * page the system call table and the way out of it. A rewritten slot must be none of them.
 */
#include <string.h>
#include "privify/privify.h"

static void patched(struct pv *v, const char *list, uint32_t b, unsigned slot)
{
    const struct pv_region *r = &v->region[pv_region_of(v, b)];
    unsigned unit2 = isa_templates[isa_tmpl(pv_load(v, r, b - r->first))].unit[2];
    unsigned slots = 7;
    bool next = false;

    if (!strcmp(list, "rse"))
        slots = 4;
    else if (!strcmp(list, "phys_stack_reg"))
        slots = slot < 3 ? 1u << slot : 7;
    else if (unit2 == ISA_UNIT_X)
        slots = 6; /* the immediate of a movl or brl */
    else
        next = true; /* mckinley_e9; what is not known is taken for the widest */
    v->ev[b] |= (uint16_t)(slots * PV_EV_PATCH);
    if (next && b + 1 < r->first + r->bundles)
        v->ev[b + 1] |= 7 * PV_EV_PATCH;
}

static void read_list(struct pv *v, const struct pv_elf *e, unsigned sec, const char *list)
{
    const Elf64_Shdr *s = &e->sh[sec];
    const uint8_t *p = pv_elf_bytes(e, sec);
    uint32_t b;

    for (uint64_t i = 0; p && i + 4 <= s->sh_size; i += 4) {
        int32_t off;
        uint64_t to;

        memcpy(&off, p + i, 4);
        to = s->sh_addr + i + (uint64_t)(int64_t)off;
        if (pv_bundle_at(v, e, to, &b))
            patched(v, list, b, to & 15);
    }
}

/* The same, in a relocatable file: the entries are relocations. */
static void read_list_relocations(struct pv *v, const struct pv_elf *e, unsigned sec)
{
    const Elf64_Shdr *s = &e->sh[sec];
    const uint8_t *p = pv_elf_bytes(e, sec);
    const char *name;
    uint64_t nsym;

    if (s->sh_info >= e->shnum || s->sh_link >= e->shnum || e->sh[s->sh_link].sh_type != SHT_SYMTAB)
        return;
    name = pv_elf_name(e, s->sh_info);
    if (strncmp(name, ".data..patch", 12))
        return;
    nsym = e->sh[s->sh_link].sh_size / sizeof(Elf64_Sym);
    for (uint64_t i = 0; i < s->sh_size / sizeof(Elf64_Rela); i++) {
        Elf64_Rela r;
        Elf64_Sym sym;
        uint32_t b;
        uint64_t to;

        memcpy(&r, p + i * sizeof r, sizeof r);
        if (ELF64_R_SYM(r.r_info) >= nsym)
            continue;
        memcpy(&sym, pv_elf_bytes(e, s->sh_link) + ELF64_R_SYM(r.r_info) * sizeof sym, sizeof sym);
        to = sym.st_value + (uint64_t)r.r_addend;
        if (sym.st_shndx < SHN_LORESERVE && pv_bundle_in(v, e, sym.st_shndx, to, &b))
            patched(v, name[12] == '.' ? name + 13 : "", b, to & 15);
    }
}

static void read_elf(struct pv *v, const struct pv_elf *e)
{
    for (unsigned i = 1; i < e->shnum; i++) {
        const char *name = pv_elf_name(e, i);
        if (e->h.e_type == ET_REL && e->sh[i].sh_type == SHT_RELA)
            read_list_relocations(v, e, i);
        else if (e->h.e_type != ET_REL && !strncmp(name, ".data..patch", 12))
            read_list(v, e, i, name[12] == '.' ? name + 13 : "");
    }
}

void pv_find_patched(struct pv *v)
{
    read_elf(v, &v->elf);
    for (unsigned i = 0; i < v->nin; i++)
        read_elf(v, v->in[i]);
}
