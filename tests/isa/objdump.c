/* SPDX-License-Identifier: MIT
 *
 * Compares our disassembly with the GNU disassembler's, bundle by bundle (T=isa/objdump).
 *
 *   objdump -n COUNT [-s SEED] [-d DIFFERENCES]      random bundles
 *   objdump -e [-d DIFFERENCES] [-l LIST] FILE...    the executable sections of ELF files; LIST
 * holds more names, each ended by a NUL
 *
 * Bundles go through `ia64-linux-gnu-objdump -D -b binary` in chunks, on two processes. DIFFERENCES
 * lists what may differ and why; an entry no longer needed is a failure when -u is given. The
 * random bundles: of every template; a third pure noise, a third with a defined major opcode, a
 * third made from the rows of the table with operands that favour the special values (registers 0
 * and 1, equal registers, extreme immediates). */
#include <elf.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include "isa/format.h"

enum { CHUNK = 250000, MAX_DIFF = 64, MAX_SHOWN = 20 };

/* A permitted difference: row, bits of the slot, both texts (globs). */
struct difference {
    char row[64], ours[96], theirs[96];
    uint64_t mask, match;
};
static struct difference diffs[MAX_DIFF];
static unsigned ndiffs;

/* What the two processes count, shared. */
static struct shared {
    unsigned long bundles[2], differ[2], shown[2];
    unsigned long used[2][MAX_DIFF];
    unsigned long template[2][32];
} * sh;

static uint64_t rng_state[4];
static uint64_t rng(void)
{
    /* xoshiro256++ */
    uint64_t *s = rng_state, r = s[0] + s[3], t = s[1] << 17;
    r = (r << 23 | r >> 41) + s[0];
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = s[3] << 45 | s[3] >> 19;
    return r;
}
static void rng_seed(uint64_t seed)
{
    for (unsigned i = 0; i < 4; i++) {
        seed += 0x9e3779b97f4a7c15ull;
        uint64_t z = seed;
        z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
        z = (z ^ z >> 27) * 0x94d049bb133111ebull;
        rng_state[i] = z ^ z >> 31;
    }
}

#define M41 ((1ull << 41) - 1)

/* Rows per unit, for the table-made third. */
static uint16_t unit_row[ISA_UNIT_X + 1][ISA_OP_COUNT];
static unsigned unit_rows[ISA_UNIT_X + 1];
static uint16_t unit_major[ISA_UNIT_X + 1];

static void rows_init(void)
{
    for (unsigned r = 1; r < ISA_OP_COUNT; r++)
        for (unsigned u = ISA_UNIT_M; u <= ISA_UNIT_X; u++)
            if (isa_rows[r].units >> u & 1) {
                unit_row[u][unit_rows[u]++] = (uint16_t)r;
                unit_major[u] |= (uint16_t)(1u << (isa_rows[r].match >> 37));
            }
}

/* Random bits with fields that like to be 0, 1, all ones or equal to each other. */
static uint64_t operands(void)
{
    uint64_t v = rng(), k = rng();
    static const unsigned at[] = {0, 6, 13, 20, 27, 34};
    for (unsigned i = 0; i < 6; i++) {
        unsigned w = i == 0 ? 6 : i == 5 ? 3 : 7;
        uint64_t f = ((1ull << w) - 1) << at[i];
        switch (k >> (i * 4) & 15) {
        case 0:
        case 1:
            v &= ~f;
            break;
        case 2:
            v = (v & ~f) | 1ull << at[i];
            break;
        case 3:
            v |= f;
            break;
        case 4:
            if (i >= 2)
                v = (v & ~f) | ((v >> at[i - 1] << at[i]) & f);
            break;
        default:
            break;
        }
    }
    return v;
}
static uint64_t random_slot(unsigned unit, unsigned how)
{
    const struct isa_row *row;

    if (how == 0 || unit == ISA_UNIT_L || unit_rows[unit] == 0)
        return rng() & M41;
    if (how == 1) {
        uint64_t v;
        do
            v = rng() & M41;
        while (!(unit_major[unit] >> (v >> 37) & 1));
        return v;
    }
    row = &isa_rows[unit_row[unit][rng() % unit_rows[unit]]];
    return ((operands() & ~row->mask) | row->match) & M41;
}
static struct isa_bundle random_bundle(void)
{
    unsigned tmpl = rng() & 31;
    const struct isa_template *t = &isa_templates[tmpl];
    uint64_t s[3];

    /* Reserved templates all look alike: one in sixteen is enough. */
    while (t->reserved && rng() % 16) {
        tmpl = rng() & 31;
        t = &isa_templates[tmpl];
    }
    for (unsigned n = 0; n < 3; n++)
        s[n] = random_slot(t->reserved ? ISA_UNIT_NONE : t->unit[n], rng() % 3);
    return isa_pack(tmpl, s[0], s[1], s[2]);
}

static void read_differences(const char *file)
{
    FILE *f = fopen(file, "r");
    char line[512];

    if (!f) {
        perror(file);
        exit(2);
    }
    while (fgets(line, sizeof line, f)) {
        struct difference *d = &diffs[ndiffs];
        if (line[0] == '#' || line[0] == '\n' || line[0] == ' ')
            continue;
        if (ndiffs == MAX_DIFF || sscanf(line, "%63[^\t]\t%lx/%lx\t%95[^\t]\t%95[^\t\n]", d->row,
                                         &d->match, &d->mask, d->ours, d->theirs) != 5) {
            fprintf(stderr, "%s: bad line: %s", file, line);
            exit(2);
        }
        ndiffs++;
    }
    fclose(f);
}

/* Is the difference a listed one? ours and theirs are one line each, from the predicate's column
 * on. */
static bool permitted(struct isa_bundle b, unsigned slot, const char *ours, const char *theirs,
                      unsigned w)
{
    unsigned unit = isa_templates[isa_tmpl(b)].unit[slot];
    uint64_t raw = isa_slot(b, slot);
    const struct isa_row *row = isa_lookup(unit, raw, true);
    char name[64];

    snprintf(name, sizeof name, "%s/%s", row ? row->name : "?", row ? row->format : "?");
    for (unsigned i = 0; i < ndiffs; i++)
        if (!fnmatch(diffs[i].row, name, 0) && (raw & diffs[i].mask) == diffs[i].match &&
            !fnmatch(diffs[i].ours, ours, 0) && !fnmatch(diffs[i].theirs, theirs, 0)) {
            sh->used[w][i]++;
            return true;
        }
    return false;
}

/* The text of an instruction: after the template or its blank column, and the predicate. */
static const char *body(const char *line)
{
    const char *s = line;
    if (*s == '[')
        s = strchr(s, ']') ? strchr(s, ']') + 1 : s;
    while (*s == ' ')
        s++;
    if (s[0] == '(' && s[1] == 'p' && strchr(s, ' '))
        s = strchr(s, ' ') + 1;
    return s;
}

static void compare(const struct isa_bundle *b, unsigned long n, uint64_t base, FILE *obj,
                    unsigned w)
{
    char line[512], ours[512];

    for (unsigned long i = 0; i < n; i++) {
        uint64_t ip = base + i * 16;
        const char *our;
        unsigned slot = 0;

        isa_disasm_bundle(b[i], ip, ours, sizeof ours);
        sh->bundles[w]++;
        sh->template[w][isa_tmpl(b[i])]++;
        our = ours;
        while (our) {
            const char *next = strchr(our, '\n');
            size_t len = next ? (size_t)(next - our) : strlen(our), tl;
            char mine[256], *text;

            do {
                if (!fgets(line, sizeof line, obj)) {
                    printf("objdump ended early at 0x%lx\n", ip);
                    sh->differ[w]++;
                    return;
                }
            } while (!(text = strchr(line, '\t')));
            text++;
            tl = strlen(text);
            if (tl && text[tl - 1] == '\n')
                text[--tl] = 0;
            if (len >= sizeof mine)
                len = sizeof mine - 1;
            memcpy(mine, our, len);
            mine[len] = 0;
            if (strtoull(line, NULL, 16) != ip + (slot == 0 ? 0 : slot == 1 ? 6 : 12)) {
                printf("lost step at 0x%lx: %s\n", ip, line);
                sh->differ[w]++;
                return;
            }
            if (strcmp(mine, text)) {
                unsigned s = isa_templates[isa_tmpl(b[i])].unit[slot] == ISA_UNIT_L ? 2 : slot;
                if ((slot == 0 && strncmp(mine, text, 5)) ||
                    !permitted(b[i], s, body(mine), body(text), w)) {
                    sh->differ[w]++;
                    if (sh->shown[w]++ < MAX_SHOWN)
                        printf("  0x%lx slot %u %011lx (bundle %016lx %016lx)\n    ours   %s\n    "
                               "theirs %s\n",
                               ip, s, isa_slot(b[i], s), b[i].hi, b[i].lo, mine, text);
                }
            }
            slot++;
            our = next ? next + 1 : NULL;
        }
    }
}

static void chunk(const struct isa_bundle *b, unsigned long n, uint64_t base, unsigned w)
{
    char name[] = "/tmp/isa-objdump-XXXXXX", cmd[256];
    int fd = mkstemp(name);
    size_t size = n * sizeof *b, done = 0;
    FILE *obj;

    if (fd < 0) {
        perror("mkstemp");
        exit(2);
    }
    while (done < size) {
        ssize_t k = write(fd, (const char *)b + done, size - done);
        if (k <= 0) {
            perror(name);
            exit(2);
        }
        done += (size_t)k;
    }
    close(fd);
    snprintf(cmd, sizeof cmd,
             "ia64-linux-gnu-objdump -D -z --no-show-raw-insn -b binary -m ia64 --adjust-vma=0x%lx "
             "%s | tail -n +8",
             base, name);
    obj = popen(cmd, "r");
    if (!obj) {
        perror("objdump");
        exit(2);
    }
    compare(b, n, base, obj, w);
    while (fgetc(obj) != EOF)
        ;
    pclose(obj);
    unlink(name);
}

/* Appends the executable sections of an ELF file, each padded to whole bundles. */
static struct isa_bundle *image;
static unsigned long image_n, image_room;

static void add_elf(const char *name)
{
    FILE *f = fopen(name, "rb");
    Elf64_Ehdr e;
    Elf64_Shdr s;

    if (!f || fread(&e, sizeof e, 1, f) != 1 || memcmp(e.e_ident, ELFMAG, SELFMAG) ||
        e.e_machine != EM_IA_64 || e.e_ident[EI_DATA] != ELFDATA2LSB) {
        if (f)
            fclose(f);
        return; /* not code of ours: a linker script, an empty object */
    }
    for (unsigned i = 0; i < e.e_shnum; i++) {
        unsigned long n;
        if (fseek(f, (long)(e.e_shoff + i * sizeof s), SEEK_SET) || fread(&s, sizeof s, 1, f) != 1)
            break;
        if (s.sh_type != SHT_PROGBITS || !(s.sh_flags & SHF_EXECINSTR) || !s.sh_size)
            continue;
        n = (s.sh_size + 15) / 16;
        while (image_n + n > image_room) {
            image_room = image_room ? image_room * 2 : 1 << 20;
            image = realloc(image, image_room * sizeof *image);
            if (!image) {
                perror("memory");
                exit(2);
            }
        }
        memset(image + image_n, 0, n * 16);
        if (fseek(f, (long)s.sh_offset, SEEK_SET) ||
            fread(image + image_n, 1, s.sh_size, f) != s.sh_size) {
            fprintf(stderr, "%s: section %u lies outside the file\n", name, i);
            exit(2);
        }
        image_n += n;
    }
    fclose(f);
}

static void add_list(const char *file)
{
    FILE *f = fopen(file, "r");
    char *name = NULL;
    size_t room = 0;

    if (!f) {
        perror(file);
        exit(2);
    }
    while (getdelim(&name, &room, 0, f) > 0)
        add_elf(name);
    free(name);
    fclose(f);
}

/* One of the two processes: every second chunk. */
static void worker(unsigned w, unsigned long count, uint64_t seed)
{
    struct isa_bundle *buf = malloc(CHUNK * sizeof *buf);

    if (!buf)
        exit(2);
    for (unsigned long c = w; c * CHUNK < count; c += 2) {
        unsigned long n = count - c * CHUNK < CHUNK ? count - c * CHUNK : CHUNK;
        if (image)
            memcpy(buf, image + c * CHUNK, n * sizeof *buf);
        else {
            rng_seed(seed + c);
            for (unsigned long i = 0; i < n; i++)
                buf[i] = random_bundle();
        }
        /* Low addresses and, every third chunk, those of a kernel's region. */
        chunk(buf, n, (c % 3 == 2 ? 0xa000000100000000ull : 0) + c * CHUNK * 16, w);
    }
    free(buf);
}

/* What the list of differences and the random generator did not do. */
static bool report_unused(bool random, bool stale)
{
    bool bad = false;

    for (unsigned t = 0; random && t < 32; t++)
        if (sh->template[0][t] + sh->template[1][t] == 0) {
            printf("template 0x%02x was never tried\n", t);
            bad = true;
        }
    for (unsigned i = 0; stale && i < ndiffs; i++)
        if (sh->used[0][i] + sh->used[1][i] == 0) {
            printf("stale entry: %s\t%lx/%lx\t%s\t%s\n", diffs[i].row, diffs[i].match,
                   diffs[i].mask, diffs[i].ours, diffs[i].theirs);
            bad = true;
        }
    return bad;
}

int main(int argc, char **argv)
{
    unsigned long count = 0, total, differ;
    uint64_t seed = 1;
    const char *names = NULL;
    bool elf = false, stale = false, bad = false;
    int opt;

    while ((opt = getopt(argc, argv, "n:s:d:el:u")) != -1)
        switch (opt) {
        case 'n':
            count = strtoul(optarg, NULL, 0);
            break;
        case 's':
            seed = strtoull(optarg, NULL, 0);
            break;
        case 'd':
            read_differences(optarg);
            break;
        case 'e':
            elf = true;
            break;
        case 'l':
            names = optarg;
            break;
        case 'u':
            stale = true;
            break;
        default:
            return 2;
        }
    if (elf) {
        for (; optind < argc; optind++)
            add_elf(argv[optind]);
        if (names)
            add_list(names);
        count = image_n;
    }
    rows_init();
    sh = mmap(NULL, sizeof *sh, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (sh == MAP_FAILED) {
        perror("mmap");
        return 2;
    }
    for (unsigned w = 0; w < 2; w++) {
        pid_t pid = fork();
        if (pid < 0) {
            perror("fork");
            return 2;
        }
        if (pid == 0) {
            worker(w, count, seed);
            exit(0);
        }
    }
    for (int st; wait(&st) > 0 || errno == EINTR;)
        if (!WIFEXITED(st) || WEXITSTATUS(st))
            bad = true;
    total = sh->bundles[0] + sh->bundles[1];
    differ = sh->differ[0] + sh->differ[1];
    printf("%lu bundles, %lu unlisted differences", total, differ);
    for (unsigned i = 0; i < ndiffs; i++)
        if (sh->used[0][i] + sh->used[1][i])
            printf(", %s %lu", diffs[i].row, sh->used[0][i] + sh->used[1][i]);
    putchar('\n');
    bad |= report_unused(!elf, stale);
    return differ || bad || total != count || !count;
}
