/* SPDX-License-Identifier: GPL-2.0-only
 *
 * As much of EFI as the loader calls (UEFI 2.0 chapters 4, 6, 7, 11, 12), laid out as in memory.
 * Function members are addresses of descriptors, called through efi_call().
 */
#ifndef LOADER_EFI_H
#define LOADER_EFI_H

typedef unsigned long u64;
typedef unsigned int u32;
typedef unsigned short u16;
typedef unsigned char u8;

typedef struct {
    u32 a;
    u16 b, c;
    u8 d[8];
} efi_guid;
struct header {
    u64 signature;
    u32 revision, size, crc32, reserved;
};
struct text_out {
    void *reset, *output_string;
};
struct boot_services {
    struct header h;
    void *raise_tpl, *restore_tpl;
    void *allocate_pages, *free_pages, *get_memory_map, *allocate_pool, *free_pool;
    void *create_event, *set_timer, *wait_for_event, *signal_event, *close_event, *check_event;
    void *install_protocol, *reinstall_protocol, *uninstall_protocol, *handle_protocol, *reserved;
    void *register_notify, *locate_handle, *locate_device_path, *install_table;
    void *load_image, *start_image, *exit, *unload_image, *exit_boot_services;
    void *monotonic, *stall, *watchdog;
};
struct config_table {
    efi_guid guid;
    void *table;
};
struct system_table {
    struct header h;
    u16 *vendor;
    u32 revision, pad;
    void *conin_handle, *conin, *conout_handle;
    struct text_out *conout;
    void *stderr_handle, *stderr_, *runtime;
    struct boot_services *boot;
    u64 ntables;
    struct config_table *tables;
};
struct loaded_image {
    u32 revision, pad;
    void *parent;
    struct system_table *systab;
    void *device, *file_path, *reserved;
    u32 options_size, pad2;
    u16 *options;
    void *base;
    u64 size;
};
struct file_system {
    u64 revision;
    void *open_volume;
};
struct file {
    u64 revision;
    void *open, *close, *delete, *read, *write, *get_position, *set_position, *get_info, *set_info,
        *flush;
};
struct memory_descriptor {
    u32 type, pad;
    u64 phys, virt, pages, attr;
};
enum { ALLOCATE_ANY, ALLOCATE_MAX, ALLOCATE_AT };
enum { LOADER_DATA = 2 };

u64 efi_call(void *descriptor, ...);
void linux_enter(u64 entry, void *boot_param) __attribute__((noreturn));

#endif
