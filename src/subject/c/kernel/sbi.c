/* SPDX-License-Identifier: MIT */
/* The PMU extension of RISC-V's firmware, over the counters of a description: see machines/hardware/sbi.ts. */
#include "hp.h"
#include "device.h"
#include <asm/sbi.h>

/* Of SBI 2.0, which older trees do not know. */
enum { FW_READ_HI = 6, SNAPSHOT_SET_SHMEM = 7, START_SNAPSHOT = 2, START_BOTH = 3, STOP_SNAPSHOT = 2, ERR_NO_SHMEM = -9 };

/* The next counter of firmware from `at` on that the base and mask of a call choose; NULL at the end. */
static const struct counter *chosen(int *at, const unsigned long *a)
{
	while (*at < table.counters) {
		const struct counter *counter = &table.counter[(*at)++];
		unsigned long from = counter->number - a[0];

		if (counter->runs.bits && counter->number >= (long)a[0] && from < BITS_PER_LONG && a[1] >> from & 1)
			return counter;
	}
	return NULL;
}

/* Whether each counter that a call names is there. */
static bool all_there(const unsigned long *a)
{
	unsigned long there = 0;

	for (int i = 0; i < table.counters; i++)
		if (table.counter[i].runs.bits && table.counter[i].number >= (long)a[0] && table.counter[i].number - a[0] < BITS_PER_LONG)
			there |= 1UL << (table.counter[i].number - a[0]);
	return !(a[1] & ~there);
}

static unsigned long type_of(unsigned long event) { return event >> 16 & 0xf; }
static bool is_known(unsigned long event)
{
	unsigned long type = type_of(event), code = event & 0xffff;

	return (type == SBI_PMU_EVENT_TYPE_HW && code >= SBI_PMU_HW_CPU_CYCLES && code <= SBI_PMU_HW_REF_CPU_CYCLES) ||
	       type == SBI_PMU_EVENT_TYPE_CACHE || type == SBI_PMU_EVENT_TYPE_RAW ||
	       (type == SBI_PMU_EVENT_TYPE_FW && code < SBI_PMU_FW_MAX);
}

/* A counter that lies in firmware, and in no register of the hart. */
static bool is_firmwares(const struct counter *counter) { return counter->value.place >> 56 == FIRMWARE; }

/* Where firmware keeps the address of the memory that the hart shares with it: a register of the description. */
#define SHARED ((struct bits){ .place = (u64)FIRMWARE << 56 | 9 * 8, .bits = 64 })
static bool has_snapshots(void) { return word_at(SHARED.place) != NULL; }
/* The status of each counter, and then its value, by its number above the base of a call; NULL: nothing is shared. */
static u64 *shared(void) { return has_snapshots() ? (u64 *)(unsigned long)hp_field(SHARED) : NULL; }

static long share(const unsigned long *a)
{
	bool none = a[0] == -1UL && a[1] == -1UL;

	if (a[2] || (!none && (a[0] & (PAGE_SIZE - 1))))
		return SBI_ERR_INVALID_PARAM;
	if (!none && (a[1] || !is_heap((void *)a[0], PAGE_SIZE)))
		return SBI_ERR_INVALID_ADDRESS;
	hp_set_field(SHARED, none ? 0 : a[0]);
	return 0;
}

static long match_counter(const unsigned long *a, unsigned long *value)
{
	unsigned long flags = a[2], event = a[3];
	const struct counter *counter;
	int at = 0;

	if (!all_there(a))
		return SBI_ERR_INVALID_PARAM;
	while (is_known(event) && (counter = chosen(&at, a))) {
		if (is_firmwares(counter) != (type_of(event) == SBI_PMU_EVENT_TYPE_FW) || (counter->only >= 0 && counter->only != event))
			continue;
		if (!(flags & SBI_PMU_CFG_FLAG_SKIP_MATCH) && hp_field(counter->taken))
			continue;
		hp_set_field(counter->taken, 1);
		hp_set_field(counter->select, event);
		if (flags & SBI_PMU_CFG_FLAG_CLEAR_VALUE)
			hp_set_value(counter, 0);
		if (flags & SBI_PMU_CFG_FLAG_AUTO_START)
			hp_set_field(counter->runs, 1);
		*value = counter->number;
		return 0;
	}
	return SBI_ERR_NOT_SUPPORTED;
}

/* What has 64 bits takes two arguments where a register has 32. */
static u64 wide(const unsigned long *a) { return BITS_PER_LONG == 32 ? a[0] | (u64)a[1] << 32 : a[0]; }

static long start_counters(const unsigned long *a)
{
	const struct counter *counter;
	long error = 0;
	int at = 0;

	if (!all_there(a) || (a[2] & START_BOTH) == START_BOTH)
		return SBI_ERR_INVALID_PARAM;
	if (a[2] & START_SNAPSHOT && !shared())
		return ERR_NO_SHMEM;
	while ((counter = chosen(&at, a))) {
		if (hp_field(counter->runs)) {
			error = SBI_ERR_ALREADY_STARTED;
			continue;
		}
		hp_set_field(counter->runs, 1);
		if (a[2] & SBI_PMU_START_FLAG_SET_INIT_VALUE)
			hp_set_value(counter, wide(&a[3]) & ones(counter->width));
		if (a[2] & START_SNAPSHOT)
			hp_set_value(counter, shared()[1 + counter->number - a[0]] & ones(counter->width));
		hp_set_field(counter->status, 0);
	}
	return error;
}

static long stop_counters(const unsigned long *a)
{
	const struct counter *counter;
	long error = 0;
	int at = 0;

	if (!all_there(a))
		return SBI_ERR_INVALID_PARAM;
	if (a[2] & STOP_SNAPSHOT) {
		if (!shared())
			return ERR_NO_SHMEM;
		shared()[0] = 0;
	}
	while ((counter = chosen(&at, a))) {
		if (!hp_field(counter->runs))
			error = SBI_ERR_ALREADY_STOPPED;
		hp_set_field(counter->runs, 0);
		if (a[2] & STOP_SNAPSHOT) {
			shared()[0] |= (u64)(hp_field(counter->status) != 0) << (counter->number - a[0]);
			shared()[1 + counter->number - a[0]] = hp_value(counter);
		}
		if (a[2] & SBI_PMU_STOP_FLAG_RESET)
			hp_set_field(counter->taken, 0);
	}
	return error;
}

static const struct counter *counter_numbered(unsigned long number)
{
	for (int i = 0; i < table.counters; i++)
		if (table.counter[i].runs.bits && table.counter[i].number == number)
			return &table.counter[i];
	return NULL;
}

static long info_of(unsigned long number, unsigned long *value)
{
	const struct counter *counter = counter_numbered(number);

	if (!counter)
		return SBI_ERR_INVALID_PARAM;
	*value = (unsigned long)(counter->width - 1) << 12;
	*value |= is_firmwares(counter) ? 1UL << (BITS_PER_LONG - 1) : (counter->value.place & ~(0xffULL << 56)) / 8;
	return 0;
}

/* The counter of firmware that a call reads, or NULL. */
static const struct counter *read_by(const struct hp_ecall *call)
{
	const struct counter *counter = NULL;

	if (call->extension == SBI_EXT_PMU && call->function == SBI_EXT_PMU_COUNTER_FW_READ && table.has_firmware)
		counter = counter_numbered(call->arguments[0]);
	return counter && is_firmwares(counter) ? counter : NULL;
}
int hp_counter_read_by(const struct hp_ecall *call)
{
	const struct counter *counter = read_by(call);

	return counter ? counter->number : NO_COUNTER;
}

/* The upper half of what a counter of firmware has, where a register has 32 bits. */
static long read_upper(unsigned long number, unsigned long *value)
{
	const struct counter *counter = counter_numbered(number);

	if (!counter || !is_firmwares(counter))
		return SBI_ERR_INVALID_PARAM;
	if (BITS_PER_LONG == 32)
		*value = hp_value(counter) >> 32;
	return 0;
}

bool hp_firmware(const struct hp_ecall *call, long *error, unsigned long *value)
{
	const unsigned long *a = call->arguments;

	if (call->extension != SBI_EXT_PMU || !table.has_firmware)
		return false;
	switch (call->function) {
	case SBI_EXT_PMU_NUM_COUNTERS:
		*value = table.counters ? table.counter[table.counters - 1].number + 1 : 0;
		return true;
	case SBI_EXT_PMU_COUNTER_GET_INFO:
		*error = info_of(a[0], value);
		return true;
	case SBI_EXT_PMU_COUNTER_CFG_MATCH:
		*error = match_counter(a, value);
		return true;
	case SBI_EXT_PMU_COUNTER_START:
		*error = start_counters(a);
		return true;
	case SBI_EXT_PMU_COUNTER_STOP:
		*error = stop_counters(a);
		return true;
	case SBI_EXT_PMU_COUNTER_FW_READ:
		*error = read_by(call) ? 0 : SBI_ERR_INVALID_PARAM;
		*value = *error ? 0 : hp_value(read_by(call));
		return true;
	case FW_READ_HI:
		if (!has_snapshots())
			return false;
		*error = read_upper(a[0], value);
		return true;
	case SNAPSHOT_SET_SHMEM:
		if (!has_snapshots())
			return false;
		*error = share(a);
		return true;
	}
	return false;
}
