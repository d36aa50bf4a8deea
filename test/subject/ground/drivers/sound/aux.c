// SPDX-License-Identifier: MIT
/*
 * Sound. A PMU on the auxiliary bus of another driver: pairs of counters, the low one of each for one kind of events, the high
 * one for the other; a wide counter takes both of a pair.
 */
#include <linux/auxiliary_bus.h>
#include <linux/bitmap.h>
#include <linux/cleanup.h>
#include <linux/cpumask.h>
#include <linux/module.h>
#include <linux/perf_event.h>
#include <linux/spinlock.h>

#define AUX_COUNTERS 6
#define AUX_WIDE BIT_ULL(8)

/* What the parent hands on: how its registers are reached. */
static u64 aux_registers[64];
static u64 aux_rd(unsigned int reg) { return READ_ONCE(aux_registers[reg & 63]); }
static void aux_wr(unsigned int reg, u64 value) { WRITE_ONCE(aux_registers[reg & 63], value); }

struct aux_pmu {
	struct pmu pmu;
	spinlock_t lock;
	DECLARE_BITMAP(used, AUX_COUNTERS);
	cpumask_var_t cpus;
};

static bool aux_wide(struct perf_event *event) { return event->attr.config & AUX_WIDE; }

static int aux_find(unsigned long *used, bool wide)
{
	unsigned long idx;

	if (wide) {
		idx = bitmap_find_next_zero_area(used, AUX_COUNTERS, 0, 2, 1);
		if (idx >= AUX_COUNTERS)
			return -EAGAIN;
		bitmap_set(used, idx, 2);
		return idx;
	}
	/* A single one prefers a pair that is broken already, so that pairs are left for who needs them. */
	for (idx = 0; idx < AUX_COUNTERS; idx++)
		if (!test_bit(idx, used) && test_bit(idx ^ 1, used))
			break;
	if (idx == AUX_COUNTERS)
		idx = find_first_zero_bit(used, AUX_COUNTERS);
	if (idx >= AUX_COUNTERS)
		return -EAGAIN;
	__set_bit(idx, used);
	return idx;
}

static int aux_event_init(struct perf_event *event)
{
	struct aux_pmu *aux = container_of(event->pmu, struct aux_pmu, pmu);
	DECLARE_BITMAP(fake, AUX_COUNTERS) = { 0 };
	struct perf_event *leader = event->group_leader, *sibling;

	if (event->attr.type != event->pmu->type)
		return -ENOENT;
	if (is_sampling_event(event) || event->cpu < 0 || event->attach_state & PERF_ATTACH_TASK)
		return -EINVAL;
	if (event->attr.config & ~(AUX_WIDE | 0xff) || event->attr.config1 || event->attr.config2)
		return -EINVAL;
	if (leader != event) {
		if (leader->pmu == event->pmu && aux_find(fake, aux_wide(leader)) < 0)
			return -EINVAL;
		for_each_sibling_event(sibling, leader)
			if (sibling->pmu == event->pmu && aux_find(fake, aux_wide(sibling)) < 0)
				return -EINVAL;
	}
	if (aux_find(fake, aux_wide(event)) < 0)
		return -EINVAL;
	event->cpu = cpumask_first(aux->cpus);
	return 0;
}

static void aux_read(struct perf_event *event)
{
	u64 now = aux_rd(16 + event->hw.idx);

	if (aux_wide(event))
		now |= aux_rd(17 + event->hw.idx) << 32;
	local64_add(now - local64_xchg(&event->hw.prev_count, now), &event->count);
}

static void aux_start(struct perf_event *event, int flags)
{
	struct aux_pmu *aux = container_of(event->pmu, struct aux_pmu, pmu);

	guard(spinlock_irqsave)(&aux->lock);
	event->hw.state = 0;
	aux_wr(16 + event->hw.idx, 0);
	if (aux_wide(event))
		aux_wr(17 + event->hw.idx, 0);
	local64_set(&event->hw.prev_count, 0);
	aux_wr(event->hw.idx, event->attr.config | BIT(31));
}

static void aux_stop(struct perf_event *event, int flags)
{
	struct aux_pmu *aux = container_of(event->pmu, struct aux_pmu, pmu);

	if (event->hw.state & PERF_HES_STOPPED)
		return;
	scoped_guard(spinlock_irqsave, &aux->lock)
		aux_wr(event->hw.idx, 0);
	aux_read(event);
	event->hw.state |= PERF_HES_STOPPED | PERF_HES_UPTODATE;
}

static int aux_add(struct perf_event *event, int flags)
{
	struct aux_pmu *aux = container_of(event->pmu, struct aux_pmu, pmu);
	int idx = aux_find(aux->used, aux_wide(event));

	if (idx < 0)
		return idx;
	event->hw.idx = idx;
	event->hw.state = PERF_HES_STOPPED | PERF_HES_UPTODATE;
	if (flags & PERF_EF_START)
		aux_start(event, PERF_EF_RELOAD);
	return 0;
}

static void aux_del(struct perf_event *event, int flags)
{
	struct aux_pmu *aux = container_of(event->pmu, struct aux_pmu, pmu);

	aux_stop(event, PERF_EF_UPDATE);
	bitmap_clear(aux->used, event->hw.idx, aux_wide(event) ? 2 : 1);
	event->hw.idx = -1;
}

PMU_EVENT_ATTR_STRING(in, aux_in, "event=0x01");
PMU_EVENT_ATTR_STRING(out, aux_out, "event=0x02");
PMU_EVENT_ATTR_STRING(bytes, aux_bytes, "event=0x03,wide=1");
static struct attribute *aux_events[] = { &aux_in.attr.attr, &aux_out.attr.attr, &aux_bytes.attr.attr, NULL };
static const struct attribute_group aux_events_group = { .name = "events", .attrs = aux_events };
PMU_FORMAT_ATTR(event, "config:0-7");
PMU_FORMAT_ATTR(wide, "config:8");
static struct attribute *aux_format[] = { &format_attr_event.attr, &format_attr_wide.attr, NULL };
static const struct attribute_group aux_format_group = { .name = "format", .attrs = aux_format };
static const struct attribute_group *aux_groups[] = { &aux_events_group, &aux_format_group, NULL };

static int aux_probe(struct auxiliary_device *adev, const struct auxiliary_device_id *id)
{
	struct aux_pmu *aux = devm_kzalloc(&adev->dev, sizeof(*aux), GFP_KERNEL);

	if (!aux)
		return -ENOMEM;
	if (!zalloc_cpumask_var(&aux->cpus, GFP_KERNEL))
		return -ENOMEM;
	cpumask_set_cpu(0, aux->cpus);
	spin_lock_init(&aux->lock);
	auxiliary_set_drvdata(adev, aux);
	aux->pmu = (struct pmu) {
		.module = THIS_MODULE,
		.task_ctx_nr = perf_invalid_context,
		.capabilities = PERF_PMU_CAP_NO_EXCLUDE | PERF_PMU_CAP_NO_INTERRUPT,
		.attr_groups = aux_groups,
		.event_init = aux_event_init,
		.add = aux_add,
		.del = aux_del,
		.start = aux_start,
		.stop = aux_stop,
		.read = aux_read,
	};
	return perf_pmu_register(&aux->pmu, "aux", -1);
}

static void aux_remove(struct auxiliary_device *adev)
{
	struct aux_pmu *aux = auxiliary_get_drvdata(adev);

	perf_pmu_unregister(&aux->pmu);
}

static const struct auxiliary_device_id aux_ids[] = { { .name = "hartproof.pmu" }, {} };
static struct auxiliary_driver aux_driver = { .probe = aux_probe, .remove = aux_remove, .id_table = aux_ids };
module_auxiliary_driver(aux_driver);
MODULE_LICENSE("GPL");
