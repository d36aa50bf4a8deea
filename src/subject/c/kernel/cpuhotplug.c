/* SPDX-License-Identifier: MIT */
/* CPUs that come and go, and who wants to know. */
#include "hp.h"

static void perf_exit_cpu(int cpu);
static void tell_cpumask(void);
static void timers_leave(int cpu);

enum { STATES = 16, INSTANCES = 16, FIRST_DYNAMIC = 1000 };
static struct step {
	/* Its number, and its place in the order: of a dynamic one, that of all of them. */
	int state, place;
	bool multi;
	int (*up)(unsigned int);
	int (*down)(unsigned int);
	struct hlist_node *nodes[INSTANCES];
} steps[STATES];
static int dynamic;

static struct step *step_of(int state)
{
	for (int i = 0; i < STATES; i++)
		if (steps[i].state == state && state)
			return &steps[i];
	return NULL;
}

static int run(struct step *step, int (*callback)(unsigned int), unsigned int cpu, struct hlist_node *node)
{
	int here = hp_cpu, error;
	bool was = bound_to_cpu;

	if (!callback)
		return 0;
	needs_free(cpu);
	hp_cpu = cpu;
	bound_to_cpu = true;
	error = node ? ((int (*)(unsigned int, struct hlist_node *))callback)(cpu, node) : callback(cpu);
	hp_cpu = here;
	bound_to_cpu = was;
	return error;
}

/* The callback of a CPU has failed: those of the CPUs before it are taken back. */
static void takes_back(struct step *step, int failed, struct hlist_node *node)
{
	for (int cpu = 0; cpu < failed; cpu++)
		if (cpumask_test_cpu(cpu, &__cpu_online_mask))
			run(step, step->down, cpu, node);
}

static const void *state_key(int number) { return (void *)(long)number; }
static int set_up(enum cpuhp_state state, bool invoke, int (*up)(unsigned int), int (*down)(unsigned int), bool multi, const void *from)
{
	int number = state;
	struct step *step = NULL;

	hp_sleeps(from, "cpuhp_setup_state");
	if (hp_fails("cpuhp_setup_state", from))
		return -ENOSPC;
	if (state == CPUHP_AP_ONLINE_DYN || state == CPUHP_BP_PREPARE_DYN)
		number = FIRST_DYNAMIC + dynamic++;
	else if (step_of(state))
		return -EBUSY;
	for (int i = 0; i < STATES && !step; i++)
		if (!steps[i].state)
			step = &steps[i];
	if (!step)
		return -ENOSPC;
	*step = (struct step){ number, state, multi, up, down };
	for (int cpu = 0; invoke && !multi && cpu < CPUS; cpu++) {
		int error = cpumask_test_cpu(cpu, &__cpu_online_mask) ? run(step, up, cpu, NULL) : 0;

		if (error) {
			takes_back(step, cpu, NULL);
			step->state = 0;
			return error;
		}
	}
	hp_hold("a hotplug state", state_key(number), from);
	return number >= FIRST_DYNAMIC ? number : 0;
}
int __cpuhp_setup_state(enum cpuhp_state state, const char *name, bool invoke, int (*up)(unsigned int), int (*down)(unsigned int), bool multi)
{
	return set_up(state, invoke, up, down, multi, HERE);
}
int __cpuhp_setup_state_cpuslocked(enum cpuhp_state state, const char *name, bool invoke, int (*up)(unsigned int), int (*down)(unsigned int), bool multi)
{
	return set_up(state, invoke, up, down, multi, HERE);
}
void __cpuhp_remove_state(enum cpuhp_state state, bool invoke)
{
	struct step *step = step_of(state);

	hp_sleeps(HERE, "cpuhp_remove_state");
	hp_let_go("a hotplug state", state_key(state));
	for (int cpu = 0; step && invoke && !step->multi && cpu < CPUS; cpu++)
		if (cpumask_test_cpu(cpu, &__cpu_online_mask))
			run(step, step->down, cpu, NULL);
	if (step)
		memset(step, 0, sizeof(*step));
}
int __cpuhp_state_add_instance(enum cpuhp_state state, struct hlist_node *node, bool invoke)
{
	struct step *step = step_of(state);
	int slot = 0;

	hp_sleeps(HERE, "cpuhp_state_add_instance");
	if (!step)
		return -EINVAL;
	/* It can fail only where a callback does. */
	if (invoke && step->up && hp_fails("cpuhp_state_add_instance", HERE))
		return -ENOMEM;
	while (slot < INSTANCES && step->nodes[slot])
		slot++;
	if (slot == INSTANCES)
		return -ENOSPC;
	for (int cpu = 0; invoke && cpu < CPUS; cpu++) {
		int error = cpumask_test_cpu(cpu, &__cpu_online_mask) ? run(step, step->up, cpu, node) : 0;

		if (error) {
			takes_back(step, cpu, node);
			return error;
		}
	}
	step->nodes[slot] = node;
	hp_hold("a hotplug instance", node, HERE);
	return 0;
}
int __cpuhp_state_remove_instance(enum cpuhp_state state, struct hlist_node *node, bool invoke)
{
	struct step *step = step_of(state);

	hp_sleeps(HERE, "cpuhp_state_remove_instance");
	for (int i = 0; step && i < INSTANCES; i++) {
		if (step->nodes[i] != node)
			continue;
		for (int cpu = 0; invoke && cpu < CPUS; cpu++)
			if (cpumask_test_cpu(cpu, &__cpu_online_mask))
				run(step, step->down, cpu, node);
		step->nodes[i] = NULL;
		hp_let_go("a hotplug instance", node);
	}
	return 0;
}

/* The states in their order. Returns how many there are. */
static int in_order(struct step *order[STATES])
{
	int count = 0;

	for (int i = 0; i < STATES; i++) {
		int at = count;

		if (!steps[i].state)
			continue;
		for (; at > 0 && order[at - 1]->place > steps[i].place; at--)
			order[at] = order[at - 1];
		order[at] = &steps[i];
		count++;
	}
	return count;
}

/* One state's callbacks: on the CPU itself, but for those before it starts; those while it starts or dies with interrupts off. */
static void cross(struct step *step, int cpu, bool online)
{
	int (*callback)(unsigned int) = online ? step->up : step->down;
	bool prepares = step->place < CPUHP_BRINGUP_CPU, starts = !prepares && step->place < CPUHP_AP_ONLINE;
	int here = prepares ? cpumask_any_but(&__cpu_online_mask, cpu) : cpu;

	for (int node = step->multi ? 0 : -1; callback && node < (step->multi ? INSTANCES : 0); node++) {
		if (node >= 0 && !step->nodes[node])
			continue;
		hp_enter(here, starts ? INTERRUPT : PROCESS);
		bound_to_cpu = !prepares;
		machine_stopped = starts && !online;
		if (node < 0)
			callback(cpu);
		else
			((int (*)(unsigned int, struct hlist_node *))callback)(cpu, step->nodes[node]);
		machine_stopped = false;
		hp_leave(callback);
	}
}

static void goes(int cpu)
{
	struct step *order[STATES];
	int at = in_order(order) - 1;

	for (; at >= 0 && order[at]->place > CPUHP_AP_PERF_ONLINE; at--)
		cross(order[at], cpu, false);
	perf_exit_cpu(cpu);
	for (; at >= 0 && order[at]->place >= CPUHP_AP_ONLINE; at--)
		cross(order[at], cpu, false);
	cpumask_clear_cpu(cpu, &__cpu_online_mask);
	lines_leave(cpu);
	timers_leave(cpu);
	for (; at >= 0; at--)
		cross(order[at], cpu, false);
}

static void comes(int cpu)
{
	struct step *order[STATES];
	int count = in_order(order), at = 0;

	for (; at < count && order[at]->place < CPUHP_BRINGUP_CPU; at++)
		cross(order[at], cpu, true);
	cpumask_set_cpu(cpu, &__cpu_online_mask);
	for (; at < count; at++)
		cross(order[at], cpu, true);
}

/* A CPU comes or goes. False if it is so already, or the last one. */
static bool hp_hotplug(int cpu, bool online)
{
	if (cpu < 0 || cpu >= CPUS || cpumask_test_cpu(cpu, &__cpu_online_mask) == online || (!online && cpumask_weight(&__cpu_online_mask) == 1))
		return false;
	if (online)
		comes(cpu);
	else
		goes(cpu);
	tell_cpumask();
	return true;
}
