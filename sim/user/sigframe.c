/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Signal frames of Linux/ia64: what a handler, siglongjmp, getcontext/setcontext and the unwinder
 * of libgcc find on the stack, and the way back (rt_sigreturn).
 *
 * The kernel leaves part of the work to a trampoline in the gate page; here all of it is done at
 * delivery, with the same result: the handler is entered as if called from the gate page by a
 * function whose frame are its three arguments. The interrupted frame has been covered; its dirty
 * registers stay where they are in the RSE, or belong to the new backing store when the handler
 * runs on an alternate stack (sc_rbs_base, sc_loadrs; SDM 2:6.11 on switching backing stores). The
 * handler returns to the gate page, which calls rt_sigreturn.
 */
#include "sim/user/env.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include "sim/cpu/alat.h"
#include "sim/cpu/fr.h"
#include "sim/cpu/rse.h"

/* Inside the window in which libgcc's unwinder recognises signal frames: GATE + 0x100 .. GATE +
 * 0x30000. */
#define GATE_SIGRETURN (AS_GATE + 0x200)

struct guest_sigcontext {
    uint64_t flags, nat;
    uint64_t stack_sp;
    uint32_t stack_flags, pad;
    uint64_t stack_size;
    uint64_t ip, cfm, um, rsc, bsp, rnat, ccv, unat, fpsr, pfs, lc, pr;
    uint64_t br[8];
    uint64_t gr[32];
    uint64_t pad2;
    uint8_t fr[128][16];
    uint64_t rbs_base, loadrs;
    uint64_t ar25, ar26;
    uint64_t rsvd[12];
    uint64_t mask;
    uint64_t pad3;
};
enum { SC_ONSTACK = 1, SC_IN_SYSCALL = 2, SC_FPH_VALID = 4 };

struct guest_sigframe {
    uint64_t arg0, arg1, arg2; /* signal, siginfo, sigcontext: the ABI's fixed place */
    uint64_t handler;
    struct guest_siginfo info;
    struct guest_sigcontext sc;
};
_Static_assert(offsetof(struct guest_sigcontext, fr) == 464, "sc_fr is 16-byte aligned");
_Static_assert(offsetof(struct guest_sigcontext, mask) == 2640, "sc_mask");
_Static_assert(offsetof(struct guest_sigframe, sc) == 160, "sc");
_Static_assert(sizeof(struct guest_sigframe) == 2816, "struct sigframe of Linux/ia64");

bool sigframe_map_gate(struct user_env *e)
{
    /* { addl r15=1181,r0; nop.i; nop.i ;; }   1181: rt_sigreturn
     * { break.m 0x100000; nop.i; br.ret.sptk.many b0 ;; } */
    static const uint64_t code[4] = {
        0x0000240900747801,
        0x0004000000000200,
        0x0000020000000011,
        0x0084000880000200,
    };
    /* The gate is outside what user programs may map: inserted by its region's own rule. */
    return as_map_gate(e->as, AS_GATE, code, GATE_SIGRETURN - AS_GATE, sizeof code);
}

/* --- the alternate stack --- */

static bool on_altstack(const struct user_env *e, uint64_t sp)
{
    return !(e->sig.ss_flags & G_SS_DISABLE) && sp - e->sig.ss_sp < e->sig.ss_size;
}

/* --- saving --- */

static void save_registers(struct cpu *cpu, struct guest_sigcontext *sc)
{
    for (unsigned i = 1; i < 32; i++) {
        sc->gr[i] = cpu->gr[i].v;
        sc->nat |= (cpu->gr[i].n & 1) << i;
    }
    memcpy(sc->br, cpu->br, sizeof sc->br);
    for (unsigned i = 2; i < 128; i++)
        fr_to_spill(&cpu->fr[i], sc->fr[i]);
    sc->ip = cpu->ip | (cpu->psr & PSR_RI) >> PSR_RI_SHIFT;
    sc->cfm = cfm_pack(&cpu->cfm);
    sc->um = cpu->psr & PSR_UM;
    sc->rsc = cpu->ar[AR_RSC];
    sc->ccv = cpu->ar[AR_CCV];
    sc->unat = cpu->ar[AR_UNAT];
    sc->fpsr = cpu->ar[AR_FPSR];
    sc->pfs = cpu->ar[AR_PFS];
    sc->lc = cpu->ar[AR_LC];
    sc->ar25 = cpu->ar[AR_CSD];
    sc->ar26 = cpu->ar[AR_SSD];
    sc->pr = pr_pack(cpu);
}

/* Can the backing store take what the RSE may have to spill while the handler's frame is made?
 * Otherwise a fault would strike in the middle of delivery. */
static bool rbs_writable(struct user_env *e, uint64_t bspstore)
{
    struct iovec iov[4];
    uint64_t total, want = (N_STACKED_PHYS + 4) * 8;
    as_iov(e->as, bspstore, want, PROT_WRITE, iov, 4, &total);
    return total == want;
}

/* After cover: the dirty registers move to the backing store at `base`. */
static void switch_rbs(struct user_env *e, struct guest_sigcontext *sc, uint64_t base)
{
    struct cpu *cpu = e->cpu;
    uint64_t old = rse_bspstore(cpu);
    sc->rbs_base = base;
    sc->rnat = rse_rnat(cpu);
    if ((old >> 3 & 63) == 63) /* the collection is complete and would be lost */
        put_u64(e, old, sc->rnat);
    rse_set_bspstore(cpu, base);
    rse_set_rnat(cpu, 0);
    sc->loadrs = (rse_bsp(cpu) - base) << 16;
}

bool sigframe_setup(struct user_env *e, int sig, const struct guest_action *act,
                    const struct guest_siginfo *info, uint64_t mask, bool in_syscall)
{
    struct cpu *cpu = e->cpu;
    struct guest_sigframe f = {.arg0 = (uint64_t)sig, .handler = act->handler, .info = *info};
    uint64_t sp = cpu->gr[12].v, new_rbs = 0, entry, gp;

    if (cpu->gr[12].n || !get_u64(e, act->handler, &entry) || !get_u64(e, act->handler + 8, &gp))
        return false;
    if ((act->flags & G_SA_ONSTACK) && e->sig.ss_size && !(e->sig.ss_flags & G_SS_DISABLE)) {
        if (!on_altstack(e, sp)) {
            sp = e->sig.ss_sp + e->sig.ss_size;
            if (!on_altstack(e, rse_bspstore(cpu)))
                new_rbs = (e->sig.ss_sp + 7) & ~7ull;
        } else if (!on_altstack(e, (sp - sizeof f) & ~15ull)) {
            return false; /* would run off the alternate stack */
        }
    }
    uint64_t at = (sp - sizeof f) & ~15ull;
    f.arg1 = at + offsetof(struct guest_sigframe, info);
    f.arg2 = at + offsetof(struct guest_sigframe, sc);
    f.sc.stack_sp = e->sig.ss_sp;
    f.sc.stack_flags = (uint32_t)e->sig.ss_flags;
    f.sc.stack_size = e->sig.ss_size;
    f.sc.flags =
        SC_FPH_VALID | (in_syscall ? SC_IN_SYSCALL : 0) | (on_altstack(e, at) ? SC_ONSTACK : 0);
    f.sc.mask = mask;
    save_registers(cpu, &f.sc);
    /* The whole frame must be writable, and the backing store, before the RSE is touched. */
    if (!as_write(e->as, at, &f, sizeof f) ||
        !rbs_writable(e, new_rbs ? new_rbs : rse_bspstore(cpu)))
        return false;

    cpu->cfle = false; /* an incomplete frame is loaded again by rt_sigreturn */
    rse_cover(cpu);
    f.sc.bsp = rse_bsp(cpu);
    f.sc.rnat = rse_rnat(cpu);
    if (new_rbs)
        switch_rbs(e, &f.sc, new_rbs);
    rse_alloc(cpu, 3, 0, 0);
    as_write(e->as, at, &f, sizeof f);

    *gr(cpu, 32) = (struct gr){f.arg0, 0};
    *gr(cpu, 33) = (struct gr){f.arg1, 0};
    *gr(cpu, 34) = (struct gr){f.arg2, 0};
    cpu->ar[AR_PFS] = cfm_pack(&cpu->cfm) | (cpu->ar[AR_EC] & 63) << 52 | 3ull << 62;
    cpu->ar[AR_RSC] = 0xf;
    cpu->ar[AR_FPSR] = 0x0009804c0270033full;
    cpu->br[0] = GATE_SIGRETURN;
    cpu->gr[1] = (struct gr){gp, 0};
    cpu->gr[12] = (struct gr){at - 16, 0};
    cpu->ip = entry & ~15ull;
    cpu_set_psr(cpu, cpu->psr & ~(PSR_RI | PSR_BE | PSR_ED));
    alat_invalidate_all(cpu);
    if (e->sig.ss_flags & G_SS_AUTODISARM) {
        e->sig.ss_sp = e->sig.ss_size = 0;
        e->sig.ss_flags = G_SS_DISABLE;
    }
    return true;
}

/* --- return --- */

/* Brings the RSE to the covered state of the interrupted context, sc->bsp. */
static bool restore_rbs(struct user_env *e, const struct guest_sigcontext *sc)
{
    struct cpu *cpu = e->cpu;
    uint64_t bsp = rse_bsp(cpu);
    if ((sc->bsp & 7) || (sc->loadrs >> 16) > (1u << 14) || (sc->loadrs >> 16 & 7))
        return false;
    rse_set_rrb(cpu, 0, 0, 0);
    if (sc->rbs_base) {
        /* The dirty registers of then, from the alternate backing store (SDM 2:6.11: loadrs, then
         * bspstore). */
        uint64_t bytes = sc->loadrs >> 16, total;
        struct iovec iov[4];
        as_iov(e->as, bsp - bytes, bytes, PROT_READ, iov, 4, &total);
        if (total != bytes)
            return false;
        int n = (int)rse_count(bsp - bytes, bsp);
        if (n > N_STACKED_PHYS)
            return false;
        rse_alloc(cpu, 0, 0, 0);
        cpu->ar[AR_RSC] = bytes << 16 | 3 << 2;
        rse_loadrs(cpu);
        rse_set_bspstore(cpu, rse_skip(sc->bsp, -n));
        rse_set_rnat(cpu, sc->rnat);
    } else if (bsp != sc->bsp) {
        /* The handler, or somebody for it, moved it: everything is in memory. */
        rse_alloc(cpu, 0, 0, 0);
        rse_flush(cpu);
        rse_set_bspstore(cpu, sc->bsp);
        rse_set_rnat(cpu, sc->rnat);
    } else {
        rse_alloc(cpu, 0, 0, 0);
    }
    return true;
}

static void restore_registers(struct cpu *cpu, const struct guest_sigcontext *sc)
{
    for (unsigned i = 1; i < 32; i++)
        if (i < 4 || i > 7) /* r4-r7 are preserved registers: the handler kept them */
            cpu->gr[i] = (struct gr){sc->gr[i], sc->nat >> i & 1};
    cpu->br[0] = sc->br[0];
    cpu->br[6] = sc->br[6];
    cpu->br[7] = sc->br[7];
    for (unsigned i = 6; i < 128; i++)
        if (i < 16 || (i >= 32 && (sc->flags & SC_FPH_VALID)))
            fr_put_fill(&cpu->fr[i], sc->fr[i]);
    cpu->ar[AR_CCV] = sc->ccv;
    cpu->ar[AR_UNAT] = sc->unat;
    cpu->ar[AR_FPSR] = sc->fpsr & 0x03ffffffffffffffull;
    cpu->ar[AR_PFS] = (sc->pfs & 0x03f0003fffffffffull) | 3ull << 62;
    cpu->ar[AR_CSD] = sc->ar25;
    cpu->ar[AR_SSD] = sc->ar26;
    cpu->ar[AR_RSC] = (sc->rsc & 0x3fff001full) | 3 << 2;
    pr_unpack(cpu, sc->pr);
}

bool sigframe_return(struct user_env *e)
{
    struct cpu *cpu = e->cpu;
    struct guest_sigcontext sc;
    uint64_t at = cpu->gr[12].v + 16 + offsetof(struct guest_sigframe, sc);
    if (cpu->gr[12].n || !as_read(e->as, &sc, at, sizeof sc))
        return false;
    struct cfm cfm = cfm_unpack(sc.cfm);
    if (cfm.sof > N_STACKED_PHYS || cfm.sol > cfm.sof || cfm.sor > cfm.sof)
        return false;
    e->sig.ss_sp = sc.stack_sp;
    e->sig.ss_size = sc.stack_size;
    e->sig.ss_flags = (int)sc.stack_flags & (G_SS_DISABLE | G_SS_AUTODISARM);
    if (!restore_rbs(e, &sc))
        return false;
    restore_registers(cpu, &sc);
    rse_rfi(cpu, sc.cfm & CFM_MASK);
    cpu->ip = sc.ip & ~15ull;
    cpu_set_psr(cpu, (cpu->psr & ~(PSR_RI | PSR_UM | PSR_ED)) | (sc.um & PSR_UM) |
                         (sc.ip & 3) << PSR_RI_SHIFT);
    alat_invalidate_all(cpu);
    signal_set_mask(e, sc.mask);
    return true; /* the engine loads the frame before the first instruction */
}
