/* SPDX-License-Identifier: MIT */
/* The CPUs, what runs on them, and whether it may sleep. */
#include "hp.h"

static struct task_struct tasks[NR_CPUS];
int hp_cpu;
static unsigned long irqs_off[NR_CPUS];
static enum context context;

unsigned int nr_cpu_ids = CPUS;
#define ALL { { (1UL << CPUS) - 1 } }
struct cpumask __cpu_online_mask = ALL, __cpu_possible_mask = ALL, __cpu_present_mask = ALL, __cpu_active_mask = ALL;
atomic_t __num_online_cpus = { CPUS };
#define ROW(n) [n + 1] = { [0] = 1UL << n }
const unsigned long cpu_bit_bitmap[BITS_PER_LONG + 1][BITS_TO_LONGS(NR_CPUS)] = { ROW(0), ROW(1), ROW(2), ROW(3) };

struct task_struct *hp_current(void)
{
	tasks[hp_cpu].thread_info.cpu = hp_cpu;
	return &tasks[hp_cpu];
}

unsigned long hp_irqs_off(void) { return irqs_off[hp_cpu]; }
void hp_set_irqs_off(unsigned long off) { irqs_off[hp_cpu] = off; }

/* Time goes on while somebody waits. */
static u64 now;
void hp_relax(void) { now += 100; }

void hp_enter(int cpu, enum context what)
{
	hp_cpu = cpu;
	context = what;
	irqs_off[cpu] = what != PROCESS;
}

/* The driver's code has returned: everything is as it found it. */
void hp_leave(const void *at)
{
	if (irqs_off[hp_cpu] != (context != PROCESS))
		host_fact(at, "\"type\":\"irqs\",\"off\":%s", irqs_off[hp_cpu] ? "true" : "false");
	irqs_off[hp_cpu] = 0;
	context = PROCESS;
	hp_cpu = 0;
}

void hp_sleeps(const void *at, const char *what)
{
	if (irqs_off[hp_cpu])
		host_fact(at, "\"type\":\"sleeps\",\"what\":\"%s\"", what);
}

static void on_cpus(const struct cpumask *mask, bool (*fits)(int, void *), void (*function)(void *), void *info)
{
	int here = hp_cpu;

	for (int cpu = 0; cpu < CPUS; cpu++) {
		unsigned long off;

		if (!cpumask_test_cpu(cpu, mask) || !cpumask_test_cpu(cpu, &__cpu_online_mask) || (fits && !fits(cpu, info)))
			continue;
		hp_cpu = cpu;
		off = irqs_off[cpu];
		irqs_off[cpu] = 1;
		function(info);
		irqs_off[cpu] = off;
	}
	hp_cpu = here;
}

void on_each_cpu_cond_mask(smp_cond_func_t fits, smp_call_func_t function, void *info, bool wait, const struct cpumask *mask)
{
	on_cpus(mask, fits, function, info);
}

int smp_call_function_single(int cpu, smp_call_func_t function, void *info, int wait)
{
	if (cpu < 0 || cpu >= CPUS || !cpumask_test_cpu(cpu, &__cpu_online_mask))
		return -ENXIO;
	on_cpus(cpumask_of(cpu), NULL, function, info);
	return 0;
}

int smp_call_function_any(const struct cpumask *mask, smp_call_func_t function, void *info, int wait)
{
	return smp_call_function_single(cpumask_first_and(mask, &__cpu_online_mask), function, info, wait);
}

void smp_call_function_many(const struct cpumask *mask, smp_call_func_t function, void *info, bool wait)
{
	on_cpus(mask, NULL, function, info);
}

unsigned int cpumask_local_spread(unsigned int i, int node) { return i % CPUS; }
void cpus_read_lock(void) { hp_sleeps(HERE, "cpus_read_lock"); }
void cpus_read_unlock(void) {}
void lockdep_assert_cpus_held(void) {}
void synchronize_rcu(void) { hp_sleeps(HERE, "synchronize_rcu"); }
void hp_rcu_lock(void) NAMED(__rcu_read_lock);
void hp_rcu_lock(void) {}
void hp_rcu_unlock(void) NAMED(__rcu_read_unlock);
void hp_rcu_unlock(void) {}
void rcu_read_unlock_special(void) {}
void call_rcu(struct rcu_head *head, rcu_callback_t function) { function(head); }
