// SPDX-License-Identifier: MIT
/*
 * Two counters of 16 bits outside of the harts, which do not tell that they came round: a timer looks at them before they do. Sound;
 * each BREAK_… breaks what becomes of the timer.
 */
#include <linux/hrtimer.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/perf_event.h>
#include <linux/platform_device.h>
#include <linux/spinlock.h>

#define POLLED_COUNTERS 2
#define POLLED_SELECT(n) (0x00 + 8 * (n))
#define POLLED_ENABLE(n) (0x10 + 8 * (n))
#define POLLED_COUNT(n) (0x20 + 8 * (n))

struct polled {
	struct pmu pmu;
	void __iomem *base;
	struct hrtimer timer;
	spinlock_t lock;
	struct perf_event *events[POLLED_COUNTERS];
	int active;
};
#define to_polled(p) container_of(p, struct polled, pmu)

static ktime_t polled_period(void) { return ms_to_ktime(10); }

static void polled_read(struct perf_event *event)
{
	u64 now = readq(to_polled(event->pmu)->base + POLLED_COUNT(event->hw.idx));

	local64_add((now - local64_xchg(&event->hw.prev_count, now)) & 0xffff, &event->count);
}
static enum hrtimer_restart polled_expired(struct hrtimer *timer)
{
	struct polled *polled = container_of(timer, struct polled, timer);

#ifdef BREAK_WAITS
	/* Whoever closes an event has the lock, and waits for this function. */
	spin_lock(&polled->lock);
	spin_unlock(&polled->lock);
#endif
	for (int idx = 0; idx < POLLED_COUNTERS; idx++) {
		if (!polled->events[idx])
			continue;
		polled_read(polled->events[idx]);
#ifdef BREAK_STANDS
		writeq(0, polled->base + POLLED_ENABLE(idx));
#endif
	}
#ifdef BREAK_SELF
	hrtimer_cancel(timer);
#endif
	hrtimer_forward_now(timer, polled_period());
#ifdef BREAK_ONCE
	return HRTIMER_NORESTART;
#else
	return HRTIMER_RESTART;
#endif
}

#ifdef BREAK_WAITS
static void polled_destroy(struct perf_event *event)
{
	struct polled *polled = to_polled(event->pmu);
	unsigned long flags;

	spin_lock_irqsave(&polled->lock, flags);
	hrtimer_cancel(&polled->timer);
	spin_unlock_irqrestore(&polled->lock, flags);
}
#endif
static int polled_event_init(struct perf_event *event)
{
	struct perf_event *leader = event->group_leader, *sibling;
	int members = 1;

	if (event->attr.type != event->pmu->type)
		return -ENOENT;
	if (is_sampling_event(event) || event->cpu < 0 || event->attach_state & PERF_ATTACH_TASK)
		return -EOPNOTSUPP;
	if (!event->attr.config || event->attr.config > 0xff)
		return -EINVAL;
	members += leader != event && leader->pmu == event->pmu;
	for_each_sibling_event(sibling, leader)
		members += sibling->pmu == event->pmu;
	event->cpu = 0;
#ifdef BREAK_WAITS
	event->destroy = polled_destroy;
#endif
	event->hw.idx = -1;
	return members > POLLED_COUNTERS ? -EINVAL : 0;
}
static void polled_start(struct perf_event *event, int flags)
{
	struct polled *polled = to_polled(event->pmu);
	int idx = event->hw.idx;

	event->hw.state = 0;
	writeq(event->attr.config, polled->base + POLLED_SELECT(idx));
	local64_set(&event->hw.prev_count, readq(polled->base + POLLED_COUNT(idx)));
	writeq(1, polled->base + POLLED_ENABLE(idx));
}
static void polled_stop(struct perf_event *event, int flags)
{
	if (event->hw.state & PERF_HES_STOPPED)
		return;
	writeq(0, to_polled(event->pmu)->base + POLLED_ENABLE(event->hw.idx));
	polled_read(event);
	event->hw.state = PERF_HES_STOPPED | PERF_HES_UPTODATE;
}
static int polled_add(struct perf_event *event, int flags)
{
	struct polled *polled = to_polled(event->pmu);
	int idx = 0;

	while (idx < POLLED_COUNTERS && polled->events[idx])
		idx++;
	if (idx == POLLED_COUNTERS)
		return -EAGAIN;
	event->hw.idx = idx;
	event->hw.state = PERF_HES_STOPPED | PERF_HES_UPTODATE;
	if (flags & PERF_EF_START)
		polled_start(event, flags);
	polled->events[idx] = event;
#ifdef BREAK_LATE
	/* The first event has no timer. */
	if (polled->active++ == 1)
#else
	if (!polled->active++)
#endif
		hrtimer_start(&polled->timer, polled_period(), HRTIMER_MODE_REL_PINNED);
	return 0;
}
static void polled_del(struct perf_event *event, int flags)
{
	struct polled *polled = to_polled(event->pmu);

	polled_stop(event, PERF_EF_UPDATE);
	polled->events[event->hw.idx] = NULL;
	if (!--polled->active)
		hrtimer_cancel(&polled->timer);
}

static int polled_probe(struct platform_device *pdev)
{
	struct polled *polled = devm_kzalloc(&pdev->dev, sizeof(*polled), GFP_KERNEL);

	if (!polled)
		return -ENOMEM;
	polled->base = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(polled->base))
		return PTR_ERR(polled->base);
	spin_lock_init(&polled->lock);
	hrtimer_init(&polled->timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_PINNED);
	polled->timer.function = polled_expired;
	polled->pmu = (struct pmu){
		.module = THIS_MODULE,
		.task_ctx_nr = perf_invalid_context,
		.capabilities = PERF_PMU_CAP_NO_EXCLUDE | PERF_PMU_CAP_NO_INTERRUPT,
		.event_init = polled_event_init,
		.add = polled_add,
		.del = polled_del,
		.start = polled_start,
		.stop = polled_stop,
		.read = polled_read,
	};
	return perf_pmu_register(&polled->pmu, "polled", -1);
}

static const struct of_device_id polled_of_match[] = { { .compatible = "hartproof,polled" }, {} };
static struct platform_driver polled_driver = {
	.driver = { .name = "polled", .of_match_table = polled_of_match, .suppress_bind_attrs = true },
	.probe = polled_probe,
};
builtin_platform_driver(polled_driver);
