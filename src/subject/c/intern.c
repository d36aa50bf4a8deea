/* SPDX-License-Identifier: MIT */
/* Texts by number. */
#include "numbers.h"
#include <stdlib.h>
#include <string.h>

struct interned {
	char kind;
	char *text;
};
static struct interned *texts;
static int *slots;
static unsigned texts_size, slots_size;

static unsigned hash(char kind, const char *text)
{
	unsigned value = 2166136261u ^ (unsigned char)kind;

	for (; *text; text++)
		value = (value ^ (unsigned char)*text) * 16777619u;
	return value;
}

static void place(unsigned number)
{
	unsigned slot = hash(texts[number].kind, texts[number].text) & (slots_size - 1);

	while (slots[slot])
		slot = (slot + 1) & (slots_size - 1);
	slots[slot] = number + 1;
}

int intern(FILE *out, char kind, const char *text)
{
	if (texts_size * 2 >= slots_size) {
		slots_size = slots_size ? slots_size * 2 : 1024;
		free(slots);
		slots = need(calloc(slots_size, sizeof(*slots)));
		texts = need(realloc(texts, slots_size / 2 * sizeof(*texts)));
		for (unsigned number = 0; number < texts_size; number++)
			place(number);
	}
	for (unsigned slot = hash(kind, text) & (slots_size - 1); slots[slot]; slot = (slot + 1) & (slots_size - 1)) {
		struct interned *known = &texts[slots[slot] - 1];

		if (known->kind == kind && strcmp(known->text, text) == 0)
			return slots[slot] - 1;
	}
	texts[texts_size] = (struct interned){ kind, need(strdup(text)) };
	place(texts_size);
	fprintf(out, "%c %u %s\n", kind, texts_size, text);
	return texts_size++;
}
