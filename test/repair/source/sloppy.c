/* SPDX-License-Identifier: MIT */
/*
 * A driver for the tests of the suggestions, in our own words: of the design of the posted one and with its mistakes, but
 * with names and habits of its own.
 */
#include <linux/perf_event.h>
#include <linux/mutex.h>
#include <linux/atomic.h>

#define COUNTERS 2

struct hart_events {
	int			n_events;
	struct perf_event	*on[COUNTERS];
};

static DEFINE_PER_CPU(struct hart_events, hart_events);

static const int counter_of[] = {
	[PERF_COUNT_HW_CPU_CYCLES]	 = 0,
	[PERF_COUNT_HW_INSTRUCTIONS]	 = 1,
	[PERF_COUNT_HW_CACHE_REFERENCES] = -EOPNOTSUPP,
	[PERF_COUNT_HW_CACHE_MISSES]	 = -EOPNOTSUPP,
};

struct sloppy_ops {
	int (*map_hw_event)(u64 number);
};

static int sloppy_map(u64 number)
{
	if (number >= ARRAY_SIZE(counter_of))
		return -EINVAL;
	return counter_of[number];
}

static const struct sloppy_ops ops = { .map_hw_event = sloppy_map };

static u64 sloppy_value(int counter)
{
	u64 value;

	switch (counter) {
	case 0:
		value = csr_read(cycle);
		break;
	case 1:
		value = csr_read(instret);
		break;
	default:
		WARN_ON_ONCE(counter < 0 || counter > COUNTERS);
		return -EINVAL;
	}
	return value;
}

static void sloppy_read(struct perf_event *e)
{
	u64 then, now;

	do {
		then = local64_read(&e->hw.prev_count);
		now = sloppy_value(e->hw.idx);
	} while (local64_cmpxchg(&e->hw.prev_count, then, now) != then);
	local64_add((now - then) & ((1ULL << 63) - 1), &e->count);
}

static void sloppy_stop(struct perf_event *e, int how)
{
	WARN_ON(e->hw.state & PERF_HES_STOPPED);
	e->hw.state |= PERF_HES_STOPPED;
	if ((how & PERF_EF_UPDATE) && !(e->hw.state & PERF_HES_UPTODATE)) {
		sloppy_read(e);
		e->hw.state |= PERF_HES_UPTODATE;
	}
}

static void sloppy_start(struct perf_event *e, int how)
{
	if (WARN_ON(!(e->hw.state & PERF_HES_STOPPED)))
		return;
	e->hw.state = 0;
	perf_event_update_userpage(e);
	if (!local64_read(&e->hw.prev_count))
		local64_set(&e->hw.prev_count, sloppy_value(e->hw.idx));
}

static int sloppy_add(struct perf_event *e, int how)
{
	struct hart_events *here = this_cpu_ptr(&hart_events);

	if (here->n_events >= COUNTERS)
		return -ENOSPC;

	e->hw.idx = e->hw.config;
	here->on[e->hw.idx] = e;
	here->n_events++;
	e->hw.state = PERF_HES_STOPPED | PERF_HES_UPTODATE;
	if (how & PERF_EF_START)
		sloppy_start(e, PERF_EF_RELOAD);
	return 0;
}

static void sloppy_del(struct perf_event *e, int how)
{
	struct hart_events *here = this_cpu_ptr(&hart_events);

	here->on[e->hw.idx] = NULL;
	here->n_events--;
	sloppy_stop(e, PERF_EF_UPDATE);
	perf_event_update_userpage(e);
}

static DEFINE_MUTEX(owner_lock);
typedef void (*perf_irq_t)(void *);
perf_irq_t perf_irq;

static void sloppy_handler(void *unused)
{
}

static perf_irq_t take_pmc(void)
{
	perf_irq_t before;

	mutex_lock(&owner_lock);
	before = perf_irq;
	perf_irq = sloppy_handler;
	mutex_unlock(&owner_lock);
	return before;
}

static void leave_pmc(void)
{
	mutex_lock(&owner_lock);
	perf_irq = NULL;
	mutex_unlock(&owner_lock);
}

static atomic_t live_events;

static void sloppy_destroy(struct perf_event *e)
{
	if (atomic_dec_and_test(&live_events))
		leave_pmc();
}

static int sloppy_init(struct perf_event *e)
{
	perf_irq_t before = NULL;
	int counter;

	if (atomic_inc_return(&live_events) == 1)
		before = take_pmc();
	if (before) {
		pr_warn("somebody else has the PMC\n");
		atomic_dec(&live_events);
		return -EBUSY;
	}

	switch (e->attr.type) {
	case PERF_TYPE_HARDWARE:
		counter = ops.map_hw_event(e->attr.config);
		break;
	case PERF_TYPE_HW_CACHE:
	case PERF_TYPE_RAW:
		return -EOPNOTSUPP;
	default:
		return -ENOENT;
	}

	e->destroy = sloppy_destroy;
	if (counter < 0) {
		e->destroy(e);
		return counter;
	}
	e->hw.config = counter;
	/* It has no counter yet: idx is -1 until add() finds it one. */
	e->hw.idx = -1;
	return 0;
}

static struct pmu sloppy_pmu = {
	.event_init	= sloppy_init,
	.add		= sloppy_add,
	.del		= sloppy_del,
	.start		= sloppy_start,
	.stop		= sloppy_stop,
	.read		= sloppy_read,
};

static int __init sloppy_boot(void)
{
	return perf_pmu_register(&sloppy_pmu, "sloppy", PERF_TYPE_RAW);
}
arch_initcall(sloppy_boot);
