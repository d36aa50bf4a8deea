/* SPDX-License-Identifier: MIT */
/*
 * Atomic accesses to plain words. In an open or a close each is a fact and a scheduling point, except to what no other
 * thread can see; what runs with interrupts off runs in one piece, and its words are told by what they do.
 */
#include "harness.h"

#define HERE __builtin_return_address(0)

static int is_shared(const void *at)
{
	const char *address = at, *call = (const char *)&own[now.running]->call;
	const char *event = (const char *)&own[now.running]->event;

	return !(address >= call && address < call + sizeof(struct call)) &&
	       !(address >= event && address < event + sizeof(struct perf_event));
}

/* Whether the access that follows is to be told; others had their turn before it. */
static int enter(const void *at)
{
	if (now.running < 0)
		return 0;
	observe_pending();
	if (own[now.running]->call.callback >= ADD || !is_shared(at))
		return 0;
	point();
	return 1;
}

static void tell(const void *here, const void *at, const char *what, int did)
{
	fact(here, "{\"type\":\"word.%s\",\"event\":%d,\"offset\":%ld%s}", what, now.running, data_offset(at), did ? "" : ",\"failed\":true");
}

bool shim_word_cmpxchg(void *at, void *old, const void *new, unsigned size)
{
	int tells = enter(at), is_owner = now.running >= 0 && at == (void *)subject->perf_irq;
	bool same = memcmp(at, old, size) == 0;

	if (is_owner)
		perf_irq_was_read(HERE);
	memcpy(old, at, size);
	if (same)
		memcpy(at, new, size);
	if (is_owner && same)
		perf_irq_was_written(HERE);
	else if (tells && !is_owner)
		tell(HERE, at, "cmpxchg", same);
	return same;
}

void shim_word_xchg(void *at, void *word, unsigned size)
{
	char was[16];
	int tells = enter(at), is_owner = now.running >= 0 && at == (void *)subject->perf_irq;

	if (is_owner)
		perf_irq_was_read(HERE);
	memcpy(was, at, size);
	memcpy(at, word, size);
	memcpy(word, was, size);
	if (is_owner)
		perf_irq_was_written(HERE);
	else if (tells)
		tell(HERE, at, "xchg", 1);
}

void shim_word_add(void *at, void *sum, unsigned size)
{
	int tells = enter(at);

	if (size == sizeof(u64))
		*(u64 *)sum = *(u64 *)at += *(u64 *)sum;
	else
		*(u32 *)sum = *(u32 *)at += *(u32 *)sum;
	if (tells)
		tell(HERE, at, "add", 1);
}

bool shim_word_bit(long bit, unsigned long *map, int value)
{
	unsigned long *word = &map[bit / 64], one = 1UL << bit % 64;
	int tells = enter(word);
	bool was = (*word & one) != 0;

	if (value < 0 ? !was : value)
		*word |= one;
	else
		*word &= ~one;
	if (tells)
		tell(HERE, word, *word & one ? "set_bit" : "clear_bit", 1);
	return was;
}

/* The announced access to the owner of the PMC tells itself. */
void shim_word_read(const void *at)
{
	if (at != (const void *)subject->perf_irq && enter(at))
		tell(HERE, at, "read", 1);
}

void shim_word_write(const void *at)
{
	if (at != (const void *)subject->perf_irq && enter(at))
		tell(HERE, at, "write", 1);
}
