/* SPDX-License-Identifier: MIT */
/* arm64's system registers: one that has a name alone gets a number made of it. */
#include "hp.h"

static unsigned long sysreg_of(const char *name, unsigned long number)
{
	unsigned int hash = 2166136261u;

	if (!name)
		return number * 8;
	for (; *name; name++)
		hash = (hash ^ (unsigned char)*name) * 16777619u;
	return (1UL << 32 | hash) * 8;
}
u64 hp_sysreg_read(const char *name, unsigned long number) { return hp_device_read(SYSREG, sysreg_of(name, number), 8, HERE); }
void hp_sysreg_write(u64 value, const char *name, unsigned long number) { hp_device_write(SYSREG, sysreg_of(name, number), 8, value, HERE); }
