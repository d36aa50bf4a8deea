// SPDX-License-Identifier: MIT
/*
 * A driver of ours on an interrupt line that it shares, whose handler may be called by somebody else's interrupt from the request of
 * the line to its end. Sound; each BREAK_… lets it meet what is not there yet, or is gone.
 */
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/perf_event.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

struct cut_in {
	struct pmu pmu;
	void __iomem *base;
	struct perf_event **events;
	int irq;
};
#define to_cut_in(p) container_of(p, struct cut_in, pmu)

static int cut_in_event_init(struct perf_event *event)
{
	struct perf_event *leader = event->group_leader, *sibling;

	if (event->attr.type != event->pmu->type)
		return -ENOENT;
	if (is_sampling_event(event) || event->cpu < 0 || event->attach_state & PERF_ATTACH_TASK)
		return -EOPNOTSUPP;
	if (event->attr.config > 0xff || (leader != event && leader->pmu == event->pmu))
		return -EINVAL;
	for_each_sibling_event(sibling, leader)
		if (sibling->pmu == event->pmu)
			return -EINVAL;
	event->cpu = 0;
	event->hw.idx = -1;
	return 0;
}
static void cut_in_read(struct perf_event *event)
{
	u64 now = readq(to_cut_in(event->pmu)->base + 8);

	local64_add(now - local64_xchg(&event->hw.prev_count, now), &event->count);
}
static void cut_in_start(struct perf_event *event, int flags)
{
	struct cut_in *cut_in = to_cut_in(event->pmu);

	event->hw.state = 0;
	local64_set(&event->hw.prev_count, readq(cut_in->base + 8));
	writeq(event->attr.config | BIT(63), cut_in->base);
}
static void cut_in_stop(struct perf_event *event, int flags)
{
	if (event->hw.state & PERF_HES_STOPPED)
		return;
	writeq(0, to_cut_in(event->pmu)->base);
	cut_in_read(event);
	event->hw.state = PERF_HES_STOPPED | PERF_HES_UPTODATE;
}
static int cut_in_add(struct perf_event *event, int flags)
{
	struct cut_in *cut_in = to_cut_in(event->pmu);

	if (cut_in->events[0])
		return -EAGAIN;
	cut_in->events[0] = event;
	event->hw.idx = 0;
	event->hw.state = PERF_HES_STOPPED | PERF_HES_UPTODATE;
	if (flags & PERF_EF_START)
		cut_in_start(event, flags);
	return 0;
}
static void cut_in_del(struct perf_event *event, int flags)
{
	cut_in_stop(event, PERF_EF_UPDATE);
	to_cut_in(event->pmu)->events[0] = NULL;
}

static irqreturn_t cut_in_interrupt(int irq, void *data)
{
	struct cut_in *cut_in = data;

	if (!cut_in->events[0])
		return IRQ_NONE;
	cut_in_read(cut_in->events[0]);
	return IRQ_HANDLED;
}
static int cut_in_request(struct cut_in *cut_in)
{
	return request_irq(cut_in->irq, cut_in_interrupt, IRQF_SHARED, "cut_in", cut_in);
}

static int cut_in_probe(struct platform_device *pdev)
{
	struct cut_in *cut_in = devm_kzalloc(&pdev->dev, sizeof(*cut_in), GFP_KERNEL);
	int error;

	if (!cut_in)
		return -ENOMEM;
	cut_in->base = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(cut_in->base))
		return PTR_ERR(cut_in->base);
	cut_in->irq = platform_get_irq(pdev, 0);
	if (cut_in->irq < 0)
		return cut_in->irq;
#ifdef BREAK_EARLY
	error = cut_in_request(cut_in);
	if (error)
		return error;
#endif
	cut_in->events = kcalloc(1, sizeof(*cut_in->events), GFP_KERNEL);
	if (!cut_in->events) {
#ifdef BREAK_EARLY
		free_irq(cut_in->irq, cut_in);
#endif
		return -ENOMEM;
	}
#ifndef BREAK_EARLY
	error = cut_in_request(cut_in);
	if (error)
		goto free;
#endif
#ifdef BREAK_ENABLE
	/* It is let through since its request. */
	enable_irq(cut_in->irq);
#endif
	cut_in->pmu = (struct pmu){
		.module = THIS_MODULE,
		.task_ctx_nr = perf_invalid_context,
		.capabilities = PERF_PMU_CAP_NO_EXCLUDE | PERF_PMU_CAP_NO_INTERRUPT,
		.event_init = cut_in_event_init,
		.add = cut_in_add,
		.del = cut_in_del,
		.start = cut_in_start,
		.stop = cut_in_stop,
		.read = cut_in_read,
	};
	platform_set_drvdata(pdev, cut_in);
	error = perf_pmu_register(&cut_in->pmu, "cut_in", -1);
	if (!error)
		return 0;
	free_irq(cut_in->irq, cut_in);
free: __maybe_unused;
	kfree(cut_in->events);
	return error;
}
static void cut_in_remove(struct platform_device *pdev)
{
	struct cut_in *cut_in = platform_get_drvdata(pdev);

	perf_pmu_unregister(&cut_in->pmu);
#ifdef BREAK_LATE
	kfree(cut_in->events);
	free_irq(cut_in->irq, cut_in);
#else
	free_irq(cut_in->irq, cut_in);
#ifdef BREAK_TWICE
	free_irq(cut_in->irq, cut_in);
#endif
	kfree(cut_in->events);
#endif
}

static const struct of_device_id cut_in_of_match[] = { { .compatible = "hartproof,cut-in" }, {} };
static struct platform_driver cut_in_driver = {
	.driver = { .name = "cut_in", .of_match_table = cut_in_of_match },
	.probe = cut_in_probe,
	.remove = cut_in_remove,
};
module_platform_driver(cut_in_driver);
