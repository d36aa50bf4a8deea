/* SPDX-License-Identifier: MIT */
/* init.h, platform_device.h, of.h: how a driver is started. Device trees are empty: nothing matches, nothing is found. */
#ifndef HARTPROOF_BINDING_H
#define HARTPROOF_BINDING_H

#include "initcall.h"

static inline void *dev_get_drvdata(const struct device *device) { return device->driver_data; }
static inline void dev_set_drvdata(struct device *device, void *data) { device->driver_data = data; }
#define dev_name(device) ((void)(device), "device")
#define platform_get_drvdata(pdev) dev_get_drvdata(&(pdev)->dev)
#define platform_set_drvdata(pdev, data) dev_set_drvdata(&(pdev)->dev, data)
#define to_platform_device(device) container_of(device, struct platform_device, dev)
#define platform_get_irq(pdev, number) ((void)(pdev), (void)(number), -ENXIO)
#define platform_get_irq_optional(pdev, number) platform_get_irq(pdev, number)

/* One device, whose node is of the first kind that the driver knows. */
static inline int platform_driver_register(struct platform_driver *driver)
{
	static struct platform_device device;
	static struct device_node node;
	const struct of_device_id *table = driver->driver.of_match_table;

	node.name = "pmu";
	node.compatible = table ? table->compatible : NULL;
	device.name = driver->driver.name;
	device.dev.of_node = &node;
	device.dev.driver = &driver->driver;
	return driver->probe(&device);
}
#define platform_driver_unregister(driver) ((void)(driver))
#define platform_driver_probe(driver, probe_) ((driver)->probe = (probe_), platform_driver_register(driver))
static inline struct platform_device *platform_device_register_simple(const char *name, int id, const void *resources,
								       unsigned count)
{
	static struct platform_device device;

	(void)id, (void)resources, (void)count;
	device.name = name;
	return &device;
}
#define platform_device_unregister(device) ((void)(device))
#define builtin_platform_driver(driver)                                                                               \
	static int driver##_register(void) { return platform_driver_register(&driver); }                              \
	device_initcall(driver##_register)
#define module_platform_driver(driver) builtin_platform_driver(driver)
#define builtin_platform_driver_probe(driver, probe_)                                                                 \
	static int driver##_register(void) { return platform_driver_probe(&driver, probe_); }                         \
	device_initcall(driver##_register)
#define module_platform_driver_probe(driver, probe_) builtin_platform_driver_probe(driver, probe_)
#define builtin_driver(driver, registers, ...)                                                                        \
	static int driver##_register(void) { return registers(&(driver), ##__VA_ARGS__); }                            \
	device_initcall(driver##_register)
#define module_driver(driver, registers, unregisters, ...) builtin_driver(driver, registers, ##__VA_ARGS__)

#define of_match_ptr(table) (table)
static inline const struct of_device_id *of_match_node(const struct of_device_id *ids, const struct device_node *node)
{
	for (; ids && node && node->compatible && ids->compatible[0]; ids++)
		if (strcmp(ids->compatible, node->compatible) == 0)
			return ids;
	return NULL;
}
#define of_match_device(ids, device) of_match_node(ids, (device)->of_node)
static inline const void *of_device_get_match_data(const struct device *device)
{
	const struct device_driver *driver = device->driver;
	const struct of_device_id *id = driver ? of_match_node(driver->of_match_table, device->of_node) : NULL;

	return id ? id->data : NULL;
}
#define device_get_match_data(device) of_device_get_match_data(device)
#define of_device_is_compatible(node, name) ((node)->compatible && strcmp((node)->compatible, name) == 0)
#define of_find_node_by_type(from, type) ((void)(from), (void)(type), (struct device_node *)NULL)
#define of_find_node_by_name(from, name) of_find_node_by_type(from, name)
#define of_find_node_by_path(path) of_find_node_by_type(NULL, path)
#define of_find_compatible_node(from, type, name) ((void)(type), of_find_node_by_type(from, name))
#define of_find_matching_node(from, ids) ((void)(ids), of_find_node_by_type(from, NULL))
#define of_find_matching_node_and_match(from, ids, match) ((void)(match), of_find_matching_node(from, ids))
#define of_get_cpu_node(cpu, thread) ((void)(cpu), (void)(thread), (struct device_node *)NULL)
#define of_get_next_child(node, child) ((void)(node), (void)(child), (struct device_node *)NULL)
#define of_get_child_by_name(node, name) of_get_next_child(node, name)
#define of_get_property(node, name, length) ((void)(node), (void)(name), (void)(length), (const void *)NULL)
#define of_property_read_bool(node, name) ((void)(node), (void)(name), false)
#define of_property_present(node, name) of_property_read_bool(node, name)
#define of_property_read_u32(node, name, out) ((void)(node), (void)(name), (void)(out), -EINVAL)
#define of_property_read_u64(node, name, out) of_property_read_u32(node, name, out)
#define of_property_read_u32_array(node, name, out, count) ((void)(count), of_property_read_u32(node, name, out))
#define of_property_read_u32_index(node, name, index, out) ((void)(index), of_property_read_u32(node, name, out))
#define of_property_read_string(node, name, out) of_property_read_u32(node, name, out)
#define of_property_count_u32_elems(node, name) ((void)(node), (void)(name), -EINVAL)
#define of_property_count_elems_of_size(node, name, size) ((void)(size), of_property_count_u32_elems(node, name))
#define of_irq_get(node, index) ((void)(node), (void)(index), -EINVAL)
#define irq_of_parse_and_map(node, index) ((void)(node), (void)(index), 0)
#define of_node_get(node) (node)
#define of_node_put(node) ((void)(node))

#endif
