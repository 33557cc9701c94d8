/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * grant_table_op, mostly with itself as the other domain.
 */
#include "calls.h"

#define GNT __HYPERVISOR_grant_table_op

static void status(const char *name, u64 op, void *arg, int16_t *where, long want)
{
    if (CALL(GNT, op, P(arg), 1) != 0)
        check(name, 0, last.result[0]);
    else
        check(name, want > 0 ? *where < 0 : *where == want, *where);
}
#define ANY_ERROR 1

void grant_cases(void)
{
    static xen_pfn_t frames[64];
    static struct gnttab_setup_table setup;
    static struct gnttab_map_grant_ref map;
    static struct gnttab_unmap_grant_ref unmap;
    static struct gnttab_copy copy;
    static struct gnttab_transfer transfer;
    static struct gnttab_query_size query;
    static struct gnttab_set_version version;
    static struct gnttab_get_version get_version;
    static struct gnttab_get_status_frames sf;
    static struct gnttab_swap_grant_ref swap;
    static struct gnttab_cache_flush flush;
    static struct xen_add_to_physmap a;
    static struct xen_remove_from_physmap rm;
    static struct xen_memory_reservation r;
    static xen_pfn_t at;
    grant_entry_v1_t *g = (void *)spare[4];

    memset(&map, 0, sizeof(map));
    memset(&copy, 0, sizeof(copy));
    a.idx = 0;
    setup.dom = DOMID_SELF;
    setup.nr_frames = 1;
    set_xen_guest_handle(setup.frame_list, frames);
    status("setup", GNTTABOP_setup_table, &setup, &setup.status, 0);
    setup.nr_frames = 0xffffffff;
    status("setup: too many frames", GNTTABOP_setup_table, &setup, &setup.status, ANY_ERROR);
    setup.nr_frames = 1;
    setup.dom = 0x777;
    status("setup: nobody", GNTTABOP_setup_table, &setup, &setup.status, ANY_ERROR);
    T("setup: two at once", ERROR, GNT, GNTTABOP_setup_table, P(&setup), 2);
    T("setup: none", ANY, GNT, GNTTABOP_setup_table, P(&setup), 0);
    for (u64 op = 0; op < 13; op++) {
        if (op == GNTTABOP_dump_table)
            continue;
        T("none of", ANY, GNT, op, 0, 0);
        T("too many of, nowhere", ERROR, GNT, op, 0, 0xffffffff);
        /* Transfers are an option of Xen's command line. */
        TF("one of, in Xen", op == GNTTABOP_transfer ? -XEN_EOPNOTSUPP : -XEN_EFAULT, HC_IC_OFF, 8,
           GNT, op, 0xf400000004000000, 1);
    }
    query.dom = DOMID_SELF;
    status("query", GNTTABOP_query_size, &query, &query.status, 0);
    get_version.dom = DOMID_SELF;
    T("version", 0, GNT, GNTTABOP_get_version, P(&get_version), 1);
    version.version = 7;
    T("version 7", ERROR, GNT, GNTTABOP_set_version, P(&version), 1);
    version.version = 2;
    T("version 2", ANY, GNT, GNTTABOP_set_version, P(&version), 1);
    sf.dom = DOMID_SELF;
    sf.nr_frames = 0xffffffff;
    set_xen_guest_handle(sf.frame_list, (uint64_t *)frames);
    status("status frames: too many", GNTTABOP_get_status_frames, &sf, &sf.status, ANY_ERROR);
    version.version = 1;
    T("version 1", 0, GNT, GNTTABOP_set_version, P(&version), 1);

    a.domid = DOMID_SELF;
    a.space = XENMAPSPACE_grant_table;
    a.gpfn = gfn(g);
    T("the table", 0, __HYPERVISOR_memory_op, XENMEM_add_to_physmap, P(&a));
    memset(spare[6], 0x11, 4096);
    memset(spare[7], 0x22, 4096);
    g[9].frame = gfn(spare[6]);
    g[9].domid = 0;
    g[9].flags = GTF_permit_access;
    copy.source.u.ref = 9;
    copy.source.domid = DOMID_SELF;
    copy.dest.u.gmfn = gfn(spare[7]);
    copy.dest.domid = DOMID_SELF;
    copy.source.offset = 1;
    copy.dest.offset = 3;
    copy.len = 100;
    copy.flags = GNTCOPY_source_gref;
    status("copy", GNTTABOP_copy, &copy, &copy.status, 0);
    check("copied",
          spare[7][2] == 0x22 && spare[7][3] == 0x11 && spare[7][102] == 0x11 &&
              spare[7][103] == 0x22,
          spare[7][3]);
    copy.len = 4096;
    status("copy across the page", GNTTABOP_copy, &copy, &copy.status, GNTST_bad_copy_arg);
    copy.len = 100;
    copy.source.u.ref = 0xffffffff;
    status("copy: no such grant", GNTTABOP_copy, &copy, &copy.status, GNTST_bad_gntref);
    copy.source.u.ref = 9;
    copy.dest.u.gmfn = 1UL << 52;
    status("copy to nowhere", GNTTABOP_copy, &copy, &copy.status, ANY_ERROR);
    copy.dest.u.gmfn = 0x4000;
    status("copy to Xen", GNTTABOP_copy, &copy, &copy.status, ANY_ERROR);
    copy.dest.u.gmfn = 0xfee00;
    status("copy to a device", GNTTABOP_copy, &copy, &copy.status, ANY_ERROR);
    copy.dest.u.gmfn = gfn(spare[7]);
    copy.flags = 0xffff;
    status("copy: flags", GNTTABOP_copy, &copy, &copy.status, ANY_ERROR);
    copy.flags = GNTCOPY_source_gref;
    copy.source.domid = 0x777;
    status("copy: nobody's", GNTTABOP_copy, &copy, &copy.status, GNTST_bad_domain);

    map.dom = 0;
    map.ref = 9;
    map.flags = GNTMAP_host_map;
    map.host_addr = phys(spare[12]);
    status("map over memory", GNTTABOP_map_grant_ref, &map, &map.status, ANY_ERROR);
    rm.domid = r.domid = DOMID_SELF;
    r.nr_extents = 1;
    set_xen_guest_handle(r.extent_start, &at);
    at = gfn(spare[12]);
    T("room", 1, __HYPERVISOR_memory_op, XENMEM_decrease_reservation, P(&r));
    status("map one's own", GNTTABOP_map_grant_ref, &map, &map.status, 0);
    check("map: is there", map.status == 0 && spare[12][50] == 0x11, spare[12][50]);
    unmap.host_addr = phys(spare[11]);
    unmap.handle = map.handle;
    status("unmap: not there", GNTTABOP_unmap_grant_ref, &unmap, &unmap.status, ANY_ERROR);
    unmap.host_addr = phys(spare[12]);
    status("unmap", GNTTABOP_unmap_grant_ref, &unmap, &unmap.status, 0);
    status("unmap again", GNTTABOP_unmap_grant_ref, &unmap, &unmap.status, ANY_ERROR);
    unmap.handle = 0xffffffff;
    status("unmap: bad handle", GNTTABOP_unmap_grant_ref, &unmap, &unmap.status, GNTST_bad_handle);
    for (u64 i = 0; i < 5; i++) {
        static const u64 where[] = {0xfee00000, 0x4000000, 1UL << 52, 1UL << 63, ~0UL - 4095};

        map.host_addr = where[i];
        map.status = 0;
        CALL(GNT, GNTTABOP_map_grant_ref, P(&map), 1);
        check("map at a bad address", i <= 1 || map.status < 0, map.status);
        if (map.status == 0) {
            unmap.host_addr = map.host_addr;
            unmap.handle = map.handle;
            status("unmap it", GNTTABOP_unmap_grant_ref, &unmap, &unmap.status, 0);
        }
    }
    map.host_addr = phys(spare[12]);
    map.status = 0;
    map.ref = 10;
    status("map: not granted", GNTTABOP_map_grant_ref, &map, &map.status, ANY_ERROR);
    map.ref = 0xffffffff;
    status("map: no such grant", GNTTABOP_map_grant_ref, &map, &map.status, GNTST_bad_gntref);
    map.ref = 9;
    map.flags = 0;
    status("map: nowhere", GNTTABOP_map_grant_ref, &map, &map.status, ANY_ERROR);
    map.flags = GNTMAP_device_map;
    status("map: for devices only", GNTTABOP_map_grant_ref, &map, &map.status, ANY_ERROR);
    map.flags = GNTMAP_host_map;
    map.dom = 0x777;
    status("map: nobody's", GNTTABOP_map_grant_ref, &map, &map.status, GNTST_bad_domain);
    /* A frame that is not its own, granted to itself. */
    map.dom = 0;
    for (u64 i = 0; i < 3; i++) {
        static const u64 frame[] = {0x4000, 0xfee00, 0xffffffff};

        g[9].frame = frame[i];
        status("map: a frame of others", GNTTABOP_map_grant_ref, &map, &map.status, ANY_ERROR);
    }
    g[9].flags = 0;

    transfer.mfn = gfn(spare[13]);
    transfer.domid = 0x777;
    T("transfer to nobody", ERROR, GNT, GNTTABOP_transfer, P(&transfer), 1);
    transfer.mfn = 1UL << 52;
    transfer.domid = 0;
    T("transfer of nothing", ERROR, GNT, GNTTABOP_transfer, P(&transfer), 1);
    swap.ref_a = 0xffffffff;
    status("swap", GNTTABOP_swap_grant_ref, &swap, &swap.status, ANY_ERROR);
    flush.op = GNTTAB_CACHE_CLEAN;
    flush.length = 64;
    flush.a.dev_bus_addr = phys(spare[13]);
    T("cache flush", ANY, GNT, GNTTABOP_cache_flush, P(&flush), 1);
    flush.length = 0xffff;
    T("cache flush: length", ANY, GNT, GNTTABOP_cache_flush, P(&flush), 1);
    T("unknown", ERROR, GNT, 99, P(&flush), 1);
    T("swap, unmap_and_replace", ANY, GNT, GNTTABOP_unmap_and_replace, P(&unmap), 1);

    for (int i = 0; i < 2; i++) {
        rm.gpfn = at = gfn(spare[i ? 12 : 4]);
        CALL(__HYPERVISOR_memory_op, XENMEM_remove_from_physmap, P(&rm));
        T("memory back where it was", 1, __HYPERVISOR_memory_op, XENMEM_populate_physmap, P(&r));
    }
}
