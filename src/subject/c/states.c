/* SPDX-License-Identifier: MIT */
/*
 * States by number. A state is what differs from the memory after boot, word by word, in the regions and in the calls
 * that are on their way; equal memory is the same state. Pointers keep their meaning, since nothing ever moves.
 */
#include "harness.h"

enum { CALL_WORDS = sizeof(struct call) / 8, STACK_WORDS = STACK_BYTES / 8 };

/* The state that is being captured; there is room for every word that can differ. */
static u32 *where;
static u64 *value;

/* How many words a state can have at the most. */
static size_t most_words(void)
{
	size_t words = SHIM_MAX_EVENTS * (CALL_WORDS + STACK_WORDS);

	for (unsigned i = 0; i < region_count; i++)
		words += regions[i].words;
	return words;
}

static unsigned differ(const u64 *at, const u64 *boot, unsigned words, unsigned base, unsigned found)
{
	for (unsigned i = 0; i < words; i++)
		if (at[i] != (boot ? boot[i] : 0)) {
			where[found] = base + i;
			value[found++] = at[i];
		}
	return found;
}

/* From which word on the stack of a call is in use; code that has returned leaves nothing there. */
static unsigned stack_from(const struct call *call, int event)
{
	if (call->returned)
		return STACK_WORDS;
#ifdef __x86_64__
	return ((char *)call->context.uc_mcontext.gregs[15] - stacks[event]) / 8; /* REG_RSP */
#else
	return 0;
#endif
}

/* A call is found in the memory only while it is on its way. */
static unsigned call_differs(int event, unsigned base, unsigned found)
{
	struct call *call = &world->calls[event];
	unsigned from;

	if (call->callback == NO_CALL)
		return found;
	from = stack_from(call, event);
	found = differ((u64 *)call, NULL, CALL_WORDS, base, found);
	return differ((u64 *)stacks[event] + from, NULL, STACK_WORDS - from, base + CALL_WORDS + from, found);
}

/* The number of the state that the memory is in now. */
int capture(void)
{
	unsigned words = 0, base = 0;

	if (where == NULL) {
		where = need(malloc(most_words() * sizeof(*where)));
		value = need(malloc(most_words() * sizeof(*value)));
	}
	narrow_data();
	look_at_arena();
	for (unsigned i = 0; i < region_count; base += regions[i++].words)
		words = differ(regions[i].at, regions[i].boot, regions[i].used, base, words);
	for (int event = 0; event < machine.events; event++, base += CALL_WORDS + STACK_WORDS)
		words = call_differs(event, base, words);
	return number_of_state(where, value, words);
}

/* Puts the memory back. False if there is no such state. */
int restore(int number)
{
	const struct state *state = state_at(number);
	unsigned i = 0, base = 0;

	if (state == NULL)
		return 0;
	for (unsigned r = 0; r < region_count; base += regions[r++].words) {
		memcpy(regions[r].at, regions[r].boot, regions[r].used * 8UL);
		for (; i < state->words && state->where[i] < base + regions[r].words; i++)
			regions[r].at[state->where[i] - base] = state->value[i];
	}
	for (int event = 0; event < machine.events; event++, base += CALL_WORDS + STACK_WORDS) {
		if (world->calls[event].callback != NO_CALL)
			forget_call(event);
		for (; i < state->words && state->where[i] < base + CALL_WORDS; i++)
			((u64 *)&world->calls[event])[state->where[i] - base] = state->value[i];
		for (; i < state->words && state->where[i] < base + CALL_WORDS + STACK_WORDS; i++)
			((u64 *)stacks[event])[state->where[i] - base - CALL_WORDS] = state->value[i];
	}
	return 1;
}
