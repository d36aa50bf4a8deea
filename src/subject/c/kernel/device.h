/* SPDX-License-Identifier: MIT */
/*
 * A device as it is described: the table that src/subject/ground/device.ts makes of a description, read once before the driver
 * boots. An address is an offset from the first resource for MMIO (each further resource starts HP_WINDOW later), eight times
 * its number for a CSR, an offset in configuration space for PCI.
 */
#ifndef HP_DEVICE_H
#define HP_DEVICE_H

enum { HP_WINDOW = 1 << 24 };
enum { MOST_WORDS = 512, MOST_COUNTERS = 64, MOST_NEEDS = 6, NO_COUNTER = -1 };

/* What a write does to four bytes of a register. */
enum write { STAYS, IGNORED, CLEARS, SETS_IN, CLEARS_IN };
struct word { u64 place, target; u32 reset; enum write write; bool lost_in_sleep; };
/* Bits from `bit` of a word on; what has no room in it goes on in the next. None: not there. */
struct bits { u64 place; u32 bit, bits; };
struct needs { struct bits field; bool set; };
struct needed { int count; struct needs of[MOST_NEEDS]; };
struct counter {
	int number, width;
	struct bits value, high, select, status, pending, freezes, runs, taken;
	/* When it overflows: never, when it comes round to 0, when its highest bit becomes 1. */
	enum { NEVER, WRAP, HALF } overflows;
	long only;
	struct needed counts, interrupts;
};

/* Whether a description stands in for the hardware: only then are counts looked at. */
bool hp_is_described(void);
u64 hp_field(struct bits field);
void hp_set_field(struct bits field, u64 value);
u64 hp_value(const struct counter *counter);
void hp_set_value(const struct counter *counter, u64 value);

struct hp_ecall { unsigned long extension, function, arguments[6]; };
/* SBI: false where there is no such firmware; then `error` and `value` mean nothing. */
/* The number of the counter of firmware that a call reads, or NO_COUNTER. */
int hp_counter_read_by(const struct hp_ecall *call);
bool hp_firmware(const struct hp_ecall *call, long *error, unsigned long *value);
#endif
