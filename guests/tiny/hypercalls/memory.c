/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * memory_op: reservations, the physmap, resources.
 */
#include "calls.h"

#define MEM               __HYPERVISOR_memory_op
#define EXTENT(op, start) ((op) | (u64)(start) << 6)

static void reservations(void)
{
    static struct xen_memory_reservation r;
    static xen_pfn_t extent[16];
    static struct xen_memory_exchange ex;
    domid_t dom = DOMID_SELF;
    static const u64 bad_frame[] = {0,         0x4000,    0xfee00,   0xff5e0,
                                    1UL << 31, 1UL << 39, 1UL << 44, 1UL << 51,
                                    1UL << 52, 1UL << 63, ~0UL};

    T("current reservation", POSITIVE, MEM, XENMEM_current_reservation, P(&dom));
    T("maximum reservation", POSITIVE, MEM, XENMEM_maximum_reservation, P(&dom));
    T("maximum gpfn", POSITIVE, MEM, XENMEM_maximum_gpfn, P(&dom));
    T("maximum ram page", POSITIVE, MEM, XENMEM_maximum_ram_page, 0);
    dom = 0x1234;
    T("no such domain", -XEN_ESRCH, MEM, XENMEM_current_reservation, P(&dom));
    dom = DOMID_IO;
    T("DOMID_IO", -XEN_ESRCH, MEM, XENMEM_current_reservation, P(&dom));
    dom = DOMID_SELF;
    T("start extent of a command without", -XEN_EINVAL, MEM, EXTENT(XENMEM_current_reservation, 1),
      P(&dom));
    T("unknown", -XEN_ENOSYS, MEM, 63, 0);
    T("unknown, large", ANY, MEM, ~0UL, 0);

    /* A page goes and comes back. */
    memset(&r, 0, sizeof(r));
    r.domid = DOMID_SELF;
    set_xen_guest_handle(r.extent_start, extent);
    for (int i = 0; i < 16; i++)
        extent[i] = gfn(spare[i]);
    r.nr_extents = 16;
    memset(spare, 0x77, sizeof(spare));
    T("decrease", 16, MEM, XENMEM_decrease_reservation, P(&r));
    T("decrease again", 0, MEM, XENMEM_decrease_reservation, P(&r));
    T("a pointer to where nothing is", ANY, MEM, XENMEM_current_reservation, P(spare[3]));
    TF("a pointer to where nothing is, write", -XEN_EFAULT, 0, 8, __HYPERVISOR_xen_version,
       XENVER_capabilities, P(spare[3]));
    T("populate", 16, MEM, XENMEM_populate_physmap, P(&r));
    spare[7][5] = 3;
    check("populated pages can be used", *(volatile uint8_t *)&spare[7][5] == 3, spare[7][5]);
    for (int i = 0; i < 16; i++)
        extent[i] = gfn(spare[i]);
    T("populate what is there", ANY, MEM, XENMEM_populate_physmap, P(&r));

    r.nr_extents = 1;
    for (unsigned int i = 0; i < sizeof(bad_frame) / sizeof(bad_frame[0]); i++) {
        extent[0] = bad_frame[i];
        if (i != 0)
            T("decrease: not its frame", 0, MEM, XENMEM_decrease_reservation, P(&r));
        if (i >= 6)
            T("populate: a frame that cannot be", 0, MEM, XENMEM_populate_physmap, P(&r));
    }
    /* Extents: larger than the memory, than anything. */
    for (unsigned int order = 9; order < 80; order += 7) {
        extent[0] = 0;
        r.extent_order = order;
        T("decrease: extent order", 0, MEM, XENMEM_decrease_reservation, P(&r));
        T("populate: extent order", 0, MEM, XENMEM_populate_physmap, P(&r));
    }
    r.extent_order = 0;
    r.nr_extents = ~0UL;
    T("a huge number of extents", 0, MEM, XENMEM_decrease_reservation, P(&r));
    r.nr_extents = 1UL << 50;
    set_xen_guest_handle(r.extent_start, (xen_pfn_t *)0x1000);
    T("a huge number of extents, nowhere", 0, MEM, XENMEM_decrease_reservation, P(&r));
    T("start beyond the extents", ANY, MEM, EXTENT(XENMEM_decrease_reservation, 1UL << 57), P(&r));
    r.nr_extents = 5;
    T("start beyond the extents", 6, MEM, EXTENT(XENMEM_populate_physmap, 6), P(&r));
    for (unsigned int i = 0; i < hostile_count; i++) {
        set_xen_guest_handle(r.extent_start, (xen_pfn_t *)hostile[i].address);
        T("extents at a hostile address", 0, MEM, XENMEM_decrease_reservation, P(&r));
        T("extents at a hostile address", ANY, MEM, XENMEM_increase_reservation, P(&r));
    }
    r.domid = 77;
    T("decrease another's", 0, MEM, XENMEM_decrease_reservation, P(&r));

    memset(&ex, 0, sizeof(ex));
    T("exchange nothing", 0, MEM, XENMEM_exchange, P(&ex));
    ex.in.domid = ex.out.domid = DOMID_SELF;
    ex.in.nr_extents = ex.out.nr_extents = 1;
    set_xen_guest_handle(ex.in.extent_start, extent);
    set_xen_guest_handle(ex.out.extent_start, extent + 1);
    extent[0] = extent[1] = gfn(spare[0]);
    T("exchange", ANY, MEM, XENMEM_exchange, P(&ex));
    ex.nr_exchanged = ~0UL;
    T("exchange: too many done", ERROR, MEM, XENMEM_exchange, P(&ex));
    ex.nr_exchanged = 0;
    ex.in.nr_extents = ~0UL >> 1;
    ex.in.extent_order = 63;
    T("exchange: too much", ERROR, MEM, XENMEM_exchange, P(&ex));
}

static void physmap(void)
{
    static struct xen_add_to_physmap a;
    static struct xen_remove_from_physmap rm;
    static struct xen_add_to_physmap_batch b;
    static xen_ulong_t idx[8];
    static xen_pfn_t at[8], populated;
    static int errs[8];
    static struct xen_memory_reservation r;
    static const u64 bad_frame[] = {1UL << 32, 1UL << 38, 1UL << 44, 1UL << 52, 1UL << 63, ~0UL};
    static const uint16_t spaces[] = {XENMAPSPACE_gmfn_foreign, 6, 99, 0xffff};

    a = (struct xen_add_to_physmap){.domid = DOMID_SELF, .space = XENMAPSPACE_shared_info};
    a.gpfn = gfn(spare[8]);
    T("shared info", 0, MEM, XENMEM_add_to_physmap, P(&a));
    check("shared info is there", ((struct shared_info *)spare[8])->wc_version != 0, 0);
    a.gpfn = gfn(spare[9]);
    T("shared info elsewhere", 0, MEM, XENMEM_add_to_physmap, P(&a));
    a.idx = 1;
    T("shared info 1", -XEN_EINVAL, MEM, XENMEM_add_to_physmap, P(&a));
    a.idx = 0;
    for (unsigned int i = 2; i < sizeof(bad_frame) / sizeof(bad_frame[0]); i++) {
        a.gpfn = bad_frame[i];
        T("shared info where nothing can be", ERROR, MEM, XENMEM_add_to_physmap, P(&a));
    }
    rm.domid = DOMID_SELF;
    rm.gpfn = gfn(spare[9]);
    T("take it away", 0, MEM, XENMEM_remove_from_physmap, P(&rm));
    T("take it away again", ERROR, MEM, XENMEM_remove_from_physmap, P(&rm));
    for (unsigned int i = 0; i < sizeof(bad_frame) / sizeof(bad_frame[0]); i++) {
        rm.gpfn = bad_frame[i];
        T("take away what cannot be", ERROR, MEM, XENMEM_remove_from_physmap, P(&rm));
    }
    a.gpfn = gfn(spare[9]);
    for (unsigned int i = 0; i < sizeof(spaces) / sizeof(spaces[0]); i++) {
        a.space = spaces[i];
        T("a space that there is not", ERROR, MEM, XENMEM_add_to_physmap, P(&a));
    }
    a.space = XENMAPSPACE_grant_table;
    a.idx = 0;
    T("grant frame 0", 0, MEM, XENMEM_add_to_physmap, P(&a));
    a.idx = 0xffffffff;
    T("grant frame beyond", ERROR, MEM, XENMEM_add_to_physmap, P(&a));
    a.idx = ~0UL;
    T("grant frame -1", ERROR, MEM, XENMEM_add_to_physmap, P(&a));
    a.idx = 1UL << 31;
    T("grant status frame beyond", ERROR, MEM, XENMEM_add_to_physmap, P(&a));
    rm.gpfn = gfn(spare[9]);
    T("grant frame away", ANY, MEM, XENMEM_remove_from_physmap, P(&rm));
    a.space = XENMAPSPACE_gmfn;
    for (unsigned int i = 0; i < sizeof(bad_frame) / sizeof(bad_frame[0]); i++) {
        a.idx = bad_frame[i];
        T("a frame that is not", ERROR, MEM, XENMEM_add_to_physmap, P(&a));
    }
    /* A page moves, and back. */
    memset(spare[10], 0x5e, 4096);
    a.idx = gfn(spare[10]);
    a.gpfn = gfn(spare[9]);
    T("a page moves", 0, MEM, XENMEM_add_to_physmap, P(&a));
    check("and its contents", spare[9][100] == 0x5e, spare[9][100]);
    a.gpfn = 1UL << 50;
    a.idx = gfn(spare[9]);
    T("a page moves to where nothing can be", ERROR, MEM, XENMEM_add_to_physmap, P(&a));
    check("and is still there",
          CALL(__HYPERVISOR_xen_version, XENVER_capabilities, P(spare[9])) == 0, 0);
    a.gpfn = gfn(spare[9]);
    T("a page to itself", ANY, MEM, XENMEM_add_to_physmap, P(&a));
    a.domid = 0x2345;
    T("another's physmap", -XEN_ESRCH, MEM, XENMEM_add_to_physmap, P(&a));
    a.domid = DOMID_SELF;
    a.space = XENMAPSPACE_gmfn_foreign;
    T("foreign, not by batch", ERROR, MEM, XENMEM_add_to_physmap, P(&a));

    b = (struct xen_add_to_physmap_batch){
        .domid = DOMID_SELF, .space = XENMAPSPACE_gmfn_foreign, .size = 1};
    set_xen_guest_handle(b.idxs, idx);
    set_xen_guest_handle(b.gpfns, at);
    set_xen_guest_handle(b.errs, errs);
    b.u.foreign_domid = DOMID_SELF;
    at[0] = gfn(spare[8]);
    errs[0] = 77;
    T("foreign: oneself", ANY, MEM, XENMEM_add_to_physmap_batch, P(&b));
    b.u.foreign_domid = 0x3456;
    T("foreign: nobody", ANY, MEM, XENMEM_add_to_physmap_batch, P(&b));
    b.u.foreign_domid = DOMID_XEN;
    idx[0] = 0x4000;
    T("foreign: Xen", ANY, MEM, XENMEM_add_to_physmap_batch, P(&b));
    check("foreign: Xen's memory is not given", errs[0] < 0, errs[0]);
    b.size = 0;
    T("batch of none", 0, MEM, XENMEM_add_to_physmap_batch, P(&b));
    b.space = XENMAPSPACE_dev_mmio;
    b.u.foreign_domid = 0;
    b.size = 1;
    for (u64 mfn = 0; mfn < 3; mfn++) {
        static const u64 where[] = {0x4000, 0xfee00, 1UL << 52};

        idx[0] = where[mfn];
        T("a device where none is", ANY, MEM, XENMEM_add_to_physmap_batch, P(&b));
        /* Xen's memory, and a device that Xen emulates. */
        if (mfn < 2)
            check("it is not given", errs[0] < 0, errs[0]);
    }
    b.size = 0xffff;
    set_xen_guest_handle(b.idxs, (xen_ulong_t *)0xf400000004000000);
    T("batch at a hostile address", ACCESS_RIGHTS, MEM, XENMEM_add_to_physmap_batch, P(&b));
    b.space = XENMAPSPACE_gmfn;
    set_xen_guest_handle(b.idxs, idx);
    set_xen_guest_handle(b.gpfns, (xen_pfn_t *)(TINY_VIRT + 0x4000000 - 8));
    TF("batch across the end", ANY, HC_IC_OFF, 8, MEM, XENMEM_add_to_physmap_batch, P(&b));

    /* All of it as it was. */
    r.domid = DOMID_SELF;
    r.nr_extents = 1;
    set_xen_guest_handle(r.extent_start, &populated);
    for (int i = 0; i < 16; i++) {
        rm.gpfn = populated = gfn(spare[i]);
        if (i >= 8)
            CALL(MEM, XENMEM_remove_from_physmap, P(&rm));
        CALL(MEM, XENMEM_populate_physmap, P(&r));
    }
}

static void others(void)
{
    static struct xen_memory_map map;
    static struct xen_mem_acquire_resource res;
    static struct xen_memory_reservation claim;
    static struct xen_vnuma_topology_info vnuma;
    static xen_pfn_t list[4];

    map.nr_entries = 8;
    set_xen_guest_handle(map.buffer, (void *)spare);
    T("memory map", ERROR, MEM, XENMEM_memory_map, P(&map));
    T("machine memory map", ERROR, MEM, XENMEM_machine_memory_map, P(&map));
    T("sharing", 0, MEM, XENMEM_get_sharing_shared_pages, 0);
    T("pod target", ERROR, MEM, XENMEM_set_pod_target, P(spare));
    T("m2p list", ERROR, MEM, XENMEM_machphys_mfn_list, P(spare));
    T("reserved device memory", ERROR, MEM, XENMEM_reserved_device_memory_map, P(spare));
    T("access", ERROR, MEM, XENMEM_access_op, P(spare));
    T("paging", ERROR, MEM, XENMEM_paging_op, P(spare));
    T("sharing op", ERROR, MEM, XENMEM_sharing_op, P(spare));
    vnuma.domid = DOMID_SELF;
    T("vnuma", ERROR, MEM, XENMEM_get_vnumainfo, P(&vnuma));

    res = (struct xen_mem_acquire_resource){.domid = DOMID_SELF};
    res.type = XENMEM_resource_grant_table;
    res.nr_frames = 1;
    set_xen_guest_handle(res.frame_list, list);
    T("resource: one's own", ERROR, MEM, XENMEM_acquire_resource, P(&res));
    res.domid = 0x789;
    T("resource: nobody's", ERROR, MEM, XENMEM_acquire_resource, P(&res));
    res.domid = DOMID_IO;
    res.frame = ~0UL;
    T("resource: DOMID_IO", ERROR, MEM, XENMEM_acquire_resource, P(&res));
    res.pad = 1;
    T("resource: pad", -XEN_EINVAL, MEM, XENMEM_acquire_resource, P(&res));

    claim.domid = 0;
    claim.nr_extents = 1UL << 40;
    T("claim all", ERROR, MEM, XENMEM_claim_pages, P(&claim));
    claim.extent_order = 3;
    T("claim: order", -XEN_EINVAL, MEM, XENMEM_claim_pages, P(&claim));
    claim.extent_order = 0;
    claim.nr_extents = 0;
    T("claim nothing", 0, MEM, XENMEM_claim_pages, P(&claim));
}

void memory_cases(void)
{
    reservations();
    physmap();
    others();
}
