/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Entry of the EFI application: the image's entry point is a function descriptor, which the base relocations below make
 * absolute; and calls in both directions between C compiled with -mauto-pic (plain code addresses) and EFI (descriptors).
 */
	.section .data.plabel, "aw", @progbits
	.align 16
	.global entry_plabel
entry_plabel:
	data8 efi_start
	data8 __gp

	/* Two DIR64 relocations, the only absolute words of the image (PE/COFF 5.6). */
	.section .reloc, "a", @progbits
	.align 4
	data4 PLABEL_RVA		/* page RVA: the linker script puts the descriptor at a page's beginning */
	data4 12			/* block size */
	data2 0xa000, 0xa008		/* DIR64 at offsets 0 and 8 */
	.previous

	.text
	.global efi_start
	.proc efi_start
efi_start:
	alloc loc0 = ar.pfs, 2, 3, 2, 0
	mov loc1 = rp
	mov loc2 = gp
	mov out0 = in0
	mov out1 = in1
	;;
	br.call.sptk.many rp = efi_main
	;;
	mov gp = loc2
	mov rp = loc1
	mov ar.pfs = loc0
	;;
	br.ret.sptk.many rp
	.endp efi_start

	/* uint64_t efi_call(void *descriptor, a0 .. a6) */
	.global efi_call
	.proc efi_call
efi_call:
	alloc loc0 = ar.pfs, 8, 4, 7, 0
	mov loc1 = rp
	mov loc2 = gp
	;;
	ld8 loc3 = [in0], 8
	;;
	ld8 gp = [in0]
	mov b6 = loc3
	mov out0 = in1
	mov out1 = in2
	mov out2 = in3
	mov out3 = in4
	mov out4 = in5
	mov out5 = in6
	mov out6 = in7
	;;
	br.call.sptk.many rp = b6
	;;
	mov gp = loc2
	mov rp = loc1
	mov ar.pfs = loc0
	;;
	br.ret.sptk.many rp
	.endp efi_call

	/* void linux_enter(uint64_t entry, uint64_t boot_param): interrupts off, r28 the parameters, never back. */
	.global linux_enter
	.proc linux_enter
linux_enter:
	alloc r2 = ar.pfs, 2, 0, 0, 0
	;;
	rsm psr.i
	mov r28 = in1
	mov b6 = in0
	;;
	srlz.i
	;;
	br.cond.sptk.many b6
	.endp linux_enter
