/* SPDX-License-Identifier: MIT */
/*
 * What the driver allocates. It lies in one arena, headers included, so that it is part of a state like all of its data.
 * A block is the first that is large enough: the same blocks in use are the same bytes, whatever was freed before.
 */
#include "harness.h"
#include <sys/mman.h>

/* In units of 16 bytes; a size of 0 ends the arena. */
struct block { u32 size, in_use; u64 unused; };

static struct block *arena;
static size_t highest;
enum { BLOCKS_OF_EVENT = 8 };
static unsigned most_blocks = UINT_MAX;

/* Memory between two pages that nobody may touch. */
void *guarded(size_t bytes)
{
	char *all = mmap(NULL, bytes + 2 * 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (all == MAP_FAILED || mprotect(all + 4096, bytes, PROT_READ | PROT_WRITE))
		no_memory();
	return all + 4096;
}

void *arena_start(void)
{
	return arena = guarded(ARENA_BYTES);
}

/* How many bytes, from the first, were ever in use. */
size_t arena_used(void)
{
	return highest;
}

static struct block *next(struct block *block)
{
	return block + 1 + block->size;
}

static unsigned blocks_in_use(void)
{
	unsigned count = 0;

	for (struct block *block = arena; block->size; block = next(block))
		count += block->in_use;
	return count;
}

/* More than a few blocks for each event are a leak: a search of ever more of them never ends. */
void bound_blocks(void)
{
	most_blocks = blocks_in_use() + BLOCKS_OF_EVENT * machine.events;
}

void *shim_alloc(size_t size, int zero)
{
	u32 units = size ? (size + 15) / 16 : 1;
	struct block *block = arena, *end = arena + ARENA_BYTES / sizeof(*arena) - 1;

	if (size > ARENA_BYTES) {
		out_of("the driver allocates more than there is room for");
		return NULL;
	}
	for (; block->size; block = next(block))
		if (!block->in_use && block->size >= units)
			break;
	if (block->size == 0) {
		if (units + 1 > end - block) {
			out_of("the driver allocates more than there is room for");
			return NULL;
		}
		block->size = units;
	} else if (block->size > units) {
		block[1 + units].size = block->size - units - 1;
		block->size = units;
		if (next(block)->size == 0)
			block->size = units + 1;
	}
	block->in_use = 1;
	if (blocks_in_use() > most_blocks)
		out_of("the driver allocates ever more memory");
	if ((size_t)((char *)next(block) - (char *)arena) > highest)
		highest = (char *)next(block) - (char *)arena;
	/* What is not asked to be zero may be anything. */
	return memset(block + 1, zero ? 0 : 0xa5, block->size * 16UL);
}

void shim_free(const void *address)
{
	struct block *freed = (struct block *)address - 1;

	if (address == NULL)
		return;
	/* As the kernel does where what is freed was never allocated, or was freed before. */
	if (freed < arena || (char *)freed >= (char *)arena + highest || !freed->in_use)
		__builtin_trap();
	freed->in_use = 0;
	memset(freed + 1, 0, freed->size * 16UL);
	for (struct block *block = arena, *after; block->size; block = after) {
		after = next(block);
		while (!block->in_use && after->size && !after->in_use) {
			block->size += 1 + after->size;
			memset(after, 0, sizeof(*after));
			after = next(block);
		}
		if (!block->in_use && after->size == 0)
			memset(block, 0, sizeof(*block));
	}
}
