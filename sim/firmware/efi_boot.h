/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Boot services (UEFI 2.0 chapters 6 and 8-12): what their parts share. The guest sees tables and
 * protocol structures in its own memory; everything else (handles, events, images, open files) is
 * host state, named to the guest by numbers that are looked up, never by host addresses.
 */
#ifndef SIM_FIRMWARE_EFI_BOOT_H
#define SIM_FIRMWARE_EFI_BOOT_H

#include "sim/firmware/efi.h"
#include "sim/firmware/fat.h"
#include "sim/cpu/cpu.h"
#include "sim/cpu/rse.h"

enum { TPL_APPLICATION = 4, TPL_CALLBACK = 8, TPL_NOTIFY = 16, TPL_HIGH = 31 };
enum { EFI_SERVICES_MAX = 160, EFI_CONTS_MAX = 64, EFI_DP_MAX = 1024 };

/* A service: status in, through arguments c->arg[]. */
typedef uint64_t (*efi_service)(struct fw_call *c);

/* --- calls into the guest: efi_call.c --- */
struct efi_cont;
/* What goes on when the guest function has returned `status`: sets c->ret, or calls the guest
 * again. */
typedef void (*efi_resume)(struct fw_call *c, struct efi_cont *k, uint64_t status);
/* What goes on when no notification is left to be called. */
typedef void (*efi_then)(struct fw_call *c, uint64_t arg);
/* A program that a notification function interrupts: all its registers (efi_interrupt.c). */
struct efi_interrupted {
    uint64_t ip, psr, br[8], ar[10];
    struct gr gr[32], bank[16];
    struct fr fr[128];
    uint8_t pr[72];
    struct rse_state rse;
    int64_t stall_until;
};
struct efi_cont {
    efi_resume resume;
    efi_then then;
    uint64_t arg, ret[4], tpl;
    /* The firmware's frame and registers, as a compiled firmware would have saved them. */
    struct cfm cfm;
    uint64_t ip, psr, b0, pfs, sp, gp, unat, lc, fpsr, pr, bsp, pfm, br[5];
    struct gr gr[4];
    struct fr fr[20];
    bool interrupts; /* ... or of an interrupted program, then without resume and the rest */
    struct efi_interrupted was;
};
/* Calls the function of descriptor fdesc with n <= 8 arguments when the handler is left; k->arg and
 * k->then are for the resume function. False: the descriptor cannot be read, or calls are nested
 * too deeply; nothing has happened. */
bool efi_call_guest(struct fw_call *c, uint64_t fdesc, const uint64_t *arg, unsigned n,
                    efi_resume resume, efi_then then, uint64_t karg);
/* Goes back to where call number n (0: outermost) was made from, as if its function returned
 * status. */
void efi_unwind(struct fw_call *c, unsigned n, uint64_t status);
/* Executes the current service again at modelled time `until`, or when there is console input. */
void efi_idle(struct fw_call *c, int64_t until);
void efi_call_build(struct firmware *fw);
void efi_call_free(struct firmware *fw);

/* --- handles and protocols: efi_handles.c --- */
struct efi_open {
    struct efi_open *next;
    uint64_t agent, controller;
    uint32_t attr, count;
};
struct efi_proto {
    struct efi_proto *next;
    struct efi_guid guid;
    uint64_t iface;
    struct efi_open *opens;
};
struct efi_handle {
    struct efi_handle *next;
    uint64_t id;
    struct efi_proto *protos;
};
struct efi_handle *efi_handle_find(struct firmware *fw, uint64_t id);
struct efi_proto *efi_proto_find(const struct efi_handle *h, const struct efi_guid *g);
/* Adds protocol g to *id (0: a new handle). EFI status. */
uint64_t efi_install(struct firmware *fw, uint64_t *id, const struct efi_guid *g, uint64_t iface);
uint64_t efi_uninstall(struct firmware *fw, uint64_t id, const struct efi_guid *g, uint64_t iface);
/* An agent goes away. */
void efi_close_agent(struct firmware *fw, uint64_t agent);

/* --- events: efi_events.c --- */
struct efi_event {
    struct efi_event *next;
    uint64_t id, fn, ctx, tpl, seq;
    uint32_t type;
    bool signaled, pending, grouped;
    struct efi_guid group;
    int64_t when, period;               /* INT64_MAX: no timer */
    bool (*ready)(struct firmware *fw); /* firmware's own NOTIFY_WAIT events */
};
struct efi_event *efi_event_find(struct firmware *fw, uint64_t id);
struct efi_event *efi_event_new(struct firmware *fw);
void efi_signal(struct firmware *fw, struct efi_event *e);
void efi_signal_exit(struct firmware *fw);
/* After boot services: what else was signalled is forgotten, and notification functions of
 * EVT_SIGNAL_VIRTUAL_ADDRESS_CHANGE are due, whatever the TPL was. */
void efi_signal_virtual(struct firmware *fw);
void efi_events_end(struct firmware *fw);
void efi_timers(struct firmware *fw, int64_t now);

/* --- the timer's interrupt: efi_interrupt.c --- */
/* Sets the interval timer to what is due first; masks it when nothing is. */
void efi_timer_arm(struct firmware *fw);
/* A notification function that was called by interruption has returned. */
void efi_interrupt_return(struct fw_call *c, const struct efi_cont *k);
/* Resets the machine when the watchdog timer has run out. */
void efi_watchdog(struct firmware *fw, int64_t now);
/* A program without an OS did what nobody is there to handle: says so and stops. */
void efi_stop(struct cpu *cpu, const char *why);

/* The event whose notification function is to be called next, above the current TPL; or NULL. */
struct efi_event *efi_event_due(struct firmware *fw);
/* Calls notification functions due above the current TPL, then `then` (may be NULL). */
void efi_dispatch(struct fw_call *c, efi_then then, uint64_t arg);

/* --- images: efi_image.c --- */
struct efi_image {
    struct efi_image *next;
    uint64_t handle, base, pages, entry, info, path; /* info: LoadedImage structure */
    uint64_t exit_size_at, exit_data_at, exit_data, exit_size;
    uint32_t code_type;
    uint16_t subsystem;
    bool started;
    unsigned cont;            /* number of the call that runs it */
    struct efi_image *parent; /* the running image before this one */
    struct pe_image *pe;      /* of a runtime driver that can be relocated ... */
    uint8_t *loaded;          /* ... and its memory as it was loaded; or NULL */
};
/* Makes an image of a file in memory. path: device path in guest memory, relative to device, or 0.
 */
uint64_t efi_image_load(struct firmware *fw, const void *file, size_t len, uint64_t parent,
                        uint64_t device, const uint8_t *path, struct efi_image **image,
                        const char **why);
void efi_image_options(struct firmware *fw, struct efi_image *i, const void *options,
                       uint32_t size);
/* Relocates runtime drivers' images to their virtual addresses (UEFI 2.1.1, 8.4). */
void efi_images_move(struct firmware *fw);
/* Starts it; `then` runs with status in c->ret[0] when it is over. */
bool efi_image_start(struct fw_call *c, struct efi_image *i, efi_then then, uint64_t arg);

/* --- memory: efi_memory.c --- */
uint64_t efi_pool_alloc(struct firmware *fw, uint32_t type, uint64_t size, uint64_t *addr);
uint64_t efi_pool_free(struct firmware *fw, uint64_t addr);
/* Zeroed boot services data; aborts the simulator's start when there is none: own structures only.
 */
uint64_t efi_boot_alloc(struct firmware *fw, size_t size);

/* --- console: efi_console.c --- */
void efi_console_build(struct firmware *fw);
bool efi_console_ready(struct firmware *fw);
void efi_console_say(
    struct firmware *fw,
    const char *text); /* a message of the firmware's own, to the guest's console */

/* --- disks: efi_block.c, efi_fs.c --- */
struct efi_disk {
    struct efi_disk *next;
    struct blk blk;        /* the whole disk */
    uint64_t first, count; /* this part of it */
    bool partition, removable;
    uint64_t handle, block_io, disk_io, media;
    void *image; /* of a directory: to be unmapped */
    size_t image_size;
};
struct efi_volume {
    struct efi_volume *next;
    struct efi_disk *disk;
    struct fat fat;
    uint64_t handle, sfs;
    struct efi_inode *inodes;
};
bool efi_disks_build(struct firmware *fw); /* false after a message */
void efi_disks_free(struct firmware *fw);
void efi_volume_try(struct firmware *fw, struct efi_disk *d);
void efi_volumes_free(struct firmware *fw);
struct efi_volume *efi_volume_find(struct firmware *fw, uint64_t handle);
/* A whole file by path ("\\EFI\\BOOT\\X.EFI"): malloced. */
uint64_t efi_volume_load(struct efi_volume *v, const uint16_t *path, uint8_t **data, size_t *len);

/* --- device paths: efi_devpath.c --- */
struct efi_dp {
    uint8_t data[EFI_DP_MAX];
    size_t len; /* with the end node */
};
void efi_dp_init(struct efi_dp *d);
bool efi_dp_add(struct efi_dp *d, unsigned type, unsigned subtype, const void *data, size_t len);
bool efi_dp_add_file(struct efi_dp *d, const uint16_t *path);
bool efi_dp_read(struct fw_call *c, uint64_t va, struct efi_dp *d); /* false: broken or too long */
bool efi_dp_valid(const uint8_t *p, size_t len, size_t *used);
uint64_t efi_dp_guest(struct firmware *fw,
                      const struct efi_dp *d); /* a copy in guest memory (pool) */
bool efi_dp_load(struct firmware *fw, uint64_t pa,
                 struct efi_dp *d); /* one that a protocol holds */
/* The handle with protocol g whose device path is the longest prefix of d; *rest: bytes matched. */
struct efi_handle *efi_dp_locate(struct firmware *fw, const struct efi_guid *g,
                                 const struct efi_dp *d, size_t *rest);
/* File path nodes joined; false: something else than files. */
bool efi_dp_file(const uint8_t *p, size_t len, uint16_t *path, size_t max);
void efi_devpath_build(struct firmware *fw);
void efi_collation_build(struct firmware *fw);

void efi_memory_build(struct firmware *fw);
void efi_memory_free(struct firmware *fw);
void efi_handles_free(struct firmware *fw);
void efi_images_free(struct firmware *fw);
void efi_console_free(struct firmware *fw);
void bootmgr_free(struct firmware *fw);

/* --- all of it --- */
struct efi_boot {
    uint64_t next_id, tpl, seq;
    uint64_t table; /* EFI_BOOT_SERVICES */
    struct {
        efi_service fn;
        const char *name;
    } svc[EFI_SERVICES_MAX];
    unsigned nsvc;
    struct efi_handle *handles;
    struct efi_event *events;
    struct efi_notify *notifies;
    struct efi_image *images, *running;
    struct efi_disk *disks;
    struct efi_volume *volumes;
    struct efi_file *files;
    struct pool_arena *arenas;
    struct efi_console *console;
    struct bootmgr *mgr;
    struct efi_cont cont[EFI_CONTS_MAX];
    unsigned nconts;
    uint64_t cont_entry;
    uint64_t file_fn[10], open_volume; /* descriptors of EFI_FILE's functions */
    uint64_t fw_handle;                /* the firmware itself as an agent */
    uint64_t monotonic;
    int64_t stall_until, watchdog, wait_until;
    bool waiting, exiting;
    bool timer_on;  /* the interval timer is the firmware's, and set */
    bool tpl_psr_i; /* psr.i from before RaiseTPL(TPL_HIGH_LEVEL) */
    struct event *timer;
};
static inline struct efi_boot *efi_bs(struct firmware *fw)
{
    return fw->boot;
}

/* A function descriptor for a service: what tables and protocols hold. */
uint64_t efi_service_new(struct firmware *fw, const char *name, efi_service fn);
/* A protocol structure: n functions from `at`. */
void efi_set64(struct firmware *fw, uint64_t pa, uint64_t v);
uint64_t efi_get64(struct firmware *fw, uint64_t pa);

/* Guest arguments; pointers of 0 are refused. */
bool efi_get(struct fw_call *c, uint64_t va, void *buf, size_t n);
bool efi_put(struct fw_call *c, uint64_t va, const void *buf, size_t n);
bool efi_put64(struct fw_call *c, uint64_t va, uint64_t v);
/* A terminated UCS-2 string of up to max characters with the terminator. */
bool efi_get_string(struct fw_call *c, uint64_t va, uint16_t *s, size_t max);
/* Argument number i, also beyond the eighth: those are on the memory stack. */
bool efi_arg(struct fw_call *c, unsigned i, uint64_t *v);

/* Services by file, for the table in efi_boot.c. */
#define EFI_SERVICE(name) uint64_t name(struct fw_call *c)
EFI_SERVICE(bs_raise_tpl);
EFI_SERVICE(bs_restore_tpl);
EFI_SERVICE(bs_allocate_pages);
EFI_SERVICE(bs_free_pages);
EFI_SERVICE(bs_get_memory_map);
EFI_SERVICE(bs_allocate_pool);
EFI_SERVICE(bs_free_pool);
EFI_SERVICE(bs_create_event);
EFI_SERVICE(bs_set_timer);
EFI_SERVICE(bs_wait_for_event);
EFI_SERVICE(bs_signal_event);
EFI_SERVICE(bs_close_event);
EFI_SERVICE(bs_check_event);
EFI_SERVICE(bs_install);
EFI_SERVICE(bs_reinstall);
EFI_SERVICE(bs_uninstall);
EFI_SERVICE(bs_handle_protocol);
EFI_SERVICE(bs_register_notify);
EFI_SERVICE(bs_locate_handle);
EFI_SERVICE(bs_locate_device_path);
EFI_SERVICE(bs_load_image);
EFI_SERVICE(bs_start_image);
EFI_SERVICE(bs_exit);
EFI_SERVICE(bs_unload_image);
EFI_SERVICE(bs_exit_boot_services);
EFI_SERVICE(bs_connect);
EFI_SERVICE(bs_disconnect);
EFI_SERVICE(bs_open_protocol);
EFI_SERVICE(bs_close_protocol);
EFI_SERVICE(bs_open_information);
EFI_SERVICE(bs_protocols_per_handle);
EFI_SERVICE(bs_locate_handle_buffer);
EFI_SERVICE(bs_locate_protocol);
EFI_SERVICE(bs_install_multiple);
EFI_SERVICE(bs_uninstall_multiple);
EFI_SERVICE(bs_create_event_ex);

extern const struct efi_guid efi_guid_loaded_image, efi_guid_device_path, efi_guid_text_in,
    efi_guid_text_out, efi_guid_block_io, efi_guid_disk_io, efi_guid_sfs, efi_guid_fpswa,
    efi_guid_driver_binding;

#endif
