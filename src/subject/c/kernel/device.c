/* SPDX-License-Identifier: MIT */
/*
 * The hardware, as a driver sees it: one read and one write by bus, address and width. Without a description it is memory
 * that remembers what was written; see described.c for one that has one.
 */
#include "hp.h"
#include "device.h"

/* Four bytes of a device each, sorted by bus and address; those that were never written are not there. */
struct cell { u64 place; u64 value; };
enum { MOST_CELLS = 1 << 14 };
static struct cell *cells;
static unsigned long cells_used;
/* What a register that nobody wrote to reads as: zeros, ones, or bits that hang on its address. */
static enum { ZEROS, ONES, MIXED } unwritten;

static u32 unwritten_at(u64 place)
{
	/* Fields of four bits that say what a CPU has: the first version of each. */
	if (unwritten == MIXED && place >> 56 == SYSREG)
		return 0x11111111;
	return unwritten == ZEROS ? 0 : unwritten == ONES ? ~0U : (u32)((place / 4 + 1) * 0x9e3779b97f4a7c15ULL >> 32);
}

static void device_boot(void)
{
	cells = host_memory(MOST_CELLS * sizeof(*cells));
	host_growing_region(cells, MOST_CELLS * sizeof(*cells), &cells_used, OF_KERNEL);
}

static struct cell *cell_at(u64 place, bool make)
{
	unsigned long count = cells_used / sizeof(*cells), low = 0, high = count;

	while (low < high) {
		unsigned long middle = (low + high) / 2;

		if (cells[middle].place < place)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < count && cells[low].place == place)
		return &cells[low];
	if (!make)
		return NULL;
	if (count == MOST_CELLS)
		host_unknown("a device of more registers than can be remembered");
	memmove(&cells[low + 1], &cells[low], (count - low) * sizeof(*cells));
	cells[low] = (struct cell){ place, unwritten_at(place) };
	cells_used += sizeof(*cells);
	return &cells[low];
}

u64 hp_remembered(enum hp_bus bus, unsigned long address, int width)
{
	u64 value = 0;

	for (int i = 0; i < width; i += 4) {
		u64 place = (u64)bus << 56 | ((address + i) & ~3UL);
		struct cell *cell = cell_at(place, false);

		value |= (u64)(u32)(cell ? cell->value : unwritten_at(place)) << (i * 8);
	}
	return width < 4 ? value >> (address % 4 * 8) & ((1UL << width * 8) - 1) : value;
}

void hp_remember(enum hp_bus bus, unsigned long address, int width, u64 value)
{
	for (int i = 0; i < width; i += 4) {
		struct cell *cell = cell_at((u64)bus << 56 | ((address + i) & ~3UL), true);
		u32 mask = width < 4 ? ((1U << width * 8) - 1) << (address % 4 * 8) : ~0U;
		u32 word = width < 4 ? value << (address % 4 * 8) : value >> (i * 8);

		cell->value = (cell->value & ~mask) | (word & mask);
	}
}

static const char *const BUSES[] = { "mmio", "csr", "config", "sysreg", "firmware" };
