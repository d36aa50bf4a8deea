// SPDX-License-Identifier: MIT
/*
 * Sound. Two counters and one for cycles behind one mode: events of different modes cannot count at once, and are refused in one
 * group. What is taken is an array of events, what fits is tried on a copy.
 */
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/perf_event.h>
#include <linux/platform_device.h>
#include <linux/spinlock.h>

#define MODES_COUNTERS 3
#define MODES_CYCLES 2
#define REG_MODE 0x0
#define REG_EN 0x4
#define REG_IEN 0x8
#define REG_OVF 0xc
#define REG_SEL(i) (0x10 + 4 * (i))
#define REG_CNT(i) (0x20 + 4 * (i))
#define EV_CODE(c) ((c) & 0xf)
#define EV_MODE(c) (((c) >> 4) & 0x3)
#define EV_CYCLES 0xf

struct modes_state {
	struct perf_event *owner[MODES_COUNTERS];
	int mode;
};

struct modes_pmu {
	struct pmu pmu;
	void __iomem *io;
	raw_spinlock_t lock;
	struct modes_state now;
	int irq;
	int cpu;
};

#define to_modes(x) container_of(x, struct modes_pmu, pmu)

static int modes_place(struct modes_state *state, struct perf_event *event)
{
	u64 config = event->attr.config;
	int i;

	if (EV_CODE(config) == EV_CYCLES)
		return state->owner[MODES_CYCLES] ? -ENOSPC : MODES_CYCLES;
	if (state->mode >= 0 && state->mode != EV_MODE(config))
		return -EBUSY;
	for (i = 0; i < MODES_CYCLES; i++)
		if (!state->owner[i])
			return i;
	return -ENOSPC;
}

static void modes_take(struct modes_state *state, struct perf_event *event, int idx)
{
	state->owner[idx] = event;
	if (idx != MODES_CYCLES)
		state->mode = EV_MODE(event->attr.config);
}

static int modes_try(struct modes_state *state, struct perf_event *event)
{
	int idx = modes_place(state, event);

	if (idx < 0)
		return idx;
	modes_take(state, event, idx);
	return 0;
}

static int modes_validate(struct perf_event *event)
{
	struct perf_event *leader = event->group_leader, *sibling;
	struct modes_state fake = { .mode = -1 };

	if (leader->pmu == event->pmu && leader != event && modes_try(&fake, leader))
		return -EINVAL;
	for_each_sibling_event(sibling, leader)
		if (sibling->pmu == event->pmu && modes_try(&fake, sibling))
			return -EINVAL;
	return modes_try(&fake, event) ? -EINVAL : 0;
}

static int modes_event_init(struct perf_event *event)
{
	struct modes_pmu *pmu;

	if (event->attr.type != event->pmu->type)
		return -ENOENT;
	pmu = to_modes(event->pmu);
	if (is_sampling_event(event))
		return -EOPNOTSUPP;
	if (event->cpu < 0)
		return -EOPNOTSUPP;
	if (event->attr.config > 0x3f || event->attr.config1 || event->attr.config2)
		return -EINVAL;
	if (has_branch_stack(event))
		return -EOPNOTSUPP;
	if (event->attr.exclude_user || event->attr.exclude_kernel || event->attr.exclude_hv || event->attr.exclude_idle ||
	    event->attr.exclude_host || event->attr.exclude_guest)
		return -EINVAL;
	event->cpu = pmu->cpu;
	return modes_validate(event);
}

static void modes_update(struct perf_event *event)
{
	struct hw_perf_event *hwc = &event->hw;
	u32 now = readl_relaxed(to_modes(event->pmu)->io + REG_CNT(hwc->idx));
	u32 prev = local64_xchg(&hwc->prev_count, now);

	local64_add((u32)(now - prev), &event->count);
}

static void modes_period(struct perf_event *event)
{
	writel_relaxed(0x80000000, to_modes(event->pmu)->io + REG_CNT(event->hw.idx));
	local64_set(&event->hw.prev_count, 0x80000000);
}

static void modes_rmw(struct modes_pmu *pmu, int reg, u32 clear, u32 set)
{
	u32 value = readl_relaxed(pmu->io + reg);

	writel_relaxed((value & ~clear) | set, pmu->io + reg);
}

static void modes_start(struct perf_event *event, int flags)
{
	struct modes_pmu *pmu = to_modes(event->pmu);
	struct hw_perf_event *hwc = &event->hw;
	unsigned long irqs;

	if (flags & PERF_EF_RELOAD)
		WARN_ON_ONCE(!(hwc->state & PERF_HES_UPTODATE));
	hwc->state = 0;
	modes_period(event);
	raw_spin_lock_irqsave(&pmu->lock, irqs);
	modes_rmw(pmu, REG_IEN, 0, BIT(hwc->idx));
	modes_rmw(pmu, REG_EN, 0, BIT(hwc->idx));
	raw_spin_unlock_irqrestore(&pmu->lock, irqs);
}

static void modes_stop(struct perf_event *event, int flags)
{
	struct modes_pmu *pmu = to_modes(event->pmu);
	struct hw_perf_event *hwc = &event->hw;
	unsigned long irqs;

	if (!(hwc->state & PERF_HES_STOPPED)) {
		raw_spin_lock_irqsave(&pmu->lock, irqs);
		modes_rmw(pmu, REG_EN, BIT(hwc->idx), 0);
		modes_rmw(pmu, REG_IEN, BIT(hwc->idx), 0);
		raw_spin_unlock_irqrestore(&pmu->lock, irqs);
		hwc->state |= PERF_HES_STOPPED;
	}
	if (flags & PERF_EF_UPDATE && !(hwc->state & PERF_HES_UPTODATE)) {
		modes_update(event);
		hwc->state |= PERF_HES_UPTODATE;
	}
}

static int modes_add(struct perf_event *event, int flags)
{
	struct modes_pmu *pmu = to_modes(event->pmu);
	int idx = modes_place(&pmu->now, event);

	if (idx < 0)
		return idx;
	modes_take(&pmu->now, event, idx);
	event->hw.idx = idx;
	event->hw.state = PERF_HES_STOPPED | PERF_HES_UPTODATE;
	if (idx != MODES_CYCLES) {
		writel_relaxed(EV_MODE(event->attr.config), pmu->io + REG_MODE);
		writel_relaxed(EV_CODE(event->attr.config), pmu->io + REG_SEL(idx));
	}
	if (flags & PERF_EF_START)
		modes_start(event, PERF_EF_RELOAD);
	return 0;
}

static void modes_del(struct perf_event *event, int flags)
{
	struct modes_pmu *pmu = to_modes(event->pmu);

	modes_stop(event, flags | PERF_EF_UPDATE);
	pmu->now.owner[event->hw.idx] = NULL;
	if (!pmu->now.owner[0] && !pmu->now.owner[1])
		pmu->now.mode = -1;
	event->hw.idx = -1;
}

static irqreturn_t modes_isr(int irq, void *data)
{
	struct modes_pmu *pmu = data;
	u32 status = readl_relaxed(pmu->io + REG_OVF);
	int i;

	if (!status)
		return IRQ_NONE;
	writel_relaxed(status, pmu->io + REG_OVF);
	raw_spin_lock(&pmu->lock);
	for (i = 0; i < MODES_COUNTERS; i++) {
		struct perf_event *event = pmu->now.owner[i];

		if (!(status & BIT(i)) || !event || event->hw.state & PERF_HES_STOPPED)
			continue;
		modes_update(event);
		modes_period(event);
	}
	raw_spin_unlock(&pmu->lock);
	return IRQ_HANDLED;
}

PMU_EVENT_ATTR_STRING(cycles, modes_ev_cycles, "code=0xf");
PMU_EVENT_ATTR_STRING(hits, modes_ev_hits, "code=0x1,mode=0");
PMU_EVENT_ATTR_STRING(misses, modes_ev_misses, "code=0x2,mode=0");
PMU_EVENT_ATTR_STRING(grants, modes_ev_grants, "code=0x1,mode=1");
static struct attribute *modes_events[] = {
	&modes_ev_cycles.attr.attr, &modes_ev_hits.attr.attr, &modes_ev_misses.attr.attr, &modes_ev_grants.attr.attr, NULL
};
PMU_FORMAT_ATTR(code, "config:0-3");
PMU_FORMAT_ATTR(mode, "config:4-5");
static struct attribute *modes_format[] = { &format_attr_code.attr, &format_attr_mode.attr, NULL };
static const struct attribute_group modes_format_g = { .name = "format", .attrs = modes_format };
static const struct attribute_group modes_events_g = { .name = "events", .attrs = modes_events };
static const struct attribute_group *modes_attr_groups[] = { &modes_format_g, &modes_events_g, NULL };

static int modes_probe(struct platform_device *pdev)
{
	struct modes_pmu *pmu;
	int ret;

	pmu = devm_kzalloc(&pdev->dev, sizeof(*pmu), GFP_KERNEL);
	if (!pmu)
		return -ENOMEM;
	raw_spin_lock_init(&pmu->lock);
	pmu->now.mode = -1;
	pmu->io = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(pmu->io))
		return PTR_ERR(pmu->io);
	writel(0, pmu->io + REG_EN);
	writel(0, pmu->io + REG_IEN);
	pmu->cpu = cpumask_first(cpu_online_mask);
	pmu->irq = platform_get_irq(pdev, 0);
	if (pmu->irq < 0)
		return pmu->irq;
	ret = devm_request_irq(&pdev->dev, pmu->irq, modes_isr, IRQF_NOBALANCING | IRQF_NO_THREAD, dev_name(&pdev->dev), pmu);
	if (ret)
		return ret;
	irq_set_affinity(pmu->irq, cpumask_of(pmu->cpu));
	pmu->pmu.name = "modes";
	pmu->pmu.module = THIS_MODULE;
	pmu->pmu.task_ctx_nr = perf_invalid_context;
	pmu->pmu.attr_groups = modes_attr_groups;
	pmu->pmu.event_init = modes_event_init;
	pmu->pmu.add = modes_add;
	pmu->pmu.del = modes_del;
	pmu->pmu.start = modes_start;
	pmu->pmu.stop = modes_stop;
	pmu->pmu.read = modes_update;
	return perf_pmu_register(&pmu->pmu, pmu->pmu.name, -1);
}

static const struct of_device_id modes_of[] = { { .compatible = "hartproof,modes-pmu" }, {} };
static struct platform_driver modes_driver = {
	.driver = { .name = "modes_pmu", .of_match_table = of_match_ptr(modes_of), .suppress_bind_attrs = true },
	.probe = modes_probe,
};
builtin_platform_driver(modes_driver);
