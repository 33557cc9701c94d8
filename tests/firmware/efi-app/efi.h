/* SPDX-License-Identifier: GPL-2.0-only
 *
 * What the test application needs of EFI (UEFI 2.0), written from the specification for this
 * program alone, so that the firmware's own headers are not tested against themselves.
 */
#ifndef EFI_APP_EFI_H
#define EFI_APP_EFI_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint64_t status;
typedef void *handle;
typedef uint16_t char16;
#define ERR(n)            (0x8000000000000000ull | (n))
#define OK                0ull
#define LOAD_ERROR        ERR(1)
#define INVALID_PARAMETER ERR(2)
#define UNSUPPORTED       ERR(3)
#define BAD_BUFFER_SIZE   ERR(4)
#define BUFFER_TOO_SMALL  ERR(5)
#define NOT_READY         ERR(6)
#define DEVICE_ERROR      ERR(7)
#define WRITE_PROTECTED   ERR(8)
#define OUT_OF_RESOURCES  ERR(9)
#define MEDIA_CHANGED     ERR(13)
#define NOT_FOUND         ERR(14)
#define ACCESS_DENIED     ERR(15)
#define NO_MAPPING        ERR(17)
#define ALREADY_STARTED   ERR(20)

struct guid {
    uint32_t a;
    uint16_t b, c;
    uint8_t d[8];
};
struct header {
    uint64_t signature;
    uint32_t revision, size, crc, reserved;
};
struct descriptor {
    uint32_t type, pad;
    uint64_t phys, virt, pages, attr;
};
struct etime {
    uint16_t year;
    uint8_t month, day, hour, minute, second, pad1;
    uint32_t ns;
    int16_t zone;
    uint8_t daylight, pad2;
};
struct key {
    uint16_t scan;
    char16 ch;
};
struct text_in {
    status (*reset)(struct text_in *, uint8_t);
    status (*read)(struct text_in *, struct key *);
    handle wait;
};
struct text_mode {
    int32_t max, mode, attribute, column, row;
    uint8_t visible;
};
struct text_out {
    status (*reset)(struct text_out *, uint8_t);
    status (*string)(struct text_out *, const char16 *);
    status (*test)(struct text_out *, const char16 *);
    status (*query)(struct text_out *, uint64_t, uint64_t *, uint64_t *);
    status (*set_mode)(struct text_out *, uint64_t);
    status (*attribute)(struct text_out *, uint64_t);
    status (*clear)(struct text_out *);
    status (*cursor)(struct text_out *, uint64_t, uint64_t);
    status (*enable_cursor)(struct text_out *, uint8_t);
    struct text_mode *mode;
};
typedef void (*notify)(handle event, void *ctx);
struct open_info {
    handle agent, controller;
    uint32_t attr, count;
};
struct boot {
    struct header h;
    uint64_t (*raise_tpl)(uint64_t);
    void (*restore_tpl)(uint64_t);
    status (*allocate_pages)(uint32_t, uint32_t, uint64_t, uint64_t *);
    status (*free_pages)(uint64_t, uint64_t);
    status (*memory_map)(uint64_t *, struct descriptor *, uint64_t *, uint64_t *, uint32_t *);
    status (*allocate_pool)(uint32_t, uint64_t, void *);
    status (*free_pool)(void *);
    status (*create_event)(uint32_t, uint64_t, notify, void *, handle *);
    status (*set_timer)(handle, uint32_t, uint64_t);
    status (*wait)(uint64_t, handle *, uint64_t *);
    status (*signal)(handle);
    status (*close_event)(handle);
    status (*check)(handle);
    status (*install)(handle *, const struct guid *, uint32_t, void *);
    status (*reinstall)(handle, const struct guid *, void *, void *);
    status (*uninstall)(handle, const struct guid *, void *);
    status (*handle_protocol)(handle, const struct guid *, void *);
    void *reserved;
    status (*register_notify)(const struct guid *, handle, void **);
    status (*locate_handle)(uint32_t, const struct guid *, void *, uint64_t *, handle *);
    status (*locate_path)(const struct guid *, uint8_t **, handle *);
    status (*install_table)(const struct guid *, void *);
    status (*load_image)(uint8_t, handle, void *, void *, uint64_t, handle *);
    status (*start_image)(handle, uint64_t *, char16 **);
    status (*exit)(handle, status, uint64_t, char16 *);
    status (*unload_image)(handle);
    status (*exit_boot)(handle, uint64_t);
    status (*monotonic)(uint64_t *);
    status (*stall)(uint64_t);
    status (*watchdog)(uint64_t, uint64_t, uint64_t, char16 *);
    status (*connect)(handle, handle *, void *, uint8_t);
    status (*disconnect)(handle, handle, handle);
    status (*open)(handle, const struct guid *, void *, handle, handle, uint32_t);
    status (*close)(handle, const struct guid *, handle, handle);
    status (*open_info)(handle, const struct guid *, struct open_info **, uint64_t *);
    status (*protocols)(handle, struct guid ***, uint64_t *);
    status (*handle_buffer)(uint32_t, const struct guid *, void *, uint64_t *, handle **);
    status (*locate_protocol)(const struct guid *, void *, void *);
    status (*install_many)(handle *, ...);
    status (*uninstall_many)(handle, ...);
    status (*crc32)(void *, uint64_t, uint32_t *);
    void (*copy)(void *, const void *, uint64_t);
    void (*set)(void *, uint64_t, uint8_t);
    status (*create_event_ex)(uint32_t, uint64_t, notify, const void *, const struct guid *,
                              handle *);
};
struct runtime {
    struct header h;
    status (*get_time)(struct etime *, void *);
    status (*set_time)(struct etime *);
    status (*get_wakeup)(uint8_t *, uint8_t *, struct etime *);
    status (*set_wakeup)(uint8_t, struct etime *);
    status (*set_virtual)(uint64_t, uint64_t, uint32_t, struct descriptor *);
    status (*convert)(uint64_t, void *);
    status (*get_variable)(const char16 *, const struct guid *, uint32_t *, uint64_t *, void *);
    status (*next_variable)(uint64_t *, char16 *, struct guid *);
    status (*set_variable)(const char16 *, const struct guid *, uint32_t, uint64_t, const void *);
    status (*monotonic)(uint32_t *);
    void (*reset)(uint32_t, status, uint64_t, void *);
    status (*update_capsule)(void *, uint64_t, uint64_t);
    status (*query_capsule)(void *, uint64_t, uint64_t *, uint32_t *);
    status (*query_variable)(uint32_t, uint64_t *, uint64_t *, uint64_t *);
};
struct config {
    struct guid guid;
    void *table;
};
struct system {
    struct header h;
    char16 *vendor;
    uint32_t revision, pad;
    handle conin_handle;
    struct text_in *conin;
    handle conout_handle;
    struct text_out *conout;
    handle stderr_handle;
    struct text_out *err;
    struct runtime *rt;
    struct boot *bs;
    uint64_t ntables;
    struct config *tables;
};
struct loaded {
    uint32_t revision;
    handle parent;
    struct system *st;
    handle device;
    uint8_t *path;
    void *reserved;
    uint32_t options_size;
    char16 *options;
    uint8_t *base;
    uint64_t size;
    uint32_t code, data;
    status (*unload)(handle);
};
struct media {
    uint32_t id;
    uint8_t removable, present, partition, readonly, caching;
    uint32_t block, align;
    uint64_t last;
};
struct block_io {
    uint64_t revision;
    struct media *media;
    status (*reset)(struct block_io *, uint8_t);
    status (*read)(struct block_io *, uint32_t, uint64_t, uint64_t, void *);
    status (*write)(struct block_io *, uint32_t, uint64_t, uint64_t, void *);
    status (*flush)(struct block_io *);
};
struct disk_io {
    uint64_t revision;
    status (*read)(struct disk_io *, uint32_t, uint64_t, uint64_t, void *);
    status (*write)(struct disk_io *, uint32_t, uint64_t, uint64_t, void *);
};
struct file {
    uint64_t revision;
    status (*open)(struct file *, struct file **, const char16 *, uint64_t, uint64_t);
    status (*close)(struct file *);
    status (*remove)(struct file *);
    status (*read)(struct file *, uint64_t *, void *);
    status (*write)(struct file *, uint64_t *, const void *);
    status (*get_pos)(struct file *, uint64_t *);
    status (*set_pos)(struct file *, uint64_t);
    status (*get_info)(struct file *, const struct guid *, uint64_t *, void *);
    status (*set_info)(struct file *, const struct guid *, uint64_t, void *);
    status (*flush)(struct file *);
};
struct fs {
    uint64_t revision;
    status (*open)(struct fs *, struct file **);
};
struct file_info {
    uint64_t size, file_size, physical;
    struct etime created, accessed, modified;
    uint64_t attr;
    char16 name[256];
};
struct collation {
    int64_t (*stricoll)(struct collation *, const char16 *, const char16 *);
    uint8_t (*match)(struct collation *, const char16 *, const char16 *);
    void (*lower)(struct collation *, char16 *);
    void (*upper)(struct collation *, char16 *);
    void (*from_fat)(struct collation *, uint64_t, const char *, char16 *);
    uint8_t (*to_fat)(struct collation *, const char16 *, uint64_t, char *);
    char *languages;
};
struct binding {
    status (*supported)(struct binding *, handle, void *);
    status (*start)(struct binding *, handle, void *);
    status (*stop)(struct binding *, handle, uint64_t, handle *);
    uint32_t version;
    handle image, self;
};

extern const struct guid g_loaded, g_path, g_block, g_disk, g_fs, g_in, g_out, g_collation,
    g_binding, g_info, g_fsinfo, g_label, g_test, g_test2, g_fpswa, g_totext;

/* The application's state and its small library: app.c. */
extern handle self;
extern struct system *st;
extern struct boot *bs;
extern struct runtime *rt;
extern struct loaded *me;
extern bool have_disk;
void say(const char *fmt, ...); /* %s %d %x only */
void check(bool good, const char *what, uint64_t got, unsigned line);
#define CHECK(cond) check(cond, #cond, 0, __LINE__)
#define EXPECT(call, st)                                                                           \
    do {                                                                                           \
        status got_ = (call);                                                                      \
        check(got_ == (st), #call " == " #st, got_, __LINE__);                                     \
    } while (0)
bool option(char letter);
bool same(const void *a, const void *b, size_t n);
size_t length(const char16 *s);
void *memset(void *p, int v, size_t n);
void *memcpy(void *to, const void *from, size_t n);
uint64_t preserved_check(void *fn, uint64_t a0, uint64_t a1);

/* The groups. */
void t_tables(void), t_memory(void), t_events(void), t_async(void), t_handles(void),
    t_drivers(void), t_images(void), t_misc(void), t_console(void), t_blocks(void), t_files(void),
    t_variables(void), t_time(void), t_exit(void);
status child(void);
void virtual_prepare(void), virtual_test(void);
void async_prepare(void), async_check(void); /* around ExitBootServices */
uint64_t async_psr(void), async_itc(void), async_itv(void), async_irr(void);
void async_mask(void), async_unmask(void);
/* A copy of the application in memory, loaded: subsystem 10 application, 11 and 12 drivers. */
handle load_self(unsigned subsystem, const char16 *options);
status change_driver(void);
void change_prepare(void);
/* SetVirtualAddressMap: all at its physical address | window. */
void change_call(uint64_t size, uint64_t dsize, struct descriptor *map, uint64_t window);

#endif
