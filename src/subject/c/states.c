/* SPDX-License-Identifier: MIT */
/*
 * States by number of their pieces: one of the memory that all share, and one of what is of each event. A piece is what differs
 * from the memory after boot, word by word; equal memory is the same piece. Pointers keep their meaning, since nothing ever moves.
 */
#include "harness.h"

enum { CALL_WORDS = sizeof(struct call) / 8, STACK_WORDS = STACK_BYTES / 8, EVENT_FROM = offsetof(struct own, event) / 8 };

/* The piece that is being captured; there is room for every word that can differ. */
static u32 *where;
static u64 *value;

/* The pieces that the memory is, but for what is in none. */
enum { UNKNOWN = -1 };
static int shared_in_memory = UNKNOWN, own_in_memory[SHIM_MAX_EVENTS];

/* How many words there are that all share. */
static unsigned shared_words(void)
{
	unsigned words = 0;

	for (unsigned i = 0; i < region_count; i++)
		words += regions[i].words;
	return words;
}

static void make_room(void)
{
	size_t most = shared_words() > own_words() ? shared_words() : own_words();

	if (where)
		return;
	where = need(malloc(most * sizeof(*where)));
	value = need(malloc(most * sizeof(*value)));
	for (int event = 0; event < SHIM_MAX_EVENTS; event++)
		own_in_memory[event] = UNKNOWN;
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
static unsigned stack_from(int event)
{
	const struct call *call = &own[event]->call;
	char *lowest = lowest_in_use(call->left);

	if (call->returned)
		return STACK_WORDS;
	return lowest ? (lowest - own[event]->stack) / 8 : 0;
}

int capture_shared(void)
{
	unsigned words = 0, base = 0;

	make_room();
	narrow_data();
	look_at_arena();
	for (unsigned i = 0; i < region_count; base += regions[i++].words)
		words = differ(regions[i].at, regions[i].boot, regions[i].used, base, words);
	return shared_in_memory = number_of_state(where, value, words);
}

/* The first word of what is of an event. */
static unsigned base_of(int event)
{
	return shared_words() + event * own_words();
}

int capture_own(int event)
{
	const u64 *at = (u64 *)own[event];
	unsigned from = EVENT_FROM, words = 0, base = base_of(event);

	make_room();
	/* A call is found in the memory only while it is on its way. */
	if (own[event]->call.callback != NO_CALL) {
		from = stack_from(event);
		/* No state has what lies beyond the end of a stack; a call that runs finds nothing there. */
		memset(own[event]->stack, 0, from * 8UL);
	}
	words = differ(at + from, NULL, own_words() - from, base + from, words);
	return own_in_memory[event] = number_of_state(where, value, words);
}

int shared_piece(void)
{
	return shared_in_memory;
}

int own_piece(int event)
{
	return own_in_memory[event];
}

void lose_shared(void)
{
	shared_in_memory = UNKNOWN;
}

void lose_own(int event)
{
	own_in_memory[event] = UNKNOWN;
}

/* Writes the words of a piece of the shared memory, or takes them back to what they were after boot. */
static void put_shared(const struct state *piece, int back)
{
	unsigned i = 0, base = 0;

	for (unsigned r = 0; r < region_count; base += regions[r++].words)
		for (; i < piece->words && piece->where[i] < base + regions[r].words; i++) {
			unsigned word = piece->where[i] - base;

			regions[r].at[word] = back ? regions[r].boot[word] : piece->value[i];
		}
}

static void put_own(const struct state *piece, int event, int back)
{
	u64 *at = (u64 *)own[event] - base_of(event);

	for (unsigned i = 0; i < piece->words; i++)
		at[piece->where[i]] = back ? 0 : piece->value[i];
}

int restore_shared(int number)
{
	const struct state *piece = state_at(number);

	if (piece == NULL)
		return 0;
	if (shared_in_memory == number)
		return 1;
	if (shared_in_memory == UNKNOWN)
		for (unsigned r = 0; r < region_count; r++)
			memcpy(regions[r].at, regions[r].boot, regions[r].used * 8UL);
	else
		put_shared(state_at(shared_in_memory), 1);
	put_shared(piece, 0);
	shared_in_memory = number;
	return 1;
}

int restore_own(int event, int number)
{
	const struct state *piece = state_at(number);

	if (piece == NULL)
		return 0;
	if (own_in_memory[event] == number)
		return 1;
	if (own_in_memory[event] == UNKNOWN)
		memset(own[event], 0, own_words() * 8UL);
	else
		put_own(state_at(own_in_memory[event]), event, 1);
	put_own(piece, event, 0);
	own_in_memory[event] = number;
	return 1;
}
