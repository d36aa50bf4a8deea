/* SPDX-License-Identifier: MIT */
/* A second device of a kind beside the first, and what becomes of the one while the other comes and goes. */
#include "hp.h"

/* The numbers of what the first has taken, and the second. */
static struct { bool bound; u32 since, until; } second_device;

static bool is_own(u32 number, bool second)
{
	bool is_of_second = number > second_device.since && number <= second_device.until;

	return second ? is_of_second : number > bound_since && !is_of_second;
}
/* Tells what the one that has gone did not take, and is gone. */
static void tell_taken_from(const struct holding *before, bool second)
{
	for (int i = 0; i < HOLDINGS; i++) {
		bool is_held = false;

		if (!before[i].what || before[i].number == TAKEN_FOR_EVENTS || is_own(before[i].number, second))
			continue;
		for (int at = 0; at < HOLDINGS; at++)
			is_held |= holdings[at].what && holdings[at].key == before[i].key && strcmp(holdings[at].what, before[i].what) == 0;
		if (!is_held)
			host_fact(before[i].at, "\"type\":\"taken away\",\"what\":\"%s\"", before[i].what);
	}
}

/* A second device is probed. False where nothing is bound to a device that has a second one. */
static bool probe_second(void)
{
	u32 since = bound_since;

	if (!bound || bound_device != &devices[0] || second_device.bound)
		return false;
	second_device.bound = probe_one(&devices[1], bound) == 0;
	second_device.since = bound_since;
	second_device.until = taken;
	bound_since = since;
	bound_device = &devices[0];
	return true;
}

/* One of two is unbound, as sysfs lets a user do it. */
static bool unbind_one(bool second)
{
	static struct holding before[HOLDINGS];
	struct platform_driver *driver = bound;

	if (!second_device.bound || driver->driver.suppress_bind_attrs || !has_remove())
		return false;
	memcpy(before, holdings, sizeof(before));
	bound_device = &devices[second];
	hp_enter(0, PROCESS);
	unbind_platform();
	hp_leave(NULL);
	bound = driver;
	bound_device = &devices[!second];
	second_device.bound = false;
	tell_taken_from(before, second);
	return true;
}

enum { PROBE_SECOND, UNBIND_SECOND, UNBIND_FIRST };
static bool beside(long what) { return what == PROBE_SECOND ? probe_second() : unbind_one(what == UNBIND_SECOND); }
