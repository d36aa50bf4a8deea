/* SPDX-License-Identifier: MIT */
/*
 * What is of one event lies in pages of its own, and is closed while a command of another event runs. So what a command did
 * hangs only on the memory that all share, and on its own event; or it was caught, and is asked of the whole state.
 */
#include "harness.h"
#include <sys/mman.h>

enum { PAGE = 4096, BYTES = (sizeof(struct own) + PAGE - 1) / PAGE * PAGE };
struct own *own[SHIM_MAX_EVENTS];
static int closed[SHIM_MAX_EVENTS];

void map_own(void)
{
	for (int event = 0; event < SHIM_MAX_EVENTS; event++)
		own[event] = guarded(BYTES);
}

unsigned own_words(void)
{
	return BYTES / 8;
}

/* The event that an address is of, or -1. */
static int owner_of(const void *address)
{
	for (int event = 0; event < machine.events; event++)
		if ((const char *)address >= (char *)own[event] && (const char *)address < (char *)own[event] + BYTES)
			return event;
	return -1;
}

int event_number(const struct perf_event *event)
{
	int number = owner_of(event);

	return number >= 0 && event == &own[number]->event ? number : -1;
}

void open_own(int which)
{
	for (int event = 0; event < machine.events; event++) {
		int close = which != EVERY_EVENT && which != event;

		if (close == closed[event])
			continue;
		if (mprotect(own[event], BYTES, close ? PROT_NONE : PROT_READ | PROT_WRITE))
			no_memory();
		closed[event] = close;
	}
}

int is_closed(const void *address)
{
	int event = owner_of(address);

	return event >= 0 && closed[event];
}
