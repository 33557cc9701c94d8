/* SPDX-License-Identifier: GPL-2.0-only
 *
 * T=xen/domains: domain 0 makes domains of copies of itself. What it tells such a guest and what
 * the guest tells it stand in two pages of the image.
 */
#ifndef DOMAINS_H
#define DOMAINS_H

#include "cases.h"

#define GUEST_R28   0x6775657374UL /* r28 of a guest at its start; domain 0 has an address there */
#define GUEST_BASE  0x4000000UL    /* where its image stands in its physical memory */
#define GUEST_FAR   0x40000000UL   /* the memory it works in */
#define FAR_PAGES   768            /* of 4 KiB */
#define GRANT_READ  8              /* references */
#define GRANT_WRITE 9
#define GRANT_PEER  10
#define REPORTS     12

enum mode {
    MODE_WORK, /* until it is told to stop */
    MODE_ASK,  /* for what is not for it, then it stops */
    MODE_LOST, /* goes where nothing is */
};

struct start {
    volatile u64 stop; /* 1 + the reason of SCHEDOP_shutdown */
    u64 number, mode, page_size;
    u64 port;       /* to domain 0; 0: none */
    u64 peer;       /* whose GRANT_PEER is looked at; 0: nobody's */
    u64 looker;     /* who looks at ours */
    u64 what;       /* MODE_LOST: where to */
    u64 unlike_any; /* a number nobody else has */
};

struct report {
    volatile u64 beats, bad, bad_address, bad_value, done;
    volatile u64 rung, ticks, early, peers, result[REPORTS];
};

extern union start_page {
    struct start s;
    uint8_t page[4096];
} start_page;
extern union report_page {
    struct report r;
    uint8_t page[4096];
} report_page;
/* The guest's pages for GRANT_READ, which has `unlike_any` in each word, and GRANT_WRITE. */
extern uint8_t grant_page[2][4096], grant_table[4096];

/* guest.c */
void guest_main(void);

/* build.c: in domain 0 */
struct guest {
    domid_t id;
    u64 frames;
    struct start start;
    volatile struct report *report;
    volatile struct start *told;
    u64 port; /* ours */
};
#define MAX_GUESTS 6 /* that work together */

/* A window of 4 KiB frames above all of the machine's memory. */
#define WINDOW     0x100000000000UL
#define REGION7(a) (7UL << 61 | (a))

enum layout { SMALL, LARGE, MIXED }; /* extents of the memory a guest works in */

/* Frames of another domain (or grants, see the callers) from `at` on in the window; 0 or errno. */
long map_foreign(u64 at, domid_t id, const u64 *frames, u64 n);
void unmap(u64 at, u64 n);
/* A guest, paused, as `start` has it; g's report and start page are in the window. 0 or errno. */
long create(struct guest *g, u64 slot, enum layout layout);
/* All of one's memory into another's, but frames that are Xen's (grant tables). */
long copy_memory(domid_t to, domid_t from);
void destroy(struct guest *g);
int exists(domid_t id); /* dom.u.getdomaininfo tells of it then */
/* Until it has said so many beats more; 0: it did not, within seconds. */
int beats(struct guest *g, u64 more);
/* Until it is shut down: the reason, -1 when it is not. */
long shut_down(struct guest *g);
u64 random_number(void);

extern u64 cpus; /* of the machine */
#endif
