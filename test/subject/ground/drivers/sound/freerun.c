// SPDX-License-Identifier: MIT
/*
 * Sound. Four counters of 36 bits that always run and cannot be written: an event reads the one that it names, and any number
 * of events may.
 */
#include <linux/cpuhotplug.h>
#include <linux/io-64-nonatomic-lo-hi.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/perf_event.h>
#include <linux/platform_device.h>

enum freerun_id { FREERUN_CYCLES, FREERUN_READS, FREERUN_WRITES, FREERUN_IDLE, FREERUN_COUNT };
#define FREERUN_MASK GENMASK_ULL(35, 0)

struct freerun {
	void __iomem *base;
	struct pmu pmu;
	cpumask_t cpus;
	struct hlist_node node;
};

static u64 freerun_now(struct perf_event *event)
{
	struct freerun *pmu = container_of(event->pmu, struct freerun, pmu);

	return lo_hi_readq(pmu->base + event->hw.event_base) & FREERUN_MASK;
}

static void freerun_read(struct perf_event *event)
{
	u64 prev = local64_read(&event->hw.prev_count), now;

	do {
		now = freerun_now(event);
	} while (!local64_try_cmpxchg(&event->hw.prev_count, &prev, now));
	local64_add((now - prev) & FREERUN_MASK, &event->count);
}

static void freerun_start(struct perf_event *event, int flags)
{
	local64_set(&event->hw.prev_count, freerun_now(event));
	event->hw.state = 0;
}

static void freerun_stop(struct perf_event *event, int flags)
{
	if (event->hw.state & PERF_HES_STOPPED)
		return;
	/* Nothing can be stopped: what is read now is all. */
	freerun_read(event);
	event->hw.state = PERF_HES_STOPPED | PERF_HES_UPTODATE;
}

static int freerun_add(struct perf_event *event, int flags)
{
	event->hw.state = PERF_HES_STOPPED | PERF_HES_UPTODATE;
	if (flags & PERF_EF_START)
		freerun_start(event, flags);
	return 0;
}

static void freerun_del(struct perf_event *event, int flags)
{
	freerun_stop(event, PERF_EF_UPDATE);
}

static int freerun_event_init(struct perf_event *event)
{
	struct freerun *pmu = container_of(event->pmu, struct freerun, pmu);
	u64 id = event->attr.config;

	if (event->attr.type != pmu->pmu.type)
		return -ENOENT;
	if (event->cpu < 0 || event->attach_state & PERF_ATTACH_TASK)
		return -EINVAL;
	if (id >= FREERUN_COUNT || event->attr.config1 || event->attr.config2)
		return -EINVAL;
	event->cpu = cpumask_first(&pmu->cpus);
	event->hw.event_base = 0x40 + id * 8;
	event->hw.idx = id;
	return 0;
}

#define FREERUN_EVENT(_name, _text) PMU_EVENT_ATTR_STRING(_name, freerun_##_name, _text)
FREERUN_EVENT(cycles, "id=0");
FREERUN_EVENT(reads, "id=1");
FREERUN_EVENT(writes, "id=2");
FREERUN_EVENT(idle, "id=3");
static struct attribute *freerun_events[] = {
	&freerun_cycles.attr.attr, &freerun_reads.attr.attr, &freerun_writes.attr.attr, &freerun_idle.attr.attr, NULL,
};
static const struct attribute_group freerun_events_group = { .name = "events", .attrs = freerun_events };
PMU_FORMAT_ATTR(id, "config:0-1");
static struct attribute *freerun_formats[] = { &format_attr_id.attr, NULL };
static const struct attribute_group freerun_format_group = { .name = "format", .attrs = freerun_formats };
static ssize_t cpumask_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct freerun *pmu = container_of(dev_get_drvdata(dev), struct freerun, pmu);

	return cpumap_print_to_pagebuf(true, buf, &pmu->cpus);
}
static DEVICE_ATTR_RO(cpumask);
static struct attribute *freerun_cpus[] = { &dev_attr_cpumask.attr, NULL };
static const struct attribute_group freerun_cpus_group = { .attrs = freerun_cpus };
static const struct attribute_group *freerun_groups[] = { &freerun_events_group, &freerun_format_group, &freerun_cpus_group, NULL };

static int freerun_state;

static int freerun_probe(struct platform_device *pdev)
{
	struct freerun *pmu = devm_kzalloc(&pdev->dev, sizeof(*pmu), GFP_KERNEL);
	int ret;

	if (!pmu)
		return -ENOMEM;
	pmu->base = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(pmu->base))
		return PTR_ERR(pmu->base);
	cpumask_set_cpu(0, &pmu->cpus);
	pmu->pmu.module = THIS_MODULE;
	pmu->pmu.task_ctx_nr = perf_invalid_context;
	pmu->pmu.capabilities = PERF_PMU_CAP_NO_INTERRUPT | PERF_PMU_CAP_NO_EXCLUDE;
	pmu->pmu.attr_groups = freerun_groups;
	pmu->pmu.event_init = freerun_event_init;
	pmu->pmu.add = freerun_add;
	pmu->pmu.del = freerun_del;
	pmu->pmu.start = freerun_start;
	pmu->pmu.stop = freerun_stop;
	pmu->pmu.read = freerun_read;
	platform_set_drvdata(pdev, pmu);
	ret = cpuhp_state_add_instance_nocalls(freerun_state, &pmu->node);
	if (ret)
		return ret;
	ret = perf_pmu_register(&pmu->pmu, "freerun", -1);
	if (ret) {
		dev_err(&pdev->dev, "perf_pmu_register: %d\n", ret);
		cpuhp_state_remove_instance_nocalls(freerun_state, &pmu->node);
	}
	return ret;
}

/* The CPU that counts goes: the next one that stays takes its place. */
static int freerun_offline(unsigned int cpu, struct hlist_node *node)
{
	struct freerun *pmu = hlist_entry_safe(node, struct freerun, node);
	unsigned int next = cpumask_any_but(cpu_online_mask, cpu);

	if (!cpumask_test_cpu(cpu, &pmu->cpus) || next >= nr_cpu_ids)
		return 0;
	cpumask_copy(&pmu->cpus, cpumask_of(next));
	perf_pmu_migrate_context(&pmu->pmu, cpu, next);
	return 0;
}

static const struct of_device_id freerun_ids[] = { { .compatible = "hartproof,freerun-pmu" }, { /* end */ } };
static struct platform_driver freerun_driver = {
	.probe = freerun_probe,
	.driver = { .name = "freerun", .of_match_table = freerun_ids, .suppress_bind_attrs = true },
};

static int __init freerun_init(void)
{
	int ret = cpuhp_setup_state_multi(CPUHP_AP_ONLINE_DYN, "perf/freerun:online", NULL, freerun_offline);

	if (ret < 0)
		return ret;
	freerun_state = ret;
	ret = platform_driver_register(&freerun_driver);
	if (ret)
		cpuhp_remove_multi_state(freerun_state);
	return ret;
}
module_init(freerun_init);
MODULE_LICENSE("GPL");
