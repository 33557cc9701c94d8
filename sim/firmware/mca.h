/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Machine checks, INIT and their error records: what pal.c, sal.c and the monitor use of them (SDM
 * 2:11.3, SAL specification 3.4 chapters 4, 5 and appendix B).
 */
#ifndef SIM_FIRMWARE_MCA_H
#define SIM_FIRMWARE_MCA_H

#include <stdlib.h>
#include "sim/firmware/firmware.h"

/* Processor state parameter. */
#define PSP_BIT(n) (1ull << (n))
enum psp_low {
    PSP_MN = 1 << 5,
    PSP_SY = 1 << 6,
    PSP_CO = 1 << 7,
    PSP_CI = 1 << 8,
    PSP_MI = 1 << 12,
    PSP_PI = 1 << 13,
    PSP_PM = 1 << 14,
    PSP_IN = 1 << 16,
    PSP_RS = 1 << 17,
    PSP_CM = 1 << 18,
    PSP_CR = 1 << 20,
    PSP_PC = 1 << 21,
    PSP_DR = 1 << 22,
    PSP_TR = 1 << 23,
    PSP_RR = 1 << 24,
    PSP_AR = 1 << 25,
    PSP_BR = 1 << 26,
    PSP_PR = 1 << 27,
    PSP_FP = 1 << 28,
    PSP_B1 = 1 << 29,
    PSP_B0 = 1 << 30
};
#define PSP_GR PSP_BIT(31)
#define PSP_CC PSP_BIT(59) /* cache, TLB, bus check */
#define PSP_TC PSP_BIT(60)
#define PSP_BC PSP_BIT(61)

/* PAL's min-state save area, its architected part (SDM 2:11.3.2.3). */
struct min_state {
    uint64_t nat_bits, gr[15], bank0[16], bank1[16];
    uint64_t pr, br0, rsc, iip, ipsr, ifs, xip, xpsr, xfs, br1;
    uint64_t reserved[70];
};
_Static_assert(sizeof(struct min_state) == 1024, "SDM 2:11.3.2.3");

/* Types of error records, as SAL_GET_STATE_INFO counts them. */
enum error_type { ERROR_MCA, ERROR_INIT, ERROR_CMC, ERROR_CPE, ERROR_TYPES };
enum { ERROR_RECORD_MAX = 8192 };
struct error_record { /* the last one of its type and processor */
    bool valid;
    uint64_t id, psp;
    int64_t time; /* seconds since 1970 */
};

struct mca_state {
    uint64_t min_state[MAX_CPUS], psp[MAX_CPUS];
    int64_t mca_deadline[MAX_CPUS]; /* until when the others are waited for */
    uint64_t in_init, in_mca,
        in_rendezvous;                     /* processors: in the OS's handlers, in SAL_MC_RENDEZ */
    uint64_t rendez_vector, wakeup_vector; /* SAL_MC_SET_PARAMS; 0: none */
    int64_t rendez_timeout;                /* cycles */
    uint64_t mca_return, init_return;      /* where the OS's handlers return to */
    uint64_t next_id;
    struct error_record record[ERROR_TYPES][MAX_CPUS];
};

void mca_build(struct firmware *fw);
struct snap;
void mca_snapshot(struct snap *s, struct firmware *fw);

/* PAL and SAL procedures; they set c->ret[0] when it is not success. */
void pal_mc_resume(struct fw_call *c, uint64_t pa, uint64_t new_context);
void pal_mc_register_mem(struct fw_call *c, uint64_t pa);
void sal_mc_rendez(struct fw_call *c);
void sal_mc_set_params(struct fw_call *c);

/* errorlog.c */
void error_log(struct firmware *fw, const struct cpu *cpu, enum error_type type, uint64_t psp);
void sal_get_state_info(struct fw_call *c);
void sal_clear_state_info(struct fw_call *c);

#endif
