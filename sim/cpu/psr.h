/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Bits of PSR, ISR, DCR and friends by the manual's names (SDM 2:3.3.2 PSR, 2:3.3.4.1 DCR, 2:8.3
 * ISR).
 */
#ifndef SIM_CPU_PSR_H
#define SIM_CPU_PSR_H

#include <stdint.h>

#define PSR_BE        (1ull << 1)
#define PSR_UP        (1ull << 2)
#define PSR_AC        (1ull << 3)
#define PSR_MFL       (1ull << 4)
#define PSR_MFH       (1ull << 5)
#define PSR_UM        0x3eull /* user mask: be up ac mfl mfh */
#define PSR_IC        (1ull << 13)
#define PSR_I         (1ull << 14)
#define PSR_PK        (1ull << 15)
#define PSR_DT        (1ull << 17)
#define PSR_DFL       (1ull << 18)
#define PSR_DFH       (1ull << 19)
#define PSR_SP        (1ull << 20)
#define PSR_PP        (1ull << 21)
#define PSR_DI        (1ull << 22)
#define PSR_SI        (1ull << 23)
#define PSR_DB        (1ull << 24)
#define PSR_LP        (1ull << 25)
#define PSR_TB        (1ull << 26)
#define PSR_RT        (1ull << 27)
#define PSR_CPL_SHIFT 32
#define PSR_CPL       (3ull << 32)
#define PSR_IS        (1ull << 34)
#define PSR_MC        (1ull << 35)
#define PSR_IT        (1ull << 36)
#define PSR_ID        (1ull << 37)
#define PSR_DA        (1ull << 38)
#define PSR_DD        (1ull << 39)
#define PSR_SS        (1ull << 40)
#define PSR_RI_SHIFT  41
#define PSR_RI        (3ull << 41)
#define PSR_ED        (1ull << 43)
#define PSR_BN        (1ull << 44)
#define PSR_IA        (1ull << 45)
#define PSR_VM        (1ull << 46)

/* ISR (SDM 2:8.3): code 15:0, vector 23:16, then flags. */
#define ISR_X        (1ull << 32)
#define ISR_W        (1ull << 33)
#define ISR_R        (1ull << 34)
#define ISR_NA       (1ull << 35)
#define ISR_SP       (1ull << 36)
#define ISR_RS       (1ull << 37)
#define ISR_IR       (1ull << 38)
#define ISR_NI       (1ull << 39)
#define ISR_SO       (1ull << 40)
#define ISR_EI_SHIFT 41
#define ISR_EI       (3ull << 41)
#define ISR_ED       (1ull << 43)

#define DCR_PP (1ull << 0)
#define DCR_BE (1ull << 1)
#define DCR_LC (1ull << 2)
#define DCR_DM (1ull << 8)
#define DCR_DP (1ull << 9)
#define DCR_DK (1ull << 10)
#define DCR_DX (1ull << 11)
#define DCR_DR (1ull << 12)
#define DCR_DA (1ull << 13)
#define DCR_DD (1ull << 14)

enum cr_number {
    CR_DCR = 0,
    CR_ITM = 1,
    CR_IVA = 2,
    CR_PTA = 8,
    CR_IPSR = 16,
    CR_ISR = 17,
    CR_IIP = 19,
    CR_IFA = 20,
    CR_ITIR = 21,
    CR_IIPA = 22,
    CR_IFS = 23,
    CR_IIM = 24,
    CR_IHA = 25,
    CR_IIB0 = 26,
    CR_IIB1 = 27,
    CR_LID = 64,
    CR_IVR = 65,
    CR_TPR = 66,
    CR_EOI = 67,
    CR_IRR0 = 68,
    CR_IRR3 = 71,
    CR_ITV = 72,
    CR_PMV = 73,
    CR_CMCV = 74,
    CR_LRR0 = 80,
    CR_LRR1 = 81,
};

enum ar_number {
    AR_K0 = 0,
    AR_K7 = 7,
    AR_RSC = 16,
    AR_BSP = 17,
    AR_BSPSTORE = 18,
    AR_RNAT = 19,
    AR_FCR = 21,
    AR_EFLAG = 24,
    AR_CSD = 25,
    AR_SSD = 26,
    AR_CFLG = 27,
    AR_FSR = 28,
    AR_FIR = 29,
    AR_FDR = 30,
    AR_CCV = 32,
    AR_UNAT = 36,
    AR_FPSR = 40,
    AR_ITC = 44,
    AR_RUC = 45,
    AR_PFS = 64,
    AR_LC = 65,
    AR_EC = 66,
};

#endif
