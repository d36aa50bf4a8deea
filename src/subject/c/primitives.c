/* SPDX-License-Identifier: MIT */
/* The shim's primitives. In the order: what was pending is observed, others may run, it happens, it is a fact. */
#include "harness.h"

#define HERE __builtin_return_address(0)
#define ENTER()                                                                                                       \
	do {                                                                                                          \
		observe_pending();                                                                                    \
		point();                                                                                              \
	} while (0)

static struct call *the_call(void)
{
	return &world->calls[now.running < 0 ? 0 : now.running];
}

/* atomic_t */

static void add_fact(const void *at, const atomic_t *counter, int step, int value)
{
	if (counter == subject->active_events && (step == 1 || step == -1)) {
		the_call()->held += step;
		fact(at, "{\"type\":\"active_events.%s\",\"event\":%d,\"value\":%d}", step > 0 ? "inc" : "dec", now.running, value);
	} else {
		fact(at, "{\"type\":\"atomic.add\",\"event\":%d,\"step\":%d,\"value\":%d}", now.running, step, value);
	}
}

static int add(const void *at, atomic_t *counter, int step)
{
	counter->counter = wrap_int((long)counter->counter + step);
	add_fact(at, counter, step, counter->counter);
	return counter->counter;
}

int shim_atomic_add(atomic_t *counter, int step)
{
	ENTER();
	return add(HERE, counter, step);
}

int shim_atomic_add_unless(atomic_t *counter, int step, int unless, int *old)
{
	ENTER();
	if (old)
		*old = counter->counter;
	if (counter->counter == unless) {
		fact(HERE, "{\"type\":\"atomic.read\",\"event\":%d,\"value\":%d}", now.running, counter->counter);
		return 0;
	}
	add(HERE, counter, step);
	return 1;
}

int shim_atomic_read(const atomic_t *counter)
{
	ENTER();
	fact(HERE, "{\"type\":\"atomic.read\",\"event\":%d,\"value\":%d}", now.running, counter->counter);
	return counter->counter;
}

void shim_atomic_set(atomic_t *counter, int value)
{
	ENTER();
	counter->counter = wrap_int(value);
	fact(HERE, "{\"type\":\"atomic.set\",\"event\":%d,\"value\":%d}", now.running, counter->counter);
}

/* local64_t: a word of the machine */

static u64 in_words(u64 value)
{
	return mask(value, machine.word_bits + below());
}

static const char *told(u64 value)
{
	return word(value >> below(), machine.word_bits);
}

static int event_of(const local64_t *word, size_t field)
{
	for (int event = 0; event < machine.events; event++)
		if ((const char *)word == (const char *)&world->events[event] + field)
			return event;
	return -1;
}

static int of_previous(const local64_t *word)
{
	return event_of(word, offsetof(struct perf_event, hw.prev_count));
}

/* Where a negative errno is taken for the value of a counter. */
static void check_value(const void *at, int event, u64 value)
{
	if (!the_call()->sampled && (s64)value < 0 && (s64)value >= -4095)
		fact(at, "{\"type\":\"read_counter.default\",\"event\":%d,\"idx\":%d}", event, world->events[event].hw.idx);
}

u64 shim_local64_read(const local64_t *l)
{
	int event = of_previous(l);

	ENTER();
	if (event >= 0) {
		the_call()->sampled = 0;
		fact(HERE, "{\"type\":\"prev_count.read\",\"event\":%d,\"value\":%s}", event, told(l->value));
	} else if (event_of(l, offsetof(struct perf_event, count)) >= 0) {
		fact(HERE, "{\"type\":\"count.read\",\"event\":%d}", now.running);
	}
	return l->value;
}

void shim_local64_set(local64_t *l, u64 value)
{
	int event = of_previous(l);

	ENTER();
	if (event >= 0) {
		check_value(HERE, event, value);
		fact(HERE, "{\"type\":\"prev_count.set\",\"event\":%d,\"value\":%s}", event, told(value));
	}
	l->value = in_words(value);
}

u64 shim_local64_exchange(local64_t *l, const u64 *expected, u64 value)
{
	int event = of_previous(l);
	u64 found;

	ENTER();
	found = l->value;
	if (event >= 0) {
		check_value(HERE, event, value);
		if (expected == NULL)
			fact(HERE, "{\"type\":\"prev_count.set\",\"event\":%d,\"value\":%s}", event, told(value));
		else
			fact(HERE, "{\"type\":\"prev_count.cmpxchg\",\"event\":%d,\"expected\":%s,\"value\":%s,\"found\":%s}", event,
			     told(*expected), told(value), told(found));
	}
	if (expected == NULL || in_words(*expected) == found)
		l->value = in_words(value);
	return found;
}

u64 shim_local64_add(u64 value, local64_t *l)
{
	int event = event_of(l, offsetof(struct perf_event, count));

	ENTER();
	if (event >= 0) {
		/* The count is the sum of these facts. It is kept out of the state, which would never end: see count.read. */
		fact(HERE, "{\"type\":\"count.add\",\"event\":%d,\"delta\":%s}", event, word(value >> below(), machine.counter_width));
		return value;
	}
	l->value = in_words(l->value + value);
	return l->value;
}

/* mutex */

/* The first mutex that the driver ever takes: the one that guards its reservation. */
struct mutex *reservation_mutex;

static void take(struct mutex *mutex)
{
	mutex->owner = now.running + 1;
	if (reservation_mutex == NULL)
		reservation_mutex = mutex;
}

void shim_mutex_lock(struct mutex *mutex)
{
	struct call *call = the_call();

	observe_pending();
	call->wants = mutex;
	point();
	while (mutex->owner) {
		int last = 0;

		fact(HERE, "{\"type\":\"mutex.wait\",\"event\":%d}", now.running);
		/* With interrupts off nobody else runs: it would hang here. */
		if (call->callback >= ADD || now.running < 0)
			break;
		while (last < SHIM_MAX_EVENTS - 1 && mutex->waiters[last])
			last++;
		mutex->waiters[last] = now.running + 1;
		call->waiting = 1;
		point();
	}
	for (int i = 0, kept = 0; i < SHIM_MAX_EVENTS; i++) {
		int waiter = mutex->waiters[i];

		mutex->waiters[i] = 0;
		if (waiter && waiter != now.running + 1)
			mutex->waiters[kept++] = waiter;
	}
	call->wants = NULL;
	call->waiting = 0;
	take(mutex);
	fact(HERE, "{\"type\":\"mutex.lock\",\"event\":%d}", now.running);
}

int shim_mutex_trylock(struct mutex *mutex)
{
	ENTER();
	if (mutex->owner) {
		fact(HERE, "{\"type\":\"mutex.busy\",\"event\":%d}", now.running);
		return 0;
	}
	take(mutex);
	fact(HERE, "{\"type\":\"mutex.lock\",\"event\":%d}", now.running);
	return 1;
}

void shim_mutex_unlock(struct mutex *mutex)
{
	ENTER();
	mutex->owner = 0;
	fact(HERE, "{\"type\":\"mutex.unlock\",\"event\":%d}", now.running);
}

/* CSRs: cycle, instret, and their upper halves; every other counter stands at 0 */

u64 shim_csr_read(const char *name)
{
	static const struct { const char *token, *counter; int number, high; } known[] = {
		{ "cycle", "cycle", 0, 0 },	   { "CSR_CYCLE", "cycle", 0, 0 },
		{ "cycleh", "cycle", 0, 1 },	   { "CSR_CYCLEH", "cycle", 0, 1 },
		{ "mcycle", "cycle", 0, 0 },	   { "instret", "instret", 1, 0 },
		{ "minstret", "instret", 1, 0 },   { "CSR_INSTRET", "instret", 1, 0 },
		{ "instreth", "instret", 1, 1 },   { "CSR_INSTRETH", "instret", 1, 1 },
	};

	ENTER();
	the_call()->sampled = 1;
	for (unsigned i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		u64 value;

		if (strcmp(known[i].token, name) != 0)
			continue;
		value = mask(now.counters[known[i].number], machine.word_bits);
		value = known[i].high ? (machine.xlen < 64 ? value >> machine.xlen : 0) : mask(value, machine.xlen);
		fact(HERE, "{\"type\":\"csr.read\",\"event\":%d,\"hart\":%d,\"counter\":\"%s\",\"half\":\"%s\",\"value\":%s}", now.running,
		     shim_hart, known[i].counter, known[i].high ? "high" : "low", word(value, 64));
		return known[i].high ? value : value << below();
	}
	fact(HERE, "{\"type\":\"csr.other\",\"event\":%d,\"name\":\"%.32s\"}", now.running, name);
	return 0;
}

void shim_csr_write(const char *name, u64 value)
{
	ENTER();
	fact(HERE, "{\"type\":\"csr.write\",\"event\":%d,\"name\":\"%.32s\",\"value\":%s}", now.running, name, word(value, 64));
}

/* What a person would see */

void shim_warn(const char *function, const char *condition)
{
	ENTER();
	fact(HERE, "{\"type\":\"warn\",\"event\":%d,\"site\":\"%s%s\"}", now.running, function,
	     strstr(condition, "PERF_HES_UPTODATE") ? " (reload)" : "");
}

void shim_pr_warn(void)
{
	ENTER();
	fact(HERE, "{\"type\":\"pr_warn\",\"event\":%d}", now.running);
}

void shim_update_userpage(struct perf_event *event)
{
	ENTER();
	fact(HERE, "{\"type\":\"userpage.update\",\"event\":%d}", (int)(event - world->events));
}

int shim_register_pmu(struct pmu *pmu)
{
	subject_pmu = pmu;
	return 0;
}
