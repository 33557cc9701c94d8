/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Names of vectors, application and control registers, PSR and ISR bits (SDM 1:3.1, 2:3.3, 2:5.7,
 * 2:8.3).
 */
#include <stdio.h>
#include <string.h>
#include "sim/debug/names.h"
#include "sim/cpu/intr.h"

const char *vector_name(unsigned vector)
{
    static const struct {
        uint16_t vector;
        const char *name;
    } t[] = {
        {VEC_VHPT, "VHPT Translation"},
        {VEC_ITLB, "Instruction TLB"},
        {VEC_DTLB, "Data TLB"},
        {VEC_ALT_ITLB, "Alternate Instruction TLB"},
        {VEC_ALT_DTLB, "Alternate Data TLB"},
        {VEC_DATA_NESTED_TLB, "Data Nested TLB"},
        {VEC_INST_KEY_MISS, "Instruction Key Miss"},
        {VEC_DATA_KEY_MISS, "Data Key Miss"},
        {VEC_DIRTY, "Dirty-Bit"},
        {VEC_INST_ACCESS, "Instruction Access-Bit"},
        {VEC_DATA_ACCESS, "Data Access-Bit"},
        {VEC_BREAK, "Break Instruction"},
        {VEC_EXT_INT, "External Interrupt"},
        {VEC_VIRT_EXT_INT, "Virtual External Interrupt"},
        {VEC_PAGE_NOT_PRESENT, "Page Not Present"},
        {VEC_KEY_PERMISSION, "Key Permission"},
        {VEC_INST_ACCESS_RIGHTS, "Instruction Access Rights"},
        {VEC_DATA_ACCESS_RIGHTS, "Data Access Rights"},
        {VEC_GENERAL, "General Exception"},
        {VEC_DISABLED_FP, "Disabled FP-Register"},
        {VEC_NAT_CONSUMPTION, "NaT Consumption"},
        {VEC_SPECULATION, "Speculation"},
        {VEC_DEBUG, "Debug"},
        {VEC_UNALIGNED, "Unaligned Reference"},
        {VEC_UNSUPPORTED_DATA_REF, "Unsupported Data Reference"},
        {VEC_FP_FAULT, "Floating-point Fault"},
        {VEC_FP_TRAP, "Floating-point Trap"},
        {VEC_LOWER_PRIV, "Lower-Privilege Transfer Trap"},
        {VEC_TAKEN_BRANCH, "Taken Branch Trap"},
        {VEC_SINGLE_STEP, "Single Step Trap"},
        {VEC_VIRTUALIZATION, "Virtualization"},
        {VEC_IA32_EXCEPTION, "IA-32 Exception"},
        {VEC_IA32_INTERCEPT, "IA-32 Intercept"},
        {VEC_IA32_INTERRUPT, "IA-32 Interrupt"},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++)
        if (t[i].vector == vector)
            return t[i].name;
    return "reserved vector";
}

const char *ar_name(unsigned n)
{
    static const char *const t[128] = {
        [0] = "ar.k0",         [1] = "ar.k1",     [2] = "ar.k2",        [3] = "ar.k3",
        [4] = "ar.k4",         [5] = "ar.k5",     [6] = "ar.k6",        [7] = "ar.k7",
        [AR_RSC] = "ar.rsc",   [17] = "ar.bsp",   [18] = "ar.bspstore", [AR_RNAT] = "ar.rnat",
        [AR_FCR] = "ar.fcr",   [24] = "ar.eflag", [25] = "ar.csd",      [26] = "ar.ssd",
        [AR_CFLG] = "ar.cflg", [28] = "ar.fsr",   [29] = "ar.fir",      [30] = "ar.fdr",
        [AR_CCV] = "ar.ccv",   [36] = "ar.unat",  [40] = "ar.fpsr",     [44] = "ar.itc",
        [AR_RUC] = "ar.ruc",   [64] = "ar.pfs",   [65] = "ar.lc",       [66] = "ar.ec",
    };
    return n < 128 ? t[n] : NULL;
}

const char *cr_name(unsigned n)
{
    static const char *const t[128] = {
        [CR_DCR] = "cr.dcr",   [CR_ITM] = "cr.itm",   [CR_IVA] = "cr.iva",   [CR_PTA] = "cr.pta",
        [CR_IPSR] = "cr.ipsr", [CR_ISR] = "cr.isr",   [CR_IIP] = "cr.iip",   [CR_IFA] = "cr.ifa",
        [CR_ITIR] = "cr.itir", [CR_IIPA] = "cr.iipa", [CR_IFS] = "cr.ifs",   [CR_IIM] = "cr.iim",
        [CR_IHA] = "cr.iha",   [CR_IIB0] = "cr.iib0", [CR_IIB1] = "cr.iib1", [CR_LID] = "cr.lid",
        [CR_IVR] = "cr.ivr",   [CR_TPR] = "cr.tpr",   [CR_EOI] = "cr.eoi",   [68] = "cr.irr0",
        [69] = "cr.irr1",      [70] = "cr.irr2",      [71] = "cr.irr3",      [CR_ITV] = "cr.itv",
        [CR_PMV] = "cr.pmv",   [CR_CMCV] = "cr.cmcv", [80] = "cr.lrr0",      [81] = "cr.lrr1",
    };
    return n < 128 ? t[n] : NULL;
}

struct bit {
    uint64_t mask;
    const char *name;
};

static char *bit_names(uint64_t v, const struct bit *t, size_t n, char *buf, size_t size)
{
    size_t len = 0;
    buf[0] = 0;
    for (size_t i = 0; i < n; i++)
        if (v & t[i].mask && len < size)
            len += (size_t)snprintf(buf + len, size - len, "%s%s", len ? " " : "", t[i].name);
    return buf;
}

char *psr_names(uint64_t psr, char *buf, size_t size)
{
    static const struct bit t[] = {
        {PSR_BE, "be"},   {PSR_UP, "up"}, {PSR_AC, "ac"}, {PSR_MFL, "mfl"}, {PSR_MFH, "mfh"},
        {PSR_IC, "ic"},   {PSR_I, "i"},   {PSR_PK, "pk"}, {PSR_DT, "dt"},   {PSR_DFL, "dfl"},
        {PSR_DFH, "dfh"}, {PSR_SP, "sp"}, {PSR_PP, "pp"}, {PSR_DI, "di"},   {PSR_SI, "si"},
        {PSR_DB, "db"},   {PSR_LP, "lp"}, {PSR_TB, "tb"}, {PSR_RT, "rt"},   {PSR_IS, "is"},
        {PSR_MC, "mc"},   {PSR_IT, "it"}, {PSR_ID, "id"}, {PSR_DA, "da"},   {PSR_DD, "dd"},
        {PSR_SS, "ss"},   {PSR_ED, "ed"}, {PSR_BN, "bn"}, {PSR_IA, "ia"},   {PSR_VM, "vm"},
    };
    bit_names(psr, t, sizeof t / sizeof *t, buf, size);
    size_t len = strlen(buf);
    snprintf(buf + len, size - len, "%scpl=%u ri=%u", len ? " " : "",
             (unsigned)(psr >> PSR_CPL_SHIFT & 3), (unsigned)(psr >> PSR_RI_SHIFT & 3));
    return buf;
}

char *isr_names(uint64_t isr, char *buf, size_t size)
{
    static const struct bit t[] = {
        {ISR_X, "x"},   {ISR_W, "w"},   {ISR_R, "r"},   {ISR_NA, "na"}, {ISR_SP, "sp"},
        {ISR_RS, "rs"}, {ISR_IR, "ir"}, {ISR_NI, "ni"}, {ISR_SO, "so"}, {ISR_ED, "ed"},
    };
    bit_names(isr, t, sizeof t / sizeof *t, buf, size);
    size_t len = strlen(buf);
    snprintf(buf + len, size - len, "%scode=%#x ei=%u", len ? " " : "", (unsigned)(isr & 0xffff),
             (unsigned)(isr >> ISR_EI_SHIFT & 3));
    return buf;
}
