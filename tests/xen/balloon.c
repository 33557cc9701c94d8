/* SPDX-License-Identifier: GPL-2.0-only
 *
 * A module for domain 0 (T=xen/modules): gives pages back to Xen and takes them again, as a balloon
 * driver does. Domain 0 is direct mapped, so a frame that comes back must be the frame that was
 * asked for.
 */
#include <linux/gfp.h>
#include <linux/init.h>
#include <linux/mm.h>
#include <linux/module.h>
#include "hypercall-module.h"

#define MEMORY_OP       12
#define XENMEM_INCREASE 0
#define XENMEM_DECREASE 1
#define XENMEM_CURRENT  3
#define XENMEM_POPULATE 6
#define DOMID_SELF      0x7ff0
#define FRAME_SHIFT     12 /* Xen's, whatever our pages are */
#define FRAMES          (PAGE_SIZE >> FRAME_SHIFT)
#define PAGES           16

struct reservation {
    unsigned long *frames;
    unsigned long count;
    unsigned int order, flags;
    unsigned short domain;
};

static unsigned long list[PAGES * 16];

static long memory(int op, unsigned long count, unsigned int order)
{
    struct reservation r = {list, count, order, 0, DOMID_SELF};

    return xen_hypercall(op, (long)&r, 0, 0, 0, MEMORY_OP);
}

static long pages_of_domain(void)
{
    unsigned short self = DOMID_SELF;

    return xen_hypercall(XENMEM_CURRENT, (long)&self, 0, 0, 0, MEMORY_OP);
}

static void frames_of(unsigned long *page[PAGES])
{
    int i, j;

    for (i = 0; i < PAGES; i++)
        for (j = 0; j < FRAMES; j++)
            list[i * FRAMES + j] = (__pa(page[i]) >> FRAME_SHIFT) + j;
}

static int __init balloon_init(void)
{
    unsigned long *page[PAGES], before, n = PAGES * FRAMES;
    long rc, gone, back;
    int i, moved = 0, bad = 0;

    for (i = 0; i < PAGES; i++) {
        page[i] = (void *)__get_free_page(GFP_KERNEL);
        if (!page[i])
            return -ENOMEM;
    }
    before = pages_of_domain();

    frames_of(page);
    rc = memory(XENMEM_DECREASE, n, 0);
    gone = before - pages_of_domain();
    pr_info("T balloon decrease %s, %ld pages kept for it\n", rc == n ? "all" : "not all",
            (long)n - gone);

    /* A frame twice is refused. */
    rc = memory(XENMEM_DECREASE, 1, 0);
    pr_info("T balloon twice %ld\n", rc);

    rc = memory(XENMEM_POPULATE, n, 0);
    back = before - pages_of_domain();
    for (i = 0; i < n; i++)
        moved += list[i] != (__pa(page[i / FRAMES]) >> FRAME_SHIFT) + i % FRAMES;
    pr_info("T balloon populate %s, %ld pages missing, %d moved\n", rc == n ? "all" : "not all",
            back, moved);

    /* They are memory, each its own. */
    if (rc == n) {
        for (i = 0; i < PAGES; i++)
            memset(page[i], i + 1, PAGE_SIZE);
        for (i = 0; i < PAGES; i++)
            bad += memchr_inv(page[i], i + 1, PAGE_SIZE) != NULL;
        pr_info("T balloon memory %d bad\n", bad);
    }

    /* Populated again: they are there already, and stay. */
    frames_of(page);
    rc = memory(XENMEM_POPULATE, 1, 0);
    pr_info("T balloon again %ld, %ld pages more\n", rc, pages_of_domain() - before);
    for (bad = i = 0; i < PAGES; i++)
        bad += memchr_inv(page[i], i + 1, PAGE_SIZE) != NULL;
    pr_info("T balloon kept %d bad\n", bad);

    /* Any frames: domain 0 has its maximum. */
    rc = memory(XENMEM_INCREASE, 1, 0);
    pr_info("T balloon increase %ld\n", rc);

    for (i = 0; i < PAGES; i++)
        free_page((unsigned long)page[i]);
    return 0;
}

static void __exit balloon_exit(void) {}

module_init(balloon_init);
module_exit(balloon_exit);
MODULE_LICENSE("GPL");
