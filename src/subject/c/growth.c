/* SPDX-License-Identifier: MIT */
/*
 * What in the driver's data takes ever new values: a count that nothing sets back makes every state a new one, and a search
 * of them never ends. Data is looked at in halves of a word, which is where ints are.
 */
#include "harness.h"

enum {
	/*
	 * So many values, each above or below all before it, and it is taken to grow; so many, where nearly each is; and so few,
	 * where it is known to grow. What goes round the counters of a hart, of which there are 32, has fewer.
	 */
	GROWS = 34,
	NEARLY_GROWS = 42,
	GROWS_AS_KNOWN = 4,
	/* So many, whatever they are. */
	NEVER_COMES_BACK = 4096,
};

struct half { unsigned values, extremes; int least, most, is_known; };
static struct half *halves;
static unsigned half_count;
/* The values that each half has had: the number of the half and the value, plus one; 0 is a free place. */
static u64 *seen;
static size_t seen_size, seen_count;
/* The first state that was not looked at. */
static int looked;

static u64 *place_of(u64 key)
{
	size_t at = (key * 0x9e3779b97f4a7c15ULL) >> 20 & (seen_size - 1);

	while (seen[at] && seen[at] != key)
		at = (at + 1) & (seen_size - 1);
	return &seen[at];
}

/* Whether the half never had the value before. */
static int is_new(unsigned half, int value)
{
	u64 key = ((u64)half << 32 | (u32)value) + 1, *place;

	if (seen_count * 2 >= seen_size) {
		u64 *old = seen;
		size_t old_size = seen_size;

		seen_size = seen_size ? seen_size * 2 : 4096;
		seen = need(calloc(seen_size, sizeof(*seen)));
		for (size_t i = 0; i < old_size; i++)
			if (old[i])
				*place_of(old[i]) = old[i];
		free(old);
	}
	place = place_of(key);
	if (*place)
		return 0;
	*place = key;
	seen_count++;
	return 1;
}

static void meet(unsigned number, int value)
{
	struct half *half = &halves[number];

	/* Enough is known of it. */
	if (half->values >= 2 * NEVER_COMES_BACK || !is_new(number, value))
		return;
	if (half->values == 0)
		half->least = half->most = value;
	if (half->values == 0 || value > half->most || value < half->least)
		half->extremes++;
	if (value > half->most)
		half->most = value;
	if (value < half->least)
		half->least = value;
	half->values++;
}

/* The words of the driver's own data, by number; the other words are those of the world. */
static const struct region *own_region(unsigned word, unsigned *within)
{
	for (unsigned r = 0; r < region_count; word -= regions[r++].words)
		if (word < regions[r].words) {
			*within = word;
			return regions[r].is_own ? &regions[r] : NULL;
		}
	return NULL;
}

static void look_at(const struct state *state)
{
	unsigned within;

	for (unsigned i = 0; i < state->words; i++) {
		const struct region *region = own_region(state->where[i], &within);

		for (int upper = 0; region && upper < 2; upper++) {
			u32 value = state->value[i] >> 32 * upper;

			if (value != (u32)(region->boot[within] >> 32 * upper))
				meet(state->where[i] * 2 + upper, value);
		}
	}
}

static int grows(const struct half *half)
{
	/* A word of the scope has as many values as its bits allow, and is no growth. */
	unsigned words = machine.word_bits < 12 ? 1u << machine.word_bits : 0;

	if (half->values >= NEVER_COMES_BACK + words)
		return 1;
	if (half->extremes * 4 < half->values * 3)
		return 0;
	if (half->is_known)
		return half->values >= GROWS_AS_KNOWN;
	return half->values >= words + (half->extremes == half->values ? GROWS : NEARLY_GROWS);
}

/* Answers with what grows, given what is known to: each half with its number, where it lies, and how many values it had. */
void tell_growth(char *known)
{
	const struct state *state;
	char *word;

	if (halves == NULL) {
		for (unsigned i = 0; i < region_count; i++)
			half_count += regions[i].words * 2;
		halves = need(calloc(half_count, sizeof(*halves)));
	}
	for (; (state = state_at(looked)); looked++)
		look_at(state);
	while ((word = strsep(&known, " \n")))
		if (*word && (unsigned)atoi(word) < half_count)
			halves[atoi(word)].is_known = 1;
	for (unsigned r = 0, base = 0; r < region_count; base += regions[r++].words * 2)
		for (unsigned i = 0; regions[r].is_own && i < regions[r].used * 2; i++)
			if (grows(&halves[base + i])) {
				printf("+ %u ", base + i);
				print_place((char *)regions[r].at + i * 4);
				printf(" %u\n", halves[base + i].values);
			}
}
