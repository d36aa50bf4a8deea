/* SPDX-License-Identifier: MIT */
/* Every access of a driver to its hardware: a fact of the step, answered by what is described, else by memory that remembers. */
#include "hp.h"
#include "device.h"

/* Whether the description speaks of a register; another one is memory where it says that there are others. */
static bool is_told(enum hp_bus bus, unsigned long address, int width)
{
	return table.is_described && (!table.has_others || is_register(bus, address, width));
}

static u64 device_value(enum hp_bus bus, unsigned long address, int width)
{
	return is_told(bus, address, width) ? described_read(bus, address, width) : hp_remembered(bus, address, width);
}

/* A register that the device does not have is none of memory: what it answers is nothing. */
static void needs_register(enum hp_bus bus, unsigned long address, int width, const char *access, const void *at)
{
	if (table.is_described && !table.has_others && !is_register(bus, address, width))
		host_fact(at, "\"type\":\"no register\",\"access\":\"%s\",\"bus\":\"%s\",\"address\":%lu", access, BUSES[bus], address);
}

u64 hp_device_read(enum hp_bus bus, unsigned long address, int width, const void *at)
{
	u64 value;
	int counter = table.is_described ? counter_at(bus, address) : NO_COUNTER;
	bool guess;

	hp_point(at, "a register");
	value = device_value(bus, address, width);
	/* Nobody wrote it, and nobody described it: hardware might answer anything. */
	guess = !is_told(bus, address, width) && !cell_at((u64)bus << 56 | (address & ~3UL), false);
	needs_register(bus, address, width, "reads", at);
	host_fact(at, "\"type\":\"%s\",\"hart\":%d,\"bus\":\"%s\",\"address\":%lu,\"width\":%d,\"value\":\"%llx\",\"counter\":%d", guess ? "guess" : "read",
		  hp_cpu, BUSES[bus], address, width, value, counter);
	return value;
}

void hp_device_write(enum hp_bus bus, unsigned long address, int width, u64 value, const void *at)
{
	struct held before;
	bool known;
	u64 old;

	hp_point(at, "a register");
	before = held_now();
	known = is_told(bus, address, width) || cell_at((u64)bus << 56 | (address & ~3UL), false);
	old = known ? device_value(bus, address, width) : 0;
	needs_register(bus, address, width, "writes", at);
	if (is_told(bus, address, width))
		described_write(bus, address, width, value);
	else
		hp_remember(bus, address, width, value);
	host_fact(at, "\"type\":\"write\",\"hart\":%d,\"bus\":\"%s\",\"address\":%lu,\"width\":%d,\"value\":\"%llx\",\"changes\":%s,\"stops\":\"%llx\"",
		  hp_cpu, BUSES[bus], address, width, value, !known || device_value(bus, address, width) != old ? "true" : "false", stopped_since(before));
}
