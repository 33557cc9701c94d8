/* SPDX-License-Identifier: GPL-2.0-only
 *
 * struct attempt, for epc.S: offsets.
 */
#ifndef HYPERCALLS_EPC_H
#define HYPERCALLS_EPC_H

#define EPC_BACK 0x55555 /* the break that ends an attempt which came back */

#define A_IP       0
#define A_PSR      8
#define A_PFS      16
#define A_RSC      24
#define A_BSPSTORE 32
#define A_RNAT     40
#define A_FRAME    48
#define A_B0       56
#define A_GR       64
#define A_NAT      320 /* as ar.unat: bit n + 8 is r<n>'s */
#define A_ARG      328
#define A_PR       368

#define R_FAULT 384
#define R_NAT   424
#define R_BR    432
#define R_PR    480
#define R_RSC   488
#define R_GR    512
#define R_PFS   768
#define R_BSP   776
#define R_FPSR  784
#define R_LC    792
#define R_CCV   800
#define R_CSD   808
#define R_SSD   816
#define R_UNAT  824
#define R_UM    832
#define R_FR    848

#endif
