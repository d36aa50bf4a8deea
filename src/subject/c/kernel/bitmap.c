/* SPDX-License-Identifier: MIT */
/* Bitmaps, without the short cuts for small ones: a search that finds nothing is told. */
#include "hp.h"

static bool bit(const unsigned long *map, unsigned long n) { return map[n / BITS_PER_LONG] >> (n % BITS_PER_LONG) & 1; }

/* The size of the map that the last search for a free bit in this step found full; 0 if it found one. */
unsigned long hp_nothing_found;

static unsigned long find(const unsigned long *map, const unsigned long *other, unsigned long size, unsigned long from, bool value)
{
	for (unsigned long n = from; n < size; n++)
		if (bit(map, n) == value && (!other || bit(other, n)))
			return n;
	return size;
}
static unsigned long find_free(const unsigned long *map, unsigned long size, unsigned long from, const void *at)
{
	unsigned long found = find(map, NULL, size, from, false);

	if (found < size)
		hp_nothing_found = 0;
	else if (from == 0)
		hp_nothing_found = size;
	hp_point(at, "what follows a search for a free bit");
	return found;
}
#define FIND(name, ...) unsigned long hp##name(__VA_ARGS__) NAMED(name); unsigned long hp##name(__VA_ARGS__)
FIND(_find_first_bit, const unsigned long *map, unsigned long size) { return find(map, NULL, size, 0, true); }
FIND(_find_first_zero_bit, const unsigned long *map, unsigned long size) { return find_free(map, size, 0, HERE); }
FIND(_find_next_bit, const unsigned long *map, unsigned long size, unsigned long from) { return find(map, NULL, size, from, true); }
FIND(_find_next_zero_bit, const unsigned long *map, unsigned long size, unsigned long from) { return find_free(map, size, from, HERE); }
FIND(_find_first_and_bit, const unsigned long *a, const unsigned long *b, unsigned long size) { return find(a, b, size, 0, true); }
FIND(_find_next_and_bit, const unsigned long *a, const unsigned long *b, unsigned long size, unsigned long from) { return find(a, b, size, from, true); }
FIND(find_first_bit, const unsigned long *map, unsigned long size) { return find(map, NULL, size, 0, true); }
FIND(find_first_zero_bit, const unsigned long *map, unsigned long size) { return find_free(map, size, 0, HERE); }
FIND(find_next_bit, const unsigned long *map, unsigned long size, unsigned long from) { return find(map, NULL, size, from, true); }
FIND(find_next_zero_bit, const unsigned long *map, unsigned long size, unsigned long from) { return find_free(map, size, from, HERE); }
FIND(_find_last_bit, const unsigned long *map, unsigned long size)
{
	for (unsigned long n = size; n-- > 0;)
		if (bit(map, n))
			return n;
	return size;
}
FIND(_find_next_andnot_bit, const unsigned long *a, const unsigned long *b, unsigned long size, unsigned long from)
{
	for (unsigned long n = from; n < size; n++)
		if (bit(a, n) && !bit(b, n))
			return n;
	return size;
}
unsigned long bitmap_find_next_zero_area_off(unsigned long *map, unsigned long size, unsigned long from, unsigned int count, unsigned long align, unsigned long offset)
{
	for (unsigned long n = from; n + count <= size; n++) {
		if (((n + offset) & align) != 0)
			continue;
		if (find(map, NULL, n + count, n, true) >= n + count) {
			hp_nothing_found = 0;
			return n;
		}
	}
	hp_nothing_found = size;
	return size + 1;
}

#define WORDS(nbits) BITS_TO_LONGS(nbits)
#define LAST(nbits, n) ((n) + 1 == WORDS(nbits) && (nbits) % BITS_PER_LONG ? (1UL << ((nbits) % BITS_PER_LONG)) - 1 : ~0UL)
#define EACH(nbits) for (unsigned int n = 0; n < WORDS(nbits); n++)
unsigned int __bitmap_weight(const unsigned long *map, unsigned int nbits)
{
	unsigned int weight = 0;

	EACH(nbits) weight += __builtin_popcountl(map[n] & LAST(nbits, n));
	return weight;
}
void __bitmap_set(unsigned long *map, unsigned int from, int count)
{
	for (int n = 0; n < count; n++)
		map[(from + n) / BITS_PER_LONG] |= 1UL << ((from + n) % BITS_PER_LONG);
}
void __bitmap_clear(unsigned long *map, unsigned int from, int count)
{
	for (int n = 0; n < count; n++)
		map[(from + n) / BITS_PER_LONG] &= ~(1UL << ((from + n) % BITS_PER_LONG));
}
#undef __bitmap_and
#undef __bitmap_andnot
typedef typeof(__bitmap_and(NULL, NULL, NULL, 0)) and_result;
and_result __bitmap_and(unsigned long *to, const unsigned long *a, const unsigned long *b, unsigned int nbits)
{
	unsigned long any = 0;

	EACH(nbits) any |= (to[n] = a[n] & b[n]) & LAST(nbits, n);
	return any != 0;
}
void __bitmap_or(unsigned long *to, const unsigned long *a, const unsigned long *b, unsigned int nbits) { EACH(nbits) to[n] = a[n] | b[n]; }
void __bitmap_xor(unsigned long *to, const unsigned long *a, const unsigned long *b, unsigned int nbits) { EACH(nbits) to[n] = a[n] ^ b[n]; }
and_result __bitmap_andnot(unsigned long *to, const unsigned long *a, const unsigned long *b, unsigned int nbits)
{
	unsigned long any = 0;

	EACH(nbits) any |= (to[n] = a[n] & ~b[n]) & LAST(nbits, n);
	return any != 0;
}
void __bitmap_complement(unsigned long *to, const unsigned long *a, unsigned int nbits) { EACH(nbits) to[n] = ~a[n]; }
#define COMPARE(name, test) \
	static bool compare_##name(const unsigned long *a, const unsigned long *b, unsigned int nbits) \
	{ \
		EACH(nbits) if (test) return false; \
		return true; \
	}
COMPARE(equal, (a[n] ^ b[n]) & LAST(nbits, n))
COMPARE(disjoint, a[n] & b[n] & LAST(nbits, n))
COMPARE(subset, a[n] & ~b[n] & LAST(nbits, n))
bool hp_bitmap_equal(const unsigned long *a, const unsigned long *b, unsigned int nbits) NAMED(__bitmap_equal);
bool hp_bitmap_equal(const unsigned long *a, const unsigned long *b, unsigned int nbits) { return compare_equal(a, b, nbits); }
bool hp_bitmap_intersects(const unsigned long *a, const unsigned long *b, unsigned int nbits) NAMED(__bitmap_intersects);
bool hp_bitmap_intersects(const unsigned long *a, const unsigned long *b, unsigned int nbits) { return !compare_disjoint(a, b, nbits); }
bool hp_bitmap_subset(const unsigned long *a, const unsigned long *b, unsigned int nbits) NAMED(__bitmap_subset);
bool hp_bitmap_subset(const unsigned long *a, const unsigned long *b, unsigned int nbits) { return compare_subset(a, b, nbits); }
#if BITS_PER_LONG == 64
void bitmap_from_arr32(unsigned long *to, const u32 *from, unsigned int nbits)
{
	EACH(nbits) to[n] = 0;
	for (unsigned int n = 0; n < nbits; n++)
		if (from[n / 32] >> (n % 32) & 1)
			to[n / BITS_PER_LONG] |= 1UL << (n % BITS_PER_LONG);
}
void bitmap_to_arr32(u32 *to, const unsigned long *from, unsigned int nbits)
{
	for (unsigned int n = 0; n < (nbits + 31) / 32; n++)
		to[n] = from[n / 2] >> (n % 2 * 32);
}
#endif
unsigned long *bitmap_zalloc(unsigned int nbits, gfp_t flags) { return allocate_with(WORDS(nbits) * sizeof(long), flags, HERE); }
unsigned long *bitmap_alloc(unsigned int nbits, gfp_t flags) { return allocate_with(WORDS(nbits) * sizeof(long), flags, HERE); }
void bitmap_free(const unsigned long *map) { hp_free(map); }

static int print_map(bool list, char *buffer, size_t size, const unsigned long *map, int nbits)
{
	int length = 0;

	buffer[0] = 0;
	if (!list)
		return scnprintf(buffer, size, "%lx", nbits > 0 ? map[0] & LAST(nbits, 0) : 0);
	for (unsigned long n = find(map, NULL, nbits, 0, true); n < (unsigned long)nbits; n = find(map, NULL, nbits, n + 1, true)) {
		unsigned long last = n;

		while (last + 1 < (unsigned long)nbits && bit(map, last + 1))
			last++;
		length += scnprintf(buffer + length, size - length, last > n ? "%s%lu-%lu" : "%s%lu", length ? "," : "", n, last);
		n = last;
	}
	return length;
}
int bitmap_print_to_pagebuf(bool list, char *buffer, const unsigned long *map, int nbits)
{
	int length = print_map(list, buffer, PAGE_SIZE - 1, map, nbits);

	return length + scnprintf(buffer + length, 2, "\n");
}
unsigned int __sw_hweight8(unsigned int w) { return __builtin_popcount(w & 0xff); }
unsigned int __sw_hweight16(unsigned int w) { return __builtin_popcount(w & 0xffff); }
unsigned int __sw_hweight32(unsigned int w) { return __builtin_popcount(w); }
unsigned long hp_hweight64(u64 w) NAMED(__sw_hweight64);
unsigned long hp_hweight64(u64 w) { return __builtin_popcountll(w); }
