/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Command line. Options that QEMU has are spelt as QEMU spells them; one or two dashes are the
 * same, and
 * `--name=value` the same as `--name value`.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "sim/options.h"
#include "sim/board/options.h"
#include "sim/machine.h"
#include "sim/usage.h"

#define VERSION "0.1"

static const char help[] =
    "usage: ia64-sim [options] prog.elf [args]          run a bare-metal program\n"
    "       ia64-sim [options] --user prog [args]       run a Linux/ia64 program\n"
    "       ia64-sim [options] --kernel FILE | --efi FILE | --fat DIR | -drive file=DISK ...   the "
    "full machine\n"
    "\n"
    "Machine:\n"
    "  -m SIZE               RAM: MiB, or with suffix K, M, G (default 64M bare-metal, 512M full "
    "machine)\n"
    "  -smp N                processors, 1..64\n"
    "  --privop-native       the breaks of a privified kernel do what they stand for\n"
    "\n"
    "Full machine:\n"
    "  --kernel FILE         Linux kernel; --initrd FILE, --append 'COMMAND LINE'\n"
    "  --efi FILE            EFI application; its arguments: --append, or --efi FILE,ARGUMENTS; "
    "--fat "
    "DIR: a directory as the removable disk it may boot from\n"
    "  --nvram FILE          keeps EFI variables\n"
    "  -drive file=F,format=raw,if=virtio[,readonly=on][,snapshot=on]   disk, repeatable\n"
    "                        file=fat:DIR: a directory of the host, as a read-only disk with one "
    "FAT "
    "partition\n"
    "  -nic user[,hostfwd=tcp:[ADDR]:PORT-[ADDR]:PORT][,mac=M] | none   network card on libslirp\n"
    "  -device virtio-rng-pci   entropy, the same in every run\n"
    "  -serial DEV           mon:stdio (default), stdio, file:F, tcp:HOST:PORT[,server[,nowait]], "
    "unix:F[,server], null\n"
    "  -echr N               the console's escape character, instead of 1 for Ctrl-a\n"
    "  -rtc base=TIME        2026-01-01T00:00:00 (default), utc, localtime, seconds\n"
    "  -numa N               nodes; --memory-map BASE+SIZE[@NODE],... instead of -m\n"
    "  -no-reboot            a reset ends the simulation\n"
    "  --record F, --replay F   outside input with its modelled time\n"
    "  --loadvm F            goes on from a snapshot, on a machine with the same options\n"
    "  --savevm F --savevm-when TEXT [--savevm-quit]   saves one when the console has printed "
    "TEXT\n"
    "  --realtime            an idle machine waits as long as it would take (default when stdin is "
    "a terminal)\n"
    "\n"
    "Linux programs (after --user, before the program):\n"
    "  -L DIR                prefix for the program interpreter and libraries\n"
    "  -E VAR=VALUE, -U VAR  set, unset a variable of the environment\n"
    "  -0 NAME               argv[0]\n"
    "  -s BYTES              stack size\n"
    "  -strace               print system calls\n"
    "  --strict              stop at an unimplemented system call\n"
    "  --user-time host      clocks of the host instead of modelled time\n"
    "  -g PORT               gdb stub on that port\n"
    "\n"
    "Looking inside:\n"
    "  --trace WHAT[,WHAT]   insn, mem, tlb, intr, branch\n"
    "  --trace-file FILE     where to (default stderr)\n"
    "  --trace-range LO-HI   only there: addresses or symbols, or one symbol's extent\n"
    "  --trace-cpl N         only at this privilege level\n"
    "  --trace-start N       from the N-th instruction on\n"
    "  --trace-count N       that many lines\n"
    "  -d WHAT[,WHAT]        in_asm: disassembly of each bundle when it is first executed; int, "
    "mmu: as "
    "--trace intr, tlb\n"
    "  --symbols FILE[+OFFSET],...   names from these ELF files, moved by OFFSET\n"
    "  --watchdog N          stop after N interruptions without an rfi (default 1000000, 0: "
    "never)\n"
    "  --stats[=mix]         counters at the end; mix: also bundles, nops, groups, classes (slow)\n"
    "  --max-insns N         stop after N instructions (exit status 124)\n"
    "  --dump-state          all registers at the end\n"
    "  -s, -gdb DEV          gdb stub on port 1234; or tcp:[HOST]:PORT, stdio\n"
    "  -S                    wait for gdb or the monitor before the first instruction\n"
    "  --monitor             commands on stdin whenever the machine stops\n"
    "  --help, --version\n";

enum id {
    O_HELP,
    O_VERSION,
    O_USER,
    O_MEM,
    O_SMP,
    O_TRACE,
    O_TRACE_FILE,
    O_TRACE_RANGE,
    O_TRACE_CPL,
    O_TRACE_COUNT,
    O_TRACE_START,
    O_STATS,
    O_MAX_INSNS,
    O_DUMP_STATE,
    O_LOG,
    O_GDB_1234,
    O_GDB,
    O_WAIT,
    O_MONITOR,
    O_NOGRAPHIC,
    O_PRIVOP_NATIVE,
    O_WATCHDOG,
    O_SYMBOLS,
    O_BOARD,
    /* after --user */
    O_SYSROOT,
    O_ENV_SET,
    O_ENV_UNSET,
    O_ARGV0,
    O_STACK,
    O_STRACE,
    O_STRICT,
    O_USER_TIME,
};

struct opt {
    const char *name;
    enum id id;
    enum { NONE, VALUE, OPTIONAL } arg;
};

static const struct opt common[] = {
    {"help", O_HELP, NONE},
    {"h", O_HELP, NONE},
    {"version", O_VERSION, NONE},
    {"user", O_USER, NONE},
    {"m", O_MEM, VALUE},
    {"smp", O_SMP, VALUE},
    {"trace", O_TRACE, VALUE},
    {"trace-file", O_TRACE_FILE, VALUE},
    {"trace-range", O_TRACE_RANGE, VALUE},
    {"trace-cpl", O_TRACE_CPL, VALUE},
    {"trace-count", O_TRACE_COUNT, VALUE},
    {"trace-start", O_TRACE_START, VALUE},
    {"stats", O_STATS, OPTIONAL},
    {"max-insns", O_MAX_INSNS, VALUE},
    {"dump-state", O_DUMP_STATE, NONE},
    {"d", O_LOG, VALUE},
    {"s", O_GDB_1234, NONE},
    {"gdb", O_GDB, VALUE},
    {"S", O_WAIT, NONE},
    {"monitor", O_MONITOR, NONE},
    {"nographic", O_NOGRAPHIC, NONE},
    {"privop-native", O_PRIVOP_NATIVE, NONE},
    {"watchdog", O_WATCHDOG, VALUE},
    {"symbols", O_SYMBOLS, VALUE},
    /* The full machine's: sim/board/options.c. */
    {"kernel", O_BOARD, VALUE},
    {"initrd", O_BOARD, VALUE},
    {"append", O_BOARD, VALUE},
    {"efi", O_BOARD, VALUE},
    {"fat", O_BOARD, VALUE},
    {"drive", O_BOARD, VALUE},
    {"nic", O_BOARD, VALUE},
    {"serial", O_BOARD, VALUE},
    {"echr", O_BOARD, VALUE},
    {"numa", O_BOARD, VALUE},
    {"rtc", O_BOARD, VALUE},
    {"nvram", O_BOARD, VALUE},
    {"memory-map", O_BOARD, VALUE},
    {"record", O_BOARD, VALUE},
    {"replay", O_BOARD, VALUE},
    {"realtime", O_BOARD, NONE},
    {"loadvm", O_BOARD, VALUE},
    {"savevm", O_BOARD, VALUE},
    {"savevm-when", O_BOARD, VALUE},
    {"savevm-quit", O_BOARD, NONE},
    {"no-reboot", O_BOARD, NONE},
    {"device", O_BOARD, VALUE},
    {NULL, O_HELP, NONE},
};

static const struct opt user[] = {
    {"L", O_SYSROOT, VALUE},    {"E", O_ENV_SET, VALUE},    {"U", O_ENV_UNSET, VALUE},
    {"0", O_ARGV0, VALUE},      {"s", O_STACK, VALUE},      {"g", O_GDB, VALUE},
    {"strace", O_STRACE, NONE}, {"strict", O_STRICT, NONE}, {"user-time", O_USER_TIME, VALUE},
    {NULL, O_HELP, NONE},
};

static const struct opt *find(const struct opt *t, const char *name, size_t len)
{
    for (; t->name; t++)
        if (strlen(t->name) == len && !strncmp(t->name, name, len))
            return t;
    return NULL;
}

static uint64_t number(const char *opt, const char *s, uint64_t max)
{
    char *end;
    errno = 0;
    uint64_t v = strtoull(s, &end, 0);
    if (end == s || *end || errno || *s == '-' || v > max)
        die("option %s: '%s' is not a number from 0 to %" PRIu64, opt, s, max);
    return v;
}

/* QEMU's sizes: a plain number is in `unit`. */
static uint64_t parse_size(const char *opt, const char *s, uint64_t unit)
{
    uint64_t v = 0;
    const char *end = size_suffixed(strncmp(s, "size=", 5) ? s : s + 5, unit, &v);
    if (!end || *end || !v || v > 1ull << 50)
        die("option %s: '%s' is not a size", opt, s);
    return v;
}

static char *gdb_port(const char *opt, const char *s)
{
    /* qemu-user's -g takes a bare port. */
    char *dev = NULL;
    if (asprintf(&dev, "tcp::%u", (unsigned)number(opt, s, 65535)) < 0)
        die("out of memory");
    return dev;
}

static const char **append(const char **list, unsigned *n, const char *s)
{
    list = realloc(list, (*n + 2) * sizeof *list);
    if (!list)
        die("out of memory");
    list[(*n)++] = s;
    list[*n] = NULL;
    return list;
}

static void apply(struct options *o, const struct opt *opt, const char *name, const char *v)
{
    const char *bad;
    switch (opt->id) {
    case O_HELP:
        fputs(help, stdout);
        exit(0);
    case O_VERSION:
        puts("ia64-sim (Xen/ia64) " VERSION);
        exit(0);
    case O_USER:
        o->user = true;
        break;
    case O_MEM:
        o->ram = parse_size(name, v, 1 << 20);
        if (o->ram & 0xfff)
            die("option %s: %s is not a multiple of 4 KiB", name, v);
        break;
    case O_SMP:
        o->smp = (unsigned)number(name, strncmp(v, "cpus=", 5) ? v : v + 5, MAX_CPUS);
        if (!o->smp)
            die("option %s: there must be at least one processor", name);
        break;
    case O_TRACE:
        o->trace.what |= trace_parse_what(v, &bad);
        if (*bad)
            die("option %s: '%s' is none of insn, mem, tlb, intr, branch", name, bad);
        break;
    case O_LOG:
        o->trace.what |= trace_parse_log(v, &bad);
        if (*bad)
            die("option %s: '%s' is none of in_asm, int, mmu (see --trace for the rest)", name,
                bad);
        break;
    case O_TRACE_FILE:
        o->trace.file = v;
        break;
    case O_TRACE_RANGE:
        o->trace.range = v;
        break;
    case O_TRACE_CPL:
        o->trace.cpl = (int)number(name, v, 3);
        break;
    case O_TRACE_COUNT:
        o->trace.count = number(name, v, UINT64_MAX);
        break;
    case O_TRACE_START:
        o->trace.start = number(name, v, UINT64_MAX);
        break;
    case O_STATS:
        o->stats = true;
        if (v && strcmp(v, "mix"))
            die("option %s: '%s' is not known (only mix)", name, v);
        o->stats_mix = v != NULL;
        break;
    case O_MAX_INSNS:
        o->max_insns = o->uo.max_insns = number(name, v, UINT64_MAX);
        break;
    case O_DUMP_STATE:
        o->dump_state = true;
        break;
    case O_GDB_1234:
        o->gdb = "tcp::1234";
        break;
    case O_GDB:
        o->gdb = *v >= '0' && *v <= '9' ? gdb_port(name, v) : v;
        if (strcmp(o->gdb, "stdio") && strncmp(o->gdb, "tcp:", 4))
            die("option %s: '%s' is neither tcp:[HOST]:PORT nor stdio", name, v);
        break;
    case O_WAIT:
        o->wait = true;
        break;
    case O_MONITOR:
        o->monitor = true;
        break;
    case O_NOGRAPHIC:
        break; /* there is nothing else */
    case O_PRIVOP_NATIVE:
        o->privop_native = true;
        break;
    case O_WATCHDOG:
        o->watchdog = (uint32_t)number(name, v, UINT32_MAX);
        break;
    case O_SYMBOLS:
        o->symbols = v;
        break;
    case O_BOARD:
        board_option(&o->board, opt->name, v);
        break;
    case O_SYSROOT:
        o->uo.sysroot = v;
        break;
    case O_ENV_SET:
        if (!strchr(v, '='))
            die("option %s: '%s' is not VAR=VALUE", name, v);
        o->uo.env_set = append(o->uo.env_set, &o->uo.nenv_set, v);
        break;
    case O_ENV_UNSET:
        o->uo.env_unset = append(o->uo.env_unset, &o->uo.nenv_unset, v);
        break;
    case O_ARGV0:
        o->uo.argv0 = v;
        break;
    case O_STACK:
        o->uo.stack_size = parse_size(name, v, 1);
        break;
    case O_STRACE:
        o->uo.strace = true;
        break;
    case O_STRICT:
        o->uo.strict = true;
        break;
    case O_USER_TIME:
        if (strcmp(v, "host") && strcmp(v, "model"))
            die("option %s: '%s' is neither host nor model", name, v);
        o->uo.host_time = !strcmp(v, "host");
        break;
    }
}

void options_parse(struct options *o, int argc, char **argv)
{
    int i = 1;
    memset(o, 0, sizeof *o);
    o->smp = 1;
    o->trace.cpl = -1;
    o->watchdog = 1000000;
    board_options_init(&o->board);

    while (i < argc && argv[i][0] == '-' && argv[i][1]) {
        const char *name = argv[i], *bare = name + 1 + (name[1] == '-');
        const char *eq = strchr(bare, '=');
        const char *value = NULL;
        if (!*bare) {
            i++; /* "--": the program follows */
            break;
        }
        size_t len = eq ? (size_t)(eq - bare) : strlen(bare);
        const struct opt *opt = o->user ? find(user, bare, len) : NULL;
        if (!opt)
            opt = find(common, bare, len);
        if (!opt) {
            if (find(user, bare, len))
                die("option %s belongs after --user", name);
            die("unknown option %s (--help lists them)", name);
        }
        i++;
        if (eq)
            value = eq + 1;
        else if (opt->arg == VALUE && i < argc)
            value = argv[i++];
        if (opt->arg == VALUE && (!value || !*value))
            die("option %s needs a value", name);
        if (opt->arg == NONE && eq)
            die("option %s takes no value", name);
        apply(o, opt, name, value);
    }
    if (o->wait && !o->gdb && !o->monitor)
        die("option -S waits for gdb or the monitor: give -s, -gdb or --monitor too");
    o->board.ncpu = o->smp;
    o->board.ram_size = o->ram;
    o->is_board = board_options_done(&o->board);
    if (o->is_board) {
        if (o->user || i < argc)
            die("%s: the full machine runs what --kernel, --efi, --fat or -drive name, no program",
                o->user ? "--user" : argv[i]);
        return;
    }
    if (i >= argc)
        die("no program given (--help lists the options)");
    if (o->user && o->smp != 1)
        die("-smp: a --user program runs on one processor");
    o->image = argv[i];
    o->argc = argc - i;
    o->argv = argv + i;
    o->uo.prog = o->image;
    o->uo.argc = o->argc;
    o->uo.argv = o->argv;
}
