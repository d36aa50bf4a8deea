// SPDX-License-Identifier: MIT
/*
 * Sound. A PMU of a PCI device: six counters of 32 bits, any event on any, an interrupt by MSI when one comes round; enabled as
 * a whole by pmu_enable.
 */
#include <linux/bitmap.h>
#include <linux/cpuhotplug.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/perf_event.h>

#define PP_COUNTERS 6
#define PP_GLOBAL 0x00
#define PP_OVERFLOW 0x08
#define PP_EVSEL(i) (0x20 + (i) * 8)
#define PP_CTR(i) (0x60 + (i) * 8)
#define PP_START BIT_ULL(31)

struct pp {
	struct pci_dev *pdev;
	void __iomem *bar;
	struct pmu pmu;
	struct hlist_node node;
	int irq, on_cpu;
	struct perf_event *hw_events[PP_COUNTERS];
	unsigned long mask[BITS_TO_LONGS(PP_COUNTERS)];
};
static enum cpuhp_state pp_online;

#define to_pp(p) (container_of((p), struct pp, pmu))

static ssize_t pp_sysfs_event(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct dev_ext_attribute *ext = container_of(attr, struct dev_ext_attribute, attr);

	return sysfs_emit(buf, "event=0x%lx\n", (unsigned long)ext->var);
}
#define PP_EVENT(_name, _value) \
	(&((struct dev_ext_attribute[]) { { __ATTR(_name, 0444, pp_sysfs_event, NULL), (void *)(_value) } })[0].attr.attr)
static struct attribute *pp_event_attrs[] = { PP_EVENT(tlps, 0x100), PP_EVENT(replays, 0x101), PP_EVENT(credits, 0x180), NULL };
static const struct attribute_group pp_event_group = { .name = "events", .attrs = pp_event_attrs };
PMU_FORMAT_ATTR(event, "config:0-8");
static struct attribute *pp_format_attrs[] = { &format_attr_event.attr, NULL };
static const struct attribute_group pp_format_group = { .name = "format", .attrs = pp_format_attrs };
static ssize_t cpumask_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%d\n", to_pp(dev_get_drvdata(dev))->on_cpu);
}
static DEVICE_ATTR_RO(cpumask);
static struct attribute *pp_cpu_attrs[] = { &dev_attr_cpumask.attr, NULL };
static const struct attribute_group pp_cpu_group = { .attrs = pp_cpu_attrs };
static const struct attribute_group *pp_groups[] = { &pp_event_group, &pp_format_group, &pp_cpu_group, NULL };

static int pp_event_init(struct perf_event *event)
{
	struct perf_event *leader = event->group_leader, *sibling;
	struct pp *pp = to_pp(event->pmu);
	int needed = 1;

	if (event->attr.type != event->pmu->type)
		return -ENOENT;
	if (is_sampling_event(event) || event->attach_state & PERF_ATTACH_TASK)
		return -EOPNOTSUPP;
	if (event->cpu < 0 || event->attr.config > 0x1ff)
		return -EINVAL;
	if (event->attr.config1 || event->attr.config2)
		return -EINVAL;
	if (leader != event)
		needed += leader->pmu == event->pmu;
	for_each_sibling_event(sibling, leader)
		needed += sibling->pmu == event->pmu;
	if (needed > PP_COUNTERS)
		return -EINVAL;
	event->cpu = pp->on_cpu;
	event->hw.idx = -1;
	event->hw.config_base = event->attr.config;
	return 0;
}

static void pp_event_update(struct perf_event *event)
{
	struct pp *pp = to_pp(event->pmu);
	u64 prev, now;

	do {
		prev = local64_read(&event->hw.prev_count);
		now = readl(pp->bar + PP_CTR(event->hw.idx));
	} while (local64_cmpxchg(&event->hw.prev_count, prev, now) != prev);
	local64_add((now - prev) & U32_MAX, &event->count);
}

static void pp_set_period(struct perf_event *event)
{
	struct pp *pp = to_pp(event->pmu);

	local64_set(&event->hw.prev_count, PP_START);
	writel(PP_START, pp->bar + PP_CTR(event->hw.idx));
}

static void pp_start(struct perf_event *event, int flags)
{
	struct pp *pp = to_pp(event->pmu);

	if (WARN_ON_ONCE(event->hw.idx == -1))
		return;
	event->hw.state = 0;
	pp_set_period(event);
	writel(event->hw.config_base | BIT(16) | BIT(17), pp->bar + PP_EVSEL(event->hw.idx));
	perf_event_update_userpage(event);
}

static void pp_stop(struct perf_event *event, int flags)
{
	struct pp *pp = to_pp(event->pmu);

	if (event->hw.state & PERF_HES_STOPPED)
		return;
	writel(0, pp->bar + PP_EVSEL(event->hw.idx));
	event->hw.state |= PERF_HES_STOPPED;
	if (event->hw.state & PERF_HES_UPTODATE)
		return;
	pp_event_update(event);
	event->hw.state |= PERF_HES_UPTODATE;
}

static int pp_add(struct perf_event *event, int flags)
{
	struct pp *pp = to_pp(event->pmu);
	int idx;

	idx = bitmap_find_free_region(pp->mask, PP_COUNTERS, 0);
	if (idx < 0)
		return -EAGAIN;
	event->hw.idx = idx;
	event->hw.state = PERF_HES_STOPPED | PERF_HES_UPTODATE;
	pp->hw_events[idx] = event;
	if (flags & PERF_EF_START)
		pp_start(event, PERF_EF_RELOAD);
	return 0;
}

static void pp_del(struct perf_event *event, int flags)
{
	struct pp *pp = to_pp(event->pmu);

	pp_stop(event, PERF_EF_UPDATE);
	pp->hw_events[event->hw.idx] = NULL;
	bitmap_release_region(pp->mask, event->hw.idx, 0);
	perf_event_update_userpage(event);
}

static void pp_enable(struct pmu *pmu)
{
	if (bitmap_weight(to_pp(pmu)->mask, PP_COUNTERS))
		writel(1, to_pp(pmu)->bar + PP_GLOBAL);
}
static void pp_disable(struct pmu *pmu)
{
	writel(0, to_pp(pmu)->bar + PP_GLOBAL);
}

static irqreturn_t pp_irq(int irq, void *data)
{
	struct pp *pp = data;
	unsigned long overflowed = readl(pp->bar + PP_OVERFLOW);
	int idx;

	if (!overflowed)
		return IRQ_NONE;
	for_each_set_bit(idx, &overflowed, PP_COUNTERS) {
		struct perf_event *event = pp->hw_events[idx];

		writel(BIT(idx), pp->bar + PP_OVERFLOW);
		if (!event)
			continue;
		pp_event_update(event);
		pp_set_period(event);
	}
	return IRQ_HANDLED;
}

static int pp_cpu_online(unsigned int cpu, struct hlist_node *node)
{
	struct pp *pp = hlist_entry_safe(node, struct pp, node);

	if (pp->on_cpu == -1) {
		pp->on_cpu = cpu;
		WARN_ON(irq_set_affinity(pp->irq, cpumask_of(cpu)));
	}
	return 0;
}

static int pp_cpu_offline(unsigned int cpu, struct hlist_node *node)
{
	struct pp *pp = hlist_entry_safe(node, struct pp, node);
	unsigned int target;

	if (pp->on_cpu != cpu)
		return 0;
	pp->on_cpu = -1;
	target = cpumask_any_but(cpu_online_mask, cpu);
	if (target >= nr_cpu_ids)
		return 0;
	perf_pmu_migrate_context(&pp->pmu, cpu, target);
	pp->on_cpu = target;
	WARN_ON(irq_set_affinity(pp->irq, cpumask_of(target)));
	return 0;
}

static void pp_free_vectors(void *pdev) { pci_free_irq_vectors(pdev); }

static int pp_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct pp *pp;
	int ret;

	pp = devm_kzalloc(&pdev->dev, sizeof(*pp), GFP_KERNEL);
	if (!pp)
		return -ENOMEM;
	pp->pdev = pdev;
	pp->on_cpu = -1;
	pci_set_drvdata(pdev, pp);
	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;
	ret = pcim_iomap_regions(pdev, BIT(0), "pp_pmu");
	if (ret)
		return ret;
	pp->bar = pcim_iomap_table(pdev)[0];
	pci_set_master(pdev);
	ret = pci_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_MSI);
	if (ret < 0)
		return ret;
	ret = devm_add_action_or_reset(&pdev->dev, pp_free_vectors, pdev);
	if (ret)
		return ret;
	pp->irq = pci_irq_vector(pdev, 0);
	ret = devm_request_irq(&pdev->dev, pp->irq, pp_irq, IRQF_NOBALANCING | IRQF_NO_THREAD, "pp_pmu", pp);
	if (ret)
		return ret;
	pp->pmu = (struct pmu) {
		.name = "pp",
		.module = THIS_MODULE,
		.task_ctx_nr = perf_invalid_context,
		.event_init = pp_event_init,
		.pmu_enable = pp_enable,
		.pmu_disable = pp_disable,
		.add = pp_add,
		.del = pp_del,
		.start = pp_start,
		.stop = pp_stop,
		.read = pp_event_update,
		.attr_groups = pp_groups,
		.capabilities = PERF_PMU_CAP_NO_EXCLUDE,
	};
	ret = cpuhp_state_add_instance(pp_online, &pp->node);
	if (ret)
		return ret;
	ret = perf_pmu_register(&pp->pmu, "pp", -1);
	if (ret)
		cpuhp_state_remove_instance_nocalls(pp_online, &pp->node);
	return ret;
}

static void pp_remove(struct pci_dev *pdev)
{
	struct pp *pp = pci_get_drvdata(pdev);

	perf_pmu_unregister(&pp->pmu);
	cpuhp_state_remove_instance_nocalls(pp_online, &pp->node);
}

static const struct pci_device_id pp_ids[] = { { PCI_DEVICE(0x1b36, 0x0f0f) }, { } };
static struct pci_driver pp_driver = { .name = "pp_pmu", .id_table = pp_ids, .probe = pp_probe, .remove = pp_remove, .driver.suppress_bind_attrs = true };

static int __init pp_init(void)
{
	int ret = cpuhp_setup_state_multi(CPUHP_AP_ONLINE_DYN, "perf/pp:online", pp_cpu_online, pp_cpu_offline);

	if (ret < 0)
		return ret;
	pp_online = ret;
	ret = pci_register_driver(&pp_driver);
	if (ret)
		cpuhp_remove_multi_state(pp_online);
	return ret;
}
module_init(pp_init);
static void __exit pp_exit(void)
{
	pci_unregister_driver(&pp_driver);
	cpuhp_remove_multi_state(pp_online);
}
module_exit(pp_exit);
MODULE_LICENSE("GPL");
