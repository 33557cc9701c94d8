/* SPDX-License-Identifier: MIT */
/*
 * arch-ia64/hvm/save.h: nothing of a guest is saved this way.
 */
#ifndef __XEN_PUBLIC_HVM_SAVE_IA64_H__
#define __XEN_PUBLIC_HVM_SAVE_IA64_H__

#endif
