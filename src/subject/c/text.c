/* SPDX-License-Identifier: MIT */
/* Texts that grow. */
#include "harness.h"
#include <stdarg.h>

void vsay(struct text *text, const char *format, va_list arguments)
{
	for (;;) {
		size_t left = text->room - text->length;
		va_list again;
		int length;

		va_copy(again, arguments);
		length = vsnprintf(text->at + text->length, left, format, again);
		va_end(again);
		if (length < 0)
			no_memory();
		if ((size_t)length < left) {
			text->length += length;
			return;
		}
		text->room = (text->room + length + 1) * 2;
		text->at = need(realloc(text->at, text->room));
	}
}

void say(struct text *text, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsay(text, format, arguments);
	va_end(arguments);
}
