// SPDX-License-Identifier: MIT
/*
 * A PMU driver of ours for devices of which there may be several, each with one counter, its PMU and an instance of a hotplug state.
 * Each BREAK_… lets two of them meet in one way; SINGLE: it has one `struct pmu`, and is for one device.
 */
#include <linux/cpuhotplug.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/perf_event.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

#define T_ENABLE 0x0
#define T_VALUE 0x8

struct twin_pmu {
	struct pmu own;
	void __iomem *base;
	struct perf_event *event;
	struct hlist_node node;
	int cpu;
};
static int twin_state;
#ifdef BREAK_BASE
static void __iomem *twin_base;
#define BASE(twin) twin_base
#else
#define BASE(twin) ((twin)->base)
#endif
#if defined(BREAK_LAST) || defined(SINGLE)
static struct twin_pmu *twin_last;
#endif
#ifdef SINGLE
static struct pmu twin_single;
#define to_twin(p) twin_last
#define PMU(twin) (&twin_single)
#else
#define to_twin(p) container_of(p, struct twin_pmu, own)
#define PMU(twin) (&(twin)->own)
#endif

PMU_FORMAT_ATTR(event, "config:0-7");
static struct attribute *twin_formats[] = { &format_attr_event.attr, NULL };
static const struct attribute_group twin_format_group = { .name = "format", .attrs = twin_formats };
PMU_EVENT_ATTR_STRING(beats, twin_beats, "event=0x01");
static struct attribute *twin_events[] = { &twin_beats.attr.attr, NULL };
static const struct attribute_group twin_event_group = { .name = "events", .attrs = twin_events };
static const struct attribute_group *twin_groups[] = { &twin_format_group, &twin_event_group, NULL };

static int twin_event_init(struct perf_event *event)
{
	if (event->attr.type != event->pmu->type)
		return -ENOENT;
	if (is_sampling_event(event) || event->attach_state & PERF_ATTACH_TASK || event->cpu < 0)
		return -EINVAL;
	if (event->attr.config > 0xff || event->group_leader != event)
		return -EINVAL;
	event->cpu = to_twin(event->pmu)->cpu;
	event->hw.idx = -1;
	return 0;
}

static void twin_read(struct perf_event *event)
{
	u64 now = readq(BASE(to_twin(event->pmu)) + T_VALUE);

	local64_add(now - local64_xchg(&event->hw.prev_count, now), &event->count);
}

static void twin_start(struct perf_event *event, int flags)
{
	struct twin_pmu *twin = to_twin(event->pmu);

	event->hw.state = 0;
	local64_set(&event->hw.prev_count, readq(BASE(twin) + T_VALUE));
	writeq(1, BASE(twin) + T_ENABLE);
}

static void twin_stop(struct perf_event *event, int flags)
{
	if (event->hw.state & PERF_HES_STOPPED)
		return;
	writeq(0, BASE(to_twin(event->pmu)) + T_ENABLE);
	twin_read(event);
	event->hw.state |= PERF_HES_STOPPED | PERF_HES_UPTODATE;
}

static int twin_add(struct perf_event *event, int flags)
{
	struct twin_pmu *twin = to_twin(event->pmu);

	if (twin->event)
		return -EAGAIN;
	twin->event = event;
	event->hw.idx = 0;
	event->hw.state = PERF_HES_STOPPED | PERF_HES_UPTODATE;
	if (flags & PERF_EF_START)
		twin_start(event, flags);
	return 0;
}

static void twin_del(struct perf_event *event, int flags)
{
	twin_stop(event, PERF_EF_UPDATE);
	to_twin(event->pmu)->event = NULL;
}

static int twin_offline(unsigned int cpu, struct hlist_node *node)
{
#ifdef BREAK_LAST
	struct twin_pmu *twin = twin_last;
#else
	struct twin_pmu *twin = hlist_entry_safe(node, struct twin_pmu, node);
#endif
	unsigned int target = cpumask_any_but(cpu_online_mask, cpu);

	if (!twin || cpu != twin->cpu || target >= nr_cpu_ids)
		return 0;
	perf_pmu_migrate_context(PMU(twin), cpu, target);
	twin->cpu = target;
	return 0;
}

static int twin_probe(struct platform_device *pdev)
{
	struct twin_pmu *twin = devm_kzalloc(&pdev->dev, sizeof(*twin), GFP_KERNEL);
	int error;

	if (!twin)
		return -ENOMEM;
	twin->base = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(twin->base))
		return PTR_ERR(twin->base);
#ifdef BREAK_BASE
	twin_base = twin->base;
#endif
#if defined(BREAK_LAST) || defined(SINGLE)
	twin_last = twin;
#endif
	writeq(0, BASE(twin) + T_ENABLE);
	*PMU(twin) = (struct pmu){
		.module = THIS_MODULE,
		.task_ctx_nr = perf_invalid_context,
		.attr_groups = twin_groups,
		.capabilities = PERF_PMU_CAP_NO_EXCLUDE | PERF_PMU_CAP_NO_INTERRUPT,
		.event_init = twin_event_init,
		.add = twin_add,
		.del = twin_del,
		.start = twin_start,
		.stop = twin_stop,
		.read = twin_read,
	};
	platform_set_drvdata(pdev, twin);
	error = cpuhp_state_add_instance_nocalls(twin_state, &twin->node);
	if (error)
		return error;
	error = perf_pmu_register(PMU(twin), dev_name(&pdev->dev), -1);
	if (error)
		cpuhp_state_remove_instance_nocalls(twin_state, &twin->node);
	return error;
}

static void twin_remove(struct platform_device *pdev)
{
	struct twin_pmu *twin = platform_get_drvdata(pdev);

	perf_pmu_unregister(PMU(twin));
#ifdef BREAK_LAST
	twin_last = NULL;
#endif
	cpuhp_state_remove_instance_nocalls(twin_state, &twin->node);
#ifdef BREAK_STATE
	cpuhp_remove_multi_state(twin_state);
#endif
}

static const struct of_device_id twin_of_match[] = { { .compatible = "hartproof,twin-pmu" }, {} };
static struct platform_driver twin_driver = {
	.driver = { .name = "twin-pmu", .of_match_table = twin_of_match },
	.probe = twin_probe,
	.remove = twin_remove,
};

static int __init twin_init(void)
{
	int error;

	twin_state = cpuhp_setup_state_multi(CPUHP_AP_ONLINE_DYN, "twin:online", NULL, twin_offline);
	if (twin_state < 0)
		return twin_state;
	error = platform_driver_register(&twin_driver);
	if (error)
		cpuhp_remove_multi_state(twin_state);
	return error;
}
module_init(twin_init);
