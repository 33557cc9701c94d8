/* SPDX-License-Identifier: GPL-2.0-only
 *
 * FAT12, FAT16 and FAT32 (Microsoft's specification 1.03, as UEFI 13.3 takes it over), read and
 * written. A volume is data of unknown origin: everything it says is checked, and what is wrong
 * gives EFI_VOLUME_CORRUPTED. All functions answer an EFI status.
 */
#ifndef SIM_FIRMWARE_FAT_H
#define SIM_FIRMWARE_FAT_H

#include "sim/firmware/blk.h"
#include "sim/firmware/firmware.h"

enum { FAT_NAME_MAX = 255, FAT_CACHE = 64 };
enum {
    FAT_RO = 1,
    FAT_HIDDEN = 2,
    FAT_SYSTEM = 4,
    FAT_VOLUME = 8,
    FAT_DIR = 0x10,
    FAT_ARCHIVE = 0x20
};

struct fat_time {
    uint16_t date, time; /* as in directory entries */
};

/* Where one has got to in a chain of clusters. first 0: no cluster (or the fixed root directory of
 * FAT12/16). */
struct fat_chain {
    uint32_t first, index, cluster;
};
struct fat {
    const struct blk *blk;
    uint64_t base, sectors; /* the volume's place on the disk */
    unsigned type;          /* 12, 16, 32 */
    uint32_t cluster_bytes, nclusters, root_cluster, root_entries;
    unsigned nfats;
    bool readonly;
    uint64_t fat_at, fat_size, root_at, data_at,
        info_at; /* bytes from the volume's start; info_at 0: no FSINFO */
    uint32_t hint, nfree;
    bool free_known, info_dirty;
    struct fat_time now; /* for new entries: set by the caller */
    struct {
        uint64_t sector; /* + 1; 0: empty */
        uint8_t data[BLK_SECTOR];
    } cache[FAT_CACHE]; /* of the first FAT, written through */
};
/* A file or directory. Copies are allowed as long as only one of them writes. */
struct fat_node {
    bool root;
    uint8_t attr;
    uint32_t size;
    struct fat_chain data;
    struct fat_time created, accessed, modified;
    uint16_t name[FAT_NAME_MAX + 1];
    uint32_t dir;          /* first cluster of its directory; 0: the root */
    uint32_t slot, nslots; /* its entries there: nslots up to and with the short one at `slot` */
};

/* The volume in `count` sectors from `first`. EFI_UNSUPPORTED: not FAT at all;
 * EFI_VOLUME_CORRUPTED: FAT, but unsound. */
uint64_t fat_mount(struct fat *f, const struct blk *b, uint64_t first, uint64_t count);
uint64_t fat_flush(struct fat *f);
uint64_t fat_free_bytes(struct fat *f, uint64_t *bytes);

void fat_root(const struct fat *f, struct fat_node *n);
/* Entries of a directory in turn: *pos from 0; EFI_NOT_FOUND at the end. "." and ".." are given
 * only with dots. */
uint64_t fat_readdir(struct fat *f, const struct fat_node *dir, uint32_t *pos, bool dots,
                     struct fat_node *n);
/* One component, whatever its case. Checks the file's chain of clusters. */
uint64_t fat_lookup(struct fat *f, const struct fat_node *dir, const uint16_t *name,
                    struct fat_node *n);
/* The directory a directory is in; of the root: EFI_NOT_FOUND. */
uint64_t fat_parent(struct fat *f, const struct fat_node *dir, struct fat_node *n);
/* Up to len bytes at off; *got may be less at the end of the file. */
uint64_t fat_read(struct fat *f, struct fat_node *n, uint64_t off, void *buf, size_t len,
                  size_t *got);

/* Writing: EFI_WRITE_PROTECTED on a read-only disk, EFI_VOLUME_FULL. */
uint64_t fat_write(struct fat *f, struct fat_node *n, uint64_t off, const void *buf, size_t len);
uint64_t fat_resize(struct fat *f, struct fat_node *n, uint64_t size);
uint64_t fat_create(struct fat *f, const struct fat_node *dir, const uint16_t *name, uint8_t attr,
                    struct fat_node *n);
uint64_t fat_delete(struct fat *f,
                    struct fat_node *n); /* EFI_ACCESS_DENIED: root, or a directory not empty */
uint64_t fat_rename(struct fat *f, struct fat_node *n,
                    const uint16_t *name); /* within its directory */
uint64_t fat_update(struct fat *f,
                    const struct fat_node *n); /* writes attr, size and times to the directory */

uint64_t fat_get_label(struct fat *f, uint16_t label[12]);
uint64_t fat_set_label(struct fat *f, const uint16_t *label); /* up to 11 characters */

/* Is this a name a file can have (UEFI 13.3.1.1)? */
bool fat_name_valid(const uint16_t *name);
bool fat_name_equal(const uint16_t *a, const uint16_t *b);
uint16_t fat_upper(uint16_t c);

/* --- parts for the above: fat_chain.c --- */
uint64_t fat_io(struct fat *f, uint64_t at, void *buf, size_t len,
                bool write); /* bytes of the volume */
uint64_t fat_chain_seek(struct fat *f, struct fat_chain *c,
                        uint32_t index); /* EFI_NOT_FOUND: the chain is shorter */
uint64_t fat_chain_check(struct fat *f, uint32_t first,
                         uint32_t *length); /* no loop, nothing out of range */
uint64_t fat_chain_extend(struct fat *f, struct fat_chain *c, uint32_t length,
                          uint32_t want); /* to want clusters */
uint64_t fat_chain_cut(struct fat *f, struct fat_chain *c,
                       uint32_t want); /* frees all from index want on */
static inline uint64_t fat_cluster_at(const struct fat *f, uint32_t cluster)
{
    return f->data_at + (cluster - 2ull) * f->cluster_bytes;
}

/* --- a host directory as a FAT volume: fat_dir.c --- */
/* A FAT16 or FAT32 image with everything below dir, in memory: *image with *size bytes, freed by
 * munmap. It is the partition that begins at sector `first` of a disk; 0: all of the disk. The same
 * directory gives the same image. NULL with a message in err otherwise: not a directory, more than
 * max bytes, names that FAT cannot hold. */
void *fat_from_dir(const char *dir, unsigned first, uint64_t max, size_t *size, char *err,
                   size_t errlen);
#define FAT_DIR_SIZE_MAX (4ull << 30)
enum { FAT_DIR_FIRST = 2048 }; /* where partitions begin */
/* Formats: an empty FAT volume of `sectors` on b; picks FAT12/16/32 by size. */
bool fat_format(const struct blk *b, uint64_t sectors, const char *label);
/* A disk in memory. */
struct blk blk_memory(void *image, size_t size, bool readonly);

#endif
