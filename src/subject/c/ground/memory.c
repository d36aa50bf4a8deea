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
	host_ulong bytes, *used;
	enum host_owner owner;
	u64 *boot;
	unsigned long boot_words, most_words;
};
static struct region regions[32];
static unsigned region_count;

void host_growing_region(void *at, host_ulong bytes, host_ulong *used, enum host_owner owner)
{
	regions[region_count++] = (struct region){ .at = at, .bytes = bytes, .used = used, .owner = owner };
}

void host_region(void *at, host_ulong bytes, enum host_owner owner)
{
	host_growing_region(at, bytes, NULL, owner);
}

static unsigned long words_of(const struct region *region)
{
	return (region->used ? *region->used + 7 : region->bytes) / 8;
}

void *host_reserve(host_ulong bytes)
{
	return mmap(NULL, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | WHERE, -1, 0);
}

void *host_memory(host_ulong bytes)
{
	return mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | WHERE, -1, 0);
}

void *host_map_at(void *wanted, host_ulong bytes)
{
	void *at = mmap(wanted, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

	return at == wanted ? at : NULL;
}

/* A pointer in the memory of a driver. */
#ifdef HOST_NARROW
typedef host_ulong pointer;
#else
typedef unsigned long pointer;
#endif

void host_pointers(const void *from, const void *to, void (*found)(const void *where, const void *value))
{
	for (unsigned i = 0; i < region_count; i++) {
		if (regions[i].owner != OF_DRIVER)
			continue;
		const pointer *at = (const pointer *)regions[i].at;

		for (unsigned long word = 0, words = words_of(&regions[i]) * 8 / sizeof(pointer); word < words; word++) {
			const void *value = (const void *)(unsigned long)at[word];

			if (value >= from && value < to)
				found(&at[word], value);
		}
	}
}

host_long host_word(const void *at)
{
	u32 base = 0;

	for (unsigned i = 0; i < region_count; base += regions[i++].bytes / 8 + 1)
		if ((const char *)at >= (const char *)regions[i].at && (const char *)at < (const char *)regions[i].at + regions[i].bytes)
			return base + ((const char *)at - (const char *)regions[i].at) / 8;
	return -1;
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

enum { MOST_WORDS = 1 << 18 };
static u32 where[MOST_WORDS];
static u64 value[MOST_WORDS];

/* The number of the state that the memory is in now; -1 if it differs in more than can be kept. */
int capture(void)
{
	unsigned words = 0;
	u32 base = 0;

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
	return number_of_state(where, value, words);
}

/* Puts the memory back. False if there is no such state. */
int restore(int number)
{
	const struct state *state = state_at(number);
	unsigned i = 0;
	u32 base = 0;

	if (state == NULL)
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
