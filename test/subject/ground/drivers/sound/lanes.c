// SPDX-License-Identifier: MIT
/*
 * Sound. Counters that only have to be let run: an event names its counter, any number of events may name the same one, and each
 * start says once more that it runs. A context of its own for each event lives from its open to its close. Two instances share
 * numbers from an IDA, a clock and a mutex.
 */
#include <linux/clk.h>
#include <linux/idr.h>
#include <linux/io.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/of.h>
#include <linux/perf_event.h>
#include <linux/platform_device.h>
#include <linux/property.h>
#include <linux/slab.h>
#include <linux/timer.h>

#define LANES 8
#define LANE_ON(n) (0x000 + 4 * (n))
#define LANE_COUNT(n) (0x100 + 8 * (n))

struct lanes {
	struct device *dev;
	struct pmu pmu;
	void __iomem *regs;
	struct clk *clk;
	struct timer_list timer;
	struct mutex open;
	struct list_head contexts;
	struct list_head list;
	u32 lanes;
	int id;
};
struct lane_context {
	struct list_head list;
	struct perf_event *event;
	unsigned int lane;
	u64 last;
};

static DEFINE_IDA(lanes_ida);
static LIST_HEAD(lanes_all);
static DEFINE_MUTEX(lanes_all_lock);

static struct lanes *lanes_of(struct perf_event *event) { return container_of(event->pmu, struct lanes, pmu); }

static void lane_event_destroy(struct perf_event *event)
{
	struct lanes *lanes = lanes_of(event);
	struct lane_context *context = event->pmu_private;

	mutex_lock(&lanes->open);
	list_del(&context->list);
	mutex_unlock(&lanes->open);
	event->pmu_private = NULL;
	kfree(context);
}

static int lane_event_init(struct perf_event *event)
{
	struct lanes *lanes;
	struct lane_context *context;

	if (event->attr.type != event->pmu->type)
		return -ENOENT;
	lanes = lanes_of(event);
	if (is_sampling_event(event) || event->cpu < 0)
		return -EOPNOTSUPP;
	if (event->attr.config >= lanes->lanes || event->attr.config1 || event->attr.config2)
		return -EINVAL;
	context = kzalloc(sizeof(*context), GFP_KERNEL);
	if (!context)
		return -ENOMEM;
	context->event = event;
	context->lane = event->attr.config;
	mutex_lock(&lanes->open);
	list_add_tail(&context->list, &lanes->contexts);
	mutex_unlock(&lanes->open);
	event->pmu_private = context;
	event->destroy = lane_event_destroy;
	event->hw.idx = context->lane;
	event->cpu = 0;
	return 0;
}

static void lane_read(struct perf_event *event)
{
	struct lane_context *context = event->pmu_private;
	u64 now = readq(lanes_of(event)->regs + LANE_COUNT(context->lane));

	local64_add(now - context->last, &event->count);
	context->last = now;
}

static void lane_start(struct perf_event *event, int flags)
{
	struct lane_context *context = event->pmu_private;

	writel(1, lanes_of(event)->regs + LANE_ON(context->lane));
	context->last = readq(lanes_of(event)->regs + LANE_COUNT(context->lane));
	event->hw.state = 0;
}

static void lane_stop(struct perf_event *event, int flags)
{
	if (event->hw.state & PERF_HES_STOPPED)
		return;
	lane_read(event);
	event->hw.state = PERF_HES_STOPPED | PERF_HES_UPTODATE;
}

static int lane_add(struct perf_event *event, int flags)
{
	event->hw.state = PERF_HES_STOPPED | PERF_HES_UPTODATE;
	if (flags & PERF_EF_START)
		lane_start(event, 0);
	return 0;
}

static void lane_del(struct perf_event *event, int flags)
{
	lane_stop(event, PERF_EF_UPDATE);
}

static void lanes_tick(struct timer_list *timer)
{
	struct lanes *lanes = from_timer(lanes, timer, timer);

	mod_timer(&lanes->timer, jiffies + HZ);
}

#define LANE(n) PMU_EVENT_ATTR_STRING(lane##n, lane_event_##n, "lane=" #n)
LANE(0);
LANE(1);
LANE(2);
LANE(3);
static struct attribute *lane_events[] = {
	&lane_event_0.attr.attr, &lane_event_1.attr.attr, &lane_event_2.attr.attr, &lane_event_3.attr.attr, NULL
};
static const struct attribute_group lane_events_group = { .name = "events", .attrs = lane_events };
PMU_FORMAT_ATTR(lane, "config:0-2");
static struct attribute *lane_format[] = { &format_attr_lane.attr, NULL };
static const struct attribute_group lane_format_group = { .name = "format", .attrs = lane_format };
static ssize_t identifier_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct pmu *pmu = dev_get_drvdata(dev);

	return sysfs_emit(buf, "lanes-%d\n", container_of(pmu, struct lanes, pmu)->id);
}
static DEVICE_ATTR_RO(identifier);
static struct attribute *lane_identifier[] = { &dev_attr_identifier.attr, NULL };
static umode_t lane_visible(struct kobject *kobj, struct attribute *attr, int n) { return attr->mode; }
static const struct attribute_group lane_identifier_group = { .attrs = lane_identifier, .is_visible = lane_visible };
static const struct attribute_group *lane_groups[] = { &lane_events_group, &lane_format_group, &lane_identifier_group, NULL };

static int lanes_probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;
	struct lanes *lanes;
	int ret;

	lanes = devm_kzalloc(dev, sizeof(*lanes), GFP_KERNEL);
	if (!lanes)
		return -ENOMEM;
	lanes->dev = dev;
	lanes->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(lanes->regs))
		return PTR_ERR(lanes->regs);
	lanes->clk = devm_clk_get_enabled(dev, "pmu");
	if (IS_ERR(lanes->clk))
		return dev_err_probe(dev, PTR_ERR(lanes->clk), "no clock\n");
	lanes->lanes = LANES;
	if (device_property_read_u32(dev, "hartproof,lanes", &lanes->lanes) == 0)
		lanes->lanes = clamp(lanes->lanes, 4U, (u32)LANES);
	mutex_init(&lanes->open);
	INIT_LIST_HEAD(&lanes->contexts);
	timer_setup(&lanes->timer, lanes_tick, 0);
	lanes->id = ida_alloc(&lanes_ida, GFP_KERNEL);
	if (lanes->id < 0)
		return lanes->id;
	platform_set_drvdata(pdev, lanes);
	lanes->pmu.module = THIS_MODULE;
	lanes->pmu.task_ctx_nr = perf_invalid_context;
	lanes->pmu.capabilities = PERF_PMU_CAP_NO_EXCLUDE | PERF_PMU_CAP_NO_INTERRUPT;
	lanes->pmu.attr_groups = lane_groups;
	lanes->pmu.event_init = lane_event_init;
	lanes->pmu.add = lane_add;
	lanes->pmu.del = lane_del;
	lanes->pmu.start = lane_start;
	lanes->pmu.stop = lane_stop;
	lanes->pmu.read = lane_read;
	ret = perf_pmu_register(&lanes->pmu, devm_kasprintf(dev, GFP_KERNEL, "lanes%d", lanes->id), -1);
	if (ret) {
		ida_free(&lanes_ida, lanes->id);
		return ret;
	}
	mutex_lock(&lanes_all_lock);
	list_add(&lanes->list, &lanes_all);
	mutex_unlock(&lanes_all_lock);
	mod_timer(&lanes->timer, jiffies + HZ);
	return 0;
}

static void lanes_shutdown(struct platform_device *pdev)
{
	struct lanes *lanes = platform_get_drvdata(pdev);

	timer_delete_sync(&lanes->timer);
}

static const struct of_device_id lanes_of_match[] = { { .compatible = "hartproof,lanes" }, {} };
static struct platform_driver lanes_driver = {
	.driver = { .name = "lanes", .of_match_table = lanes_of_match, .suppress_bind_attrs = true },
	.probe = lanes_probe,
	.shutdown = lanes_shutdown,
};
builtin_platform_driver(lanes_driver);
MODULE_LICENSE("GPL");
