/* SPDX-License-Identifier: GPL-2.0-only
 *
 * FAT volumes: directories, short and long names. See fat.h.
 */
#include <stdio.h>
#include <string.h>
#include "sim/firmware/fat.h"

enum { ENTRY = 32, DIR_MAX = 65536, LFN_CHARS = 13, LFN_MAX = 20 };
enum { ATTR_LFN = 0x0f };

static uint16_t le16(const uint8_t *p)
{
    return (uint16_t)(p[0] | p[1] << 8);
}
static void put16(uint8_t *p, uint32_t v)
{
    p[0] = (uint8_t)v;
    p[1] = (uint8_t)(v >> 8);
}

/* --- names --- */

uint16_t fat_upper(uint16_t c)
{
    if ((c >= 'a' && c <= 'z') || (c >= 0xe0 && c <= 0xfe && c != 0xf7) ||
        (c >= 0x3b1 && c <= 0x3c9 && c != 0x3c2) || (c >= 0x430 && c <= 0x44f))
        return (uint16_t)(c - 32);
    return c;
}
bool fat_name_equal(const uint16_t *a, const uint16_t *b)
{
    while (*a && fat_upper(*a) == fat_upper(*b))
        a++, b++;
    return fat_upper(*a) == fat_upper(*b);
}
bool fat_name_valid(const uint16_t *name)
{
    unsigned n = 0, dots = 0;
    for (; name[n]; n++) {
        uint16_t c = name[n];
        if (n >= FAT_NAME_MAX || c < 32 || (c < 128 && strchr("\"*/:<>?\\|", c)))
            return false;
        dots += c == '.';
    }
    return n && dots != n && name[n - 1] != ' ' && name[n - 1] != '.';
}

static uint8_t short_checksum(const uint8_t *s)
{
    uint8_t sum = 0;
    for (unsigned i = 0; i < 11; i++)
        sum = (uint8_t)(((sum & 1) << 7) + (sum >> 1) + s[i]);
    return sum;
}

static bool short_char(uint16_t c)
{
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c > 32 && c < 127 && strchr("$%'-_@~`!(){}^#&", c));
}
/* Is name an 8.3 name as it stands (upper case)? Then its form in the entry. */
static bool plain_short(const uint16_t *name, uint8_t s[11])
{
    unsigned i = 0, k = 0;
    memset(s, ' ', 11);
    for (; name[i] && name[i] != '.'; i++) {
        if (i == 8 || !short_char(name[i]))
            return false;
        s[i] = (uint8_t)name[i];
    }
    if (!i)
        return false;
    if (name[i] == '.') {
        for (i++; name[i]; i++, k++) {
            if (k == 3 || !short_char(name[i]))
                return false;
            s[8 + k] = (uint8_t)name[i];
        }
        return k > 0;
    }
    return true;
}
/* The basis-name with a numeric tail (specification: "The Basis-Name Generation Algorithm"). */
static void made_short(const uint16_t *name, unsigned number, uint8_t s[11])
{
    char tail[12];
    unsigned n = 0, dot = 0, len = 0;
    while (name[len])
        len++;
    for (unsigned i = 1; i < len; i++)
        if (name[i] == '.')
            dot = i;
    int t = snprintf(tail, sizeof tail, "~%u", number);
    memset(s, ' ', 11);
    for (unsigned i = 0; i < (dot ? dot : len) && n < 8 - (unsigned)t; i++) {
        uint16_t c = fat_upper(name[i]);
        if (c != ' ' && c != '.')
            s[n++] = short_char(c) ? (uint8_t)c : '_';
    }
    memcpy(s + n, tail, (unsigned)t);
    n = 0;
    for (unsigned i = dot + 1; dot && i < len && n < 3; i++) {
        uint16_t c = fat_upper(name[i]);
        if (c != ' ')
            s[8 + n++] = short_char(c) ? (uint8_t)c : '_';
    }
}

/* The name of a short entry; byte 12 says whose case to lower. */
static void short_name(const uint8_t *e, uint16_t *name)
{
    unsigned n = 0, end = 8, ext = 3;
    while (end && e[end - 1] == ' ')
        end--;
    while (ext && e[8 + ext - 1] == ' ')
        ext--;
    for (unsigned i = 0; i < end; i++) {
        uint8_t c = i == 0 && e[0] == 0x05 ? 0xe5 : e[i];
        name[n++] = e[12] & 8 && c >= 'A' && c <= 'Z' ? c + 32 : c;
    }
    if (ext)
        name[n++] = '.';
    for (unsigned i = 0; i < ext; i++)
        name[n++] = e[12] & 16 && e[8 + i] >= 'A' && e[8 + i] <= 'Z' ? e[8 + i] + 32 : e[8 + i];
    name[n] = 0;
}

/* --- entries --- */

void fat_root(const struct fat *f, struct fat_node *n)
{
    memset(n, 0, sizeof *n);
    n->root = true;
    n->attr = FAT_DIR;
    n->data.first = f->type == 32 ? f->root_cluster : 0;
}
static void node_of_dir(const struct fat *f, uint32_t dir, struct fat_node *n)
{
    fat_root(f, n);
    if (dir) {
        n->root = false;
        n->data.first = dir;
    }
}

/* Reads or writes entry `slot`. EFI_NOT_FOUND: the directory ends before it. */
static uint64_t entry_io(struct fat *f, struct fat_node *dir, uint32_t slot, uint8_t e[ENTRY],
                         bool write)
{
    uint64_t at;
    if (slot >= DIR_MAX)
        return EFI_NOT_FOUND;
    if (dir->root && f->type != 32) {
        if (slot >= f->root_entries)
            return EFI_NOT_FOUND;
        at = f->root_at + (uint64_t)slot * ENTRY;
    } else {
        uint64_t off = (uint64_t)slot * ENTRY;
        if (!dir->data.first)
            return EFI_VOLUME_CORRUPTED;
        uint64_t st = fat_chain_seek(f, &dir->data, (uint32_t)(off / f->cluster_bytes));
        if (st != EFI_SUCCESS)
            return st;
        at = fat_cluster_at(f, dir->data.cluster) + off % f->cluster_bytes;
    }
    return fat_io(f, at, e, ENTRY, write);
}

static void node_of_entry(const struct fat *f, const struct fat_node *dir, const uint8_t *e,
                          uint32_t slot, struct fat_node *n)
{
    n->root = false;
    n->attr = e[11] & 0x3f;
    n->size = le16(e + 28) | (uint32_t)le16(e + 30) << 16;
    n->data =
        (struct fat_chain){le16(e + 26) | (f->type == 32 ? (uint32_t)le16(e + 20) << 16 : 0), 0, 0};
    n->created = (struct fat_time){le16(e + 16), le16(e + 14)};
    n->accessed = (struct fat_time){le16(e + 18), 0};
    n->modified = (struct fat_time){le16(e + 24), le16(e + 22)};
    n->dir = dir->root ? 0 : dir->data.first;
    n->slot = slot;
}

uint64_t fat_readdir(struct fat *f, const struct fat_node *d, uint32_t *pos, bool dots,
                     struct fat_node *n)
{
    struct fat_node dir = *d;
    uint16_t lfn[LFN_MAX * LFN_CHARS + 1];
    unsigned expect = 0, total = 0; /* entries of the long name to come, and in all */
    uint8_t sum = 0, e[ENTRY];
    if (!(d->attr & FAT_DIR))
        return EFI_INVALID_PARAMETER;
    for (;; ++*pos) {
        uint64_t st = entry_io(f, &dir, *pos, e, false);
        if (st != EFI_SUCCESS)
            return st;
        if (!e[0])
            return EFI_NOT_FOUND;
        if (e[0] == 0xe5) {
            total = 0;
            continue;
        }
        if ((e[11] & 0x3f) == ATTR_LFN) {
            unsigned k = e[0] & 0x1f;
            if (e[0] & 0x40 && k >= 1 && k <= LFN_MAX) {
                total = expect = k;
                sum = e[13];
                memset(lfn, 0, sizeof lfn);
            }
            if (!total || k != expect || e[13] != sum) { /* an orphan */
                total = 0;
                continue;
            }
            static const uint8_t at[LFN_CHARS] = {1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30};
            for (unsigned i = 0; i < LFN_CHARS; i++)
                lfn[(k - 1) * LFN_CHARS + i] = le16(e + at[i]);
            expect--;
            continue;
        }
        if (e[11] & FAT_VOLUME || (e[0] == '.' && !dots)) {
            total = 0;
            continue;
        }
        memset(n, 0, sizeof *n);
        node_of_entry(f, &dir, e, *pos, n);
        n->nslots = 1;
        short_name(e, n->name);
        if (total && !expect && sum == short_checksum(e)) {
            unsigned len = 0;
            while (len < total * LFN_CHARS && lfn[len])
                len++;
            if (len && len <= FAT_NAME_MAX) {
                memcpy(n->name, lfn, len * 2);
                n->name[len] = 0;
                n->nslots = total + 1;
            }
        }
        ++*pos;
        /* ".." of a directory in the root is cluster 0 */
        if (n->attr & FAT_DIR && e[0] == '.' && e[1] == '.' && !n->data.first)
            fat_root(f, n);
        return EFI_SUCCESS;
    }
}

/* The entry is sound: a directory has a chain; a file's chain is as long as its size wants. */
static uint64_t node_check(struct fat *f, const struct fat_node *n)
{
    uint32_t length;
    if (n->root)
        return EFI_SUCCESS;
    uint64_t st = fat_chain_check(f, n->data.first, &length);
    if (st != EFI_SUCCESS)
        return st;
    if (n->attr & FAT_DIR)
        return length ? EFI_SUCCESS : EFI_VOLUME_CORRUPTED;
    return (uint64_t)length * f->cluster_bytes >= n->size ? EFI_SUCCESS : EFI_VOLUME_CORRUPTED;
}

uint64_t fat_lookup(struct fat *f, const struct fat_node *dir, const uint16_t *name,
                    struct fat_node *n)
{
    struct fat_node d = *dir;
    uint32_t pos = 0;
    uint64_t st;
    if (d.attr & FAT_DIR && (st = node_check(f, &d)) != EFI_SUCCESS)
        return st;
    while ((st = fat_readdir(f, &d, &pos, false, n)) == EFI_SUCCESS) {
        uint16_t s[16];
        uint8_t e[ENTRY];
        if (fat_name_equal(n->name, name))
            return node_check(f, n);
        if (n->nslots > 1) { /* its short name serves too */
            if ((st = entry_io(f, &d, n->slot, e, false)) != EFI_SUCCESS)
                return st;
            short_name(e, s);
            if (fat_name_equal(s, name))
                return node_check(f, n);
        }
    }
    return st;
}

uint64_t fat_parent(struct fat *f, const struct fat_node *dir, struct fat_node *n)
{
    if (dir->root)
        return EFI_NOT_FOUND;
    /* Where the parent lies is in its own "." and "..": good enough to look things up in, and to go
     * further up. */
    struct fat_node up;
    node_of_dir(f, dir->dir, &up);
    if (!up.root) {
        uint32_t pos = 0;
        struct fat_node k;
        uint64_t st;
        static const uint16_t dotdot[] = u"..";
        while ((st = fat_readdir(f, &up, &pos, true, &k)) == EFI_SUCCESS)
            if (fat_name_equal(k.name, dotdot) || k.root)
                break;
        if (st != EFI_SUCCESS)
            return st == EFI_NOT_FOUND ? EFI_VOLUME_CORRUPTED : st;
        struct fat_node grand = k;
        if (grand.root)
            fat_root(f, &grand);
        if ((st = node_check(f, &grand)) != EFI_SUCCESS)
            return st;
        /* Its own entry there, by its cluster. */
        for (pos = 0; (st = fat_readdir(f, &grand, &pos, false, n)) == EFI_SUCCESS;)
            if (n->attr & FAT_DIR && n->data.first == up.data.first)
                return EFI_SUCCESS;
        return st == EFI_NOT_FOUND ? EFI_VOLUME_CORRUPTED : st;
    }
    *n = up;
    return EFI_SUCCESS;
}

/* --- writing --- */

uint64_t fat_update(struct fat *f, const struct fat_node *n)
{
    uint8_t e[ENTRY];
    struct fat_node dir;
    if (n->root)
        return EFI_SUCCESS;
    if (f->readonly)
        return EFI_WRITE_PROTECTED;
    node_of_dir(f, n->dir, &dir);
    uint64_t st = entry_io(f, &dir, n->slot, e, false);
    if (st != EFI_SUCCESS)
        return st == EFI_NOT_FOUND ? EFI_VOLUME_CORRUPTED : st;
    uint32_t size = n->attr & FAT_DIR ? 0 : n->size;
    e[11] = n->attr;
    put16(e + 14, n->created.time);
    put16(e + 16, n->created.date);
    put16(e + 18, n->accessed.date);
    put16(e + 20, f->type == 32 ? n->data.first >> 16 : 0);
    put16(e + 22, n->modified.time);
    put16(e + 24, n->modified.date);
    put16(e + 26, n->data.first);
    put16(e + 28, size);
    put16(e + 30, size >> 16);
    return entry_io(f, &dir, n->slot, e, true);
}

/* A run of `want` unused entries, the directory made longer if need be. */
static uint64_t find_free(struct fat *f, struct fat_node *dir, uint32_t want, uint32_t *first)
{
    uint32_t run = 0, slot = 0;
    uint8_t e[ENTRY];
    uint64_t st;
    while (run < want) {
        st = entry_io(f, dir, slot, e, false);
        if (st == EFI_NOT_FOUND) {
            if ((dir->root && f->type != 32) || slot >= DIR_MAX)
                return EFI_VOLUME_FULL;
            uint32_t length;
            if ((st = fat_chain_check(f, dir->data.first, &length)) != EFI_SUCCESS ||
                (st = fat_chain_extend(f, &dir->data, length, length + 1)) != EFI_SUCCESS ||
                (st = fat_chain_seek(f, &dir->data, length)) != EFI_SUCCESS)
                return st;
            static const uint8_t zero[BLK_SECTOR];
            for (uint32_t i = 0; i < f->cluster_bytes; i += BLK_SECTOR)
                if ((st = fat_io(f, fat_cluster_at(f, dir->data.cluster) + i,
                                 (void *)(uintptr_t)zero, BLK_SECTOR, true)) != EFI_SUCCESS)
                    return st;
            continue;
        }
        if (st != EFI_SUCCESS)
            return st;
        run = !e[0] || e[0] == 0xe5 ? run + 1 : 0;
        slot++;
    }
    *first = slot - want;
    return EFI_SUCCESS;
}

static uint64_t short_exists(struct fat *f, struct fat_node *dir, const uint8_t *s, bool *yes)
{
    uint8_t e[ENTRY];
    uint64_t st;
    *yes = false;
    for (uint32_t i = 0; (st = entry_io(f, dir, i, e, false)) == EFI_SUCCESS && e[0]; i++)
        if (e[0] != 0xe5 && !(e[11] & FAT_VOLUME) && !memcmp(e, s, 11))
            *yes = true;
    return st == EFI_NOT_FOUND ? EFI_SUCCESS : st;
}

/* Writes the entries for name, with the short one's remaining bytes from e. */
static uint64_t add_entries(struct fat *f, struct fat_node *dir, const uint16_t *name,
                            uint8_t e[ENTRY], struct fat_node *n)
{
    unsigned len = 0, nlong = 0;
    uint64_t st;
    uint32_t first;
    bool yes = false;
    while (name[len])
        len++;
    if (!plain_short(name, e)) {
        nlong = (len + LFN_CHARS - 1) / LFN_CHARS;
        unsigned k = 1;
        do {
            made_short(name, k, e);
            if ((st = short_exists(f, dir, e, &yes)) != EFI_SUCCESS)
                return st;
        } while (yes && ++k < 1000000);
        if (yes)
            return EFI_VOLUME_FULL;
    }
    if ((st = find_free(f, dir, nlong + 1, &first)) != EFI_SUCCESS)
        return st;
    for (unsigned k = nlong; k; k--) {
        static const uint8_t at[LFN_CHARS] = {1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30};
        uint8_t l[ENTRY] = {0};
        l[0] = (uint8_t)(k | (k == nlong ? 0x40 : 0));
        l[11] = ATTR_LFN;
        l[13] = short_checksum(e);
        for (unsigned i = 0; i < LFN_CHARS; i++) {
            unsigned c = (k - 1) * LFN_CHARS + i;
            put16(l + at[i], c < len ? name[c] : c == len ? 0 : 0xffff);
        }
        if ((st = entry_io(f, dir, first + nlong - k, l, true)) != EFI_SUCCESS)
            return st;
    }
    if ((st = entry_io(f, dir, first + nlong, e, true)) != EFI_SUCCESS)
        return st;
    memset(n, 0, sizeof *n);
    node_of_entry(f, dir, e, first + nlong, n);
    n->nslots = nlong + 1;
    memcpy(n->name, name, (len + 1) * 2);
    return EFI_SUCCESS;
}

static void stamp(const struct fat *f, uint8_t *e, uint8_t attr, uint32_t first)
{
    e[11] = attr;
    put16(e + 14, f->now.time);
    put16(e + 16, f->now.date);
    put16(e + 18, f->now.date);
    put16(e + 22, f->now.time);
    put16(e + 24, f->now.date);
    put16(e + 20, f->type == 32 ? first >> 16 : 0);
    put16(e + 26, first);
}

uint64_t fat_create(struct fat *f, const struct fat_node *d, const uint16_t *name, uint8_t attr,
                    struct fat_node *n)
{
    struct fat_node dir = *d;
    uint8_t e[ENTRY] = {0};
    struct fat_chain c = {0};
    uint64_t st;
    if (f->readonly)
        return EFI_WRITE_PROTECTED;
    if (!fat_name_valid(name) || !(d->attr & FAT_DIR))
        return EFI_INVALID_PARAMETER;
    st = fat_lookup(f, &dir, name, n);
    if (st != EFI_NOT_FOUND)
        return st == EFI_SUCCESS ? EFI_ACCESS_DENIED : st;
    attr &= FAT_RO | FAT_HIDDEN | FAT_SYSTEM | FAT_DIR | FAT_ARCHIVE;
    if (attr & FAT_DIR) {
        uint32_t up = dir.root ? 0 : dir.data.first;
        static const uint8_t zero[BLK_SECTOR];
        if ((st = fat_chain_extend(f, &c, 0, 1)) != EFI_SUCCESS)
            return st;
        uint64_t at = fat_cluster_at(f, c.first);
        for (uint32_t i = 0; i < f->cluster_bytes && st == EFI_SUCCESS; i += BLK_SECTOR)
            st = fat_io(f, at + i, (void *)(uintptr_t)zero, BLK_SECTOR, true);
        memcpy(e, ".          ", 11);
        stamp(f, e, FAT_DIR, c.first);
        if (st == EFI_SUCCESS)
            st = fat_io(f, at, e, ENTRY, true);
        e[1] = '.';
        stamp(f, e, FAT_DIR, up);
        if (st == EFI_SUCCESS)
            st = fat_io(f, at + ENTRY, e, ENTRY, true);
        memset(e, 0, sizeof e);
    }
    stamp(f, e, attr, c.first);
    if (st == EFI_NOT_FOUND || st == EFI_SUCCESS)
        st = add_entries(f, &dir, name, e, n);
    if (st != EFI_SUCCESS && c.first)
        fat_chain_cut(f, &c, 0);
    return st;
}

static uint64_t erase(struct fat *f, const struct fat_node *n)
{
    struct fat_node dir;
    uint8_t e[ENTRY];
    uint64_t st = EFI_SUCCESS;
    node_of_dir(f, n->dir, &dir);
    for (uint32_t i = 0; i < n->nslots && st == EFI_SUCCESS; i++) {
        st = entry_io(f, &dir, n->slot - i, e, false);
        e[0] = 0xe5;
        if (st == EFI_SUCCESS)
            st = entry_io(f, &dir, n->slot - i, e, true);
    }
    return st == EFI_NOT_FOUND ? EFI_VOLUME_CORRUPTED : st;
}

uint64_t fat_delete(struct fat *f, struct fat_node *n)
{
    uint64_t st;
    if (f->readonly)
        return EFI_WRITE_PROTECTED;
    if (n->root || n->attr & FAT_RO)
        return EFI_ACCESS_DENIED;
    if (n->attr & FAT_DIR) {
        struct fat_node k;
        uint32_t pos = 0;
        st = fat_readdir(f, n, &pos, false, &k);
        if (st != EFI_NOT_FOUND)
            return st == EFI_SUCCESS ? EFI_ACCESS_DENIED : st;
    }
    if ((st = erase(f, n)) != EFI_SUCCESS)
        return st;
    return fat_chain_cut(f, &n->data, 0);
}

uint64_t fat_rename(struct fat *f, struct fat_node *n, const uint16_t *name)
{
    struct fat_node dir, old = *n, other;
    uint8_t e[ENTRY];
    if (f->readonly)
        return EFI_WRITE_PROTECTED;
    if (n->root || !fat_name_valid(name))
        return EFI_INVALID_PARAMETER;
    node_of_dir(f, n->dir, &dir);
    uint64_t st = fat_lookup(f, &dir, name, &other);
    if (st == EFI_SUCCESS && other.slot != n->slot)
        return EFI_ACCESS_DENIED;
    if (st != EFI_SUCCESS && st != EFI_NOT_FOUND)
        return st;
    if ((st = entry_io(f, &dir, n->slot, e, false)) != EFI_SUCCESS)
        return st;
    e[12] = 0;
    if ((st = add_entries(f, &dir, name, e, n)) != EFI_SUCCESS) {
        *n = old;
        return st;
    }
    return erase(f, &old);
}

/* --- the label: an entry of the root directory --- */

static uint64_t find_label(struct fat *f, struct fat_node *root, uint32_t *slot, uint8_t e[ENTRY])
{
    fat_root(f, root);
    for (*slot = 0;; ++*slot) {
        uint64_t st = entry_io(f, root, *slot, e, false);
        if (st != EFI_SUCCESS)
            return st;
        if (!e[0])
            return EFI_NOT_FOUND;
        if (e[0] != 0xe5 && e[11] & FAT_VOLUME && (e[11] & 0x3f) != ATTR_LFN)
            return EFI_SUCCESS;
    }
}
uint64_t fat_get_label(struct fat *f, uint16_t label[12])
{
    struct fat_node root;
    uint32_t slot;
    uint8_t e[ENTRY];
    unsigned n = 0;
    uint64_t st = find_label(f, &root, &slot, e);
    if (st == EFI_SUCCESS)
        for (unsigned i = 0; i < 11; i++) {
            label[i] = e[i];
            n = e[i] != ' ' ? i + 1 : n;
        }
    label[n] = 0;
    return st == EFI_NOT_FOUND ? EFI_SUCCESS : st;
}
uint64_t fat_set_label(struct fat *f, const uint16_t *label)
{
    struct fat_node root;
    uint32_t slot;
    uint8_t e[ENTRY];
    unsigned n = 0;
    if (f->readonly)
        return EFI_WRITE_PROTECTED;
    for (; label[n]; n++)
        if (n == 11 || (!short_char(fat_upper(label[n])) && label[n] != ' '))
            return EFI_INVALID_PARAMETER;
    uint64_t st = find_label(f, &root, &slot, e);
    if (st == EFI_NOT_FOUND) {
        if (!n)
            return EFI_SUCCESS;
        memset(e, 0, sizeof e);
        stamp(f, e, FAT_VOLUME, 0);
        st = find_free(f, &root, 1, &slot);
    }
    if (st != EFI_SUCCESS)
        return st;
    memset(e, ' ', 11);
    for (unsigned i = 0; i < n; i++)
        e[i] = (uint8_t)fat_upper(label[i]);
    if (!n)
        e[0] = 0xe5;
    return entry_io(f, &root, slot, e, true);
}
