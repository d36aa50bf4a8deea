/* SPDX-License-Identifier: MIT */
/* Data that is less than its bytes: what the driver never reads is no state, and an int, or less, has the width of the scope. */
#include "harness.h"

struct narrow { char *at; const char *boot; unsigned bytes; };
static struct narrow *unread, *ints, *unsigneds;
static unsigned unread_count, int_count, unsigned_count;

static void keep(struct narrow **list, unsigned *count, char *at, unsigned bytes)
{
	for (unsigned r = 0; r < region_count; r++) {
		char *start = (char *)regions[r].at;

		if (at < start || at + bytes > start + regions[r].words * 8UL)
			continue;
		*list = need(realloc(*list, (*count + 1) * sizeof(**list)));
		(*list)[(*count)++] = (struct narrow){ at, (char *)regions[r].boot + (at - start), bytes };
	}
}

/* Takes places in the object and their bytes, hexadecimal: `OFFSET:BYTES OFFSET:BYTES …`. */
static void read_places(struct narrow **list, unsigned *count, char *places)
{
	char *place;

	while ((place = strsep(&places, " \n"))) {
		unsigned long offset;
		unsigned bytes;
		char *at;

		if (sscanf(place, "%lx:%x", &offset, &bytes) != 2)
			continue;
		at = (char *)object_base() + offset;
		keep(list, count, at, bytes);
		for (int hart = 1; hart < SHIM_MAX_HARTS && at >= subject->percpu && at < subject->percpu_end; hart++)
			keep(list, count, (char *)percpu_at(hart) + (at - subject->percpu), bytes);
	}
}

void set_unread(char *places)
{
	read_places(&unread, &unread_count, places);
}

void set_ints(char *places)
{
	read_places(&ints, &int_count, places);
}

void set_unsigneds(char *places)
{
	read_places(&unsigneds, &unsigned_count, places);
}

static void wrap(const struct narrow *narrow, int is_signed)
{
	long value = 0;

	memcpy(&value, narrow->at, narrow->bytes);
	value = is_signed ? wrap_int(value) : (long)mask(value, machine.int_bits);
	memcpy(narrow->at, &value, narrow->bytes);
}

void narrow_data(void)
{
	for (unsigned i = 0; i < unread_count; i++)
		memcpy(unread[i].at, unread[i].boot, unread[i].bytes);
	for (unsigned i = 0; i < int_count; i++)
		wrap(&ints[i], 1);
	for (unsigned i = 0; i < unsigned_count; i++)
		wrap(&unsigneds[i], 0);
}
