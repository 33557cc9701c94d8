/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What common/efi/runtime.c wants for EFI's GetTime().
 */
#include <xen/spinlock.h>
#include <xen/time.h>
#include <asm/efibind.h>

DEFINE_SPINLOCK(rtc_lock);

/* Seconds since 1970 of a date of the Gregorian calendar, UTC. */
unsigned long mktime(unsigned int year, unsigned int mon, unsigned int day,
                     unsigned int hour, unsigned int min, unsigned int sec)
{
    /* Years that begin in March end with their leap day. */
    unsigned long y = mon > 2 ? year : year - 1;
    unsigned long m = mon > 2 ? mon - 3 : mon + 9;
    unsigned long days = y * 365 + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1;

    return ((((days - 719468) * 24) + hour) * 60 + min) * 60 + sec;
}
