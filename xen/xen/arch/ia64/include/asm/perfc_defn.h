/* SPDX-License-Identifier: GPL-2.0-only */
/* Included more than once. */

PERFCOUNTER(invalid_hypercalls,     "invalid hypercalls")
PERFCOUNTER(fast_hypercall,         "hypercalls by epc")

/* Interruptions that reached C, by vector / 0x100 (SDM 2:5.7). */
PERFCOUNTER_ARRAY(vector,           "interruptions, by vector",         0x68)
PERFCOUNTER_ARRAY(reflect,          "faults reflected, by vector",      0x68)

/* Privileged operations emulated, by the number of asm/privop.h; hyperprivops and virtual interrupts. */
PERFCOUNTER_ARRAY(privop,           "privileged operations",            0x80)
PERFCOUNTER_ARRAY(hyperprivop,      "hyperprivops",                     0x20)
PERFCOUNTER(virq,                   "virtual interrupts delivered")

PERFCOUNTER(mmio_read,              "emulated devices: reads")
PERFCOUNTER(mmio_write,             "emulated devices: writes")
PERFCOUNTER(fpswa,                  "calls of FPSWA")

PERFCOUNTER(guest_irqs,             "interrupts for guests")
PERFCOUNTER(directmap_miss,         "directmap miss seen in C")
PERFCOUNTER(frametable_miss,        "frame table miss")
PERFCOUNTER(vmap_miss,              "vmap miss")

PERFCOUNTER(tlb_miss,               "guest TLB misses in C")
PERFCOUNTER(tlb_miss_tlb,           "  served from its TLB")
PERFCOUNTER(tlb_miss_vhpt,          "  served from its VHPT")
PERFCOUNTER(tlb_small,              "machine translations smaller than the region's pages")
PERFCOUNTER(tlb_rights,             "access rights the machine has no code for")
PERFCOUNTER(tlb_purge_global,       "guest purges on all processors")
PERFCOUNTER(tlb_flush_p2m,          "flushes for changes of a p2m")
PERFCOUNTER(tlb_flush_local,        "TLB and VHPT of a processor emptied")

PERFCOUNTER(atomics_guest,          "atomics: guest access")
PERFCOUNTER(atomics_guest_paused,   "atomics: guest paused")
