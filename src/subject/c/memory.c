/* SPDX-License-Identifier: MIT */
/*
 * States by number. A state is what differs from the memory after boot, word by word, in the driver's own data, its
 * per-CPU data and the world; equal memory is the same state. Pointers keep their meaning, since nothing ever moves.
 */
#include "harness.h"
#include <elf.h>
#include <link.h>
#include <sys/mman.h>

struct world *world;
long shim_percpu_offset;
int shim_hart, shim_harts;

/* The driver's writable data, then per-CPU copies of the other harts, then the events of the world. */
static struct { u64 *at, *boot; unsigned words; } regions[8];
static unsigned region_count;
static char *percpu_copies[SHIM_MAX_HARTS];

static void region(void *at, size_t bytes)
{
	regions[region_count].at = at;
	regions[region_count].words = bytes / 8;
	region_count++;
}

static int find_data(struct dl_phdr_info *info, size_t size, void *wanted)
{
	const ElfW(Phdr) *relro = NULL;
	int found = 0;

	(void)size;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *header = &info->dlpi_phdr[i];
		const char *start = (const char *)info->dlpi_addr + header->p_vaddr;

		if (header->p_type == PT_GNU_RELRO)
			relro = header;
		if (header->p_type == PT_LOAD && (const char *)wanted >= start && (const char *)wanted < start + header->p_memsz)
			found = 1;
	}
	if (!found)
		return 0;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *header = &info->dlpi_phdr[i];
		size_t from = header->p_vaddr, to = header->p_vaddr + header->p_memsz;

		if (header->p_type != PT_LOAD || !(header->p_flags & PF_W))
			continue;
		if (relro && relro->p_vaddr >= from && relro->p_vaddr < to) {
			from = relro->p_vaddr + relro->p_memsz;
			from = (from + 4095) & ~4095UL;
		}
		if (from < to)
			region((void *)(info->dlpi_addr + ((from + 7) & ~7UL)), (to - from) & ~7UL);
	}
	return 1;
}

void *percpu_at(int hart)
{
	return hart == 0 ? subject->percpu : percpu_copies[hart];
}

long data_offset(const void *address)
{
	const char *at = address, *data = (const char *)regions[0].at;

	return at >= data && at < data + regions[0].words * 8 ? at - data : -1;
}

long shim_offset_of(int hart)
{
	return (char *)percpu_at(hart) - subject->percpu;
}

void map_memory(void *object)
{
	size_t percpu = (subject->percpu_end - subject->percpu + 7) & ~7UL;

	world = mmap(NULL, sizeof(*world), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	dl_iterate_phdr(find_data, object);
	for (int hart = 1; hart < SHIM_MAX_HARTS; hart++) {
		percpu_copies[hart] = aligned_alloc(64, (percpu + 63) & ~63UL);
		memcpy(percpu_copies[hart], subject->percpu, subject->percpu_end - subject->percpu);
		region(percpu_copies[hart], percpu);
	}
	region(world->events, sizeof(world->events));
	region(&world->foreign_holds, 8);
}

void keep_boot_image(void)
{
	for (unsigned i = 0; i < region_count; i++) {
		regions[i].boot = malloc(regions[i].words * 8);
		memcpy(regions[i].boot, regions[i].at, regions[i].words * 8);
	}
}

struct state { unsigned words; u32 *where; u64 *value; };
static struct state *states;
static unsigned *slots, state_count, slot_count;
static u32 where[1 << 16];
static u64 value[1 << 16];

static unsigned differ(u64 *at, const u64 *boot, unsigned words, unsigned base, unsigned found)
{
	for (unsigned i = 0; i < words; i++)
		if (at[i] != (boot ? boot[i] : 0)) {
			where[found] = base + i;
			value[found++] = at[i];
		}
	return found;
}

/* A call is found in the memory only while it is on its way, and of its stack only what is in use. */
static unsigned call_differs(struct call *call, unsigned base, unsigned found)
{
	unsigned head = offsetof(struct call, stack) / 8, from = 0;

	if (call->callback == NO_CALL)
		return found;
	found = differ((u64 *)call, NULL, head, base, found);
#ifdef __x86_64__
	if (!call->returned)
		from = ((char *)call->context.uc_mcontext.gregs[15] - call->stack) / 8;
#endif
	return differ((u64 *)call->stack + from, NULL, STACK_BYTES / 8 - from, base + head + from, found);
}

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

/* The number of the state that the memory is in now. */
int capture(void)
{
	unsigned words = 0, base = 0, slot;

	if (state_count * 2 >= slot_count)
		grow();
	for (unsigned i = 0; i < region_count; base += regions[i++].words)
		words = differ(regions[i].at, regions[i].boot, regions[i].words, base, words);
	for (int event = 0; event < SHIM_MAX_EVENTS; event++, base += sizeof(struct call) / 8)
		words = call_differs(&world->calls[event], base, words);
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
	unsigned i = 0, base = 0;

	if (number < 0 || (unsigned)number >= state_count)
		return 0;
	for (unsigned r = 0; r < region_count; base += regions[r++].words) {
		memcpy(regions[r].at, regions[r].boot, regions[r].words * 8);
		for (; i < state->words && state->where[i] < base + regions[r].words; i++)
			regions[r].at[state->where[i] - base] = state->value[i];
	}
	for (int event = 0; event < SHIM_MAX_EVENTS; event++)
		if (world->calls[event].callback != NO_CALL)
			memset(&world->calls[event], 0, sizeof(struct call));
	for (; i < state->words; i++)
		((u64 *)world->calls)[state->where[i] - base] = state->value[i];
	return 1;
}
