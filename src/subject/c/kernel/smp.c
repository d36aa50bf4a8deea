/* SPDX-License-Identifier: MIT */
/* The CPUs, what runs on them, and whether it may sleep. */
#include "hp.h"

static struct task_struct tasks[NR_CPUS];
int hp_cpu, hp_process_cpu;
static unsigned long irqs_off[NR_CPUS];
static enum context context;
/* What runs is bound to its CPU, as threads of hotplug and works are. */
static bool bound_to_cpu;

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
static void tell_interrupts(bool off);
void hp_set_irqs_off(unsigned long off)
{
	if (!off != !irqs_off[hp_cpu])
		tell_interrupts(off);
	irqs_off[hp_cpu] = off;
}

/* Time goes on while somebody waits. */
static u64 now;
void hp_relax(void) { now += 100; }

static void enters(int cpu, enum context what);
static void needs_free(int cpu);
static void waits_for_second(void);
void hp_enter(int cpu, enum context what)
{
	enters(cpu, what);
	hp_cpu = cpu;
	context = what;
	bound_to_cpu = false;
	irqs_off[cpu] = what != PROCESS;
}

/* The driver's code has returned: everything is as it found it. */
void hp_leave(const void *at)
{
	if (irqs_off[hp_cpu] != (context != PROCESS))
		host_fact(at, "\"type\":\"irqs\",\"off\":%s", irqs_off[hp_cpu] ? "true" : "false");
	if (preempt_count())
		host_fact(at, "\"type\":\"preempt\",\"count\":%d", (int)preempt_count());
	irqs_off[hp_cpu] = 0;
	preempt_count_set(0);
	context = PROCESS;
	hp_cpu = 0;
}

/* Whether what runs stays on its CPU until it is done. */
static bool cannot_move(void) { return irqs_off[hp_cpu] || hp_spinning() || preempt_count(); }

static void tell_sleep(const char *what, const void *at);
void hp_sleeps(const void *at, const char *what)
{
	const char *why = irqs_off[hp_cpu] ? "with interrupts off" : preempt_count() ? "with preemption off" : NULL;

	if (!irqs_off[hp_cpu])
		tell_sleep(what, at);
	if (why && (irqs_off[hp_cpu] || !hp_spinning()))
		host_fact(at, "\"type\":\"sleeps\",\"what\":\"%s\",\"why\":\"%s\"", what, why);
}

/* CONFIG_DEBUG_PREEMPT: whoever asks which CPU it runs on, or for that CPU's data, stays there. */
static void needs_cpu(const char *what, const void *at)
{
	if (!cannot_move() && !bound_to_cpu)
		host_fact(at, "\"type\":\"moves\",\"what\":\"%s\"", what);
}
unsigned int debug_smp_processor_id(void)
{
	needs_cpu("smp_processor_id", HERE);
	return hp_cpu;
}
void __this_cpu_preempt_check(const char *operation) { needs_cpu("__this_cpu", HERE); }
#undef preempt_count_add
#undef preempt_count_sub
void preempt_count_add(int by) { __preempt_count_add(by); }
void preempt_count_sub(int by) { __preempt_count_sub(by); }

/* Another CPU is called, and waited for: it may be waiting for this one. */
static void calls_cpus(const char *what, const void *at)
{
	if (irqs_off[hp_cpu])
		host_fact(at, "\"type\":\"calls\",\"what\":\"%s\"", what);
}

static void interrupts_on(int cpu);
/* One CPU waits for a function that runs on the other: no third is there for somebody else. */
static bool both_busy;
/* stop_machine(): a CPU dies, and all others stand still meanwhile, with interrupts off. */
static bool machine_stopped;
static void on_cpus(const struct cpumask *mask, bool (*fits)(int, void *), void (*function)(void *), void *info)
{
	int here = hp_cpu;

	for (int cpu = 0; cpu < CPUS; cpu++) {
		unsigned long off;

		if (!cpumask_test_cpu(cpu, mask) || !cpumask_test_cpu(cpu, &__cpu_online_mask) || (fits && !fits(cpu, info)))
			continue;
		interrupts_on(cpu);
		hp_cpu = cpu;
		off = irqs_off[cpu];
		irqs_off[cpu] = 1;
		both_busy = cpu != here;
		function(info);
		both_busy = false;
		irqs_off[cpu] = off;
	}
	hp_cpu = here;
}

void on_each_cpu_cond_mask(smp_cond_func_t fits, smp_call_func_t function, void *info, bool wait, const struct cpumask *mask)
{
	if (wait)
		calls_cpus("on_each_cpu_cond_mask", HERE);
	on_cpus(mask, fits, function, info);
}

static int call_single(int cpu, smp_call_func_t function, void *info, const void *at)
{
	calls_cpus("smp_call_function_single", at);
	if (cpu < 0 || cpu >= CPUS || !cpumask_test_cpu(cpu, &__cpu_online_mask))
		return -ENXIO;
	on_cpus(cpumask_of(cpu), NULL, function, info);
	return 0;
}

int smp_call_function_single(int cpu, smp_call_func_t function, void *info, int wait)
{
	return call_single(cpu, function, info, HERE);
}

int smp_call_function_any(const struct cpumask *mask, smp_call_func_t function, void *info, int wait)
{
	return call_single(cpumask_first_and(mask, &__cpu_online_mask), function, info, HERE);
}

void smp_call_function_many(const struct cpumask *mask, smp_call_func_t function, void *info, bool wait)
{
	if (wait)
		calls_cpus("smp_call_function_many", HERE);
	on_cpus(mask, NULL, function, info);
}

unsigned int cpumask_local_spread(unsigned int i, int node) { return i % CPUS; }
void cpus_read_lock(void) { hp_sleeps(HERE, "cpus_read_lock"); }
void cpus_read_unlock(void) {}
void lockdep_assert_cpus_held(void) {}
void synchronize_rcu(void)
{
	hp_sleeps(HERE, "synchronize_rcu");
	waits_for_second();
}
void hp_rcu_lock(void) NAMED(__rcu_read_lock);
void hp_rcu_lock(void) {}
void hp_rcu_unlock(void) NAMED(__rcu_read_unlock);
void hp_rcu_unlock(void) {}
void rcu_read_unlock_special(void) {}
void call_rcu(struct rcu_head *head, rcu_callback_t function)
{
	waits_for_second();
	function(head);
}
