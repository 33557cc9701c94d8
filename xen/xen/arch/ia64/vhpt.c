/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The hash table that the VHPT walker reads (SDM 2:4.1.5, long format), with chains of our own behind its entries. Knows nothing of guests; the caller
 * gives head and tag, as thash and ttag made them. tests/xen/vhpt.c runs this file on the host.
 *
 * The walker reads heads only, at any time; so an entry's tag becomes invalid before the rest changes and valid after.
 */
#ifndef VHPT_HOST_TEST
#include <xen/lib.h>
#include <xen/types.h>
#include <asm/system.h>
#include <asm/vhpt.h>
#endif

static struct vhpt_entry *chained(void *base)
{
    return (struct vhpt_entry *)((char *)base + VHPT_SIZE / 2);
}

static struct vhpt_info *info(void *base)
{
    return (struct vhpt_info *)chained(base);
}

static void set_entry(struct vhpt_entry *e, uint64_t pte, uint64_t itir, uint64_t tag)
{
    e->tag = VHPT_TAG_INVALID;
    smp_wmb();
    e->pte = pte;
    e->itir = itir;
    smp_wmb();
    e->tag = tag;
}

void vhpt_clear(void *base)
{
    struct vhpt_entry *head = base, *c = chained(base);
    struct vhpt_info *vi = info(base);
    unsigned int i;

    for ( i = 0; i < VHPT_NR_HEADS; i++ )
    {
        head[i].tag = VHPT_TAG_INVALID;
        head[i].next = NULL;
    }
    for ( i = 1; i < VHPT_NR_CHAINED; i++ )
        c[i].next = &c[i + 1];
    c[VHPT_NR_CHAINED].next = NULL;

    vi->free = &c[1];
    vi->victim = 0;
    vi->used = 0;
}

bool vhpt_is_empty(void *base)
{
    return !info(base)->used;
}

struct vhpt_entry *vhpt_find(struct vhpt_entry *head, uint64_t tag)
{
    struct vhpt_entry *e;

    for ( e = head; e; e = e->next )
        if ( e->tag == tag )
            return e;

    return NULL;
}

/* A chain entry: a free one, or the last of the next chain in turn. There is always one: when none is free, all are in chains. */
static struct vhpt_entry *get_chained(void *base)
{
    struct vhpt_info *vi = info(base);
    struct vhpt_entry *head, *e, *prev;

    if ( vi->free )
    {
        e = vi->free;
        vi->free = e->next;
        vi->used++;
        return e;
    }

    do {
        head = (struct vhpt_entry *)base + vi->victim;
        vi->victim = (vi->victim + 1) & (VHPT_NR_HEADS - 1);
    } while ( !head->next );

    for ( prev = head, e = head->next; e->next; e = e->next )
        prev = e;
    prev->next = NULL;

    return e;
}

static void put_chained(void *base, struct vhpt_entry *e)
{
    struct vhpt_info *vi = info(base);

    e->tag = VHPT_TAG_INVALID;
    e->next = vi->free;
    vi->free = e;
    vi->used--;
}

void vhpt_add(void *base, struct vhpt_entry *head, uint64_t pte, uint64_t itir, uint64_t tag)
{
    struct vhpt_entry *e = vhpt_find(head, tag);

    if ( e )
    {
        /* To the front: the walker sees no further. */
        if ( e != head )
        {
            e->pte = head->pte;
            e->itir = head->itir;
            e->tag = head->tag;
        }
        set_entry(head, pte, itir, tag);
        return;
    }

    if ( !(head->tag & VHPT_TAG_INVALID) )
    {
        /* The new one comes first; what was there, next. */
        e = get_chained(base);
        e->pte = head->pte;
        e->itir = head->itir;
        e->tag = head->tag;
        e->next = head->next;
        head->next = e;
    }
    else
        info(base)->used++;

    set_entry(head, pte, itir, tag);
}

bool vhpt_remove(void *base, struct vhpt_entry *head, uint64_t tag)
{
    struct vhpt_entry *e, *prev;

    if ( head->tag == tag )
    {
        e = head->next;
        if ( e )
        {
            set_entry(head, e->pte, e->itir, e->tag);
            head->next = e->next;
            put_chained(base, e);
        }
        else
        {
            head->tag = VHPT_TAG_INVALID;
            info(base)->used--;
        }
        return true;
    }

    for ( prev = head, e = head->next; e; prev = e, e = e->next )
    {
        if ( e->tag == tag )
        {
            prev->next = e->next;
            put_chained(base, e);
            return true;
        }
    }

    return false;
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
