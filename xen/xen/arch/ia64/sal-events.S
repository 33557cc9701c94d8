/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From SAL to C and back at INIT and machine checks (SDM 2:11.3, 2:11.4; SAL specification, 4.2, 5.1): physical mode, bank 0, interruption collection off.
 *
 *      r10  SAL's gp                   r17  PAL's min-state save area: ours (salblock.h), by its uncached address
 *      r11  rendezvous, reason         r18  processor state parameter
 *      r12  where to return to
 *
 * They come at any instruction, and what the interrupted code had must be there again when it goes on: PAL has saved r1-r15, both banks of r16-r31, pr, b0,
 * b1, ar.rsc, psr, ip, cfm, cr.ipsr, cr.iip and cr.ifs. The rest of what C or a TLB miss of C's may change is saved here. psr.mc stays 1: no second one.
 */
#include <asm/asm-offsets.h>
#include <asm/config.h>
#include <asm/processor.h>
#include <asm/salblock.h>

        .section .text, "ax", @progbits

#define PSR_TRANSLATED  (IA64_PSR_IT | IA64_PSR_DT | IA64_PSR_RT)

/* op(register, offset in struct sal_event) */
#define EVENT_REGS(op)                                                                          \
        op(ar.pfs, UREGS_pfs) op(ar.unat, UREGS_unat) op(ar.ccv, UREGS_ccv)                     \
        op(ar.fpsr, UREGS_fpsr) op(ar.csd, UREGS_csd) op(ar.ssd, UREGS_ssd)                     \
        op(ar.lc, UREGS_lc) op(ar.ec, UREGS_ec)                                                 \
        op(b2, UREGS_br + 16) op(b3, UREGS_br + 24) op(b4, UREGS_br + 32)                       \
        op(b5, UREGS_br + 40) op(b6, UREGS_br + 48) op(b7, UREGS_br + 56)                       \
        op(cr.isr, UREGS_isr) op(cr.ifa, UREGS_ifa) op(cr.itir, UREGS_itir)                     \
        op(cr.iim, UREGS_iim) op(cr.iha, UREGS_iha) op(cr.iipa, UREGS_iipa)
#define EVENT_FRS(op)   op(f6) op(f7) op(f8) op(f9) op(f10) op(f11)

#define PUT(reg, offset)        mov r26 = reg; adds r27 = offset, r21;; st8 [r27] = r26;;
#define PUT_FR(reg)             stf.spill [r27] = reg, 16;;
#define GET(reg, offset)        adds r27 = offset, r8;; ld8 r26 = [r27];; mov reg = r26;;
#define GET_FR(reg)             ldf.fill reg = [r27], 16;;

ENTRY(os_mca_entry)
        mov     r16 = SAL_EVENT_MCA
        br.sptk.many sal_event_entry
        ;;
END(os_mca_entry)

ENTRY(os_init_monarch_entry)
        mov     r16 = SAL_EVENT_INIT_MONARCH
        br.sptk.many sal_event_entry
        ;;
END(os_init_monarch_entry)

ENTRY(os_init_slave_entry)
        mov     r16 = SAL_EVENT_INIT_SLAVE
        br.sptk.many sal_event_entry
        ;;
END(os_init_slave_entry)

ENTRY(sal_event_entry)
        mov     ar.rsc = 0
        dep     r28 = 0, r17, 63, 1                     /* struct sal_block, physical */
        movl    r21 = SALBLOCK_event
        ;;
        add     r21 = r21, r28                          /* struct sal_event */
        movl    r30 = CPUINFO_SIZE
        ;;
        sub     r30 = r28, r30                          /* struct cpu_info: the top of the stack block below */
        adds    r22 = EVENT_which, r21
        adds    r23 = EVENT_min_state, r21
        ;;
        st8     [r22] = r16, EVENT_psp - EVENT_which
        st8     [r23] = r17, EVENT_reason - EVENT_min_state
        ;;
        st8     [r22] = r18, EVENT_sal_gp - EVENT_psp
        st8     [r23] = r11, EVENT_sal_return - EVENT_reason
        ;;
        st8     [r22] = r10
        st8     [r23] = r12
        ;;
        EVENT_REGS(PUT)
        adds    r27 = UREGS_fr6, r21
        ;;
        EVENT_FRS(PUT_FR)
        alloc   r2 = ar.pfs, 0, 0, 0, 0

        /* What code with psr.ic = 0 relies on besides. */
        adds    r22 = CPUINFO_has_iib, r30
        adds    r23 = EVENT_iib, r21
        adds    r24 = CPUINFO_scratch, r30
        ;;
        ld1     r22 = [r22]
        adds    r25 = EVENT_scratch, r21
        mov     r26 = 8 - 1
        ;;
        cmp.ne  p6, p0 = 0, r22
        mov     ar.lc = r26
        ;;
(p6)    mov     r26 = cr.iib0
(p6)    mov     r27 = cr.iib1
        ;;
(p6)    st8     [r23] = r26, 8
        ;;
(p6)    st8     [r23] = r27
1:      ld8     r26 = [r24], 8
        ;;
        st8     [r25] = r26, 8
        br.cloop.sptk 1b
        ;;

        /*
         * In virtual mode, Xen's translation registers are all there. Physical mode may be where they change; and a machine check may have been the
         * TLB's: they are inserted again.
         */
        adds    r22 = MIN_STATE_IPSR, r17
        movl    r23 = PSR_TRANSLATED
        ;;
        ld8     r22 = [r22]
        ;;
        and     r22 = r22, r23
        ;;
        cmp.ne  p8, p0 = r22, r23
        cmp.eq  p9, p0 = SAL_EVENT_MCA, r16
(p8)    br.cond.spnt 2f
(p9)    br.cond.spnt 2f
        ;;
        br.cond.sptk 3f
        ;;
2:      mov     r29 = r21
        adds    r22 = CPUINFO_rr7, r30
        movl    r23 = 7 << 61
        ;;
        ld8     r22 = [r22]
        adds    r20 = CPUINFO_tr, r30
        ;;
        mov     rr[r23] = r22
        ;;
        srlz.d
        br.call.sptk.many b7 = purge_trs_phys
        ;;
        adds    r20 = CPUINFO_tr, r30
        ;;
        br.call.sptk.many b7 = insert_trs_phys
        ;;
        mov     r21 = r29
        ;;

        /* The interrupted code's dirty stacked registers become the bottom of our register stack, as in entry.S. */
3:      mov     r22 = ar.bspstore
        mov     r23 = ar.rnat
        movl    r24 = DIRECTMAP_VIRT_START
        ;;
        PUT(r22, UREGS_bspstore)
        PUT(r23, UREGS_rnat)
        add     r8 = r21, r24
        add     r9 = r28, r24
        add     r10 = r30, r24
        movl    r25 = SALBLOCK_stack
        ;;
        add     r25 = r25, r9
        ;;
        mov     ar.bspstore = r25
        ;;
        mov     r23 = ar.bsp
        mov     ar.rnat = r0
        ;;
        sub     r23 = r23, r25
        ;;
        shl     r23 = r23, IA64_RSC_LOADRS_SHIFT
        ;;
        PUT(r23, UREGS_loadrs)
        movl    r22 = XEN_PSR_BITS | IA64_PSR_MC
        movl    r23 = 4f
        ;;
        mov     cr.ipsr = r22
        mov     cr.iip = r23
        mov     cr.ifs = r0
        ;;
        rfi
        ;;
4:      movl    r1 = __gp
        movl    r11 = SAL_BLOCK_SIZE - 16
        mov     r13 = r10
        ;;
        movl    r14 = XEN_FPSR
        add     r12 = r9, r11
        mov     ar.rsc = XEN_RSC
        ;;
        mov     ar.fpsr = r14
        alloc   r2 = ar.pfs, 0, 0, 1, 0
        ;;
        mov     r32 = r8
        br.call.sptk.many b0 = sal_event
        ;;

        /* Goes on where it was interrupted. */
        rsm     psr.i | psr.ic
        movl    r14 = CPUINFO_SIZE + SALBLOCK_event
        ;;
        srlz.i
        add     r20 = r14, r13
        alloc   r2 = ar.pfs, 0, 0, 0, 0
        ;;
        adds    r21 = UREGS_loadrs, r20
        adds    r22 = UREGS_bspstore, r20
        adds    r23 = UREGS_rnat, r20
        ;;
        ld8     r21 = [r21]
        ld8     r22 = [r22]
        ld8     r23 = [r23]
        ;;
        mov     ar.rsc = r21
        ;;
        loadrs
        ;;
        mov     ar.bspstore = r22
        ;;
        mov     ar.rnat = r23
        movl    r14 = 5f
        movl    r15 = IA64_PSR_MC
        ;;
        tpa     r8 = r20
        tpa     r14 = r14
        mov     r10 = r13
        ;;
        tpa     r10 = r10
        mov     cr.ipsr = r15
        mov     cr.iip = r14
        mov     cr.ifs = r0
        ;;
        rfi
        ;;
5:      adds    r22 = CPUINFO_has_iib, r10
        adds    r23 = EVENT_iib, r8
        adds    r24 = CPUINFO_scratch, r10
        ;;
        ld1     r22 = [r22]
        adds    r25 = EVENT_scratch, r8
        mov     r26 = 8 - 1
        ;;
        cmp.ne  p6, p0 = 0, r22
        mov     ar.lc = r26
        ;;
(p6)    ld8     r26 = [r23], 8
        ;;
(p6)    ld8     r27 = [r23]
(p6)    mov     cr.iib0 = r26
        ;;
(p6)    mov     cr.iib1 = r27
6:      ld8     r26 = [r25], 8
        ;;
        st8     [r24] = r26, 8
        br.cloop.sptk 6b
        ;;
        EVENT_REGS(GET)
        adds    r27 = UREGS_fr6, r8
        ;;
        EVENT_FRS(GET_FR)
        srlz.d
        /* SAL specification, 4.2.2, 5.1: status, SAL's gp, 0: the context of the save area it came with, and that. */
        GET(b0, EVENT_sal_return)
        GET(r9, EVENT_sal_gp)
        GET(r22, EVENT_min_state)
        mov     r1 = r9
        mov     r10 = r0
        mov     r8 = r0
        invala
        br.sptk.many b0
        ;;
END(sal_event_entry)
