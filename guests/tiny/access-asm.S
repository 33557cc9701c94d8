/* SPDX-License-Identifier: GPL-2.0-only */
/* The accesses of access.c, and one of them tried with a psr of the caller's. */
#include "bare.h"
#include "virt.h"
#include "cpus.h"

    .text
/*
 * void try_at(struct cpu *me, u64 psr, u64 n, u64 va, u64 result[2]): access n at va. A break ends it that is not reached when it faults. r14 va, r15 a
 * value, r20 NaT, r22 the page's begin, f8 1.0; r8 the result.
 */
    .global try_at
    .proc try_at
try_at:
    alloc r37 = ar.pfs, 5, 3, 0, 0
    mov r38 = b0
    mov r39 = ar.unat
    movl r2 = 1f
    adds r3 = CPU_VECTOR, r32
    movl r16 = access_stubs
    ;;
    st8 [r32] = r2
    st8 [r3] = r0
    shl r17 = r34, 6
    mov r18 = -1
    movl r15 = 0x1122334455667788
    ;;
    mov ar.unat = r18
    add r16 = r16, r17
    dep r22 = 0, r35, 0, 14
    setf.d f8 = r15
    setf.d f9 = r0
    setf.d f40 = r15
    movl r8 = 0x8888
    mov r21 = 3
    ;;
    ld8.fill r20 = [r36]
    mov ar.unat = r0
    mov ar.ccv = r0
    mov ar.csd = r15
    mov r14 = r35
    mov b6 = r22
    ;;
    rsm psr.ic
    ;;
    srlz.i
    ;;
    mov cr.ipsr = r33
    mov cr.iip = r16
    mov cr.ifs = r0
    ;;
    rfi
    ;;
1:  st8.spill [r36] = r8
    ;;
    mov r2 = ar.unat
    adds r36 = 8, r36
    ;;
    st8 [r36] = r2
    mov ar.unat = r39
    mov b0 = r38
    mov ar.pfs = r37
    invala
    br.ret.sptk.many b0
    ;;
    .endp try_at

#define STUB(insn...) .align 64; insn ;; break.m 0x7ffd ;;
    .align 64
    .global access_stubs
access_stubs:
    STUB(ld1 r8 = [r14])
    STUB(ld2 r8 = [r14])
    STUB(ld4 r8 = [r14])
    STUB(ld8 r8 = [r14])
    STUB(ld8.a r8 = [r14])
    STUB(ld8.c.clr r8 = [r14])
    STUB(ld8.fill r8 = [r14])
    STUB(ld8.acq r8 = [r14])
    STUB(ld4.bias r8 = [r14])
    STUB(ld8 r9 = [r14], 8 ;; sub r8 = r14, r22)
    STUB(st1 [r14] = r15)
    STUB(st2 [r14] = r15)
    STUB(st4 [r14] = r15)
    STUB(st8 [r14] = r15)
    STUB(st8.rel [r14] = r15, 8 ;; sub r8 = r14, r22)
    STUB(st8.spill [r14] = r20)
    STUB(st8 [r14] = r20)
    STUB(xchg2 r8 = [r14], r15)
    STUB(xchg8 r8 = [r14], r15)
    STUB(cmpxchg4.acq r8 = [r14], r15, ar.ccv)
    STUB(cmpxchg8.rel r8 = [r14], r15, ar.ccv)
    STUB(fetchadd4.acq r8 = [r14], 1)
    STUB(fetchadd8.rel r8 = [r14], -4)
    STUB(cmp8xchg16.acq r8 = [r14], r15, ar.csd, ar.ccv)
    STUB(ld16 r8, ar.csd = [r14])
    STUB(st16 [r14] = r15, ar.csd)
    STUB(ldfs f8 = [r14] ;; getf.s r8 = f8)
    STUB(ldfd f8 = [r14] ;; getf.d r8 = f8)
    STUB(ldf8 f8 = [r14] ;; getf.sig r8 = f8)
    STUB(ldfe f8 = [r14] ;; getf.sig r8 = f8)
    STUB(ldf.fill f8 = [r14] ;; getf.sig r8 = f8)
    STUB(ldfps f8, f9 = [r14] ;; getf.s r8 = f9)
    STUB(ldfp8 f8, f9 = [r14], 16 ;; getf.sig r8 = f9)
    STUB(ldf8 f40 = [r14] ;; getf.sig r8 = f40)
    STUB(stfs [r14] = f8)
    STUB(stfd [r14] = f8)
    STUB(stf8 [r14] = f8)
    STUB(stfe [r14] = f8)
    STUB(stf.spill [r14] = f8)
    STUB(stf8 [r14] = f40)
    STUB(lfetch [r14], 8 ;; sub r8 = r14, r22)
    STUB(lfetch.fault [r14])
    STUB(lfetch.fault.excl [r14])
    STUB(fc r14)
    STUB(fc.i r14)
    STUB(probe.r.fault r14, 3)
    STUB(probe.w.fault r14, 0)
    STUB(probe.rw.fault r14, 3)
    STUB(tak r8 = r14)
    STUB(tpa r8 = r14 ;; extr.u r8 = r8, 0, 14)
    STUB(br.sptk.few b6)
    .align 64
access_answers:
    STUB(ld8.s r8 = [r14])
    STUB(ld4.s r8 = [r14])
    STUB(ld8.sa r8 = [r14])
    STUB(ldfd.s f8 = [r14] ;; getf.sig r8 = f8)
    STUB(probe.r r8 = r14, r21)
    STUB(probe.w r8 = r14, r0)
access_stubs_end:
    .section .rodata
    .align 8
    .global access_count, access_first_answer
access_count: data8 (access_stubs_end - access_stubs + 63) / 64
access_first_answer: data8 (access_answers - access_stubs) / 64
    .text
    .align 16

/* What the page begins with: a fetch that succeeds ends here. */
    .global access_code
access_code:
    { .mii; break.m 0x7ffd; nop.i 0; nop.i 0; }
    ;;
