/* SPDX-License-Identifier: MIT */
/*
 * A driver of the family of 2018, in our own words and without its mistakes: sound as it stands and with any of the names
 * that it asks for with #if, each of which is something that ports do; wrong in one known way for each BREAKS_*.
 */
#include <linux/atomic.h>
#include <linux/bitmap.h>
#include <linux/cpumask.h>
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/mutex.h>
#include <linux/perf_event.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <asm/csr.h>

#define SIB_BASE 2
#ifdef GENERAL
#define SIB_COUNTERS 4
#else
#define SIB_COUNTERS 2
#endif
#define SIB_EVENT(sel) (SIB_BASE + (sel))

struct sib_hart {
#ifdef BITMAP_FIRST
	DECLARE_BITMAP(used, SIB_COUNTERS);
#endif
	int n_events;
	struct perf_event *events[SIB_COUNTERS];
#if defined(GENERAL) && !defined(BITMAP_FIRST)
	unsigned long used[1];
#endif
#ifdef LOCKED
	raw_spinlock_t lock;
#endif
#ifdef STATISTICS
	u64 adds, reads;
	unsigned int generation;
#endif
#ifdef SUMS
	u64 base[SIB_COUNTERS];
	u64 sum[SIB_COUNTERS];
#endif
};

struct sib_pmu {
	struct pmu pmu;
	const char *name;
	int (*map)(u64 config);
	int irq;
};

#ifdef POINTERS
static DEFINE_PER_CPU(struct sib_hart *, sib_hart);
#define this_hart() (*this_cpu_ptr(&sib_hart))
#elif defined(ARRAY_OF_POINTERS)
static struct sib_hart *sib_harts[NR_CPUS];
#define this_hart() (sib_harts[smp_processor_id()])
#else
static DEFINE_PER_CPU(struct sib_hart, sib_hart);
#define this_hart() this_cpu_ptr(&sib_hart)
#endif

static DEFINE_MUTEX(sib_reserve_mutex);
#ifdef REFCOUNT
static refcount_t active_events = REFCOUNT_INIT(0);
#else
static atomic_t active_events = ATOMIC_INIT(0);
#endif
static struct sib_pmu sib;

static irqreturn_t sib_interrupt(int irq, void *dev)
{
	return IRQ_NONE;
}

static int sib_map(u64 config)
{
	switch (config) {
	case PERF_COUNT_HW_CPU_CYCLES:
		return 0;
	case PERF_COUNT_HW_INSTRUCTIONS:
		return 1;
#ifdef GENERAL
	case PERF_COUNT_HW_CACHE_MISSES:
		return SIB_EVENT(1);
	case PERF_COUNT_HW_BRANCH_MISSES:
		return SIB_EVENT(2);
#endif
	}
	return -EOPNOTSUPP;
}

#define switchcase_read(csr, value) case csr: value = csr_read(csr); break
#define switchcase_read_2(csr, value) switchcase_read(csr, value); switchcase_read(csr + 1, value)

#ifndef CONFIG_64BIT
#define read_halves(name)                                            \
	({                                                           \
		u32 high, low;                                       \
		do {                                                 \
			high = csr_read(name##h);                    \
			low = csr_read(name);                        \
		} while (high != csr_read(name##h));                 \
		((u64)high << 32) | low;                             \
	})
#else
#define read_halves(name) csr_read(name)
#endif

#ifdef NEGATIVE
static long long sib_value(int idx)
#else
static inline u64 sib_value(int idx)
#endif
{
	u64 value = 0;

	switch (idx) {
	case 0:
		value = read_halves(cycle);
		break;
	case 1:
#ifdef BREAKS_COUNTER
		value = read_halves(cycle);
#else
		value = read_halves(instret);
#endif
		break;
#ifdef GENERAL
	default:
		switch (0xC03 + idx - 2) {
		switchcase_read_2(0xC03, value);
		}
#endif
	}
#ifdef NEGATIVE
	if (idx < 0 || idx >= SIB_COUNTERS)
		return -EINVAL;
#endif
	return value;
}

#ifdef WRITES
static void sib_write(int idx, u64 value)
{
	switch (idx) {
	case 0:
		csr_write(mcycle, value);
		break;
	case 1:
		csr_write(minstret, value);
		break;
#ifdef GENERAL
	case 2:
		csr_write(mhpmcounter3, value);
		break;
	case 3:
		csr_write(mhpmcounter4, value);
		break;
#endif
	}
}
#endif

#ifdef GENERAL
static void sib_select(int idx, u32 sel)
{
	switch (idx) {
	case 2:
		csr_write(0x323, sel);
		break;
	case 3:
		csr_write(0x324, sel);
		break;
	}
}
#endif

static void sib_read(struct perf_event *event)
{
	struct hw_perf_event *hwc = &event->hw;
#ifdef SUMS
	struct sib_hart *hart = this_hart();
	u64 now = sib_value(hwc->idx);
#else
	u64 prev, now;
#endif

	/* The counters go on while an event is stopped. */
	if (hwc->state & PERF_HES_STOPPED)
		return;
#ifdef SUMS
	hart->sum[hwc->idx] = now - hart->base[hwc->idx];
	hart->base[hwc->idx] = now;
	local64_set(&hwc->prev_count, now);
	local64_add(hart->sum[hwc->idx], &event->count);
#else
#ifdef NEGATIVE
	if (sib_value(hwc->idx) < 0 && hwc->idx < 0)
		return;
#endif
	do {
		prev = local64_read(&hwc->prev_count);
		now = sib_value(hwc->idx);
#ifdef BREAKS_PREV
	} while (0);
#else
	} while (local64_cmpxchg(&hwc->prev_count, prev, now) != prev);
#endif
	local64_add(now - prev, &event->count);
#ifdef BREAKS_TWICE
	local64_add(now - prev, &event->count);
#endif
#ifdef PERIOD
	local64_sub(now - prev, &hwc->period_left);
#endif
#endif
#ifdef STATISTICS
	this_hart()->reads++;
#endif
}

static void sib_stop(struct perf_event *event, int flags)
{
	struct hw_perf_event *hwc = &event->hw;

	if (!(hwc->state & PERF_HES_STOPPED)) {
#ifdef BREAKS_FINAL
		if (flags & PERF_EF_RELOAD)
#endif
		sib_read(event);
		hwc->state |= PERF_HES_STOPPED | PERF_HES_UPTODATE;
	}
#ifdef BREAKS_WARN
	else
		WARN_ON_ONCE(1);
#endif
}

static void sib_start(struct perf_event *event, int flags)
{
	struct hw_perf_event *hwc = &event->hw;

	if (WARN_ON_ONCE(!(hwc->state & PERF_HES_STOPPED)))
		return;
	if (flags & PERF_EF_RELOAD)
		WARN_ON_ONCE(!(hwc->state & PERF_HES_UPTODATE));
	hwc->state = 0;
#ifdef WRITES
	sib_write(hwc->idx, 0);
	local64_set(&hwc->prev_count, 0);
#elif defined(BREAKS_STALE)
	if (!local64_read(&hwc->prev_count))
		local64_set(&hwc->prev_count, sib_value(hwc->idx));
#elif defined(SUMS)
	this_hart()->base[hwc->idx] = sib_value(hwc->idx);
	local64_set(&hwc->prev_count, this_hart()->base[hwc->idx]);
#else
	local64_set(&hwc->prev_count, sib_value(hwc->idx));
#endif
	perf_event_update_userpage(event);
}

/* The counter for an event on this hart, or an errno. */
static int sib_get_idx(struct sib_hart *hart, struct hw_perf_event *hwc)
{
	int idx = hwc->config;

#ifdef GENERAL
	if (idx >= SIB_BASE) {
		idx = SIB_BASE + find_first_zero_bit(hart->used, SIB_COUNTERS - SIB_BASE);
#ifdef BREAKS_FULL
		if (idx > SIB_COUNTERS)
			return -ENOSPC;
#else
		if (idx >= SIB_COUNTERS)
			return -ENOSPC;
#endif
		if (test_and_set_bit(idx - SIB_BASE, hart->used))
			return -EAGAIN;
		sib_select(idx, hwc->config - SIB_BASE);
		return idx;
	}
#endif
#ifndef BREAKS_SHARED
	if (hart->events[idx])
		return -ENOSPC;
#endif
	return idx;
}

static void sib_put_idx(struct sib_hart *hart, int idx)
{
#ifdef GENERAL
#ifndef BREAKS_PUT
	if (idx >= SIB_BASE)
		clear_bit(idx - SIB_BASE, hart->used);
#endif
#endif
}

static int sib_add(struct perf_event *event, int flags)
{
	struct sib_hart *hart = this_hart();
	struct hw_perf_event *hwc = &event->hw;
	int idx, err = 0;
#ifdef LOCKED
	unsigned long irqs;

	raw_spin_lock_irqsave(&hart->lock, irqs);
#endif
#ifdef BREAKS_LIMIT
	if (hart->n_events >= SIB_COUNTERS - 1) {
#else
	if (hart->n_events == SIB_COUNTERS) {
#endif
		err = -ENOSPC;
		goto out;
	}
	idx = sib_get_idx(hart, hwc);
	if (idx < 0) {
		err = idx;
		goto out;
	}
	hwc->idx = idx;
	hart->events[idx] = event;
	hart->n_events++;
#ifdef STATISTICS
	hart->adds++;
	hart->generation++;
#endif
	hwc->state = PERF_HES_UPTODATE | PERF_HES_STOPPED;
	if (flags & PERF_EF_START)
		sib_start(event, PERF_EF_RELOAD);
#ifndef NO_PUBLISH
	perf_event_update_userpage(event);
#endif
out:
#ifdef LOCKED
	raw_spin_unlock_irqrestore(&hart->lock, irqs);
#endif
	return err;
}

static void sib_del(struct perf_event *event, int flags)
{
	struct sib_hart *hart = this_hart();
	struct hw_perf_event *hwc = &event->hw;

	sib_stop(event, PERF_EF_UPDATE);
#ifdef BREAKS_SLOT
	hart->events[0] = NULL;
#else
	hart->events[hwc->idx] = NULL;
#endif
#ifndef BREAKS_COUNT
	hart->n_events--;
#endif
	sib_put_idx(hart, hwc->idx);
	perf_event_update_userpage(event);
}

static int sib_validate_group(struct perf_event *event)
{
	struct perf_event *leader = event->group_leader, *sibling;
	unsigned long taken = 0;
	int general = 0;

#define SIB_TAKE(one)                                                                    \
	do {                                                                             \
		if ((one)->pmu != event->pmu)                                            \
			break;                                                           \
		if ((one)->hw.config >= SIB_BASE) {                                      \
			if (++general > SIB_COUNTERS - SIB_BASE)                         \
				return -EINVAL;                                          \
		} else if (taken & BIT((one)->hw.config)) {                              \
			return -EINVAL;                                                  \
		} else {                                                                 \
			taken |= BIT((one)->hw.config);                                  \
		}                                                                        \
	} while (0)

	SIB_TAKE(event);
	if (leader != event)
		SIB_TAKE(leader);
	for_each_sibling_event(sibling, leader)
		SIB_TAKE(sibling);
	return 0;
}

static int sib_get(void)
{
	int err = 0;

#ifdef REFCOUNT
	if (refcount_inc_not_zero(&active_events))
		return 0;
	mutex_lock(&sib_reserve_mutex);
	if (!refcount_inc_not_zero(&active_events)) {
		err = request_irq(sib.irq, sib_interrupt, 0, "sib", &sib);
#ifdef BREAKS_UNLOCK
		if (err)
			return err;
#endif
		if (!err)
			refcount_set(&active_events, 1);
	}
	mutex_unlock(&sib_reserve_mutex);
#else
	if (atomic_inc_not_zero(&active_events))
		return 0;
	mutex_lock(&sib_reserve_mutex);
	if (atomic_read(&active_events) == 0)
		err = request_irq(sib.irq, sib_interrupt, 0, "sib", &sib);
#ifdef BREAKS_UNLOCK
	if (err)
		return err;
#endif
	if (!err)
		atomic_inc(&active_events);
	mutex_unlock(&sib_reserve_mutex);
#endif
	return err;
}

static void sib_put(void)
{
#ifdef REFCOUNT
	if (refcount_dec_and_mutex_lock(&active_events, &sib_reserve_mutex)) {
#else
	if (atomic_dec_and_mutex_lock(&active_events, &sib_reserve_mutex)) {
#endif
		free_irq(sib.irq, &sib);
		mutex_unlock(&sib_reserve_mutex);
	}
}

static void sib_destroy(struct perf_event *event)
{
	sib_put();
}

static int sib_event_init(struct perf_event *event)
{
	struct perf_event_attr *attr = &event->attr;
	struct hw_perf_event *hwc = &event->hw;
	int err, code;

#ifdef BREAKS_LEAK
	err = sib_get();
	if (err)
		return err;
#endif
	switch (attr->type) {
	case PERF_TYPE_HARDWARE:
		if (attr->config >= PERF_COUNT_HW_MAX)
			return -EINVAL;
#ifdef BREAKS_NULL
		code = attr->config > 3 ? sib.name[0] : sib_map(attr->config);
#else
		code = sib_map(attr->config);
#endif
		break;
	case PERF_TYPE_HW_CACHE:
	case PERF_TYPE_RAW:
		code = -EOPNOTSUPP;
		break;
	default:
#ifdef BREAKS_FOREIGN
		return -EINVAL;
#else
		return -ENOENT;
#endif
	}
	if (code < 0)
		return code;
#ifndef CAPABILITIES
	if (is_sampling_event(event))
		return -EOPNOTSUPP;
	if (event_has_any_exclude_flag(event))
		return -EINVAL;
#endif
	hwc->config = code;
	hwc->idx = -1;
#ifdef PERIOD
	hwc->sample_period = 0x7fffffff;
	hwc->last_period = hwc->sample_period;
	local64_set(&hwc->period_left, hwc->sample_period);
#endif
#ifdef BREAKS_SHIFT
	hwc->config_base = 1 << (code + 31);
#endif
	err = sib_validate_group(event);
	if (err)
		goto fail;
#ifndef BREAKS_LEAK
	err = sib_get();
	if (err)
		goto fail;
#endif
	event->destroy = sib_destroy;
	return 0;
fail:
	return err;
}

static int __init sib_init(void)
{
#if defined(POINTERS) || defined(ARRAY_OF_POINTERS) || defined(LOCKED)
	int cpu;

	for_each_possible_cpu(cpu) {
#ifdef POINTERS
		per_cpu(sib_hart, cpu) = kzalloc(sizeof(struct sib_hart), GFP_KERNEL);
		if (!per_cpu(sib_hart, cpu))
			return -ENOMEM;
#elif defined(ARRAY_OF_POINTERS)
		sib_harts[cpu] = kzalloc(sizeof(struct sib_hart), GFP_KERNEL);
		if (!sib_harts[cpu])
			return -ENOMEM;
#else
		raw_spin_lock_init(&per_cpu(sib_hart, cpu).lock);
#endif
	}
#endif
	sib.irq = 5;
	sib.pmu = (struct pmu){
		.task_ctx_nr = perf_hw_context,
#ifdef CAPABILITIES
		.capabilities = PERF_PMU_CAP_NO_INTERRUPT | PERF_PMU_CAP_NO_EXCLUDE,
#endif
		.event_init = sib_event_init,
		.add = sib_add,
		.del = sib_del,
		.start = sib_start,
		.stop = sib_stop,
		.read = sib_read,
	};
	return perf_pmu_register(&sib.pmu, "cpu", PERF_TYPE_RAW);
}
device_initcall(sib_init);
