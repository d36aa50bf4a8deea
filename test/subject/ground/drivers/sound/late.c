// SPDX-License-Identifier: MIT
/*
 * Sound. Counters are given out late: add only collects events, commit_txn and pmu_enable give all of them counters anew, those
 * with a constraint first. An event may move to another counter while it is active. Samples by an interrupt.
 */
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/perf_event.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <asm/irq_regs.h>

#define LATE_COUNTERS 4
#define LATE_MASK GENMASK_ULL(31, 0)
#define L_RUN 0x00
#define L_STATUS 0x04
#define L_SEL(i) (0x10 + 4 * (i))
#define L_CTR(i) (0x20 + 4 * (i))
#define L_USER BIT(16)
#define L_KERNEL BIT(17)
#define L_ON BIT(31)

struct late_hw {
	int n, n_assigned, n_txn;
	unsigned int txn_flags;
	bool enabled;
	struct perf_event *list[LATE_COUNTERS];
	struct perf_event *on[LATE_COUNTERS];
	int assigned[LATE_COUNTERS];
};
static struct late {
	void __iomem *io;
	struct late_hw hw;
} late;
static struct pmu late_pmu;

/* Codes from 0xc0 count on counter 0 alone. */
static unsigned long late_constraint(struct perf_event *event)
{
	return (event->hw.config & 0xff) >= 0xc0 ? BIT(0) : GENMASK(LATE_COUNTERS - 1, 0);
}

static int late_schedule(struct perf_event **list, int n, int *assign)
{
	unsigned long used = 0, left;
	int pass, i;

	for (pass = 0; pass < 2; pass++)
		for (i = 0; i < n; i++) {
			unsigned long allowed = late_constraint(list[i]);

			if ((hweight_long(allowed) == 1) != (pass == 0))
				continue;
			left = allowed & ~used;
			if (!left)
				return -EAGAIN;
			assign[i] = __ffs(left);
			used |= BIT(assign[i]);
		}
	return 0;
}

static int late_collect(struct late_hw *hw, struct perf_event *leader, bool siblings)
{
	struct perf_event *event;

	if (leader->pmu == &late_pmu) {
		if (hw->n >= LATE_COUNTERS)
			return -EINVAL;
		hw->list[hw->n++] = leader;
	}
	if (!siblings)
		return hw->n;
	for_each_sibling_event(event, leader) {
		if (event->pmu != &late_pmu || event->state <= PERF_EVENT_STATE_OFF)
			continue;
		if (hw->n >= LATE_COUNTERS)
			return -EINVAL;
		hw->list[hw->n++] = event;
	}
	return hw->n;
}

static int late_validate_group(struct perf_event *event)
{
	struct late_hw *fake = kzalloc(sizeof(*fake), GFP_KERNEL);
	struct perf_event *sibling;
	int ret = -EINVAL;

	if (!fake)
		return -ENOMEM;
	if (event->group_leader != event && event->group_leader->pmu == &late_pmu)
		fake->list[fake->n++] = event->group_leader;
	for_each_sibling_event(sibling, event->group_leader)
		if (sibling->pmu == &late_pmu) {
			if (fake->n >= LATE_COUNTERS)
				goto out;
			fake->list[fake->n++] = sibling;
		}
	if (fake->n >= LATE_COUNTERS)
		goto out;
	fake->list[fake->n++] = event;
	ret = late_schedule(fake->list, fake->n, fake->assigned) ? -EINVAL : 0;
out:
	kfree(fake);
	return ret;
}

static int late_event_init(struct perf_event *event)
{
	struct hw_perf_event *hwc = &event->hw;

	if (event->attr.type != late_pmu.type)
		return -ENOENT;
	if (event->cpu < 0 || event->attach_state & PERF_ATTACH_TASK)
		return -EINVAL;
	if (event->attr.config & ~0xffULL || event->attr.config1 || event->attr.config2)
		return -EINVAL;
	if (event->attr.exclude_idle || event->attr.exclude_hv || event->attr.exclude_host || event->attr.exclude_guest)
		return -EOPNOTSUPP;
	if (event->attr.precise_ip || has_branch_stack(event))
		return -EOPNOTSUPP;
	hwc->config = event->attr.config;
	if (!event->attr.exclude_user)
		hwc->config |= L_USER;
	if (!event->attr.exclude_kernel)
		hwc->config |= L_KERNEL;
	hwc->idx = -1;
	hwc->last_tag = ~0ULL;
	if (!hwc->sample_period) {
		hwc->sample_period = LATE_MASK >> 1;
		hwc->last_period = hwc->sample_period;
		local64_set(&hwc->period_left, hwc->sample_period);
	}
	event->cpu = 0;
	return late_validate_group(event);
}

static void late_update(struct perf_event *event)
{
	struct hw_perf_event *hwc = &event->hw;
	u64 prev, now, delta;

	if (hwc->idx < 0)
		return;
	do {
		prev = local64_read(&hwc->prev_count);
		now = readl(late.io + L_CTR(hwc->idx));
	} while (local64_cmpxchg(&hwc->prev_count, prev, now) != prev);
	delta = (now - prev) & LATE_MASK;
	local64_add(delta, &event->count);
	local64_sub(delta, &hwc->period_left);
}

static bool late_set_period(struct perf_event *event)
{
	struct hw_perf_event *hwc = &event->hw;
	s64 left = local64_read(&hwc->period_left), period = hwc->sample_period;
	bool over = false;

	if (left <= -period) {
		left = period;
		local64_set(&hwc->period_left, left);
		hwc->last_period = period;
		over = true;
	}
	if (left <= 0) {
		left += period;
		local64_set(&hwc->period_left, left);
		hwc->last_period = period;
		over = true;
	}
	if (left > (s64)(LATE_MASK >> 1))
		left = LATE_MASK >> 1;
	local64_set(&hwc->prev_count, (u64)-left & LATE_MASK);
	writel((u32)-left, late.io + L_CTR(hwc->idx));
	return over;
}

static void late_start(struct perf_event *event, int flags)
{
	struct late_hw *hw = &late.hw;
	struct hw_perf_event *hwc = &event->hw;

	if (hwc->idx < 0 || WARN_ON_ONCE(!(hwc->state & PERF_HES_STOPPED)))
		return;
	if (flags & PERF_EF_RELOAD)
		late_set_period(event);
	hwc->state = 0;
	hw->on[hwc->idx] = event;
	writel(hwc->config | L_ON, late.io + L_SEL(hwc->idx));
}

static void late_stop(struct perf_event *event, int flags)
{
	struct late_hw *hw = &late.hw;
	struct hw_perf_event *hwc = &event->hw;

	if (!(hwc->state & PERF_HES_STOPPED) && hwc->idx >= 0) {
		writel(0, late.io + L_SEL(hwc->idx));
		hw->on[hwc->idx] = NULL;
		hwc->state |= PERF_HES_STOPPED;
	}
	if (flags & PERF_EF_UPDATE && !(hwc->state & PERF_HES_UPTODATE)) {
		late_update(event);
		hwc->state |= PERF_HES_UPTODATE;
	}
}

static void late_disable(struct pmu *pmu)
{
	if (!late.hw.enabled)
		return;
	late.hw.enabled = false;
	writel(0, late.io + L_RUN);
}

static void late_enable(struct pmu *pmu)
{
	struct late_hw *hw = &late.hw;
	int i;

	if (hw->enabled)
		return;
	/* First those that move are stopped, then all that have no counter get theirs. */
	for (i = 0; i < hw->n_assigned; i++) {
		struct perf_event *event = hw->list[i];

		if (event->hw.idx == -1 || event->hw.idx == hw->assigned[i])
			continue;
		if (event->hw.state & PERF_HES_STOPPED)
			event->hw.state |= PERF_HES_ARCH;
		late_stop(event, PERF_EF_UPDATE);
		event->hw.idx = -1;
	}
	for (i = 0; i < hw->n; i++) {
		struct perf_event *event = hw->list[i];

		if (event->hw.idx != -1)
			continue;
		event->hw.idx = hw->assigned[i];
		if (event->hw.state & PERF_HES_ARCH)
			continue;
		late_start(event, PERF_EF_RELOAD);
	}
	hw->n_assigned = hw->n;
	hw->enabled = true;
	if (hw->n)
		writel(1, late.io + L_RUN);
}

static int late_add(struct perf_event *event, int flags)
{
	struct late_hw *hw = &late.hw;
	int assign[LATE_COUNTERS], ret, before = hw->n;

	if (hw->n == LATE_COUNTERS)
		return -EAGAIN;
	ret = late_collect(hw, event, false);
	if (ret < 0)
		return ret;
	event->hw.state = PERF_HES_UPTODATE | PERF_HES_STOPPED;
	if (!(flags & PERF_EF_START))
		event->hw.state |= PERF_HES_ARCH;
	event->hw.idx = -1;
	/* In a transaction, commit asks for all. */
	if (hw->txn_flags & PERF_PMU_TXN_ADD) {
		hw->n_txn += hw->n - before;
		return 0;
	}
	ret = late_schedule(hw->list, hw->n, assign);
	if (ret) {
		hw->list[--hw->n] = NULL;
		return ret;
	}
	memcpy(hw->assigned, assign, sizeof(assign));
	return 0;
}

static void late_del(struct perf_event *event, int flags)
{
	struct late_hw *hw = &late.hw;
	int i;

	if (hw->txn_flags & PERF_PMU_TXN_ADD)
		goto out;
	late_stop(event, PERF_EF_UPDATE);
out:
	for (i = 0; i < hw->n && hw->list[i] != event; i++)
		;
	if (WARN_ON_ONCE(i == hw->n))
		return;
	if (i < hw->n_assigned)
		hw->n_assigned--;
	for (; i + 1 < hw->n; i++) {
		hw->list[i] = hw->list[i + 1];
		hw->assigned[i] = hw->assigned[i + 1];
	}
	hw->list[--hw->n] = NULL;
	hw->assigned[hw->n] = 0;
	event->hw.idx = -1;
}

static void late_start_txn(struct pmu *pmu, unsigned int flags)
{
	late.hw.txn_flags = flags;
	if (flags & ~PERF_PMU_TXN_ADD)
		return;
	perf_pmu_disable(pmu);
	late.hw.n_txn = 0;
}
static int late_commit_txn(struct pmu *pmu)
{
	struct late_hw *hw = &late.hw;
	int assign[LATE_COUNTERS], ret;

	if (hw->txn_flags & ~PERF_PMU_TXN_ADD) {
		hw->txn_flags = 0;
		return 0;
	}
	ret = late_schedule(hw->list, hw->n, assign);
	if (ret)
		return ret;
	memcpy(hw->assigned, assign, hw->n * sizeof(int));
	hw->txn_flags = 0;
	perf_pmu_enable(pmu);
	return 0;
}
static void late_cancel_txn(struct pmu *pmu)
{
	unsigned int flags = late.hw.txn_flags;

	late.hw.txn_flags = 0;
	if (flags & ~PERF_PMU_TXN_ADD)
		return;
	perf_pmu_enable(pmu);
}

static irqreturn_t late_irq(int irq, void *dev)
{
	u32 status = readl(late.io + L_STATUS);
	struct perf_sample_data data;
	struct pt_regs *regs = get_irq_regs();
	int i;

	if (!status)
		return IRQ_NONE;
	writel(status, late.io + L_STATUS);
	for (i = 0; i < LATE_COUNTERS; i++) {
		struct perf_event *event = late.hw.on[i];

		if (!event || !(status & BIT(i)))
			continue;
		late_update(event);
		perf_sample_data_init(&data, 0, event->hw.last_period);
		if (!late_set_period(event) || !is_sampling_event(event))
			continue;
		if (perf_event_overflow(event, &data, regs))
			late_stop(event, 0);
	}
	return IRQ_HANDLED;
}

PMU_FORMAT_ATTR(event, "config:0-7");
static struct attribute *late_format[] = { &format_attr_event.attr, NULL };
static const struct attribute_group late_format_group = { .name = "format", .attrs = late_format };
PMU_EVENT_ATTR_STRING(loads, late_loads, "event=0x10");
PMU_EVENT_ATTR_STRING(stores, late_stores, "event=0x11");
PMU_EVENT_ATTR_STRING(walks, late_walks, "event=0xc1");
static struct attribute *late_events[] = { &late_loads.attr.attr, &late_stores.attr.attr, &late_walks.attr.attr, NULL };
static const struct attribute_group late_events_group = { .name = "events", .attrs = late_events };
static const struct attribute_group *late_groups[] = { &late_format_group, &late_events_group, NULL };

static struct pmu late_pmu = {
	.attr_groups = late_groups,
	.task_ctx_nr = perf_invalid_context,
	.event_init = late_event_init,
	.pmu_enable = late_enable,
	.pmu_disable = late_disable,
	.add = late_add,
	.del = late_del,
	.start = late_start,
	.stop = late_stop,
	.read = late_update,
	.start_txn = late_start_txn,
	.commit_txn = late_commit_txn,
	.cancel_txn = late_cancel_txn,
};

static int late_probe(struct platform_device *pdev)
{
	int irq, ret;

	late.io = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(late.io))
		return PTR_ERR(late.io);
	writel(0, late.io + L_RUN);
	irq = platform_get_irq(pdev, 0);
	if (irq < 0)
		return irq;
	ret = devm_request_irq(&pdev->dev, irq, late_irq, IRQF_NOBALANCING | IRQF_NO_THREAD, "late", &late);
	if (ret)
		return ret;
	late_pmu.module = THIS_MODULE;
	return perf_pmu_register(&late_pmu, "late", -1);
}
static const struct of_device_id late_of[] = { { .compatible = "hartproof,late-pmu" }, {} };
static struct platform_driver late_driver = {
	.driver = { .name = "late-pmu", .of_match_table = late_of, .suppress_bind_attrs = true },
	.probe = late_probe,
};
builtin_platform_driver(late_driver);
