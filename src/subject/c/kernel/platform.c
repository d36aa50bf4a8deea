/* SPDX-License-Identifier: MIT */
/* Platform devices: what a driver registers, and one device that fits it, or two of a kind. */
#include "hp.h"

struct hp_match hp_match;
enum { DRIVERS = 8 };
static struct platform_driver *drivers[DRIVERS];
static struct platform_device devices[2];
static struct resource resources_of_device[2][8];
static struct platform_driver *bound;
/* The device whose interrupts a probe has counted: their controller is there. */
static const struct platform_device *counted;
static struct platform_device *bound_device;
static char device_name_text[2][64];
/* Whether it is the second of two of a kind: its windows and lines are others. */
static int is_second(const struct device *one) { return one == &devices[1].dev; }
#undef platform_bus_type
#if SINCE(6, 8)
const struct bus_type platform_bus_type = { .name = "platform" };
#else
struct bus_type platform_bus_type = { .name = "platform" };
#endif

static void device_make(struct device *one, const char *name)
{
	char *text = device_name_text[is_second(one)];

	scnprintf(text, sizeof(device_name_text[0]), "%s%s", name, is_second(one) ? ".1" : "");
	one->kobj.name = text;
	INIT_LIST_HEAD(&one->devres_head);
}

/* A driver may look at what its device has, and not change it: the next probe reads it, too. */
static void tell_changed(const struct platform_device *pdev, const void *probe)
{
	for (int i = 0; pdev->resource == resources_of_device[0] && i < 4; i++)
		if (pdev->resource[i].start != DEVICE_START + i * HP_WINDOW)
			host_fact((const char *)probe + 1, "\"type\":\"changed\",\"what\":\"the start of a resource of the device\"");
}

static void describe_platform(struct platform_device *pdev)
{
	int second = is_second(&pdev->dev);
	struct resource *own = resources_of_device[second];

	for (int i = 0; i < 4; i++) {
		own[i] = (struct resource){ .start = DEVICE_START + (i + SECOND_WINDOW * second) * HP_WINDOW, .flags = IORESOURCE_MEM, .name = "pmu" };
		own[i].end = own[i].start + DEVICE_BYTES - 1;
	}
	pdev->resource = own;
	pdev->num_resources = 1;
}

/* Probes can nest in initcalls: what one of them took is told apart by number. */
static u32 bound_since;
static void start_binding(void)
{
	hp_enter(0, PROCESS);
	numbered = true;
	bound_since = taken;
}
static void end_binding(int error, const void *probe)
{
	if (error)
		tell_left(bound_since);
	counted = NULL;
	host_fact((const char *)probe + 1, "\"type\":\"probe\",\"answer\":%d", error);
	hp_leave(probe);
}

static int probe_platform(struct platform_driver *driver, struct platform_device *pdev)
{
	int error;

	pdev->dev.driver = &driver->driver;
	pdev->dev.bus = (struct bus_type *)&platform_bus_type;
	start_binding();
	error = driver->probe ? driver->probe(pdev) : 0;
	if (error) {
		hp_devres_release_all(&pdev->dev);
		pdev->dev.driver = NULL;
		tell_changed(pdev, driver->probe);
	} else {
		bound = driver;
		bound_device = pdev;
	}
	end_binding(error, driver->probe);
	return error;
}

int hp_register_platform_driver(struct platform_driver *driver, struct module *owner) NAMED(__platform_driver_register);
int hp_register_platform_driver(struct platform_driver *driver, struct module *owner)
{
	if (hp_fails("platform_driver_register", HERE))
		return -ENOMEM;
	for (int i = 0; i < DRIVERS; i++)
		if (!drivers[i]) {
			driver->driver.owner = owner;
			drivers[i] = driver;
			hp_hold("a registered driver", driver, HERE);
			return 0;
		}
	return -ENOSPC;
}
int hp_probe_platform_driver(struct platform_driver *driver, int (*probe)(struct platform_device *), struct module *owner) NAMED(__platform_driver_probe);
int hp_probe_platform_driver(struct platform_driver *driver, int (*probe)(struct platform_device *), struct module *owner)
{
	driver->probe = probe;
	return hp_register_platform_driver(driver, owner);
}
/* From 6.2 to 6.10 there were two of them. */
static void call_remove(void)
{
	if (bound->remove)
		bound->remove(bound_device);
#if SINCE(6, 2) && !SINCE(6, 11)
	else if (bound->remove_new)
		bound->remove_new(bound_device);
#endif
}
static bool has_remove(void)
{
#if SINCE(6, 2) && !SINCE(6, 11)
	return bound->remove || bound->remove_new;
#else
	return bound->remove;
#endif
}
static void unbind_platform(void)
{
	call_remove();
	hp_devres_release_all(&bound_device->dev);
	bound = NULL;
}

void platform_driver_unregister(struct platform_driver *driver)
{
	if (bound == driver)
		unbind_platform();
	for (int i = 0; i < DRIVERS; i++)
		if (drivers[i] == driver)
			drivers[i] = NULL;
	hp_let_go("a registered driver", driver);
}

/* A device that a driver makes itself, and binds to by name. */
struct platform_device *hp_register_device(const struct platform_device_info *info) NAMED(platform_device_register_full);
struct platform_device *hp_register_device(const struct platform_device_info *info)
{
	struct platform_device *pdev;
	void *data;

	if (hp_fails("platform_device_register", HERE))
		return ERR_PTR(-ENOMEM);
	pdev = hp_alloc(sizeof(*pdev));
	data = info->size_data ? hp_alloc(info->size_data) : NULL;

	pdev->name = info->name;
	pdev->id = info->id;
	pdev->dev.parent = info->parent;
	pdev->dev.kobj.name = info->name;
	INIT_LIST_HEAD(&pdev->dev.devres_head);
	if (data)
		memcpy(data, info->data, info->size_data);
	pdev->dev.platform_data = data;
	pdev->num_resources = info->num_res;
	pdev->resource = (struct resource *)info->res;
	for (int i = 0; i < DRIVERS; i++)
		if (drivers[i] && strcmp(drivers[i]->driver.name, info->name) == 0)
			probe_platform(drivers[i], pdev);
	return pdev;
}
void platform_device_unregister(struct platform_device *pdev) {}
void hp_put_device(struct device *one) NAMED(put_device);
void hp_put_device(struct device *one) {}
struct device *hp_get_device(struct device *one) NAMED(get_device);
struct device *hp_get_device(struct device *one) { return one; }

struct resource *platform_get_resource(struct platform_device *pdev, unsigned int type, unsigned int number)
{
	if (!(type & IORESOURCE_MEM) || number >= 4)
		return NULL;
	return &pdev->resource[number];
}
struct resource *platform_get_resource_byname(struct platform_device *pdev, unsigned int type, const char *name) { return platform_get_resource(pdev, type, 0); }
static void __iomem *map_resource(struct platform_device *pdev, unsigned int number, struct resource **result, const void *from)
{
	struct resource *resource = platform_get_resource(pdev, IORESOURCE_MEM, number);

	if (result)
		*result = resource;
	if (hp_fails("ioremap", from))
		return IOMEM_ERR_PTR(-ENOMEM);
	return resource ? hp_map(resource->start, resource_size(resource)) : IOMEM_ERR_PTR(-EINVAL);
}
void __iomem *devm_platform_get_and_ioremap_resource(struct platform_device *pdev, unsigned int number, struct resource **result) { return map_resource(pdev, number, result, HERE); }
void __iomem *devm_platform_ioremap_resource(struct platform_device *pdev, unsigned int number) { return map_resource(pdev, number, NULL, HERE); }
void __iomem *devm_platform_ioremap_resource_byname(struct platform_device *pdev, const char *name) { return map_resource(pdev, 0, NULL, HERE); }
static int get_irq(struct platform_device *pdev, unsigned int number, const char *what, const void *from)
{
	if (counted != pdev && hp_defers(what, from))
		return -EPROBE_DEFER;
	return hp_fails(what, from) ? -ENXIO : FIRST_LINE + SECOND_LINE * is_second(&pdev->dev) + number;
}
int platform_get_irq(struct platform_device *pdev, unsigned int number) { return get_irq(pdev, number, "platform_get_irq", HERE); }
int platform_get_irq_optional(struct platform_device *pdev, unsigned int number) { return get_irq(pdev, number, "platform_get_irq_optional", HERE); }
int platform_get_irq_byname(struct platform_device *pdev, const char *name) { return get_irq(pdev, 0, "platform_get_irq_byname", HERE); }
int platform_get_irq_byname_optional(struct platform_device *pdev, const char *name) { return get_irq(pdev, 0, "platform_get_irq_byname_optional", HERE); }
int platform_irq_count(struct platform_device *pdev)
{
	if (hp_defers("platform_irq_count", HERE))
		return -EPROBE_DEFER;
	counted = pdev;
	return 1;
}
const struct platform_device_id *hp_platform_id(const struct platform_device *pdev);
int hp_dev_set_name(struct device *one, const char *format, ...) NAMED(dev_set_name);
int hp_dev_set_name(struct device *one, const char *format, ...)
{
	char buffer[128];
	va_list arguments;

	va_start(arguments, format);
	hp_vscnprintf(buffer, sizeof(buffer), format, arguments);
	va_end(arguments);
	one->kobj.name = hp_strdup(buffer);
	return 0;
}
struct device *hp_find_device(struct device_driver *driver, struct device *from, const void *data, void *match) NAMED(driver_find_device);
struct device *hp_find_device(struct device_driver *driver, struct device *from, const void *data, void *match) { return NULL; }
int hp_attach(const struct device_driver *driver) NAMED(driver_attach);
int hp_attach(const struct device_driver *driver) { return 0; }
void device_release_driver(struct device *one) {}
const char *dev_driver_string(const struct device *one) { return one->driver ? one->driver->name : ""; }

/* The n-th match of the drivers' tables, in the order of registration. False if there are not so many. */
static bool match_of(int number, struct hp_match *match, struct platform_driver **driver)
{
	for (int i = 0; i < DRIVERS; i++) {
		const struct device_driver *core;
		bool any = false;

		if (!drivers[i])
			continue;
		core = &drivers[i]->driver;
		*driver = drivers[i];
		for (const struct of_device_id *id = core->of_match_table; id && id->compatible[0]; id++, any = true)
			if (number-- == 0) {
				*match = (struct hp_match){ id->compatible, id->data, MATCH_OF };
				return true;
			}
		for (const struct acpi_device_id *id = core->acpi_match_table; id && id->id[0]; id++, any = true)
			if (number-- == 0) {
				*match = (struct hp_match){ (const char *)id->id, (const void *)id->driver_data, MATCH_ACPI };
				return true;
			}
		for (const struct platform_device_id *id = drivers[i]->id_table; id && id->name[0]; id++, any = true)
			if (number-- == 0) {
				*match = (struct hp_match){ id->name, id, MATCH_PLATFORM };
				return true;
			}
		if (!any && number-- == 0) {
			*match = (struct hp_match){ core->name, NULL, MATCH_ANY };
			return true;
		}
	}
	return false;
}

static int probe_one(struct platform_device *pdev, struct platform_driver *driver)
{
	int second = pdev == &devices[1];

	device_make(&pdev->dev, hp_match.name);
	pdev->name = hp_match.name;
	pdev->id = PLATFORM_DEVID_NONE;
	describe_platform(pdev);
	acpi_disabled = hp_match.kind == MATCH_OF;
	if (hp_match.kind == MATCH_OF) {
		pdev->dev.of_node = &nodes[second];
		nodes[second].fwnode.ops = &of_fwnode_ops;
		pdev->dev.fwnode = &nodes[second].fwnode;
	} else if (hp_match.kind == MATCH_ACPI) {
		struct acpi_device *own = &acpi[second];

		own->fwnode.ops = &acpi_device_fwnode_ops;
		own->pnp.unique_id = second ? "1" : "0";
		own->dev.parent = &own->dev;
		strscpy(own->pnp.bus_id, second ? "PMU1" : "PMU0", sizeof(own->pnp.bus_id));
		pdev->dev.fwnode = &own->fwnode;
	} else if (hp_match.kind == MATCH_PLATFORM) {
		pdev->id_entry = second ? devices[0].id_entry : hp_match.data;
		hp_match.data = (const void *)pdev->id_entry->driver_data;
	}
	return probe_platform(driver, pdev);
}
static int probe_matched(const struct hp_match *match, struct platform_driver *driver)
{
	hp_match = *match;
	return probe_one(&devices[0], driver);
}
static bool may_unbind(void) { return has_remove() || !bound->driver.suppress_bind_attrs; }
