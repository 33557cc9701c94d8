/* SPDX-License-Identifier: GPL-2.0-only
 *
 * privify: the command. docs/privify.md is its manual.
 */
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include "privify/privify.h"

static const char usage_text[] =
    "usage: privify [options] FILE [-o OUT]\n"
    "Replaces the privileged and privilege-sensitive instructions of an ia64 kernel (vmlinux,\n"
    "vmlinux.gz) or module (.ko, .o) by breaks that reach the hypervisor.\n"
    "  -o, --output OUT    write the rewritten file (compressed if OUT ends in .gz)\n"
    "      --list          what is rewritten: address, slot, kind, symbol, instruction, break\n"
    "      --stats         counts by kind and by section\n"
    "      --json          --list and --stats as JSON\n"
    "      --verify        is FILE completely and soundly rewritten?\n"
    "      --undo          -o gets the original file back\n"
    "      --only KINDS    nothing but these kinds (comma-separated names or groups)\n"
    "      --also KINDS    these kinds as well\n"
    "      --skip KINDS    not these kinds\n"
    "      --unproven=fail|keep|rewrite  what is done where nothing proves that it is code\n"
    "      --kinds         lists the kinds\n"
    "      --help\n"
    "Exit status: 0, 1 for an error or a file that --verify finds fault with, 2 for wrong usage.\n";

struct command {
    const char *in, *out;
    bool list, stats, json, verify, undo, kinds_given, unproven_given;
    struct pv_options opt;
};

static int usage(const char *why)
{
    fprintf(stderr, "privify: %s\n%s", why, usage_text);
    return 2;
}

static int failed(const char *name, const struct pv_error *err)
{
    fprintf(stderr, "privify: %s: %s\n", name, err->text);
    return 1;
}

static void list_kinds(void)
{
    printf("%-8s %-11s %-8s %s\n", "kind", "group", "default", "instructions");
    for (unsigned i = 0; i < PV_KINDS; i++)
        printf("%-8s %-11s %-8s %s\n", pv_kinds[i].name,
               pv_kinds[i].sensitive ? "sensitive" : "privileged",
               pv_kinds[i].by_default ? "yes" : "no", pv_kinds[i].what);
    printf("groups: sensitive, privileged, default, all, none\n");
}

/* Below 0: go on; else the exit status. */
static int parse(int argc, char **argv, struct command *c)
{
    enum { LIST = 256, STATS, JSON, VERIFY, UNDO, ONLY, ALSO, SKIP, UNPROVEN, KINDS, HELP };
    static const struct option options[] = {
        {"output", required_argument, NULL, 'o'},
        {"list", no_argument, NULL, LIST},
        {"stats", no_argument, NULL, STATS},
        {"json", no_argument, NULL, JSON},
        {"verify", no_argument, NULL, VERIFY},
        {"undo", no_argument, NULL, UNDO},
        {"only", required_argument, NULL, ONLY},
        {"also", required_argument, NULL, ALSO},
        {"skip", required_argument, NULL, SKIP},
        {"unproven", required_argument, NULL, UNPROVEN},
        {"kinds", no_argument, NULL, KINDS},
        {"help", no_argument, NULL, HELP},
        {NULL, 0, NULL, 0},
    };
    struct pv_error err;
    uint64_t set;
    int o;

    c->opt.kinds = pv_kind_default();
    while ((o = getopt_long(argc, argv, "o:", options, NULL)) != -1) {
        switch (o) {
        case 'o':
            c->out = optarg;
            break;
        case LIST:
            c->list = true;
            break;
        case STATS:
            c->stats = true;
            break;
        case JSON:
            c->json = true;
            break;
        case VERIFY:
            c->verify = true;
            break;
        case UNDO:
            c->undo = true;
            break;
        case ONLY:
        case ALSO:
        case SKIP:
            if (!pv_kind_set(optarg, &set, &err))
                return usage(err.text);
            c->opt.kinds = o == ONLY ? set : o == ALSO ? c->opt.kinds | set : c->opt.kinds & ~set;
            c->kinds_given = true;
            break;
        case UNPROVEN:
            c->unproven_given = true;
            if (!strcmp(optarg, "fail"))
                c->opt.unproven = PV_UNPROVEN_FAIL;
            else if (!strcmp(optarg, "keep"))
                c->opt.unproven = PV_UNPROVEN_KEEP;
            else if (!strcmp(optarg, "rewrite"))
                c->opt.unproven = PV_UNPROVEN_REWRITE;
            else
                return usage("--unproven is fail, keep or rewrite");
            break;
        case KINDS:
            list_kinds();
            return 0;
        case HELP:
            fputs(usage_text, stdout);
            return 0;
        default:
            fputs(usage_text, stderr);
            return 2;
        }
    }
    if (argc - optind != 1)
        return usage(argc == optind ? "no file given" : "more than one file given");
    c->in = argv[optind];
    if (c->verify && (c->undo || c->out || c->list || c->stats || c->json))
        return usage("--verify goes with no other action");
    if (c->undo && (c->list || c->stats || c->json || c->kinds_given || c->unproven_given))
        return usage("--undo goes with -o only");
    if (c->undo && !c->out)
        return usage("--undo: where to? (-o OUT)");
    if (c->json && !c->list && !c->stats)
        c->list = c->stats = true;
    if (!c->verify && !c->out && !c->list && !c->stats)
        return usage("nothing to do: -o OUT, --list, --stats or --verify");
    return -1;
}

static int verify(const struct command *c, struct pv_file *f)
{
    struct pv_buf say = {0};
    struct pv_error err = {""};
    bool ok = pv_verify(f->data.p, f->data.n, c->opt.kinds, c->kinds_given, &say, &err);

    for (const char *p = (char *)say.p, *end = p + say.n; p < end;) {
        const char *nl = memchr(p, '\n', (size_t)(end - p));
        fprintf(stderr, "privify: %s: %.*s\n", c->in, (int)(nl - p), p);
        p = nl + 1;
    }
    free(say.p);
    if (!ok && err.text[0])
        failed(c->in, &err);
    if (ok)
        printf("%s: complete\n", c->in);
    return !ok;
}

static int undo(const struct command *c, struct pv_file *f)
{
    struct pv_note note;
    struct pv_buf original = {0};
    struct pv_error err = {""};
    int r = 0;

    if (!pv_note_read(f->data.p, f->data.n, &note, &original, &err)) {
        if (!err.text[0])
            pv_fail(&err, "no privify note: nothing to undo");
        r = failed(c->in, &err);
    } else if (!pv_file_write(c->out, original.p, original.n, f->mode, &err)) {
        r = failed(c->out, &err);
    }
    free(original.p);
    return r;
}

static void warn(const struct command *c, const struct pv *v)
{
    size_t kept = 0, unproven = 0;
    char where[128] = "";

    for (unsigned i = 0; i < PV_KINDS; i++) {
        kept += v->count[i][PV_SITE_KEPT];
        unproven += v->count[i][PV_SITE_UNPROVEN];
    }
    if (v->bad) {
        unsigned k = pv_region_of(v, v->first_bad);
        struct pv_site at = {.region = k, .bundle = v->first_bad - v->region[k].first};
        pv_where(v, &at, where, sizeof where);
        fprintf(stderr,
                "privify: %s: warning: %zu bundles of functions do not decode, the first at %s\n",
                c->in, v->bad, where);
    }
    if (kept)
        fprintf(stderr,
                "privify: %s: %zu privileged instructions that no break stands for are kept "
                "(they trap; --list)\n",
                c->in, kept);
    if (unproven)
        fprintf(stderr,
                "privify: %s: warning: %zu that look like instructions are kept, nothing proves "
                "that they are code (--list)\n",
                c->in, unproven);
}

int main(int argc, char **argv)
{
    struct command c = {0};
    struct pv_file f;
    struct pv_buf original = {0}, out = {0};
    struct pv_error err = {""};
    struct pv v = {0};
    int r = parse(argc, argv, &c);

    if (r >= 0)
        return r;
    /* A file size limit is an error like a full disk. */
    signal(SIGXFSZ, SIG_IGN);
    if (!pv_file_read(c.in, &f, &err)) {
        free(f.data.p);
        return failed(c.in, &err);
    }
    if (c.verify || c.undo) {
        r = c.verify ? verify(&c, &f) : undo(&c, &f);
        free(f.data.p);
        return r;
    }
    r = 0;
    if (!pv_load_file(&v, f.data.p, f.data.n, &c.opt, &original, &err)) {
        r = failed(c.in, &err);
    } else {
        struct pv_report report = {c.in, c.list, c.stats, original.p != NULL};
        warn(&c, &v);
        if (c.out && (!pv_rewrite(&v, &out, &err)))
            r = failed(c.in, &err);
        else if (c.out && !pv_file_write(c.out, out.p, out.n, f.mode, &err))
            r = failed(c.out, &err);
        else if (c.json)
            pv_report_json(stdout, &v, &report);
        else
            pv_report_text(stdout, &v, &report);
        if (fflush(stdout) || ferror(stdout)) {
            pv_fail(&err, "cannot write the report");
            r = failed(c.in, &err);
        }
    }
    pv_close(&v);
    free(original.p);
    free(out.p);
    free(f.data.p);
    return r;
}
