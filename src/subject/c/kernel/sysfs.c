/* SPDX-License-Identifier: MIT */
/* What a PMU shows of itself: its groups of attributes. */
#include "hp.h"

ssize_t device_show_string(struct device *one, struct device_attribute *attribute, char *buffer)
{
	return sysfs_emit(buffer, "%s\n", (const char *)container_of(attribute, struct dev_ext_attribute, attr)->var);
}
ssize_t device_show_ulong(struct device *one, struct device_attribute *attribute, char *buffer)
{
	return sysfs_emit(buffer, "%lx\n", *(unsigned long *)container_of(attribute, struct dev_ext_attribute, attr)->var);
}
ssize_t device_show_int(struct device *one, struct device_attribute *attribute, char *buffer)
{
	return sysfs_emit(buffer, "%d\n", *(int *)container_of(attribute, struct dev_ext_attribute, attr)->var);
}
ssize_t perf_event_sysfs_show(struct device *one, struct device_attribute *attribute, char *buffer)
{
	struct perf_pmu_events_attr *event = container_of(attribute, struct perf_pmu_events_attr, attr);

	return event->event_str ? sprintf(buffer, "%s\n", event->event_str) : 0;
}
ssize_t perf_event_sysfs_show_named(struct device *one, struct device_attribute *attribute, char *buffer) { return perf_event_sysfs_show(one, attribute, buffer); }

static char shown[PAGE_SIZE + 1];
/* The function that has shown it. */
static const void *shown_by;

static void show(const struct attribute_group *group, struct attribute *attribute, int n, void (*line)(const char *))
{
	struct device_attribute *of_device = container_of(attribute, struct device_attribute, attr);
	static char text[1024];
	ssize_t length;

	if (group->is_visible && !group->is_visible(&hp_pmu->dev->kobj, attribute, n))
		return;
	if (!of_device->show)
		return;
	hp_enter(cpumask_first(&__cpu_online_mask), PROCESS);
	shown_by = of_device->show;
	length = of_device->show(hp_pmu->dev, of_device, shown);
	hp_leave(of_device->show);
	if (length < 0)
		return;
	shown[length > PAGE_SIZE ? PAGE_SIZE : length] = 0;
	if (strchr(shown, '\n'))
		*strchr(shown, '\n') = 0;
	scnprintf(text, sizeof(text), "a %s %s %s", group->name ? group->name : ".", attribute->name, shown);
	line(text);
}

static void show_groups(const struct attribute_group **groups, void (*line)(const char *))
{
	for (; groups && *groups; groups++)
		for (int n = 0; (*groups)->attrs && (*groups)->attrs[n]; n++)
			show(*groups, (*groups)->attrs[n], n, line);
}
/* Which CPUs a PMU says that its events are on, as a user reads it. */
static void if_cpumask(const char *line)
{
	const char *group = strchr(line + 2, ' '), *name = group ? group + 1 : "";

	if (strncmp(name, "cpumask ", 8) == 0)
		host_fact((const char *)shown_by + 1, "\"type\":\"cpumask\",\"cpus\":\"%s\"", name + 8);
}
static void tell_cpumask(void)
{
	if (hp_pmu)
		show_groups(hp_pmu->attr_groups, if_cpumask);
}
int hp_sysfs_create_group(struct kobject *kobject, const struct attribute_group *group) NAMED(sysfs_create_group);
int hp_sysfs_create_group(struct kobject *kobject, const struct attribute_group *group) { return 0; }
void hp_sysfs_remove_group(struct kobject *kobject, const struct attribute_group *group) NAMED(sysfs_remove_group);
void hp_sysfs_remove_group(struct kobject *kobject, const struct attribute_group *group) {}
