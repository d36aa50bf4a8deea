/* SPDX-License-Identifier: MIT */
/*
 * What firmware says of a device. A property that nobody described is not there; where a probe fails for it, it is tried
 * once more with properties that are (see `generous` in commands.c), and what was then assumed is told.
 */
#include "hp.h"

static bool generous, zero;

static u64 assumed(const char *name)
{
	u64 value = zero ? 0 : strstr(name, "size") ? 4096 : 1;

	host_fact(NULL, "\"type\":\"assumed\",\"property\":\"%s\",\"value\":%llu", name, value);
	return value;
}
static int read_u32(const char *name, u32 *values, size_t count)
{
	if (!generous)
		return -EINVAL;
	if (!values)
		return 1;
	for (size_t i = 0; i < count; i++)
		values[i] = assumed(name);
	return 0;
}
int hp_device_property_read_u32_array(const struct device *device, const char *name, u32 *values, size_t count) NAMED(device_property_read_u32_array);
int hp_device_property_read_u32_array(const struct device *device, const char *name, u32 *values, size_t count) { return read_u32(name, values, count); }
int fwnode_property_read_u32_array(const struct fwnode_handle *node, const char *name, u32 *values, size_t count) { return read_u32(name, values, count); }
int of_property_read_variable_u32_array(const struct device_node *node, const char *name, u32 *values, size_t least, size_t most)
{
	int error = read_u32(name, values, least);

	return error ? error : most ? (int)least : 0;
}
int of_property_read_u32_index(const struct device_node *node, const char *name, u32 index, u32 *value) { return read_u32(name, value, 1); }
int hp_device_property_read_u64_array(const struct device *device, const char *name, u64 *values, size_t count) NAMED(device_property_read_u64_array);
int hp_device_property_read_u64_array(const struct device *device, const char *name, u64 *values, size_t count)
{
	for (size_t i = 0; generous && i < count; i++)
		values[i] = assumed(name);
	return generous ? 0 : -EINVAL;
}
int of_property_read_u64(const struct device_node *node, const char *name, u64 *value)
{
	if (generous)
		*value = assumed(name);
	return generous ? 0 : -EINVAL;
}
bool hp_device_property_present(const struct device *device, const char *name) NAMED(device_property_present);
bool hp_device_property_present(const struct device *device, const char *name) { return false; }
int hp_device_property_read_string(const struct device *device, const char *name, const char **text) NAMED(device_property_read_string);
int hp_device_property_read_string(const struct device *device, const char *name, const char **text) { return -EINVAL; }
int of_property_read_string(const struct device_node *node, const char *name, const char **text) { return -EINVAL; }
struct property *of_find_property(const struct device_node *node, const char *name, int *length) { return NULL; }
const void *of_get_property(const struct device_node *node, const char *name, int *length) { return NULL; }
bool hp_of_property_read_bool(const struct device_node *node, const char *name) NAMED(of_property_read_bool);
bool hp_of_property_read_bool(const struct device_node *node, const char *name) { return false; }
const void *hp_match_data(const struct device *device) NAMED(device_get_match_data);
const void *hp_match_data(const struct device *device) { return hp_match.data; }
struct fwnode_handle *hp_dev_fwnode(const struct device *device) NAMED(__dev_fwnode);
struct fwnode_handle *hp_dev_fwnode(const struct device *device) { return device->fwnode; }
const struct fwnode_handle *hp_dev_fwnode_const(const struct device *device) NAMED(__dev_fwnode_const);
const struct fwnode_handle *hp_dev_fwnode_const(const struct device *device) { return device->fwnode; }
