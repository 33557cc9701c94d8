/* SPDX-License-Identifier: GPL-2.0-only
 *
 * File systems: on the first one that can be written, and on one that cannot.
 */
#include "efi.h"

#define BAD    ((void *)0x7ffffff0000ull)
#define RD     1ull
#define RW     3ull
#define CREATE 0x8000000000000003ull

static struct file *root;

static uint64_t count_entries(struct file *dir, const char16 *want, bool *found)
{
    struct file_info i;
    uint64_t n = 0, size;
    *found = false;
    EXPECT(dir->set_pos(dir, 0), OK);
    for (;;) {
        size = sizeof i;
        EXPECT(dir->read(dir, &size, &i), OK);
        if (!size || n > 1000)
            return n;
        n++;
        if (want && same(i.name, want, (length(want) + 1) * 2))
            *found = true;
    }
}

static void t_write(void)
{
    static uint8_t buf[70000], back[70000];
    static struct file_info i;
    struct file *d, *f, *g;
    uint64_t n, pos;
    bool found;
    for (unsigned k = 0; k < sizeof buf; k++)
        buf[k] = (uint8_t)(k * 7 + (k >> 8));
    /* a directory, files in it */
    EXPECT(root->open(root, &d, u"efi-app-test", CREATE, 0x10), OK);
    EXPECT(d->open(d, &f, u"A longer name.data", CREATE, 0), OK);
    EXPECT(d->open(d, &g, u"no\\such", CREATE, 0), NOT_FOUND);
    EXPECT(d->open(d, &g, u"bad*name", CREATE, 0), INVALID_PARAMETER);
    EXPECT(d->open(d, &g, u"x", CREATE, 0x40), INVALID_PARAMETER);
    n = sizeof buf;
    EXPECT(f->write(f, &n, buf), OK);
    CHECK(n == sizeof buf);
    EXPECT(f->get_pos(f, &pos), OK);
    CHECK(pos == sizeof buf);
    EXPECT(f->set_pos(f, 12345), OK);
    n = 1000;
    EXPECT(f->read(f, &n, back), OK);
    CHECK(n == 1000 && same(back, buf + 12345, 1000));
    EXPECT(f->set_pos(f, ~0ull), OK);
    n = 10;
    EXPECT(f->read(f, &n, back), OK);
    CHECK(n == 0);
    EXPECT(f->set_pos(f, 100000), OK);
    n = 10;
    EXPECT(f->read(f, &n, back), DEVICE_ERROR);
    n = 3;
    EXPECT(f->write(f, &n, "end"), OK); /* a hole of zeros */
    EXPECT(f->set_pos(f, 69999), OK);
    n = 70000;
    EXPECT(f->read(f, &n, back), OK);
    CHECK(n == 100003 - 69999 && back[0] == buf[69999] && !back[1] && !back[20000] &&
          back[30001] == 'e');
    EXPECT(f->write(f, NULL, buf), INVALID_PARAMETER);
    n = 10;
    EXPECT(f->write(f, &n, BAD), INVALID_PARAMETER);
    EXPECT(f->flush(f), OK);
    /* seen through another handle, by its short name, in another case */
    EXPECT(root->open(root, &g, u"\\EFI-APP-TEST\\a LONGER name.DATA", RD, 0), OK);
    n = sizeof back;
    EXPECT(g->read(g, &n, back), OK);
    CHECK(n == 70000 && same(back, buf, 70000));
    EXPECT(g->write(g, &n, buf), ACCESS_DENIED);
    EXPECT(g->flush(g), ACCESS_DENIED);
    EXPECT(g->close(g), OK);
    EXPECT(g->close(g), INVALID_PARAMETER);
    EXPECT(f->open(f, &g, u"..\\efi-app-test\\.\\ALONGE~1.DAT", RD, 0), OK);
    EXPECT(g->close(g), OK);
    CHECK(count_entries(d, u"A longer name.data", &found) == 3 && found); /* with . and .. */
    /* information: times, size, attributes, name */
    n = sizeof i;
    EXPECT(f->get_info(f, &g_info, &n, &i), OK);
    CHECK(i.size == n && n == 80 + 38 && i.file_size == 100003 && i.physical >= i.file_size &&
          i.attr == 0x20);
    CHECK(i.modified.year >= 2020 && same(i.name, u"A longer name.data", 38));
    n = 20;
    EXPECT(f->get_info(f, &g_info, &n, &i), BUFFER_TOO_SMALL);
    CHECK(n == 80 + 38);
    EXPECT(f->get_info(f, &g_test, &n, &i), UNSUPPORTED);
    EXPECT(f->get_info(f, NULL, &n, &i), INVALID_PARAMETER);
    n = sizeof i;
    i.file_size = 5;
    i.attr = 0x22;
    memcpy(i.name, u"renamed", 16);
    EXPECT(f->set_info(f, &g_info, 10, &i), BAD_BUFFER_SIZE);
    EXPECT(f->set_info(f, &g_info, 80 + 16, &i), OK);
    EXPECT(f->get_info(f, &g_info, &n, &i), OK);
    CHECK(i.file_size == 5 && i.attr == 0x22 && same(i.name, u"renamed", 16));
    i.attr = 0x10;
    EXPECT(f->set_info(f, &g_info, 80 + 16, &i), ACCESS_DENIED);
    i.attr = 0x40;
    EXPECT(f->set_info(f, &g_info, 80 + 16, &i), INVALID_PARAMETER);
    i.attr = 1;
    EXPECT(f->set_info(f, &g_info, 80 + 16, &i), OK);
    EXPECT(d->open(d, &g, u"renamed", RW, 0), ACCESS_DENIED); /* read-only now */
    i.attr = 0x20;
    EXPECT(f->set_info(f, &g_info, 80 + 16, &i), OK);
    EXPECT(d->open(d, &g, u"A longer name.data", RD, 0), NOT_FOUND);
    EXPECT(f->close(f), OK);
    /* many files: the directory grows */
    for (unsigned k = 0; k < 60; k++) {
        char16 name[] = u"File number 00.txt";
        name[12] = (char16)('0' + k / 10);
        name[13] = (char16)('0' + k % 10);
        EXPECT(d->open(d, &f, name, CREATE, 0), OK);
        n = k + 1;
        EXPECT(f->write(f, &n, buf), OK);
        EXPECT(f->close(f), OK);
    }
    CHECK(count_entries(d, u"File number 59.txt", &found) == 63 && found);
    EXPECT(d->remove(d), 2ull); /* not empty: a warning, and closed */
    EXPECT(root->open(root, &d, u"efi-app-test", RW, 0), OK);
    for (unsigned k = 0; k < 60; k++) {
        char16 name[] = u"file NUMBER 00.txt";
        name[12] = (char16)('0' + k / 10);
        name[13] = (char16)('0' + k % 10);
        EXPECT(d->open(d, &f, name, RW, 0), OK);
        EXPECT(f->remove(f), OK);
    }
    EXPECT(d->open(d, &f, u"renamed", RW, 0), OK);
    EXPECT(f->remove(f), OK);
    CHECK(count_entries(d, NULL, &found) == 2);
    EXPECT(d->write(d, &n, buf), UNSUPPORTED);
    EXPECT(d->get_pos(d, &n), UNSUPPORTED);
    EXPECT(d->set_pos(d, 5), UNSUPPORTED);
    EXPECT(d->remove(d), OK);
    EXPECT(root->open(root, &d, u"efi-app-test", RD, 0), NOT_FOUND);
    /* something that stays, for the host to look at */
    EXPECT(root->open(root, &f, u"Left by the EFI application.txt", CREATE, 0), OK);
    n = 13;
    EXPECT(f->write(f, &n, "hello, host!\n"), OK);
    EXPECT(f->close(f), OK);
}

void t_files(void)
{
    uint64_t n, size;
    handle *list;
    struct fs *fs;
    struct file *f;
    bool found;
    static struct {
        uint64_t size;
        uint8_t readonly;
        uint64_t volume, free;
        uint32_t block;
        char16 label[64]; /* right behind: UEFI's structure has no padding here either */
    } info;
    if (bs->handle_buffer(2, &g_fs, NULL, &n, &list) != OK)
        return;
    EXPECT(bs->handle_protocol(list[0], &g_fs, &fs), OK);
    EXPECT(fs->open(fs, NULL), INVALID_PARAMETER);
    EXPECT(fs->open(fs, &root), OK);
    EXPECT(root->open(root, &f, u"no such file", RD, 0), NOT_FOUND);
    EXPECT(root->open(root, &f, u"no such file", 2, 0), INVALID_PARAMETER);
    EXPECT(root->open(root, &f, NULL, RD, 0), INVALID_PARAMETER);
    EXPECT(root->open(root, NULL, u"x", RD, 0), INVALID_PARAMETER);
    EXPECT(root->open(root, &f, u"..", RD, 0), NOT_FOUND);
    EXPECT(root->open(root, &f, u"\\", RD, 0), OK);
    EXPECT(f->close(f), OK);
    CHECK(count_entries(root, NULL, &found) > 0);
    size = sizeof info;
    EXPECT(root->get_info(root, &g_fsinfo, &size, &info), OK);
    CHECK(info.size == size && info.volume && info.free <= info.volume && info.block >= 512);
    char16 label[64];
    size = sizeof label;
    EXPECT(root->get_info(root, &g_label, &size, label), OK);
    CHECK(same(label, info.label, size));
    size = 0;
    EXPECT(root->get_info(root, &g_label, &size, NULL), BUFFER_TOO_SMALL);
    /* a file of the suite's */
    char text[40];
    EXPECT(root->open(root, &f, u"\\subdir\\Hello from the host.txt", RD, 0), OK);
    size = sizeof text;
    EXPECT(f->read(f, &size, text), OK);
    CHECK(size == 10 && same(text, "from host\n", 10));
    EXPECT(f->close(f), OK);
    if (info.readonly)
        EXPECT(root->open(root, &f, u"new", CREATE, 0), WRITE_PROTECTED);
    else
        t_write();
    EXPECT(root->close(root), OK);
    EXPECT(bs->free_pool(list), OK);
}
