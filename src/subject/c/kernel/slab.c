/* SPDX-License-Identifier: MIT */
/* The heap: a part of the state, in which equal runs get equal addresses. What is freed is written over. */
#include "hp.h"

enum { HEAP = 1 << 22, FREED = 0x6b };
/* `in_use` is the number of its taking, and `at` where the driver took it: NULL for the kernel's own. */
struct chunk { u32 size; u32 in_use; const void *at; };
static char *heap;
static unsigned long heap_used;

static void heap_boot(void)
{
	heap = host_memory(HEAP);
	host_growing_region(heap, HEAP, &heap_used, OF_DRIVER);
}

void *hp_alloc(size_t size)
{
	size_t bytes = (size + sizeof(struct chunk) + 15) & ~15UL;
	struct chunk *chunk;

	for (unsigned long at = 0; at < heap_used; at += chunk->size) {
		chunk = (void *)&heap[at];
		if (!chunk->in_use && chunk->size == bytes)
			goto found;
	}
	if (heap_used + bytes > HEAP)
		return NULL;
	chunk = (void *)&heap[heap_used];
	heap_used += bytes;
	chunk->size = bytes;
found:
	chunk->in_use = next_taken();
	chunk->at = NULL;
	memset(chunk + 1, 0, bytes - sizeof(*chunk));
	return chunk + 1;
}

static struct chunk *chunk_of(const void *at)
{
	return (const char *)at > heap && (const char *)at < heap + heap_used ? (struct chunk *)at - 1 : NULL;
}

/* Whether memory of the heap lies there, all of it in use. */
static bool is_heap(const void *from, unsigned long bytes)
{
	return (const char *)from >= heap && (const char *)from + bytes <= heap + heap_used;
}

void hp_free(const void *at)
{
	struct chunk *chunk = chunk_of(at);

	if (!chunk)
		return;
	if (!chunk->in_use)
		host_fact(HERE, "\"type\":\"double free\"");
	chunk->in_use = 0;
	chunk->at = NULL;
	memset(chunk + 1, FREED, chunk->size - sizeof(*chunk));
}

static void *allocate_with(size_t size, gfp_t flags, const void *at)
{
	void *allocated;

	if (flags & __GFP_DIRECT_RECLAIM)
		hp_sleeps(at, "an allocation with GFP_KERNEL");
	if (!size)
		return ZERO_SIZE_PTR;
	allocated = hp_fails("an allocation", at) ? NULL : hp_alloc(size);
	if (allocated)
		chunk_of(allocated)->at = at;
	return allocated;
}
static void memory_left(u32 since)
{
	for (unsigned long at = 0; at < heap_used; at += ((struct chunk *)&heap[at])->size) {
		const struct chunk *chunk = (void *)&heap[at];

		if (counts_as_left(chunk->in_use, since) && chunk->at)
			host_fact(chunk->at, "\"type\":\"left\",\"what\":\"memory\"");
	}
}

/* Whether it lies in memory that was freed. */
static bool is_freed(const void *at)
{
	for (unsigned long from = 0; from < heap_used; from += ((struct chunk *)&heap[from])->size) {
		const struct chunk *chunk = (void *)&heap[from];

		if ((const char *)at > (const char *)chunk && (const char *)at < (const char *)chunk + chunk->size)
			return !chunk->in_use;
	}
	return false;
}

struct kmem_cache { unsigned int size; };
#define CACHE(name, ...) void *hp_##name(__VA_ARGS__) NAMED(name); void *hp_##name(__VA_ARGS__)
CACHE(__kmalloc, size_t size, gfp_t flags) { return allocate_with(size, flags, HERE); }
CACHE(__kmalloc_noprof, size_t size, gfp_t flags) { return allocate_with(size, flags, HERE); }
CACHE(__kmalloc_node_noprof, size_t size, size_t align, gfp_t flags, int node) { return allocate_with(size, flags, HERE); }
CACHE(__kmalloc_large_noprof, size_t size, gfp_t flags) { return allocate_with(size, flags, HERE); }
CACHE(__kmalloc_cache_noprof, void *cache, gfp_t flags, size_t size) { return allocate_with(size, flags, HERE); }
CACHE(__kmalloc_cache_node_noprof, void *cache, gfp_t flags, int node, size_t size) { return allocate_with(size, flags, HERE); }
CACHE(kmalloc_trace, void *cache, gfp_t flags, size_t size) { return allocate_with(size, flags, HERE); }
CACHE(kmalloc_node_trace, void *cache, gfp_t flags, int node, size_t size) { return allocate_with(size, flags, HERE); }
CACHE(kmem_cache_alloc_trace, void *cache, gfp_t flags, size_t size) { return allocate_with(size, flags, HERE); }
CACHE(kvmalloc_node, size_t size, gfp_t flags, int node) { return allocate_with(size, flags, HERE); }
CACHE(__kvmalloc_node_noprof, size_t size, gfp_t flags, int node) { return allocate_with(size, flags, HERE); }
CACHE(krealloc_noprof, const void *old, size_t size, gfp_t flags)
{
	struct chunk *chunk = chunk_of(old);
	void *at = allocate_with(size, flags, HERE);

	if (at && chunk)
		memcpy(at, old, min(size, (size_t)chunk->size - sizeof(*chunk)));
	hp_free(old);
	return at;
}
void *hp_kmalloc_caches[64] NAMED(kmalloc_caches);
/* Pages: an address is its own physical one, and a page is known by its number alone. */
static void *aligned(void *at) { return (void *)(((unsigned long)at + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1)); }
static struct page *allocate_pages(unsigned int order, gfp_t flags, const void *from)
{
	void *at = allocate_with((PAGE_SIZE << order) + PAGE_SIZE, flags, from);

	return at ? (struct page *)((unsigned long)aligned(at) / PAGE_SIZE * sizeof(struct page)) : NULL;
}
struct page *hp_alloc_pages(gfp_t flags, unsigned int order, int node, void *mask) NAMED(__alloc_pages);
struct page *hp_alloc_pages(gfp_t flags, unsigned int order, int node, void *mask) { return allocate_pages(order, flags, HERE); }
struct page *hp_alloc_pages_noprof(gfp_t flags, unsigned int order, int node, void *mask) NAMED(__alloc_pages_noprof);
struct page *hp_alloc_pages_noprof(gfp_t flags, unsigned int order, int node, void *mask) { return allocate_pages(order, flags, HERE); }
void hp_free_pages(unsigned long address, unsigned int order) NAMED(free_pages);
void hp_free_pages(unsigned long address, unsigned int order)
{
	for (unsigned long at = 0; at < heap_used; at += ((struct chunk *)&heap[at])->size) {
		struct chunk *chunk = (void *)&heap[at];

		if (chunk->in_use && address > (unsigned long)chunk && address < (unsigned long)chunk + chunk->size) {
			hp_free(chunk + 1);
			return;
		}
	}
}
long hp_kernel_map[64] NAMED(kernel_map);
void hp_kfree(const void *at) NAMED(kfree);
void hp_kfree(const void *at) { hp_free(at); }
void hp_kvfree(const void *at) NAMED(kvfree);
void hp_kvfree(const void *at) { hp_free(at); }
size_t hp_ksize(const void *at) NAMED(ksize);
size_t hp_ksize(const void *at) { return chunk_of(at) ? chunk_of(at)->size - sizeof(struct chunk) : 0; }

char *hp_strdup(const char *text)
{
	char *copy = hp_alloc(strlen(text) + 1);

	return copy ? strcpy(copy, text) : NULL;
}
char *hp_kstrdup(const char *text, gfp_t flags) NAMED(kstrdup);
char *hp_kstrdup(const char *text, gfp_t flags)
{
	char *copy = text ? allocate_with(strlen(text) + 1, flags, HERE) : NULL;

	return copy ? strcpy(copy, text) : NULL;
}
CACHE(kmemdup_noprof, const void *from, size_t size, gfp_t flags)
{
	void *at = allocate_with(size, flags, HERE);

	return at ? memcpy(at, from, size) : NULL;
}
