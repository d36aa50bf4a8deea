// SPDX-License-Identifier: MIT
/*
 * A PMU driver of ours that shares data between calls: four counters, given out under a spinlock; a list of users under a
 * mutex; and a word for each CPU. Without a define it keeps every property; BREAK_CONTEXTS breaks one in each
 * function that an open calls, each other BREAK_… in one way. EACH_CPU: an event stays on the CPU for which it was opened.
 */
#include <linux/bitmap.h>
#include <linux/delay.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/of.h>
#include <linux/percpu.h>
#include <linux/perf_event.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/spinlock.h>

#define COUNTERS 4
#define L_EVENT(n) ((n) * 8)
#define L_VALUE(n) (0x100 + (n) * 8)

struct locking_pmu {
	struct pmu pmu;
	void __iomem *base;
	/* For what callbacks share, and for what opens do: where both are taken, `slots` is first. */
	spinlock_t slots, totals;
	struct mutex users_lock;
	int users, opened;
	atomic_t here;
	DECLARE_BITMAP(used, COUNTERS);
};
#define to_locking(p) container_of(p, struct locking_pmu, pmu)
static DEFINE_PER_CPU(int, locking_opens);

PMU_FORMAT_ATTR(event, "config:0-7");
static struct attribute *locking_formats[] = { &format_attr_event.attr, NULL };
static const struct attribute_group locking_format_group = { .name = "format", .attrs = locking_formats };
PMU_EVENT_ATTR_STRING(reads, locking_event_reads, "event=0x01");
PMU_EVENT_ATTR_STRING(writes, locking_event_writes, "event=0x02");
static struct attribute *locking_events[] = { &locking_event_reads.attr.attr, &locking_event_writes.attr.attr, NULL };
static const struct attribute_group locking_event_group = { .name = "events", .attrs = locking_events };
static const struct attribute_group *locking_groups[] = { &locking_format_group, &locking_event_group, NULL };

static bool locking_fits(struct perf_event *event)
{
	struct perf_event *leader = event->group_leader, *sibling;
	int counters = 1;

	if (leader != event && leader->pmu == event->pmu)
		counters++;
	for_each_sibling_event(sibling, leader)
		if (sibling->pmu == event->pmu && sibling != event)
			counters++;
	return counters <= COUNTERS;
}

static void locking_count(void *pmu)
{
	((struct locking_pmu *)pmu)->opened |= 1;
}

/* What each open does, and a way to do it wrong for each. */
static void locking_of_cpu(void)
{
#ifdef BREAK_CONTEXTS
	*this_cpu_ptr(&locking_opens) = 1;
#else
	*get_cpu_ptr(&locking_opens) = 1;
	put_cpu_ptr(&locking_opens);
#endif
}

static void locking_calls(struct locking_pmu *pmu)
{
	unsigned long flags = 0;

#ifdef BREAK_CONTEXTS
	local_irq_save(flags);
#endif
	smp_call_function_single(0, locking_count, pmu, 1);
#ifdef BREAK_CONTEXTS
	local_irq_restore(flags);
#endif
}

static void locking_allocates(struct locking_pmu *pmu)
{
	unsigned long flags;

	spin_lock_irqsave(&pmu->totals, flags);
#ifdef BREAK_CONTEXTS
	kfree(kmalloc(64, GFP_KERNEL));
#else
	kfree(kmalloc(64, GFP_ATOMIC));
#endif
	pmu->opened |= 2;
	spin_unlock_irqrestore(&pmu->totals, flags);
}

static void locking_sleeps(struct locking_pmu *pmu)
{
#ifdef BREAK_CONTEXTS
	spin_lock(&pmu->totals);
#endif
	mutex_lock(&pmu->users_lock);
	pmu->users++;
	mutex_unlock(&pmu->users_lock);
#ifdef BREAK_CONTEXTS
	spin_unlock(&pmu->totals);
#endif
}

/* Where callbacks take it too, interrupts are off meanwhile. */
static void locking_totals(struct locking_pmu *pmu)
{
	unsigned long flags = 0;

#ifdef BREAK_INTERRUPTS_ON
	spin_lock(&pmu->slots);
#else
	spin_lock_irqsave(&pmu->slots, flags);
#endif
#ifdef BREAK_LET_IN
	local_irq_enable();
#endif
	spin_lock(&pmu->totals);
#ifdef BREAK_AGAIN
	spin_lock(&pmu->totals);
#endif
	pmu->opened |= 4;
#ifndef BREAK_HELD
	spin_unlock(&pmu->totals);
#endif
#ifdef BREAK_RELEASED
	spin_unlock(&pmu->totals);
#endif
#ifdef BREAK_INTERRUPTS_ON
	spin_unlock(&pmu->slots);
#else
	spin_unlock_irqrestore(&pmu->slots, flags);
#endif
}

static void locking_destroy(struct perf_event *event)
{
	struct locking_pmu *pmu = to_locking(event->pmu);

	mutex_lock(&pmu->users_lock);
	pmu->users--;
	mutex_unlock(&pmu->users_lock);
}

static int locking_event_init(struct perf_event *event)
{
	struct locking_pmu *pmu = to_locking(event->pmu);

	if (event->attr.type != event->pmu->type)
		return -ENOENT;
	if (is_sampling_event(event) || event->attach_state & PERF_ATTACH_TASK || event->cpu < 0)
		return -EINVAL;
	if (event->attr.config > 0xff || !locking_fits(event))
		return -EINVAL;
#ifndef EACH_CPU
	event->cpu = 0;
#endif
	event->hw.idx = -1;
	locking_of_cpu();
	locking_calls(pmu);
	locking_allocates(pmu);
	locking_sleeps(pmu);
	locking_totals(pmu);
#ifdef MANY_POINTS
	for (int i = 0; i < 120; i++)
		find_first_zero_bit(pmu->used, COUNTERS);
#endif
	event->destroy = locking_destroy;
#ifdef BREAK_CONTEXTS
	preempt_disable();
#endif
	return 0;
}

static void locking_read(struct perf_event *event)
{
	u64 now = readq(to_locking(event->pmu)->base + L_VALUE(event->hw.idx));

	local64_add(now - local64_xchg(&event->hw.prev_count, now), &event->count);
}

static void locking_start(struct perf_event *event, int flags)
{
	struct locking_pmu *pmu = to_locking(event->pmu);

	event->hw.state = 0;
	writeq(event->attr.config, pmu->base + L_EVENT(event->hw.idx));
	local64_set(&event->hw.prev_count, readq(pmu->base + L_VALUE(event->hw.idx)));
}

static void locking_stop(struct perf_event *event, int flags)
{
	if (event->hw.state & PERF_HES_STOPPED)
		return;
	locking_read(event);
	writeq(0, to_locking(event->pmu)->base + L_EVENT(event->hw.idx));
	event->hw.state |= PERF_HES_STOPPED | PERF_HES_UPTODATE;
}

/* Callbacks of one CPU have interrupts off, those of two run at once. */
static void locking_take(struct locking_pmu *pmu)
{
#ifdef BREAK_ORDER
	spin_lock(&pmu->totals);
#endif
#ifndef BREAK_UNLOCKED
	spin_lock(&pmu->slots);
#endif
}

static void locking_give(struct locking_pmu *pmu)
{
#ifndef BREAK_UNLOCKED
	spin_unlock(&pmu->slots);
#endif
#ifdef BREAK_ORDER
	spin_unlock(&pmu->totals);
#endif
}

#ifdef BREAK_PLAIN
/* Without a lock, and without anything that is a call. */
static int locking_slot(struct locking_pmu *pmu)
{
	int idx = 0;

	while (idx < COUNTERS && pmu->used[0] & BIT(idx))
		idx++;
	if (idx < COUNTERS)
		pmu->used[0] |= BIT(idx);
	return idx;
}
#elif defined(BREAK_TWICE)
/* Who comes while another is here does not wait: right, unless the other takes the same slot between its look and its taking. */
static int locking_slot(struct locking_pmu *pmu)
{
	bool alone = atomic_xchg(&pmu->here, 1) == 0;
	int idx = 0;

	if (!alone) {
		while (idx < COUNTERS && pmu->used[0] & BIT(idx))
			idx++;
		set_bit(idx, pmu->used);
		return idx;
	}
	while (idx < COUNTERS && test_and_set_bit(idx, pmu->used))
		idx++;
	atomic_set(&pmu->here, 0);
	return idx;
}
#else
static int locking_slot(struct locking_pmu *pmu)
{
	int idx;

	locking_take(pmu);
	idx = find_first_zero_bit(pmu->used, COUNTERS);
	if (idx < COUNTERS)
		__set_bit(idx, pmu->used);
	locking_give(pmu);
	return idx;
}
#endif

static int locking_add(struct perf_event *event, int flags)
{
	int idx = locking_slot(to_locking(event->pmu));

	if (idx == COUNTERS)
		return -EAGAIN;
	event->hw.idx = idx;
	event->hw.state = PERF_HES_STOPPED | PERF_HES_UPTODATE;
	if (flags & PERF_EF_START)
		locking_start(event, flags);
	return 0;
}

static void locking_del(struct perf_event *event, int flags)
{
	struct locking_pmu *pmu = to_locking(event->pmu);

	locking_stop(event, PERF_EF_UPDATE);
	locking_take(pmu);
	__clear_bit(event->hw.idx, pmu->used);
	locking_give(pmu);
}

static int locking_probe(struct platform_device *pdev)
{
	struct locking_pmu *pmu = devm_kzalloc(&pdev->dev, sizeof(*pmu), GFP_KERNEL);

	if (!pmu)
		return -ENOMEM;
	pmu->base = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(pmu->base))
		return PTR_ERR(pmu->base);
	spin_lock_init(&pmu->slots);
	spin_lock_init(&pmu->totals);
	mutex_init(&pmu->users_lock);
	pmu->pmu = (struct pmu){
		.module = THIS_MODULE,
		.task_ctx_nr = perf_invalid_context,
		.attr_groups = locking_groups,
		.capabilities = PERF_PMU_CAP_NO_EXCLUDE,
		.event_init = locking_event_init,
		.add = locking_add,
		.del = locking_del,
		.start = locking_start,
		.stop = locking_stop,
		.read = locking_read,
	};
	return perf_pmu_register(&pmu->pmu, "locking", -1);
}

static const struct of_device_id locking_of_match[] = { { .compatible = "hartproof,locking-pmu" }, {} };
static struct platform_driver locking_driver = {
	.driver = { .name = "locking-pmu", .of_match_table = locking_of_match, .suppress_bind_attrs = true },
	.probe = locking_probe,
};
builtin_platform_driver(locking_driver);
