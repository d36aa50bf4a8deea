/* SPDX-License-Identifier: MIT */
/* The device tree: a node of each device, compatible with what a driver wants. */
#include "hp.h"

#undef of_fwnode_ops
const struct fwnode_operations of_fwnode_ops;
static struct device_node nodes[2] = { { .name = "pmu", .full_name = "pmu@10000000" }, { .name = "pmu", .full_name = "pmu@20000000" } };

const struct of_device_id *of_match_node(const struct of_device_id *table, const struct device_node *node)
{
	for (; table && (table->compatible[0] || table->name[0]); table++)
		if (hp_match.name && strcmp(table->compatible, hp_match.name) == 0)
			return table;
	return NULL;
}
const struct of_device_id *of_match_device(const struct of_device_id *table, const struct device *device)
{
	return device->of_node ? of_match_node(table, device->of_node) : NULL;
}
const void *of_device_get_match_data(const struct device *device) { return hp_match.data; }
int of_device_is_compatible(const struct device_node *node, const char *compatible)
{
	return node >= nodes && node < nodes + 2 && hp_match.name && strcmp(compatible, hp_match.name) == 0 ? 1 : 0;
}
bool of_device_is_available(const struct device_node *node) { return true; }
struct device_node *hp_of_next_child(const struct device_node *node, struct device_node *previous) NAMED(of_get_next_child);
struct device_node *hp_of_next_child(const struct device_node *node, struct device_node *previous) { return NULL; }
struct device_node *hp_of_next_available(const struct device_node *node, struct device_node *previous) NAMED(of_get_next_available_child);
struct device_node *hp_of_next_available(const struct device_node *node, struct device_node *previous) { return NULL; }
int of_phandle_iterator_init(struct of_phandle_iterator *it, const struct device_node *node, const char *list, const char *cells_name, int count) { return -ENOENT; }
int of_phandle_iterator_next(struct of_phandle_iterator *it) { return -ENOENT; }
struct device_node *of_get_cpu_node(int cpu, unsigned int *thread) { return NULL; }
struct device_node *of_get_next_cpu_node(struct device_node *previous) { return NULL; }
struct device_node *hp_of_find_node(struct device_node *from, const char *name) NAMED(of_find_node_by_name);
struct device_node *hp_of_find_node(struct device_node *from, const char *name) { return NULL; }
struct device_node *hp_of_find_compatible(struct device_node *from, const char *type, const char *compatible) NAMED(of_find_compatible_node);
struct device_node *hp_of_find_compatible(struct device_node *from, const char *type, const char *compatible) { return NULL; }
int of_alias_get_id(struct device_node *node, const char *stem) { return -ENODEV; }
static int is_second_node(const struct device_node *node) { return node == &nodes[1]; }
static int line_of(const struct device_node *node, int index) { return FIRST_LINE + SECOND_LINE * is_second_node(node) + index; }
static int of_irq(const struct device_node *node, int index, const char *what, const void *from)
{
	if (hp_defers(what, from))
		return -EPROBE_DEFER;
	return hp_fails(what, from) ? -EINVAL : line_of(node, index);
}
int of_irq_get(struct device_node *node, int index) { return of_irq(node, index, "of_irq_get", HERE); }
int of_irq_get_byname(struct device_node *node, const char *name) { return of_irq(node, 0, "of_irq_get_byname", HERE); }
int of_irq_count(struct device_node *node) { return 1; }
unsigned int irq_of_parse_and_map(struct device_node *node, int index) { return hp_fails("irq_of_parse_and_map", HERE) ? 0 : line_of(node, index); }
static u64 start_of(const struct device_node *node, int index) { return DEVICE_START + (u64)(index + SECOND_WINDOW * is_second_node(node)) * HP_WINDOW; }
static void __iomem *map_index(const struct device_node *node, int index) { return hp_map(start_of(node, index), DEVICE_BYTES); }
void __iomem *of_iomap(struct device_node *node, int index)
{
	void __iomem *at = hp_fails("of_iomap", HERE) ? NULL : map_index(node, index);

	if (at)
		hp_hold("a mapping", (const void *)at, HERE);
	return at;
}
void __iomem *devm_of_iomap(struct device *device, struct device_node *node, int index, resource_size_t *size)
{
	if (hp_fails("devm_of_iomap", HERE))
		return IOMEM_ERR_PTR(-ENOMEM);
	if (size)
		*size = DEVICE_BYTES;
	return map_index(node, index);
}
int of_address_to_resource(struct device_node *node, int index, struct resource *resource)
{
	if (index > 3 || hp_fails("of_address_to_resource", HERE))
		return -EINVAL;
	*resource = (struct resource){ .start = start_of(node, index), .flags = IORESOURCE_MEM, .name = "pmu" };
	resource->end = resource->start + DEVICE_BYTES - 1;
	return 0;
}

/* A device that lists CPUs lists all of them. */
static struct device_node cpu_nodes[CPUS];
int of_count_phandle_with_args(const struct device_node *node, const char *list, const char *cells)
{
	return strcmp(list, "cpus") == 0 ? CPUS : -ENOENT;
}
int __of_parse_phandle_with_args(const struct device_node *node, const char *list, const char *cells, int count, int index, struct of_phandle_args *result)
{
	if (strcmp(list, "cpus") != 0 || index < 0 || index >= CPUS)
		return -ENOENT;
	if (result)
		*result = (struct of_phandle_args){ .np = &cpu_nodes[index] };
	return 0;
}
int of_cpu_node_to_id(struct device_node *node) { return node >= cpu_nodes && node < cpu_nodes + CPUS ? node - cpu_nodes : 0; }
