/* SPDX-License-Identifier: MIT */
/* Texts and numbers. What libc has is libc's. */
#include "hp.h"

/* The kernel's extensions of %p are printed as an address; the two that list bits, as bits. */
int hp_vscnprintf(char *buffer, size_t size, const char *format, va_list arguments)
{
	char plain[512], bits[128];
	size_t length = 0;
	va_list copy;

	if (strstr(format, "pbl") != NULL) {
		/* `%*pbl` alone is how a driver prints a mask. */
		int nbits = va_arg(arguments, int);
		const unsigned long *map = va_arg(arguments, const unsigned long *);

		print_map(true, bits, sizeof(bits), map, nbits);
		return scnprintf(buffer, size, "%s%s", bits, strchr(format, '\n') ? "\n" : "");
	}
	for (const char *from = format; *from && length < sizeof(plain) - 1; from++) {
		plain[length++] = *from;
		if (from[0] == 'p' && from > format && from[-1] == '%')
			while (from[1] && isalnum(from[1]))
				from++;
	}
	plain[length] = 0;
	va_copy(copy, arguments);
	length = host_vsnprintf(buffer, size, plain, copy);
	va_end(copy);
	return size == 0 ? 0 : min(length, size - 1);
}
#define PRINTS(call) \
	va_list arguments; \
	int length; \
	va_start(arguments, format); \
	length = call; \
	va_end(arguments); \
	return length
int scnprintf(char *buffer, size_t size, const char *format, ...) { PRINTS(hp_vscnprintf(buffer, size, format, arguments)); }
int vscnprintf(char *buffer, size_t size, const char *format, va_list arguments) { return hp_vscnprintf(buffer, size, format, arguments); }
int snprintf(char *buffer, size_t size, const char *format, ...) { PRINTS(hp_vscnprintf(buffer, size, format, arguments)); }
int sprintf(char *buffer, const char *format, ...) { PRINTS(hp_vscnprintf(buffer, PAGE_SIZE, format, arguments)); }
int sysfs_emit(char *buffer, const char *format, ...) { PRINTS(hp_vscnprintf(buffer, PAGE_SIZE, format, arguments)); }
int sysfs_emit_at(char *buffer, int at, const char *format, ...) { PRINTS(hp_vscnprintf(buffer + at, PAGE_SIZE - at, format, arguments)); }
int sscanf(const char *text, const char *format, ...) { PRINTS(host_vsscanf(text, format, arguments)); }
char *kasprintf(gfp_t flags, const char *format, ...)
{
	char buffer[512], *copy;
	va_list arguments;

	va_start(arguments, format);
	hp_vscnprintf(buffer, sizeof(buffer), format, arguments);
	va_end(arguments);
	copy = allocate_with(strlen(buffer) + 1, flags, HERE);
	return copy ? strcpy(copy, buffer) : NULL;
}

static int number(const char *text, unsigned int base, u64 *result)
{
	u64 value = 0;
	bool any = false;

	if (base == 0)
		base = text[0] != '0' ? 10 : (text[1] | 32) == 'x' ? 16 : 8;
	if (base == 16 && text[0] == '0' && (text[1] | 32) == 'x')
		text += 2;
	for (; *text && *text != '\n'; text++, any = true) {
		unsigned int digit = *text >= '0' && *text <= '9' ? *text - '0' : (*text | 32) >= 'a' && (*text | 32) <= 'f' ? (*text | 32) - 'a' + 10 : 99;

		if (digit >= base)
			return -EINVAL;
		value = value * base + digit;
	}
	*result = value;
	return any ? 0 : -EINVAL;
}
#define PARSES(name, type) \
	int name(const char *text, unsigned int base, type *result) \
	{ \
		u64 value; \
		bool minus = text[0] == '-'; \
		int error = number(text + minus, base, &value); \
		if (!error) \
			*result = minus ? -value : value; \
		return error; \
	}
PARSES(kstrtoull, unsigned long long)
PARSES(kstrtoll, long long)
PARSES(_kstrtoul, unsigned long)
PARSES(_kstrtol, long)
PARSES(kstrtouint, unsigned int)
PARSES(kstrtoint, int)
PARSES(kstrtou8, u8)
PARSES(kstrtou16, u16)
int kstrtobool(const char *text, bool *result)
{
	*result = text[0] == '1' || (text[0] | 32) == 'y';
	return 0;
}

#define U 1
#define LO 2
#define D 4
const unsigned char _ctype[256] = {
	['0' ... '9'] = _D, ['a' ... 'f'] = _L | _X, ['g' ... 'z'] = _L, ['A' ... 'F'] = _U | _X, ['G' ... 'Z'] = _U,
	[' '] = _S | _SP, ['\t'] = _C | _S, ['\n'] = _C | _S, ['\r'] = _C | _S,
	['!' ... '/'] = _P, [':' ... '@'] = _P, ['[' ... '`'] = _P, ['{' ... '~'] = _P,
};
#undef U
#undef LO
#undef D

int hp_match_string(const char *const *array, size_t n, const char *text) NAMED(match_string);
int hp_match_string(const char *const *array, size_t n, const char *text)
{
	for (size_t i = 0; i < n && array[i]; i++)
		if (strcmp(array[i], text) == 0)
			return i;
	return -EINVAL;
}
bool sysfs_streq(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return (*a == 0 || (*a == '\n' && a[1] == 0)) && (*b == 0 || (*b == '\n' && b[1] == 0)) ? true : false;
}
ssize_t hp_strscpy(char *to, const char *from, size_t size) NAMED(sized_strscpy);
ssize_t hp_strscpy(char *to, const char *from, size_t size)
{
	size_t length = strlen(from);

	if (size == 0)
		return -E2BIG;
	memcpy(to, from, min(length, size - 1));
	to[min(length, size - 1)] = 0;
	return length < size ? (ssize_t)length : -E2BIG;
}
ssize_t hp_strscpy_old(char *to, const char *from, size_t size) NAMED(strscpy);
ssize_t hp_strscpy_old(char *to, const char *from, size_t size) { return hp_strscpy(to, from, size); }

void sort(void *base, size_t n, size_t size, cmp_func_t compare, swap_func_t swap)
{
	char spare[256];

	for (size_t i = 1; i < n && size <= sizeof(spare); i++)
		for (size_t j = i; j > 0 && compare(base + (j - 1) * size, base + j * size) > 0; j--) {
			memcpy(spare, base + j * size, size);
			memcpy(base + j * size, base + (j - 1) * size, size);
			memcpy(base + (j - 1) * size, spare, size);
		}
}
