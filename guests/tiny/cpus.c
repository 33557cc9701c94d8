/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Starting processors by SAL, giving them work, printing: see cpus.h.
 */
#include <stdarg.h>
#include "cpus.h"

#define SAL_SET_VECTORS    0x01000000
#define SAL_OS_BOOT_RENDEZ 2

struct cpu cpus[MAX_CPUS];
extern char __ap_start[], __cpu_interrupt[], __cpu_fault[], __gp[], __ivt[];
extern u64 __handlers[0x80];
static u64 pal_proc, sal_proc[2], wakeup;

void print(const char *f, ...)
{
    va_list ap;

    va_start(ap, f);
    for (; *f; f++) {
        if (*f != '%') {
            bare_putc(*f);
            continue;
        }
        switch (*++f) {
        case 's':
            bare_puts(va_arg(ap, const char *));
            break;
        case 'u':
            bare_dec(va_arg(ap, u64));
            break;
        case 'x': {
            u64 v = va_arg(ap, u64);
            int i = 60;

            while (i && !(v >> i))
                i -= 4;
            for (; i >= 0; i -= 4)
                bare_putc("0123456789abcdef"[v >> i & 15]);
            break;
        }
        }
    }
    va_end(ap);
}

void cpu_unexpected(struct cpu *me)
{
    print("BAD cpu %u: unexpected interruption %x isr %x ifa %x iip %x ipsr %x\n", me->id,
          me->vector, me->isr, me->ifa, me->iip, me->ipsr);
    bare_exit(1);
}

/* The firmware's tables: EFI's system table, in it SAL's (SAL specification 3.2). */
static void find_sal(void)
{
    const u64 *efi = (const u64 *)((const u64 *)__boot_r28)[1];
    const u64 *config = (const u64 *)efi[14];
    const unsigned char *p, *sst = 0;

    for (u64 n = efi[13]; n--; config += 3)
        if (config[0] == 0x11d32d88eb9d2d32 && config[1] == 0x4dc13f279000169a)
            sst = (const unsigned char *)config[2];
    if (!sst) {
        print("BAD no SAL system table\n");
        bare_exit(1);
    }
    p = sst + 96;
    for (unsigned int n = sst[10] | sst[11] << 8; n--;) {
        static const unsigned char size[6] = {48, 32, 16, 32, 16, 16};
        const u64 *q = (const u64 *)p;

        if (*p == 0) {
            pal_proc = q[1];
            sal_proc[0] = q[2];
            sal_proc[1] = q[3];
        } else if (*p == 5) {
            wakeup = q[1];
        }
        p += size[*p];
    }
}

/* The message data is mode << 8 | vector (SDM 2:5.8.4.1). */
void ipi(unsigned int cpu, u64 data)
{
    __asm__ volatile("st8.rel [%0]=%1;; mf.a;;" ::"r"(UC_PIB(cpu)), "r"(data) : "memory");
}

void pal_halt_light(void)
{
    pal_static(pal_proc, 29);
}

u64 sal(u64 nr, u64 a, u64 b, u64 c, u64 d, u64 *r9)
{
    return sal_call(sal_proc, nr, a, b, c, d, r9);
}

static void prepare(struct cpu *me, u64 id)
{
    me->id = id;
    __asm__ volatile("mov ar.k7=%0" ::"r"(me));
}

void ap_main(u64 id)
{
    struct cpu *me = &cpus[id];

    prepare(me, id);
    mf();
    me->up = 1;
    for (;;) {
        work *fn = me->fn;

        if (fn) {
            me->result = fn(me, me->a, me->b);
            mf();
            me->fn = 0;
        }
        relax();
    }
}

void start_cpus(unsigned int n)
{
    u64 r9;

    for (int i = 0; i < 0x80; i++)
        __handlers[i] = (u64)__cpu_fault;
    __handlers[0x30] = (u64)__cpu_interrupt;
    prepare(&cpus[0], 0);
    find_sal();
    if (sal(SAL_SET_VECTORS, SAL_OS_BOOT_RENDEZ, (u64)__ap_start, (u64)__gp, 0, &r9)) {
        print("BAD SAL_SET_VECTORS\n");
        bare_exit(1);
    }
    for (unsigned int i = 1; i < n; i++) {
        ipi(i, wakeup);
        while (!cpus[i].up)
            relax();
        print("cpu %u is up\n", (u64)i);
    }
}

void begin(unsigned int cpu, work *fn, u64 a, u64 b)
{
    cpus[cpu].a = a;
    cpus[cpu].b = b;
    mf();
    cpus[cpu].fn = fn;
}

u64 end(unsigned int cpu)
{
    while (cpus[cpu].fn)
        relax();
    mf();
    return cpus[cpu].result;
}

u64 on(unsigned int cpu, work *fn, u64 a, u64 b)
{
    if (!cpu)
        return fn(&cpus[0], a, b);
    begin(cpu, fn, a, b);
    return end(cpu);
}

void on_all(const char *what, work *fn, u64 a, u64 b)
{
    print("%s:", what);
    for (unsigned int c = 0; c < MAX_CPUS; c++)
        cpus[c].nlog = 0;
    for (unsigned int c = 1; c < MAX_CPUS; c++)
        begin(c, fn, a, b);
    print(" %x", fn(&cpus[0], a, b));
    for (unsigned int c = 1; c < MAX_CPUS; c++)
        print(" %x", end(c));
    print("\n");
    for (unsigned int c = 0; c < MAX_CPUS; c++)
        cpus[c].nlog = 0;
}
