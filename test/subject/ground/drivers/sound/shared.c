// SPDX-License-Identifier: MIT
/*
 * Sound. Four counters that events with the same configuration share: a counter is programmed for the first, and let go with
 * the last. One filter serves all of them, and is refused to whom another one holds otherwise.
 */
#include <linux/cpumask.h>
#include <linux/io.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mod_devicetable.h>
#include <linux/mutex.h>
#include <linux/perf_event.h>
#include <linux/platform_device.h>
#include <linux/refcount.h>
#include <linux/slab.h>

#define SHARED_COUNTERS 4
#define S_FILTER 0x08
#define S_EVENT(n) (0x40 + (n) * 0x10)
#define S_VALUE(n) (0x48 + (n) * 0x10)

struct shared_counter {
	u64 config;
	unsigned int users;
};
struct shared_pmu {
	struct pmu pmu;
	struct device *dev;
	void __iomem *regs;
	spinlock_t lock;
	struct shared_counter counter[SHARED_COUNTERS];
	u64 filter;
	unsigned int filter_users;
	struct cpumask active;
};

static inline struct shared_pmu *shared_of(const struct perf_event *event)
{
	return container_of(event->pmu, struct shared_pmu, pmu);
}

/* A counter for the event among some, or an error. */
static int shared_find(const struct shared_counter *counter, const struct perf_event *event)
{
	int idx, free = -EAGAIN;

	for (idx = SHARED_COUNTERS - 1; idx >= 0; idx--) {
		if (counter[idx].users && counter[idx].config == event->attr.config)
			return idx;
		if (!counter[idx].users)
			free = idx;
	}
	return free;
}

static int shared_try(struct shared_counter *counter, struct perf_event *event)
{
	int idx = shared_find(counter, event);

	if (idx < 0)
		return -EINVAL;
	counter[idx].config = event->attr.config;
	counter[idx].users++;
	return 0;
}

static bool shared_alike(struct perf_event *a, struct perf_event *b)
{
	return !a->attr.config1 || !b->attr.config1 || a->attr.config1 == b->attr.config1;
}

static int shared_check_group(struct perf_event *event)
{
	struct shared_counter counter[SHARED_COUNTERS] = { };
	struct perf_event *leader = event->group_leader, *other, *third;
	int ret;

	if (leader != event) {
		if (leader->pmu == event->pmu) {
			ret = shared_try(counter, leader);
			if (ret || !shared_alike(leader, event))
				return -EINVAL;
		}
		for_each_sibling_event(other, leader) {
			if (other->pmu != event->pmu)
				continue;
			ret = shared_try(counter, other);
			if (ret || !shared_alike(other, event))
				return -EINVAL;
			for_each_sibling_event(third, leader)
				if (third->pmu == event->pmu && !shared_alike(other, third))
					return -EINVAL;
		}
	}
	return shared_try(counter, event);
}

static int shared_event_init(struct perf_event *event)
{
	struct perf_event_attr *attr = &event->attr;

	if (attr->type != event->pmu->type)
		return -ENOENT;
	if (is_sampling_event(event) || event->attach_state & PERF_ATTACH_TASK)
		return -EINVAL;
	if (event->cpu < 0) {
		dev_dbg(shared_of(event)->dev, "per-task events are not for this PMU\n");
		return -EINVAL;
	}
	if (!attr->config || attr->config > U16_MAX || attr->config1 > U32_MAX || attr->config2)
		return -EINVAL;
	event->cpu = cpumask_first(&shared_of(event)->active);
	return shared_check_group(event);
}

static void shared_read(struct perf_event *event)
{
	struct hw_perf_event *hwc = &event->hw;
	u64 old, new;

again:
	old = local64_read(&hwc->prev_count);
	new = readq(shared_of(event)->regs + S_VALUE(hwc->idx));
	if (local64_cmpxchg(&hwc->prev_count, old, new) != old)
		goto again;
	local64_add(new - old, &event->count);
}

static void shared_start(struct perf_event *event, int flags)
{
	event->hw.state = 0;
	local64_set(&event->hw.prev_count, readq(shared_of(event)->regs + S_VALUE(event->hw.idx)));
}

static void shared_stop(struct perf_event *event, int flags)
{
	if (event->hw.state & PERF_HES_STOPPED)
		return;
	shared_read(event);
	event->hw.state |= PERF_HES_STOPPED | PERF_HES_UPTODATE;
}

static int shared_add(struct perf_event *event, int flags)
{
	struct shared_pmu *pmu = shared_of(event);
	struct shared_counter *counter;
	int idx, ret = 0;

	spin_lock(&pmu->lock);
	if (event->attr.config1 && pmu->filter_users && pmu->filter != event->attr.config1) {
		ret = -EAGAIN;
		goto out;
	}
	idx = shared_find(pmu->counter, event);
	if (idx < 0) {
		ret = idx;
		goto out;
	}
	if (event->attr.config1 && !pmu->filter_users++) {
		pmu->filter = event->attr.config1;
		writel(pmu->filter, pmu->regs + S_FILTER);
	}
	counter = &pmu->counter[idx];
	if (!counter->users++) {
		counter->config = event->attr.config;
		writel(counter->config, pmu->regs + S_EVENT(idx));
	}
	event->hw.idx = idx;
	event->hw.state = PERF_HES_STOPPED | PERF_HES_UPTODATE;
out:
	spin_unlock(&pmu->lock);
	if (!ret && flags & PERF_EF_START)
		shared_start(event, flags);
	return ret;
}

static void shared_del(struct perf_event *event, int flags)
{
	struct shared_pmu *pmu = shared_of(event);
	int idx = event->hw.idx;

	shared_stop(event, PERF_EF_UPDATE);
	spin_lock(&pmu->lock);
	if (!--pmu->counter[idx].users)
		writel(0, pmu->regs + S_EVENT(idx));
	if (event->attr.config1 && !--pmu->filter_users)
		writel(0, pmu->regs + S_FILTER);
	spin_unlock(&pmu->lock);
	event->hw.idx = -1;
}

PMU_EVENT_ATTR_STRING(reads, shared_reads, "event=0x01");
PMU_EVENT_ATTR_STRING(writes, shared_writes, "event=0x02");
PMU_EVENT_ATTR_STRING(reads_of, shared_reads_of, "event=0x01,master=0x3");
static struct attribute *shared_events[] = { &shared_reads.attr.attr, &shared_writes.attr.attr, &shared_reads_of.attr.attr, NULL };
static const struct attribute_group shared_events_group = { .name = "events", .attrs = shared_events };
PMU_FORMAT_ATTR(event, "config:0-15");
PMU_FORMAT_ATTR(master, "config1:0-31");
static struct attribute *shared_format[] = { &format_attr_event.attr, &format_attr_master.attr, NULL };
static const struct attribute_group shared_format_group = { .name = "format", .attrs = shared_format };
static const struct attribute_group *shared_groups[] = { &shared_events_group, &shared_format_group, NULL };

static int shared_probe(struct platform_device *pdev)
{
	struct shared_pmu *pmu = kzalloc(sizeof(*pmu), GFP_KERNEL);
	int ret;

	if (!pmu)
		return -ENOMEM;
	pmu->dev = &pdev->dev;
	spin_lock_init(&pmu->lock);
	cpumask_copy(&pmu->active, cpumask_of(0));
	pmu->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(pmu->regs)) {
		ret = PTR_ERR(pmu->regs);
		goto free;
	}
	pmu->pmu = (struct pmu) {
		.module		= THIS_MODULE,
		.attr_groups	= shared_groups,
		.task_ctx_nr	= perf_invalid_context,
		.event_init	= shared_event_init,
		.add		= shared_add,
		.del		= shared_del,
		.start		= shared_start,
		.stop		= shared_stop,
		.read		= shared_read,
		.capabilities	= PERF_PMU_CAP_NO_EXCLUDE,
	};
	ret = perf_pmu_register(&pmu->pmu, "shared", -1);
	if (ret)
		goto free;
	platform_set_drvdata(pdev, pmu);
	return 0;
free:
	kfree(pmu);
	return ret;
}

static const struct of_device_id shared_of_match[] = { { .compatible = "hartproof,shared-pmu" }, {} };
static struct platform_driver shared_driver = {
	.probe = shared_probe,
	.driver = { .name = "shared-pmu", .of_match_table = shared_of_match, .suppress_bind_attrs = true },
};
builtin_platform_driver(shared_driver);
