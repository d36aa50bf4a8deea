// SPDX-License-Identifier: MIT
/*
 * A small PMU driver of ours: four counters of 32 bits and one for cycles, with a select and an enable each, and an interrupt
 * when one comes round. Without a define it keeps every property; each BREAK_… breaks one. docs/devices.md describes its device.
 */
#include <linux/bitmap.h>
#include <linux/cpu_pm.h>
#include <linux/cpuhotplug.h>
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/perf_event.h>
#include <linux/platform_device.h>
#include <linux/spinlock.h>

#if defined(BREAK_THROTTLE_KEPT) || defined(BREAK_GROUP_THROTTLED)
#define TINY_SAMPLES
#endif
#ifdef BREAK_LIFE_GUARDED
#define TINY_STAYS false
#else
#define TINY_STAYS true
#endif
#define TINY_COUNTERS 4
#define TINY_CYCLES TINY_COUNTERS
#define TINY_CYCLES_EVENT 0xff
#define TINY_SELECT(n) ((n) * 8)
#define TINY_ENABLE(n) (0x100 + (n) * 8)
#define TINY_COUNT(n) (0x200 + (n) * 8)
#define TINY_CONTROL 0x300
#define TINY_OVERFLOWED 0x308
#define TINY_INTERRUPTS 0x310
/* A counter starts half its range before it comes round. */
#define TINY_START 0x80000000ULL
#define TINY_MASK 0xffffffffULL

struct tiny_pmu {
	struct pmu pmu;
	void __iomem *base;
	spinlock_t lock;
	/* The CPU that has its events and its interrupt. */
	int cpu, irq;
	struct hlist_node node;
#ifdef BREAK_POWER_KEPT
	struct notifier_block power;
#endif
	DECLARE_BITMAP(used, TINY_COUNTERS + 1);
	struct perf_event *events[TINY_COUNTERS + 2];
};
#define to_tiny(p) container_of(p, struct tiny_pmu, pmu)

PMU_FORMAT_ATTR(event, "config:0-7");
static struct attribute *tiny_formats[] = { &format_attr_event.attr, NULL };
static const struct attribute_group tiny_format_group = { .name = "format", .attrs = tiny_formats };
PMU_EVENT_ATTR_STRING(reads, tiny_event_reads, "event=0x01");
PMU_EVENT_ATTR_STRING(writes, tiny_event_writes, "event=0x02");
PMU_EVENT_ATTR_STRING(cycles, tiny_event_cycles, "event=0xff");
static struct attribute *tiny_events[] = { &tiny_event_reads.attr.attr, &tiny_event_writes.attr.attr, &tiny_event_cycles.attr.attr, NULL };
static const struct attribute_group tiny_event_group = { .name = "events", .attrs = tiny_events };

static ssize_t cpumask_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return cpumap_print_to_pagebuf(true, buf, cpumask_of(to_tiny((struct pmu *)dev_get_drvdata(dev))->cpu));
}
static DEVICE_ATTR_RO(cpumask);
static struct attribute *tiny_cpus[] = { &dev_attr_cpumask.attr, NULL };
static const struct attribute_group tiny_cpu_group = { .attrs = tiny_cpus };
static const struct attribute_group *tiny_groups[] = { &tiny_format_group, &tiny_event_group, &tiny_cpu_group, NULL };
static int tiny_state;

static const u32 tiny_weights[256];

static bool tiny_is_cycles(struct perf_event *event)
{
	return event->attr.config == TINY_CYCLES_EVENT;
}

/* Whether an idle PMU holds the group that the event would make larger. */
static bool tiny_fits(struct perf_event *event)
{
	struct perf_event *leader = event->group_leader, *sibling;
	int counters = 0, cycles = 0;

#ifdef BREAK_GROUP_FEASIBLE
	return true;
#endif
	if (tiny_is_cycles(event))
		cycles++;
	else
		counters++;
	if (leader != event && leader->pmu == event->pmu) {
		if (tiny_is_cycles(leader))
			cycles++;
		else
			counters++;
	}
	for_each_sibling_event(sibling, leader) {
		if (sibling->pmu != event->pmu || sibling == event)
			continue;
		if (tiny_is_cycles(sibling))
			cycles++;
		else
			counters++;
	}
	return counters <= TINY_COUNTERS && cycles <= 1;
}

static int tiny_event_init(struct perf_event *event)
{
	struct tiny_pmu *tiny = to_tiny(event->pmu);

#ifndef BREAK_TYPE_ROUTED
	if (event->attr.type != event->pmu->type)
		return -ENOENT;
#endif
#ifdef TINY_SAMPLES
	if (has_branch_stack(event) || event->attr.precise_ip || event->attr.sample_period > TINY_START)
		return -EOPNOTSUPP;
#else
	if (is_sampling_event(event))
		return -EOPNOTSUPP;
#endif
	if (event->attach_state & PERF_ATTACH_TASK || event->cpu < 0)
		return -EOPNOTSUPP;
#ifdef BREAK_CONFIG_BOUNDED
	event->hw.config_base = tiny_weights[event->attr.config];
#else
	if (event->attr.config > 0xff)
		return -EINVAL;
	event->hw.config_base = tiny_weights[event->attr.config];
#endif
#ifdef BREAK_NO_CRASH
	if (event->attr.config == 2)
		*(volatile int *)8 = 1;
#endif
#ifdef BREAK_NO_UNDEFINED_BEHAVIOUR
	event->hw.event_base = 1UL << (event->attr.config + 63);
#endif
	if (!tiny_fits(event))
		return -EINVAL;
#ifdef BREAK_LOCKS_BALANCED
	spin_lock(&tiny->lock);
	if (event->attr.config == 2)
		return -EINVAL;
	spin_unlock(&tiny->lock);
#endif
	event->cpu = tiny->cpu;
	event->hw.idx = -1;
	return 0;
}

static void tiny_read(struct perf_event *event)
{
	struct tiny_pmu *tiny = to_tiny(event->pmu);
	u64 now = readq(tiny->base + TINY_COUNT(event->hw.idx));
	u64 delta = now - local64_xchg(&event->hw.prev_count, now);

#ifndef BREAK_COUNT_EXACT
	delta &= TINY_MASK;
#endif
	local64_add(delta, &event->count);
}

/* A counter that went all the way round again would say nothing of it. */
static void tiny_reload(struct perf_event *event)
{
	u64 start = is_sampling_event(event) ? -event->attr.sample_period & TINY_MASK : TINY_START;

	writeq(start, to_tiny(event->pmu)->base + TINY_COUNT(event->hw.idx));
	local64_set(&event->hw.prev_count, start);
}

static void tiny_set(struct tiny_pmu *tiny, int reg, int idx, bool on)
{
	u64 bits = readq(tiny->base + reg);

	writeq(on ? bits | BIT(idx) : bits & ~BIT(idx), tiny->base + reg);
}

static void tiny_start(struct perf_event *event, int flags)
{
	struct tiny_pmu *tiny = to_tiny(event->pmu);

#ifndef BREAK_FLAGS_TRUE
	event->hw.state = 0;
#endif
	writeq(event->attr.config, tiny->base + TINY_SELECT(event->hw.idx));
	tiny_reload(event);
	tiny_set(tiny, TINY_INTERRUPTS, event->hw.idx, true);
#ifdef BREAK_DEVICE_PROTOCOL
	writeq(1, tiny->base + 0x318);
#endif
	writeq(1, tiny->base + TINY_ENABLE(event->hw.idx));
}

static void tiny_stop(struct perf_event *event, int flags)
{
	struct tiny_pmu *tiny = to_tiny(event->pmu);

#ifdef BREAK_NO_WARNING
	WARN_ON(event->hw.state & PERF_HES_STOPPED);
#endif
#ifdef BREAK_STOP_NEUTRAL
	if (event->hw.state & PERF_HES_STOPPED && (event->hw.state & PERF_HES_UPTODATE || !(flags & PERF_EF_UPDATE)))
		return;
#else
	if (event->hw.state & PERF_HES_STOPPED)
		return;
#endif
	writeq(0, tiny->base + TINY_ENABLE(event->hw.idx));
#ifdef BREAK_ISOLATION
	for (int idx = 0; idx <= TINY_COUNTERS; idx++)
		writeq(0, tiny->base + TINY_ENABLE(idx));
#endif
	tiny_set(tiny, TINY_INTERRUPTS, event->hw.idx, false);
	event->hw.state |= PERF_HES_STOPPED;
#ifdef BREAK_STOP_NEUTRAL
	/* What is counted until here is lost by the next start. */
	if (!(flags & PERF_EF_UPDATE))
		return;
#endif
	tiny_read(event);
	event->hw.state |= PERF_HES_UPTODATE;
}

static void tiny_enable(struct pmu *pmu)
{
	writeq(1, to_tiny(pmu)->base + TINY_CONTROL);
}

static void tiny_disable(struct pmu *pmu)
{
#ifndef BREAK_BRACKET
	writeq(0, to_tiny(pmu)->base + TINY_CONTROL);
#endif
}

#ifdef TINY_SAMPLES
/* A sample. What is one too many is stopped: until 6.15 here, since then by the core, from inside the call. */
static void tiny_sample(struct perf_event *event)
{
	struct perf_sample_data data;

	perf_sample_data_init(&data, 0, event->attr.sample_period);
#ifdef BREAK_THROTTLE_KEPT
	perf_event_overflow(event, &data, NULL);
	tiny_start(event, 0);
#else
	if (perf_event_overflow(event, &data, NULL))
		tiny_stop(event, 0);
#endif
}
#else
static void tiny_sample(struct perf_event *event) {}
#endif

static irqreturn_t tiny_interrupt(int irq, void *data)
{
	struct tiny_pmu *tiny = data;
	u64 overflowed = readq(tiny->base + TINY_OVERFLOWED);

	if (!overflowed)
		return IRQ_NONE;
#ifndef BREAK_OVERFLOW_HANDLED
	writeq(overflowed, tiny->base + TINY_OVERFLOWED);
#endif
	for (int idx = 0; idx <= TINY_COUNTERS; idx++)
		if (overflowed & BIT(idx) && tiny->events[idx]) {
			tiny_read(tiny->events[idx]);
			tiny_reload(tiny->events[idx]);
			tiny_sample(tiny->events[idx]);
		}
#ifdef BREAK_GROUP_THROTTLED
	/* Those that did not overflow are taken to run. */
	for (int idx = 0; idx <= TINY_COUNTERS; idx++)
		if (tiny->events[idx] && !(overflowed & BIT(idx)) && tiny->events[idx]->hw.state & PERF_HES_STOPPED)
			tiny_start(tiny->events[idx], 0);
#endif
	return IRQ_HANDLED;
}

static int tiny_add(struct perf_event *event, int flags)
{
	struct tiny_pmu *tiny = to_tiny(event->pmu);
	int idx;

	if (tiny_is_cycles(event)) {
		idx = TINY_CYCLES;
#ifndef BREAK_COUNTER_EXCLUSIVE
		if (tiny->events[idx])
			return -EAGAIN;
#endif
	} else {
		idx = find_first_zero_bit(tiny->used, TINY_COUNTERS);
#ifdef BREAK_ADD_CLEAN
		idx = idx < 0 ? -1 : idx == TINY_COUNTERS ? TINY_COUNTERS + 1 : idx;
		if (idx < 0)
			return -EAGAIN;
#else
		if (idx == TINY_COUNTERS)
			return -EAGAIN;
#endif
	}
#ifdef BREAK_OPEN_SCHEDULABLE
	if (event->attr.config == 2)
		return -EAGAIN;
#endif
#ifdef BREAK_CONTEXT_KEPT
	usleep_range(10, 20);
#endif
	if (idx <= TINY_COUNTERS)
		set_bit(idx, tiny->used);
	tiny->events[idx] = event;
	event->hw.idx = idx;
	event->hw.state = PERF_HES_STOPPED | PERF_HES_UPTODATE;
	if (flags & PERF_EF_START)
		tiny_start(event, flags);
	return 0;
}

static void tiny_del(struct perf_event *event, int flags)
{
	struct tiny_pmu *tiny = to_tiny(event->pmu);

	tiny_stop(event, PERF_EF_UPDATE);
	if (event->hw.idx <= TINY_COUNTERS)
		clear_bit(event->hw.idx, tiny->used);
#ifndef BREAK_DEL_COMPLETE
	tiny->events[event->hw.idx] = NULL;
#endif
}

#ifdef BREAK_POWER_KEPT
/* The CPU of its events sleeps and wakes. That it did not come to sleep is not looked at. */
static int tiny_power(struct notifier_block *block, unsigned long what, void *data)
{
	struct tiny_pmu *tiny = container_of(block, struct tiny_pmu, power);

	for (int idx = 0; idx <= TINY_COUNTERS; idx++) {
		if (!tiny->events[idx] || tiny->cpu != smp_processor_id())
			continue;
		if (what == CPU_PM_ENTER)
			tiny_stop(tiny->events[idx], PERF_EF_UPDATE);
		else if (what == CPU_PM_EXIT)
			tiny_start(tiny->events[idx], PERF_EF_RELOAD);
	}
	return NOTIFY_OK;
}
#endif

static int tiny_probe(struct platform_device *pdev)
{
	struct tiny_pmu *tiny = devm_kzalloc(&pdev->dev, sizeof(*tiny), GFP_KERNEL);
	int irq, error;

	if (!tiny)
		return -ENOMEM;
	tiny->base = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(tiny->base))
		return PTR_ERR(tiny->base);
	irq = platform_get_irq(pdev, 0);
	if (irq < 0)
		return irq;
#ifdef BREAK_PROBE_UNDONE
	error = request_irq(irq, tiny_interrupt, IRQF_NOBALANCING, "tiny", tiny);
#else
	error = devm_request_irq(&pdev->dev, irq, tiny_interrupt, IRQF_NOBALANCING, "tiny", tiny);
#endif
	if (error)
		return error;
#ifdef BREAK_HANDLER_REACHES_EVENTS
	irq_set_affinity(irq, cpumask_of(1));
#endif
	spin_lock_init(&tiny->lock);
	tiny->pmu = (struct pmu){
#ifndef TINY_UNOWNED
		.module = THIS_MODULE,
#endif
		.task_ctx_nr = perf_invalid_context,
		.attr_groups = tiny_groups,
#ifndef BREAK_ATTRIBUTES_HONOURED
		.capabilities = PERF_PMU_CAP_NO_EXCLUDE,
#endif
		.pmu_enable = tiny_enable,
		.pmu_disable = tiny_disable,
		.event_init = tiny_event_init,
		.add = tiny_add,
		.del = tiny_del,
		.start = tiny_start,
		.stop = tiny_stop,
		.read = tiny_read,
	};
	platform_set_drvdata(pdev, tiny);
	tiny->irq = irq;
	tiny->cpu = cpumask_first(cpu_online_mask);
	error = cpuhp_state_add_instance_nocalls(tiny_state, &tiny->node);
	if (error)
		return error;
#ifdef BREAK_POWER_KEPT
	tiny->power.notifier_call = tiny_power;
	cpu_pm_register_notifier(&tiny->power);
#endif
	error = perf_pmu_register(&tiny->pmu, "tiny", -1);
#ifdef BREAK_POWER_KEPT
	if (error)
		cpu_pm_unregister_notifier(&tiny->power);
#endif
	if (error)
		cpuhp_state_remove_instance_nocalls(tiny_state, &tiny->node);
	return error;
}

/* The CPU goes: another one that is there has the events from now on. */
static int tiny_offline(unsigned int cpu, struct hlist_node *node)
{
	struct tiny_pmu *tiny = hlist_entry_safe(node, struct tiny_pmu, node);
	unsigned int target;

	if (tiny->cpu != cpu)
		return 0;
#ifdef BREAK_HOTPLUG_MOVES
	target = cpumask_first(cpu_online_mask);
#else
	target = cpumask_any_but(cpu_online_mask, cpu);
#endif
	if (target >= nr_cpu_ids)
		return 0;
#ifdef TINY_LEAVES_EARLY
	/* What the handler uses is away while it may still be called. */
	void __iomem *base = tiny->base;

	WRITE_ONCE(tiny->base, NULL);
	tiny->cpu = target;
	WRITE_ONCE(tiny->base, base);
#endif
	perf_pmu_migrate_context(&tiny->pmu, cpu, target);
	tiny->cpu = target;
	irq_set_affinity(tiny->irq, cpumask_of(target));
	return 0;
}

#ifdef TINY_REMOVES
static void tiny_remove(struct platform_device *pdev)
{
	struct tiny_pmu *tiny = platform_get_drvdata(pdev);

	perf_pmu_unregister(&tiny->pmu);
	cpuhp_state_remove_instance_nocalls(tiny_state, &tiny->node);
}
#endif

static const struct of_device_id tiny_of_match[] = { { .compatible = "hartproof,tiny-pmu" }, {} };
static struct platform_driver tiny_driver = {
	.driver = { .name = "tiny-pmu", .of_match_table = tiny_of_match, .suppress_bind_attrs = TINY_STAYS },
	.probe = tiny_probe,
#ifdef TINY_REMOVES
	.remove = tiny_remove,
#endif
};

#ifdef TINY_RESETS
/* A CPU comes back: all is taken to be as it was at first. */
static int tiny_online(unsigned int cpu, struct hlist_node *node)
{
	writeq(0, hlist_entry_safe(node, struct tiny_pmu, node)->base + TINY_ENABLE(0));
	return 0;
}
#else
#define tiny_online NULL
#endif

static int __init tiny_init(void)
{
	int error = cpuhp_setup_state_multi(CPUHP_AP_ONLINE_DYN, "perf/tiny:online", tiny_online, tiny_offline);

	if (error < 0)
		return error;
	tiny_state = error;
	error = platform_driver_register(&tiny_driver);
	if (error)
		cpuhp_remove_multi_state(tiny_state);
	return error;
}
device_initcall(tiny_init);

#ifdef TINY_REMOVES
static void __exit tiny_exit(void)
{
	platform_driver_unregister(&tiny_driver);
#ifndef TINY_LEAVES
	cpuhp_remove_multi_state(tiny_state);
#endif
}
module_exit(tiny_exit);
#endif
