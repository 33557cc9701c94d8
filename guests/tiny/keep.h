/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An image of all registers, as keep-asm.S lays it out. Words that are filled and spilled have
 * their NaT bit by bits 8:3 of their address: images are aligned to 512.
 */
#ifndef TINY_KEEP_H
#define TINY_KEEP_H

/* struct keep */
#define KEEP_IN    0
#define KEEP_OUT   8
#define KEEP_STORE 16 /* ar.bspstore */
#define KEEP_DEPTH                                                                                 \
    24 /* frames, each of three registers: return address, ar.pfs, one of the image; up to 62 */
#define KEEP_ROTATE   32 /* turns of rotation */
#define KEEP_TIME     40 /* cycles */
#define KEEP_MODE     48
#define KEEP_RSC      56
#define KEEP_BSPSTORE 64
#define KEEP_SAVE     80
#define KEEP_SAVE_FR  192

/* KEEP_MODE */
#define KEEP_OPEN_BIT 0 /* psr.i is 1 */
#define KEEP_NOIC_BIT 1 /* psr.ic is 0 */

/* An image. */
#define IMG_GR        0 /* r0 ... r31; from here: */
#define IMG_GR_END    256
#define IMG_GR_NAT    256
#define IMG_UNAT      264
#define IMG_PR        (IMG_BR + 64)
#define IMG_BANK0     512 /* r16 ... r31 */
#define IMG_BANK0_END 640
#define IMG_BANK0_NAT 640
#define IMG_CR        768
#define IMG_BR                                                                                     \
    1024 /* b0-b7, pr, ccv, lc, ec, csd, ssd, fpsr, pfs, fcr, eflag, cflg, fsr, fir, fdr */
#define IMG_FR        1536 /* f2 ... f127 */
#define IMG_STACK     4096
#define IMG_STACK_NAT 4608
#define IMG_FRAME     5120 /* r34 ... r127 */
#define IMG_FRAME_NAT 6144
#define IMG_SIZE      6656
#endif
