/* SPDX-License-Identifier: MIT */
/*
 * The PMU extension of RISC-V's firmware (SBI 1.0), where no description takes its place: counters 0 (cycles) and 2 (instret) for
 * their own events, four more for any. It keeps what runs; nothing counts.
 */
#include "hp.h"
#include "device.h"
#include <asm/sbi.h>

enum { SBI_COUNTERS = 7, NO_TIME_COUNTER = 1 };
static struct { unsigned long configured, running; } firmware[CPUS];

static long match_counter(const unsigned long *a, unsigned long *value)
{
	unsigned long base = a[0], mask = a[1], flags = a[2], event = a[3];

	for (unsigned long n = base; n < SBI_COUNTERS && n - base < BITS_PER_LONG; n++) {
		bool own = event == SBI_PMU_HW_CPU_CYCLES ? n == 0 : event == SBI_PMU_HW_INSTRUCTIONS ? n == 2 : false;

		if (!(mask >> (n - base) & 1) || n == NO_TIME_COUNTER || ((n == 0 || n == 2) && !own))
			continue;
		if (!(flags & SBI_PMU_CFG_FLAG_SKIP_MATCH) && firmware[hp_cpu].configured >> n & 1)
			continue;
		firmware[hp_cpu].configured |= 1UL << n;
		if (flags & SBI_PMU_CFG_FLAG_AUTO_START)
			firmware[hp_cpu].running |= 1UL << n;
		*value = n;
		return 0;
	}
	return SBI_ERR_NOT_SUPPORTED;
}

/* Starts or stops each counter of a mask; an error where one is so already, as the specification lets firmware answer. */
static long turn(const unsigned long *a, bool on)
{
	long error = 0;

	for (unsigned long n = a[0]; n < SBI_COUNTERS && n - a[0] < BITS_PER_LONG; n++) {
		unsigned long bit = 1UL << n;

		if (!(a[1] >> (n - a[0]) & 1))
			continue;
		if (!!(firmware[hp_cpu].running & bit) == on)
			error = on ? SBI_ERR_ALREADY_STARTED : SBI_ERR_ALREADY_STOPPED;
		firmware[hp_cpu].running = on ? firmware[hp_cpu].running | bit : firmware[hp_cpu].running & ~bit;
		if (on && a[2] & SBI_PMU_START_FLAG_SET_INIT_VALUE)
			hp_remember(CSR, (0xc00 + n) * 8, 8, a[3]);
		if (!on && a[2] & SBI_PMU_STOP_FLAG_RESET)
			firmware[hp_cpu].configured &= ~bit;
	}
	return error;
}

static bool default_ecall(const struct hp_ecall *call, long *error, unsigned long *value)
{
	const unsigned long *a = call->arguments;

	if (call->extension != SBI_EXT_PMU)
		return false;
	switch (call->function) {
	case SBI_EXT_PMU_NUM_COUNTERS:
		*value = SBI_COUNTERS;
		return true;
	case SBI_EXT_PMU_COUNTER_GET_INFO:
		if (a[0] >= SBI_COUNTERS || a[0] == NO_TIME_COUNTER)
			*error = SBI_ERR_INVALID_PARAM;
		else
			*value = (0xc00 + a[0]) | 63UL << 12;
		return true;
	case SBI_EXT_PMU_COUNTER_CFG_MATCH:
		*error = match_counter(a, value);
		return true;
	case SBI_EXT_PMU_COUNTER_START:
		*error = turn(a, true);
		return true;
	case SBI_EXT_PMU_COUNTER_STOP:
		*error = turn(a, false);
		return true;
	}
	return false;
}
