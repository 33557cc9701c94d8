/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The hardware domain's view of the machine's 16550 when Xen has it for its console: the same registers at the same address and interrupt,
 * behind them Xen's console.
 */
#ifndef __ASM_IA64_VUART_H__
#define __ASM_IA64_VUART_H__

#include <xen/types.h>

struct domain;

/* The console's UART as console.c found it: guest-physical (= machine) address of its registers, their distance, its interrupt. */
int vuart_init(struct domain *d);
void vuart_destroy(struct domain *d);

bool vuart_gsi(const struct domain *d, unsigned int gsi);
bool vuart_page(const struct domain *d, uint64_t gpa);
uint64_t vuart_read(struct domain *d, uint64_t gpa, unsigned int size);
void vuart_write(struct domain *d, uint64_t gpa, unsigned int size, uint64_t val);

/* A character from the console for the domain. False: it has no UART in use (the ring of CONSOLEIO_read gets it). */
bool vuart_rx(struct domain *d, char c);

#endif /* __ASM_IA64_VUART_H__ */
