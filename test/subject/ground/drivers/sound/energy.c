// SPDX-License-Identifier: MIT
/*
 * Sound. Energy of a package: counters of 32 bits that always run, one reader CPU for each package, a list of active events, and
 * a timer that reads them before they come round. Written in the style of drivers for packages.
 */
#include <linux/cpu.h>
#include <linux/hrtimer.h>
#include <linux/io.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/perf_event.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

#define ENERGY_DOMAINS 3
#define ENERGY_REG(d) (0x10 + 0x10 * (d))

struct energy_pmu {
	raw_spinlock_t lock;
	int n_active, cpu;
	struct list_head active_list;
	struct pmu *pmu;
	ktime_t interval;
	struct hrtimer hrtimer;
	void __iomem *mmio;
};

static struct energy_pmu *energy;
static cpumask_t energy_cpus;
static struct pmu energy_class;

static u64 energy_raw(struct perf_event *event)
{
	return readl(energy->mmio + event->hw.event_base);
}

static u64 energy_event_update(struct perf_event *event)
{
	struct hw_perf_event *hwc = &event->hw;
	u64 prev, now;

	prev = local64_read(&hwc->prev_count);
	do {
		now = energy_raw(event);
	} while (!local64_try_cmpxchg(&hwc->prev_count, &prev, now));
	local64_add(((now << 32) - (prev << 32)) >> 32, &event->count);
	return now;
}

static void energy_start_timer(struct energy_pmu *pmu)
{
	hrtimer_start(&pmu->hrtimer, pmu->interval, HRTIMER_MODE_REL_PINNED);
}

static enum hrtimer_restart energy_timer(struct hrtimer *timer)
{
	struct energy_pmu *pmu = container_of(timer, struct energy_pmu, hrtimer);
	struct perf_event *event;
	unsigned long flags;

	if (!pmu->n_active)
		return HRTIMER_NORESTART;
	raw_spin_lock_irqsave(&pmu->lock, flags);
	list_for_each_entry(event, &pmu->active_list, active_entry)
		energy_event_update(event);
	raw_spin_unlock_irqrestore(&pmu->lock, flags);
	hrtimer_forward_now(timer, pmu->interval);
	return HRTIMER_RESTART;
}

static void __energy_start(struct energy_pmu *pmu, struct perf_event *event)
{
	if (WARN_ON_ONCE(!(event->hw.state & PERF_HES_STOPPED)))
		return;
	event->hw.state = 0;
	list_add_tail(&event->active_entry, &pmu->active_list);
	local64_set(&event->hw.prev_count, energy_raw(event));
	pmu->n_active++;
	if (pmu->n_active == 1)
		energy_start_timer(pmu);
}

static void energy_start(struct perf_event *event, int mode)
{
	struct energy_pmu *pmu = event->pmu_private;
	unsigned long flags;

	raw_spin_lock_irqsave(&pmu->lock, flags);
	__energy_start(pmu, event);
	raw_spin_unlock_irqrestore(&pmu->lock, flags);
}

static void energy_stop(struct perf_event *event, int mode)
{
	struct energy_pmu *pmu = event->pmu_private;
	struct hw_perf_event *hwc = &event->hw;
	unsigned long flags;

	raw_spin_lock_irqsave(&pmu->lock, flags);
	if (!(hwc->state & PERF_HES_STOPPED)) {
		pmu->n_active--;
		if (pmu->n_active == 0)
			hrtimer_cancel(&pmu->hrtimer);
		list_del(&event->active_entry);
		hwc->state |= PERF_HES_STOPPED;
	}
	if ((mode & PERF_EF_UPDATE) && !(hwc->state & PERF_HES_UPTODATE)) {
		energy_event_update(event);
		hwc->state |= PERF_HES_UPTODATE;
	}
	raw_spin_unlock_irqrestore(&pmu->lock, flags);
}

static int energy_add(struct perf_event *event, int mode)
{
	struct energy_pmu *pmu = event->pmu_private;
	unsigned long flags;

	raw_spin_lock_irqsave(&pmu->lock, flags);
	event->hw.state = PERF_HES_UPTODATE | PERF_HES_STOPPED;
	if (mode & PERF_EF_START)
		__energy_start(pmu, event);
	raw_spin_unlock_irqrestore(&pmu->lock, flags);
	return 0;
}

static void energy_del(struct perf_event *event, int flags)
{
	energy_stop(event, PERF_EF_UPDATE);
}

static void energy_read(struct perf_event *event)
{
	energy_event_update(event);
}

static int energy_event_init(struct perf_event *event)
{
	u64 config = event->attr.config;

	if (event->attr.type != energy_class.type)
		return -ENOENT;
	if (config & ~0xffULL || event->attr.config1 || event->attr.config2)
		return -EINVAL;
	if (event->cpu < 0)
		return -EINVAL;
	if (config < 1 || config > ENERGY_DOMAINS)
		return -EINVAL;
	if (event->attr.sample_period)
		return -EINVAL;
	event->event_caps |= PERF_EV_CAP_READ_ACTIVE_PKG;
	event->cpu = energy->cpu;
	event->pmu_private = energy;
	event->hw.event_base = ENERGY_REG(config - 1);
	event->hw.config = config;
	event->hw.idx = config - 1;
	return 0;
}

static ssize_t energy_show_cpumask(struct device *dev, struct device_attribute *attr, char *buf)
{
	return cpumap_print_to_pagebuf(true, buf, &energy_cpus);
}
static DEVICE_ATTR(cpumask, S_IRUGO, energy_show_cpumask, NULL);
static struct attribute *energy_attrs[] = { &dev_attr_cpumask.attr, NULL };
static struct attribute_group energy_attr_group = { .attrs = energy_attrs };
PMU_EVENT_ATTR_STRING(energy-cores, energy_cores, "event=0x01");
PMU_EVENT_ATTR_STRING(energy-pkg, energy_pkg, "event=0x02");
PMU_EVENT_ATTR_STRING(energy-ram, energy_ram, "event=0x03");
PMU_EVENT_ATTR_STRING(energy-pkg.unit, energy_pkg_unit, "Joules");
PMU_EVENT_ATTR_STRING(energy-pkg.scale, energy_pkg_scale, "2.3283064365386962890625e-10");
static struct attribute *energy_events_attr[] = {
	&energy_cores.attr.attr, &energy_pkg.attr.attr, &energy_ram.attr.attr, &energy_pkg_unit.attr.attr, &energy_pkg_scale.attr.attr, NULL,
};
static struct attribute_group energy_events_group = { .name = "events", .attrs = energy_events_attr };
PMU_FORMAT_ATTR(event, "config:0-7");
static struct attribute *energy_formats_attr[] = { &format_attr_event.attr, NULL };
static struct attribute_group energy_format_group = { .name = "format", .attrs = energy_formats_attr };
static const struct attribute_group *energy_attr_groups[] = { &energy_attr_group, &energy_format_group, &energy_events_group, NULL };

static int energy_cpu_offline(unsigned int cpu)
{
	int target;

	if (!energy || !cpumask_test_and_clear_cpu(cpu, &energy_cpus))
		return 0;
	energy->cpu = -1;
	target = cpumask_any_but(cpu_online_mask, cpu);
	if (target < nr_cpu_ids) {
		cpumask_set_cpu(target, &energy_cpus);
		energy->cpu = target;
		perf_pmu_migrate_context(energy->pmu, cpu, target);
	}
	return 0;
}

static int energy_cpu_online(unsigned int cpu)
{
	if (!energy || !cpumask_empty(&energy_cpus))
		return 0;
	cpumask_set_cpu(cpu, &energy_cpus);
	energy->cpu = cpu;
	return 0;
}

static int energy_probe(struct platform_device *pdev)
{
	struct energy_pmu *pmu;
	void __iomem *mmio = devm_platform_ioremap_resource(pdev, 0);
	int ret;

	if (IS_ERR(mmio))
		return PTR_ERR(mmio);
	pmu = kzalloc(sizeof(*pmu), GFP_KERNEL);
	if (!pmu)
		return -ENOMEM;
	raw_spin_lock_init(&pmu->lock);
	INIT_LIST_HEAD(&pmu->active_list);
	pmu->pmu = &energy_class;
	pmu->mmio = mmio;
	pmu->cpu = -1;
	pmu->interval = ms_to_ktime(40);
	hrtimer_init(&pmu->hrtimer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	pmu->hrtimer.function = energy_timer;
	energy = pmu;
	ret = cpuhp_setup_state(CPUHP_AP_ONLINE_DYN, "perf/energy:online", energy_cpu_online, energy_cpu_offline);
	if (ret < 0)
		goto free;
	energy_class = (struct pmu){
		.attr_groups = energy_attr_groups,
		.task_ctx_nr = perf_invalid_context,
		.event_init = energy_event_init,
		.add = energy_add,
		.del = energy_del,
		.start = energy_start,
		.stop = energy_stop,
		.read = energy_read,
		.module = THIS_MODULE,
		.capabilities = PERF_PMU_CAP_NO_EXCLUDE,
	};
	{
		int state = ret;

		ret = perf_pmu_register(&energy_class, "power", -1);
		if (ret) {
			cpuhp_remove_state(state);
			goto free;
		}
	}
	return 0;
free:
	energy = NULL;
	kfree(pmu);
	return ret;
}

static const struct platform_device_id energy_ids[] = { { "hartproof-energy", 0 }, {} };
static struct platform_driver energy_driver = {
	.probe = energy_probe,
	.id_table = energy_ids,
	.driver = { .name = "hartproof-energy", .suppress_bind_attrs = true },
};
builtin_platform_driver(energy_driver);
