/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef __ASM_IA64_UNALIGNED_H__
#define __ASM_IA64_UNALIGNED_H__

#include <xen/types.h>

/* An unaligned access may fault: bytes by the compiler. */
#define get_unaligned(p) ({                                             \
    struct { typeof(*(p)) v; } __attribute__((packed)) const *u_ = (const void *)(p); \
    u_->v;                                                              \
})
#define put_unaligned(val, p) ({                                        \
    struct { typeof(*(p)) v; } __attribute__((packed)) *u_ = (void *)(p); \
    u_->v = (val);                                                      \
})

#endif
