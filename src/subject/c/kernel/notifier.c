/* SPDX-License-Identifier: MIT */
/* Who is told when a CPU sleeps so deeply that it loses its registers, and of a bus or a reboot. */
#include "hp.h"

enum { NOTIFIERS = 8 };
/* In the order in which they are called: the highest priority first, equal ones as they came. */
static struct notifier_block *cpu_pm[NOTIFIERS];
/* The CPUs that sleep, as bits. */
static unsigned long asleep;

int cpu_pm_register_notifier(struct notifier_block *block)
{
	int at = 0;

	if (hp_fails("cpu_pm_register_notifier", HERE))
		return -ENOMEM;
	if (cpu_pm[NOTIFIERS - 1])
		host_unknown("more than 8 CPU_PM notifiers");
	while (cpu_pm[at] && cpu_pm[at]->priority >= block->priority)
		at++;
	memmove(&cpu_pm[at + 1], &cpu_pm[at], (NOTIFIERS - 1 - at) * sizeof(*cpu_pm));
	cpu_pm[at] = block;
	hp_hold("a CPU_PM notifier", block, HERE);
	return 0;
}
int cpu_pm_unregister_notifier(struct notifier_block *block)
{
	for (int i = 0; i < NOTIFIERS; i++)
		if (cpu_pm[i] == block) {
			memmove(&cpu_pm[i], &cpu_pm[i + 1], (NOTIFIERS - 1 - i) * sizeof(*cpu_pm));
			cpu_pm[NOTIFIERS - 1] = NULL;
		}
	hp_let_go("a CPU_PM notifier", block);
	return 0;
}

/* Tells the first of them, with interrupts off on that CPU. Returns how many have let it go on. */
static int tell_power(int cpu, unsigned long what, int most)
{
	int told = 0;

	for (; told < most && cpu_pm[told]; told++) {
		int answer;

		hp_enter(cpu, INTERRUPT);
		answer = cpu_pm[told]->notifier_call(cpu_pm[told], what, NULL);
		host_fact((const char *)cpu_pm[told]->notifier_call + 1, "\"type\":\"told\",\"answer\":%d", answer);
		hp_leave(cpu_pm[told]->notifier_call);
		if (answer & NOTIFY_STOP_MASK && what == CPU_PM_ENTER)
			return told;
	}
	return told;
}
/* A CPU is about to sleep. Where somebody is against it, those before are told so, and it goes on. False if it cannot. */
static bool falls_asleep(int cpu)
{
	int told;

	if (cpu < 0 || cpu >= CPUS || asleep >> cpu & 1 || !cpumask_test_cpu(cpu, &__cpu_online_mask) || !cpu_pm[0])
		return false;
	told = tell_power(cpu, CPU_PM_ENTER, NOTIFIERS);
	if (cpu_pm[told])
		tell_power(cpu, CPU_PM_ENTER_FAILED, told);
	else
		asleep |= 1UL << cpu;
	return true;
}
/* It wakes: with what hardware has lost, or, where it did not come to sleep at all, with everything as it was. */
static bool wakes(int cpu, bool failed)
{
	if (cpu < 0 || cpu >= CPUS || !(asleep >> cpu & 1))
		return false;
	asleep &= ~(1UL << cpu);
	if (!failed)
		lose_registers(cpu);
	tell_power(cpu, failed ? CPU_PM_ENTER_FAILED : CPU_PM_EXIT, NOTIFIERS);
	return true;
}
int hp_bus_register_notifier(const struct bus_type *bus, struct notifier_block *block) NAMED(bus_register_notifier);
int hp_bus_register_notifier(const struct bus_type *bus, struct notifier_block *block) { return 0; }
int hp_bus_unregister_notifier(const struct bus_type *bus, struct notifier_block *block) NAMED(bus_unregister_notifier);
int hp_bus_unregister_notifier(const struct bus_type *bus, struct notifier_block *block) { return 0; }
int register_reboot_notifier(struct notifier_block *block) { return 0; }
int unregister_reboot_notifier(struct notifier_block *block) { return 0; }
