// SPDX-License-Identifier: MIT
/*
 * Sound. Two banks of counters: an event takes a small one while there is one, else a large one; the numbers of the large go on
 * behind those of the small. Bound by a device tree without tables of events: users give raw codes.
 */
#include <linux/bitmap.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/of_address.h>
#include <linux/of_irq.h>
#include <linux/perf_event.h>
#include <linux/platform_device.h>
#include <linux/workqueue.h>

#define SMALL 2
#define LARGE 3
#define ALL (SMALL + LARGE)

struct banks {
	struct pmu pmu;
	void __iomem *regs;
	struct delayed_work poll;
	unsigned long small, large;
	struct perf_event *event[ALL];
};
#define banks_of(e) container_of((e)->pmu, struct banks, pmu)

static int banks_event_init(struct perf_event *event)
{
	struct perf_event *leader = event->group_leader, *sibling;
	int n = 1;

	if (event->attr.type != event->pmu->type)
		return -ENOENT;
	if (event->attr.sample_period || event->cpu < 0)
		return -EOPNOTSUPP;
	if (event->attr.config == 0 || event->attr.config > 0xfff)
		return -EINVAL;
	if (event->attr.config1 || event->attr.config2)
		return -EINVAL;
	if (leader != event && !in_software_context(leader)) {
		if (leader->pmu != event->pmu)
			return -EINVAL;
		n++;
	}
	for_each_sibling_event(sibling, leader)
		if (!in_software_context(sibling))
			n++;
	if (n > ALL)
		return -EINVAL;
	/* Its counters are given out on one CPU alone. */
	event->cpu = 0;
	event->hw.idx = -1;
	return 0;
}

static u64 banks_value(struct perf_event *event)
{
	int idx = event->hw.idx;

	return idx < SMALL ? readl(banks_of(event)->regs + 0x80 + idx * 4) : readq(banks_of(event)->regs + 0xc0 + idx * 8);
}

static void banks_read(struct perf_event *event)
{
	u64 now = banks_value(event), delta = now - local64_xchg(&event->hw.prev_count, now);

	if (event->hw.idx < SMALL)
		delta &= 0xffffffff;
	local64_add(delta, &event->count);
}

static void banks_start(struct perf_event *event, int flags)
{
	event->hw.state = 0;
	writel(event->attr.config, banks_of(event)->regs + event->hw.idx * 4);
	local64_set(&event->hw.prev_count, banks_value(event));
}

static void banks_stop(struct perf_event *event, int flags)
{
	if (event->hw.state & PERF_HES_STOPPED)
		return;
	writel(0, banks_of(event)->regs + event->hw.idx * 4);
	banks_read(event);
	event->hw.state |= PERF_HES_STOPPED | PERF_HES_UPTODATE;
}

static int banks_add(struct perf_event *event, int flags)
{
	struct banks *banks = banks_of(event);
	unsigned long idx = find_first_zero_bit(&banks->small, SMALL);

	if (idx < SMALL) {
		__set_bit(idx, &banks->small);
	} else {
		idx = find_first_zero_bit(&banks->large, LARGE);
		if (idx >= LARGE)
			return -EAGAIN;
		__set_bit(idx, &banks->large);
		idx += SMALL;
	}
	event->hw.idx = idx;
	banks->event[idx] = event;
	event->hw.state = PERF_HES_STOPPED | PERF_HES_UPTODATE;
	if (flags & PERF_EF_START)
		banks_start(event, flags);
	return 0;
}

static void banks_del(struct perf_event *event, int flags)
{
	struct banks *banks = banks_of(event);
	int idx = event->hw.idx;

	banks_stop(event, PERF_EF_UPDATE);
	banks->event[idx] = NULL;
	if (idx < SMALL)
		__clear_bit(idx, &banks->small);
	else
		__clear_bit(idx - SMALL, &banks->large);
}

static void banks_poll(struct work_struct *work)
{
	struct banks *banks = container_of(to_delayed_work(work), struct banks, poll);

	schedule_delayed_work(&banks->poll, HZ);
}

static int banks_probe(struct platform_device *pdev)
{
	struct banks *banks = devm_kzalloc(&pdev->dev, sizeof(*banks), GFP_KERNEL);
	int ret;

	if (!banks)
		return -ENOMEM;
	banks->regs = devm_of_iomap(&pdev->dev, pdev->dev.of_node, 0, NULL);
	if (IS_ERR(banks->regs))
		return PTR_ERR(banks->regs);
	INIT_DELAYED_WORK(&banks->poll, banks_poll);
	banks->pmu.module = THIS_MODULE;
	banks->pmu.task_ctx_nr = perf_invalid_context;
	banks->pmu.capabilities = PERF_PMU_CAP_NO_EXCLUDE;
	banks->pmu.event_init = banks_event_init;
	banks->pmu.add = banks_add;
	banks->pmu.del = banks_del;
	banks->pmu.start = banks_start;
	banks->pmu.stop = banks_stop;
	banks->pmu.read = banks_read;
	platform_set_drvdata(pdev, banks);
	ret = perf_pmu_register(&banks->pmu, "banks", -1);
	if (ret)
		return ret;
	schedule_delayed_work(&banks->poll, HZ);
	return 0;
}

static const struct of_device_id banks_of_match[] = { { .compatible = "hartproof,banks-pmu" }, {} };
static struct platform_driver banks_driver = {
	.driver = { .name = "banks", .of_match_table = banks_of_match, .suppress_bind_attrs = true },
	.probe = banks_probe,
};
builtin_platform_driver(banks_driver);
