/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The way in: from EFI (efi_entry), to the image's final place and into virtual mode (boot_enter). Addresses written with movl are those of
 * the link and mean virtual mode; what runs before, runs position independent.
 */
#include <asm/asm-offsets.h>
#include <asm/config.h>
#include <asm/processor.h>

#define STACK_VA(offset)    (DIRECTMAP_VIRT_START + (offset))

/* psr in physical mode, and at start_xen(). */
#define PHYS_PSR    IA64_PSR_BN
#define BOOT_PSR    (IA64_PSR_IC | IA64_PSR_DT | IA64_PSR_RT | IA64_PSR_IT | IA64_PSR_BN)

        /* The PE header's entry point is this descriptor; base relocations make it right (tools/mkefi.py). */
        .section .data, "aw", @progbits
        .align  16
        .global efi_entry_descriptor
efi_entry_descriptor:
        data8   efi_entry, __gp

        /* EFI(ImageHandle, SystemTable): gp is ours by the descriptor. efi_start() does not return. */
        .section .text.header, "ax", @progbits
ENTRY(efi_entry)
        alloc   r2 = ar.pfs, 2, 0, 2, 0
        ;;
        mov     out0 = in0
        mov     out1 = in1
        ;;
        br.call.sptk.many rp = efi_start
        ;;
        break.m 0
END(efi_entry)

/*
 * void boot_enter(unsigned long pa): in EFI's mode (addresses are physical, whether or not psr.it is set), boot services over. pa: where the image
 * now is, 16 MiB aligned, its relocations undone. Never back.
 *
 * In physical mode r8 = pa, r9 = virtual minus physical address of the image.
 */
ENTRY(boot_enter)
        alloc   r2 = ar.pfs, 1, 0, 0, 0
        mov     r8 = in0
        movl    r9 = XEN_VIRT_START
        ;;
        rsm     0x6000                                  /* i, ic */
        sub     r9 = r9, r8
        movl    r3 = boot_phys
        ;;
        srlz.i
        sub     r3 = r3, r9
        movl    r10 = PHYS_PSR
        ;;
        mov     cr.ipsr = r10
        mov     cr.iip = r3
        mov     cr.ifs = r0
        ;;
        rfi
        ;;
END(boot_enter)

ENTRY(boot_phys)
        /* Nothing of the firmware's stacked registers is wanted. */
        mov     ar.rsc = 0
        ;;
        alloc   r2 = ar.pfs, 0, 0, 0, 0
        ;;
        loadrs
        movl    r3 = boot_stack
        ;;
        sub     r3 = r3, r9                             /* physical */
        ;;
        mov     ar.bspstore = r3
        ;;
        mov     ar.rnat = r0

        /* Region ids of the idle vcpu in all regions (rid_of_idle() of vtlb.h): no walker yet. */
        movl    r10 = (0x10 << IA64_RR_RID_SHIFT) | (PAGE_SHIFT << IA64_RR_PS_SHIFT) | IA64_RR_VE
        mov     r11 = r0
        mov     r14 = 7
        ;;
        mov     ar.lc = r14
        movl    r15 = 1 << 61
        ;;
1:      mov     rr[r11] = r10
        add     r11 = r11, r15
        add     r10 = 1 << IA64_RR_RID_SHIFT, r10
        br.cloop.sptk 1b
        ;;
        srlz.i
        ;;

        /* ITR 0 and DTR 0: the image. */
        movl    r10 = XEN_VIRT_START
        mov     r11 = XEN_IMAGE_SHIFT << IA64_ITIR_PS_SHIFT
        movl    r14 = XEN_PTE_RWX
        ;;
        or      r14 = r14, r8
        mov     cr.ifa = r10
        mov     cr.itir = r11
        mov     r15 = XEN_ITR_IMAGE
        ;;
        itr.i   itr[r15] = r14
        ;;
        srlz.i
        ;;
        itr.d   dtr[r15] = r14
        ;;
        /* DTR 2: the granule of the boot processor's stack in the directmap, which is the image's. */
        movl    r10 = DIRECTMAP_VIRT_START
        ;;
        or      r10 = r10, r8
        mov     r15 = XEN_DTR_STACK
        ;;
        mov     cr.ifa = r10
        ;;
        itr.d   dtr[r15] = r14
        ;;
        /* DTR 1: the stack block by its fixed name. */
        movl    r10 = PERCPU_ADDR
        mov     r11 = STACK_SHIFT << IA64_ITIR_PS_SHIFT
        movl    r14 = XEN_PTE_RW
        ;;
        or      r14 = r14, r3
        mov     cr.ifa = r10
        mov     cr.itir = r11
        mov     r15 = XEN_DTR_PERCPU
        ;;
        itr.d   dtr[r15] = r14
        ;;
        srlz.d

        movl    r10 = ia64_ivt
        ;;
        mov     cr.iva = r10
        mov     cr.dcr = r0
        movl    r11 = 15 << IA64_PTA_SIZE_SHIFT         /* the smallest VHPT, and off */
        ;;
        mov     cr.pta = r11
        movl    r14 = XEN_FPSR
        ;;
        mov     ar.fpsr = r14
        mov     r15 = IA64_LVT_MASKED
        ;;
        mov     cr.itv = r15
        mov     cr.pmv = r15
        mov     cr.cmcv = r15
        mov     cr.lrr0 = r15
        mov     cr.lrr1 = r15
        ;;
        srlz.i
        ;;

        movl    r10 = BOOT_PSR
        movl    r11 = boot_virt
        movl    r14 = IA64_IFS_V
        ;;
        mov     cr.ipsr = r10
        mov     cr.iip = r11
        mov     cr.ifs = r14
        ;;
        srlz.i
        ;;
        rfi
        ;;
END(boot_phys)

/* r3: the stack block's physical address. */
ENTRY(boot_virt)
        movl    r1 = __gp
        movl    r10 = STACK_VA(STACK_SIZE - CPUINFO_SIZE)
        movl    r11 = DIRECTMAP_VIRT_START
        ;;
        add     r13 = r10, r3                           /* struct cpu_info */
        add     r11 = r11, r3
        ;;
        add     r12 = -16, r13                          /* sp: 16 bytes of scratch for the callee */
        mov     ar.bspstore = r11
        ;;
        mov     ar.rnat = r0
        mov     ar.rsc = XEN_RSC
        mov     b0 = r0
        ;;
        alloc   r2 = ar.pfs, 0, 0, 0, 0
        ;;
        br.call.sptk.many rp = start_xen
        ;;
        break.m 0
END(boot_virt)

        .section .bss.stack_aligned, "aw", @nobits
        .align  1 << STACK_SHIFT
        .global boot_stack
boot_stack:
        .skip   1 << STACK_SHIFT
        .skip   1 << STACK_SHIFT                        /* struct sal_block */
