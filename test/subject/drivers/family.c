/* SPDX-License-Identifier: MIT */
/*
 * The family of drivers that the machines of the model describe, written from them in our own words: as posted where nothing
 * is defined, and with a decision of machines/driver/decisions.ts taken otherwise where its name is. Its functions that can
 * warn have the names under which the model tells a warning.
 */
#include <linux/atomic.h>
#include <linux/mutex.h>
#include <linux/perf_event.h>
#include <asm/csr.h>

#define COUNTERS 2
#define COUNTER_WIDTH 63

struct family_cpu {
	int n_events;
	struct perf_event *events[COUNTERS];
	void *beside;
};
static DEFINE_PER_CPU(struct family_cpu, family_cpus);

static DEFINE_MUTEX(family_mutex);
static atomic_t family_active;
typedef void (*perf_irq_t)(void *);
perf_irq_t perf_irq;

static void family_handler(void *unused)
{
}

/* The hardware */

#if defined(readsBothHalves) && defined(CONFIG_32BIT)
#define COUNTER(csr) ({ u64 upper = csr_read(csr##h); upper << 32 | csr_read(csr); })
#else
#define COUNTER(csr) csr_read(csr)
#endif

static u64 read_counter(int idx)
{
	if (idx == 0)
		return COUNTER(cycle);
	if (idx == 1)
		return COUNTER(instret);
	WARN_ON_ONCE(idx < 0 || idx > COUNTERS);
	return -EINVAL;
}

/* The counter of an event, or why there is none. */
static int family_map(const struct perf_event *event)
{
	u64 config = event->attr.config;

	switch (event->attr.type) {
	case PERF_TYPE_HARDWARE:
		if (config <= PERF_COUNT_HW_INSTRUCTIONS)
			return (int)config;
#ifdef knowsWholeAbi
		return config < PERF_COUNT_HW_MAX ? -EOPNOTSUPP : -EINVAL;
#else
		return config <= PERF_COUNT_HW_BUS_CYCLES ? -EOPNOTSUPP : -EINVAL;
#endif
	case PERF_TYPE_RAW:
		return -EOPNOTSUPP;
	default:
		return -ENOENT;
	}
}

/* Counting */

static void count_up(struct perf_event *event)
{
	u64 then, now, delta;

	do {
		then = local64_read(&event->hw.prev_count);
		now = read_counter(event->hw.idx);
	} while (local64_cmpxchg(&event->hw.prev_count, then, now) != then);
	delta = (now - then) & ((1ULL << COUNTER_WIDTH) - 1);
	local64_add(delta, &event->count);
}

static void family_read(struct perf_event *event)
{
#ifdef readsOnlyRunning
	if (event->hw.state & PERF_HES_STOPPED)
		return;
#endif
	count_up(event);
}

static void riscv_pmu_stop(struct perf_event *event, int flags)
{
#ifndef toleratesStopped
	WARN_ON_ONCE(event->hw.state & PERF_HES_STOPPED);
#endif
	event->hw.state |= PERF_HES_STOPPED;
#ifndef updatesAtEachStop
	if (!(flags & PERF_EF_UPDATE))
		return;
#endif
	if (event->hw.state & PERF_HES_UPTODATE)
		return;
	count_up(event);
	event->hw.state |= PERF_HES_UPTODATE;
}

static void riscv_pmu_start(struct perf_event *event, int flags)
{
#ifdef toleratesRunning
	if (!(event->hw.state & PERF_HES_STOPPED))
		return;
#else
	if (WARN_ON_ONCE(!(event->hw.state & PERF_HES_STOPPED)))
		return;
#endif
	if (flags & PERF_EF_RELOAD)
		WARN_ON_ONCE(!(event->hw.state & PERF_HES_UPTODATE));
	event->hw.state = 0;
#ifndef publishesLast
	perf_event_update_userpage(event);
#endif
#ifndef startsFresh
	if (local64_read(&event->hw.prev_count) == 0)
#endif
		local64_set(&event->hw.prev_count, read_counter(event->hw.idx));
#ifdef publishesLast
	perf_event_update_userpage(event);
#endif
}

/* The counters of a hart */

/* Whether the event is in the slot of its index. */
static bool is_added(const struct family_cpu *cpu, const struct perf_event *event)
{
	int idx = event->hw.idx;

	return idx >= 0 && idx < COUNTERS && cpu->events[idx] == event;
}

static int family_add(struct perf_event *event, int flags)
{
	struct family_cpu *cpu = this_cpu_ptr(&family_cpus);

#ifdef addsOnce
	if (is_added(cpu, event))
		return 0;
#endif
#ifdef choosesByCounter
	if (cpu->n_events > 0 && cpu->events[event->hw.config])
		return -ENOSPC;
#else
	if (cpu->n_events == COUNTERS)
		return -ENOSPC;
#endif
	event->hw.idx = event->hw.config;
	cpu->events[event->hw.idx] = event;
	cpu->n_events++;
	event->hw.state = PERF_HES_STOPPED | PERF_HES_UPTODATE;
	if (flags & PERF_EF_START)
		riscv_pmu_start(event, PERF_EF_RELOAD);
	return 0;
}

static void family_del(struct perf_event *event, int flags)
{
	struct family_cpu *cpu = this_cpu_ptr(&family_cpus);

#ifdef deletesOnlyAdded
	if (!is_added(cpu, event))
		return;
#endif
	cpu->events[event->hw.idx] = NULL;
	cpu->n_events--;
	riscv_pmu_stop(event, PERF_EF_UPDATE);
	perf_event_update_userpage(event);
}

/* The reservation. Without an interrupt, a driver that requests one has nothing to reserve. */

#ifdef requestsIrq
static perf_irq_t take_pmc(void)
{
	return NULL;
}

static void leave_pmc(void)
{
}
#else
/* Who held it before. */
static perf_irq_t take_pmc(void)
{
	perf_irq_t holder = perf_irq;

#ifdef takesOnlyFreePmc
	if (holder)
		return holder;
#endif
	perf_irq = family_handler;
	return holder;
}

static void leave_pmc(void)
{
	perf_irq = NULL;
}
#endif

#ifdef countsUnderMutex
static perf_irq_t reserve(void)
{
	perf_irq_t holder = NULL;

	mutex_lock(&family_mutex);
	if (atomic_inc_return(&family_active) == 1)
		holder = take_pmc();
	if (holder)
		atomic_dec(&family_active);
	mutex_unlock(&family_mutex);
	return holder;
}

static void release(void)
{
	mutex_lock(&family_mutex);
	if (atomic_dec_and_test(&family_active))
		leave_pmc();
	mutex_unlock(&family_mutex);
}
#else
static perf_irq_t reserve(void)
{
	perf_irq_t holder;

	if (atomic_inc_return(&family_active) != 1)
		return NULL;
	mutex_lock(&family_mutex);
	holder = take_pmc();
	mutex_unlock(&family_mutex);
	return holder;
}

static void release(void)
{
	if (!atomic_dec_and_test(&family_active))
		return;
	mutex_lock(&family_mutex);
	leave_pmc();
	mutex_unlock(&family_mutex);
}
#endif

static void family_destroy(struct perf_event *event)
{
#ifdef destroysOnce
	if (!event->destroy)
		return;
	event->destroy = NULL;
#endif
	release();
}

#ifdef refusesUnfitGroups
/* Each counter is there once: two events of a group on the same one are never counted together. */
static bool fits_group(struct perf_event *event, int counter)
{
	struct perf_event *leader = event->group_leader, *sibling;

	if (leader == event)
		return true;
	if (leader->hw.config == counter)
		return false;
	for_each_sibling_event(sibling, leader)
		if (sibling->hw.config == counter)
			return false;
	return true;
}
#endif

static int family_event_init(struct perf_event *event)
{
	int counter = family_map(event);

#ifdef refusesSampling
	if (is_sampling_event(event))
		return -EOPNOTSUPP;
#endif
#ifdef refusesModifiers
	if (event_has_any_exclude_flag(event))
		return -EINVAL;
#endif
#ifdef refusesUnfitGroups
	if (counter >= 0 && !fits_group(event, counter))
		return -EINVAL;
#endif
#ifdef mapsFirst
	if (counter < 0)
		return counter;
#endif
#ifdef opensOnce
	if (event->destroy)
		return 0;
#endif
	if (reserve()) {
		pr_warn("somebody else has the counters\n");
#ifndef countsUnderMutex
		atomic_dec(&family_active);
#endif
		return -EBUSY;
	}
	/* A type that is not taken keeps the reference; so it was posted. */
	if (event->attr.type != PERF_TYPE_HARDWARE && event->attr.type != PERF_TYPE_HW_CACHE)
		return counter;
	event->destroy = family_destroy;
	if (counter < 0) {
		event->destroy(event);
		return counter;
	}
	event->hw.config = counter;
#ifndef leavesIndex
	event->hw.idx = -1;
#endif
	return 0;
}

static struct pmu family_pmu = {
	.event_init = family_event_init,
	.add = family_add,
	.del = family_del,
	.start = riscv_pmu_start,
	.stop = riscv_pmu_stop,
	.read = family_read,
};

static int __init family_init(void)
{
	return perf_pmu_register(&family_pmu, "family", PERF_TYPE_RAW);
}
arch_initcall(family_init);
