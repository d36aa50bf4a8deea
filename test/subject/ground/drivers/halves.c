// SPDX-License-Identifier: MIT
/*
 * The PMU of each hart, two counters of 64 bits, which RV32 reads in halves. Sound on RV64 and on RV32; each BREAK_… is sound on RV64
 * alone.
 */
#include <linux/bits.h>
#include <linux/init.h>
#include <linux/perf_event.h>
#include <linux/percpu.h>
#include <asm/csr.h>

#define HALVES_COUNTERS 2
#define CSR_HALVES_ENABLE 0x5c8

struct halves_events {
	struct perf_event *event[HALVES_COUNTERS];
	u32 enabled;
};
static DEFINE_PER_CPU(struct halves_events, halves_events);

/* The CSR's number is a part of the instruction. */
static unsigned long halves_low(int idx)
{
	return idx ? csr_read(CSR_HPMCOUNTER4) : csr_read(CSR_HPMCOUNTER3);
}
#ifdef CONFIG_32BIT
static u64 halves_high(int idx)
{
	return idx ? csr_read(CSR_HPMCOUNTER4H) : csr_read(CSR_HPMCOUNTER3H);
}
static u64 halves_count(int idx)
{
	u64 high;
	u32 low;

#ifdef BREAK_LOW_FIRST
	low = halves_low(idx);
	high = halves_high(idx);
#elif defined(BREAK_HIGH_FIRST)
	high = halves_high(idx);
	low = halves_low(idx);
#else
	do {
		high = halves_high(idx);
		low = halves_low(idx);
	} while (halves_high(idx) != high);
#endif
	return high << 32 | low;
}
#else
static u64 halves_count(int idx)
{
	return halves_low(idx);
}
#endif

static void halves_enable(int idx, bool on)
{
	struct halves_events *events = this_cpu_ptr(&halves_events);

	events->enabled = on ? events->enabled | BIT(idx) : events->enabled & ~BIT(idx);
	csr_write(CSR_HALVES_ENABLE, events->enabled);
}

static void halves_read(struct perf_event *event)
{
	u64 now = halves_count(event->hw.idx), delta = now - local64_xchg(&event->hw.prev_count, now);

#ifdef BREAK_MASK
	unsigned long mask = GENMASK_ULL(63, 0);

	delta &= mask;
#endif
	local64_add(delta, &event->count);
}
static void halves_start(struct perf_event *event, int flags)
{
	event->hw.state = 0;
	local64_set(&event->hw.prev_count, halves_count(event->hw.idx));
	halves_enable(event->hw.idx, true);
}
static void halves_stop(struct perf_event *event, int flags)
{
	if (event->hw.state & PERF_HES_STOPPED)
		return;
	halves_enable(event->hw.idx, false);
	halves_read(event);
	event->hw.state |= PERF_HES_STOPPED | PERF_HES_UPTODATE;
}
static int halves_add(struct perf_event *event, int flags)
{
	struct halves_events *events = this_cpu_ptr(&halves_events);
	int idx = 0;

	while (idx < HALVES_COUNTERS && events->event[idx])
		idx++;
	if (idx == HALVES_COUNTERS)
		return -EAGAIN;
	events->event[idx] = event;
	event->hw.idx = idx;
	event->hw.state = PERF_HES_STOPPED | PERF_HES_UPTODATE;
	if (flags & PERF_EF_START)
		halves_start(event, 0);
	return 0;
}
static void halves_del(struct perf_event *event, int flags)
{
	halves_stop(event, PERF_EF_UPDATE);
	this_cpu_ptr(&halves_events)->event[event->hw.idx] = NULL;
}

static int halves_event_init(struct perf_event *event)
{
	struct perf_event *leader = event->group_leader, *sibling;
	int members = 1;

	if (event->attr.type != event->pmu->type)
		return -ENOENT;
	/* Bit 40 asks for what every one of these counters counts. */
#ifdef BREAK_SHIFT
	if (event->attr.config & ~(1UL << 40 | 1) || !(event->attr.config & 1))
		return -EINVAL;
#else
	if (event->attr.config & ~(BIT_ULL(40) | 1) || !(event->attr.config & 1))
		return -EINVAL;
#endif
	members += leader != event && leader->pmu == event->pmu;
	for_each_sibling_event(sibling, leader)
		members += sibling->pmu == event->pmu;
	event->hw.idx = -1;
	return members > HALVES_COUNTERS ? -EINVAL : 0;
}

static struct pmu halves_pmu = {
	.capabilities = PERF_PMU_CAP_NO_INTERRUPT | PERF_PMU_CAP_NO_EXCLUDE,
	.event_init = halves_event_init,
	.add = halves_add,
	.del = halves_del,
	.start = halves_start,
	.stop = halves_stop,
	.read = halves_read,
};

static int __init halves_init(void)
{
	return perf_pmu_register(&halves_pmu, "halves", -1);
}
device_initcall(halves_init);
