/* SPDX-License-Identifier: GPL-2.0-only
 *
 * --kernel: loads a Linux/ia64 kernel (ELF, or gzip of one) and leaves the boot parameters an EFI
 * loader would have left (Linux: struct ia64_boot_param at the address in r28), boot services
 * already exited.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>
#include "sim/firmware/firmware.h"
#include "sim/loader/elf.h"
#include "sim/cpu/exec.h"
#include "sim/cpu/rse.h"

struct ia64_boot_param {
    uint64_t command_line, efi_systab, efi_memmap, efi_memmap_size, efi_memdesc_size;
    uint32_t efi_memdesc_version;
    struct {
        uint16_t num_cols, num_rows, orig_x, orig_y;
    } console_info;
    uint32_t pad;
    uint64_t fpswa, initrd_start, initrd_size;
};
_Static_assert(sizeof(struct ia64_boot_param) == 80, "Linux/ia64 boot protocol");

/* A whole file, gunzipped if it is compressed (zlib passes others through). NULL with a message. */
static uint8_t *read_file(const char *path, size_t *len)
{
    gzFile f = gzopen(path, "rb");
    size_t cap = 1 << 20, n = 0;
    uint8_t *buf = malloc(cap);
    int got;
    if (!f || !buf) {
        fprintf(stderr, "ia64-sim: %s: %s\n", path, f ? "out of memory" : strerror(errno));
        free(buf);
        if (f)
            gzclose(f);
        return NULL;
    }
    while ((got = gzread(f, buf + n, (unsigned)(cap - n))) > 0) {
        n += (size_t)got;
        if (n == cap) {
            uint8_t *nb = cap < (size_t)1 << 32 ? realloc(buf, cap * 2) : NULL;
            if (!nb) {
                got = -1;
                break;
            }
            buf = nb;
            cap *= 2;
        }
    }
    int err;
    const char *what = gzerror(f, &err);
    if (got < 0 || (err != Z_OK && err != Z_STREAM_END)) {
        fprintf(stderr, "ia64-sim: %s: %s\n", path, err == Z_ERRNO ? strerror(errno) : what);
        free(buf);
        gzclose(f);
        return NULL;
    }
    gzclose(f);
    *len = n;
    return buf;
}

/* An initrd is passed as it is, compressed or not. */
static uint8_t *read_raw(const char *path, size_t *len)
{
    FILE *f = fopen(path, "rb");
    uint8_t *buf = NULL;
    long n = -1;
    if (f && !fseek(f, 0, SEEK_END) && (n = ftell(f)) >= 0 && !fseek(f, 0, SEEK_SET))
        buf = malloc(n ? (size_t)n : 1);
    if (!buf || fread(buf, 1, (size_t)n, f) != (size_t)n) {
        fprintf(stderr, "ia64-sim: %s: %s\n", path, errno ? strerror(errno) : "read error");
        free(buf);
        buf = NULL;
    }
    if (f)
        fclose(f);
    *len = n > 0 ? (size_t)n : 0;
    return buf;
}

static bool claim(struct firmware *fw, const char *what, uint64_t base, uint64_t size)
{
    uint64_t at = base & ~(EFI_PAGE - 1), pages = (base + size - at + EFI_PAGE - 1) / EFI_PAGE;
    if (fw_map_alloc(fw, 2, EFI_LOADER_DATA, pages, &at) == EFI_SUCCESS)
        return true;
    fprintf(
        stderr,
        "ia64-sim: %s: physical %#llx-%#llx is not free RAM: give the machine more memory (-m)\n",
        what, (unsigned long long)base, (unsigned long long)(base + size));
    return false;
}

static bool load_kernel(struct firmware *fw, const char *path, uint64_t *entry)
{
    struct machine *m = fw->b->m;
    size_t len;
    uint8_t *image = read_file(path, &len);
    if (!image)
        return false;
    struct elf_file e;
    char err[ELF_ERR_SIZE];
    bool ok = elf_parse(&e, path, image, len, err);
    free(image);
    if (!ok) {
        fprintf(stderr, "ia64-sim: %s\n", err);
        return false;
    }
    uint64_t lo = UINT64_MAX, hi = 0;
    for (unsigned i = 0; i < e.nseg; i++) {
        const struct elf_segment *s = &e.seg[i];
        if (!s->memsz)
            continue;
        lo = s->paddr < lo ? s->paddr : lo;
        hi = s->paddr + s->memsz > hi ? s->paddr + s->memsz : hi;
    }
    ok = lo < hi && claim(fw, path, lo, hi - lo);
    *entry = 0;
    for (unsigned i = 0; ok && i < e.nseg; i++) {
        const struct elf_segment *s = &e.seg[i];
        uint8_t *host = s->memsz ? phys_host(m, s->paddr, s->memsz) : NULL;
        if (!host)
            continue;
        memcpy(host, s->data, s->filesz);
        memset(host + s->filesz, 0, s->memsz - s->filesz);
        /* e_entry is virtual or physical; Linux's is physical already. */
        if (e.entry >= s->vaddr && e.entry - s->vaddr < s->memsz)
            *entry = s->paddr + (e.entry - s->vaddr);
        else if (e.entry >= s->paddr && e.entry - s->paddr < s->memsz)
            *entry = e.entry;
    }
    if (ok && !*entry) {
        fprintf(stderr, "ia64-sim: %s: the entry point is in no segment\n", path);
        ok = false;
    }
    elf_close(&e);
    return ok;
}

bool linux_boot(struct firmware *fw)
{
    const struct board_config *cfg = &fw->b->cfg;
    struct cpu *cpu = fw->b->m->cpu[0];
    struct ia64_boot_param bp = {0};
    uint64_t entry, at;

    if (!load_kernel(fw, cfg->kernel, &entry))
        return false;
    if (cfg->initrd) {
        size_t len;
        uint8_t *rd = read_raw(cfg->initrd, &len);
        if (!rd)
            return false;
        at = BOARD_LOW_RAM_MAX - 1;
        uint64_t st = fw_map_alloc(fw, 1, EFI_LOADER_DATA, (len + EFI_PAGE - 1) / EFI_PAGE, &at);
        if (len && st != EFI_SUCCESS) {
            fprintf(stderr,
                    "ia64-sim: %s: %zu bytes do not fit in memory: give the machine more (-m)\n",
                    cfg->initrd, len);
            free(rd);
            return false;
        }
        if (len)
            memcpy(fw_ptr(fw, at, len), rd, len);
        free(rd);
        bp.initrd_start = len ? at : 0;
        bp.initrd_size = len;
    }
    /* Parameters, command line and memory map: 64 KiB of loader data. */
    at = BOARD_LOW_RAM_MAX - 1;
    if (fw_map_alloc(fw, 1, EFI_LOADER_DATA, 16, &at) != EFI_SUCCESS) {
        fprintf(stderr,
                "ia64-sim: no memory for the boot parameters: give the machine more (-m)\n");
        return false;
    }
    const char *cmd = cfg->append ? cfg->append : "";
    size_t cmdlen = strlen(cmd) + 1;
    if (cmdlen > 2048) {
        fprintf(stderr, "ia64-sim: --append: longer than 2047 characters\n");
        return false;
    }
    uint8_t *area = fw_ptr(fw, at, 16 * EFI_PAGE);
    memset(area, 0, 16 * EFI_PAGE);
    bp.command_line = at + 256;
    memcpy(area + 256, cmd, cmdlen);
    bp.efi_systab = fw->systab;
    bp.efi_memmap = at + 4096;
    bp.efi_memdesc_size = sizeof fw->map[0];
    bp.efi_memdesc_version = 1;
    bp.efi_memmap_size = fw->nmap * sizeof fw->map[0];
    memcpy(area + 4096, fw->map, bp.efi_memmap_size);
    bp.console_info.num_cols = 80;
    bp.console_info.num_rows = 25;
    bp.fpswa = fw->fpswa;
    memcpy(area, &bp, sizeof bp);
    fw->boot_services_gone = true;

    cpu->ip = entry;
    cpu_set_psr(cpu, PSR_AC | PSR_IC | PSR_BN);
    cpu->gr[28] = (struct gr){at, 0};
    cpu->gr[12] = (struct gr){FW_STACK + FW_STACK_SIZE / 2 - 16, 0};
    rse_set_bspstore(cpu, FW_STACK + FW_STACK_SIZE / 2);
    return true;
}
