/* SPDX-License-Identifier: GPL-2.0-only */
/* Included more than once. */

PERFCOUNTER(invalid_hypercalls,     "invalid hypercalls")

/* Interruptions that reached C, by vector / 0x100 (SDM 2:5.7). */
PERFCOUNTER_ARRAY(vector,           "interruptions, by vector",         0x68)
PERFCOUNTER_ARRAY(reflect,          "faults reflected, by vector",      0x68)

PERFCOUNTER(directmap_miss,         "directmap miss seen in C")
PERFCOUNTER(frametable_miss,        "frame table miss")
PERFCOUNTER(vmap_miss,              "vmap miss")

PERFCOUNTER(atomics_guest,          "atomics: guest access")
PERFCOUNTER(atomics_guest_paused,   "atomics: guest paused")
