/* SPDX-License-Identifier: MIT */
/* The memory that is of no event: the driver's writable data, its per-CPU data, its allocations, and the world. */
#include "harness.h"
#include <link.h>

struct region regions[MOST_REGIONS];
unsigned region_count;
struct world *world;
long shim_percpu_offset;
int shim_hart, shim_harts;

static char *percpu_copies[SHIM_MAX_HARTS];
static struct region *first_copy, *registers, *arena;

static struct region *region(void *at, size_t bytes)
{
	struct region *made = &regions[region_count++];

	if (region_count > MOST_REGIONS)
		refuse("the driver's data lies in more pieces than are known");
	made->is_own = 1;
	made->at = at;
	made->words = made->used = bytes / 8;
	return made;
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

		if (header->p_type == PT_TLS)
			refuse("the driver has thread-local data, which is in no snapshot");
		if (header->p_type != PT_LOAD || !(header->p_flags & PF_W))
			continue;
		if (relro && relro->p_vaddr >= from && relro->p_vaddr < to) {
			from = relro->p_vaddr + relro->p_memsz;
			from = (from + 4095) & ~4095UL;
		}
		/* The end is rounded up: the page goes on. */
		if (from < to)
			region((void *)(info->dlpi_addr + (from & ~7UL)), (to - (from & ~7UL) + 7) & ~7UL);
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

	return at >= data && at < data + regions[0].words * 8UL ? at - data : -1;
}

long shim_offset_of(int hart)
{
	return (char *)percpu_at(hart) - subject->percpu;
}

void map_memory(void)
{
	size_t percpu = (subject->percpu_end - subject->percpu + 63) & ~63UL;

	world = guarded((sizeof(*world) + 4095) & ~4095UL);
	map_own();
	dl_iterate_phdr(find_data, (void *)subject);
	first_copy = &regions[region_count];
	for (int hart = 1; hart < SHIM_MAX_HARTS; hart++) {
		percpu_copies[hart] = aligned_alloc(64, percpu ? percpu : 64);
		if (percpu_copies[hart] == NULL)
			no_memory();
		memset(percpu_copies[hart], 0, percpu);
		memcpy(percpu_copies[hart], subject->percpu, subject->percpu_end - subject->percpu);
		region(percpu_copies[hart], percpu);
	}
	region(&world->foreign_holds, 8)->is_own = 0;
	region(&world->lines, 8)->is_own = 0;
	registers = region(world->registers, sizeof(world->registers));
	registers->is_own = 0;
	arena = region(arena_start(), ARENA_BYTES);
	arena->used = 0;
}

/* Prints where in the driver an address lies: its field of the books, its place in the object, or in what is allocated. */
void print_place(const void *address)
{
	const char *at = address;

	for (int hart = 0; hart < machine.harts; hart++) {
		const char *copy = percpu_at(hart);

		if (subject->n_events >= 0 && bookkeeping(hart) && at == bookkeeping(hart) + subject->n_events) {
			printf("n_events");
			return;
		}
		if (hart > 0 && at >= copy && at < copy + (subject->percpu_end - subject->percpu))
			at = subject->percpu + (at - copy);
	}
	if (at >= (char *)arena->at && at < (char *)(arena->at + arena->words))
		printf("allocated %lx", (long)(at - (char *)arena->at));
	else
		printf("object %lx", offset_of(at));
}

void keep_boot_image(void)
{
	look_at_arena();
	for (unsigned i = 0; i < region_count; i++) {
		regions[i].boot = need(calloc(regions[i].words, 8));
		memcpy(regions[i].boot, regions[i].at, regions[i].used * 8UL);
	}
}

/* Only so much of the arena is compared as was ever allocated. */
void look_at_arena(void)
{
	arena->used = arena_used() / 8;
}

/* What lies beyond the machine never changes, and is not compared. */
void fit_regions(void)
{
	for (int hart = 1; hart < SHIM_MAX_HARTS; hart++)
		first_copy[hart - 1].used = hart < machine.harts ? first_copy[hart - 1].words : 0;
	bound_blocks();
	registers->used = machine.harts * sizeof(world->registers[0]) / 8;
}
