/* SPDX-License-Identifier: MIT */
/*
 * A small PMU driver for the tests of the harness, in our own words: sound as it stands, and wrong in one known way for each
 * name of the shape BREAKS_* that is defined.
 */
#include <linux/perf_event.h>
#include <linux/mutex.h>
#include <linux/atomic.h>

#ifndef TINY_COUNTERS
#define TINY_COUNTERS 2
#endif

struct tiny_cpu {
	int n_events;
	struct perf_event *slot[TINY_COUNTERS];
	void *beside;
};

static DEFINE_PER_CPU(struct tiny_cpu, tiny_cpu);
static DEFINE_MUTEX(tiny_lock);
static atomic_t tiny_active = ATOMIC_INIT(0);
typedef void (*perf_irq_t)(void *);
perf_irq_t perf_irq;

static void tiny_handler(void *unused)
{
}

static u64 tiny_counter(int idx)
{
#ifdef BREAKS_INSTRUCTIONS
	return csr_read(cycle);
#endif
	return idx == 0 ? csr_read(cycle) : csr_read(instret);
}

static void tiny_update(struct perf_event *event)
{
	u64 before, now;

	do {
		before = local64_read(&event->hw.prev_count);
		now = tiny_counter(event->hw.idx);
	} while (local64_cmpxchg(&event->hw.prev_count, before, now) != before);
	local64_add((now - before) & ((1ULL << 63) - 1), &event->count);
#ifdef BREAKS_SUM
	local64_add((now - before) & ((1ULL << 63) - 1), &event->count);
#endif
}

static void tiny_read(struct perf_event *event)
{
#ifdef BREAKS_POINTER
	if (event->hw.state == 0)
		event = NULL;
#endif
	if (!(event->hw.state & PERF_HES_STOPPED))
		tiny_update(event);
}

static void tiny_start(struct perf_event *event, int flags)
{
	event->hw.state = 0;
	local64_set(&event->hw.prev_count, tiny_counter(event->hw.idx));
	perf_event_update_userpage(event);
}

static void tiny_stop(struct perf_event *event, int flags)
{
	if (event->hw.state & PERF_HES_STOPPED)
		return;
	event->hw.state |= PERF_HES_STOPPED;
#ifdef BREAKS_LOOP
	for (;;)
		;
#endif
	tiny_update(event);
	event->hw.state |= PERF_HES_UPTODATE;
}

static int tiny_add(struct perf_event *event, int flags)
{
	struct tiny_cpu *cpu = this_cpu_ptr(&tiny_cpu);
	int idx = event->hw.config;

#ifdef BREAKS_SHIFT
	event->hw.flags = 1 << (idx + 32);
#endif
#ifdef BREAKS_INDEX
	idx -= 1;
#endif
#ifndef BREAKS_SLOT
	if (cpu->slot[idx])
		return -ENOSPC;
#endif
	event->hw.idx = idx;
	cpu->slot[idx] = event;
	cpu->n_events++;
	event->hw.state = PERF_HES_STOPPED | PERF_HES_UPTODATE;
	if (flags & PERF_EF_START)
		tiny_start(event, PERF_EF_RELOAD);
	return 0;
}

static void tiny_del(struct perf_event *event, int flags)
{
	struct tiny_cpu *cpu = this_cpu_ptr(&tiny_cpu);

	tiny_stop(event, PERF_EF_UPDATE);
	cpu->slot[event->hw.idx] = NULL;
	cpu->n_events--;
	perf_event_update_userpage(event);
}

static void tiny_destroy(struct perf_event *event)
{
	mutex_lock(&tiny_lock);
	if (atomic_dec_and_test(&tiny_active))
		perf_irq = NULL;
	mutex_unlock(&tiny_lock);
}

#ifdef BREAKS_ANSWER
static int tiny_kind(struct perf_event *event)
{
	mutex_lock(&tiny_lock);
	mutex_unlock(&tiny_lock);
	if (event->attr.type == PERF_TYPE_RAW)
		return -EIO;
	return 0;
}
#endif

static int tiny_event_init(struct perf_event *event)
{
	int counter;

#ifdef BREAKS_ANSWER
	if (tiny_kind(event))
		return tiny_kind(event);
#endif

	if (event->attr.type != PERF_TYPE_HARDWARE)
		return -ENOENT;
	if (event->attr.config > PERF_COUNT_HW_INSTRUCTIONS)
		return -ENOENT;
	counter = event->attr.config == PERF_COUNT_HW_CPU_CYCLES ? 0 : 1;
	if (is_sampling_event(event))
		return -EOPNOTSUPP;
	if (event_has_any_exclude_flag(event))
		return -EINVAL;

	mutex_lock(&tiny_lock);
	if (atomic_inc_return(&tiny_active) == 1) {
#ifdef BREAKS_OWNER
		perf_irq = tiny_handler;
#else
		if (perf_irq) {
#ifndef BREAKS_COUNT
			atomic_dec(&tiny_active);
#endif
#ifndef BREAKS_LOCK
			mutex_unlock(&tiny_lock);
#endif
			return -EBUSY;
		}
		perf_irq = tiny_handler;
#endif
	}
	mutex_unlock(&tiny_lock);

	event->hw.config = counter;
	event->hw.idx = -1;
	event->destroy = tiny_destroy;
	return 0;
}

static struct pmu tiny_pmu = {
	.event_init = tiny_event_init,
	.add = tiny_add,
	.del = tiny_del,
	.start = tiny_start,
	.stop = tiny_stop,
	.read = tiny_read,
};

static int __init tiny_init(void)
{
#ifdef BREAKS_BOOT
	return -ENODEV;
#endif
	return perf_pmu_register(&tiny_pmu, "tiny", PERF_TYPE_RAW);
}
arch_initcall(tiny_init);
