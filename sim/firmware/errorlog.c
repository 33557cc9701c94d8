/* SPDX-License-Identifier: GPL-2.0-only
 *
 * Error records (SAL specification 3.4, appendix B): what SAL_GET_STATE_INFO tells of a machine
 * check, an INIT or a corrected error: one section, the processor's. A record is put together when
 * it is asked for.
 */
#include <time.h>
#include "sim/cpu/fr.h"
#include "sim/firmware/efi.h"
#include "sim/firmware/mca.h"

struct record_header {
    uint64_t id;
    uint8_t minor, major, severity, validation;
    uint32_t len;
    uint8_t second, minute, hour, reserved, day, month, year, century; /* BCD */
    uint8_t platform[16];
};
struct section_header {
    struct efi_guid guid;
    uint8_t minor, major, recovery, reserved;
    uint32_t len;
};
struct check_info { /* one cache, TLB or bus check */
    uint64_t valid, info, requestor, responder, target, ip;
};
struct processor_section {
    struct section_header h;
    uint64_t valid, error_map, psp, lid;
    struct check_info check;
    uint64_t cpuid[6];
    uint64_t static_valid;
    struct min_state min_state;
    uint64_t br[8], cr[128], ar[128], rr[8], fr[128][2];
};
struct record {
    struct record_header h;
    struct processor_section p;
};
_Static_assert(sizeof(struct record_header) == 40 && sizeof(struct section_header) == 24,
               "SAL 3.4: B.2");
_Static_assert(sizeof(struct record) <= ERROR_RECORD_MAX, "SAL_GET_STATE_INFO_SIZE");

enum { RECOVERABLE, FATAL, CORRECTED }; /* severity */
/* Which fields of the section are there (B.2.3): error map, state parameter, LID, static
 * information, CPUID. */
#define SECTION_VALID (1ull | 1ull << 1 | 1ull << 2 | 1ull << 3 | 1ull << 24)
static const struct efi_guid processor_guid = {
    0xe429faf1, 0x3cb7, 0x11d4, {0xbc, 0xa7, 0, 0x80, 0xc7, 0x3c, 0x88, 0x81}};

void error_log(struct firmware *fw, const struct cpu *cpu, enum error_type type, uint64_t psp)
{
    fw->mca->record[type][cpu->index] = (struct error_record){
        .valid = true, .id = ++fw->mca->next_id, .psp = psp, .time = board_time(fw->b, NULL)};
}

static uint8_t bcd(int v)
{
    return (uint8_t)(v / 10 % 10 << 4 | v % 10);
}

static void fill_header(struct record_header *h, enum error_type type, const struct error_record *e)
{
    time_t t = e->time;
    struct tm tm;
    gmtime_r(&t, &tm);
    int year = tm.tm_year + 1900;
    *h = (struct record_header){.id = e->id,
                                .major = 0,
                                .minor = 2,
                                .len = sizeof(struct record),
                                .validation = 2,
                                .severity = type == ERROR_CMC    ? CORRECTED
                                            : type == ERROR_INIT ? RECOVERABLE
                                                                 : FATAL,
                                .second = bcd(tm.tm_sec),
                                .minute = bcd(tm.tm_min),
                                .hour = bcd(tm.tm_hour),
                                .day = bcd(tm.tm_mday),
                                .month = bcd(tm.tm_mon + 1),
                                .year = bcd(year % 100),
                                .century = bcd(year / 100)};
}

static void fill_section(struct processor_section *p, struct firmware *fw, const struct cpu *cpu,
                         const struct error_record *e)
{
    unsigned field = e->psp & PSP_CC   ? 4
                     : e->psp & PSP_TC ? 8
                                       : 12; /* num_cache_check, num_tlb_check, num_bus_check */
    p->h = (struct section_header){processor_guid, .minor = 2,
                                   .recovery = e->psp & PSP_CM ? 0x21 : 0x20, .len = sizeof *p};
    p->valid = SECTION_VALID | 1ull << field;
    /* Error map: which kind of structure, in 4-bit fields from bit 8 on (SDM 2:11.10.3,
     * PAL_MC_ERROR_INFO). */
    p->error_map = 1ull << (e->psp & PSP_CC ? 8 : e->psp & PSP_TC ? 16 : 20);
    p->psp = e->psp;
    p->lid = cpu->cr[CR_LID];
    /* Bus check: an internal one (ib). Corrected: mcc. */
    p->check = (struct check_info){
        .valid = 1, .info = (e->psp & PSP_CM ? 1ull << 59 : 0) | (e->psp & PSP_BC ? 1ull << 5 : 0)};
    memcpy(p->cpuid, cpu->cpuid, sizeof cpu->cpuid);
    p->static_valid = 0x3f;
    dma_read(fw->b, fw->mca->min_state[cpu->index], &p->min_state, sizeof p->min_state);
    memcpy(p->br, cpu->br, sizeof p->br);
    memcpy(p->cr, cpu->cr, sizeof p->cr);
    memcpy(p->ar, cpu->ar, sizeof p->ar);
    memcpy(p->rr, cpu->rr, sizeof p->rr);
    for (unsigned i = 0; i < 128; i++)
        fr_to_spill(&cpu->fr[i], p->fr[i]);
}

void sal_get_state_info(struct fw_call *c)
{
    struct firmware *fw = c->b->fw;
    if (c->arg[1] >= ERROR_TYPES) {
        c->ret[0] = (uint64_t)-2;
        return;
    }
    const struct error_record *e = &fw->mca->record[c->arg[1]][c->cpu->index];
    if (!e->valid) {
        c->ret[0] = (uint64_t)-5;
        return;
    }
    struct record r = {0};
    fill_header(&r.h, (enum error_type)c->arg[1], e);
    fill_section(&r.p, fw, c->cpu, e);
    c->ret[1] = sizeof r;
    if (!fw_write_guest(c, c->arg[3], &r, sizeof r))
        c->ret[0] = (uint64_t)-3;
}

void sal_clear_state_info(struct fw_call *c)
{
    if (c->arg[1] >= ERROR_TYPES)
        c->ret[0] = (uint64_t)-2;
    else
        c->b->fw->mca->record[c->arg[1]][c->cpu->index].valid = false;
}
