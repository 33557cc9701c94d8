/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * BUG(), WARN() and ASSERT(): break with IA64_BUG_BREAK, r14 pointing at a struct bug_site. The break vector's handler gives Xen's own breaks to
 * ia64_bug() (bug.c).
 */
#ifndef __ASM_IA64_BUG_H__
#define __ASM_IA64_BUG_H__

#define IA64_BUG_BREAK  0x58456        /* no guest's number: guests' breaks come from another privilege level */

#define BUGFRAME_run_fn 0
#define BUGFRAME_warn   1
#define BUGFRAME_bug    2
#define BUGFRAME_assert 3
#define BUGFRAME_NR     4

#ifndef __ASSEMBLY__

#include <xen/stringify.h>

struct cpu_user_regs;

struct bug_site {
    const char *file;                   /* or, for run_fn, NULL */
    const char *msg;                    /* the predicate, or NULL */
    void (*fn)(const struct cpu_user_regs *regs);
    unsigned int line;
    unsigned int type;
};

/* common/virtual_region.c counts frames between these; ours are found through r14, so there are none. */
struct bug_frame {
    int unused;
};

#define BUG_SITE(type_, file_, line_, msg_, fn_) do {                   \
    static const struct bug_site site_ = {                              \
        .file = file_, .msg = msg_, .fn = fn_, .line = line_, .type = type_, \
    };                                                                  \
    asm volatile ( "mov r14 = %0 ;; break.m " __stringify(IA64_BUG_BREAK) \
                   :: "r" (&site_) : "r14", "memory" );                 \
} while ( 0 )

#define run_in_exception_handler(func_) do {                            \
    struct bug_site site_ = { .fn = (void *)(func_), .type = BUGFRAME_run_fn }; \
    asm volatile ( "mov r14 = %0 ;; break.m " __stringify(IA64_BUG_BREAK) \
                   :: "r" (&site_) : "r14", "memory" );                 \
} while ( 0 )

#define WARN() BUG_SITE(BUGFRAME_warn, __FILE__, __LINE__, (void *)0, (void *)0)

#define BUG() do {                                                      \
    BUG_SITE(BUGFRAME_bug, __FILE__, __LINE__, (void *)0, (void *)0);   \
    unreachable();                                                      \
} while ( 0 )

#define assert_failed(msg) do {                                         \
    BUG_SITE(BUGFRAME_assert, __FILE__, __LINE__, msg, (void *)0);      \
    unreachable();                                                      \
} while ( 0 )

extern const struct bug_frame __start_bug_frames[],
                              __stop_bug_frames_0[],
                              __stop_bug_frames_1[],
                              __stop_bug_frames_2[],
                              __stop_bug_frames_3[];

/*
 * A break of Xen's own with regs->cr_iim == IA64_BUG_BREAK. Returns true when the code goes on (WARN, run_in_exception_handler):
 * regs then stands behind the break. Else it has panicked.
 */
bool ia64_bug(struct cpu_user_regs *regs);

/* What is not there yet stops by its name. */
#define IA64_UNIMPLEMENTED(name) do {                                   \
    extern void __attribute__((noreturn)) panic(const char *fmt, ...);  \
    panic("unimplemented: %s\n", name);                                 \
} while ( 0 )

#endif /* !__ASSEMBLY__ */

#endif
