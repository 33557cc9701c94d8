/* SPDX-License-Identifier: GPL-2.0-only
 *
 * FAT volumes: random operations against a model in memory, damage of known kinds, partition
 * tables, a directory as a disk.
 *
 *     fat [--image DIR]    --image: leaves the volumes there, for the host's fsck.fat
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "sim/firmware/fat.h"

static unsigned fails;
#define CHECK(cond)                                                                                \
    do {                                                                                           \
        if (!(cond)) {                                                                             \
            printf("FAIL %s: expected %s, got otherwise, where %s:%d\n", group, #cond, __FILE__,   \
                   __LINE__);                                                                      \
            fails++;                                                                               \
            return;                                                                                \
        }                                                                                          \
    } while (0)
static const char *group;

static uint32_t seed = 1;
static uint32_t rnd(uint32_t n)
{
    seed = seed * 1664525u + 1013904223u;
    return (uint32_t)((uint64_t)(seed >> 4) * n >> 28);
}

/* Leaves out what is zero, so that the file stays small. */
static bool save(const char *path, const uint8_t *image, size_t size)
{
    static const uint8_t zero[4096];
    FILE *o = fopen(path, "wb");
    bool ok = o && !ftruncate(fileno(o), (off_t)size);
    for (size_t at = 0; ok && at < size; at += sizeof zero) {
        size_t n = size - at < sizeof zero ? size - at : sizeof zero;
        if (memcmp(image + at, zero, n))
            ok = !fseek(o, (long)at, SEEK_SET) && fwrite(image + at, 1, n, o) == n;
    }
    return o && !fclose(o) && ok;
}

/* --- random operations --- */
enum { FILES = 40, SIZE_MAX_ = 60000 };
struct model {
    bool there;
    uint16_t name[64];
    uint8_t *data;
    uint32_t size;
    unsigned dir;
};
static struct fat f;
static struct fat_node dirs[4];
static struct model m[FILES];

static void name_of(unsigned i, unsigned version, uint16_t *out)
{
    char s[64];
    static const char *const forms[] = {"FILE%u.%u",    "File with a long name %u-%u.text",
                                        "x%u.y%u",      "no extension %u %u",
                                        "%u.%u.tar.gz", "UPPER%u.T%u"};
    snprintf(s, sizeof s, forms[i % 6], i, version);
    unsigned n = 0;
    for (; s[n]; n++)
        out[n] = (uint8_t)s[n];
    out[n] = 0;
}
static bool compare(struct model *k)
{
    struct fat_node n;
    size_t got;
    static uint8_t buf[SIZE_MAX_ * 2];
    uint64_t st = fat_lookup(&f, &dirs[k->dir], k->name, &n);
    if (!k->there)
        return st == EFI_NOT_FOUND;
    if (st != EFI_SUCCESS || n.size != k->size ||
        fat_read(&f, &n, 0, buf, sizeof buf, &got) != EFI_SUCCESS)
        return false;
    return got == k->size && !memcmp(buf, k->data, got);
}
static bool step(void)
{
    struct model *k = &m[rnd(FILES)];
    struct fat_node n;
    uint64_t st;
    if (!k->there) {
        k->dir = rnd(4);
        name_of((unsigned)(k - m), rnd(3), k->name);
        st = fat_create(&f, &dirs[k->dir], k->name, FAT_ARCHIVE, &n);
        if (st == EFI_VOLUME_FULL)
            return true;
        k->there = true;
        k->size = 0;
        memset(k->data, 0, SIZE_MAX_);
        return st == EFI_SUCCESS;
    }
    if (fat_lookup(&f, &dirs[k->dir], k->name, &n) != EFI_SUCCESS)
        return false;
    switch (rnd(5)) {
    case 0:
    case 1: { /* write */
        static uint8_t buf[20000];
        uint32_t off = rnd(SIZE_MAX_ - 20000), len = rnd(20000);
        for (uint32_t i = 0; i < len; i++)
            buf[i] = (uint8_t)rnd(256);
        st = fat_write(&f, &n, off, buf, len);
        if (st == EFI_VOLUME_FULL)
            return true;
        if (len) {
            memcpy(k->data + off, buf, len);
            k->size = off + len > k->size ? off + len : k->size;
        }
        return st == EFI_SUCCESS;
    }
    case 2: { /* resize */
        uint32_t size = rnd(SIZE_MAX_);
        st = fat_resize(&f, &n, size);
        if (st == EFI_VOLUME_FULL)
            return true;
        if (size < k->size)
            memset(k->data + size, 0, SIZE_MAX_ - size);
        k->size = size;
        return st == EFI_SUCCESS;
    }
    case 3: { /* rename */
        uint16_t name[64];
        struct fat_node o;
        name_of((unsigned)(k - m), 3 + rnd(1000), name);
        if (fat_lookup(&f, &dirs[k->dir], name, &o) == EFI_SUCCESS)
            return true;
        st = fat_rename(&f, &n, name);
        if (st == EFI_VOLUME_FULL)
            return true;
        memcpy(k->name, name, sizeof name);
        return st == EFI_SUCCESS;
    }
    default:
        k->there = false;
        return fat_delete(&f, &n) == EFI_SUCCESS;
    }
}

static void random_ops(uint64_t sectors, unsigned type, unsigned steps, const char *out)
{
    size_t size = sectors * BLK_SECTOR;
    void *image = mmap(NULL, size, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    struct blk b = blk_memory(image, size, false);
    uint64_t before, after;
    CHECK(image != MAP_FAILED && fat_format(&b, sectors, "TEST") &&
          fat_mount(&f, &b, 0, sectors) == EFI_SUCCESS);
    CHECK(f.type == type);
    f.now = (struct fat_time){0x5a21, 0x6000};
    CHECK(fat_set_label(&f, u"TEST") == EFI_SUCCESS);
    fat_root(&f, &dirs[0]);
    CHECK(fat_create(&f, &dirs[0], u"One", FAT_DIR, &dirs[1]) == EFI_SUCCESS);
    CHECK(fat_create(&f, &dirs[1], u"two, with a long name", FAT_DIR, &dirs[2]) == EFI_SUCCESS);
    CHECK(fat_create(&f, &dirs[2], u"THREE", FAT_DIR, &dirs[3]) == EFI_SUCCESS);
    CHECK(fat_free_bytes(&f, &before) == EFI_SUCCESS);
    for (unsigned i = 0; i < FILES; i++) {
        m[i].there = false;
        free(m[i].data);
        m[i].data = calloc(1, SIZE_MAX_);
        name_of(i, 0, m[i].name);
        m[i].dir = 0;
    }
    for (unsigned i = 0; i < steps; i++)
        CHECK(step());
    for (unsigned i = 0; i < FILES; i++)
        CHECK(compare(&m[i]));
    /* The same from scratch. */
    CHECK(fat_flush(&f) == EFI_SUCCESS);
    CHECK(fat_free_bytes(&f, &after) == EFI_SUCCESS);
    CHECK(fat_mount(&f, &b, 0, sectors) == EFI_SUCCESS);
    uint64_t again;
    CHECK(fat_free_bytes(&f, &again) == EFI_SUCCESS && again == after);
    for (unsigned i = 0; i < FILES; i++)
        CHECK(compare(&m[i]));
    struct fat_node n, up;
    CHECK(fat_parent(&f, &dirs[3], &up) == EFI_SUCCESS && up.data.first == dirs[2].data.first);
    CHECK(fat_parent(&f, &dirs[1], &up) == EFI_SUCCESS && up.root);
    CHECK(fat_parent(&f, &up, &n) == EFI_NOT_FOUND);
    CHECK(fat_lookup(&f, &dirs[1], u"TWO, WITH A LONG NAME", &n) == EFI_SUCCESS);
    CHECK(fat_lookup(&f, &dirs[1], u"two_wi~1", &n) == EFI_SUCCESS);
    CHECK(fat_delete(&f, &dirs[1]) == EFI_ACCESS_DENIED);
    if (out) {
        char path[512];
        snprintf(path, sizeof path, "%s/fat%u.img", out, type);
        CHECK(save(path, image, size));
    }
    munmap(image, size);
    printf("PASS %s\n", group);
}

/* --- damage --- */
static uint8_t img[4096 * BLK_SECTOR];
static struct blk bl;
static struct fat_node file;

static bool fresh(void)
{
    static uint8_t data[5000];
    bl = blk_memory(img, sizeof img, false);
    memset(img, 0, sizeof img);
    struct fat_node root;
    if (!fat_format(&bl, 4096, "X") || fat_mount(&f, &bl, 0, 4096) != EFI_SUCCESS)
        return false;
    fat_root(&f, &root);
    return fat_create(&f, &root, u"FILE", 0, &file) == EFI_SUCCESS &&
           fat_write(&f, &file, 0, data, sizeof data) == EFI_SUCCESS;
}
static uint64_t status_after(void)
{
    struct fat_node root, n;
    uint8_t buf[5000];
    size_t got;
    uint64_t st = fat_mount(&f, &bl, 0, 4096);
    if (st != EFI_SUCCESS)
        return st;
    fat_root(&f, &root);
    st = fat_lookup(&f, &root, u"FILE", &n);
    return st == EFI_SUCCESS ? fat_read(&f, &n, 0, buf, sizeof buf, &got) : st;
}
static void set12(unsigned c, unsigned v)
{
    uint8_t *p = img + f.fat_at + c + c / 2;
    if (c & 1) {
        p[0] = (uint8_t)((p[0] & 15) | v << 4);
        p[1] = (uint8_t)(v >> 4);
    } else {
        p[0] = (uint8_t)v;
        p[1] = (uint8_t)((p[1] & 0xf0) | v >> 8);
    }
}
static void damage(void)
{
    static const struct {
        unsigned at, value;
        uint64_t want;
    } boot[] = {
        {510, 0, EFI_UNSUPPORTED},        {0, 0, EFI_UNSUPPORTED},
        {12, 1, EFI_UNSUPPORTED},         {13, 3, EFI_UNSUPPORTED},
        {13, 0, EFI_UNSUPPORTED},         {14, 0, EFI_VOLUME_CORRUPTED},
        {16, 0, EFI_VOLUME_CORRUPTED},    {16, 200, EFI_VOLUME_CORRUPTED},
        {20, 0xff, EFI_VOLUME_CORRUPTED}, {22, 1, EFI_VOLUME_CORRUPTED},
        {21, 0, EFI_UNSUPPORTED},         {23, 0xff, EFI_VOLUME_CORRUPTED},
    };
    for (unsigned i = 0; i < sizeof boot / sizeof *boot; i++) {
        CHECK(fresh());
        CHECK(status_after() == EFI_SUCCESS);
        img[boot[i].at] = (uint8_t)boot[i].value;
        if (status_after() != boot[i].want) {
            printf(
                "FAIL damage: expected status %#llx, got %#llx, where byte %u of the boot sector\n",
                (unsigned long long)boot[i].want, (unsigned long long)status_after(), boot[i].at);
            fails++;
        }
    }
    unsigned c;
    CHECK(fresh());
    c = file.data.first;
    set12(c, c); /* a loop of one */
    CHECK(status_after() == EFI_VOLUME_CORRUPTED);
    CHECK(fresh());
    set12(c + 3, c + 1); /* a longer one */
    CHECK(status_after() == EFI_VOLUME_CORRUPTED);
    CHECK(fresh());
    set12(c + 2, 0xff0); /* out of range */
    CHECK(status_after() == EFI_VOLUME_CORRUPTED);
    CHECK(fresh());
    set12(c + 2, 0); /* into a free cluster */
    CHECK(status_after() == EFI_VOLUME_CORRUPTED);
    CHECK(fresh());
    set12(c + 2, 0xfff); /* too short for the file's size */
    CHECK(status_after() == EFI_VOLUME_CORRUPTED);
    CHECK(fresh());
    img[f.root_at + 26] = 0xf0; /* first cluster out of range */
    img[f.root_at + 27] = 0xff;
    CHECK(status_after() == EFI_VOLUME_CORRUPTED);
    CHECK(fresh());
    img[f.root_at + 31] = 0xff; /* 4 GiB, it says */
    CHECK(status_after() == EFI_VOLUME_CORRUPTED);
    /* a directory without clusters */
    CHECK(fresh());
    struct fat_node root, d, n;
    fat_root(&f, &root);
    CHECK(fat_create(&f, &root, u"DIR", FAT_DIR, &d) == EFI_SUCCESS);
    set12(d.data.first, d.data.first);
    memset(img + fat_cluster_at(&f, d.data.first), 0xe5, f.cluster_bytes); /* endless emptiness */
    memset(f.cache, 0, sizeof f.cache);
    CHECK(fat_lookup(&f, &d, u"X", &n) == EFI_VOLUME_CORRUPTED);
    CHECK(fat_lookup(&f, &root, u"DIR", &n) == EFI_VOLUME_CORRUPTED);
    CHECK(fat_create(&f, &d, u"NEW", 0, &n) == EFI_VOLUME_CORRUPTED);
    printf("PASS damage\n");
}

static void full(void)
{
    static uint8_t big[1 << 20];
    struct fat_node root, n, k;
    uint64_t room, left;
    group = "full";
    CHECK(fresh());
    fat_root(&f, &root);
    CHECK(fat_create(&f, &root, u"BIG", 0, &n) == EFI_SUCCESS &&
          fat_free_bytes(&f, &room) == EFI_SUCCESS);
    uint64_t off = 0, st;
    while ((st = fat_write(&f, &n, off, big, sizeof big)) == EFI_SUCCESS)
        off += sizeof big;
    CHECK(st == EFI_VOLUME_FULL && n.size == off);
    CHECK(fat_free_bytes(&f, &left) == EFI_SUCCESS &&
          left == room - off); /* what did not fit took nothing */
    CHECK(fat_resize(&f, &n, off + left) == EFI_SUCCESS &&
          fat_free_bytes(&f, &left) == EFI_SUCCESS && !left);
    CHECK(fat_create(&f, &root, u"DIR", FAT_DIR, &k) == EFI_VOLUME_FULL);
    CHECK(fat_create(&f, &root, u"EMPTY", 0, &k) == EFI_SUCCESS &&
          fat_write(&f, &k, 0, "x", 1) == EFI_VOLUME_FULL);
    CHECK(fat_delete(&f, &n) == EFI_SUCCESS && fat_free_bytes(&f, &left) == EFI_SUCCESS &&
          left == room);
    CHECK(fat_write(&f, &k, 1ull << 32, "x", 1) == EFI_VOLUME_FULL);
    for (unsigned i = 0;
         (st = fat_create(&f, &root,
                          (uint16_t[]){'A', (uint16_t)('A' + i / 26), (uint16_t)('A' + i % 26), 0},
                          0, &k)) == EFI_SUCCESS &&
         i < 600;
         i++) {
    }
    CHECK(st == EFI_VOLUME_FULL); /* the root directory of FAT12 has an end */
    /* read-only */
    bl.readonly = true;
    CHECK(fat_mount(&f, &bl, 0, 4096) == EFI_SUCCESS);
    CHECK(fat_write(&f, &file, 0, "x", 1) == EFI_WRITE_PROTECTED &&
          fat_create(&f, &root, u"NEWNEW", 0, &k) == EFI_WRITE_PROTECTED);
    CHECK(fat_delete(&f, &file) == EFI_WRITE_PROTECTED &&
          fat_resize(&f, &file, 1) == EFI_WRITE_PROTECTED);
    CHECK(fat_rename(&f, &file, u"Y") == EFI_WRITE_PROTECTED &&
          fat_set_label(&f, u"Y") == EFI_WRITE_PROTECTED);
    printf("PASS full\n");
}

static void names(void)
{
    static const uint16_t *const good[] = {u"a",        u"A.B", u"long name with spaces",
                                           u".profile", u"a+b", u"\u00e4\u00f6"};
    static const uint16_t *const wrong[] = {u"",   u".",   u"..",  u"a/b",  u"a:b", u"a*", u"a?",
                                            u"\"", u"a<b", u"a|b", u"a\\b", u"a.",  u"a ", u"\x01"};
    uint16_t longest[FAT_NAME_MAX + 2];
    struct fat_node root, n;
    group = "names";
    CHECK(fresh());
    fat_root(&f, &root);
    for (unsigned i = 0; i < sizeof good / sizeof *good; i++)
        CHECK(fat_name_valid(good[i]) && fat_create(&f, &root, good[i], 0, &n) == EFI_SUCCESS &&
              fat_lookup(&f, &root, good[i], &n) == EFI_SUCCESS && !memcmp(n.name, good[i], 4));
    for (unsigned i = 0; i < sizeof wrong / sizeof *wrong; i++)
        CHECK(!fat_name_valid(wrong[i]) &&
              fat_create(&f, &root, wrong[i], 0, &n) == EFI_INVALID_PARAMETER);
    for (unsigned i = 0; i <= FAT_NAME_MAX; i++)
        longest[i] = (uint16_t)('a' + i % 26);
    longest[FAT_NAME_MAX + 1] = 0;
    CHECK(!fat_name_valid(longest));
    longest[FAT_NAME_MAX] = 0;
    CHECK(fat_create(&f, &root, longest, 0, &n) == EFI_SUCCESS &&
          fat_lookup(&f, &root, longest, &n) == EFI_SUCCESS);
    CHECK(n.nslots == 21 && fat_delete(&f, &n) == EFI_SUCCESS &&
          fat_lookup(&f, &root, longest, &n) == EFI_NOT_FOUND);
    CHECK(fat_create(&f, &root, u"a", 0, &n) == EFI_ACCESS_DENIED);
    printf("PASS names\n");
}

/* --- partitions --- */
static void le(uint8_t *p, unsigned n, uint64_t v)
{
    for (unsigned i = 0; i < n; i++)
        p[i] = (uint8_t)(v >> i * 8);
}
static void partitions(void)
{
    struct blk_part p[16];
    group = "partitions";
    bl = blk_memory(img, sizeof img, false);
    memset(img, 0, sizeof img);
    CHECK(blk_partitions(&bl, p, 16) == 0);
    /* MBR: one primary, one extended with two logical ones, one beyond the end */
    img[510] = 0x55, img[511] = 0xaa;
    img[446 + 4] = 0xef, le(img + 446 + 8, 4, 100), le(img + 446 + 12, 4, 200);
    img[462 + 4] = 0x05, le(img + 462 + 8, 4, 1000), le(img + 462 + 12, 4, 1000);
    img[478 + 4] = 0x0c, le(img + 478 + 8, 4, 4000), le(img + 478 + 12, 4, 200);
    uint8_t *e = img + 1000 * 512;
    e[510] = 0x55, e[511] = 0xaa;
    e[446 + 4] = 6, le(e + 446 + 8, 4, 10), le(e + 446 + 12, 4, 50);
    e[462 + 4] = 5, le(e + 462 + 8, 4, 500), le(e + 462 + 12, 4, 100);
    e = img + 1500 * 512;
    e[510] = 0x55, e[511] = 0xaa;
    e[446 + 4] = 6, le(e + 446 + 8, 4, 20), le(e + 446 + 12, 4, 60);
    CHECK(blk_partitions(&bl, p, 16) == 3);
    CHECK(p[0].number == 1 && p[0].first == 100 && p[0].count == 200 && p[0].type == 0xef);
    CHECK(p[1].number == 5 && p[1].first == 1010 && p[1].count == 50);
    CHECK(p[2].number == 6 && p[2].first == 1520 && p[2].count == 60);
    e[462 + 4] = 5, le(e + 462 + 8, 4, 500); /* a chain that goes round */
    CHECK(blk_partitions(&bl, p, 16) == 16);
    /* GPT */
    memset(img, 0, sizeof img);
    img[510] = 0x55, img[511] = 0xaa;
    img[446 + 4] = 0xee, le(img + 446 + 8, 4, 1), le(img + 446 + 12, 4, 4095);
    uint8_t *t = img + 2 * 512, *h = img + 512;
    memset(t + 128, 0x11, 16), le(t + 128 + 32, 8, 300), le(t + 128 + 40, 8, 399);
    memset(t + 256, 0x22, 16), le(t + 256 + 32, 8, 300),
        le(t + 256 + 40, 8, 5000); /* beyond the end */
    memcpy(h, "EFI PART", 8), le(h + 8, 4, 0x10000), le(h + 12, 4, 92), le(h + 24, 8, 1);
    le(h + 72, 8, 2), le(h + 80, 4, 128), le(h + 84, 4, 128), le(h + 88, 4, fw_crc32(t, 128 * 128));
    le(h + 16, 4, fw_crc32(h, 92));
    CHECK(blk_partitions(&bl, p, 16) == 1 && p[0].gpt && p[0].number == 2 && p[0].first == 300 &&
          p[0].count == 100);
    /* The first header broken: the one at the end counts. */
    uint8_t *l = img + 4095 * 512;
    memcpy(l, h, 512);
    le(l + 24, 8, 4095), le(l + 16, 4, 0);
    le(l + 16, 4, fw_crc32(l, 92));
    h[40] ^= 1;
    CHECK(blk_partitions(&bl, p, 16) == 1);
    t[128 + 33] ^= 1; /* table's CRC */
    CHECK(blk_partitions(&bl, p, 16) == 0);
    printf("PASS partitions\n");
}

/* fat --dir DIR FILE, --disk DIR FILE: the image of a directory, for mtools to look into. */
static int dir_image(const char *dir, const char *file_name, unsigned first)
{
    char err[512];
    size_t size;
    void *p = fat_from_dir(dir, first, 64 << 20, &size, err, sizeof err);
    if (!p)
        fprintf(stderr, "%s\n", err);
    return p && save(file_name, p, size) ? 0 : 1;
}

int main(int argc, char **argv)
{
    const char *out = argc == 3 && !strcmp(argv[1], "--image") ? argv[2] : NULL;
    if (argc == 4 && !strcmp(argv[1], "--dir"))
        return dir_image(argv[2], argv[3], 0);
    if (argc == 4 && !strcmp(argv[1], "--disk"))
        return dir_image(argv[2], argv[3], FAT_DIR_FIRST);
    group = "fat12";
    random_ops(6000, 12, 3000, out);
    group = "fat16";
    random_ops(40000, 16, 3000, out);
    group = "fat32";
    random_ops(1100000, 32, 3000, out);
    group = "damage";
    damage();
    full();
    names();
    partitions();
    for (unsigned i = 0; i < FILES; i++)
        free(m[i].data);
    return fails ? 1 : 0;
}
