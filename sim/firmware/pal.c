/* SPDX-License-Identifier: GPL-2.0-only
 *
 * PAL procedures (SDM 2:11.10) of a Montecito-class processor: static ones take r28..r31 and return
 * through a plain branch to b0, stacked ones (256-511, 768-1023) take in0..in3 and return by
 * br.ret. Status in r8, results r9..r11.
 */
#include <stdio.h>
#include "sim/firmware/mca.h"
#include "sim/cpu/exec.h"
#include "sim/cpu/sapic.h"
#include "sim/cpu/engine.h"
#include "sim/mmu/mmu.h"

#define PAL_OK            0ull
#define PAL_UNIMPLEMENTED ((uint64_t)-1)
#define PAL_INVALID       ((uint64_t)-2)
#define PAL_ERROR         ((uint64_t)-3)

enum { PAL_COPY_SIZE = 0x1000 };

/* Procedure numbers, SDM 2:11.10.1. */
enum {
    PAL_CACHE_FLUSH = 1,
    PAL_CACHE_INFO,
    PAL_CACHE_INIT,
    PAL_CACHE_SUMMARY,
    PAL_MEM_ATTRIB,
    PAL_PTCE_INFO,
    PAL_VM_INFO,
    PAL_VM_SUMMARY,
    PAL_BUS_GET_FEATURES,
    PAL_BUS_SET_FEATURES,
    PAL_DEBUG_INFO,
    PAL_FIXED_ADDR,
    PAL_FREQ_BASE,
    PAL_FREQ_RATIOS,
    PAL_PERF_MON_INFO,
    PAL_PLATFORM_ADDR,
    PAL_PROC_GET_FEATURES,
    PAL_PROC_SET_FEATURES,
    PAL_RSE_INFO,
    PAL_VERSION,
    PAL_MC_CLEAR_LOG,
    PAL_MC_DRAIN,
    PAL_MC_EXPECTED,
    PAL_MC_DYNAMIC_STATE,
    PAL_MC_ERROR_INFO,
    PAL_MC_RESUME,
    PAL_MC_REGISTER_MEM,
    PAL_HALT,
    PAL_HALT_LIGHT,
    PAL_COPY_INFO,
    PAL_CACHE_LINE_INIT,
    PAL_PMI_ENTRYPOINT,
    PAL_ENTER_IA_32_ENV,
    PAL_VM_PAGE_SIZE,
    PAL_MEM_FOR_TEST = 37,
    PAL_CACHE_PROT_INFO,
    PAL_REGISTER_INFO,
    PAL_SHUTDOWN,
    PAL_PREFETCH_VISIBILITY,
    PAL_LOGICAL_TO_PHYSICAL,
    PAL_CACHE_SHARED_INFO,
    PAL_GET_HW_POLICY = 48,
    PAL_SET_HW_POLICY,
    PAL_COPY_PAL = 256,
    PAL_HALT_INFO,
    PAL_TEST_PROC,
    PAL_CACHE_READ,
    PAL_CACHE_WRITE,
    PAL_VM_TR_READ,
    PAL_GET_PSTATE,
    PAL_SET_PSTATE,
    PAL_BRAND_INFO = 274,
};

/* Three levels, level 1 split; sizes as Montecito's (16 KiB L1I, 16 KiB L1D, 1 MiB/256 KiB L2, 12
 * MiB L3). */
static const struct cache {
    uint8_t level, type; /* type: 1 instruction, 2 data or unified */
    bool unified;
    uint8_t assoc, line_log2, store_latency, load_latency;
    uint32_t size;
} caches[] = {
    {0, 1, false, 4, 6, 0xff, 1, 16 << 10}, {0, 2, false, 4, 6, 1, 1, 16 << 10},
    {1, 1, false, 8, 7, 0xff, 7, 1 << 20},  {1, 2, false, 8, 7, 5, 5, 256 << 10},
    {2, 2, true, 12, 7, 14, 14, 12 << 20},
};
static const struct cache *find_cache(uint64_t level, uint64_t type)
{
    for (size_t i = 0; i < sizeof caches / sizeof *caches; i++)
        if (caches[i].level == level && (caches[i].type == type))
            return &caches[i];
    return NULL;
}

/* Architected registers implemented, as PAL_REGISTER_INFO's two 64-bit masks. */
static void mask_of(uint64_t mask[2], const uint8_t *list, size_t n)
{
    mask[0] = mask[1] = 0;
    for (size_t i = 0; i < n; i++)
        mask[list[i] >> 6] |= 1ull << (list[i] & 63);
}
static void register_info(struct fw_call *c, uint64_t what)
{
    static const uint8_t ars[] = {0,  1,  2,  3,  4,  5,  6,  7,  16, 17, 18, 19, 21, 24,
                                  25, 26, 27, 28, 29, 30, 32, 36, 40, 44, 45, 64, 65, 66};
    static const uint8_t crs[] = {0,  1,  2,  8,  16, 17, 19, 20, 21, 22, 23, 24, 25, 26,
                                  27, 64, 65, 66, 67, 68, 69, 70, 71, 72, 73, 74, 80, 81};
    /* Reads without side effects: all but IVR (cr65); writable ones likewise are not asked for by
     * anyone. */
    static const uint8_t cr_side[] = {65};
    uint64_t m[2];
    switch (what) {
    case 0:
        mask_of(m, ars, sizeof ars);
        break;
    case 2:
        mask_of(m, crs, sizeof crs);
        break;
    case 1:
        m[0] = m[1] = 0;
        break;
    case 3:
        mask_of(m, cr_side, sizeof cr_side);
        break;
    default:
        c->ret[0] = PAL_INVALID;
        return;
    }
    c->ret[1] = m[0];
    c->ret[2] = m[1];
}

/* PAL_VM_TR_READ: a translation register in the four-word form of the procedure's page. */
static void vm_tr_read(struct fw_call *c, uint64_t n, uint64_t type, uint64_t buf)
{
    if (type > 1 || n >= N_TR) {
        c->ret[0] = PAL_INVALID;
        return;
    }
    const struct tlb_ent *e = type == 0 ? &c->cpu->mmu->i.e[n] : &c->cpu->mmu->d.e[n];
    bool valid = e->valid;
    uint64_t w[4] = {e->pte, (uint64_t)e->ps << 2 | (uint64_t)e->key << 8,
                     (e->va & ~0xfffull) | valid, (uint64_t)e->rid << 8};
    c->ret[1] = valid ? 0xf : 0; /* access rights, privilege, dirty, attribute: all valid */
    if (!fw_write_guest(c, buf, w, sizeof w))
        c->ret[0] = PAL_ERROR;
}

static void pal_call(struct fw_call *c, uint64_t proc, uint64_t a1, uint64_t a2, uint64_t a3)
{
    struct cpu *cpu = c->cpu;
    c->ret[0] = PAL_OK;
    switch (proc) {
    case PAL_CACHE_FLUSH: /* a1: 1 instruction, 2 data, 3 both, 4 make coherent: ours are coherent
                           */
        if (a1 < 1 || a1 > 4)
            c->ret[0] = PAL_INVALID;
        c->ret[1] = 0;
        c->ret[2] = 0;
        break;
    case PAL_CACHE_INFO: {
        const struct cache *k = find_cache(a1, a2);
        if (!k) {
            c->ret[0] = PAL_INVALID;
            break;
        }
        c->ret[1] = (uint64_t)k->unified | (k->type == 1 ? 0 : 1ull << 1) /* write back */ |
                    (uint64_t)k->assoc << 8 | (uint64_t)k->line_log2 << 16 |
                    (uint64_t)k->line_log2 << 24 | (uint64_t)k->store_latency << 32 |
                    (uint64_t)k->load_latency << 40 | 1ull << 48 /* one stride */;
        /* size 31:0, alias boundary 39:32, tag least and most significant bit 47:40, 55:48 */
        c->ret[2] = k->size | 12ull << 32 | (uint64_t)12 << 40 | 49ull << 48;
        break;
    }
    case PAL_CACHE_INIT:
    case PAL_CACHE_LINE_INIT:
    case PAL_MC_DRAIN:
    case PAL_MC_CLEAR_LOG:
    case PAL_PMI_ENTRYPOINT:
    case PAL_BUS_SET_FEATURES:
    case PAL_PROC_SET_FEATURES:
        break;
    case PAL_MC_REGISTER_MEM:
        pal_mc_register_mem(c, a1);
        break;
    case PAL_MC_RESUME: /* a2: the save area, a3: another context */
        pal_mc_resume(c, a2, a3);
        break;
    case PAL_CACHE_SUMMARY:
        c->ret[1] = 3; /* levels */
        c->ret[2] = 5; /* unique caches */
        break;
    case PAL_CACHE_PROT_INFO:
        if (!find_cache(a1, a2))
            c->ret[0] = PAL_INVALID;
        break; /* no protection: all zero */
    case PAL_CACHE_SHARED_INFO:
        c->ret[1] = 1; /* logical processors sharing */
        break;
    case PAL_MEM_ATTRIB:
        c->ret[1] = 1 << 0 | 1 << 4 | 1 << 5 | 1 << 6 | 1 << 7; /* WB UC UCE WC NaTPage */
        break;
    case PAL_PTCE_INFO: /* one ptc.e purges everything */
        c->ret[1] = 0;
        c->ret[2] = 1ull << 32 | 1;
        c->ret[3] = 0;
        break;
    case PAL_VM_INFO: /* a1 level, a2 type: two levels as Itanium 2; TC 1: 32, TC 2: 128 entries,
                         fully associative */
        if (a1 > 1 || a2 < 1 || a2 > 2) {
            c->ret[0] = PAL_INVALID;
            break;
        }
        /* num_sets 7:0, associativity 15:8, entries 31:16, preferred, unified, page-size-reduced */
        c->ret[1] = 1 | (a1 ? 128ull : 32ull) << 8 | (a1 ? 128ull : 32ull) << 16;
        c->ret[2] = PAGE_SIZES;
        break;
    case PAL_VM_SUMMARY: {
        /* vw, phys_add_size 7:1, key_size 15:8, max_pkr 23:16, hash_tag_id 31:24, max_dtr 39:32,
         * max_itr 47:40, num_unique_tcs 55:48, num_tc_levels 63:56 */
        c->ret[1] = 1ull | 50ull << 1 | 24ull << 8 | 15ull << 16 | 1ull << 24 |
                    (N_TR - 1ull) << 32 | (N_TR - 1ull) << 40 | 4ull << 48 | 2ull << 56;
        c->ret[2] = 60ull | 24ull << 8; /* impl_va_msb, rid_size */
        break;
    }
    case PAL_VM_PAGE_SIZE:
        c->ret[1] = PAGE_SIZES; /* insertable */
        c->ret[2] = PAGE_SIZES; /* purgeable */
        break;
    case PAL_BUS_GET_FEATURES:
    case PAL_PROC_GET_FEATURES:
        c->ret[1] = c->ret[2] = c->ret[3] = 0;
        break;
    case PAL_DEBUG_INFO:
        c->ret[1] = 4; /* instruction, data breakpoint pairs */
        c->ret[2] = 4;
        break;
    case PAL_FIXED_ADDR:
        c->ret[1] = cpu->index;
        break;
    case PAL_FREQ_BASE:
        c->ret[0] = PAL_UNIMPLEMENTED; /* the platform's base comes from SAL_FREQ_BASE */
        break;
    case PAL_FREQ_RATIOS: /* numerator 63:32, denominator 31:0, of the platform base clock (200 MHz)
                           */
        c->ret[1] = 5ull << 32 | 1; /* processor */
        c->ret[2] = 1ull << 32 | 1; /* bus */
        c->ret[3] = 5ull << 32 | 1; /* ITC */
        break;
    case PAL_PERF_MON_INFO: {
        /* 4 words each: implemented PMC, PMD, those that count cycles, those that count retired
         * bundles. */
        uint64_t w[16] = {0};
        w[0] = 0xf0 | 0xf;
        w[4] = 0xf0;
        w[8] = 0xf0;
        w[12] = 0xf0;
        if (!fw_write_guest(c, a1, w, sizeof w)) {
            c->ret[0] = PAL_ERROR;
            break;
        }
        /* generic counters, width, cycles event, retired event */
        c->ret[1] = 4ull | 47ull << 8 | 0x12ull << 16 | 0x08ull << 24;
        break;
    }
    case PAL_PLATFORM_ADDR: /* a1: 0 interrupt block, 1 I/O block; a2 must be ours: it cannot move
                             */
        if ((a1 == 0 && a2 != BOARD_PIB_BASE) || (a1 == 1 && a2 != BOARD_IOPORT_BASE) || a1 > 1)
            c->ret[0] = PAL_INVALID;
        break;
    case PAL_RSE_INFO:
        c->ret[1] = N_STACKED_PHYS;
        c->ret[2] = 0; /* hints: lazy only */
        break;
    case PAL_VERSION: /* min_ver and cur_ver: PAL_A 7:0 15:8 model, vendor 31:24.., PAL_B */
        c->ret[1] = 0x0100000001000000ull | 0x2424ull << 32 | 0x2424;
        c->ret[2] = c->ret[1];
        break;
    case PAL_MC_EXPECTED:
    case PAL_MC_DYNAMIC_STATE:
        c->ret[1] = 0;
        break;
    case PAL_MC_ERROR_INFO:
        c->ret[0] = a1 <= 2 ? (uint64_t)-6 : PAL_INVALID; /* no error to tell of */
        break;
    case PAL_HALT_LIGHT:
        /* Until an unmasked external interrupt is pending (SDM 2:11.10.3, PAL_HALT_LIGHT). */
        if (sapic_pending(cpu) < 0) {
            cpu->halted = true;
            cpu_attention(cpu);
        }
        break;
    case PAL_COPY_INFO:
        c->ret[1] = PAL_COPY_SIZE; /* bytes, alignment */
        c->ret[2] = PAL_COPY_SIZE;
        break;
    case PAL_MEM_FOR_TEST:
        c->ret[1] = 0;
        c->ret[2] = 1;
        break;
    case PAL_REGISTER_INFO:
        register_info(c, a1);
        break;
    case PAL_PREFETCH_VISIBILITY:
        c->ret[0] = 1; /* the call is not needed any more */
        break;
    case PAL_LOGICAL_TO_PHYSICAL: {
        /* One core, one thread a package: the processor asked for is itself (a1 = -1: the caller).
         */
        if (a1 != (uint64_t)-1 && a1 >= 1) {
            c->ret[0] = PAL_INVALID;
            break;
        }
        c->ret[1] = 1ull | 1ull << 16 | 1ull << 32; /* num_log, tpc, cpp */
        c->ret[2] = 0;
        c->ret[3] = cpu->index;
        break;
    }
    case PAL_COPY_PAL: /* a1: where, a2: bytes there, a3: 0 the first processor, which copies */
        if (a1 & (PAL_COPY_SIZE - 1) || a2 < PAL_COPY_SIZE || a3 > 1 ||
            !phys_host(c->b->m, a1, PAL_COPY_SIZE)) {
            c->ret[0] = PAL_INVALID;
            break;
        }
        if (a3 == 0) {
            uint8_t *to = phys_host(c->b->m, a1, 32);
            memcpy(to, fw_ptr(c->b->fw, c->b->fw->pal_entry, 32), 32);
            code_page_dirty(c->b->m, to);
            c->b->fw->pal_copy = a1 & ~(1ull << 63);
        }
        c->ret[1] = 0; /* offset of PAL_PROC in the copy; the original goes on working */
        break;
    case PAL_HALT_INFO: {
        /* Eight power states; entry and exit latency 1 cycle, 1 W; state 0 and 1 implemented and
         * coherent. */
        uint64_t w[8] = {0};
        w[0] = w[1] = 1ull | 1ull << 16 | 1000ull << 32 | 3ull << 60;
        if (!fw_write_guest(c, a1, w, sizeof w))
            c->ret[0] = PAL_ERROR;
        break;
    }
    case PAL_TEST_PROC:
        c->ret[1] = 0;
        break;
    case PAL_VM_TR_READ:
        vm_tr_read(c, a1, a2, a3);
        break;
    case PAL_BRAND_INFO: {
        char brand[128] = "IA-64 simulator";
        if (a1 != 0)
            c->ret[0] = PAL_INVALID;
        else if (!fw_write_guest(c, a2, brand, sizeof brand))
            c->ret[0] = PAL_ERROR;
        c->ret[1] = sizeof brand;
        break;
    }
    default: {
        static uint64_t told[16];
        if (proc < 1024 && !(told[proc >> 6] >> (proc & 63) & 1)) {
            told[proc >> 6] |= 1ull << (proc & 63);
            fprintf(stderr, "ia64-sim: unimplemented: PAL procedure %llu\n",
                    (unsigned long long)proc);
        }
        c->ret[0] = PAL_UNIMPLEMENTED;
    }
    }
}

static void pal_proc(struct fw_call *c)
{
    struct cpu *cpu = c->cpu;
    uint64_t proc = cpu->gr[28].v;
    bool stacked = (proc >= 256 && proc < 512) || (proc >= 768 && proc < 1024);
    if (stacked) {
        pal_call(c, proc, c->arg[1], c->arg[2], c->arg[3]);
        return; /* br.ret b0 */
    }
    pal_call(c, proc, cpu->gr[29].v, cpu->gr[30].v, cpu->gr[31].v);
    if (c->no_return)
        return;
    cpu->ip = cpu->br[0] & ~15ull;
    cpu->psr &= ~PSR_RI;
}

void pal_build(struct firmware *fw)
{
    /* Entry points come from the code area; PAL's has an area of its own, since guests map it with
     * an ITR. */
    uint64_t next = fw->code_next;
    fw->code_next = FW_PAL_CODE;
    fw->pal_entry = fw_entry(fw, "PAL_PROC", pal_proc, 0);
    fw->code_next = next;
}
