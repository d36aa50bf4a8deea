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

/* The state that the memory is in, but for what is in no state. */
enum { UNKNOWN = -1 };
static int in_memory = UNKNOWN;

/* How many words a state can have at the most. */
static size_t most_words(void)
{
	size_t words = SHIM_MAX_EVENTS * (CALL_WORDS + STACK_WORDS);

	for (unsigned i = 0; i < region_count; i++)
		words += regions[i].words;
	return words;
}

/* Words are compared so many at a time: most are as they were. */
enum { AT_ONCE = 32 };

static unsigned differ(const u64 *at, const u64 *boot, unsigned words, unsigned base, unsigned found)
{
	static const u64 zero[AT_ONCE];

	for (unsigned from = 0; from < words; from += AT_ONCE) {
		unsigned end = words - from < AT_ONCE ? words : from + AT_ONCE;

		if (memcmp(at + from, boot ? boot + from : zero, (end - from) * 8UL) == 0)
			continue;
		for (unsigned i = from; i < end; i++)
			if (at[i] != (boot ? boot[i] : 0)) {
				where[found] = base + i;
				value[found++] = at[i];
			}
	}
	return found;
}

/* From which word on the stack of a call is in use; code that has returned leaves nothing there. */
static unsigned stack_from(const struct call *call, int event)
{
	char *lowest = lowest_in_use(call->left);

	if (call->returned)
		return STACK_WORDS;
	return lowest ? (lowest - stacks[event]) / 8 : 0;
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
	in_memory = number_of_state(where, value, words);
	return in_memory;
}

void lose_state(void)
{
	in_memory = UNKNOWN;
}

/* Writes the words of a state, or takes them back to what they were after boot. */
static void put(const struct state *state, int back)
{
	unsigned i = 0, base = 0;

	for (unsigned r = 0; r < region_count; base += regions[r++].words)
		for (; i < state->words && state->where[i] < base + regions[r].words; i++) {
			unsigned word = state->where[i] - base;

			regions[r].at[word] = back ? regions[r].boot[word] : state->value[i];
		}
	for (int event = 0; event < machine.events; event++, base += CALL_WORDS + STACK_WORDS) {
		for (; i < state->words && state->where[i] < base + CALL_WORDS; i++)
			((u64 *)&world->calls[event])[state->where[i] - base] = back ? 0 : state->value[i];
		for (; i < state->words && state->where[i] < base + CALL_WORDS + STACK_WORDS; i++)
			((u64 *)stacks[event])[state->where[i] - base - CALL_WORDS] = back ? 0 : state->value[i];
	}
}

/* The memory after boot. */
static void put_all_back(void)
{
	for (unsigned r = 0; r < region_count; r++)
		memcpy(regions[r].at, regions[r].boot, regions[r].used * 8UL);
	for (int event = 0; event < machine.events; event++)
		forget_call(event);
}

/* Puts the memory back. False if there is no such state. */
int restore(int number)
{
	const struct state *state = state_at(number);
	int ran = call_that_ran();

	if (state == NULL)
		return 0;
	if (in_memory == UNKNOWN) {
		put_all_back();
	} else {
		/* No state has what lies beyond the end of a stack; a call that runs finds nothing there. */
		if (ran >= 0 && !world->calls[ran].returned)
			memset(stacks[ran], 0, stack_from(&world->calls[ran], ran) * 8UL);
		put(state_at(in_memory), 1);
	}
	put(state, 0);
	in_memory = number;
	return 1;
}
