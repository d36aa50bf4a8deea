/* SPDX-License-Identifier: MIT */
#include "hp.h"

static struct notifier_block *cpu_pm[8];

int cpu_pm_register_notifier(struct notifier_block *block)
{
	if (hp_fails("cpu_pm_register_notifier", HERE))
		return -ENOMEM;
	for (int i = 0; i < 8; i++)
		if (!cpu_pm[i]) {
			cpu_pm[i] = block;
			hp_hold("a CPU_PM notifier", block, HERE);
			return 0;
		}
	return -ENOSPC;
}
int cpu_pm_unregister_notifier(struct notifier_block *block)
{
	for (int i = 0; i < 8; i++)
		if (cpu_pm[i] == block)
			cpu_pm[i] = NULL;
	hp_let_go("a CPU_PM notifier", block);
	return 0;
}
int hp_bus_register_notifier(const struct bus_type *bus, struct notifier_block *block) NAMED(bus_register_notifier);
int hp_bus_register_notifier(const struct bus_type *bus, struct notifier_block *block) { return 0; }
int hp_bus_unregister_notifier(const struct bus_type *bus, struct notifier_block *block) NAMED(bus_unregister_notifier);
int hp_bus_unregister_notifier(const struct bus_type *bus, struct notifier_block *block) { return 0; }
int register_reboot_notifier(struct notifier_block *block) { return 0; }
int unregister_reboot_notifier(struct notifier_block *block) { return 0; }
