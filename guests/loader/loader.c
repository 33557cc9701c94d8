/* SPDX-License-Identifier: GPL-2.0-only
 *
 * A small EFI loader for Linux/ia64, installed as \EFI\BOOT\BOOTIA64.EFI: reads \elilo.conf
 * (image=, initrd=, append=, as ELILO's) from the device it was loaded from, loads an ELF kernel at
 * its physical addresses and enters it as the Linux/ia64 boot protocol says. Load options, when
 * there are any after the program's name, are appended to the command line.
 */
#include "efi.h"

static struct system_table *st;
static struct boot_services *bs;
static const efi_guid guid_loaded_image = {
    0x5b1b31a1, 0x9562, 0x11d2, {0x8e, 0x3f, 0, 0xa0, 0xc9, 0x69, 0x72, 0x3b}};
static const efi_guid guid_file_system = {
    0x964e5b22, 0x6459, 0x11d2, {0x8e, 0x39, 0, 0xa0, 0xc9, 0x69, 0x72, 0x3b}};
static const efi_guid guid_fpswa = {
    0xc41b6531, 0x97b9, 0x11d3, {0x9a, 0x29, 0, 0x90, 0x27, 0x3f, 0xc1, 0x4d}};

struct boot_param {
    u64 command_line, efi_systab, efi_memmap, efi_memmap_size, efi_memdesc_size;
    u32 efi_memdesc_version;
    u16 cols, rows, x, y;
    u32 pad;
    u64 fpswa, initrd_start, initrd_size;
};
struct elf_header {
    u8 ident[16];
    u16 type, machine;
    u32 version;
    u64 entry, phoff, shoff;
    u32 flags;
    u16 ehsize, phentsize, phnum;
};
struct elf_segment {
    u32 type, flags;
    u64 offset, vaddr, paddr, filesz, memsz, align;
};

void *memset(void *p, int c, u64 n)
{
    u8 *d = p;
    while (n--)
        *d++ = (u8)c;
    return p;
}
void *memcpy(void *to, const void *from, u64 n)
{
    u8 *d = to;
    const u8 *s = from;
    while (n--)
        *d++ = *s++;
    return to;
}

static void print(const char *s)
{
    u16 buf[128];
    unsigned n = 0;
    for (;; s++) {
        if (n > 120 || !*s) {
            buf[n] = 0;
            efi_call(st->conout->output_string, st->conout, buf);
            n = 0;
        }
        if (!*s)
            return;
        if (*s == '\n')
            buf[n++] = '\r';
        buf[n++] = (u8)*s;
    }
}
static void print_hex(u64 v)
{
    char s[19] = "0x";
    for (int i = 0; i < 16; i++)
        s[2 + i] = "0123456789abcdef"[v >> (60 - 4 * i) & 15];
    s[18] = 0;
    print(s);
}
/* Says what went wrong, with EFI's status, and gives it back. */
static u64 failed(const char *what, const char *name, u64 status)
{
    print("loader: ");
    print(what);
    print(" ");
    print(name);
    print(": EFI status ");
    print_hex(status);
    print("\n");
    return status;
}

/* --- files --- */
static struct file *root;

static u64 open_file(const char *name, struct file **f)
{
    u16 wide[256];
    unsigned n = 0;
    while (name[n] && n < 255) {
        wide[n] = name[n] == '/' ? '\\' : (u8)name[n];
        n++;
    }
    wide[n] = 0;
    return efi_call(root->open, root, f, wide, 1ul, 0ul);
}
static u64 file_size(struct file *f, u64 *size)
{
    u64 s = efi_call(f->set_position, f, ~0ul);
    if (!s)
        s = efi_call(f->get_position, f, size);
    if (!s)
        s = efi_call(f->set_position, f, 0ul);
    return s;
}
static u64 read_at(struct file *f, u64 pos, void *buf, u64 len)
{
    u64 got = len, s = efi_call(f->set_position, f, pos);
    if (!s)
        s = efi_call(f->read, f, &got, buf);
    return s ? s : got == len ? 0 : 0x8000000000000001ul; /* short: load error */
}
static u64 pages(u64 bytes)
{
    return (bytes + 4095) >> 12;
}

/* A whole file into fresh pages. */
static u64 load_file(const char *name, u64 *addr, u64 *size)
{
    struct file *f;
    u64 s = open_file(name, &f);
    if (s)
        return failed("open", name, s);
    s = file_size(f, size);
    *addr = 0xbffffffful; /* below 3 GiB */
    if (!s)
        s = efi_call(bs->allocate_pages, (u64)ALLOCATE_MAX, (u64)LOADER_DATA, pages(*size + 1),
                     addr);
    if (!s)
        s = read_at(f, 0, (void *)*addr, *size);
    efi_call(f->close, f);
    return s ? failed("read", name, s) : 0;
}

static u64 load_kernel(const char *name, u64 *entry)
{
    struct file *f;
    struct elf_header h;
    struct elf_segment seg[16];
    u64 s = open_file(name, &f), lo = ~0ul, hi = 0;
    if (s)
        return failed("open", name, s);
    s = read_at(f, 0, &h, sizeof h);
    if (s || h.ident[0] != 0x7f || h.ident[1] != 'E' || h.machine != 50 || h.type != 2 ||
        h.phnum > 16 || h.phentsize != sizeof seg[0])
        return failed("not an ia64 kernel:", name, s);
    s = read_at(f, h.phoff, seg, h.phnum * sizeof seg[0]);
    if (s)
        return failed("read", name, s);
    for (unsigned i = 0; i < h.phnum; i++) {
        if (seg[i].type != 1 || !seg[i].memsz)
            continue;
        if (seg[i].paddr < lo)
            lo = seg[i].paddr;
        if (seg[i].paddr + seg[i].memsz > hi)
            hi = seg[i].paddr + seg[i].memsz;
    }
    lo &= ~4095ul;
    if (lo >= hi)
        return failed("nothing to load in", name, 0x8000000000000001ul);
    s = efi_call(bs->allocate_pages, (u64)ALLOCATE_AT, (u64)LOADER_DATA, pages(hi - lo), &lo);
    if (s)
        return failed("no memory at the address of", name, s);
    for (unsigned i = 0; i < h.phnum && !s; i++) {
        if (seg[i].type != 1 || !seg[i].memsz)
            continue;
        s = read_at(f, seg[i].offset, (void *)seg[i].paddr, seg[i].filesz);
        memset((void *)(seg[i].paddr + seg[i].filesz), 0, seg[i].memsz - seg[i].filesz);
    }
    efi_call(f->close, f);
    if (s)
        return failed("read", name, s);
    for (unsigned i = 0; i < h.phnum; i++)
        if (seg[i].type == 1 && h.entry - seg[i].vaddr < seg[i].memsz)
            h.entry = h.entry - seg[i].vaddr + seg[i].paddr;
    *entry = h.entry;
    return 0;
}

/* --- configuration: lines key=value, value perhaps in quotes; # begins a comment --- */
static char image[256], initrd[256], append[2048];

static int key_is(const char *line, const char *key, const char **value)
{
    while (*key)
        if (*line++ != *key++)
            return 0;
    while (*line == ' ' || *line == '\t')
        line++;
    if (*line++ != '=')
        return 0;
    while (*line == ' ' || *line == '\t' || *line == '"')
        line++;
    *value = line;
    return 1;
}
static void take(char *to, unsigned room, const char *value, const char *end)
{
    unsigned n = 0;
    while (end > value && (end[-1] == ' ' || end[-1] == '"' || end[-1] == '\r'))
        end--;
    while (value < end && n < room - 1)
        to[n++] = *value++;
    to[n] = 0;
}
static void parse(const char *p, const char *end)
{
    while (p < end) {
        const char *eol = p, *value;
        while (eol < end && *eol != '\n')
            eol++;
        while (p < eol && (*p == ' ' || *p == '\t'))
            p++;
        if (key_is(p, "image", &value) && !image[0])
            take(image, sizeof image, value, eol);
        else if (key_is(p, "initrd", &value) && !initrd[0])
            take(initrd, sizeof initrd, value, eol);
        else if (key_is(p, "append", &value) && !append[0])
            take(append, sizeof append, value, eol);
        p = eol + 1;
    }
}
static void add_options(const struct loaded_image *li)
{
    unsigned n = 0, i = 0, count = li->options_size / 2;
    while (append[n])
        n++;
    if (n && n < sizeof append - 1)
        append[n++] = ' ';
    while (i < count && li->options[i] && li->options[i] != ' ') /* the program's own name */
        i++;
    for (; i < count && li->options[i] && n < sizeof append - 1; i++)
        append[n++] = (char)li->options[i];
    append[n] = 0;
}

u64 efi_main(void *handle, struct system_table *systab)
{
    struct loaded_image *li;
    struct file_system *fs;
    u64 s, entry = 0, conf, conf_size, addr, key, dsize, map_size;
    u32 dversion;
    struct boot_param *bp;

    st = systab;
    bs = st->boot;
    if ((s = efi_call(bs->handle_protocol, handle, &guid_loaded_image, &li)))
        return failed("no loaded image protocol", "", s);
    if ((s = efi_call(bs->handle_protocol, li->device, &guid_file_system, &fs)) ||
        (s = efi_call(fs->open_volume, fs, &root)))
        return failed("no file system on the boot device", "", s);
    if ((s = load_file("\\elilo.conf", &conf, &conf_size)))
        return s;
    ((char *)conf)[conf_size] = 0;
    parse((char *)conf, (char *)conf + conf_size);
    if (!image[0])
        return failed("\\elilo.conf: no", "image=", 0x800000000000000eul);
    add_options(li);
    print("loader: kernel ");
    print(image);
    if ((s = load_kernel(image, &entry)))
        return s;
    addr = 0xbffffffful;
    if ((s = efi_call(bs->allocate_pages, (u64)ALLOCATE_MAX, (u64)LOADER_DATA, 32ul, &addr)))
        return failed("no memory", "", s);
    bp = (void *)addr;
    memset(bp, 0, 32 * 4096);
    if (initrd[0]) {
        print(", initrd ");
        print(initrd);
        if ((s = load_file(initrd, &bp->initrd_start, &bp->initrd_size)))
            return s;
    }
    print("\n");
    bp->command_line = addr + 4096;
    memcpy((void *)bp->command_line, append, sizeof append);
    bp->efi_systab = (u64)st;
    bp->cols = 80;
    bp->rows = 25;
    u64 one = sizeof(void *);
    void *fpswa_handle;
    efi_guid guid = guid_fpswa;
    if (!efi_call(bs->locate_handle, 2ul, &guid, 0ul, &one, &fpswa_handle))
        efi_call(bs->handle_protocol, fpswa_handle, &guid, &bp->fpswa);

    /* The map must not change between GetMemoryMap and ExitBootServices: a second try is allowed.
     */
    bp->efi_memmap = addr + 2 * 4096;
    for (int i = 0; i < 3; i++) {
        map_size = 30 * 4096;
        if ((s = efi_call(bs->get_memory_map, &map_size, bp->efi_memmap, &key, &dsize, &dversion)))
            return failed("memory map", "", s);
        s = efi_call(bs->exit_boot_services, handle, key);
        if (!s)
            break;
    }
    if (s)
        return failed("ExitBootServices", "", s);
    bp->efi_memmap_size = map_size;
    bp->efi_memdesc_size = dsize;
    bp->efi_memdesc_version = dversion;
    linux_enter(entry, bp);
}
