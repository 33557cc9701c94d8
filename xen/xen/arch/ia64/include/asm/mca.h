/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Machine checks, corrected errors, and the records that SAL keeps of both (SAL specification, 4 and appendix B).
 */
#ifndef __ASM_IA64_MCA_H__
#define __ASM_IA64_MCA_H__

#include <xen/types.h>

struct sal_event;

/* Types of records, as SAL_GET_STATE_INFO counts them. */
enum { SAL_INFO_MCA, SAL_INFO_INIT, SAL_INFO_CMC, SAL_INFO_CPE, SAL_INFO_NR };

/* Interrupts: SAL wants this processor out of the way; something was corrected. */
void mca_rendez_interrupt(void);
void cmc_interrupt(unsigned int vector);
/* In an interrupt that a corrected machine check has sent after itself: says so. */
void mca_report(void);

/* What SAL has of this type about this processor: logged, kept for domain 0, taken from SAL. */
void sal_records_collect(unsigned int type);

/*
 * For domain 0: the oldest record of the type into buf (sal_record_max bytes), its length or -1; and that one is no longer wanted. Records that
 * SAL still has are collected first.
 */
extern unsigned int sal_record_max;
int sal_record_get(unsigned int type, void *buf);
void sal_record_clear(unsigned int type);

/* init.c: registers, stack and guest of the processor that an event has interrupted; in the event's handler. */
void event_dump(const struct cpu_user_regs *regs, const char *what);

#endif /* __ASM_IA64_MCA_H__ */
