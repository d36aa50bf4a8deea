/* SPDX-License-Identifier: MIT */
/* What the compiler's checks of undefined behaviour call. Every check starts its data with the place. */
#include "hp.h"

struct source_place { const char *file; u32 line, column; };

static void undefined(const char *kind, const struct source_place *place, const void *at)
{
	const char *base = strrchr(place->file, '/');

	host_fact(at, "\"type\":\"undefined\",\"kind\":\"%s\",\"file\":\"%s\",\"line\":%u", kind, base ? base + 1 : place->file, place->line);
}
#define CHECK(name, kind, ...) \
	void __ubsan_handle_##name(struct source_place *place, ##__VA_ARGS__) { undefined(kind, place, HERE); }
CHECK(out_of_bounds, "index out of bounds", unsigned long index)
CHECK(shift_out_of_bounds, "shift out of bounds", unsigned long a, unsigned long b)
CHECK(divrem_overflow, "division by zero", unsigned long a, unsigned long b)
