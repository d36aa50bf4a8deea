// SPDX-License-Identifier: MIT
/*
 * A driver of ours whose probe asks for a clock and an interrupt that may not be there yet. Without a define it is sound; each
 * BREAK_… breaks what becomes of it then.
 */
#include <linux/clk.h>
#include <linux/cpuhotplug.h>
#include <linux/cpumask.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/perf_event.h>
#include <linux/platform_device.h>

struct probing {
	struct pmu pmu;
	void __iomem *base;
	struct perf_event *event;
};
#define to_probing(p) container_of(p, struct probing, pmu)

/* Whether a device is bound, as a driver that keeps a half state has it. */
static bool probing_busy;
/* The state of hotplug that all devices there will ever be have together; a driver that keeps a half state has none. */
static int probing_state;
static int probing_online(unsigned int cpu, struct hlist_node *node) { return 0; }

PMU_FORMAT_ATTR(event, "config:0-7");
static struct attribute *probing_formats[] = { &format_attr_event.attr, NULL };
static const struct attribute_group probing_format_group = { .name = "format", .attrs = probing_formats };
PMU_EVENT_ATTR_STRING(reads, probing_event_reads, "event=0x01");
static struct attribute *probing_events[] = { &probing_event_reads.attr.attr, NULL };
static const struct attribute_group probing_event_group = { .name = "events", .attrs = probing_events };
static const struct attribute_group *probing_groups[] = { &probing_format_group, &probing_event_group, NULL };

static int probing_event_init(struct perf_event *event)
{
	struct perf_event *leader = event->group_leader, *sibling;

	if (event->attr.type != event->pmu->type)
		return -ENOENT;
	if (is_sampling_event(event) || event->cpu < 0 || event->attach_state & PERF_ATTACH_TASK)
		return -EOPNOTSUPP;
	/* It has one counter. */
	if (event->attr.config > 0xff || (leader != event && leader->pmu == event->pmu))
		return -EINVAL;
	for_each_sibling_event(sibling, leader)
		if (sibling->pmu == event->pmu)
			return -EINVAL;
	event->cpu = 0;
	event->hw.idx = -1;
	return 0;
}
static void probing_read(struct perf_event *event)
{
	u64 now = readq(to_probing(event->pmu)->base + 8);

	local64_add(now - local64_xchg(&event->hw.prev_count, now), &event->count);
}
static void probing_start(struct perf_event *event, int flags)
{
	struct probing *probing = to_probing(event->pmu);

	event->hw.state = 0;
	local64_set(&event->hw.prev_count, readq(probing->base + 8));
	writeq(event->attr.config | BIT(63), probing->base);
}
static void probing_stop(struct perf_event *event, int flags)
{
	if (event->hw.state & PERF_HES_STOPPED)
		return;
	writeq(0, to_probing(event->pmu)->base);
	probing_read(event);
	event->hw.state = PERF_HES_STOPPED | PERF_HES_UPTODATE;
}
static int probing_add(struct perf_event *event, int flags)
{
	struct probing *probing = to_probing(event->pmu);

	if (probing->event)
		return -EAGAIN;
	probing->event = event;
	event->hw.idx = 0;
	event->hw.state = PERF_HES_STOPPED | PERF_HES_UPTODATE;
	if (flags & PERF_EF_START)
		probing_start(event, flags);
	return 0;
}
static void probing_del(struct perf_event *event, int flags)
{
	probing_stop(event, PERF_EF_UPDATE);
	to_probing(event->pmu)->event = NULL;
}
static irqreturn_t probing_interrupt(int irq, void *data) { return IRQ_NONE; }

static int probing_probe(struct platform_device *pdev)
{
	struct probing *probing = devm_kzalloc(&pdev->dev, sizeof(*probing), GFP_KERNEL);
	struct clk *clk;
	int irq, error;

	if (!probing)
		return -ENOMEM;
#ifdef BREAK_ANEW
	probing_state = 0;
#elif defined(BREAK_HALF)
	probing_state = 1;
#endif
	if (!probing_state) {
		error = cpuhp_setup_state_multi(CPUHP_AP_ONLINE_DYN, "perf/probing:online", probing_online, NULL);
		if (error < 0)
			return error;
		probing_state = error;
	}
#ifdef BREAK_HALF
	if (probing_busy)
		return -EBUSY;
	probing_busy = true;
#endif
	probing->base = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(probing->base))
		return PTR_ERR(probing->base);
#ifdef BREAK_CLOCK
	clk = devm_clk_get(&pdev->dev, NULL);
	if (IS_ERR(clk))
		return PTR_ERR(clk);
	error = clk_prepare_enable(clk);
	if (error)
		return error;
#else
	clk = devm_clk_get_enabled(&pdev->dev, NULL);
	if (IS_ERR(clk))
		return PTR_ERR(clk);
#endif
	irq = platform_get_irq(pdev, 0);
#ifdef BREAK_ERRNO
	if (irq < 0)
		return -EINVAL;
#elif defined(BREAK_WITHOUT)
	if (irq < 0)
		irq = 0;
#else
	if (irq < 0)
		return irq;
#endif
	if (irq) {
		error = devm_request_irq(&pdev->dev, irq, probing_interrupt, IRQF_NOBALANCING, "probing", probing);
		if (error)
			return error;
	}
	probing->pmu = (struct pmu){
		.module = THIS_MODULE,
		.task_ctx_nr = perf_invalid_context,
		.attr_groups = probing_groups,
		.capabilities = PERF_PMU_CAP_NO_EXCLUDE | PERF_PMU_CAP_NO_INTERRUPT,
		.event_init = probing_event_init,
		.add = probing_add,
		.del = probing_del,
		.start = probing_start,
		.stop = probing_stop,
		.read = probing_read,
	};
	return perf_pmu_register(&probing->pmu, "probing", -1);
}

static const struct of_device_id probing_of_match[] = { { .compatible = "hartproof,probing" }, {} };
static struct platform_driver probing_driver = {
	.driver = { .name = "probing", .of_match_table = probing_of_match, .suppress_bind_attrs = true },
	.probe = probing_probe,
};
builtin_platform_driver(probing_driver);
