/* SPDX-License-Identifier: MIT */
/* What happened in a step, what can be seen after it, and texts by number. */
#include "process.h"
#include <ctype.h>
#include <stdarg.h>
#include <string.h>

enum { MOST_FACTS = 4096, LONGEST_FACT = 320 };
static struct { char text[LONGEST_FACT]; } facts[MOST_FACTS];
static int count, lost;
static char view[1 << 16];
static unsigned view_length;

void host_fact(const void *at, const char *format, ...)
{
	va_list arguments;
	unsigned long offset;
	int length;

	if (count == MOST_FACTS) {
		lost = 1;
		return;
	}
	place_of(at, &offset);
	length = snprintf(facts[count].text, LONGEST_FACT, "{\"at\":\"%lx\",", offset);
	va_start(arguments, format);
	length += vsnprintf(facts[count].text + length, LONGEST_FACT - length, format, arguments);
	va_end(arguments);
	/* What does not fit is no JSON: it is left out rather than cut. */
	if (length + 2 > LONGEST_FACT)
		return;
	strcpy(facts[count++].text + length, "}");
}

void forget_facts(void)
{
	count = lost = 0;
	view_length = 0;
	view[0] = 0;
}

void host_view(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	view_length += vsnprintf(view + view_length, sizeof(view) - view_length, format, arguments);
	va_end(arguments);
	if (view_length >= sizeof(view))
		view_length = sizeof(view) - 1;
}

const char *view_text(void)
{
	return view;
}

const char *quoted(const char *text)
{
	static char buffer[256];
	unsigned length = 0;

	for (; *text && length < sizeof(buffer) - 8; text++)
		if (*text == '"' || *text == '\\' || !isprint((unsigned char)*text))
			length += sprintf(buffer + length, "\\u%04x", (unsigned char)*text);
		else
			buffer[length++] = *text;
	buffer[length] = 0;
	return buffer;
}

void print_facts(FILE *out)
{
	int numbers[MOST_FACTS];

	for (int i = 0; i < count; i++)
		numbers[i] = intern(out, 'f', facts[i].text);
	fputc('=', out);
	for (int i = 0; i < count; i++)
		fprintf(out, " %d", numbers[i]);
	if (lost)
		fprintf(out, " %d", intern(out, 'f', "{\"at\":\"0\",\"type\":\"unknown\",\"what\":\"more than 4096 facts in one step\"}"));
}

static struct text { char kind, *text; } *texts;
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

/* The number of a text; it is printed once, before the line that first uses it. */
int intern(FILE *out, char kind, const char *text)
{
	if (texts_size * 2 >= slots_size) {
		slots_size = slots_size ? slots_size * 2 : 1024;
		free(slots);
		slots = calloc(slots_size, sizeof(*slots));
		texts = realloc(texts, slots_size / 2 * sizeof(*texts));
		for (unsigned number = 0; number < texts_size; number++)
			place(number);
	}
	for (unsigned slot = hash(kind, text) & (slots_size - 1); slots[slot]; slot = (slot + 1) & (slots_size - 1)) {
		struct text *known = &texts[slots[slot] - 1];

		if (known->kind == kind && strcmp(known->text, text) == 0)
			return slots[slot] - 1;
	}
	texts[texts_size] = (struct text){ kind, strdup(text) };
	place(texts_size);
	fprintf(out, "%c %u %s\n", kind, texts_size, text);
	return texts_size++;
}
