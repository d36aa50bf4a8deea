/* SPDX-License-Identifier: MIT */
/* The driver's own text, unmodified, in one unit with a table of what the harness looks at. Names come from hartproof_probe.h. */
#include SHIM_KERNEL
#include SUBJECT_SOURCE
#include "hartproof_probe.h"

/* The sections exist even in a driver that puts nothing in them. */
__attribute__((section("shim_percpu"), used)) static long shim_percpu_empty;
__attribute__((section("shim_initcalls"), used)) static initcall_t shim_no_initcall;

extern initcall_t __start_shim_initcalls[], __stop_shim_initcalls[];
extern char __start_shim_percpu[], __stop_shim_percpu[];

#ifdef PROBE_PERCPU_RESERVE
__attribute__((section("shim_percpu"), used, aligned(64))) static char shim_percpu_reserve[PROBE_PERCPU_RESERVE];
#endif

#ifdef PROBE_BOOKKEEPING
/* Asked by the harness, so that it is no access of the driver. */
__attribute__((no_sanitize("thread", "undefined"))) static void *shim_bookkeeping(int hart)
{
	return PROBE_BOOKKEEPING(hart);
}
#endif

const struct shim_subject shim_subject = {
#ifdef PROBE_PERF_IRQ
	.perf_irq = (void **)&PROBE_PERF_IRQ,
#endif
#ifdef PROBE_ACTIVE_EVENTS
	.active_events = &PROBE_ACTIVE_EVENTS,
#endif
#ifdef PROBE_DESTROY
	.destroy = PROBE_DESTROY,
#endif
#ifdef PROBE_MUTEX
	.mutex = &PROBE_MUTEX,
#endif
#ifdef PROBE_BOOKKEEPING
	.bookkeeping = shim_bookkeeping,
#endif
#ifdef PROBE_N_EVENTS
	.n_events = offsetof(struct PROBE_STRUCT, PROBE_N_EVENTS),
#else
	.n_events = -1,
#endif
#ifdef PROBE_EVENTS
	.events = offsetof(struct PROBE_STRUCT, PROBE_EVENTS),
	.max_counters = ARRAY_SIZE(((struct PROBE_STRUCT *)NULL)->PROBE_EVENTS),
#else
	.events = -1,
#endif
#ifdef PROBE_SIBLINGS
	.siblings = PROBE_SIBLINGS,
#endif
#ifdef PROBE_PERCPU_RESERVE
	.percpu_reserve = shim_percpu_reserve,
	.percpu_reserved = sizeof(shim_percpu_reserve),
#endif
	.initcalls = __start_shim_initcalls,
	.initcalls_end = __stop_shim_initcalls,
	.percpu = __start_shim_percpu,
	.percpu_end = __stop_shim_percpu,
};
