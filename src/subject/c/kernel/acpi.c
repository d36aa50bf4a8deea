/* SPDX-License-Identifier: MIT */
/* ACPI: one device, of the identifier that a driver wants. */
#include "hp.h"

int acpi_disabled = 1;
#undef acpi_device_fwnode_ops
const struct fwnode_operations acpi_device_fwnode_ops;
static struct acpi_device acpi[2];

bool is_acpi_device_node(const struct fwnode_handle *node) { return node == &acpi[0].fwnode || node == &acpi[1].fwnode; }
bool is_acpi_data_node(const struct fwnode_handle *node) { return false; }
const struct acpi_device_id *hp_acpi_match(const struct acpi_device_id *ids, const struct acpi_device *device) NAMED(acpi_match_acpi_device);
const struct acpi_device_id *hp_acpi_match(const struct acpi_device_id *ids, const struct acpi_device *device)
{
	for (; ids && (ids->id[0] || ids->cls); ids++)
		if (hp_match.name && strcmp((const char *)ids->id, hp_match.name) == 0)
			return ids;
	return NULL;
}
const struct acpi_device_id *acpi_match_device(const struct acpi_device_id *ids, const struct device *device) { return hp_acpi_match(ids, acpi); }
const void *acpi_device_get_match_data(const struct device *device) { return hp_match.data; }
int acpi_match_device_ids(struct acpi_device *device, const struct acpi_device_id *ids) { return hp_acpi_match(ids, device) ? 0 : -ENOENT; }
int acpi_bus_get_status(struct acpi_device *device) { *(u32 *)&device->status = 0xf; return 0; }
struct acpi_device *acpi_fetch_acpi_dev(acpi_handle handle) { return acpi; }
acpi_status acpi_evaluate_integer(acpi_handle handle, acpi_string path, struct acpi_object_list *arguments, unsigned long long *value)
{
	*value = 0;
	return AE_OK;
}
acpi_status acpi_walk_namespace(acpi_object_type type, acpi_handle start, u32 depth, acpi_walk_callback down, acpi_walk_callback up, void *context, void **result)
{
	/* No devices below. */
	return AE_OK;
}
int acpi_dev_get_property(const struct acpi_device *device, const char *name, acpi_object_type type, const union acpi_object **result) { return -EINVAL; }
int acpi_dev_get_resources(struct acpi_device *device, struct list_head *list, int (*each)(struct acpi_resource *, void *), void *data)
{
	INIT_LIST_HEAD(list);
	return 0;
}
void acpi_dev_free_resource_list(struct list_head *list) {}
acpi_status acpi_get_table(char *signature, u32 instance, struct acpi_table_header **table) { return AE_NOT_FOUND; }
void acpi_put_table(struct acpi_table_header *table) {}
