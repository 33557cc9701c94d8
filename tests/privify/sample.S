/* SPDX-License-Identifier: GPL-2.0-only
 *
 * A kernel in small, for privify's tests: vectors that only an interruption enters, functions with and
 * without unwind information, a function that only a descriptor names, a return address that a movl
 * makes, a dead function, data of three sorts among the code, a gate page, lists of patched
 * instructions. Never run. What must be rewritten is labelled in the comments: kind, or `data`.
 * Assembled as it is (a module), and linked by sample.sh.inc (a kernel).
 */
        .text
        .ifdef  VECTORS
        .align  32768
vectors:
        mov     r16 = cr.ifa            // cr (only by cr.iva)
        mov     r17 = cr.itir           // cr
        ;;
        thash   r18 = r16               // thash
        ttag    r19 = r16               // ttag
        ;;
        itc.d   r18                     // tc
        ;;
        rfi                             // rfi
        ;;
        .org    0x400
        bsw.1                           // bsw
        ;;
        br.sptk common
        .org    0x5000
        cover                           // cover
        ;;
        mov     r20 = cr.ipsr           // cr
        ;;
        rfi                             // rfi
        .org    0x8000
        .endif

        .global _start
        .proc   _start
_start:
        movl    gp = gp_value
        .ifdef  VECTORS
        movl    r3 = vectors
        ;;
        mov     cr.iva = r3             // cr
        ;;
        .endif
        srlz.i
        rsm     psr.i | psr.ic          // rsm
        ;;
        movl    r2 = back
        br.sptk away
back:
        ssm     psr.i | psr.dt          // ssm, only by the movl
        ;;
        (p6) mov r8 = cpuid[r9]         // cpuid
        (p7) mov r10 = pmd[r11]         // pmd
        ;;
        mov     ar.k0 = r8              // setkr
        mov     ar.k1 = r0              // setkr
        ;;
        mov.m   ar.itc = r8             // setitc
        br.call.sptk b0 = all
        ;;
        br.call.sptk b0 = tramp
        ;;
1:      br.sptk 1b
        .endp   _start

        .proc   away
away:   mov     b6 = r2
        ;;
        br.sptk b6
        .endp   away

        /* Every kind there is. */
        .proc   all
all:    .prologue
        .save   ar.pfs, r33
        alloc   r33 = ar.pfs, 1, 2, 0, 0
        .body
        fc      r32                     // fc
        fc.i    r32                     // fc
        mov     r14 = ar.k7             // kr
        mov.m   r15 = ar.itc            // itc
        ;;
        mov.m   r16 = ar.rsc            // rsc
        ;;
        mov.m   ar.rsc = 3              // rsc
        ;;
        mov.m   ar.rsc = r16            // rsc
        mov     r17 = psr               // psr
        ;;
        mov     psr.l = r17             // psr
        ;;
        srlz.d
        mov     cr.tpr = r17            // cr
        ;;
        mov     rr[r32] = r17           // rr
        ;;
        mov     r18 = rr[r32]           // rr
        mov     pkr[r32] = r17          // pkr
        ;;
        mov     r18 = pkr[r32]          // pkr
        mov     ibr[r32] = r17          // ibr
        ;;
        mov     r18 = ibr[r32]          // ibr
        mov     dbr[r32] = r17          // dbr
        ;;
        mov     r18 = dbr[r32]          // dbr
        mov     pmc[r32] = r17          // pmc
        ;;
        mov     r18 = pmc[r32]          // pmc
        mov     pmd[r32] = r17          // setpmd
        ;;
        itc.i   r17                     // tc
        ;;
        itr.d   dtr[r32] = r17          // tr
        ;;
        itr.i   itr[r32] = r17          // tr
        ;;
        ptc.l   r32, r17                // ptc
        ;;
        ptc.g   r32, r17                // ptc
        ;;
        ptc.ga  r32, r17                // ptc
        ;;
        ptc.e   r32                     // ptc
        ;;
        ptr.d   r32, r17                // ptr
        ;;
        ptr.i   r32, r17                // ptr
        ;;
        tpa     r18 = r32               // tpa
        tak     r19 = r32               // tak
        ;;
        bsw.0                           // bsw
        ;;
        rsm     0xfee03e                // rsm
        ;;
        ssm     0xfee03e                // ssm
        ;;
        mov.m   ar.k2 = 5               // setkr, kept: no break says 5
        ;;
        br.ret.sptk b0
        .endp   all

        /* The bits of { thash r18=r16; ttag r19=r16 }, here and in .rodata, neither of them code. */
        .type   object, @object
object: data8   0x0130041a20009009, 0x0004000000083640      // data: a symbol says so
        .size   object, . - object
        .align  16
        .global table
table:  data8   _start, all                  // data: relocations say so (in the module)
        .proc   common
common: ssm     psr.ic                       // ssm
        ;;
        br.ret.sptk b0
        .endp   common

        /* Nothing refers to it: it has the form of code. */
        .align  32
        nop     0
        ;;
dead:   mov     r8 = psr                     // psr
        ;;
        mov     r9 = r8
        br.ret.sptk b0
        ;;

        /* Named by a descriptor only. */
        .align  32
hidden: mov     r8 = cr.lid                  // cr
        ;;
        (p9) br.cond.sptk hidden
        br.ret.sptk b0
        ;;

patched:
[.Lslot:] (p6) movl r9 = table
        ;;
        br.ret.sptk b0
        ;;
        .section .opd, "a"
        .align  16
        data8   hidden, gp_value

        .section .data..patch.vtop, "a"
        .xdata4 ".data..patch.vtop", .Lslot - .

        .section .rodata, "a"
        .align  16
        data8   0x0130041a20009009, 0x0004000000083640      // data
        /* A function in a section that does not say that it is executable, and data beside it. */
        .section .tramp, "aw"
        .align  16
        .proc   tramp
tramp:  ssm     psr.i                        // ssm
        ;;
        br.ret.sptk b0
        .endp   tramp
        data8   0x0130041a20009009, 0x0004000000083640      // data
        .section .data..gate, "aw"
        .align  16
        .ifdef  GATE
        .incbin "gate.so"
        .endif
        .section .notes, "a", @note
        data4   4, 4, 3
        stringz "GNU"
        data4   0x12345678
