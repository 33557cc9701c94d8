/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Firmware's hypercalls: EFI runtime services (0x300), PAL (0x1000), SAL (0x1100), FPSWA (0x501).
 */
#include "calls.h"

#define EFI(n)          (0x300 + (n))
#define EFI_ERROR(n)    (0x8000000000000000 | (n))
#define EFI_INVALID     EFI_ERROR(2)
#define EFI_UNSUPPORTED EFI_ERROR(3)
#define EFI_TOO_SMALL   EFI_ERROR(5)
#define EFI_NOT_FOUND   EFI_ERROR(14)
#define PAL             0x1000
#define SAL             0x1100
#define FPSWA           0x501

struct guid {
    uint32_t a;
    uint16_t b, c;
    uint8_t d[8];
};

static void efi(void)
{
    static uint16_t name[600] = {'T', 'i', 'n', 'y', 0};
    static struct guid guid = {0x11223344, 0x5566, 0x7788, {1, 2, 3, 4, 5, 6, 7, 8}};
    static u64 size, data[64], out[4];
    static uint32_t attr;
    static u64 map[64];

    T("time", 0, EFI(0), P(out), P(data));
    T("time: nowhere", EFI_INVALID, EFI(0), 0, 0);
    T("time: without capabilities", 0, EFI(0), P(out), 0);
    memset(out, 0xff, sizeof(out));
    T("set time: no such time", EFI_INVALID, EFI(1), P(out));
    T("set time: nowhere", ALT_DTLB, EFI(1), 0);
    T("get wake-up", ANY, EFI(2), P(out), P(out) + 1, P(data));
    T("set wake-up", ANY, EFI(3), 0, 0);
    T("convert pointer", EFI_UNSUPPORTED, EFI(5), 0, P(out));
    T("set variable", 0, EFI(8), P(name), P(&guid), 7, 8, P(data));
    size = sizeof(data);
    T("variable", 0, EFI(6), P(name), P(&guid), P(&attr), P(&size), P(data));
    check("variable: its size", size == 8 && attr == 7, size);
    size = 4;
    T("variable: no room", EFI_TOO_SMALL, EFI(6), P(name), P(&guid), P(&attr), P(&size), P(data));
    size = ~0UL;
    T("variable: all the room", 0, EFI(6), P(name), P(&guid), P(&attr), P(&size), P(data));
    size = 0;
    T("variable: its size, no buffer", EFI_TOO_SMALL, EFI(6), P(name), P(&guid), 0, P(&size), 0);
    guid.a++;
    size = 8;
    T("variable: of nobody", EFI_NOT_FOUND, EFI(6), P(name), P(&guid), 0, P(&size), P(data));
    guid.a--;
    T("variable: no name", EFI_INVALID, EFI(6), 0, P(&guid), 0, P(&size), P(data));
    T("set variable: huge", ERROR, EFI(8), P(name), P(&guid), 7, 1UL << 40, P(data));
    T("set variable: delete", 0, EFI(8), P(name), P(&guid), 7, 0, P(data));
    T("set variable: no name", EFI_INVALID, EFI(8), 0, P(&guid), 7, 8, P(data));
    T("set variable: attributes", ANY, EFI(8), P(name), P(&guid), ~0UL, 8, P(data));
    CALL(EFI(8), P(name), P(&guid), 7, 0, P(data));
    size = 1024;
    memset(name, 0, sizeof(name));
    T("next name", ANY, EFI(7), P(&size), P(name), P(&guid));
    size = 0;
    T("next name: no room", EFI_INVALID, EFI(7), P(&size), P(name), P(&guid));
    size = 16;
    memset(name, 'a', sizeof(name));
    T("next name: without end", EFI_INVALID, EFI(7), P(&size), P(name), P(&guid));
    size = ~0UL;
    T("next name: all the room", ANY, EFI(7), P(&size), TINY_VIRT + 0x4000000 - 32, P(&guid));
    memset(name, 0, sizeof(name));
    name[0] = 'T';
    guid = (struct guid){0x11223344, 0x5566, 0x7788, {1, 2, 3, 4, 5, 6, 7, 8}};
    T("monotonic count", ANY, EFI(9), P(out));
    T("capsule", EFI_UNSUPPORTED, EFI(11), P(out), 1, 0);
    T("capsule capabilities", EFI_UNSUPPORTED, EFI(12), P(out), 1, P(out), P(out));
    T("variable information", ANY, EFI(13), 7, P(out), P(out) + 8, P(out) + 16);
    T("variable information: attributes", ANY, EFI(13), ~0UL, P(out), P(out) + 8, P(out) + 16);
    for (u64 n = 14; n < 256; n++)
        if (CALL(EFI(n), P(out), P(out), P(out), P(out), P(out)) != (long)EFI_UNSUPPORTED)
            check("no such service", 0, n);
    /* Maps that are none; a right one would move the tables. */
    T("address map: version", EFI_INVALID, EFI(4), 48, 48, 2, P(map));
    T("address map: descriptor size", EFI_INVALID, EFI(4), 48, 8, 1, P(map));
    T("address map: descriptor size 0", EFI_INVALID, EFI(4), 48, 0, 1, P(map));
    T("address map: size", EFI_INVALID, EFI(4), 49, 48, 1, P(map));
    T("address map: huge", EFI_INVALID, EFI(4), ~0UL, 48, 1, P(map));
    T("address map: empty", EFI_NOT_FOUND, EFI(4), 0, 48, 1, P(map));
    T("address map: zeroes", EFI_NOT_FOUND, EFI(4), 480, 48, 1, P(map));
    T("address map: wraps", ANY, EFI(4), 480, 48, 1, ~0UL - 47);
    for (unsigned int i = 0; i < hostile_count; i++) {
        u64 h = hostile[i].address;

        T("time: to a hostile address", ANY, EFI(0), h | 1, 0);
        TF("time: to a hostile address", EFI_INVALID, HC_IC_OFF, 8, EFI(0), h | 1, h);
        TF("variable: of a hostile name", ERROR, HC_IC_OFF, 8, EFI(6), h | 1, P(&guid), 0, P(&size),
           P(data));
        TF("variable: a hostile size", ERROR, HC_IC_OFF, 8, EFI(6), P(name), P(&guid), 0, h | 1,
           P(data));
        TF("set variable: hostile data", ERROR, HC_IC_OFF, 8, EFI(8), P(name), P(&guid), 7, 64,
           h | 1);
        TF("address map: hostile", ERROR, HC_IC_OFF, 8, EFI(4), 480, 48, 1, h | 1);
        TF("FPSWA: hostile", ANY, HC_IC_OFF, 8, FPSWA, 0, h, h, h, h, h, h, h);
        TF("brand: hostile", ANY, HC_IC_OFF, 8, PAL, 274, 274, 16, h);
    }
    T("time: NaT", ANY, EFI(0), 0, 0);
    TF("time: NaT", EFI_INVALID, HC_NAT(0), 8, EFI(0), P(out), 0);
    TF("all NaT", ANY, 0xff, 8, EFI(6), 0, 0);
    TF("no frame", EFI_INVALID, 0, 0, EFI(0), 0, 0);
}

static void pal(void)
{
    for (u64 n = 0; n < 512; n++) {
        /* Those that stop the processor. */
        if (n == 28 || n == 29 || n == 40)
            continue;
        CALL(PAL, n, 0, 0, 0);
        call(PAL, 0, 4, (u64[8]){n, ~0UL, ~0UL, ~0UL});
        call(PAL, HC_IC_OFF, 4,
             (u64[8]){n, 0xf400000004000000, 0xf400000004000000, 0xf400000004000000});
        call(PAL, HC_IC_OFF, 4, (u64[8]){n, 1, 2, 0xfee00000});
    }
    check("every procedure", 1, 0);
    T("version", 0, PAL, 20);
    T("memory attributes", 0, PAL, 5);
    check("memory attributes: WB, UC, UCE, NaTPage",
          (last.result[1] & 1) && (last.result[1] & 0x80), last.result[1]);
    T("VM summary", 0, PAL, 8);
    T("frequency ratios", 0, PAL, 14);
    T("no such procedure", -1, PAL, 0);
    T("no such procedure, static", -1, PAL, 200);
    T("no such procedure, stacked", -1, PAL, 400);
    T("no such procedure, huge", -1, PAL, 1UL << 40 | 20);
    TF("index is NaT", -2, HC_NAT_R28, 8, PAL, 20);
    TF("no frame, stacked", ANY, 0, 0, PAL, 257);
    for (u64 i = 0; i < 300; i++) {
        CALL(PAL, 2, i, 1 + (i & 1), 0);
        CALL(PAL, 7, i, 1 + (i & 1), 0);
        CALL(PAL, 1, i, ~i, 0);
    }
    check("cache and TLB information at any level", 1, 0);
}

static void sal(void)
{
    static const u64 known[] = {0x01000000, 0x01000001, 0x01000002, 0x01000003, 0x01000004,
                                0x01000005, 0x01000006, 0x01000008, 0x01000009, 0x01000010,
                                0x01000012, 0x01000013, 0x01000020};

    T("no such procedure", -1, SAL, 0);
    T("no such procedure", -1, SAL, 0x02000000);
    T("no such procedure", -1, SAL, ~0UL);
    for (unsigned int i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        T("of zeroes", ANY, SAL, known[i], 0, 0, 0, 0, 0, 0, 0);
        T("of ones", ANY, SAL, known[i], ~0UL, ~0UL, ~0UL, ~0UL, ~0UL, ~0UL, ~0UL);
        T("of Xen's addresses", ANY, SAL, known[i], 0xf400000004000000, 0xf400000004000000,
          0xf400000004000000, 1, 2, 3, 4);
        TF("of NaT", ANY, 0xfe, 8, SAL, known[i]);
        TF("in a small frame", ANY, 0, 1, SAL, known[i]);
    }
    T("PCI: read", 0, SAL, 0x01000010, 0, 4);
    T("PCI: size", -2, SAL, 0x01000010, 0, 3);
    T("PCI: unaligned", ANY, SAL, 0x01000010, 1, 4);
    T("PCI: address", ANY, SAL, 0x01000010, ~0UL, 4);
    T("frequency: platform", 0, SAL, 0x01000012, 0);
    T("frequency: none such", ERROR, SAL, 0x01000012, 77);
}

void firmware_cases(void)
{
    static u64 junk[256];

    efi();
    pal();
    sal();
    memset(junk, 0, sizeof(junk));
    T("FPSWA: zeroes", ANY, FPSWA, 0, P(junk), P(junk), P(junk), P(junk), P(junk), P(junk),
      P(junk));
    T("FPSWA: trap, zeroes", ANY, FPSWA, 1, P(junk), P(junk), P(junk), P(junk), P(junk), P(junk),
      P(junk));
    for (int i = 0; i < 256; i++)
        junk[i] = 0x0123456789abcdef * (2 * (u64)i + 1);
    T("FPSWA: junk", ANY, FPSWA, 0, P(junk), P(junk + 2), P(junk + 3), P(junk + 4), P(junk + 5),
      P(junk + 6), P(junk + 8));
    for (int i = 10; i < 14; i++)
        junk[i] = P(junk + 16);
    T("FPSWA: junk instruction", ANY, FPSWA, 0, P(junk), P(junk + 2), P(junk + 3), P(junk + 4),
      P(junk + 5), P(junk + 6), P(junk + 8));
    TF("FPSWA: NaT", ANY, 0xff, 8, FPSWA, 0);
    TF("FPSWA: no frame", ANY, 0, 0, FPSWA, 0);
}
