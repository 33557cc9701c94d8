/* SPDX-License-Identifier: GPL-2.0-only
 *
 * SimpleFileSystem and File (UEFI 12.4, 12.5) on FAT volumes.
 */
#include <stdlib.h>
#include <time.h>
#include "sim/firmware/efi_boot.h"

const struct efi_guid efi_guid_sfs = {
    0x964e5b22, 0x6459, 0x11d2, {0x8e, 0x39, 0, 0xa0, 0xc9, 0x69, 0x72, 0x3b}};
static const struct efi_guid guid_file_info = {
    0x09576e92, 0x6d3f, 0x11d2, {0x8e, 0x39, 0, 0xa0, 0xc9, 0x69, 0x72, 0x3b}};
static const struct efi_guid guid_fs_info = {
    0x09576e93, 0x6d3f, 0x11d2, {0x8e, 0x39, 0, 0xa0, 0xc9, 0x69, 0x72, 0x3b}};
static const struct efi_guid guid_label = {
    0xdb47d7d3, 0xfe81, 0x11d3, {0x9a, 0x35, 0, 0x90, 0x27, 0x3f, 0xc1, 0x4d}};

#define MODE_READ   1ull
#define MODE_WRITE  2ull
#define MODE_CREATE 0x8000000000000000ull
enum { PATH_MAX_UCS2 = 1024, CHUNK = 65536, ATTR_VALID = 0x37 };

/* One file, however often it is open. */
struct efi_inode {
    struct efi_inode *next;
    struct fat_node node;
    unsigned refs;
    bool deleted;
};
struct efi_file {
    struct efi_file *next;
    struct efi_volume *vol;
    struct efi_inode *inode;
    uint64_t at; /* its EFI_FILE_PROTOCOL */
    uint64_t mode, pos;
    uint32_t dirpos;
};

struct file_info { /* EFI_FILE_INFO without the name */
    uint64_t size, file_size, physical_size;
    struct efi_time created, accessed, modified;
    uint64_t attr;
};
_Static_assert(sizeof(struct file_info) == 80, "UEFI 12.5");
struct fs_info { /* EFI_FILE_SYSTEM_INFO without the label: its name starts inside C's padding */
    uint64_t size;
    uint8_t readonly, pad[7];
    uint64_t volume_size, free;
    uint32_t block_size;
};
enum { FS_INFO_SIZE = 36 };

/* --- time --- */
static struct efi_time time_out(struct fat_time t)
{
    struct efi_time e = {.timezone = 0x7ff};
    if (!t.date)
        return e;
    e.year = (uint16_t)(1980 + (t.date >> 9));
    e.month = t.date >> 5 & 15;
    e.day = t.date & 31;
    e.hour = (uint8_t)(t.time >> 11);
    e.minute = t.time >> 5 & 63;
    e.second = (uint8_t)((t.time & 31) * 2);
    return e;
}
/* false: zero, which means "leave it as it is", or nonsense (*bad). */
static bool time_in(const struct efi_time *e, struct fat_time *t, bool *bad)
{
    static const struct efi_time zero;
    if (!memcmp(e, &zero, sizeof zero))
        return false;
    if (e->year < 1980 || e->year > 2107 || !e->month || e->month > 12 || !e->day || e->day > 31 ||
        e->hour > 23 || e->minute > 59 || e->second > 59) {
        *bad = true;
        return false;
    }
    t->date = (uint16_t)((e->year - 1980) << 9 | e->month << 5 | e->day);
    t->time = (uint16_t)(e->hour << 11 | e->minute << 5 | e->second / 2);
    return true;
}
static void set_now(struct firmware *fw, struct fat *f)
{
    uint32_t ns;
    time_t s = (time_t)board_time(fw->b, &ns);
    struct tm tm;
    gmtime_r(&s, &tm);
    if (tm.tm_year >= 80 && tm.tm_year <= 207) {
        f->now.date = (uint16_t)((tm.tm_year - 80) << 9 | (tm.tm_mon + 1) << 5 | tm.tm_mday);
        f->now.time = (uint16_t)(tm.tm_hour << 11 | tm.tm_min << 5 | tm.tm_sec / 2);
    }
}

/* --- paths --- */

/* Follows path from `from` (a directory): components between backslashes, "." and "..". With last,
 * stops before the last component and answers it there (empty: there was none). */
static uint64_t walk(struct fat *f, const struct fat_node *from, const uint16_t *path,
                     struct fat_node *n, uint16_t *last)
{
    uint16_t part[FAT_NAME_MAX + 1];
    *n = *from;
    if (*path == '\\')
        fat_root(f, n);
    if (last)
        last[0] = 0;
    for (;;) {
        unsigned len = 0;
        while (*path == '\\')
            path++;
        if (!*path)
            return EFI_SUCCESS;
        for (; *path && *path != '\\'; path++) {
            if (len == FAT_NAME_MAX)
                return EFI_NOT_FOUND;
            part[len++] = *path;
        }
        part[len] = 0;
        if (!(n->attr & FAT_DIR))
            return EFI_NOT_FOUND;
        if (len == 1 && part[0] == '.')
            continue;
        struct fat_node dir = *n;
        uint64_t st;
        if (len == 2 && part[0] == '.' && part[1] == '.') {
            if ((st = fat_parent(f, &dir, n)) != EFI_SUCCESS)
                return st;
            continue;
        }
        const uint16_t *rest = path;
        while (*rest == '\\')
            rest++;
        if (last && !*rest) {
            memcpy(last, part, (len + 1) * 2);
            return EFI_SUCCESS;
        }
        if ((st = fat_lookup(f, &dir, part, n)) != EFI_SUCCESS)
            return st;
    }
}

uint64_t efi_volume_load(struct efi_volume *v, const uint16_t *path, uint8_t **data, size_t *len)
{
    struct fat_node root, n;
    fat_root(&v->fat, &root);
    uint64_t st = walk(&v->fat, &root, path, &n, NULL);
    if (st != EFI_SUCCESS)
        return st;
    if (n.attr & FAT_DIR)
        return EFI_NOT_FOUND;
    *data = malloc(n.size ? n.size : 1);
    if (!*data)
        return EFI_OUT_OF_RESOURCES;
    st = fat_read(&v->fat, &n, 0, *data, n.size, len);
    if (st != EFI_SUCCESS) {
        free(*data);
        *data = NULL;
    }
    return st;
}

/* --- open files --- */

static struct efi_file *this_file(struct fw_call *c)
{
    for (struct efi_file *f = efi_bs(c->b->fw)->files; f; f = f->next)
        if (f->at == c->arg[0])
            return f;
    return NULL;
}
static struct efi_inode *inode_get(struct efi_volume *v, const struct fat_node *n)
{
    for (struct efi_inode *i = v->inodes; i; i = i->next)
        if (!i->deleted && i->node.root == n->root &&
            (n->root || (i->node.dir == n->dir && i->node.slot == n->slot))) {
            i->refs++;
            return i;
        }
    struct efi_inode *i = calloc(1, sizeof *i);
    if (!i)
        abort();
    i->node = *n;
    i->refs = 1;
    i->next = v->inodes;
    return v->inodes = i;
}
static void inode_put(struct efi_volume *v, struct efi_inode *i)
{
    struct efi_inode **pp = &v->inodes;
    if (--i->refs)
        return;
    while (*pp != i)
        pp = &(*pp)->next;
    *pp = i->next;
    free(i);
}

static uint64_t file_new(struct fw_call *c, struct efi_volume *v, const struct fat_node *n,
                         uint64_t mode, uint64_t out)
{
    struct efi_boot *bs = efi_bs(c->b->fw);
    uint64_t at, st = efi_pool_alloc(c->b->fw, EFI_BS_DATA, 88, &at);
    if (st != EFI_SUCCESS)
        return st;
    efi_set64(c->b->fw, at, 0x00010000);
    for (unsigned i = 0; i < 10; i++)
        efi_set64(c->b->fw, at + 8 + i * 8, bs->file_fn[i]);
    struct efi_file *f = calloc(1, sizeof *f);
    if (!f)
        abort();
    *f = (struct efi_file){bs->files, v, inode_get(v, n), at, mode, 0, 0};
    bs->files = f;
    return efi_put64(c, out, at) ? EFI_SUCCESS : EFI_INVALID_PARAMETER;
}
static void file_free(struct firmware *fw, struct efi_file *f)
{
    struct efi_file **pp = &efi_bs(fw)->files;
    while (*pp != f)
        pp = &(*pp)->next;
    *pp = f->next;
    inode_put(f->vol, f->inode);
    efi_pool_free(fw, f->at);
    free(f);
}

static uint64_t open_volume(struct fw_call *c)
{
    struct fat_node root;
    uint64_t probe;
    for (struct efi_volume *v = efi_bs(c->b->fw)->volumes; v; v = v->next) {
        if (v->sfs != c->arg[0])
            continue;
        if (!efi_get(c, c->arg[1], &probe, 8))
            return EFI_INVALID_PARAMETER;
        fat_root(&v->fat, &root);
        return file_new(c, v, &root, MODE_READ | (v->fat.readonly ? 0 : MODE_WRITE), c->arg[1]);
    }
    return EFI_INVALID_PARAMETER;
}

static uint64_t file_open(struct fw_call *c)
{
    struct efi_file *f = this_file(c);
    uint16_t path[PATH_MAX_UCS2], last[FAT_NAME_MAX + 1];
    uint64_t mode = c->arg[3], attr = c->arg[4], probe;
    struct fat_node dir, from, n;
    if (!f || !efi_get(c, c->arg[1], &probe, 8) ||
        !efi_get_string(c, c->arg[2], path, PATH_MAX_UCS2))
        return EFI_INVALID_PARAMETER;
    if (mode != MODE_READ && mode != (MODE_READ | MODE_WRITE) &&
        mode != (MODE_READ | MODE_WRITE | MODE_CREATE))
        return EFI_INVALID_PARAMETER;
    if (mode & MODE_CREATE && attr & ~(uint64_t)ATTR_VALID)
        return EFI_INVALID_PARAMETER;
    if (mode & MODE_WRITE && f->vol->fat.readonly)
        return EFI_WRITE_PROTECTED;
    struct fat *fat = &f->vol->fat;
    set_now(c->b->fw, fat);
    from = f->inode->node;
    uint64_t st;
    if (!(from.attr & FAT_DIR) && (st = fat_parent(fat, &from, &n)) == EFI_SUCCESS)
        from = n; /* a file: its directory */
    if ((st = walk(fat, &from, path, &dir, last)) != EFI_SUCCESS)
        return st;
    st = last[0] ? fat_lookup(fat, &dir, last, &n) : EFI_SUCCESS;
    if (!last[0])
        n = dir;
    if (st == EFI_NOT_FOUND && mode & MODE_CREATE) {
        if (!fat_name_valid(last))
            return EFI_INVALID_PARAMETER;
        /* The parent may be open with more known about it; only its chain can have grown, which is
         * on the disk. */
        st = fat_create(fat, &dir, last, (uint8_t)(attr & ATTR_VALID), &n);
    } else if (st == EFI_SUCCESS && mode & MODE_CREATE &&
               (!!(attr & FAT_DIR) != !!(n.attr & FAT_DIR)) && last[0]) {
        return EFI_ACCESS_DENIED;
    }
    if (st != EFI_SUCCESS)
        return st;
    if (mode == (MODE_READ | MODE_WRITE) && n.attr & FAT_RO && !(n.attr & FAT_DIR))
        return EFI_ACCESS_DENIED;
    return file_new(c, f->vol, &n, mode & ~MODE_CREATE, c->arg[1]);
}

static uint64_t file_close(struct fw_call *c)
{
    struct efi_file *f = this_file(c);
    if (!f)
        return EFI_INVALID_PARAMETER;
    uint64_t st = f->mode & MODE_WRITE ? fat_flush(&f->vol->fat) : EFI_SUCCESS;
    (void)st; /* Close has no error to tell */
    file_free(c->b->fw, f);
    return EFI_SUCCESS;
}

static uint64_t file_delete(struct fw_call *c)
{
    struct efi_file *f = this_file(c);
    if (!f)
        return EFI_INVALID_PARAMETER;
    uint64_t st = EFI_WRITE_PROTECTED;
    if (f->mode & MODE_WRITE && f->inode->refs == 1)
        st = fat_delete(&f->vol->fat, &f->inode->node);
    if (st == EFI_SUCCESS) {
        f->inode->deleted = true;
        fat_flush(&f->vol->fat);
    }
    file_free(c->b->fw, f); /* in any case */
    return st == EFI_SUCCESS ? st : 2 /* EFI_WARN_DELETE_FAILURE */;
}

/* --- information --- */

static size_t name_len(const uint16_t *s)
{
    size_t n = 0;
    while (s[n])
        n++;
    return n;
}
static uint64_t put_info(struct fw_call *c, struct fat *fat, const struct fat_node *n,
                         uint64_t size_at, uint64_t buf)
{
    uint64_t room, len = name_len(n->name), size = sizeof(struct file_info) + (len + 1) * 2;
    if (!efi_get(c, size_at, &room, 8) || !efi_put64(c, size_at, size))
        return EFI_INVALID_PARAMETER;
    if (room < size)
        return EFI_BUFFER_TOO_SMALL;
    uint64_t bytes = n->attr & FAT_DIR ? 0 : n->size;
    struct file_info i = {.size = size,
                          .file_size = bytes,
                          .physical_size = (bytes + fat->cluster_bytes - 1) / fat->cluster_bytes *
                                           fat->cluster_bytes,
                          .created = time_out(n->created),
                          .accessed = time_out(n->accessed),
                          .modified = time_out(n->modified),
                          .attr = n->attr & ATTR_VALID};
    return efi_put(c, buf, &i, sizeof i) && efi_put(c, buf + sizeof i, n->name, (len + 1) * 2)
               ? EFI_SUCCESS
               : EFI_INVALID_PARAMETER;
}

static uint64_t file_get_info(struct fw_call *c)
{
    struct efi_file *f = this_file(c);
    struct efi_guid g;
    uint64_t room;
    if (!f || !efi_get(c, c->arg[1], &g, sizeof g) || !efi_get(c, c->arg[2], &room, 8))
        return EFI_INVALID_PARAMETER;
    struct fat *fat = &f->vol->fat;
    if (!memcmp(&g, &guid_file_info, sizeof g))
        return put_info(c, fat, &f->inode->node, c->arg[2], c->arg[3]);
    uint16_t label[12];
    uint64_t st = fat_get_label(fat, label),
             head = !memcmp(&g, &guid_fs_info, sizeof g) ? FS_INFO_SIZE : 0;
    if (!head && memcmp(&g, &guid_label, sizeof g))
        return EFI_UNSUPPORTED;
    if (st != EFI_SUCCESS)
        return st;
    uint64_t size = head + (name_len(label) + 1) * 2, free_bytes = 0;
    if (!efi_put64(c, c->arg[2], size))
        return EFI_INVALID_PARAMETER;
    if (room < size)
        return EFI_BUFFER_TOO_SMALL;
    if (head) {
        if ((st = fat_free_bytes(fat, &free_bytes)) != EFI_SUCCESS)
            return st;
        struct fs_info i = {size,       fat->readonly,
                            {0},        (uint64_t)fat->nclusters * fat->cluster_bytes,
                            free_bytes, fat->cluster_bytes};
        if (!efi_put(c, c->arg[3], &i, FS_INFO_SIZE))
            return EFI_INVALID_PARAMETER;
    }
    return efi_put(c, c->arg[3] + head, label, size - head) ? EFI_SUCCESS : EFI_INVALID_PARAMETER;
}

static uint64_t set_file_info(struct fw_call *c, struct efi_file *f)
{
    struct fat *fat = &f->vol->fat;
    struct fat_node *n = &f->inode->node;
    struct file_info i;
    uint16_t name[FAT_NAME_MAX + 1];
    bool bad = false;
    uint64_t size = c->arg[2], st = EFI_SUCCESS;
    if (size < sizeof i + 2)
        return EFI_BAD_BUFFER_SIZE;
    if (!efi_get(c, c->arg[3], &i, sizeof i) || i.attr & ~(uint64_t)ATTR_VALID ||
        !efi_get_string(c, c->arg[3] + sizeof i, name,
                        (size - sizeof i) / 2 < FAT_NAME_MAX + 1 ? (size - sizeof i) / 2
                                                                 : FAT_NAME_MAX + 1))
        return EFI_INVALID_PARAMETER;
    if ((i.attr ^ n->attr) & FAT_DIR)
        return EFI_ACCESS_DENIED;
    if (fat->readonly)
        return EFI_WRITE_PROTECTED;
    struct fat_node old = *n;
    bool attr_only = i.file_size == n->size || n->attr & FAT_DIR;
    /* Sizes change only through a handle open for writing; attributes through any. */
    if (!attr_only && (!(f->mode & MODE_WRITE) || n->attr & FAT_RO))
        return EFI_ACCESS_DENIED;
    time_in(&i.created, &n->created, &bad);
    time_in(&i.accessed, &n->accessed, &bad);
    time_in(&i.modified, &n->modified, &bad);
    if (bad) {
        *n = old;
        return EFI_INVALID_PARAMETER;
    }
    struct fat_time modified = n->modified;
    if (name[0] && !n->root && memcmp(name, n->name, (name_len(name) + 1) * 2)) {
        if (!fat_name_valid(name) || !(f->mode & MODE_WRITE))
            st = !fat_name_valid(name) ? EFI_INVALID_PARAMETER : EFI_ACCESS_DENIED;
        else
            st = fat_rename(fat, n, name);
        if (st != EFI_SUCCESS) {
            *n = old;
            return st;
        }
        n->created = old.created;
        time_in(&i.created, &n->created, &bad);
        time_in(&i.accessed, &n->accessed, &bad);
    }
    if (!attr_only)
        st = fat_resize(fat, n, i.file_size);
    if (st == EFI_SUCCESS && !n->root) {
        n->attr = (uint8_t)i.attr;
        n->modified =
            attr_only || memcmp(&modified, &old.modified, sizeof modified) ? modified : n->modified;
        st = fat_update(fat, n);
    }
    return st;
}
static uint64_t file_set_info(struct fw_call *c)
{
    struct efi_file *f = this_file(c);
    struct efi_guid g;
    uint16_t label[13] = {0};
    if (!f || !efi_get(c, c->arg[1], &g, sizeof g) || !c->arg[3])
        return EFI_INVALID_PARAMETER;
    set_now(c->b->fw, &f->vol->fat);
    if (!memcmp(&g, &guid_file_info, sizeof g))
        return set_file_info(c, f);
    uint64_t head = !memcmp(&g, &guid_fs_info, sizeof g) ? FS_INFO_SIZE : 0;
    if (!head && memcmp(&g, &guid_label, sizeof g))
        return EFI_UNSUPPORTED;
    if (c->arg[2] < head + 2)
        return EFI_BAD_BUFFER_SIZE;
    if (!efi_get_string(c, c->arg[3] + head, label,
                        (c->arg[2] - head) / 2 < 13 ? (c->arg[2] - head) / 2 : 13))
        return EFI_INVALID_PARAMETER;
    return fat_set_label(&f->vol->fat, label);
}

/* --- contents --- */

static uint64_t file_read(struct fw_call *c)
{
    struct efi_file *f = this_file(c);
    uint64_t room, done = 0, st = EFI_SUCCESS;
    if (!f || !efi_get(c, c->arg[1], &room, 8))
        return EFI_INVALID_PARAMETER;
    if (f->inode->deleted)
        return EFI_DEVICE_ERROR;
    struct fat *fat = &f->vol->fat;
    if (f->inode->node.attr & FAT_DIR) {
        struct fat_node n;
        uint32_t pos = f->dirpos;
        st = fat_readdir(fat, &f->inode->node, &pos, true, &n);
        if (st == EFI_NOT_FOUND)
            return efi_put64(c, c->arg[1], 0) ? EFI_SUCCESS : EFI_INVALID_PARAMETER;
        if (st == EFI_SUCCESS && n.root) /* ".." of a first-level directory */
            n.name[0] = n.name[1] = '.', n.name[2] = 0;
        if (st == EFI_SUCCESS && (st = put_info(c, fat, &n, c->arg[1], c->arg[2])) == EFI_SUCCESS)
            f->dirpos = pos;
        return st;
    }
    if (f->pos > f->inode->node.size)
        return EFI_DEVICE_ERROR;
    uint8_t *buf = malloc(CHUNK);
    if (!buf)
        abort();
    while (done < room && st == EFI_SUCCESS) {
        size_t n = room - done < CHUNK ? (size_t)(room - done) : CHUNK, got;
        st = fat_read(fat, &f->inode->node, f->pos, buf, n, &got);
        if (st != EFI_SUCCESS || !got)
            break;
        if (!efi_put(c, c->arg[2] + done, buf, got))
            st = EFI_INVALID_PARAMETER;
        f->pos += got;
        done += got;
    }
    free(buf);
    return st == EFI_SUCCESS && !efi_put64(c, c->arg[1], done) ? EFI_INVALID_PARAMETER : st;
}

static uint64_t file_write(struct fw_call *c)
{
    struct efi_file *f = this_file(c);
    uint64_t size, done = 0, st = EFI_SUCCESS;
    if (!f || !efi_get(c, c->arg[1], &size, 8) || (size && !c->arg[2]))
        return EFI_INVALID_PARAMETER;
    if (f->inode->node.attr & FAT_DIR)
        return EFI_UNSUPPORTED;
    if (f->inode->deleted)
        return EFI_DEVICE_ERROR;
    if (!(f->mode & MODE_WRITE))
        return EFI_ACCESS_DENIED;
    set_now(c->b->fw, &f->vol->fat);
    uint8_t *buf = malloc(CHUNK);
    if (!buf)
        abort();
    while (done < size && st == EFI_SUCCESS) {
        size_t n = size - done < CHUNK ? (size_t)(size - done) : CHUNK;
        if (!efi_get(c, c->arg[2] + done, buf, n))
            st = EFI_INVALID_PARAMETER;
        else
            st = fat_write(&f->vol->fat, &f->inode->node, f->pos, buf, n);
        if (st == EFI_SUCCESS) {
            f->pos += n;
            done += n;
        }
    }
    free(buf);
    return efi_put64(c, c->arg[1], done) ? st : EFI_INVALID_PARAMETER;
}

static uint64_t file_get_position(struct fw_call *c)
{
    struct efi_file *f = this_file(c);
    if (!f)
        return EFI_INVALID_PARAMETER;
    if (f->inode->node.attr & FAT_DIR)
        return EFI_UNSUPPORTED;
    return efi_put64(c, c->arg[1], f->pos) ? EFI_SUCCESS : EFI_INVALID_PARAMETER;
}
static uint64_t file_set_position(struct fw_call *c)
{
    struct efi_file *f = this_file(c);
    if (!f)
        return EFI_INVALID_PARAMETER;
    if (f->inode->node.attr & FAT_DIR) {
        if (c->arg[1])
            return EFI_UNSUPPORTED;
        f->dirpos = 0;
        return EFI_SUCCESS;
    }
    f->pos = c->arg[1] == UINT64_MAX ? f->inode->node.size : c->arg[1];
    return EFI_SUCCESS;
}
static uint64_t file_flush(struct fw_call *c)
{
    struct efi_file *f = this_file(c);
    if (!f)
        return EFI_INVALID_PARAMETER;
    return f->mode & MODE_WRITE ? fat_flush(&f->vol->fat) : EFI_ACCESS_DENIED;
}

/* --- volumes --- */

struct efi_volume *efi_volume_find(struct firmware *fw, uint64_t handle)
{
    for (struct efi_volume *v = efi_bs(fw)->volumes; v; v = v->next)
        if (v->handle == handle)
            return v;
    return NULL;
}

static uint64_t open_volume_fn(struct firmware *fw)
{
    static const struct {
        const char *name;
        efi_service fn;
    } fn[10] = {{"File.Open", file_open},
                {"File.Close", file_close},
                {"File.Delete", file_delete},
                {"File.Read", file_read},
                {"File.Write", file_write},
                {"File.GetPosition", file_get_position},
                {"File.SetPosition", file_set_position},
                {"File.GetInfo", file_get_info},
                {"File.SetInfo", file_set_info},
                {"File.Flush", file_flush}};
    struct efi_boot *bs = efi_bs(fw);
    if (!bs->open_volume) {
        for (unsigned i = 0; i < 10; i++)
            bs->file_fn[i] = efi_service_new(fw, fn[i].name, fn[i].fn);
        bs->open_volume = efi_service_new(fw, "OpenVolume", open_volume);
    }
    return bs->open_volume;
}

void efi_volume_try(struct firmware *fw, struct efi_disk *d)
{
    struct efi_volume *v = calloc(1, sizeof *v), **pp = &efi_bs(fw)->volumes;
    if (!v)
        abort();
    uint64_t st = fat_mount(&v->fat, &d->blk, d->first, d->count);
    if (st != EFI_SUCCESS) {
        if (st == EFI_VOLUME_CORRUPTED)
            efi_console_say(fw, "EFI: a disk has a damaged FAT file system; it is left out\n");
        free(v);
        return;
    }
    while (*pp)
        pp = &(*pp)->next;
    *pp = v;
    v->disk = d;
    v->handle = d->handle;
    v->sfs = efi_boot_alloc(fw, 16);
    efi_set64(fw, v->sfs, 0x00010000);
    efi_set64(fw, v->sfs + 8, open_volume_fn(fw));
    efi_install(fw, &v->handle, &efi_guid_sfs, v->sfs);
}

void efi_volumes_free(struct firmware *fw)
{
    for (struct efi_file *f = efi_bs(fw)->files, *n; f; f = n) {
        n = f->next;
        free(f);
    }
    for (struct efi_volume *v = efi_bs(fw)->volumes, *n; v; v = n) {
        n = v->next;
        for (struct efi_inode *i = v->inodes, *in; i; i = in) {
            in = i->next;
            free(i);
        }
        free(v);
    }
}
