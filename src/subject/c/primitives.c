/* SPDX-License-Identifier: MIT */
/* The shim's primitives. In the order: what was pending is observed, others may run, it happens, it is a fact. */
#include "harness.h"
#include <errno.h>

#define HERE __builtin_return_address(0)
#define ENTER()                                                                                                       \
	do {                                                                                                          \
		observe_pending();                                                                                    \
		point();                                                                                              \
	} while (0)

static struct call *the_call(void)
{
	return &own[now.running < 0 ? 0 : now.running]->call;
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
		if ((const char *)word == (const char *)&own[event]->event + field)
			return event;
	return -1;
}

static int of_previous(const local64_t *word)
{
	return event_of(word, offsetof(struct perf_event, hw.prev_count));
}

/* Where a negative errno is taken for the value of a counter: no counter was touched that could hold it. */
static void check_value(const void *at, int event, u64 value)
{
	enum { LAST_ERRNO = 133 };

	if (!the_call()->touched && (s64)value < 0 && (s64)value >= -LAST_ERRNO)
		fact(at, "{\"type\":\"read_counter.default\",\"event\":%d,\"idx\":%d}", event, own[event]->event.hw.idx);
}

/* A count that others could see; that of an event which is being opened is its own. */
static int is_count(const local64_t *l)
{
	return event_of(l, offsetof(struct perf_event, count)) >= 0 && the_call()->callback != EVENT_INIT;
}

/* The other words of an event are its own: nobody comes before an access to one, and nothing is told of it. */
static void enter_word(const local64_t *l)
{
	observe_pending();
	if (of_previous(l) >= 0 || is_count(l))
		point();
}

u64 shim_local64_read(const local64_t *l)
{
	int event = of_previous(l);

	enter_word(l);
	if (event >= 0) {
		fact(HERE, "{\"type\":\"prev_count.read\",\"event\":%d,\"value\":%s}", event, told(l->value));
	} else if (is_count(l)) {
		fact(HERE, "{\"type\":\"count.read\",\"event\":%d}", now.running);
	}
	return l->value;
}

void shim_local64_set(local64_t *l, u64 value)
{
	int event = of_previous(l);

	enter_word(l);
	if (event >= 0) {
		check_value(HERE, event, value);
		fact(HERE, "{\"type\":\"prev_count.set\",\"event\":%d,\"value\":%s}", event, told(value));
	} else if (is_count(l)) {
		fact(HERE, "{\"type\":\"unknown\",\"event\":%d,\"what\":\"a count that is set, not added to\"}", now.running);
		return;
	}
	l->value = in_words(value);
}

u64 shim_local64_exchange(local64_t *l, const u64 *expected, u64 value)
{
	int event = of_previous(l);
	u64 found;

	enter_word(l);
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

	enter_word(l);
	if (event >= 0 && is_count(l)) {
		/* The count is the sum of these facts. It is kept out of the state, which would never end: see count.read. */
		fact(HERE, "{\"type\":\"count.add\",\"event\":%d,\"delta\":%s}", event, word(value >> below(), machine.counter_width));
		return value;
	}
	l->value = in_words(l->value + value);
	return l->value;
}

/* mutex */

/* What guards the reservation: what the driver's text says, or the first mutex that a call took in this state. */
struct mutex *reservation_mutex(void)
{
	return subject->mutex ? subject->mutex : world->mutex;
}

/* The properties speak of that one: another is told apart. */
static void tell_mutex(const void *at, const struct mutex *mutex, const char *what)
{
	if (mutex == reservation_mutex())
		fact(at, "{\"type\":\"mutex.%s\",\"event\":%d}", what, now.running);
	else
		fact(at, "{\"type\":\"other_mutex.%s\",\"event\":%d,\"offset\":%ld}", what, now.running, data_offset(mutex));
}

static void take(struct mutex *mutex)
{
	mutex->owner = now.running + 1;
	if (now.running >= 0 && reservation_mutex() == NULL)
		world->mutex = mutex;
}

void shim_mutex_lock(struct mutex *mutex)
{
	struct call *call = the_call();

	observe_pending();
	call->wants = mutex;
	point();
	while (mutex->owner) {
		int last = 0;

		tell_mutex(HERE, mutex, "wait");
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
	tell_mutex(HERE, mutex, "lock");
}

int shim_mutex_trylock(struct mutex *mutex)
{
	ENTER();
	if (mutex->owner) {
		tell_mutex(HERE, mutex, "busy");
		return 0;
	}
	take(mutex);
	tell_mutex(HERE, mutex, "lock");
	return 1;
}

void shim_mutex_unlock(struct mutex *mutex)
{
	ENTER();
	mutex->owner = 0;
	tell_mutex(HERE, mutex, "unlock");
}

/*
 * Spinlocks. Their holder cannot be put off its processor, and whoever wants the lock waits for it: so nobody comes between
 * two steps of a holder. A lock that is taken is one that nobody will ever give back.
 */

int shim_spin_trylock(int *owner)
{
	if (now.running < 0)
		return 1;
	observe_pending();
	if (*owner)
		return 0;
	*owner = now.running + 1;
	now.spinlocks++;
	return 1;
}

void shim_spin_lock(int *owner)
{
	while (!shim_spin_trylock(owner))
		;
}

void shim_spin_unlock(int *owner)
{
	if (now.running < 0)
		return;
	observe_pending();
	*owner = 0;
	now.spinlocks--;
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
	fact(HERE, "{\"type\":\"userpage.update\",\"event\":%d}", event_number(event));
}

int interrupt_requested;

static u64 line_bit(unsigned int irq)
{
	return 1ULL << irq % 64;
}

/* A line that is not shared has one owner. */
int shim_request_irq(unsigned int irq, int shared)
{
	enum pmc_owner owner;

	interrupt_requested = 1;
	ENTER();
	owner = world->foreign_holds ? FOREIGN : world->lines & line_bit(irq) ? DRIVER : NOBODY;
	the_call()->old_owner = owner;
	the_call()->foreign_held = world->foreign_holds;
	fact(HERE, "{\"type\":\"request_irq\",\"event\":%d,\"owner\":\"%s\",\"foreignHolds\":%s}", now.running, OWNERS[owner],
	     world->foreign_holds ? "true" : "false");
	if (owner != NOBODY && !shared)
		return -EBUSY;
	world->lines |= line_bit(irq);
	return 0;
}

void shim_free_irq(unsigned int irq)
{
	int held;

	ENTER();
	held = (world->lines & line_bit(irq)) != 0;
	fact(HERE, "{\"type\":\"free_irq\",\"event\":%d,\"owner\":\"%s\"}", now.running,
	     OWNERS[held ? DRIVER : world->foreign_holds ? FOREIGN : NOBODY]);
	world->lines &= ~line_bit(irq);
}

struct pmu *shim_registered_pmu(void)
{
	return subject_pmu;
}

int shim_register_pmu(struct pmu *pmu)
{
	subject_pmu = pmu;
	return 0;
}
