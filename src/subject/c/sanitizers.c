/* SPDX-License-Identifier: MIT */
/*
 * What the compiler's instrumentation of the driver calls. Its thread sanitizer announces every plain access, which makes
 * accesses to perf_irq and to the per-CPU bookkeeping facts; its undefined behaviour sanitizer makes undefined behaviour one.
 * Neither runtime library is linked: these are ours.
 */
#include "harness.h"

#define HERE __builtin_return_address(0)

static int n_events(void)
{
	return *(int *)(bookkeeping(shim_hart) + subject->n_events);
}

static struct perf_event **slots(void)
{
	return (struct perf_event **)(bookkeeping(shim_hart) + subject->events);
}

static void look_at_slots(void)
{
	static struct text occupied;

	now.busy = 1;
	occupied.length = 0;
	say(&occupied, "%s", "");
	for (int i = 0; subject->events >= 0 && i < subject->max_counters; i++)
		say(&occupied, "%s%s", i ? "," : "", slots()[i] ? "true" : "false");
	now.busy = 0;
	fact(now.pending.at, "{\"type\":\"slots.read\",\"event\":%d,\"hart\":%d,\"nEvents\":%d,\"occupied\":[%s]}", now.running, shim_hart,
	     wrap_int(n_events()), occupied.at);
}

void observe_pending(void)
{
	int what = now.pending.what;

	now.pending.what = NOTHING;
	switch (what) {
	case WRITES_PERF_IRQ:
		if (pmc_owner() == DRIVER && own[now.running]->call.old_owner == FOREIGN)
			own[now.running]->call.displaced = 1;
		fact(now.pending.at, "{\"type\":\"perf_irq.write\",\"event\":%d,\"owner\":\"%s\"}", now.running, OWNERS[pmc_owner()]);
		break;
	case READS_COUNT:
		look_at_slots();
		break;
	case CHANGES_COUNT:
		fact(now.pending.at, "{\"type\":\"n_events.%s\",\"event\":%d,\"hart\":%d,\"value\":%d}",
		     n_events() - now.pending.before > 0 ? "inc" : "dec", now.running, shim_hart, wrap_int(n_events()));
		break;
	case WRITES_SLOT:
		fact(now.pending.at, "{\"type\":\"slots.write\",\"event\":%d,\"hart\":%d,\"idx\":%d,\"bound\":%s}", now.running, shim_hart,
		     now.pending.index, *(void **)now.pending.address ? "true" : "false");
		break;
	}
}

void perf_irq_was_written(const void *at)
{
	now.pending.what = WRITES_PERF_IRQ;
	now.pending.at = at;
	observe_pending();
}

void perf_irq_was_read(const void *at)
{
	own[now.running]->call.old_owner = pmc_owner();
	own[now.running]->call.foreign_held = world->foreign_holds;
	fact(at, "{\"type\":\"perf_irq.read\",\"event\":%d,\"owner\":\"%s\",\"foreignHolds\":%s}", now.running, OWNERS[pmc_owner()],
	     world->foreign_holds ? "true" : "false");
}

static void of_perf_irq(const void *at, int writes)
{
	observe_pending();
	point();
	if (!writes) {
		perf_irq_was_read(at);
		return;
	}
	now.pending.what = WRITES_PERF_IRQ;
	now.pending.at = at;
}

/* `n_events++` is a read and then a write; a read alone is a look. */
static void of_count(const void *at, int writes)
{
	if (!writes || now.pending.what != READS_COUNT)
		observe_pending();
	now.pending.what = writes ? CHANGES_COUNT : READS_COUNT;
	now.pending.at = at;
	now.pending.before = n_events();
}

static int index_of(const char *address)
{
	return (int)((address - (char *)slots()) / (long)sizeof(void *));
}

/* Whether the event is in its slot. */
static void compare_slot(const void *at, char *address)
{
	fact(at, "{\"type\":\"slots.compare\",\"event\":%d,\"hart\":%d,\"idx\":%d,\"same\":%s}", now.running, shim_hart, index_of(address),
	     *(struct perf_event **)address == &own[now.running]->event ? "true" : "false");
}

static void of_slot(const void *at, char *address, int writes)
{
	/* A slot that is read behind the count is part of that look; outside events[] there is none to compare. */
	if (!writes && (now.pending.what == READS_COUNT || index_of(address) < 0 || index_of(address) >= subject->max_counters))
		return;
	observe_pending();
	if (!writes) {
		compare_slot(at, address);
		return;
	}
	now.pending.what = WRITES_SLOT;
	now.pending.at = at;
	now.pending.address = address;
	now.pending.index = index_of(address);
}

/* A slot by its address; or what the compiler's check has just found to be an index outside events[]. */
static int is_slot(const char *address)
{
	long index = (address - (char *)slots()) / (long)sizeof(void *);

	return (index >= 0 && index < subject->max_counters) || (now.is_outside && index == now.outside);
}

static void access_to(void *address, unsigned size, int writes, const void *at)
{
	char *here = address;

	if (now.running < 0)
		return;
	if (here == (char *)subject->perf_irq) {
		of_perf_irq(at, writes);
	} else if (machine.every_access && own[now.running]->call.callback < ADD && data_offset(address) >= 0) {
		observe_pending();
		point();
		fact(at, "{\"type\":\"data.%s\",\"event\":%d,\"offset\":%ld}", writes ? "write" : "read", now.running, data_offset(address));
	} else if (own[now.running]->call.callback >= ADD && bookkeeping(shim_hart)) {
		if (subject->n_events >= 0 && size == sizeof(int) && here == bookkeeping(shim_hart) + subject->n_events)
			of_count(at, writes);
		else if (subject->events >= 0 && size == sizeof(void *) && is_slot(here))
			of_slot(at, here, writes);
	}
}

#pragma GCC visibility push(default)

#define ACCESSES(size)                                                                                                \
	void __tsan_read##size(void *address) { access_to(address, size, 0, HERE); }                                  \
	void __tsan_write##size(void *address) { access_to(address, size, 1, HERE); }                                 \
	void __tsan_unaligned_read##size(void *address) { access_to(address, size, 0, HERE); }                        \
	void __tsan_unaligned_write##size(void *address) { access_to(address, size, 1, HERE); }                       \
	void __tsan_volatile_read##size(void *address) { access_to(address, size, 0, HERE); }                         \
	void __tsan_volatile_write##size(void *address) { access_to(address, size, 1, HERE); }
ACCESSES(1)
ACCESSES(2)
ACCESSES(4)
ACCESSES(8)
ACCESSES(16)
void __tsan_read_range(void *address, unsigned long size) { (void)address, (void)size; }
void __tsan_write_range(void *address, unsigned long size) { (void)address, (void)size; }
void __tsan_init(void) {}
void __tsan_func_entry(void *caller) { (void)caller; }
void __tsan_func_exit(void) {}

/* Every check of the compiler starts its data with the place. */
struct place { const char *file; u32 line, column; };

/* A name that needs nothing said of it in JSON. */
static const char *plain(const char *name)
{
	for (const char *at = name; *at; at++)
		if (*at < ' ' || *at == '"' || *at == '\\' || *at == 127)
			return "";
	return name;
}

static void undefined(const void *at, const char *kind, const struct place *place)
{
	/* The compiler knows the file and the line better than the address does, whose code may be moved. */
	observe_pending();
	fact(at, "{\"type\":\"undefined\",\"event\":%d,\"kind\":\"%s\",\"line\":%u,\"file\":\"%s\"}", now.running, kind, place->line,
	     plain(place->file));
}

/* What the compiler says of a type: its name is as C writes it, between apostrophes. */
struct type { u16 kind, info; char name[]; };
struct bounds { struct place place; struct type *array, *index; };

/* Whether an array is one of as many pointers to events as there are slots. */
static int is_events(const struct type *array)
{
	const char *name = array->name + 1, *size = strrchr(name, '[');

	if (strncmp(name, "struct ", 7) == 0)
		name += 7;
	return strncmp(name, "perf_event *[", 13) == 0 && size && atoi(size + 1) == subject->max_counters;
}

void __ubsan_handle_out_of_bounds(struct bounds *bounds, unsigned long index)
{
	enum { BITS_32 = 5 };

	undefined(HERE, "index out of bounds", &bounds->place);
	if (is_events(bounds->array)) {
		now.is_outside = 1;
		now.outside = bounds->index->info >> 1 == BITS_32 ? (int)index : (long)index;
	}
}

#define CHECK(name, kind, ...) void __ubsan_handle_##name(struct place *place, ##__VA_ARGS__) { undefined(HERE, kind, place); }
CHECK(shift_out_of_bounds, "shift out of bounds", unsigned long a __attribute__((unused)), unsigned long b __attribute__((unused)))
CHECK(type_mismatch_v1, "null or misaligned pointer", unsigned long pointer __attribute__((unused)))
CHECK(divrem_overflow, "division by zero", unsigned long a __attribute__((unused)), unsigned long b __attribute__((unused)))
CHECK(add_overflow, "signed overflow", unsigned long a __attribute__((unused)), unsigned long b __attribute__((unused)))
CHECK(sub_overflow, "signed overflow", unsigned long a __attribute__((unused)), unsigned long b __attribute__((unused)))
CHECK(mul_overflow, "signed overflow", unsigned long a __attribute__((unused)), unsigned long b __attribute__((unused)))
CHECK(negate_overflow, "signed overflow", unsigned long a __attribute__((unused)))
CHECK(load_invalid_value, "invalid value", unsigned long a __attribute__((unused)))
CHECK(builtin_unreachable, "unreachable code")

#pragma GCC visibility pop
