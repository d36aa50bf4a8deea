/* SPDX-License-Identifier: MIT */
/* Rows of words by number: equal rows have one. */
#include "numbers.h"
#include <stdlib.h>
#include <string.h>

struct row { unsigned long long *words; unsigned length; };

static unsigned hash(const unsigned long long *words, unsigned length)
{
	unsigned long long mixed = length;

	for (unsigned i = 0; i < length; i++)
		mixed = (mixed ^ words[i] ^ (mixed >> 31)) * 0x9e3779b97f4a7c15ULL;
	return (unsigned)(mixed ^ (mixed >> 32));
}

/* The slot of a row: where its number is, plus one, or where it would be. */
static unsigned find(const struct rows *rows, const unsigned long long *words, unsigned length)
{
	unsigned slot = hash(words, length) & (rows->slot_count - 1);

	for (; rows->slots[slot]; slot = (slot + 1) & (rows->slot_count - 1)) {
		const struct row *row = &rows->rows[rows->slots[slot] - 1];

		if (row->length == length && memcmp(row->words, words, length * sizeof(*words)) == 0)
			break;
	}
	return slot;
}

static void grow(struct rows *rows)
{
	rows->slot_count = rows->slot_count ? rows->slot_count * 2 : 1024;
	free(rows->slots);
	rows->slots = need(calloc(rows->slot_count, sizeof(*rows->slots)));
	rows->rows = need(realloc(rows->rows, rows->slot_count / 2 * sizeof(*rows->rows)));
	for (unsigned n = 0; n < rows->count; n++)
		rows->slots[find(rows, rows->rows[n].words, rows->rows[n].length)] = n + 1;
}

int number_of_row(struct rows *rows, const unsigned long long *words, unsigned length)
{
	unsigned slot;

	if (rows->count * 2 >= rows->slot_count)
		grow(rows);
	slot = find(rows, words, length);
	if (rows->slots[slot] == 0) {
		unsigned long long *kept = need(malloc(length * sizeof(*words) + 1));

		rows->rows[rows->count] = (struct row){ memcpy(kept, words, length * sizeof(*words)), length };
		rows->slots[slot] = ++rows->count;
	}
	return rows->slots[slot] - 1;
}
