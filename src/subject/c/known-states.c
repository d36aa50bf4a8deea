/* SPDX-License-Identifier: MIT */
/* States by number: equal words are the same state. */
#include "numbers.h"
#include <stdlib.h>
#include <string.h>

static struct state *states;
static unsigned *slots, state_count, slot_count;

static unsigned hash(const uint32_t *where, const unsigned long long *value, unsigned words)
{
	unsigned long long mixed = words;

	for (unsigned i = 0; i < words; i++) {
		mixed = (mixed ^ value[i] ^ (unsigned long long)where[i] << 40) * 0x9e3779b97f4a7c15ULL;
		mixed ^= mixed >> 29;
	}
	return (unsigned)(mixed ^ (mixed >> 32));
}

static void grow(void)
{
	slot_count = slot_count ? slot_count * 2 : 4096;
	free(slots);
	slots = need(calloc(slot_count, sizeof(*slots)));
	states = need(realloc(states, slot_count / 2 * sizeof(*states)));
	for (unsigned n = 0; n < state_count; n++) {
		unsigned slot = hash(states[n].where, states[n].value, states[n].words) & (slot_count - 1);

		while (slots[slot])
			slot = (slot + 1) & (slot_count - 1);
		slots[slot] = n + 1;
	}
}

int number_of_state(const uint32_t *where, const unsigned long long *value, unsigned words)
{
	struct state *made;
	unsigned slot;

	if (state_count * 2 >= slot_count)
		grow();
	for (slot = hash(where, value, words) & (slot_count - 1); slots[slot]; slot = (slot + 1) & (slot_count - 1)) {
		struct state *known = &states[slots[slot] - 1];

		if (known->words == words && memcmp(known->where, where, words * sizeof(*where)) == 0 &&
		    memcmp(known->value, value, words * sizeof(*value)) == 0)
			return slots[slot] - 1;
	}
	slots[slot] = state_count + 1;
	made = &states[state_count];
	made->words = words;
	/* One piece, since both are looked at together. */
	made->value = memcpy(need(malloc(words * (sizeof(*value) + sizeof(*where)) + 1)), value, words * sizeof(*value));
	made->where = memcpy(made->value + words, where, words * sizeof(*where));
	return state_count++;
}

const struct state *state_at(int number)
{
	return number >= 0 && (unsigned)number < state_count ? &states[number] : NULL;
}
