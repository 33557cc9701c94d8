/* SPDX-License-Identifier: GPL-2.0-only
 *
 * The manual's names of numbered things, for dumps, traces and the debuggers.
 */
#ifndef SIM_DEBUG_NAMES_H
#define SIM_DEBUG_NAMES_H

#include <stddef.h>
#include <stdint.h>

const char *vector_name(unsigned vector); /* IVA offset; "reserved vector" when there is none */
const char *ar_name(unsigned n);          /* "ar.rsc", "ar.k0"; NULL: reserved or ignored */
const char *cr_name(unsigned n);          /* "cr.iva"; NULL: reserved */
/* "ic i dt ..." of the bits set; buf is returned. */
char *psr_names(uint64_t psr, char *buf, size_t size);
char *isr_names(uint64_t isr, char *buf, size_t size);

/* A register by name, for the monitor, traces and gdb: r8, f8, p6, b0, ip, psr, cfm, bsp, ar.lc,
 * cr.iva, rr0, dbr1... */
struct cpu;
/* False: no such register. */
int reg_read(struct cpu *cpu, const char *name, uint64_t *v, unsigned *nat);
int reg_write(struct cpu *cpu, const char *name, uint64_t v);

#endif
