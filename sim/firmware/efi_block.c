/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Disks for EFI: the board's drives and the directory of --fat, each whole and by partition, with
 * BlockIO (UEFI 12.8) and DiskIO (12.7).
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include "sim/firmware/efi_boot.h"
#include "sim/board/block.h"
#include "sim/board/pci.h"

const struct efi_guid efi_guid_block_io = {
    0x964e5b21, 0x6459, 0x11d2, {0x8e, 0x39, 0, 0xa0, 0xc9, 0x69, 0x72, 0x3b}};
const struct efi_guid efi_guid_disk_io = {
    0xce345171, 0xba0b, 0x11d2, {0x8e, 0x4f, 0, 0xa0, 0xc9, 0x69, 0x72, 0x3b}};
static const struct efi_guid guid_fat_dir = {
    0x6c1d5a40, 0x3b5e, 0x4f0a, {0x9d, 0x11, 0x69, 0x61, 0x36, 0x34, 0x66, 0x61}};

enum { PARTITIONS_MAX = 64, CHUNK = 128 /* sectors */ };

struct media { /* EFI_BLOCK_IO_MEDIA */
    uint32_t id;
    uint8_t removable, present, partition, readonly, caching, pad[3];
    uint32_t block_size, align, pad2;
    uint64_t last;
};
_Static_assert(sizeof(struct media) == 32, "UEFI 12.8");

/* --- the board's drives --- */
static bool drive_read(void *dev, uint64_t lba, void *buf, size_t n)
{
    return !block_read(dev, lba * BLK_SECTOR, buf, n * BLK_SECTOR);
}
static bool drive_write(void *dev, uint64_t lba, const void *buf, size_t n)
{
    return !block_write(dev, lba * BLK_SECTOR, buf, n * BLK_SECTOR);
}
static bool drive_flush(void *dev)
{
    return !block_flush(dev);
}

/* --- services --- */
static struct efi_disk *by_block_io(struct fw_call *c)
{
    for (struct efi_disk *d = efi_bs(c->b->fw)->disks; d; d = d->next)
        if (d->block_io == c->arg[0])
            return d;
    return NULL;
}
static struct efi_disk *by_disk_io(struct fw_call *c)
{
    for (struct efi_disk *d = efi_bs(c->b->fw)->disks; d; d = d->next)
        if (d->disk_io == c->arg[0])
            return d;
    return NULL;
}

/* Bytes of a disk or partition, to or from the guest. */
static uint64_t transfer(struct fw_call *c, struct efi_disk *d, uint64_t offset, uint64_t size,
                         uint64_t va, bool write)
{
    uint8_t buf[CHUNK * BLK_SECTOR];
    if (!va)
        return EFI_INVALID_PARAMETER;
    while (size) {
        uint64_t lba = offset / BLK_SECTOR, in = offset % BLK_SECTOR, n = sizeof buf - in;
        if (n > size)
            n = size;
        size_t sectors = (in + n + BLK_SECTOR - 1) / BLK_SECTOR;
        if ((!write || in || n % BLK_SECTOR) &&
            !d->blk.read(d->blk.dev, d->first + lba, buf, sectors))
            return EFI_DEVICE_ERROR;
        if (write) {
            if (!efi_get(c, va, buf + in, n))
                return EFI_INVALID_PARAMETER;
            if (!d->blk.write(d->blk.dev, d->first + lba, buf, sectors))
                return EFI_DEVICE_ERROR;
        } else if (!efi_put(c, va, buf + in, n)) {
            return EFI_INVALID_PARAMETER;
        }
        offset += n;
        va += n;
        size -= n;
    }
    return EFI_SUCCESS;
}

static uint64_t block_reset(struct fw_call *c)
{
    return by_block_io(c) ? EFI_SUCCESS : EFI_INVALID_PARAMETER;
}
static uint64_t block_transfer(struct fw_call *c, bool write)
{
    struct efi_disk *d = by_block_io(c);
    uint64_t lba = c->arg[2], size = c->arg[3];
    if (!d)
        return EFI_INVALID_PARAMETER;
    if ((uint32_t)c->arg[1] != 1)
        return EFI_MEDIA_CHANGED;
    if (write && d->blk.readonly)
        return EFI_WRITE_PROTECTED;
    if (size % BLK_SECTOR)
        return EFI_BAD_BUFFER_SIZE;
    if (lba >= d->count || size / BLK_SECTOR > d->count - lba)
        return EFI_INVALID_PARAMETER;
    return size ? transfer(c, d, lba * BLK_SECTOR, size, c->arg[4], write) : EFI_SUCCESS;
}
static uint64_t block_read_blocks(struct fw_call *c)
{
    return block_transfer(c, false);
}
static uint64_t block_write_blocks(struct fw_call *c)
{
    return block_transfer(c, true);
}
static uint64_t block_flush_blocks(struct fw_call *c)
{
    struct efi_disk *d = by_block_io(c);
    if (!d)
        return EFI_INVALID_PARAMETER;
    return d->blk.flush && !d->blk.readonly && !d->blk.flush(d->blk.dev) ? EFI_DEVICE_ERROR
                                                                         : EFI_SUCCESS;
}

static uint64_t disk_transfer(struct fw_call *c, bool write)
{
    struct efi_disk *d = by_disk_io(c);
    uint64_t offset = c->arg[2], size = c->arg[3];
    if (!d)
        return EFI_INVALID_PARAMETER;
    if ((uint32_t)c->arg[1] != 1)
        return EFI_MEDIA_CHANGED;
    if (write && d->blk.readonly)
        return EFI_WRITE_PROTECTED;
    if (offset > d->count * BLK_SECTOR || size > d->count * BLK_SECTOR - offset)
        return EFI_INVALID_PARAMETER;
    return size ? transfer(c, d, offset, size, c->arg[4], write) : EFI_SUCCESS;
}
static uint64_t disk_read(struct fw_call *c)
{
    return disk_transfer(c, false);
}
static uint64_t disk_write(struct fw_call *c)
{
    return disk_transfer(c, true);
}

/* --- building --- */

struct tables {
    uint64_t reset, read, write, flush, dread, dwrite;
};

static struct efi_disk *add(struct firmware *fw, const struct tables *t, const struct blk *blk,
                            uint64_t first, uint64_t count, bool partition, bool removable,
                            const struct efi_dp *path)
{
    struct efi_disk *d = calloc(1, sizeof *d), **pp = &efi_bs(fw)->disks;
    if (!d)
        abort();
    while (*pp)
        pp = &(*pp)->next;
    *pp = d;
    d->blk = *blk;
    d->first = first;
    d->count = count;
    d->partition = partition;
    d->removable = removable;
    d->media = efi_boot_alloc(fw, sizeof(struct media));
    *(struct media *)fw_ptr(fw, d->media, sizeof(struct media)) =
        (struct media){.id = 1,
                       .removable = removable,
                       .present = 1,
                       .partition = partition,
                       .readonly = blk->readonly,
                       .block_size = BLK_SECTOR,
                       .last = count - 1};
    d->block_io = efi_boot_alloc(fw, 48);
    efi_set64(fw, d->block_io, 0x00010000);
    efi_set64(fw, d->block_io + 8, d->media);
    efi_set64(fw, d->block_io + 16, t->reset);
    efi_set64(fw, d->block_io + 24, t->read);
    efi_set64(fw, d->block_io + 32, t->write);
    efi_set64(fw, d->block_io + 40, t->flush);
    d->disk_io = efi_boot_alloc(fw, 24);
    efi_set64(fw, d->disk_io, 0x00010000);
    efi_set64(fw, d->disk_io + 8, t->dread);
    efi_set64(fw, d->disk_io + 16, t->dwrite);
    uint64_t p = efi_boot_alloc(fw, path->len);
    memcpy(fw_ptr(fw, p, path->len), path->data, path->len);
    efi_install(fw, &d->handle, &efi_guid_device_path, p);
    efi_install(fw, &d->handle, &efi_guid_block_io, d->block_io);
    efi_install(fw, &d->handle, &efi_guid_disk_io, d->disk_io);
    return d;
}

static void add_partitions(struct firmware *fw, const struct tables *t, struct efi_disk *whole,
                           const struct efi_dp *path)
{
    struct blk_part *part = calloc(PARTITIONS_MAX, sizeof *part);
    struct efi_dp *p = malloc(sizeof *p);
    if (!part || !p)
        abort();
    unsigned n = blk_partitions(&whole->blk, part, PARTITIONS_MAX);
    for (unsigned i = 0; i < n; i++) {
        uint8_t node[38] = {0};
        memcpy(node, &part[i].number, 4);
        memcpy(node + 4, &part[i].first, 8);
        memcpy(node + 12, &part[i].count, 8);
        if (part[i].gpt)
            memcpy(node + 20, part[i].guid, 16);
        else
            memcpy(node + 20, &part[i].mbr_signature, 4);
        node[36] = node[37] = part[i].gpt ? 2 : 1;
        *p = *path;
        if (efi_dp_add(p, 4, 1, node, sizeof node))
            efi_volume_try(fw, add(fw, t, &whole->blk, part[i].first, part[i].count, true,
                                   whole->removable, p));
    }
    if (!n)
        efi_volume_try(fw, whole);
    free(part);
    free(p);
}

/* The PCI slot of drive n: devices sit there in the order of their options. */
static unsigned slot_of_drive(struct board *b, unsigned n)
{
    for (unsigned s = 0; s < PCI_SLOTS; s++) {
        const struct pci_dev *d = pci_slot(b, s);
        if (d && !strcmp(d->name, "virtio-blk") && !n--)
            return s;
    }
    return 0;
}

bool efi_disks_build(struct firmware *fw)
{
    struct board *b = fw->b;
    struct tables t = {
        efi_service_new(fw, "BlockIo.Reset", block_reset),
        efi_service_new(fw, "ReadBlocks", block_read_blocks),
        efi_service_new(fw, "WriteBlocks", block_write_blocks),
        efi_service_new(fw, "FlushBlocks", block_flush_blocks),
        efi_service_new(fw, "ReadDisk", disk_read),
        efi_service_new(fw, "WriteDisk", disk_write),
    };
    struct efi_dp *p = malloc(sizeof *p);
    if (!p)
        abort();
    if (b->cfg.fat_dir) {
        char err[512];
        size_t size;
        void *image = fat_from_dir(b->cfg.fat_dir, 0, FAT_DIR_SIZE_MAX, &size, err, sizeof err);
        if (!image) {
            fprintf(stderr, "ia64-sim: --fat: %s\n", err);
            free(p);
            return false;
        }
        struct blk blk = blk_memory(image, size, false);
        efi_dp_init(p);
        efi_dp_add(p, 1, 4, &guid_fat_dir, sizeof guid_fat_dir);
        struct efi_disk *d = add(fw, &t, &blk, 0, blk.sectors, false, true, p);
        d->image = image;
        d->image_size = size;
        efi_volume_try(fw, d);
    }
    for (unsigned i = 0; i < b->cfg.ndrives; i++) {
        struct blk blk = {b->disk[i],
                          block_size(b->disk[i]) / BLK_SECTOR,
                          block_readonly(b->disk[i]),
                          drive_read,
                          drive_write,
                          drive_flush};
        if (!blk.sectors)
            continue;
        efi_dp_init(p);
        efi_dp_add(p, 2, 1, (const uint32_t[]){0x0a0341d0, 0}, 8);
        efi_dp_add(p, 1, 1, (const uint8_t[]){0, (uint8_t)slot_of_drive(b, i)}, 2);
        add_partitions(fw, &t, add(fw, &t, &blk, 0, blk.sectors, false, false, p), p);
    }
    free(p);
    return true;
}

void efi_disks_free(struct firmware *fw)
{
    for (struct efi_disk *d = efi_bs(fw)->disks, *n; d; d = n) {
        n = d->next;
        if (d->image)
            munmap(d->image, d->image_size);
        free(d);
    }
}
