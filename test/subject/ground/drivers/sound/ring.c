// SPDX-License-Identifier: MIT
/*
 * Sound. An uncore PMU with eight counters that any event may have, one filter for each, no interrupt: a timer reads the
 * counters before they come round. Follows its owner CPU.
 */
#include <linux/bitfield.h>
#include <linux/bitmap.h>
#include <linux/cpuhotplug.h>
#include <linux/cpumask.h>
#include <linux/hrtimer.h>
#include <linux/io.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/perf_event.h>
#include <linux/platform_device.h>

#define RING_COUNTERS 8
#define RING_CTRL 0x000
#define RING_CTRL_RUN BIT(0)
#define RING_SEL(n) (0x100 + 4 * (n))
#define RING_SEL_EVENT GENMASK(7, 0)
#define RING_SEL_ON BIT(31)
#define RING_FILTER(n) (0x200 + 4 * (n))
#define RING_COUNT(n) (0x300 + 8 * (n))
#define RING_PERIOD_MS 500

struct ring_pmu {
	struct pmu pmu;
	void __iomem *regs;
	struct hlist_node node;
	unsigned int cpu;
	struct hrtimer timer;
	int running;
	DECLARE_BITMAP(used, RING_COUNTERS);
	struct perf_event *events[RING_COUNTERS];
};

static int ring_hp_state;

static struct ring_pmu *to_ring(struct pmu *pmu)
{
	return container_of(pmu, struct ring_pmu, pmu);
}

static ssize_t ring_event_show(struct device *dev, struct device_attribute *attr, char *page)
{
	struct perf_pmu_events_attr *it = container_of(attr, struct perf_pmu_events_attr, attr);

	return sysfs_emit(page, "event=0x%02llx\n", it->id);
}
#define RING_EVENT(_name, _id) PMU_EVENT_ATTR_ID(_name, ring_event_show, _id)
static struct attribute *ring_events[] = {
	RING_EVENT(flits, 0x01), RING_EVENT(snoops, 0x02), RING_EVENT(retries, 0x10), RING_EVENT(stalls, 0x11), NULL,
};
static const struct attribute_group ring_events_group = { .name = "events", .attrs = ring_events };

PMU_FORMAT_ATTR(event, "config:0-7");
PMU_FORMAT_ATTR(node, "config1:0-15");
static struct attribute *ring_formats[] = { &format_attr_event.attr, &format_attr_node.attr, NULL };
static const struct attribute_group ring_format_group = { .name = "format", .attrs = ring_formats };

static ssize_t cpumask_show(struct device *dev, struct device_attribute *attr, char *page)
{
	struct ring_pmu *ring = to_ring(dev_get_drvdata(dev));

	return cpumap_print_to_pagebuf(true, page, cpumask_of(ring->cpu));
}
static DEVICE_ATTR_RO(cpumask);
static struct attribute *ring_cpus[] = { &dev_attr_cpumask.attr, NULL };
static const struct attribute_group ring_cpu_group = { .attrs = ring_cpus };
static const struct attribute_group *ring_groups[] = { &ring_events_group, &ring_format_group, &ring_cpu_group, NULL };

static bool ring_group_fits(struct perf_event *event)
{
	struct perf_event *leader = event->group_leader, *sibling;
	int wanted = 1;

	if (leader != event && leader->pmu == event->pmu)
		wanted++;
	else if (leader != event && !is_software_event(leader))
		return false;
	for_each_sibling_event(sibling, leader) {
		if (is_software_event(sibling))
			continue;
		if (sibling->pmu != event->pmu)
			return false;
		wanted++;
	}
	return wanted <= RING_COUNTERS;
}

static int ring_event_init(struct perf_event *event)
{
	struct ring_pmu *ring = to_ring(event->pmu);

	if (event->attr.type != event->pmu->type)
		return -ENOENT;
	if (is_sampling_event(event) || event->attach_state & PERF_ATTACH_TASK)
		return -EOPNOTSUPP;
	if (event->cpu < 0)
		return -EINVAL;
	if (event->attr.config & ~RING_SEL_EVENT || event->attr.config1 & ~0xffffULL || event->attr.config2)
		return -EINVAL;
	if (!ring_group_fits(event))
		return -EINVAL;
	event->cpu = ring->cpu;
	event->hw.idx = -1;
	return 0;
}

static void ring_update(struct perf_event *event)
{
	struct ring_pmu *ring = to_ring(event->pmu);
	struct hw_perf_event *hwc = &event->hw;
	u64 before, now;

	do {
		before = local64_read(&hwc->prev_count);
		now = readq(ring->regs + RING_COUNT(hwc->idx)) & GENMASK_ULL(47, 0);
	} while (local64_cmpxchg(&hwc->prev_count, before, now) != before);
	local64_add((now - before) & GENMASK_ULL(47, 0), &event->count);
}

static void ring_start(struct perf_event *event, int flags)
{
	struct ring_pmu *ring = to_ring(event->pmu);
	struct hw_perf_event *hwc = &event->hw;

	if (!(hwc->state & PERF_HES_STOPPED))
		return;
	hwc->state = 0;
	local64_set(&hwc->prev_count, readq(ring->regs + RING_COUNT(hwc->idx)) & GENMASK_ULL(47, 0));
	writel(event->attr.config1, ring->regs + RING_FILTER(hwc->idx));
	writel(FIELD_PREP(RING_SEL_EVENT, event->attr.config) | RING_SEL_ON, ring->regs + RING_SEL(hwc->idx));
	if (!ring->running++)
		hrtimer_start(&ring->timer, ms_to_ktime(RING_PERIOD_MS), HRTIMER_MODE_REL_PINNED);
}

static void ring_stop(struct perf_event *event, int flags)
{
	struct ring_pmu *ring = to_ring(event->pmu);
	struct hw_perf_event *hwc = &event->hw;

	if (hwc->state & PERF_HES_STOPPED)
		return;
	writel(0, ring->regs + RING_SEL(hwc->idx));
	ring_update(event);
	hwc->state |= PERF_HES_STOPPED | PERF_HES_UPTODATE;
	if (!--ring->running)
		hrtimer_cancel(&ring->timer);
}

static int ring_add(struct perf_event *event, int flags)
{
	struct ring_pmu *ring = to_ring(event->pmu);
	unsigned int idx = find_first_zero_bit(ring->used, RING_COUNTERS);

	if (idx >= RING_COUNTERS)
		return -EAGAIN;
	__set_bit(idx, ring->used);
	ring->events[idx] = event;
	event->hw.idx = idx;
	event->hw.state = PERF_HES_STOPPED | PERF_HES_UPTODATE;
	if (flags & PERF_EF_START)
		ring_start(event, PERF_EF_RELOAD);
	perf_event_update_userpage(event);
	return 0;
}

static void ring_del(struct perf_event *event, int flags)
{
	struct ring_pmu *ring = to_ring(event->pmu);

	ring_stop(event, PERF_EF_UPDATE);
	ring->events[event->hw.idx] = NULL;
	__clear_bit(event->hw.idx, ring->used);
	event->hw.idx = -1;
	perf_event_update_userpage(event);
}

static void ring_enable(struct pmu *pmu)
{
	struct ring_pmu *ring = to_ring(pmu);

	if (!bitmap_empty(ring->used, RING_COUNTERS))
		writel(RING_CTRL_RUN, ring->regs + RING_CTRL);
}

static void ring_disable(struct pmu *pmu)
{
	writel(0, to_ring(pmu)->regs + RING_CTRL);
}

static enum hrtimer_restart ring_poll(struct hrtimer *timer)
{
	struct ring_pmu *ring = container_of(timer, struct ring_pmu, timer);
	unsigned int idx;

	for_each_set_bit(idx, ring->used, RING_COUNTERS)
		if (!(ring->events[idx]->hw.state & PERF_HES_STOPPED))
			ring_update(ring->events[idx]);
	hrtimer_forward_now(timer, ms_to_ktime(RING_PERIOD_MS));
	return HRTIMER_RESTART;
}

static int ring_offline(unsigned int cpu, struct hlist_node *node)
{
	struct ring_pmu *ring = hlist_entry_safe(node, struct ring_pmu, node);
	unsigned int target;

	if (cpu != ring->cpu)
		return 0;
	target = cpumask_any_but(cpu_online_mask, cpu);
	if (target >= nr_cpu_ids)
		return 0;
	perf_pmu_migrate_context(&ring->pmu, cpu, target);
	ring->cpu = target;
	return 0;
}

static void ring_remove_instance(void *data)
{
	struct ring_pmu *ring = data;

	cpuhp_state_remove_instance_nocalls(ring_hp_state, &ring->node);
}
static void ring_unregister(void *data)
{
	perf_pmu_unregister(data);
}

static int ring_probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;
	struct ring_pmu *ring;
	struct resource *res;
	char *name;
	int ret;

	ring = devm_kzalloc(dev, sizeof(*ring), GFP_KERNEL);
	if (!ring)
		return -ENOMEM;
	ring->regs = devm_platform_get_and_ioremap_resource(pdev, 0, &res);
	if (IS_ERR(ring->regs))
		return PTR_ERR(ring->regs);
	name = devm_kasprintf(dev, GFP_KERNEL, "ring_%llx", (u64)res->start >> 12);
	if (!name)
		return -ENOMEM;
	ring->cpu = raw_smp_processor_id();
	hrtimer_init(&ring->timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_PINNED);
	ring->timer.function = ring_poll;
	ring->pmu = (struct pmu){
		.module = THIS_MODULE,
		.task_ctx_nr = perf_invalid_context,
		.capabilities = PERF_PMU_CAP_NO_EXCLUDE | PERF_PMU_CAP_NO_INTERRUPT,
		.attr_groups = ring_groups,
		.pmu_enable = ring_enable,
		.pmu_disable = ring_disable,
		.event_init = ring_event_init,
		.add = ring_add,
		.del = ring_del,
		.start = ring_start,
		.stop = ring_stop,
		.read = ring_update,
	};
	writel(0, ring->regs + RING_CTRL);
	ret = cpuhp_state_add_instance_nocalls(ring_hp_state, &ring->node);
	if (ret)
		return ret;
	ret = devm_add_action_or_reset(dev, ring_remove_instance, ring);
	if (ret)
		return ret;
	ret = perf_pmu_register(&ring->pmu, name, -1);
	if (ret)
		return dev_err_probe(dev, ret, "no PMU\n");
	return devm_add_action_or_reset(dev, ring_unregister, &ring->pmu);
}

static const struct of_device_id ring_match[] = { { .compatible = "hartproof,ring-pmu" }, {} };
MODULE_DEVICE_TABLE(of, ring_match);
static struct platform_driver ring_driver = {
	.driver = { .name = "ring-pmu", .of_match_table = ring_match, .suppress_bind_attrs = true },
	.probe = ring_probe,
};

static int __init ring_init(void)
{
	int ret = cpuhp_setup_state_multi(CPUHP_AP_ONLINE_DYN, "perf/ring:online", NULL, ring_offline);

	if (ret < 0)
		return ret;
	ring_hp_state = ret;
	ret = platform_driver_register(&ring_driver);
	if (ret)
		cpuhp_remove_multi_state(ring_hp_state);
	return ret;
}
static void __exit ring_exit(void)
{
	platform_driver_unregister(&ring_driver);
	cpuhp_remove_multi_state(ring_hp_state);
}
module_init(ring_init);
module_exit(ring_exit);
MODULE_LICENSE("GPL");
