/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What stands at the top of a processor's stack block. r13 points at it, by its directmap address, whenever Xen runs C.
 */
#ifndef __ASM_IA64_CURRENT_H__
#define __ASM_IA64_CURRENT_H__

#include <xen/page-size.h>

#ifndef __ASSEMBLY__

#include <xen/types.h>
#include <asm/regs.h>

struct vcpu;

/*
 * Xen's translation registers on this processor, as rr7.S inserts them again when rr7 changes: the image (ITR 0 and DTR 0), PAL's code (ITR 1), then
 * DTR 1 to DTR 4, and the page of fast-hypercall.S (ITR 2). Of region 7 all; pte 0: none.
 */
enum {
    XEN_TR_IMAGE, XEN_TR_PAL, XEN_TR_PERCPU, XEN_TR_STACK, XEN_TR_VHPT, XEN_TR_MAPPED_REGS, XEN_TR_FAST_HYPERCALL, XEN_NR_TRS
};
struct ia64_tr {
    uint64_t va, pte, itir;
};

struct cpu_info {
    struct cpu_user_regs guest_cpu_user_regs;   /* the running guest's frame */
    struct vcpu *current_vcpu;
    unsigned long per_cpu_offset;
    unsigned int processor_id;
    unsigned int pad;
    unsigned long scratch[8];                   /* for code with psr.ic = 0 */
    struct cpu_info *self;                      /* its address in the directmap: r13 */
    uint64_t rr7;                               /* the machine's, now */
    struct ia64_tr tr[XEN_NR_TRS];

    /*
     * For hyperprivop.S, as the running guest is entered (traps.c): its vcpu_info.evtchn_upcall_pending, the mask is the byte behind it; NULL: nothing is done
     * in assembly (fast_privop=). What says that an event is to be delivered: the same if the guest has an event callback, else a 0.
     */
    uint8_t *upcall;
    const uint8_t *event;
    uint8_t has_iib;                            /* the machine has cr.iib0 and cr.iib1 */
    uint64_t *iib_ip;                           /* vcpu_priv.iib_ip */

    /* For vhpt-miss.S (vtlb.c): of the running guest, the p2m's root, and the regions (a bit each) whose VHPT of the short format may be walked there. */
    uint64_t p2m_root;
    uint8_t walk_regions;

    /* rr0 and rr4 of the guest's while its addresses are virtual, and physical; walk_regions while virtual (vtlb.c). */
    uint64_t rr_virtual[2], rr_meta[2];
    uint8_t walk_virtual;
    uint64_t tr_rids;                           /* bit n: one of its translation registers may have a region id that is n modulo 64 (vtlb.c) */
    uint64_t fast_count[64];                    /* by XEN_PRIVOP_OP; 0: system calls reflected */
};

register struct cpu_info *ia64_cpu_info asm ("r13");

#define get_cpu_info()          (ia64_cpu_info)

#define current                 (get_cpu_info()->current_vcpu)
#define set_current(vcpu)       (get_cpu_info()->current_vcpu = (vcpu))
#define get_processor_id()      (get_cpu_info()->processor_id)
#define guest_cpu_user_regs()   (&get_cpu_info()->guest_cpu_user_regs)

/* struct cpu_info of the stack block at `base`. */
#define stack_cpu_info(base) \
    ((struct cpu_info *)((char *)(base) + STACK_SIZE - sizeof(struct cpu_info)))

#define set_processor_id(id) do {                               \
    unsigned int id_ = (id);                                    \
                                                                \
    get_cpu_info()->per_cpu_offset = __per_cpu_offset[id_];     \
    get_cpu_info()->processor_id = id_;                         \
} while ( 0 )

/* The stack block of another processor. */
#define get_cpu_current(cpu)    (stack_cpu_info(stack_base[cpu])->current_vcpu)

/* processor.h: empties both stacks of this processor and goes to fn. */
void noreturn reset_stacks_and_jump(void (*fn)(void));
#define reset_stack_and_jump(fn) reset_stacks_and_jump(fn)

#endif /* !__ASSEMBLY__ */

#endif
