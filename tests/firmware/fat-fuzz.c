/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Damaged FAT volumes and partition tables under the sanitizers: whatever the bytes, no crash and
 * no endless loop.
 *
 *     fat-fuzz COUNT SEED
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "sim/firmware/fat.h"

enum { SECTORS = 8192 };
static uint64_t state;
static uint32_t rnd(uint32_t n)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return n ? (uint32_t)((state >> 33) % n) : 0;
}

static uint8_t pristine[2][SECTORS * BLK_SECTOR], img[SECTORS * BLK_SECTOR];

/* Some files and directories. */
static bool populate(uint8_t *image, uint64_t sectors)
{
    static uint8_t data[30000];
    struct blk b = blk_memory(image, SECTORS * BLK_SECTOR, false);
    struct fat f;
    struct fat_node root, d, n;
    if (!fat_format(&b, sectors, "FUZZ") || fat_mount(&f, &b, 0, sectors) != EFI_SUCCESS)
        return false;
    fat_root(&f, &root);
    fat_set_label(&f, u"FUZZ");
    d = root;
    for (unsigned i = 0; i < 12; i++) {
        uint16_t name[] = u"A file with a longer name 00";
        name[26] = (uint16_t)('0' + i / 10);
        name[27] = (uint16_t)('0' + i % 10);
        if (fat_create(&f, &d, name + (i & 1 ? 26 : 0), i % 4 == 3 ? FAT_DIR : 0, &n) !=
            EFI_SUCCESS)
            return false;
        if (i % 4 == 3)
            d = n;
        else if (fat_write(&f, &n, 0, data, i * 2500) != EFI_SUCCESS)
            return false;
    }
    return fat_flush(&f) == EFI_SUCCESS;
}

static unsigned budget;
static void walk(struct fat *f, const struct fat_node *dir, unsigned depth)
{
    static uint8_t buf[8192];
    struct fat_node n, k;
    uint32_t pos = 0;
    size_t got;
    while (budget && depth < 6 && fat_readdir(f, dir, &pos, rnd(2), &n) == EFI_SUCCESS) {
        budget--;
        struct fat_node copy = n;
        if (fat_lookup(f, dir, n.name, &k) == EFI_SUCCESS)
            copy = k;
        fat_parent(f, &copy, &k);
        if (copy.attr & FAT_DIR) {
            walk(f, &copy, depth + 1);
            if (!rnd(3))
                fat_create(f, &copy, u"made by the fuzzer", rnd(2) ? FAT_DIR : 0, &k);
        } else {
            fat_read(f, &copy, rnd(copy.size), buf, sizeof buf, &got);
            switch (rnd(8)) {
            case 0:
                fat_write(f, &copy, rnd(100000), buf, rnd(sizeof buf));
                break;
            case 1:
                fat_resize(f, &copy, rnd(200000));
                break;
            case 2:
                fat_rename(f, &copy, u"a new name for it.txt");
                break;
            case 3:
                fat_delete(f, &copy);
                break;
            default:
                break;
            }
        }
    }
}

int main(int argc, char **argv)
{
    unsigned long count = argc > 1 ? strtoul(argv[1], NULL, 0) : 1000, mounted = 0;
    state = argc > 2 ? strtoul(argv[2], NULL, 0) : 1;
    if (!populate(pristine[0], 6000) ||
        !populate(pristine[1], SECTORS)) /* FAT12, and at the border of FAT16 */
        return 1;
    for (unsigned long i = 0; i < count; i++) {
        struct blk b = blk_memory(img, sizeof img, !rnd(4));
        struct blk_part part[16];
        struct fat f;
        struct fat_node root, n;
        unsigned flips = 1 + rnd(rnd(2) ? 4 : 40);
        memcpy(img, pristine[rnd(2)], sizeof img);
        if (!rnd(3)) /* as FAT32: the fields of its boot sector */
            memset(img + 17, 0, 2), memset(img + 22, 0, 2), img[36] = 24, img[44] = 2;
        for (unsigned k = 0; k < flips; k++) {
            /* boot sector, table, directories: where damage matters */
            uint32_t at = rnd(8) ? rnd(rnd(3) ? 40 * BLK_SECTOR : 96) : rnd(sizeof img);
            img[at] = rnd(3) ? (uint8_t)rnd(256) : (uint8_t)(img[at] ^ 1u << rnd(8));
        }
        blk_partitions(&b, part, 16);
        if (fat_mount(&f, &b, 0, rnd(2) ? SECTORS : rnd(SECTORS)) != EFI_SUCCESS)
            continue;
        mounted++;
        uint64_t bytes;
        uint16_t label[12];
        budget = 200;
        fat_root(&f, &root);
        walk(&f, &root, 0);
        fat_free_bytes(&f, &bytes);
        fat_get_label(&f, label);
        fat_set_label(&f, u"NEW");
        fat_create(&f, &root, u"another file of ours", 0, &n);
        fat_flush(&f);
    }
    printf("%lu volumes, %lu of them mounted\n", count, mounted);
    return 0;
}
