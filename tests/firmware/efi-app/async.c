/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Timer events that come while no boot service is called.
 */
#include "efi.h"

uint64_t async_spin(volatile uint64_t *counter, uint64_t turns, void *save, uint64_t nat[2]);
void async_spoil(void);

enum { PSR_I = 1 << 14, ITC_PER_US = 1000, TURNS = 20000000 };
static volatile uint64_t ticks, others, reentered;
static uint8_t save[1024] __attribute__((aligned(16)));
static uint64_t nat[2];

static __attribute__((noinline)) uint64_t deep(unsigned n, uint64_t a, uint64_t b)
{
    uint64_t r = n ? deep(n - 1, a + b, a ^ n) : 0;
    return r + a * b;
}
static void tick(handle e, void *ctx)
{
    (void)e;
    ticks += ctx == &ticks;
    async_spoil();
    deep(40, ticks, 7);
}
static void other(handle e, void *ctx)
{
    (void)e, (void)ctx;
    others++;
    async_spoil();
}
/* Until the clock is n microseconds further; no boot service. */
static void pass(uint64_t us)
{
    uint64_t t = async_itc();
    while (async_itc() - t < us * ITC_PER_US)
        ;
}
static bool in_slow;
static void slow(handle e, void *ctx)
{
    (void)e, (void)ctx;
    reentered += in_slow;
    in_slow = true;
    /* interrupted by one of a higher level, with everything in use here, too */
    if (async_spin(&others, TURNS, save, nat))
        reentered += 1000;
    bs->stall(30);
    pass(100);
    in_slow = false;
    ticks++;
}

/* What holds timers back: ticks stay, and one comes when it ends. */
static void held(void (*begin)(void), void (*end)(void))
{
    begin();
    uint64_t before = ticks;
    pass(1000);
    CHECK(ticks == before);
    end();
    pass(5);
    CHECK(ticks == before + 1);
}
static void raise_callback(void)
{
    CHECK(bs->raise_tpl(8) == 4);
    CHECK(async_psr() & PSR_I);
}
static void raise_high(void)
{
    CHECK(bs->raise_tpl(31) == 4);
    CHECK(!(async_psr() & PSR_I));
}
static void lower(void)
{
    bs->restore_tpl(4);
    CHECK(async_psr() & PSR_I);
}

void t_async(void)
{
    handle e, f;
    uint64_t t, index;
    CHECK(async_psr() & PSR_I);
    CHECK(async_itv() >> 16 & 1); /* no timer, no interrupt */
    EXPECT(bs->create_event(0x80000200, 8, tick, (void *)&ticks, &e), OK);
    EXPECT(bs->set_timer(e, 1, 530), OK); /* every 53 us */
    for (unsigned i = 0; i < 100; i++) {
        uint64_t r = async_spin(&ticks, TURNS, save, nat);
        check(r == 0, "every register kept", r, __LINE__);
    }
    EXPECT(bs->set_timer(e, 1, 3000), OK);
    held(async_mask, async_unmask);
    held(raise_callback, lower);
    held(raise_high, lower);
    async_mask(); /* psr.i stays as it was */
    bs->raise_tpl(31);
    bs->restore_tpl(4);
    CHECK(!(async_psr() & PSR_I));
    async_unmask();
    /* while a service waits */
    t = async_itc();
    ticks = 0;
    EXPECT(bs->stall(3100), OK);
    CHECK(ticks == 10 || ticks == 11);
    CHECK(async_itc() - t >= 3100 * ITC_PER_US);
    EXPECT(bs->create_event(0x80000000, 0, NULL, NULL, &f), OK);
    EXPECT(bs->set_timer(f, 2, 31000), OK);
    ticks = 0;
    EXPECT(bs->wait(1, &f, &index), OK);
    CHECK(ticks == 10 || ticks == 11);
    EXPECT(bs->close_event(f), OK);
    EXPECT(bs->close_event(e), OK);
    CHECK(async_itv() >> 16 & 1);
    /* one interrupts the other, services are called, time passes for all of them */
    EXPECT(bs->create_event(0x80000200, 8, slow, NULL, &e), OK);
    EXPECT(bs->create_event(0x80000200, 16, other, NULL, &f), OK);
    EXPECT(bs->set_timer(e, 1, 5000), OK);
    EXPECT(bs->set_timer(f, 1, 170), OK);
    ticks = others = 0;
    t = async_itc();
    EXPECT(bs->stall(5000), OK);
    CHECK(async_itc() - t >= 5000 * ITC_PER_US);
    for (unsigned i = 0; i < 10; i++) {
        static uint8_t save2[1024] __attribute__((aligned(16)));
        uint64_t r = async_spin(&ticks, TURNS, save2, nat);
        check(r == 0, "every register kept", r, __LINE__);
    }
    CHECK(!reentered && ticks > 18 && others > 300);
    EXPECT(bs->close_event(e), OK);
    EXPECT(bs->close_event(f), OK);
    ticks = others = 0;
    pass(1000);
    CHECK(!ticks && !others);
}

void async_prepare(void)
{
    handle e;
    EXPECT(bs->create_event(0x80000200, 8, tick, (void *)&ticks, &e), OK);
    EXPECT(bs->set_timer(e, 1, 10), OK);
}
void async_check(void)
{
    uint64_t before = ticks;
    CHECK(!(async_psr() & PSR_I) && async_itv() >> 16 & 1 && !async_irr());
    pass(1000);
    CHECK(ticks == before && !async_irr());
}
