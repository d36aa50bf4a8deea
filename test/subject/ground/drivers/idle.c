// SPDX-License-Identifier: MIT
/*
 * The PMU of each hart, two counters that are read as CSRs, which a hart that sleeps loses with what they select. Sound; each
 * BREAK_… keeps less of it when a CPU sleeps.
 */
#include <linux/cpu.h>
#include <linux/cpu_pm.h>
#include <linux/init.h>
#include <linux/perf_event.h>
#include <linux/percpu.h>
#include <asm/csr.h>

#define IDLE_COUNTERS 2
#define CSR_IDLE_ENABLE 0x5c8

struct idle_events {
	struct perf_event *event[IDLE_COUNTERS];
	u32 enabled;
	/* What was running when the hart went to sleep, as bits. */
	u32 slept;
};
static DEFINE_PER_CPU(struct idle_events, idle_events);

/* The CSR's number is a part of the instruction. */
static u64 idle_count(int idx)
{
	return idx ? csr_read(0x5d1) : csr_read(0x5d0);
}
static void idle_select(int idx, u32 what)
{
	if (idx)
		csr_write(0x5c1, what);
	else
		csr_write(0x5c0, what);
}
static void idle_enable(int idx, bool on)
{
	struct idle_events *events = this_cpu_ptr(&idle_events);

	events->enabled = on ? events->enabled | BIT(idx) : events->enabled & ~BIT(idx);
	csr_write(CSR_IDLE_ENABLE, events->enabled);
}

static void idle_read(struct perf_event *event)
{
	u64 now = idle_count(event->hw.idx);

	local64_add(now - local64_xchg(&event->hw.prev_count, now), &event->count);
}
static void idle_start(struct perf_event *event, int flags)
{
	event->hw.state = 0;
#ifdef BREAK_SELECT
	/* Only add selects, and a hart that slept has lost that. */
	if (!(flags & PERF_EF_RELOAD))
#endif
		idle_select(event->hw.idx, event->hw.config);
	local64_set(&event->hw.prev_count, idle_count(event->hw.idx));
	idle_enable(event->hw.idx, true);
}
static void idle_stop(struct perf_event *event, int flags)
{
	if (event->hw.state & PERF_HES_STOPPED)
		return;
	idle_enable(event->hw.idx, false);
	idle_read(event);
	event->hw.state |= PERF_HES_STOPPED | PERF_HES_UPTODATE;
}
static int idle_add(struct perf_event *event, int flags)
{
	struct idle_events *events = this_cpu_ptr(&idle_events);
	int idx = 0;

	while (idx < IDLE_COUNTERS && events->event[idx])
		idx++;
	if (idx == IDLE_COUNTERS)
		return -EAGAIN;
	events->event[idx] = event;
	event->hw.idx = idx;
	event->hw.state = PERF_HES_STOPPED | PERF_HES_UPTODATE;
	if (flags & PERF_EF_START)
		idle_start(event, 0);
	return 0;
}
static void idle_del(struct perf_event *event, int flags)
{
	idle_stop(event, PERF_EF_UPDATE);
	this_cpu_ptr(&idle_events)->event[event->hw.idx] = NULL;
}

static int idle_event_init(struct perf_event *event)
{
	struct perf_event *leader = event->group_leader, *sibling;
	int members = 1;

	if (event->attr.type != event->pmu->type)
		return -ENOENT;
	if (!event->attr.config || event->attr.config > 0xff)
		return -EINVAL;
	members += leader != event && leader->pmu == event->pmu;
	for_each_sibling_event(sibling, leader)
		members += sibling->pmu == event->pmu;
	event->hw.config = event->attr.config;
	event->hw.idx = -1;
	return members > IDLE_COUNTERS ? -EINVAL : 0;
}

static int idle_power(struct notifier_block *block, unsigned long what, void *data)
{
	struct idle_events *events = this_cpu_ptr(&idle_events);

	for (int idx = 0; idx < IDLE_COUNTERS; idx++) {
		struct perf_event *event = events->event[idx];

		if (!event)
			continue;
		switch (what) {
		case CPU_PM_ENTER:
#ifdef BREAK_COUNT
			/* What it has counted is lost with the counter. */
			idle_enable(idx, false);
			event->hw.state |= PERF_HES_STOPPED;
			events->slept |= BIT(idx);
#else
			events->slept &= ~BIT(idx);
#ifndef BREAK_STOPPED
			if (event->hw.state & PERF_HES_STOPPED)
				break;
#endif
			events->slept |= BIT(idx);
			idle_stop(event, PERF_EF_UPDATE);
#endif
			break;
#ifndef BREAK_FAILED
		case CPU_PM_ENTER_FAILED:
#endif
		case CPU_PM_EXIT:
			if (events->slept & BIT(idx))
				idle_start(event, PERF_EF_RELOAD);
			break;
		}
	}
	return NOTIFY_OK;
}
static struct notifier_block idle_block = { .notifier_call = idle_power };

static struct pmu idle_pmu = {
	.capabilities = PERF_PMU_CAP_NO_INTERRUPT | PERF_PMU_CAP_NO_EXCLUDE,
	.event_init = idle_event_init,
	.add = idle_add,
	.del = idle_del,
	.start = idle_start,
	.stop = idle_stop,
	.read = idle_read,
};

static int __init idle_init(void)
{
	int error = cpu_pm_register_notifier(&idle_block);

	if (error)
		return error;
	error = perf_pmu_register(&idle_pmu, "idle", -1);
	if (error)
		cpu_pm_unregister_notifier(&idle_block);
	return error;
}
device_initcall(idle_init);
