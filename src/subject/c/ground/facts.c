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
	length += vsnprintf(facts[count].text + length, LONGEST_FACT - length, narrowed(format), arguments);
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
	view_length += vsnprintf(view + view_length, sizeof(view) - view_length, narrowed(format), arguments);
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
