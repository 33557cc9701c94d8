/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A vcpu's view of translation (SDM 2:4.1): region registers, protection keys, translation registers and caches as the guest filled them, its own VHPT;
 * and how machine translations come from them. Guest translations are kept as the guest gave them, in guest-physical addresses.
 */
#ifndef __ASM_IA64_VTLB_H__
#define __ASM_IA64_VTLB_H__

#include <xen/spinlock.h>
#include <asm/fault.h>
#include <asm/regs.h>

struct vcpu;
struct domain;

#define VTLB_NR_TRS         16      /* of each kind: PAL_VM_SUMMARY says so to a guest */
#define VTLB_NR_PKRS        16
#define GUEST_RID_BITS      18
#define GUEST_KEY_BITS      24
#define GUEST_VA_MSB        60      /* all virtual addresses are implemented */

/* vhpt-miss.S knows it: va first, key behind rid, sides behind ps. */
struct vtlb_entry {
    uint64_t va;                    /* of the page, region bits cleared */
    uint64_t pte;                   /* as inserted */
    uint32_t rid;
    uint32_t key;
    uint8_t ps;                     /* 0: not in use */
    uint8_t sides;                  /* VTLB_I, VTLB_D */
    uint8_t preferred;              /* rr.ps when it was inserted: hashes go by it */
};
#define VTLB_ENTRY_SHIFT    5
#define VTLB_I 1
#define VTLB_D 2

/* Pages of the region's preferred size are found by hash; a few of other sizes by looking at all. */
#define VTLB_HASHED_SHIFT   9
#define VTLB_HASHED         (1 << VTLB_HASHED_SHIFT)
#define VTLB_ODD            64

struct vcpu_mmu {
    spinlock_t lock;                /* of the translations: other vcpus' ptc.g purge them. Interrupts off */
    struct vtlb_entry itr[VTLB_NR_TRS], dtr[VTLB_NR_TRS];
    struct vtlb_entry *hashed;      /* VTLB_HASHED */
    struct vtlb_entry *odd;         /* VTLB_ODD */
    unsigned int next_odd;          /* to be replaced next */
    unsigned int nr_odd;            /* highest in use + 1 */
    unsigned int nr_itr, nr_dtr;    /* likewise */
    /* Bit n stands for region ids that are n modulo 64. */
    uint64_t odd_rids;              /* one of odd may have such an id, or alias_rids */
    uint64_t rr_rids[8];            /* this region has had one since a page size changed; hyperprivop.S sets no others */
    uint64_t alias_rids;            /* so have regions of different page sizes */

    uint64_t rr[8];                 /* as the guest wrote them */
    uint64_t machine_rr[8];         /* what the machine's hold while this vcpu runs; metaphysical ones included */
    uint64_t pkr[VTLB_NR_PKRS];
    bool metaphysical;              /* rr0 and rr4 stand for physical addresses, cached and uncached */
    bool meta_mixed;                /* with metaphysical: some translation there is virtual (only one of psr.it and dt was off) */
    bool xen_alias;                 /* some translation's address has Xen's bits 60:59, in another region than 7 */
    unsigned int last_cpu;          /* where it ran last */

    struct guest_fault copy_fault;  /* vector valid if copy_faulted */
    bool copy_faulted;
};

/* Xen's own half of region 7: 0xf000... to 0xf7ff.... The rest above is the guest's (Linux has its per-CPU page at the very top). */
static inline bool is_xen_va(uint64_t va)
{
    return (va >> 59) == 0x1e;
}

/* The same, or the same by another region's number: a region whose id is region 7's. A function of vtlb.c. */
bool vtlb_is_xens(const struct vcpu *v, uint64_t va);

int vcpu_mmu_init(struct vcpu *v);
void vcpu_mmu_destroy(struct vcpu *v);
/* Everything as after a reset. */
void vcpu_mmu_reset(struct vcpu *v);
/* context_switch, interrupts off: next's region registers, keys, mapped_regs into the machine. An idle vcpu gets Xen's. */
void mmu_switch_to(struct vcpu *next);

/*
 * The guest's instructions. v is current, but for those of vcpu contexts (TRs, rr, pkr of a vcpu that does not run). False: *f is the fault to
 * raise. itir as in cr.itir, or in the instruction's operand (page size in bits 7:2).
 */
bool vcpu_itc(struct vcpu *v, bool data, uint64_t pte, uint64_t itir, uint64_t ifa, struct guest_fault *f);
bool vcpu_itr(struct vcpu *v, bool data, uint64_t slot, uint64_t pte, uint64_t itir, uint64_t ifa, struct guest_fault *f);
bool vcpu_ptr(struct vcpu *v, bool data, uint64_t va, uint64_t itir, struct guest_fault *f);
bool vcpu_ptc_l(struct vcpu *v, uint64_t va, uint64_t itir, struct guest_fault *f);
bool vcpu_ptc_g(struct vcpu *v, uint64_t va, uint64_t itir, struct guest_fault *f);
bool vcpu_ptc_ga(struct vcpu *v, uint64_t va, uint64_t itir, struct guest_fault *f);
void vcpu_ptc_e(struct vcpu *v);
bool vcpu_set_rr(struct vcpu *v, uint64_t va, uint64_t val, struct guest_fault *f);
uint64_t vcpu_get_rr(const struct vcpu *v, uint64_t va);
bool vcpu_set_pkr(struct vcpu *v, uint64_t idx, uint64_t val, struct guest_fault *f);
bool vcpu_get_pkr(const struct vcpu *v, uint64_t idx, uint64_t *val, struct guest_fault *f);
uint64_t vcpu_thash(struct vcpu *v, uint64_t va);
uint64_t vcpu_ttag(struct vcpu *v, uint64_t va);
bool vcpu_tpa(struct vcpu *v, uint64_t va, uint64_t *pa, struct guest_fault *f);
uint64_t vcpu_tak(struct vcpu *v, uint64_t va);

/* After a change of the guest's psr.dt, it or rt: whether addresses are physical now (mapped_regs.metaphysical_mode too). v is current. */
void vcpu_set_metaphysical(struct vcpu *v, bool on);

/*
 * What an access of the guest means: access is made of IA64_ISR_{R,W,X,NA,SP,RS} and, for NA, the code; with 0, only the translation is looked up.
 * Uses the guest's psr (dt, rt or it by access) and current privilege level. *attr is the memory attribute (bits 4:2 of a pte). False: *f is the
 * fault that the guest gets.
 */
bool vcpu_translate(struct vcpu *v, uint64_t va, uint64_t access, uint64_t *gpa, uint64_t *attr, struct guest_fault *f);

/* The bundle at ip as the guest would fetch it. False: no translation now; let the guest execute again. */
bool vcpu_fetch_bundle(struct vcpu *v, uint64_t ip, uint64_t bundle[2]);
/* ed of the page that the code at ip is in: isr.ed of its data references (SDM 2:8.3). */
bool vcpu_code_ed(struct vcpu *v, uint64_t ip);

/*
 * An interruption of translation in a guest: one of the TLB, key, access bit, dirty bit, page-not-present, access-rights vectors. Inserts the machine
 * translation, emulates the device, or reflects.
 */
void guest_mmu_fault(unsigned int vector, struct cpu_user_regs *regs);

/*
 * Between vtlb.c (what the guest's TLB holds) and gmmu.c (what an access means).
 */
#define VTLB_VA_MASK        ((1UL << (GUEST_VA_MSB + 1)) - 1)
/* The translation at va, NULL or not in the TLB; *out is a copy. */
bool vtlb_lookup(struct vcpu *v, uint64_t va, uint32_t rid, unsigned int side, struct vtlb_entry *out);
/* A translation that the guest's VHPT gave, of another size than the region's preferred. */
void vtlb_keep(struct vcpu *v, const struct vtlb_entry *g);
/*
 * The machine translation at va that guest translation g makes, into this processor's TLB and, if `vhpt` and where it belongs, VHPT. Interrupts are off since g
 * was looked up. Returns its page size, 0 if nothing is mapped at the guest-physical address. `rights`: ar and pl (bits 11:7 of a pte) instead of those g gives, or 0 with
 * own_rights false.
 */
unsigned int vtlb_insert_machine(struct vcpu *v, uint64_t va, const struct vtlb_entry *g, unsigned int side, bool vhpt, bool own_rights, uint64_t rights);
/* Does the manual reserve some of these bits (SDM 2:4.1.1.5)? */
bool vtlb_reserved(uint64_t pte, uint64_t itir);
/* va's bits say that it could be Xen's, were it in region 7. */
static inline bool xen_va_bits(uint64_t va)
{
    return ((va >> 59) & 3) == 2;
}
static inline uint64_t vtlb_gpa(const struct vtlb_entry *g, uint64_t va)
{
    uint64_t offset = (1UL << g->ps) - 1;

    return (g->pte & 0x0003fffffffff000UL & ~offset) | (va & offset);
}
static inline unsigned int va_region(uint64_t va)
{
    return va >> 61;
}

/* rid.c: a block of 2^18 machine region ids for the domain, and back. */
int rid_alloc(struct domain *d);
void rid_free(struct domain *d);
#define META_RR_PS          20      /* preferred page size of physical addresses */
#define rid_of_idle(region) (0x10U + (region))
#define rid_metaphysical(d, uncached) (0x100U + 2 * (d)->arch.rid_block + (uncached))

#endif /* __ASM_IA64_VTLB_H__ */
