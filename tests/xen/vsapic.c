/* SPDX-License-Identifier: GPL-2.0-only
 *
 * T=xen/vsapic: the hypervisor's virtual local and I/O SAPICs (xen/.../vlsapic.c, viosapic.c) on
 * the host. The local one against a plain model of SDM 2:5.8 under random traffic; the timer
 * against its match condition; the I/O SAPIC by its cases.
 */
#include "tests/xen/host-vcpu/expect.h"
#include "xen/xen/arch/ia64/vlsapic.c"
#include "xen/xen/arch/ia64/viosapic.c"

static int routed[64], eois[64], woken;

void guestfw_wake_vcpu(struct vcpu *v, unsigned int vector)
{
    (void)v;
    woken = (int)vector;
}
unsigned int iosapic_nr(void)
{
    return 2;
}
bool iosapic_get(unsigned int n, unsigned long *pa, unsigned int *base, unsigned int *pins)
{
    *pa = 0xfec00000 + 0x1000ul * n;
    *base = 16 * n;
    *pins = 16;
    return n < 2;
}
int irq_route_guest(struct domain *d, unsigned int gsi, bool level, bool low)
{
    (void)d;
    if (gsi == 4)
        return -EBUSY;
    routed[gsi] = 1 + level + 2 * low;
    return 0;
}
int irq_unroute_guest(struct domain *d, unsigned int gsi)
{
    (void)d;
    routed[gsi] = 0;
    return 0;
}
void irq_guest_eoi(struct domain *d, unsigned int gsi)
{
    (void)d;
    eois[gsi]++;
}
bool vuart_gsi(const struct domain *d, unsigned int gsi)
{
    (void)d;
    return gsi == 6;
}
void irq_unroute_domain(struct domain *d)
{
    (void)d;
    memset(routed, 0, sizeof routed);
}

static uint64_t seed = 88172645463325252ull;
static uint64_t rnd(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed;
}

static void fresh(bool hardware)
{
    memset(regs, 0, sizeof regs);
    memset(vcpus, 0, sizeof vcpus);
    dom = (struct domain){.hardware = hardware};
    for (unsigned i = 0; i < SHIM_VCPUS; i++) {
        vcpus[i] = (struct vcpu){.vcpu_id = i, .is_initialised = true, .domain = &dom};
        vcpus[i].arch.privregs = &regs[i];
        vcpus[i].arch.started = true;
        regs[i].vcr[IA64_CR_ITV] = IA64_LVT_MASKED;
        dom.vcpu[i] = &vcpus[i];
        vlsapic_init(&vcpus[i]);
    }
}

/* --- local SAPIC --- */

static bool irr[256], insvc[256];
static unsigned model_rank(int v)
{
    return v == 2 ? 1000 : v == 0 ? 999 : (unsigned)v;
}
static int model_top(const bool *set)
{
    int best = -1;
    for (int v = 0; v < 256; v++)
        if (set[v] && (best < 0 || model_rank(v) > model_rank(best)))
            best = v;
    return best;
}
static int model_pending(uint64_t tpr)
{
    int v = model_top(irr), s = model_top(insvc);
    if (v < 0 || (s >= 0 && model_rank(v) <= model_rank(s)))
        return -1;
    if (v == 2)
        return v;
    if (tpr >> 16 & 1 || (v != 0 && (uint64_t)v / 16 <= (tpr >> 4 & 15)))
        return -1;
    return v;
}

static void local(void)
{
    struct vcpu *v = &vcpus[1];

    fresh(false);
    memset(irr, 0, sizeof irr);
    memset(insvc, 0, sizeof insvc);
    for (int n = 0; n < 200000; n++) {
        unsigned vec = rnd() & 0xff;
        uint64_t tpr;
        int want;
        switch (rnd() % 5) {
        case 0:
        case 1:
            if (vec < 16 && rnd() & 1)
                vec = (unsigned[]){0, 2, 15, 300}[rnd() & 3];
            vlsapic_set_irq(v, vec);
            if (vec == 0 || vec == 2 || (vec >= 16 && vec < 256))
                irr[vec] = true;
            break;
        case 2:
            want = model_pending(regs[1].vcr[IA64_CR_TPR]);
            EXPECT(vlsapic_read_ivr(v), want < 0 ? 15 : want);
            if (want >= 0) {
                irr[want] = false;
                insvc[want] = true;
            }
            break;
        case 3:
            vlsapic_eoi(v);
            want = model_top(insvc);
            if (want >= 0)
                insvc[want] = false;
            break;
        default:
            tpr = (rnd() & 0xf0) | (rnd() % 8 ? 0 : 1ul << 16);
            if (rnd() & 1)
                tpr &= 0x30;
            regs[1].vcr[IA64_CR_TPR] = tpr;
        }
        EXPECT(vlsapic_pending(v), model_pending(regs[1].vcr[IA64_CR_TPR]));
        for (unsigned w = 0; w < 4; w++)
            for (unsigned b = 0; b < 64; b++)
                EXPECT(vlsapic_read_irr(v, w) >> b & 1, irr[64 * w + b]);
    }
}

/* --- timer --- */

static bool pended(struct vcpu *v, unsigned vec)
{
    return vlsapic_read_irr(v, vec / 64) >> vec % 64 & 1;
}
static void run_timer(struct vcpu *v)
{
    struct timer *t = &v->arch.lsapic.timer;
    if (t->active && (int64_t)shim_now >= t->expires) {
        t->active = false;
        t->function(t->data);
    }
}
static void set_itm(struct vcpu *v, uint64_t itm)
{
    v->arch.privregs->vcr[IA64_CR_ITM] = itm;
    vlsapic_timer_changed(v);
}

static void timer(void)
{
    struct vcpu *v = &vcpus[0];

    fresh(false);
    shim_now = 1000000000;
    set_itm(v, shim_now + 5000); /* masked: nothing */
    shim_now += 100000;
    run_timer(v);
    vlsapic_timer_check(v);
    EXPECT(vlsapic_pending(v), -1);

    regs[0].vcr[IA64_CR_ITV] = 0xef;
    for (int n = 0; n < 20000; n++) {
        uint64_t ahead = rnd() % 1000000 + 1, at;
        regs[0].itc_offset = n & 1 ? rnd() : 0;
        vlsapic_timer_changed(v);
        at = shim_now + ahead;
        set_itm(v, at + regs[0].itc_offset);
        clear_bit(0xef, v->arch.lsapic.irr);
        /* Never before its time, whoever looks. */
        shim_now = at - 1;
        run_timer(v);
        vlsapic_timer_check(v);
        EXPECT(pended(v, 0xef), false);
        /* At its time: once. Half of the time Xen's timer comes late, and the vcpu looks. */
        shim_now = at + rnd() % 3;
        if (n & 2) {
            shim_now += 2;
            run_timer(v);
        } else {
            vlsapic_timer_check(v);
        }
        EXPECT(pended(v, 0xef), true);
        clear_bit(0xef, v->arch.lsapic.irr);
        shim_now += rnd() % 1000000;
        run_timer(v);
        vlsapic_timer_check(v);
        EXPECT(pended(v, 0xef), false);
    }

    /* Just missed: an interrupt; taken back if the guest has seen it, and sets another time. */
    regs[0].itc_offset = 0;
    set_itm(v, shim_now - 5);
    EXPECT(pended(v, 0xef), true);
    set_itm(v, shim_now + 1000);
    EXPECT(pended(v, 0xef), false);
    shim_now += 1000;
    vlsapic_timer_check(v);
    EXPECT(pended(v, 0xef), true);
    clear_bit(0xef, v->arch.lsapic.irr);
    /* Long past: not until itc wraps. */
    set_itm(v, shim_now - 1000000000);
    EXPECT(pended(v, 0xef), false);
    /* Masked at the match: lost. */
    set_itm(v, shim_now + 10);
    regs[0].vcr[IA64_CR_ITV] |= IA64_LVT_MASKED;
    vlsapic_timer_changed(v);
    shim_now += 100000;
    vlsapic_timer_check(v);
    regs[0].vcr[IA64_CR_ITV] = 0xef;
    vlsapic_timer_changed(v);
    EXPECT(pended(v, 0xef), false);
}

/* --- interrupt block --- */

static void block(void)
{
    uint64_t val;

    fresh(false);
    EXPECT(vlsapic_pib_write(&vcpus[0], 2 << 12, 8, 0x41), true);
    EXPECT(pended(&vcpus[2], 0x41), true);
    EXPECT(vcpus[2].kicked, true);
    EXPECT(vlsapic_pib_write(&vcpus[0], 1 << 12 | 8, 8, 0x42), true); /* redirection hint */
    EXPECT(pended(&vcpus[1], 0x42), true);
    EXPECT(vlsapic_pib_write(&vcpus[0], 1 << 12, 8, 4 << 8), true);
    EXPECT(pended(&vcpus[1], 2), true);
    EXPECT(vlsapic_pib_write(&vcpus[0], 1 << 12, 8, 7 << 8), true);
    EXPECT(pended(&vcpus[1], 0), true);
    EXPECT(vlsapic_pib_write(&vcpus[0], 1 << 12, 8, 5 << 8), true);
    EXPECT(inits, 1);
    EXPECT(vlsapic_pib_write(&vcpus[0], 9 << 12, 8, 0x41), false);
    EXPECT(vlsapic_pib_write(&vcpus[0], 1 << 12 | 1 << 4, 8, 0x41), false); /* eid 1 */
    EXPECT(vlsapic_pib_write(&vcpus[0], 1 << 12, 4, 0x41), false);
    EXPECT(vlsapic_pib_write(&vcpus[0], 0x1e0008, 1, 0), true);
    EXPECT(vlsapic_pib_read(&vcpus[0], 0x1e0000, 1, &val), true);
    EXPECT(val, 15);
    vcpus[3].arch.started = false;
    EXPECT(vlsapic_pib_write(&vcpus[0], 3 << 12, 8, 0xf3), true);
    EXPECT(woken, 0xf3);
    EXPECT(pended(&vcpus[3], 0xf3), false);
}

/* --- I/O SAPIC --- */

static void rte(uint64_t gpa, unsigned pin, uint64_t v)
{
    viosapic_write(&dom, gpa, 4, 0x11 + 2 * pin);
    viosapic_write(&dom, gpa + 0x10, 4, v >> 32);
    viosapic_write(&dom, gpa, 4, 0x10 + 2 * pin);
    viosapic_write(&dom, gpa + 0x10, 4, v & 0xffffffff);
}
static uint32_t reg(uint64_t gpa, unsigned n)
{
    viosapic_write(&dom, gpa, 4, n);
    return (uint32_t)viosapic_read(&dom, gpa + 0x10, 4);
}
static void take(struct vcpu *v, unsigned vec)
{
    EXPECT(vlsapic_read_ivr(v), vec);
    vlsapic_eoi(v);
}

static void io(void)
{
    const uint64_t a = 0xfec00000, b = 0xfec01000, level = 1 << 15, low = 1 << 13, mask = 1 << 16;

    fresh(true);
    EXPECT(viosapic_init(&dom), 0);
    EXPECT(viosapic_page(&dom, b + 0x40), true);
    EXPECT(viosapic_page(&dom, b + 0x1000), false);
    EXPECT(reg(a, 1), 0x21 | 15 << 16);
    EXPECT(reg(b, 0x10), mask);
    EXPECT(routed[17], 0);

    /* Edge, to vcpu 1. */
    rte(b, 1, 0x51 | 1ull << 56);
    EXPECT(routed[17], 1);
    viosapic_assert(&dom, 17);
    take(&vcpus[1], 0x51);
    EXPECT(reg(b, 0x13), 1 << 24);
    rte(b, 1, 0x51 | mask | 1ull << 56);
    viosapic_assert(&dom, 17); /* masked: lost */
    rte(b, 1, 0x51 | 1ull << 56);
    EXPECT(vlsapic_pending(&vcpus[1]), -1);

    /* Level: one message until the EOI, which goes to the machine. */
    rte(b, 2, 0x52 | level | low | 2ull << 56);
    EXPECT(routed[18], 4);
    viosapic_assert(&dom, 18);
    EXPECT(reg(b, 0x14) >> 14 & 1, 1);
    viosapic_assert(&dom, 18);
    take(&vcpus[2], 0x52);
    EXPECT(vlsapic_pending(&vcpus[2]), -1);
    EXPECT(eois[18], 0);
    viosapic_write(&dom, b + 0x40, 4, 0x53);
    EXPECT(eois[18], 0);
    viosapic_write(&dom, b + 0x40, 4, 0x52);
    EXPECT(eois[18], 1);
    EXPECT(reg(b, 0x14) >> 14 & 1, 0);
    EXPECT(vlsapic_pending(&vcpus[2]), -1);

    /* Level that comes while masked is not lost. */
    rte(b, 2, 0x52 | level | low | mask | 2ull << 56);
    viosapic_assert(&dom, 18);
    EXPECT(vlsapic_pending(&vcpus[2]), -1);
    rte(b, 2, 0x52 | level | low | 2ull << 56);
    take(&vcpus[2], 0x52);
    viosapic_write(&dom, b + 0x40, 4, 0x52);
    EXPECT(eois[18], 2);

    /* An emulated line is still up at the EOI: again. */
    rte(a, 3, 0x54 | level);
    viosapic_set_level(&dom, 3, true);
    take(&vcpus[0], 0x54);
    dom.arch.viosapic.chip[0].pin[3].routed = false;
    viosapic_write(&dom, a + 0x40, 4, 0x54);
    take(&vcpus[0], 0x54);
    viosapic_set_level(&dom, 3, false);
    viosapic_write(&dom, a + 0x40, 4, 0x54);
    EXPECT(vlsapic_pending(&vcpus[0]), -1);

    /* Another trigger mode routes anew; a pin not to be had stays silent; delivery modes. */
    rte(b, 2, 0x52 | 2ull << 56);
    EXPECT(routed[18], 1);
    rte(a, 4, 0x55);
    EXPECT(dom.arch.viosapic.chip[0].pin[4].unroutable, true);
    rte(a, 6, 0x56); /* the console's, which Xen has: quietly */
    EXPECT(routed[6], 0);
    viosapic_set_level(&dom, 6, true);
    take(&vcpus[0], 0x56);
    rte(b, 5, 4 << 8);
    viosapic_assert(&dom, 21);
    take(&vcpus[0], 2);
    viosapic_assert(&dom, 99);
    /* To a processor that SAL still has: pending, and no wakeup, whatever the vector. */
    woken = 0;
    vcpus[3].arch.started = false;
    rte(b, 6, 0xf3 | 3ull << 56);
    viosapic_assert(&dom, 22);
    EXPECT(woken, 0);
    EXPECT(pended(&vcpus[3], 0xf3), true);
    viosapic_destroy(&dom);
    EXPECT(routed[17], 0);
}

int main(void)
{
    int bad = 0;

    local();
    bad |= verdict("local-sapic");
    timer();
    bad |= verdict("interval-timer");
    block();
    bad |= verdict("interrupt-block");
    io();
    bad |= verdict("io-sapic");
    return bad;
}
