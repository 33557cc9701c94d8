/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef __ASM_IA64_DEVICE_H__
#define __ASM_IA64_DEVICE_H__

enum device_type {
    DEV_PCI,
};

struct device {
    enum device_type type;
};
typedef struct device device_t;

#endif
