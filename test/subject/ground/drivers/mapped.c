// SPDX-License-Identifier: MIT
/*
 * The PMU of each hart, two counters of 48 bits that a user reads without the kernel while their event is mapped. Sound; each
 * BREAK_… writes another page, or opens the counters to others.
 */
#include <linux/cpu.h>
#include <linux/init.h>
#include <linux/mm_types.h>
#include <linux/perf_event.h>
#include <linux/percpu.h>
#include <linux/smp.h>
#include <asm/csr.h>

#define MAPPED_COUNTERS 2
#define MAPPED_WIDTH 48
#define MAPPED_FIRST 3
#define CSR_MAPPED_ENABLE 0x5c8
/* Where a counter starts: below 0, as those do that interrupt when they get there. */
#define MAPPED_START (-(1LL << 46))

struct mapped_events {
	struct perf_event *event[MAPPED_COUNTERS];
	u32 enabled;
};
static DEFINE_PER_CPU(struct mapped_events, mapped_events);

/* The CSR's number is a part of the instruction. */
static u64 mapped_count(int idx)
{
	s64 raw = idx ? csr_read(0xc04) : csr_read(0xc03);

#ifdef BREAK_SIGN
	return raw;
#else
	return raw << (64 - MAPPED_WIDTH) >> (64 - MAPPED_WIDTH);
#endif
}
static void mapped_set(int idx, u64 value)
{
	value &= GENMASK_ULL(MAPPED_WIDTH - 1, 0);
	if (idx)
		csr_write(0xc04, value);
	else
		csr_write(0xc03, value);
}
static void mapped_enable(int idx, bool on)
{
	struct mapped_events *events = this_cpu_ptr(&mapped_events);

	events->enabled = on ? events->enabled | BIT(idx) : events->enabled & ~BIT(idx);
	csr_write(CSR_MAPPED_ENABLE, events->enabled);
}

/* Users of this CPU read what somebody maps, and what counts. */
static void mapped_give_access(void *unused)
{
	struct mapped_events *events = this_cpu_ptr(&mapped_events);
	u32 readable = 0;

	for (int idx = 0; idx < MAPPED_COUNTERS; idx++)
		if (events->enabled & BIT(idx) && events->event[idx]->hw.flags & PERF_EVENT_FLAG_USER_READ_CNT)
			readable |= BIT(MAPPED_FIRST + idx);
	csr_write(CSR_SCOUNTEREN, readable);
}

static void mapped_read(struct perf_event *event)
{
	u64 now = mapped_count(event->hw.idx), delta = now - local64_xchg(&event->hw.prev_count, now);

	local64_add(delta & GENMASK_ULL(MAPPED_WIDTH - 1, 0), &event->count);
}
static void mapped_start(struct perf_event *event, int flags)
{
	event->hw.state = 0;
	mapped_set(event->hw.idx, MAPPED_START);
#ifdef BREAK_OFFSET
	perf_event_update_userpage(event);
	local64_set(&event->hw.prev_count, MAPPED_START);
	mapped_enable(event->hw.idx, true);
#else
	local64_set(&event->hw.prev_count, MAPPED_START);
	mapped_enable(event->hw.idx, true);
	perf_event_update_userpage(event);
#endif
	mapped_give_access(NULL);
}
static void mapped_stop(struct perf_event *event, int flags)
{
	if (event->hw.state & PERF_HES_STOPPED)
		return;
	mapped_enable(event->hw.idx, false);
	mapped_give_access(NULL);
	mapped_read(event);
	event->hw.state |= PERF_HES_STOPPED | PERF_HES_UPTODATE;
#ifndef BREAK_INDEX
	perf_event_update_userpage(event);
#endif
}
static int mapped_add(struct perf_event *event, int flags)
{
	struct mapped_events *events = this_cpu_ptr(&mapped_events);
	int idx = 0;

	while (idx < MAPPED_COUNTERS && events->event[idx])
		idx++;
	if (idx == MAPPED_COUNTERS)
		return -EAGAIN;
	events->event[idx] = event;
	event->hw.idx = idx;
	event->hw.state = PERF_HES_STOPPED | PERF_HES_UPTODATE;
	if (flags & PERF_EF_START)
		mapped_start(event, 0);
	return 0;
}
static void mapped_del(struct perf_event *event, int flags)
{
	mapped_stop(event, PERF_EF_UPDATE);
	this_cpu_ptr(&mapped_events)->event[event->hw.idx] = NULL;
}

static int mapped_event_init(struct perf_event *event)
{
	struct perf_event *leader = event->group_leader, *sibling;
	int members = 1;

	if (event->attr.type != event->pmu->type)
		return -ENOENT;
	if (event->attr.config != 1)
		return -EINVAL;
	members += leader != event && leader->pmu == event->pmu;
	for_each_sibling_event(sibling, leader)
		members += sibling->pmu == event->pmu;
	event->hw.idx = -1;
	return members > MAPPED_COUNTERS ? -EINVAL : 0;
}

static int mapped_event_idx(struct perf_event *event)
{
	if (!(event->hw.flags & PERF_EVENT_FLAG_USER_READ_CNT))
		return 0;
#ifdef BREAK_COUNTER
	return event->hw.idx + 1;
#else
	return MAPPED_FIRST + event->hw.idx + 1;
#endif
}
void arch_perf_update_userpage(struct perf_event *event, struct perf_event_mmap_page *page, u64 now)
{
	page->cap_user_rdpmc = !!(event->hw.flags & PERF_EVENT_FLAG_USER_READ_CNT);
#ifdef BREAK_WIDTH
	page->pmc_width = 32;
#else
	page->pmc_width = MAPPED_WIDTH;
#endif
}
static void mapped_event_mapped(struct perf_event *event, struct mm_struct *memory)
{
	event->hw.flags |= PERF_EVENT_FLAG_USER_READ_CNT;
#ifdef BREAK_LOCAL
	preempt_disable();
	mapped_give_access(NULL);
	preempt_enable();
#else
	on_each_cpu_mask(mm_cpumask(memory), mapped_give_access, NULL, 1);
#endif
	perf_event_update_userpage(event);
}
static void mapped_event_unmapped(struct perf_event *event, struct mm_struct *memory)
{
	event->hw.flags &= ~PERF_EVENT_FLAG_USER_READ_CNT;
#ifndef BREAK_LEFT
	on_each_cpu_mask(mm_cpumask(memory), mapped_give_access, NULL, 1);
#endif
}

static struct pmu mapped_pmu = {
	.capabilities = PERF_PMU_CAP_NO_INTERRUPT | PERF_PMU_CAP_NO_EXCLUDE,
	.event_init = mapped_event_init,
	.add = mapped_add,
	.del = mapped_del,
	.start = mapped_start,
	.stop = mapped_stop,
	.read = mapped_read,
	.event_idx = mapped_event_idx,
	.event_mapped = mapped_event_mapped,
	.event_unmapped = mapped_event_unmapped,
};

static int __init mapped_init(void)
{
	return perf_pmu_register(&mapped_pmu, "mapped", -1);
}
device_initcall(mapped_init);
