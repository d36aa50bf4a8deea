/* SPDX-License-Identifier: MIT */
/*
 * Control and status registers: the counters of the hart, which go on from what is written to them, and registers that do
 * nothing but remember. What any other holds is not known here, and a verdict that hangs on it is told so.
 */
#include "harness.h"

#define HERE __builtin_return_address(0)

/* A register by its number in the privileged ISA. */
enum {
	SCOUNTEREN = 0x106, MCOUNTEREN = 0x306, MHPMEVENT = 0x320, MHPMEVENTH = 0x720,
	MCYCLE = 0xb00, MCYCLEH = 0xb80, CYCLE = 0xc00, CYCLEH = 0xc80, COUNTER_REGISTERS = 32,
};

static const struct { const char *name; int number; } names[] = {
	{ "cycle", 0xc00 }, { "instret", 0xc02 }, { "cycleh", 0xc80 }, { "instreth", 0xc82 },
	{ "mcycle", 0xb00 }, { "minstret", 0xb02 }, { "mcycleh", 0xb80 }, { "minstreth", 0xb82 },
	{ "scounteren", SCOUNTEREN }, { "mcounteren", MCOUNTEREN },
};
/* Before their number; `h` after it is the upper half. */
static const struct { const char *name; int base, high; } numbered[] = {
	{ "hpmcounter", CYCLE, CYCLEH }, { "mhpmcounter", MCYCLE, MCYCLEH }, { "mhpmevent", MHPMEVENT, MHPMEVENTH },
};

static int small(int letter)
{
	return letter >= 'A' && letter <= 'Z' ? letter - 'A' + 'a' : letter;
}

static int is_word(int letter)
{
	return (small(letter) >= 'a' && small(letter) <= 'z') || (letter >= '0' && letter <= '9') || letter == '_';
}

/* The number of a register that is called so, without `CSR_` and in small letters; -1 if none is. */
static int number_of_name(const char *name)
{
	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(names[i].name, name) == 0)
			return names[i].number;
	for (unsigned i = 0; i < sizeof(numbered) / sizeof(numbered[0]); i++) {
		unsigned long length = strlen(numbered[i].name);
		char *end;
		long number;

		if (strncmp(numbered[i].name, name, length) != 0)
			continue;
		number = strtol(name + length, &end, 10);
		if (end > name + length && number >= 3 && number < COUNTER_REGISTERS && (*end == 0 || strcmp(end, "h") == 0))
			return (*end ? numbered[i].high : numbered[i].base) + (int)number;
	}
	return -1;
}

/* The number that a sum of names and numbers comes to, or -1. */
static int register_of(const char *text)
{
	long sum = 0, sign = 1;
	int terms = 0;

	while (*text) {
		char term[32];
		unsigned length = 0;

		for (; *text && strchr(" \t\n()+-", *text); text++)
			if (*text == '+' || *text == '-')
				sign = *text == '+' ? 1 : -1;
		if (*text == 0)
			break;
		for (; is_word(*text) && length + 1 < sizeof(term); text++)
			term[length++] = (char)small(*text);
		term[length] = 0;
		if (term[0] >= '0' && term[0] <= '9') {
			char *end;

			sum += sign * strtol(term, &end, 0);
			if (end[strspn(end, "ul")])
				return -1;
		} else {
			int number = number_of_name(strncmp(term, "csr_", 4) == 0 ? term + 4 : term);

			if (length == 0 || number < 0)
				return -1;
			sum += sign * number;
		}
		sign = 1;
		terms++;
	}
	return terms && sum >= 0 && sum < 0x1000 ? (int)sum : -1;
}

/* Where a register is a counter: its index, as drivers number them, or -1 (`time` is none). */
static int counter_of(int number, int *high)
{
	int base = number & ~(COUNTER_REGISTERS - 1), counter = number & (COUNTER_REGISTERS - 1);

	*high = base == CYCLEH || base == MCYCLEH;
	if ((base != CYCLE && base != MCYCLE && !*high) || counter == 1)
		return -1;
	return counter ? counter - 1 : 0;
}

static const char *counter_name(int counter)
{
	static char name[16];

	if (counter < 2)
		return counter ? "instret" : "cycle";
	snprintf(name, sizeof(name), "hpmcounter%d", counter + 1);
	return name;
}

/* The memory of a register that only remembers, or NULL. */
static u64 *remembered(int number)
{
	u64 *registers = world->registers[shim_hart];

	if (number == SCOUNTEREN || number == MCOUNTEREN)
		return &registers[number == MCOUNTEREN];
	if (number >= MHPMEVENT + 3 && number < MHPMEVENT + COUNTER_REGISTERS)
		return &registers[number - MHPMEVENT];
	if (number >= MHPMEVENTH + 3 && number < MHPMEVENTH + COUNTER_REGISTERS)
		return &registers[COUNTER_REGISTERS + number - MHPMEVENTH];
	return NULL;
}

static int is_known(int number)
{
	int high;

	return number >= 0 && (counter_of(number, &high) >= 0 || remembered(number));
}

/* The first register that was read while the driver booted, and that nobody here knows. */
static char read_at_boot[48];

const char *unknown_at_boot(void)
{
	return read_at_boot;
}

/* The driver now depends on what nobody here knows. */
static void not_known(const void *at, const char *name, int reads)
{
	char plain[sizeof(read_at_boot)];
	unsigned length = 0;

	for (; *name && length + 1 < sizeof(plain); name++)
		if (*name >= ' ' && *name != '"' && *name != '\\' && *name < 127)
			plain[length++] = *name;
	plain[length] = 0;
	if (now.running < 0 && reads && !*read_at_boot)
		strcpy(read_at_boot, plain);
	fact(at, "{\"type\":\"unknown\",\"event\":%d,\"what\":\"the register %s\"}", now.running, plain);
}

static void touch(int counter)
{
	if (now.running >= 0)
		own[now.running]->call.touched = counter + 1;
}

static int is_halved(void)
{
	return machine.xlen < machine.word_bits;
}

static u64 half_of(int counter, int high)
{
	u64 value = mask(now.counters[counter], machine.counter_bits);

	return high ? (is_halved() ? value >> machine.xlen : 0) : mask(value, machine.xlen);
}

static u64 read_counter(const void *at, int counter, int high)
{
	u64 value = half_of(counter, high);

	fact(at, "{\"type\":\"csr.read\",\"event\":%d,\"hart\":%d,\"counter\":\"%s\",\"half\":\"%s\",\"value\":%s}", now.running,
	     shim_hart, counter_name(counter), high ? "high" : "low", word(value, 64));
	touch(counter);
	return high ? value : value << below();
}

static void write_counter(const void *at, int counter, int high, u64 value)
{
	u64 low = high ? half_of(counter, 0) : mask(value >> below(), machine.xlen);
	u64 upper = !is_halved() ? 0 : high ? value : half_of(counter, 1);

	now.counters[counter] = mask(is_halved() ? upper << machine.xlen | low : low, machine.counter_bits);
	fact(at, "{\"type\":\"csr.write\",\"event\":%d,\"hart\":%d,\"counter\":\"%s\",\"half\":\"%s\",\"value\":%s}", now.running,
	     shim_hart, counter_name(counter), high ? "high" : "low", word(half_of(counter, high), 64));
	touch(counter);
}

static u64 read_register(const void *at, const char *name)
{
	int number = register_of(name), high = 0;
	int counter = number < 0 ? -1 : counter_of(number, &high);
	u64 *memory = number < 0 ? NULL : remembered(number);

	if (counter >= 0)
		return read_counter(at, counter, high);
	if (memory)
		return *memory;
	not_known(at, name, 1);
	return 0;
}

static void write_register(const void *at, const char *name, u64 value)
{
	int number = register_of(name), high = 0;
	int counter = number < 0 ? -1 : counter_of(number, &high);
	u64 *memory = number < 0 ? NULL : remembered(number);

	if (counter >= 0 && machine.writable)
		write_counter(at, counter, high, value);
	else if (memory)
		*memory = value;
	else
		not_known(at, name, 0);
}

/* One step for others where it can be told as one: a register that only remembers is nobody else's. */
static void enter(const char *name)
{
	int number = register_of(name);

	observe_pending();
	if (number < 0 || remembered(number) == NULL)
		point();
}

u64 shim_csr_read(const char *name)
{
	enter(name);
	return read_register(HERE, name);
}

void shim_csr_write(const char *name, u64 value)
{
	enter(name);
	write_register(HERE, name, value);
}

u64 shim_csr_swap(const char *name, u64 value)
{
	u64 was;

	enter(name);
	was = read_register(HERE, name);
	write_register(HERE, name, value);
	return was;
}

u64 shim_csr_change(const char *name, u64 set, u64 clear)
{
	u64 was;

	/* Before any call, what is set is not looked at. */
	if (now.running < 0 && !is_known(register_of(name)))
		return 0;
	enter(name);
	was = read_register(HERE, name);
	write_register(HERE, name, (was | set) & ~clear);
	return was;
}
