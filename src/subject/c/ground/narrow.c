/* SPDX-License-Identifier: MIT */
/* What code whose longs have 32 bits takes from libc and from the process: values as it passes them. See linked.c. */
#include "process.h"
#include <stdarg.h>
#include <string.h>

#define TO(name) __asm__("x32_" #name)
#define GIVES(type, name, parameters, call) type narrow_##name parameters TO(name); type narrow_##name parameters { return call; }
typedef unsigned int size;
GIVES(void *, memcpy, (void *to, const void *from, size n), memcpy(to, from, n))
GIVES(void *, memmove, (void *to, const void *from, size n), memmove(to, from, n))
GIVES(void *, memset, (void *to, int byte, size n), memset(to, byte, n))
GIVES(int, memcmp, (const void *a, const void *b, size n), memcmp(a, b, n))
GIVES(void *, memchr, (const void *in, int byte, size n), memchr(in, byte, n))
GIVES(size, strlen, (const char *text), strlen(text))
GIVES(size, strnlen, (const char *text, size n), strnlen(text, n))
GIVES(int, strcmp, (const char *a, const char *b), strcmp(a, b))
GIVES(int, strncmp, (const char *a, const char *b, size n), strncmp(a, b, n))
GIVES(int, strcasecmp, (const char *a, const char *b), strcasecmp(a, b))
GIVES(int, strncasecmp, (const char *a, const char *b, size n), strncasecmp(a, b, n))
GIVES(char *, strchr, (const char *in, int what), strchr(in, what))
GIVES(char *, strrchr, (const char *in, int what), strrchr(in, what))
GIVES(char *, strstr, (const char *in, const char *what), strstr(in, what))
GIVES(char *, strpbrk, (const char *in, const char *what), strpbrk(in, what))
GIVES(size, strspn, (const char *in, const char *what), strspn(in, what))
GIVES(size, strcspn, (const char *in, const char *what), strcspn(in, what))
GIVES(char *, strcpy, (char *to, const char *from), strcpy(to, from))
GIVES(char *, strncpy, (char *to, const char *from, size n), strncpy(to, from, n))
GIVES(char *, strcat, (char *to, const char *from), strcat(to, from))
/* What the compiler calls for __builtin_popcountll(). */
GIVES(int, __popcountdi2, (unsigned long long bits), __builtin_popcountll(bits))

/* A format whose longs have 32 bits: `%ld` is `%d`, and `%lld` what it was. */
const char *narrowed(const char *format)
{
	static char text[1024];
	unsigned length = 0;
	int within = 0;

	for (; *format && length < sizeof(text) - 2; format++) {
		if (*format == '%')
			within = !within;
		else if (within && strchr("diuxXscpofgeEn]", *format))
			within = 0;
		if (within && format[0] == 'l' && format[1] == 'l')
			text[length++] = *format++;
		else if (within && strchr("lzt", *format))
			continue;
		text[length++] = *format;
	}
	text[length] = 0;
	return text;
}

/* Arguments as that code passes them on: the same slots, and pointers of 32 bits to them. */
struct narrow_list { unsigned int gp_offset, fp_offset, overflow_arg_area, reg_save_area; };
static void widen(__builtin_va_list to, const void *from)
{
	const struct narrow_list *list = from;

	to->gp_offset = list->gp_offset;
	to->fp_offset = list->fp_offset;
	to->overflow_arg_area = (void *)(unsigned long)list->overflow_arg_area;
	to->reg_save_area = (void *)(unsigned long)list->reg_save_area;
}

int host_vsnprintf(char *buffer, host_ulong size, const char *format, va_list arguments)
{
	va_list all;

	widen(all, arguments);
	return vsnprintf(buffer, size, narrowed(format), all);
}
int host_vsscanf(const char *text, const char *format, va_list arguments)
{
	va_list all;

	widen(all, arguments);
	return vsscanf(text, narrowed(format), all);
}
