/* SPDX-License-Identifier: MIT */
#include "harness.h"
#include <dlfcn.h>

/* More than any sound call tells: of a loop that never ends, the first ones are kept. */
enum { MOST_FACTS = 4096 };

static struct {
	/* Where its text begins. */
	size_t text;
	const void *at;
} facts[MOST_FACTS];
static struct text told;
static int count;

void fact(const void *at, const char *format, ...)
{
	va_list arguments;

	if (now.running < 0)
		return;
	if (count == MOST_FACTS) {
		out_of("a call tells more facts than are kept");
		return;
	}
	now.busy = 1;
	facts[count].at = at;
	facts[count++].text = told.length;
	va_start(arguments, format);
	vsay(&told, format, arguments);
	va_end(arguments);
	/* Texts end with their 0. */
	told.length++;
	now.busy = 0;
}

void forget_facts(void)
{
	count = 0;
	told.length = 0;
}

char *object_base(void)
{
	static char *base;
	Dl_info info;

	if (base == NULL && dladdr(subject, &info))
		base = info.dli_fbase;
	return base;
}

unsigned long offset_of(const void *at)
{
	Dl_info info;

	/* A crash may be anywhere. */
	if (at == NULL || dladdr(at, &info) == 0 || info.dli_fbase != object_base())
		return 0;
	return (unsigned long)((const char *)at - object_base());
}

int happened(FILE *out)
{
	static struct rows lists;
	static u64 row[2 * MOST_FACTS];
	unsigned known = lists.count;
	int number;

	for (int i = 0; i < count; i++) {
		row[2 * i] = intern(out, 'f', told.at + facts[i].text);
		row[2 * i + 1] = offset_of(facts[i].at);
	}
	number = number_of_row(&lists, row, 2 * count);
	if (lists.count > known) {
		fputc('h', out);
		for (int i = 0; i < count; i++)
			fprintf(out, " %llu@%llx", row[2 * i], row[2 * i + 1]);
		fputc('\n', out);
	}
	return number;
}

u64 mask(u64 value, int bits)
{
	return bits >= 64 ? value : value & ((1ULL << bits) - 1);
}

/*
 * The driver joins two registers of 32 bits to a word, whatever the width of a register in the model. So where the model's
 * is narrower, its bits are the upper ones of the driver's: both overflow at once, and the carry is the same.
 */
int below(void)
{
	return machine.xlen < machine.word_bits && machine.xlen < 32 ? 32 - machine.xlen : 0;
}

/* As the vocabulary writes a word: a number while that is exact in JSON, a string beyond. */
const char *word(u64 value, int bits)
{
	static char buffers[4][32];
	static int next;
	char *buffer = buffers[next++ & 3];

	value = mask(value, bits);
	snprintf(buffer, sizeof(buffers[0]), value < (1ULL << 53) ? "%llu" : "\"%llu\"", value);
	return buffer;
}

/* An int of the machine's width: it wraps as the hardware does. */
int wrap_int(long value)
{
	int unused = 64 - machine.int_bits;

	return (int)((long)((unsigned long)value << unused) >> unused);
}

const char *answer_name(int answer)
{
	static const struct { int value; const char *name; } names[] = {
		{ 0, "0" }, { -2, "\"ENOENT\"" }, { -11, "\"EAGAIN\"" }, { -13, "\"EACCES\"" }, { -16, "\"EBUSY\"" },
		{ -19, "\"ENODEV\"" }, { -22, "\"EINVAL\"" }, { -28, "\"ENOSPC\"" }, { -95, "\"EOPNOTSUPP\"" },
	};
	static char other[32];

	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].value == answer)
			return names[i].name;
	snprintf(other, sizeof(other), "\"%d\"", answer);
	return other;
}
