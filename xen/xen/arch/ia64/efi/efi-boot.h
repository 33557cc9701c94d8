/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Architecture specific part of common/efi/boot.c, which includes it: where xen.cfg's words go, the image's final place, the way out of EFI.
 *
 * Runs with physical addresses, at whatever address the firmware chose; r13 is the firmware's, so that nothing here may ask for the
 * current vcpu or this_cpu(). What it leaves for start_xen() is in bootinfo, by value or by physical address.
 */
#include <asm/setup.h>

static paddr_t __initdata load_addr;            /* where we run now */
static UINTN __initdata image_size;

#define PE_BASE_RELOC_ABS   0
#define PE_BASE_RELOC_DIR64 10

struct pe_base_relocs {
    UINT32 rva;
    UINT32 size;
    UINT16 entries[];
};

void noreturn boot_enter(unsigned long pa);

/* Adds delta to every absolute word of the image at `base`. The table is found by the PE header, where we were loaded. */
static void __init apply_relocs(paddr_t base, unsigned long delta)
{
    const uint8_t *pe = (void *)(load_addr + *(uint32_t *)(load_addr + 0x3c));
    const uint32_t *dir = (void *)(pe + 24 + 112 + 5 * 8);
    const struct pe_base_relocs *r = (void *)(load_addr + dir[0]);
    const void *end = (const void *)r + dir[1];

    while ( (const void *)r < end && r->size )
    {
        unsigned int i, n = (r->size - sizeof(*r)) / sizeof(*r->entries);

        for ( i = 0; i < n; ++i )
        {
            uint64_t *word = (void *)(base + r->rva + (r->entries[i] & 0xfff));

            switch ( r->entries[i] >> 12 )
            {
            case PE_BASE_RELOC_ABS:
                break;
            case PE_BASE_RELOC_DIR64:
                *word += delta;
                break;
            default:
                blexit(L"Unsupported relocation type");
            }
        }
        r = (const void *)r + r->size;
    }
}

/* The firmware has done it; the way back is in efi_arch_post_exit_boot(). */
static void __init efi_arch_relocate_image(unsigned long delta)
{
}

static void __init efi_arch_load_addr_check(const EFI_LOADED_IMAGE *loaded_image)
{
    load_addr = (UINTN)loaded_image->ImageBase;
    image_size = _end - _start;
}

static bool __init efi_arch_use_config_file(EFI_SYSTEM_TABLE *SystemTable)
{
    bootinfo.systab = (UINTN)SystemTable;
    return true;
}

static void __init append(char *to, size_t room, const char *s)
{
    size_t len = strlen(to);

    if ( !s || !*s )
        return;
    if ( len && len + 1 < room )
        to[len++] = ' ';
    while ( *s && len + 1 < room )
        to[len++] = *s++;
    to[len] = 0;
    if ( *s )
        PrintStr(L"WARNING: command line too long, its end is lost\r\n");
}

/* Options of the configuration file first: later ones on the command line win. */
static void __init efi_arch_handle_cmdline(CHAR16 *image_name,
                                           CHAR16 *cmdline_options,
                                           const char *cfgfile_options)
{
    union string name;

    append(bootinfo.cmdline, sizeof(bootinfo.cmdline), cfgfile_options);
    if ( cmdline_options )
    {
        name.w = cmdline_options;
        w2s(&name);
        append(bootinfo.cmdline, sizeof(bootinfo.cmdline), name.s);
    }
}

static void __init efi_arch_handle_module(const struct file *file,
                                          const CHAR16 *name,
                                          const char *options)
{
    struct bootmodule *mod;

    if ( file == &kernel )
    {
        mod = &bootinfo.mod[BOOTMOD_KERNEL];
        append(bootinfo.dom0_cmdline, sizeof(bootinfo.dom0_cmdline), options);
    }
    else if ( file == &ramdisk )
        mod = &bootinfo.mod[BOOTMOD_RAMDISK];
    else if ( file == &xsm )
        mod = &bootinfo.mod[BOOTMOD_XSM];
    else
        return;

    mod->start = file->addr;
    mod->size = file->size;
}

static void __init efi_arch_cfg_file_early(const EFI_LOADED_IMAGE *image,
                                           EFI_FILE_HANDLE dir_handle,
                                           const char *section)
{
}

static void __init efi_arch_cfg_file_late(const EFI_LOADED_IMAGE *image,
                                          EFI_FILE_HANDLE dir_handle,
                                          const char *section)
{
}

static void __init efi_arch_console_init(UINTN cols, UINTN rows)
{
}

static void __init efi_arch_video_init(EFI_GRAPHICS_OUTPUT_PROTOCOL *gop,
                                       UINTN info_size,
                                       EFI_GRAPHICS_OUTPUT_MODE_INFORMATION *mode_info)
{
}

static void __init efi_arch_edid(EFI_HANDLE gop_handle)
{
}

static void __init efi_arch_edd(void)
{
}

static void __init efi_arch_cpu(void)
{
}

/* A guest's FPSWA is the machine's (IA-32 and floating-point handler specification). */
static void __init find_fpswa(void)
{
    static EFI_GUID __initdata guid = { 0xc41b6531, 0x97b9, 0x11d3,
                                        { 0x9a, 0x29, 0x00, 0x90, 0x27, 0x3f, 0xc1, 0x4d } };
    EFI_HANDLE handle;
    UINTN size = sizeof(handle);
    VOID *itf;

    if ( efi_bs->LocateHandle(ByProtocol, &guid, NULL, &size, &handle) == EFI_SUCCESS &&
         efi_bs->HandleProtocol(handle, &guid, &itf) == EFI_SUCCESS )
        bootinfo.fpswa = (UINTN)itf;
}

/* The image's place: a granule of ordinary memory, so that one translation is enough and its attribute is right. */
static void __init efi_arch_memory_setup(void)
{
    static EFI_GUID __initdata sal_guid = SAL_SYSTEM_TABLE_GUID;
    static EFI_GUID __initdata hcdp_guid = { 0xf951938d, 0x620b, 0x42ef,
                                             { 0x82, 0x79, 0xa8, 0x4b, 0x79, 0x61, 0x78, 0x98 } };
    EFI_PHYSICAL_ADDRESS addr = 0, place;
    EFI_STATUS status;
    unsigned int i;

    for ( i = 0; i < efi_num_ct; ++i )
    {
        if ( match_guid(&sal_guid, &efi_ct[i].VendorGuid) )
            bootinfo.sal_systab = (UINTN)efi_ct[i].VendorTable;
        if ( match_guid(&hcdp_guid, &efi_ct[i].VendorGuid) )
            bootinfo.hcdp = (UINTN)efi_ct[i].VendorTable;
    }
    find_fpswa();

    status = efi_bs->AllocatePages(AllocateAnyPages, EfiLoaderData,
                                   PFN_UP(2 * XEN_IMAGE_SIZE), &addr);
    if ( EFI_ERROR(status) )
        PrintErrMesg(L"No memory for the hypervisor", status);

    place = (addr + XEN_IMAGE_SIZE - 1) & ~(XEN_IMAGE_SIZE - 1);
    if ( place != addr )
        efi_bs->FreePages(addr, PFN_DOWN(place - addr));
    if ( place + XEN_IMAGE_SIZE != addr + 2 * XEN_IMAGE_SIZE )
        efi_bs->FreePages(place + XEN_IMAGE_SIZE,
                          PFN_DOWN(addr + XEN_IMAGE_SIZE - place));
    bootinfo.image = place;
}

static void *__init efi_arch_allocate_mmap_buffer(UINTN map_size)
{
    void *ptr = NULL;

    if ( efi_bs->AllocatePool(EfiLoaderData, map_size, &ptr) != EFI_SUCCESS )
        return NULL;
    return ptr;
}

static void __init efi_arch_process_memory_map(EFI_SYSTEM_TABLE *SystemTable,
                                               void *map, UINTN map_size,
                                               UINTN desc_size, UINT32 desc_ver)
{
    if ( map_size > sizeof(bootinfo.memmap) )
        blexit(L"EFI's memory map is too large");
    memcpy(bootinfo.memmap, map, map_size);
    bootinfo.memmap_size = map_size;
    bootinfo.memdesc_size = desc_size;
    bootinfo.memdesc_ver = desc_ver;
}

/* Runtime services keep their physical addresses below Xen's windows. */
static UINT64 __init efi_arch_virtual_start(const EFI_MEMORY_DESCRIPTOR *desc)
{
    return desc->PhysicalStart +
           (desc->Attribute & EFI_MEMORY_WB ? DIRECTMAP_VIRT_START : UNCACHED_VIRT_START);
}

static void __init efi_arch_pre_exit_boot(void)
{
}

static void __init noreturn efi_arch_post_exit_boot(void)
{
    paddr_t to = bootinfo.image, p;

    xen_phys_start = to;
    bootinfo.acpi20 = efi.acpi20;
    bootinfo.smbios = efi.smbios;

    /* With the virtual addresses that SetVirtualAddressMap() was told. */
    memcpy(bootinfo.memmap, (void *)efi_memmap - DIRECTMAP_VIRT_START, bootinfo.memmap_size);
    efi_memmap = (void *)bootinfo.memmap - load_addr + XEN_VIRT_START;

    /* Everything that the image's words will say is final now. */
    memcpy((void *)to, (const void *)load_addr, image_size);
    apply_relocs(to, XEN_VIRT_START - load_addr);

    for ( p = to; p < to + image_size; p += 32 )
        asm volatile ( "fc.i %0" :: "r" (p) : "memory" );
    asm volatile ( ";; sync.i ;; srlz.i ;;" ::: "memory" );

    boot_enter(to);
}

static void __init efi_arch_blexit(void)
{
}

static void __init efi_arch_halt(void)
{
    for ( ; ; )
        asm volatile ( "hint @pause" );
}

static void __init efi_arch_flush_dcache_area(const void *vaddr, UINTN size)
{
}
