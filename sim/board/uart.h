/* SPDX-License-Identifier: GPL-2.0-only
 *
 * The serial port: a 16550A with FIFOs, on b->console.
 */
#ifndef SIM_BOARD_UART_H
#define SIM_BOARD_UART_H

#include "sim/board/board.h"

struct uart *uart_new(struct board *b);
void uart_free(struct uart *u);
void uart_reset(struct uart *u);
/* For the firmware's console: the next received character, -1 when there is none; sending. */
int uart_getc(struct uart *u);
void uart_putc(struct uart *u, uint8_t c);

#endif
