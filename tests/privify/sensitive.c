/* SPDX-License-Identifier: GPL-2.0-only
 *
 * The documents against the tables: every row of isa/ is in docs/sensitive.md, privileged ones by
 * name; every instruction that has a break says which; every break of the table is in docs/abi.md
 * with its number; the suites named as proof exist.
 *
 *   sensitive SENSITIVE.md ABI.md
 */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "tests/privify/pairs.h"

static char *sensitive, *abi;
static unsigned problems;

static char *slurp(const char *name)
{
    FILE *f = fopen(name, "r");
    size_t n = 0, cap = 1 << 20;
    char *p = calloc(1, cap + 1);
    if (f && p) {
        n = fread(p, 1, cap, f);
        fclose(f);
    }
    if (!n || n == cap) {
        printf("FAIL files: %s cannot be read\n", name);
        exit(1);
    }
    return p;
}

static __attribute__((format(printf, 1, 2))) void problem(const char *fmt, ...)
{
    va_list ap;
    problems++;
    printf("    ");
    va_start(ap, fmt);
    vprintf(fmt, ap);
    va_end(ap);
    printf("\n");
}

static bool verdict(const char *name, const char *what)
{
    const bool ok = !problems;
    if (ok)
        printf("PASS %s\n", name);
    else
        printf("FAIL %s: expected %s, got %u that are not, see above\n", name, what, problems);
    problems = 0;
    return ok;
}

/* The line that has `words` in its first column (of a table) or anywhere (a list). */
static const char *line_with(const char *text, const char *words, bool table)
{
    char quoted[120];
    snprintf(quoted, sizeof quoted, "`%s`", words);
    for (const char *p = text; (p = strstr(p, quoted)) != NULL; p++) {
        const char *line = p;
        while (line > text && line[-1] != '\n')
            line--;
        if (!table)
            return line;
        /* No column ends between the line's first bar and here. */
        if (*line == '|' && !memchr(line + 1, '|', (size_t)(p - line - 1)))
            return line;
    }
    return NULL;
}

static bool line_says(const char *line, const char *word)
{
    const char *end = strchr(line, '\n'), *p = strstr(line, word);
    return p && (!end || p < end);
}

static void words_of(const struct isa_row *row, char *buf, size_t size)
{
    snprintf(buf, size, "%s%s%s", row->name, *row->operands ? " " : "", row->operands);
}

/* A privileged row by its own name; any other by name, or its format. */
static void test_rows(void)
{
    for (unsigned op = 1; op < ISA_OP_COUNT; op++) {
        const struct isa_row *row = &isa_rows[op];
        char words[120];
        words_of(row, words, sizeof words);
        if (line_with(sensitive, words, true))
            continue;
        if (row->attr & ISA_ATTR_PRIV)
            problem("%s (%s), privileged, has no line", words, row->format);
        else if (!line_with(sensitive, row->format, false))
            problem("%s (%s) is neither named nor is its format", words, row->format);
    }
}

/* Nothing in the first columns that is no instruction or format of isa/: a row renamed there. */
static void test_names(void)
{
    for (const char *line = sensitive; line;
         line = strchr(line, '\n') ? strchr(line, '\n') + 1 : 0) {
        const char *end;
        if (*line != '|')
            continue;
        end = strchr(line + 1, '|');
        for (const char *p = line, *q; p < end && (p = memchr(p, '`', (size_t)(end - p)));
             p = q + 1) {
            char name[120], words[120];
            bool known = false;
            q = memchr(p + 1, '`', (size_t)(end - p - 1));
            if (!q || q > end)
                break;
            snprintf(name, sizeof name, "%.*s", (int)(q - p - 1), p + 1);
            for (unsigned op = 1; op < ISA_OP_COUNT && !known; op++) {
                words_of(&isa_rows[op], words, sizeof words);
                known = !strcmp(words, name) || !strcmp(isa_rows[op].format, name);
            }
            /* Families in words: ld.s. */
            if (!known && strncmp(name, "ld", 2))
                problem("`%s` is no instruction of isa/", name);
        }
    }
}

/* The line of an instruction that has a break names it; abi.md has its number. */
static void test_breaks(void)
{
    for (unsigned i = 0; i < PAIR_OPS; i++) {
        const struct pair_op *p = &pair_ops[i];
        char words[120], brk[60], row[80];
        words_of(&isa_rows[p->op], words, sizeof words);
        snprintf(brk, sizeof brk, "`break %s`", p->macro);
        /* mov.m has a line for each application register. */
        bool said = false;
        for (const char *line = line_with(sensitive, words, true); line && !said;
             line = strchr(line, '\n') ? line_with(strchr(line, '\n'), words, true) : NULL)
            said = line_says(line, brk);
        if (!said && !strstr(words, "ar3"))
            problem("%s: its line does not say %s", words, brk);
        if (!said && !strstr(sensitive, brk))
            problem("%s is nowhere", brk);
        snprintf(row, sizeof row, "| 0x%02x | `%s` |", p->number, p->macro);
        if (!strstr(abi, row))
            problem("docs/abi.md has no row \"%s\"", row);
    }
}

/* "N cpu/tlb, cpu/alat;" in the last column: suites there are. */
static void test_proofs(void)
{
    for (const char *line = sensitive; line;
         line = strchr(line, '\n') ? strchr(line, '\n') + 1 : 0) {
        const char *end = strchr(line, '\n'), *last = end;
        if (*line != '|' || !end)
            continue;
        while (last > line && (last == end || *last != '|' || last == end - 1))
            last--;
        for (const char *p = last; p < end;) {
            char suite[80], path[120];
            size_t n = strcspn(p, " ,;|\n");
            snprintf(suite, sizeof suite, "%.*s", (int)n, p);
            if (strchr(suite, '/') && islower((unsigned char)*suite)) {
                snprintf(path, sizeof path, "tests/%s.sh", suite);
                if (access(path, X_OK))
                    problem("%s, named as proof, is not there", path);
            }
            p += n + 1;
        }
    }
}

int main(int argc, char **argv)
{
    bool ok = true;
    if (argc != 3) {
        fprintf(stderr, "usage: sensitive SENSITIVE.md ABI.md\n");
        return 2;
    }
    sensitive = slurp(argv[1]);
    abi = slurp(argv[2]);
    test_rows();
    ok &= verdict("rows", "every instruction of isa/ to be in docs/sensitive.md");
    test_names();
    ok &= verdict("names", "isa/'s own words");
    test_breaks();
    ok &= verdict("breaks", "every break to be named");
    test_proofs();
    ok &= verdict("proofs", "suites that exist");
    free(sensitive);
    free(abi);
    return !ok;
}
