/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Device registers, through the uncached window: UC accesses are ordered among themselves and never speculated (SDM 2:4.4).
 */
#ifndef __ASM_IA64_IO_H__
#define __ASM_IA64_IO_H__

#include <asm/system.h>
#include <asm/byteorder.h>

#define readb(c)        (*(const volatile uint8_t __iomem *)(c))
#define readw(c)        (*(const volatile uint16_t __iomem *)(c))
#define readl(c)        (*(const volatile uint32_t __iomem *)(c))
#define readq(c)        (*(const volatile uint64_t __iomem *)(c))

#define writeb(v, c)    ({ *(volatile uint8_t __iomem *)(c) = (v); })
#define writew(v, c)    ({ *(volatile uint16_t __iomem *)(c) = (v); })
#define writel(v, c)    ({ *(volatile uint32_t __iomem *)(c) = (v); })
#define writeq(v, c)    ({ *(volatile uint64_t __iomem *)(c) = (v); })

/* Ports are in memory, four of them to a page so that they can be given away one by one (SDM 2:10.7). */
extern paddr_t ia64_io_base;

#define ia64_port(port) \
    ((void __iomem *)(UNCACHED_VIRT_START + ia64_io_base + \
                      ((((port) & 0xfffcUL) << 10) | ((port) & 0xfffUL))))

#define inb(port)       readb(ia64_port(port))
#define inw(port)       readw(ia64_port(port))
#define inl(port)       readl(ia64_port(port))
#define outb(v, port)   writeb(v, ia64_port(port))
#define outw(v, port)   writew(v, ia64_port(port))
#define outl(v, port)   writel(v, ia64_port(port))

#endif
