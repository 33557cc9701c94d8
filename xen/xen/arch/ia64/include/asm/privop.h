/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Privileged and sensitive instructions, decoded (SDM 3:4.4, 4.5.3): from a slot's 41 bits, or from the break that stands for one
 * (public/arch-ia64/privop.h). privop-decode.c depends on nothing of Xen's, and is tested on the host.
 */
#ifndef __ASM_IA64_PRIVOP_H__
#define __ASM_IA64_PRIVOP_H__

#ifdef __XEN__
#include <xen/types.h>
#else
#include <stdbool.h>
#include <stdint.h>
#endif

enum privop_op {
    PRIVOP_NONE,                /* nothing that Xen does for a guest */
    PRIVOP_RFI, PRIVOP_BSW0, PRIVOP_BSW1, PRIVOP_COVER, PRIVOP_VMSW,
    PRIVOP_SSM, PRIVOP_RSM,     /* imm */
    PRIVOP_GET_PSR,             /* r1 */
    PRIVOP_SET_PSR,             /* r2 */
    PRIVOP_GET_CR,              /* r1 = cr[num] */
    PRIVOP_SET_CR,              /* cr[num] = r2 */
    PRIVOP_GET_AR,              /* r1 = ar[num] */
    PRIVOP_SET_AR,              /* ar[num] = r2 */
    PRIVOP_SET_AR_IMM,          /* ar[num] = imm */
    PRIVOP_GET_RR, PRIVOP_GET_PKR, PRIVOP_GET_DBR, PRIVOP_GET_IBR, PRIVOP_GET_PMC, PRIVOP_GET_PMD, PRIVOP_GET_CPUID, /* r1 = file[r3] */
    PRIVOP_SET_RR, PRIVOP_SET_PKR, PRIVOP_SET_DBR, PRIVOP_SET_IBR, PRIVOP_SET_PMC, PRIVOP_SET_PMD,  /* file[r3] = r2 */
    PRIVOP_ITC_D, PRIVOP_ITC_I, /* r2 */
    PRIVOP_ITR_D, PRIVOP_ITR_I, /* tr[r3] = r2 */
    PRIVOP_PTC_L, PRIVOP_PTC_G, PRIVOP_PTC_GA, PRIVOP_PTR_D, PRIVOP_PTR_I, /* r3, r2 */
    PRIVOP_PTC_E,               /* r3 */
    PRIVOP_THASH, PRIVOP_TTAG, PRIVOP_TPA, PRIVOP_TAK, /* r1 = r3 */
    PRIVOP_FC, PRIVOP_FC_I,     /* r3 */
    PRIVOP_NR
};

enum ia64_unit { IA64_UNIT_NONE, IA64_UNIT_M, IA64_UNIT_I, IA64_UNIT_F, IA64_UNIT_B, IA64_UNIT_L, IA64_UNIT_X };

struct privop {
    uint8_t op;                 /* enum privop_op */
    uint8_t r1, r2, r3;         /* as the manual names them: r1 target, r2 value, r3 index or address; before rotation */
    uint8_t num;                /* control or application register */
    uint64_t imm;
};

#define IA64_TEMPLATE(bundle0)  ((bundle0) & 0x1f)
#define IA64_SLOT_MASK          ((1UL << 41) - 1)

/* Unit of a slot (0..2) of a template (SDM 3:4.1); in MLX slot 1 is the long instruction (X), 2 none. NONE: reserved. */
enum ia64_unit ia64_slot_unit(unsigned int template, unsigned int slot);
/* The 41 bits of a slot; of the long instruction those of slot 2. */
uint64_t ia64_slot_bits(const uint64_t bundle[2], unsigned int slot);

/* true: one of the above, in *out. false: op is PRIVOP_NONE. */
bool privop_decode(enum ia64_unit unit, uint64_t slot, struct privop *out);
/* The same for a break's immediate. The unit is not looked at. */
bool privop_decode_break(uint32_t imm, struct privop *out);
/* Is it a break, of any unit? *imm: its 21 bits. */
bool ia64_decode_break(enum ia64_unit unit, uint64_t slot, uint32_t *imm);
extern const char *const privop_name[PRIVOP_NR];

/* Memory accesses, for emulated devices (SDM 3:4.4.1 to 4.4.4). */
enum mem_kind { MEM_LOAD, MEM_STORE, MEM_FLOAT_LOAD, MEM_FLOAT_STORE, MEM_FLOAT_PAIR, MEM_SEMAPHORE, MEM_PREFETCH };
enum mem_update { MEM_NO_UPDATE, MEM_UPDATE_REG, MEM_UPDATE_IMM };
enum mem_float { MEM_FLT_E, MEM_FLT_SIG, MEM_FLT_S, MEM_FLT_D, MEM_FLT_SPILL };

struct memop {
    uint8_t kind, update, flt;
    uint8_t size;               /* bytes; of a pair, both together; spill and fill of FP: 16 */
    uint8_t r1, r2, r3;         /* target, data or increment, address; r1 and r2 also FR f1, f2 */
    bool speculative;           /* .s .sa */
    bool advanced;              /* .a .sa */
    bool check;                 /* .c.clr .c.nc */
    bool fill;                  /* ld8.fill st8.spill ldf.fill stf.spill: the NaT bit by ar.unat */
    bool fault;                 /* lfetch.fault */
    int64_t imm;                /* MEM_UPDATE_IMM */
};

bool memop_decode(enum ia64_unit unit, uint64_t slot, struct memop *out);

#ifdef __XEN__
struct vcpu;
struct cpu_user_regs;
struct guest_fault;

/*
 * Does the instruction for the guest at its virtual level 0, and goes past it. false: *f is the fault it raises, at this instruction. What the
 * machine checks first is checked first (SDM 3: the instruction's page).
 */
bool privop_emulate(struct vcpu *v, struct cpu_user_regs *regs, const struct privop *op, struct guest_fault *f);
/* break 1..HYPERPRIVOP_MAX from the guest's kernel level. */
void hyperprivop(struct vcpu *v, struct cpu_user_regs *regs, unsigned int number);
#endif

#endif /* __ASM_IA64_PRIVOP_H__ */
