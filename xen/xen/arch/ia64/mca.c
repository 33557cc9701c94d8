/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Machine checks (SDM 2:11.3; SAL specification, 4): SAL gathers the other processors by an interrupt, keeps a record, and calls OS_MCA. What was corrected,
 * or concerned the TLB alone, whose contents can be had again, is logged, and everything goes on; else Xen says what is known, and panics.
 *
 * Corrected errors come by interrupt (CMC) or are asked for now and then. Records go to Xen's log, and are kept for domain 0, which has the tools to
 * decode them: its SAL_GET_STATE_INFO finds them.
 */
#include <xen/console.h>
#include <xen/delay.h>
#include <xen/event.h>
#include <xen/init.h>
#include <xen/lib.h>
#include <xen/mm.h>
#include <xen/percpu.h>
#include <xen/sched.h>
#include <xen/smp.h>
#include <xen/timer.h>

#include <asm/flushtlb.h>
#include <asm/io.h>
#include <asm/irq.h>
#include <asm/mca.h>
#include <asm/pal.h>
#include <asm/processor.h>
#include <asm/sal.h>
#include <asm/salblock.h>
#include <asm/vcpu.h>

extern char os_mca_entry[];

/* Processor state parameter (SDM 2:11.3.2.1). */
#define PSP_CO      (1UL << 7)      /* continuable */
#define PSP_CM      (1UL << 18)     /* corrected */
#define PSP_CC      (1UL << 59)     /* checks: cache */
#define PSP_TC      (1UL << 60)     /* TLB */
#define PSP_BC      (1UL << 61)     /* bus */
#define PSP_RC      (1UL << 62)     /* register file */
#define PSP_UC      (1UL << 63)     /* micro-architecture */

/* SAL_MC_SET_PARAMS (SAL specification, 9): which, and by what. */
#define PARAM_RENDEZ    1
#define PARAM_WAKEUP    2
#define BY_INTERRUPT    1

#define RENDEZ_TIMEOUT_MS   1000

/* So many records of a type wait for domain 0; later ones are only logged. */
#define RECORDS_KEPT    4

#define POLL_PERIOD     SECONDS(60)
/* More interrupts than these in a second: it is asked for instead. */
#define CMC_STORM       5

/* --- records (SAL specification, appendix B) --- */

struct record_header {
    uint64_t id;
    uint8_t minor, major, severity, validation;
    uint32_t len;
    uint8_t second, minute, hour, reserved, day, month, year, century;  /* BCD */
    uint8_t platform[16];
};
#define RECORD_PLATFORM_VALID   1
#define RECORD_TIME_VALID       2

struct section_header {
    uint8_t guid[16];
    uint8_t minor, major, recovery, reserved;
    uint32_t len;
};

/* Of the processor's section, what is always in its place; then check_info of each kind, as many as `valid` says. */
struct processor_section {
    struct section_header h;
    uint64_t valid, error_map, psp, lid;
};
#define SECTION_ERROR_MAP       (1UL << 0)
#define SECTION_PSP             (1UL << 1)
#define SECTION_LID             (1UL << 2)

struct check_info {
    uint64_t valid, info, requestor, responder, target, ip;
};

unsigned int __read_mostly sal_record_max;

/* Under records_lock. */
static struct {
    unsigned int nr, len[RECORDS_KEPT];
    uint8_t *data[RECORDS_KEPT];
} kept[SAL_INFO_NR];
static uint8_t *record_buf;
static DEFINE_SPINLOCK(records_lock);

static const char *const type_names[SAL_INFO_NR] = { "machine check", "INIT", "corrected machine check", "corrected platform error" };

/* All of SAL's sections have the GUID e429fafX-3cb7-11d4-bca7-0080c73c8881. */
static int section_kind(const uint8_t guid[16])
{
    static const uint8_t rest[15] = { 0xfa, 0x29, 0xe4, 0xb7, 0x3c, 0xd4, 0x11, 0xbc, 0xa7, 0x00, 0x80, 0xc7, 0x3c, 0x88, 0x81 };

    return memcmp(guid + 1, rest, sizeof(rest)) ? -1 : guid[0];
}

static void log_processor(const struct processor_section *p, unsigned int len)
{
    static const char *const kinds[] = { "cache", "TLB", "bus", "register file", "micro-architecture" };
    const struct check_info *c = (const void *)(p + 1);
    unsigned int kind, n;

    if ( len < sizeof(*p) )
        return;
    if ( p->valid & SECTION_LID )
        printk("  processor, lid %016lx\n", p->lid);
    if ( p->valid & SECTION_PSP )
        printk("  state parameter %016lx:%s%s%s%s%s%s%s\n", p->psp, p->psp & PSP_CM ? " corrected" : "", p->psp & PSP_CO ? " continuable" : "",
               p->psp & PSP_CC ? " cache" : "", p->psp & PSP_TC ? " TLB" : "", p->psp & PSP_BC ? " bus" : "",
               p->psp & PSP_RC ? " register-file" : "", p->psp & PSP_UC ? " micro-architecture" : "");
    if ( p->valid & SECTION_ERROR_MAP )
        printk("  error map %016lx\n", p->error_map);
    for ( kind = 0; kind < ARRAY_SIZE(kinds); kind++ )
        for ( n = (p->valid >> (4 + 4 * kind)) & 15; n; n--, c++ )
        {
            if ( (const uint8_t *)(c + 1) > (const uint8_t *)p + len )
                return;
            printk("  %s check %016lx", kinds[kind], c->info);
            if ( c->valid & 8 )
                printk(", target %016lx", c->target);
            if ( c->valid & 16 )
                printk(", ip %016lx", c->ip);
            printk("\n");
        }
}

static void log_record(unsigned int type, const uint8_t *rec, unsigned int len)
{
    static const char *const severities[] = { "recoverable", "fatal", "corrected" };
    static const char *const sections[] = {
        "processor", "memory", "system event log", "PCI bus", "SMBIOS", "PCI component", "platform", "host controller", "platform bus",
    };
    const struct record_header *h = (const void *)rec;
    unsigned int ofs = sizeof(*h);

    if ( len < sizeof(*h) )
        return;
    printk(XENLOG_WARNING "CPU%u, %pv: SAL's record %lu of a %s, %s", smp_processor_id(), current, h->id, type_names[type],
           h->severity < ARRAY_SIZE(severities) ? severities[h->severity] : "of unknown severity");
    if ( h->validation & RECORD_TIME_VALID )
        printk(", %02x%02x-%02x-%02x %02x:%02x:%02x", h->century, h->year, h->month, h->day, h->hour, h->minute, h->second);
    printk("\n");

    while ( ofs + sizeof(struct section_header) <= len )
    {
        const struct section_header *s = (const void *)(rec + ofs);
        int kind = section_kind(s->guid) - 0xf1;

        if ( s->len < sizeof(*s) || s->len > len - ofs )
            break;
        if ( kind == 0 )
            log_processor((const void *)s, s->len);
        else
            printk("  section of %u bytes: %s\n", s->len, kind > 0 && kind < ARRAY_SIZE(sections) ? sections[kind] : "unknown");
        ofs += s->len;
    }
}

static bool collect(unsigned int type)
{
    bool any = false;
    unsigned int i;

    /* SAL may have more than one; and may not be able to clear. */
    for ( i = 0; i < 8 && record_buf; i++ )
    {
        struct sal_result r = ia64_sal_call(SAL_GET_STATE_INFO, type, 0, (uint64_t)record_buf, 0, 0, 0, 0);
        unsigned int len = min_t(uint64_t, r.v0, sal_record_max), n = kept[type].nr;

        if ( r.status || !len )
            break;
        any = true;
        if ( type != SAL_INFO_INIT )
            log_record(type, record_buf, len);
        if ( n < RECORDS_KEPT && kept[type].data[n] )
        {
            memcpy(kept[type].data[n], record_buf, len);
            kept[type].len[n] = len;
            kept[type].nr++;
        }
        if ( ia64_sal_call(SAL_CLEAR_STATE_INFO, type, 0, 0, 0, 0, 0, 0).status < 0 )
            break;
    }

    return any;
}

void sal_records_collect(unsigned int type)
{
    unsigned long flags;

    spin_lock_irqsave(&records_lock, flags);
    collect(type);
    spin_unlock_irqrestore(&records_lock, flags);
}

int sal_record_get(unsigned int type, void *buf)
{
    unsigned long flags;
    int len = -1;

    spin_lock_irqsave(&records_lock, flags);
    collect(type);
    if ( kept[type].nr )
    {
        len = kept[type].len[0];
        memcpy(buf, kept[type].data[0], len);
    }
    spin_unlock_irqrestore(&records_lock, flags);

    return len;
}

void sal_record_clear(unsigned int type)
{
    unsigned long flags;
    unsigned int i;

    spin_lock_irqsave(&records_lock, flags);
    if ( kept[type].nr )
    {
        uint8_t *first = kept[type].data[0];

        kept[type].nr--;
        for ( i = 0; i < RECORDS_KEPT - 1; i++ )
        {
            kept[type].data[i] = kept[type].data[i + 1];
            kept[type].len[i] = kept[type].len[i + 1];
        }
        kept[type].data[RECORDS_KEPT - 1] = first;
    }
    spin_unlock_irqrestore(&records_lock, flags);
}

/* --- corrected errors --- */

struct cmc_rate {
    s_time_t since;
    unsigned int nr;
    bool polled;
};
static DEFINE_PER_CPU(struct cmc_rate, cmc_rate);

/* Domain 0 hears of it as of one of its own processor's. */
static void tell_hwdom(void)
{
    struct vcpu *v;

    if ( hardware_domain )
        for_each_vcpu ( hardware_domain, v )
            if ( v->is_initialised && !test_bit(_VPF_down, &v->pause_flags) )
            {
                vlsapic_local(v, IA64_CR_CMCV);
                break;
            }
}

static bool collect_corrected(unsigned int type)
{
    unsigned long flags;
    bool any;

    spin_lock_irqsave(&records_lock, flags);
    any = collect(type);
    spin_unlock_irqrestore(&records_lock, flags);
    if ( any )
        tell_hwdom();

    return any;
}

void cmc_interrupt(unsigned int vector)
{
    struct cmc_rate *r = &this_cpu(cmc_rate);

    if ( vector == IA64_CPE_VECTOR )
    {
        collect_corrected(SAL_INFO_CPE);
        return;
    }

    if ( NOW() - r->since > SECONDS(1) )
    {
        r->since = NOW();
        r->nr = 0;
    }
    if ( ++r->nr > CMC_STORM )
    {
        printk(XENLOG_WARNING "CPU%u: too many corrected machine checks: asked for every %u s\n", smp_processor_id(),
               (unsigned int)(POLL_PERIOD / SECONDS(1)));
        ia64_setreg(cr.cmcv, IA64_CMC_VECTOR | IA64_LVT_MASKED);
        ia64_srlz_d();
        r->polled = true;
    }
    if ( !collect_corrected(SAL_INFO_CMC) )
        printk(XENLOG_WARNING "CPU%u: corrected machine check, of which SAL has no record\n", smp_processor_id());
}

static void cf_check poll_cpu(void *unused)
{
    struct cmc_rate *r = &this_cpu(cmc_rate);

    if ( smp_processor_id() == 0 )
        collect_corrected(SAL_INFO_CPE);
    if ( !r->polled || collect_corrected(SAL_INFO_CMC) )
        return;
    /* Quiet for so long. */
    r->polled = false;
    ia64_setreg(cr.cmcv, IA64_CMC_VECTOR);
    ia64_srlz_d();
}

static struct timer poll_timer;

static void cf_check poll(void *unused)
{
    on_selected_cpus(&cpu_online_map, poll_cpu, NULL, 1);
    set_timer(&poll_timer, NOW() + POLL_PERIOD);
}

/* --- machine checks --- */

static DEFINE_PER_CPU(bool, in_rendez);
static DEFINE_PER_CPU(bool, mca_corrected);
static bool mca_fatal;

/* SAL has a machine check to deal with elsewhere; it lets us go when MCA_WAKEUP_VECTOR comes. */
void mca_rendez_interrupt(void)
{
    this_cpu(in_rendez) = true;
    smp_mb();
    ia64_sal_call_nolock(SAL_MC_RENDEZ, 0, 0, 0, 0, 0, 0, 0);
    this_cpu(in_rendez) = false;
}

static void wake_others(void)
{
    unsigned int cpu;

    for_each_online_cpu ( cpu )
        if ( per_cpu(in_rendez, cpu) )
            ia64_send_ipi(cpu_physical_id(cpu), MCA_WAKEUP_VECTOR, 0);
}

static bool corrected(uint64_t psp)
{
    if ( (psp & PSP_CM) && (psp & PSP_CO) )
        return true;
    /* Of the TLB only: the translation registers have been inserted again, the rest can be purged. */
    return (psp & PSP_TC) && !(psp & (PSP_CC | PSP_BC | PSP_RC | PSP_UC));
}

void mca_report(void)
{
    if ( !this_cpu(mca_corrected) )
        return;
    this_cpu(mca_corrected) = false;
    printk(XENLOG_WARNING "CPU%u: machine check, corrected: everything goes on\n", smp_processor_id());
    sal_records_collect(SAL_INFO_MCA);
}

static void mca_event(struct sal_event *e)
{
    struct sal_result r;

    if ( corrected(e->psp) )
    {
        /* Not the VHPT: that is memory, and the interrupted code may be changing it. */
        local_tlb_purge_all();
        wake_others();
        this_cpu(mca_corrected) = true;
        /* Logged where locks may be taken. */
        ia64_send_ipi(cpu_physical_id(smp_processor_id()), IPI_INIT_VECTOR, 0);
        return;
    }

    if ( test_and_set_bool(mca_fatal) )
        for ( ; ; )
            cpu_relax();        /* another processor says it all */

    console_force_unlock();
    console_start_sync();
    printk("\n");
    r = ia64_sal_call_nolock(SAL_GET_STATE_INFO, SAL_INFO_MCA, 0, (uint64_t)record_buf, 0, 0, 0, 0);
    if ( !r.status )
        log_record(SAL_INFO_MCA, record_buf, min_t(uint64_t, r.v0, sal_record_max));
    event_dump(&e->regs, "Machine check");
    panic("Machine check on CPU%u, where %pv ran: state parameter %016lx%s\n", smp_processor_id(), current, e->psp,
          e->reason + 1 == 0 ? ", not all processors could be stopped" : "");
}

/* From sal-events.S. What PAL has saved completes the frame. */
uint64_t sal_event(struct sal_event *e)
{
    const volatile uint64_t *ms = maddr_to_uncached(e->min_state & ~(1UL << 63));
    struct cpu_user_regs *regs = &e->regs;
    uint64_t nats = ms[0];
    bool bn;
    unsigned int i;

    regs->cr_ipsr = ms[MIN_STATE_PSR];
    bn = regs->cr_ipsr & IA64_PSR_BN;
    for ( i = 1; i < 32; i++ )
        regs->gr[i] = ms[i < 16 || !bn ? MIN_STATE_GR + i : MIN_STATE_BANK1 + i - 16];
    regs->gr_nat = (nats & 0xfffe) | ((nats >> (bn ? MIN_STATE_BANK1 : 16)) & 0xffff) << 16;
    regs->pr = ms[MIN_STATE_PR];
    regs->br[0] = ms[MIN_STATE_BR0];
    regs->br[1] = ms[MIN_STATE_BR1];
    regs->ar_rsc = ms[MIN_STATE_RSC];
    regs->cr_iip = ms[MIN_STATE_IIP];
    regs->cr_ifs = ms[MIN_STATE_IFS];
    regs->vector = SAL_EVENT_VECTOR;

    if ( e->which == SAL_EVENT_MCA )
        mca_event(e);
    else
        init_event(e);

    return 0;
}

void sal_events_init_cpu(void)
{
    struct sal_block *block = stack_sal_block(stack_base[smp_processor_id()]);
    struct pal_result r;

    BUILD_BUG_ON(offsetof(struct sal_block, min_state) || offsetof(struct sal_block, stack) > SAL_BLOCK_SIZE / 2);
    BUILD_BUG_ON(offsetof(struct sal_block, event) % sizeof(struct cpu_user_regs) && offsetof(struct sal_block, event) % 512);

    memset(&block->init, 0, sizeof(block->init));
    r = ia64_pal_call_phys(PAL_MC_REGISTER_MEM, virt_to_maddr(block->min_state), sizeof(block->min_state), 0);
    if ( r.status )
        printk(XENLOG_WARNING "CPU%u: PAL does not take our min-state save area (%ld)\n", smp_processor_id(), r.status);
}

static int __init cf_check mca_init(void)
{
    struct sal_result r;
    unsigned int type, i;

    for ( type = 0; type < SAL_INFO_NR; type++ )
    {
        r = ia64_sal_call(SAL_GET_STATE_INFO_SIZE, type, 0, 0, 0, 0, 0, 0);
        if ( !r.status )
            sal_record_max = max_t(unsigned int, sal_record_max, r.v0);
    }
    for ( type = 0; type < SAL_INFO_NR; type++ )
        for ( i = 0; sal_record_max && i < RECORDS_KEPT; i++ )
            kept[type].data[i] = xmalloc_bytes(sal_record_max);
    if ( sal_record_max )
        record_buf = xmalloc_bytes(sal_record_max);

    sal_events_init_cpu();
    r = ia64_sal_call(SAL_SET_VECTORS, SAL_VECTOR_OS_MCA, virt_to_maddr(os_mca_entry), 0, 0, 0, 0, 0);
    if ( r.status )
        printk(XENLOG_WARNING "SAL does not take a machine check handler (%ld)\n", r.status);
    r = ia64_sal_call(SAL_MC_SET_PARAMS, PARAM_RENDEZ, BY_INTERRUPT, MCA_RENDEZ_VECTOR, RENDEZ_TIMEOUT_MS, 0, 0, 0);
    if ( !r.status )
        r = ia64_sal_call(SAL_MC_SET_PARAMS, PARAM_WAKEUP, BY_INTERRUPT, MCA_WAKEUP_VECTOR, 0, 0, 0, 0);
    if ( r.status )
        printk(XENLOG_WARNING "SAL does not take the machine check rendezvous (%ld)\n", r.status);

    /* What was left from before this boot. */
    sal_records_collect(SAL_INFO_MCA);
    sal_records_collect(SAL_INFO_CPE);
    init_timer(&poll_timer, poll, NULL, 0);
    set_timer(&poll_timer, NOW() + POLL_PERIOD);

    return 0;
}
__initcall(mca_init);

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
