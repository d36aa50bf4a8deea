/* SPDX-License-Identifier: MIT */
/*
 * Two calls at once: the first stands still at one of its points (a lock, a register, a search of a bitmap, memory that the other
 * has, too) while the second runs, on another CPU or as an interrupt of the same one. Whoever needs a lock of the other lets it go
 * on. The second may stand still as well, where it is on another CPU, and the first again, in turn: a search tries one such switch.
 */
#include "hp.h"

static struct call { char operation; const long *numbers; } first, second;
/* How many points each has passed, and those at which they stand still in turn: the first, the second, the first, and so on. */
enum { MOST_SWITCHES = 6 };
static long points, second_points;
static const long *stops;
static int stopped;
/* The contexts of the PMU are locked: nothing comes between. */
static bool migrating;
static bool tells_accesses;
/* Two calls have run at once. */
static bool paired;
static bool first_done, first_ended;
/* The lock that the second waits for, which the first holds. */
static const void *awaited;
/* What the smp of the one is that does not run. */
static struct { int cpu, preempt; enum context context; bool bound_to_cpu; } other;

static int perform(char operation, const long *numbers);
static void run_first(void)
{
	first_done = perform(first.operation, first.numbers);
}

static void switch_to_call(enum thread to)
{
	typeof(other) now = { hp_cpu, preempt_count(), context, bound_to_cpu };

	hp_cpu = other.cpu;
	context = other.context;
	bound_to_cpu = other.bound_to_cpu;
	preempt_count_set(other.preempt);
	other = now;
	running = to;
}

static void go_on(void)
{
	switch_to_call(FIRST);
	first_ended = host_resume();
	switch_to_call(SECOND);
}

/* The second stands still, and the first goes on meanwhile. */
static bool second_stands;
static void stands_while_first_goes_on(void)
{
	second_stands = true;
	go_on();
	second_stands = false;
}
/* The lock that the first waits for, which the second holds. */
static const void *wanted;
static bool stops_here(enum thread who, long passed) { return stopped < MOST_SWITCHES && stopped % 2 == (who == SECOND) && stops && passed == stops[stopped]; }
void hp_point(const void *at, const char *before)
{
	if (migrating || both_busy || machine_stopped || running == ALONE)
		return;
	if (running == FIRST && stops_here(FIRST, ++points)) {
		stopped++;
		host_fact(at, "\"type\":\"stands still\",\"before\":\"%s\",\"hart\":%d", before, hp_cpu);
		host_pause();
	} else if (running == SECOND && stops_here(SECOND, ++second_points)) {
		/* What interrupts, and who has a lock that is waited for, is done first. */
		if (first_ended || hp_cpu == other.cpu || wanted || awaited)
			host_impossible();
		stopped++;
		host_fact(at, "\"type\":\"stands still\",\"before\":\"%s\",\"hart\":%d", before, hp_cpu);
		stands_while_first_goes_on();
	}
}

/* The first waits until nobody is in what it takes away (an open, a reader of RCU, a handler): the second would have to go on. */
static void waits_for_second(void)
{
	if (running == FIRST && second_stands)
		host_impossible();
}

/* The first comes to a CPU, on which the second may stand still: it would have to wait for it. */
static void needs_free(int cpu)
{
	if (running == FIRST && second_stands && cpu == other.cpu)
		host_impossible();
}

/* Whether the first could be interrupted where it stands, on any CPU on which it may be. */
static bool may_be_interrupted(void) { return !irqs_off[other.cpu]; }
static bool may_be_preempted(void) { return may_be_interrupted() && !other.preempt && !spins(FIRST) && other.context == PROCESS; }

/* The second begins on a CPU: where the first is, only if it can be cut short there. */
static void enters(int cpu, enum context what)
{
	if (running == SECOND && !first_ended && cpu == other.cpu && !(what == PROCESS ? may_be_preempted() : may_be_interrupted()))
		host_impossible();
	needs_free(cpu);
	/* Where the second waits with interrupts off, nothing else runs. */
	if (running == FIRST && awaited && cpu == other.cpu && irqs_off[cpu])
		host_impossible();
}

/* A lock is wanted that the other call holds: it goes on until it has let it go, if it can. */
static void waits_for(const struct lock *lock, const char *kind, const void *at)
{
	bool is_interrupt = running == SECOND && !first_ended && context != PROCESS && strcmp(kind, "spinlock") == 0;
	bool cuts_in = is_interrupt && (hp_cpu == other.cpu || !other.bound_to_cpu);

	tell_lock(lock, "wait", at, cuts_in ? ",\"cutsIn\":true" : "");
	if (cuts_in && may_be_interrupted())
		host_crash("deadlock: the lock is held by what it interrupts");
	if (running == FIRST && awaited)
		host_crash("deadlock: each of two calls waits for a lock of the other");
	if (running == FIRST) {
		/* It goes on when the second has let the lock go. */
		wanted = lock->lock;
		host_pause();
		return;
	}
	if (running != SECOND || first_ended)
		return;
	if (wanted)
		host_crash("deadlock: each of two calls waits for a lock of the other");
	awaited = lock->lock;
	go_on();
	awaited = NULL;
}

/* The first lets go what the second waits for: it is its turn. */
static void lets_go(const void *lock)
{
	if (running == FIRST && awaited == lock)
		host_pause();
	if (running == SECOND && wanted == lock) {
		wanted = NULL;
		stands_while_first_goes_on();
	}
}
/* A function is called on a CPU where the first has interrupts off: it runs when they are on. */
static void interrupts_on(int cpu)
{
	needs_free(cpu);
	if (running == SECOND && !first_ended && cpu == other.cpu && irqs_off[cpu])
		go_on();
}

/* How many points a call has where it is made alone: told, and nothing is changed. */
static int count_points(void)
{
	int done;

	running = FIRST;
	tells_accesses = true;
	done = perform(first.operation, first.numbers);
	tells_accesses = false;
	host_fact(NULL, "\"type\":\"points\",\"count\":%ld", points);
	return done;
}

/* A CPU that is there, another one if there is one. */
static int any_but(int cpu)
{
	int found = cpumask_any_but(&__cpu_online_mask, cpu);

	return found < CPUS ? found : cpu;
}

static bool may_be_unbound(void);
static int perform_both(void)
{
	int done;

	/* While the module goes, nobody opens; while an open is in flight, the PMU does not go. */
	if (first.operation == 'q' && !may_be_unbound())
		return 0;
	running = FIRST;
	hp_process_cpu = any_but(0);
	first_ended = false;
	awaited = NULL;
	if (host_strand(run_first))
		return 0;
	other = (typeof(other)){ 0 };
	switch_to_call(SECOND);
	hp_process_cpu = any_but(other.cpu);
	done = perform(second.operation, second.numbers);
	if (!first_ended)
		go_on();
	return done && first_ended && first_done;
}

static int at_once(const long *at)
{
	int done;

	points = second_points = stopped = 0;
	stops = at[0] ? at : NULL;
	wanted = NULL;
	done = at[0] ? perform_both() : count_points();
	paired = at[0];
	running = ALONE;
	points = second_points = stopped = 0;
	stops = NULL;
	first_done = first_ended = false;
	other = (typeof(other)){ 0 };
	first = second = (struct call){ 0 };
	hp_process_cpu = hp_cpu = 0;
	return done;
}

void hp_pair(char operation, const long *numbers, char operation2, const long *numbers2)
{
	first = (struct call){ operation, numbers };
	second = (struct call){ operation2, numbers2 };
}
