/* SPDX-License-Identifier: MIT */
/*
 * States by number. A state is what differs from the memory after boot, word by word; equal memory is the same state.
 * Pointers keep their meaning, since nothing ever moves.
 */
#include "process.h"
#include <string.h>
#include <sys/mman.h>

struct region {
	u64 *at;
	unsigned long bytes, *used;
	enum host_owner owner;
	u64 *boot;
	unsigned long boot_words, most_words;
};
static struct region regions[32];
static unsigned region_count;

void host_growing_region(void *at, unsigned long bytes, unsigned long *used, enum host_owner owner)
{
	regions[region_count++] = (struct region){ .at = at, .bytes = bytes, .used = used, .owner = owner };
}

void host_region(void *at, unsigned long bytes, enum host_owner owner)
{
	host_growing_region(at, bytes, NULL, owner);
}

static unsigned long words_of(const struct region *region)
{
	return (region->used ? *region->used + 7 : region->bytes) / 8;
}

void *host_reserve(unsigned long bytes)
{
	return mmap(NULL, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
}

void *host_memory(unsigned long bytes)
{
	return mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
}

void *host_map_at(void *wanted, unsigned long bytes)
{
	void *at = mmap(wanted, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

	return at == wanted ? at : NULL;
}

void host_pointers(const void *from, const void *to, void (*found)(const void *where, const void *value))
{
	for (unsigned i = 0; i < region_count; i++) {
		if (regions[i].owner != OF_DRIVER)
			continue;
		for (unsigned long word = 0, words = words_of(&regions[i]); word < words; word++) {
			const void *value = (const void *)regions[i].at[word];

			if (value >= from && value < to)
				found(&regions[i].at[word], value);
		}
	}
}

void keep_boot_image(void)
{
	for (unsigned i = 0; i < region_count; i++) {
		struct region *region = &regions[i];

		region->boot_words = region->most_words = words_of(region);
		region->boot = malloc(region->boot_words * 8 + 8);
		memcpy(region->boot, region->at, region->boot_words * 8);
	}
}

struct state { unsigned words; u32 *where; u64 *value; };
static struct state *states;
static unsigned *slots, state_count, slot_count;
enum { MOST_WORDS = 1 << 18 };
static u32 where[MOST_WORDS];
static u64 value[MOST_WORDS];

static unsigned hash(unsigned words)
{
	u64 mixed = words;

	for (unsigned i = 0; i < words; i++) {
		mixed = (mixed ^ where[i]) * 0x9e3779b97f4a7c15ULL;
		mixed = (mixed ^ value[i] ^ (mixed >> 29)) * 0xbf58476d1ce4e5b9ULL;
	}
	return (unsigned)(mixed ^ (mixed >> 32));
}

static void grow(void)
{
	slot_count = slot_count ? slot_count * 2 : 4096;
	free(slots);
	slots = calloc(slot_count, sizeof(*slots));
	states = realloc(states, slot_count / 2 * sizeof(*states));
	for (unsigned n = 0; n < state_count; n++) {
		unsigned slot;

		memcpy(where, states[n].where, states[n].words * sizeof(u32));
		memcpy(value, states[n].value, states[n].words * sizeof(u64));
		for (slot = hash(states[n].words) & (slot_count - 1); slots[slot];)
			slot = (slot + 1) & (slot_count - 1);
		slots[slot] = n + 1;
	}
}

/* The number of the state that the memory is in now; -1 if it differs in more than can be kept. */
int capture(void)
{
	unsigned words = 0, slot;
	u32 base = 0;

	if (state_count * 2 >= slot_count)
		grow();
	for (unsigned i = 0; i < region_count; base += regions[i++].bytes / 8 + 1) {
		struct region *region = &regions[i];
		unsigned long count = words_of(region);

		if (count > region->most_words)
			region->most_words = count;
		for (unsigned long word = 0; word < count; word++)
			if (region->at[word] != (word < region->boot_words ? region->boot[word] : 0)) {
				if (words == MOST_WORDS)
					return -1;
				where[words] = base + word;
				value[words++] = region->at[word];
			}
	}
	for (slot = hash(words) & (slot_count - 1); slots[slot]; slot = (slot + 1) & (slot_count - 1)) {
		struct state *known = &states[slots[slot] - 1];

		if (known->words == words && memcmp(known->where, where, words * sizeof(u32)) == 0 &&
		    memcmp(known->value, value, words * sizeof(u64)) == 0)
			return slots[slot] - 1;
	}
	slots[slot] = state_count + 1;
	states[state_count].words = words;
	states[state_count].where = memcpy(malloc(words * sizeof(u32) + 1), where, words * sizeof(u32));
	states[state_count].value = memcpy(malloc(words * sizeof(u64) + 1), value, words * sizeof(u64));
	return state_count++;
}

/* Puts the memory back. False if there is no such state. */
int restore(int number)
{
	struct state *state = &states[number];
	unsigned i = 0;
	u32 base = 0;

	if (number < 0 || (unsigned)number >= state_count)
		return 0;
	for (unsigned r = 0; r < region_count; base += regions[r++].bytes / 8 + 1) {
		struct region *region = &regions[r];

		memcpy(region->at, region->boot, region->boot_words * 8);
		if (region->most_words > region->boot_words)
			memset(region->at + region->boot_words, 0, (region->most_words - region->boot_words) * 8);
		for (; i < state->words && state->where[i] < base + region->bytes / 8 + 1; i++)
			region->at[state->where[i] - base] = state->value[i];
	}
	return 1;
}
