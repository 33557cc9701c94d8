/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The entry points of a guest's firmware: copied into the guest (guestfw.c), never executed here. Each loads the class of hypercall and breaks; r2 is
 * scratch in every calling convention concerned. Position independent; two bundles each, PAL three.
 */
#include <public/arch-ia64.h>

        /* Code even though it is only copied: in a data section gas puts labels a bundle early. */
        .section .text, "ax"
        .align 16

        .macro  ENTRY_POINT number
        { .mlx
        nop.m   0
        movl    r2 = \number ;;
        }
        { .mib
        break.m XEN_HYPERCALL_BREAK
        nop.i   0
        br.ret.sptk.many b0 ;;
        }
        .endm

        .global guestfw_entry_efi, guestfw_entry_sal, guestfw_entry_fpswa, guestfw_entry_sal_return, guestfw_entry_pal, guestfw_entry_end
guestfw_entry_efi:
        .set    number, 0
        .rept   14
        ENTRY_POINT XEN_HYPERCALL_EFI + number
        .set    number, number + 1
        .endr
guestfw_entry_sal:
        ENTRY_POINT XEN_HYPERCALL_SAL
guestfw_entry_fpswa:
        ENTRY_POINT XEN_HYPERCALL_FPSWA
        /* Not called, but returned to (GUESTFW_RETURN_*). */
guestfw_entry_sal_return:
        ENTRY_POINT XEN_HYPERCALL_SAL_RETURN + 0
        ENTRY_POINT XEN_HYPERCALL_SAL_RETURN + 1
guestfw_entry_pal:
        ENTRY_POINT XEN_HYPERCALL_PAL
        /* Static convention: no frame of PAL's own, back by a plain branch (SDM 2:11.10.2.1). guestfw_pal() chooses. */
        { .mib
        nop.m   0
        nop.i   0
        br.cond.sptk.many b0 ;;
        }
guestfw_entry_end:
