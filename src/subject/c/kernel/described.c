/* SPDX-License-Identifier: MIT */
/*
 * A device that is described: registers that do what they say, and counters that count while their conditions hold. It does
 * what machines/hardware does; a test holds the two against each other.
 */
#include "hp.h"
#include "device.h"

static struct {
	bool is_described, per_hart, has_others, has_firmware;
	int words, counters, interrupt;
	struct word word[MOST_WORDS];
	struct counter counter[MOST_COUNTERS];
} table;

bool hp_is_described(void) { return table.is_described; }

/* The table as it comes, one number after the other. */
struct numbers { const u64 *next; };
static u64 next_in(struct numbers *from) { return *from->next++; }
static u64 place_in(struct numbers *from)
{
	u64 bus = next_in(from);

	return bus << 56 | next_in(from);
}
static struct bits bits_in(struct numbers *from)
{
	struct bits bits = { .place = place_in(from) };

	bits.bit = next_in(from);
	bits.bits = next_in(from);
	return bits;
}
static struct needed needed_in(struct numbers *from)
{
	struct needed needed = { .count = next_in(from) };

	for (int i = 0; i < needed.count; i++) {
		needed.of[i].set = next_in(from);
		needed.of[i].field = bits_in(from);
	}
	return needed;
}

void hp_describe_device(const u64 *numbers)
{
	struct numbers from = { numbers };

	table.is_described = true;
	table.per_hart = next_in(&from);
	table.has_others = next_in(&from);
	table.has_firmware = next_in(&from);
	table.interrupt = next_in(&from) - 1;
	table.words = next_in(&from);
	for (int i = 0; i < table.words; i++) {
		struct word *word = &table.word[i];

		word->place = place_in(&from);
		word->target = place_in(&from);
		word->write = next_in(&from);
		word->reset = next_in(&from);
		word->lost_in_sleep = next_in(&from);
	}
	table.counters = next_in(&from);
	for (int i = 0; i < table.counters; i++) {
		struct counter *counter = &table.counter[i];

		counter->number = next_in(&from);
		counter->width = next_in(&from);
		counter->overflows = next_in(&from);
		counter->only = (long)next_in(&from);
		counter->value = bits_in(&from);
		counter->high = bits_in(&from);
		counter->select = bits_in(&from);
		counter->status = bits_in(&from);
		counter->pending = bits_in(&from);
		counter->freezes = bits_in(&from);
		counter->runs = bits_in(&from);
		counter->taken = bits_in(&from);
		counter->counts = needed_in(&from);
		counter->interrupts = needed_in(&from);
	}
}

static const struct word *word_at(u64 place)
{
	int low = 0, high = table.words;

	while (low < high) {
		int middle = (low + high) / 2;

		if (table.word[middle].place < place)
			low = middle + 1;
		else
			high = middle;
	}
	return low < table.words && table.word[low].place == place ? &table.word[low] : NULL;
}

/* Where a word of this hart is kept. */
static u64 kept(u64 place) { return table.per_hart ? place | (u64)hp_cpu << 48 : place; }
static u32 word_of(u64 place)
{
	const struct cell *cell = cell_at(kept(place), false);
	const struct word *word = cell ? NULL : word_at(place);

	return cell ? cell->value : word ? word->reset : 0;
}
static void set_word(u64 place, u32 value) { cell_at(kept(place), true)->value = value; }

/* What a hart that slept has lost of its own registers reads as after a reset. */
static void lose_registers(int cpu)
{
	int here = hp_cpu;

	hp_cpu = cpu;
	for (int i = 0; i < table.words; i++)
		if (table.word[i].lost_in_sleep)
			set_word(table.word[i].place, table.word[i].reset);
	hp_cpu = here;
}

static u64 ones(u32 bits) { return bits >= 64 ? ~0ULL : (1ULL << bits) - 1; }

u64 hp_field(struct bits field)
{
	u64 all = word_of(field.place);

	if (field.bit + field.bits > 32)
		all |= (u64)word_of(field.place + 4) << 32;
	return all >> field.bit & ones(field.bits);
}
void hp_set_field(struct bits field, u64 value)
{
	u64 mask = ones(field.bits) << field.bit, given = value << field.bit & mask;

	if (!field.bits)
		return;
	set_word(field.place, (word_of(field.place) & ~mask) | given);
	if (field.bit + field.bits > 32)
		set_word(field.place + 4, (word_of(field.place + 4) & ~(mask >> 32)) | given >> 32);
}

u64 hp_value(const struct counter *counter)
{
	u64 value = hp_field(counter->value);

	if (counter->high.bits)
		value |= hp_field(counter->high) << counter->value.bits;
	return value & ones(counter->width);
}
void hp_set_value(const struct counter *counter, u64 value)
{
	hp_set_field(counter->value, value & ones(counter->value.bits));
	if (counter->high.bits)
		hp_set_field(counter->high, value >> counter->value.bits);
}

static bool hold(const struct needed *needed)
{
	for (int i = 0; i < needed->count; i++)
		if ((hp_field(needed->of[i].field) != 0) != needed->of[i].set)
			return false;
	return true;
}

/* Whether the device has a register there at all. */
static bool is_register(enum hp_bus bus, unsigned long address, int width)
{
	for (int i = 0; i < width; i += 4)
		if (!word_at((u64)bus << 56 | ((address + i) & ~3UL)))
			return false;
	return true;
}

/* The counter whose value lies there. */
static int counter_at(enum hp_bus bus, unsigned long address)
{
	u64 place = (u64)bus << 56 | (address & ~3UL);

	for (int i = 0; i < table.counters; i++) {
		const struct counter *counter = &table.counter[i];

		if ((place >= counter->value.place && place < counter->value.place + (counter->value.bits + 7) / 8) ||
		    (counter->high.bits && place == counter->high.place))
			return counter->number;
	}
	return NO_COUNTER;
}

static u64 described_read(enum hp_bus bus, unsigned long address, int width)
{
	u64 value = 0;

	for (int i = 0; i < width; i += 4) {
		const struct word *word = word_at((u64)bus << 56 | ((address + i) & ~3UL));

		if (word)
			value |= (u64)word_of(word->target) << (i * 8);
	}
	return width < 4 ? value >> (address % 4 * 8) & ones(width * 8) : value;
}

static void described_write(enum hp_bus bus, unsigned long address, int width, u64 value)
{
	for (int i = 0; i < width; i += 4) {
		const struct word *word = word_at((u64)bus << 56 | ((address + i) & ~3UL));
		u32 mask = width < 4 ? ones(width * 8) << (address % 4 * 8) : ~0U;
		u32 given = (width < 4 ? value << (address % 4 * 8) : value >> (i * 8)) & mask;
		u32 old;

		if (!word || word->write == IGNORED)
			continue;
		old = word_of(word->target);
		set_word(word->target, word->write == STAYS ? (old & ~mask) | given : word->write == SETS_IN ? old | given : old & ~given);
	}
}

/* The counters of this hart that count now, as bits by number. */
static u64 counting_now(void)
{
	u64 bits = 0;

	for (int i = 0; i < table.counters; i++)
		if (hold(&table.counter[i].counts))
			bits |= 1ULL << table.counter[i].number;
	return bits;
}

/* How many conditions of each counter hold, so that a write that breaks one can be told. */
struct held { unsigned char of[MOST_COUNTERS]; };
static struct held held_now(void)
{
	struct held held = { { 0 } };

	for (int i = 0; i < table.counters; i++)
		for (int n = 0; n < table.counter[i].counts.count; n++) {
			const struct needs *one = &table.counter[i].counts.of[n];

			held.of[i] |= ((hp_field(one->field) != 0) == one->set) << n;
		}
	return held;
}
/* The counters, as bits by number, of which a condition held before and does not now. */
static u64 stopped_since(struct held before)
{
	struct held now = held_now();
	u64 bits = 0;

	for (int i = 0; i < table.counters; i++)
		if (before.of[i] & ~now.of[i])
			bits |= 1ULL << table.counter[i].number;
	return bits;
}

/* How many ticks it is to an overflow; 0: none, or more than 64 bits away. */
static u64 distance_of(const struct counter *counter)
{
	u64 value = hp_value(counter), half = 1ULL << (counter->width - 1);

	switch (counter->overflows) {
	case NEVER: return 0;
	case WRAP: return counter->width == 64 ? -value : 2 * half - value;
	case HALF: return value < half ? half - value : counter->width == 64 ? half - value : 3 * half - value;
	}
	return 0;
}

/* All that count now, count; what overflows says so, and may freeze the others, afterwards. */
static void tick_here(u64 ticks)
{
	bool overflowed[MOST_COUNTERS] = { false };
	u64 now = counting_now();

	for (int i = 0; i < table.counters; i++) {
		const struct counter *counter = &table.counter[i];
		u64 distance = distance_of(counter);

		if (!(now >> counter->number & 1))
			continue;
		hp_set_value(counter, (hp_value(counter) + ticks) & ones(counter->width));
		overflowed[i] = distance && ticks >= distance;
	}
	for (int i = 0; i < table.counters; i++) {
		const struct counter *counter = &table.counter[i];

		if (!overflowed[i])
			continue;
		if (!counter->status.bits || !hp_field(counter->status))
			hp_set_field(counter->pending, ~0ULL);
		hp_set_field(counter->status, ~0ULL);
		if (hold(&counter->interrupts))
			hp_set_field(counter->freezes, ~0ULL);
	}
}

/* Does something on each hart that has a device of its own; on one, if there is one for all. */
static void on_harts(void (*action)(void *), void *data)
{
	int here = hp_cpu;

	for (hp_cpu = 0; hp_cpu < (table.per_hart ? CPUS : 1); hp_cpu++)
		action(data);
	hp_cpu = here;
}

static void tick_by(void *ticks) { tick_here(*(u64 *)ticks); }
static void described_tick(u64 ticks) { on_harts(tick_by, &ticks); }

/* Whether a counter asks for the interrupt now. */
static bool is_raised(const struct counter *counter)
{
	struct bits status = counter->pending.bits ? counter->pending : counter->status;

	if (counter->overflows == NEVER || !hold(&counter->interrupts))
		return false;
	return status.bits ? hp_field(status) != 0 : hp_value(counter) >> (counter->width - 1);
}
static bool any_raised(void)
{
	for (int i = 0; i < table.counters; i++)
		if (is_raised(&table.counter[i]))
			return true;
	return false;
}

/* The next overflow that interrupts, and the counter's distance to it. */
static void nearer(void *nearest)
{
	for (int i = 0; i < table.counters; i++) {
		const struct counter *counter = &table.counter[i];
		u64 distance = hold(&counter->counts) && hold(&counter->interrupts) ? distance_of(counter) : 0;

		if (distance && (!*(u64 *)nearest || distance < *(u64 *)nearest))
			*(u64 *)nearest = distance;
	}
}
static u64 next_overflow(void)
{
	u64 nearest = 0;

	on_harts(nearer, &nearest);
	return nearest;
}
static bool freezes(void)
{
	for (int i = 0; i < table.counters; i++)
		if (table.counter[i].freezes.bits)
			return true;
	return false;
}

/* Calls back for each counter of this hart that counts now. */
static void counting(void (*each)(const struct counter *counter))
{
	for (int i = 0; i < table.counters; i++)
		if (hold(&table.counter[i].counts))
			each(&table.counter[i]);
}
