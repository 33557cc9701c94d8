/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Snapshots: the whole machine in a file, to go on from there in another process. Each part
 * describes its state once, in a function that serves both ways: saving writes what it names,
 * loading reads it back. What is derived (host pointers, fast paths, decoded code) is not saved but
 * made anew. File format and limits: sim/board/README.md.
 *
 * Everything read from a file may be wrong. Reads beyond a section's end answer 0 and refuse the
 * file; a part checks what could harm the simulator (indices, counts, pointers) and calls
 * snap_bad().
 */
#ifndef SIM_BOARD_SNAPSHOT_H
#define SIM_BOARD_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct snap;
struct board;

bool snap_loading(const struct snap *s);
/* False once a loaded file has been refused. */
bool snap_ok(const struct snap *s);
/* n bytes as they are (the host is little-endian, as the files are). */
void snap_mem(struct snap *s, void *p, size_t n);
/* An integer, a bool, or an array of those: nothing with padding or pointers. */
#define SNAP(s, lvalue) snap_mem((s), &(lvalue), sizeof(lvalue))
/* A truth value; whatever else a file holds is refused. */
void snap_bool(struct snap *s, bool *v);
/* What a machine must have in common with the one that was saved. */
void snap_same(struct snap *s, uint64_t v, const char *what);
/* The same for text (at most 63 characters count). */
void snap_same_text(struct snap *s, const char *text, const char *what);
/* Refuses the file that is being loaded; the first reason is told. */
void snap_bad(struct snap *s, const char *why);
/* Bytes of the section that have not been read yet. */
size_t snap_left(const struct snap *s);
/* A new section, when a part needs several: saving, it begins here; loading, it must be the next of
 * that name. */
void snap_section(struct snap *s, const char *name, uint32_t version);

/* Saves the machine, which must stand between two turns (or at the monitor). False after a message,
 * with no file left behind. */
bool snapshot_save(struct board *b, const char *file);
/* Loads it into a board built with the same configuration, in place of firmware_start(). False
 * after a message: the machine is then good for nothing but board_free(). */
bool snapshot_load(struct board *b, const char *file);

#endif
