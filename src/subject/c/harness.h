/* SPDX-License-Identifier: MIT */
/* The harness around the driver: its world, its facts, its memory. Nothing in here knows a particular driver. */
#ifndef HARTPROOF_HARNESS_H
#define HARTPROOF_HARNESS_H

#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <ucontext.h>

#include "shim.h"
#include "numbers.h"

/* A stack of the kernel has 16 KiB; ours are there for what the shim needs beyond. */
enum { STACK_BYTES = 24576, ARENA_BYTES = 4 << 20, MAX_COUNTERS = 31 };
enum callback { NO_CALL, EVENT_INIT, DESTROY, ADD, DEL, START, STOP, READ };
extern const char *const CALLBACKS[];
enum pmc_owner { NOBODY, DRIVER, FOREIGN };
extern const char *const OWNERS[];

/* One call of a callback that is on its way; all zero when none is. */
struct call {
	enum callback callback;
	/* Which of the caller's attributes it was opened as, whether its group fits; the flags of add … stop. */
	int attribute, unfit, flags;
	int hart;
	/* The mutex that it wants next, and whether it stands in the queue for it. */
	struct mutex *wants;
	int waiting;
	/* The driver's code has returned `answer`; the fact of the return is still to come. */
	int returned, answer;
	/* What an observer keeps of it: references taken, who held perf_irq, whether another owner's handler was written over. */
	int held, displaced;
	enum pmc_owner old_owner;
	int foreign_held;
	/* The counter that it read or wrote last, by its index plus one; 0 is none. */
	int touched;
	/* Where its stack was left. */
	void *left;
};

/* All that is of one event: the stack of its call, the call, and what the driver and the core keep of it. */
struct own { char stack[STACK_BYTES]; struct call call; struct perf_event event; };
/* By event, each in pages of its own: what a command does not need of other events is closed to it. */
extern struct own *own[SHIM_MAX_EVENTS];

/* What changes beside the driver's own data, and is of no event: what a snapshot copies. */
struct world {
	int foreign_holds;
	/* The interrupt lines that the driver holds, by their number modulo 64. */
	u64 lines;
	/* Of each hart: registers that only remember what was written. */
	u64 registers[SHIM_MAX_HARTS][64];
	/* The first mutex that a call took: see reservation_mutex. */
	struct mutex *mutex;
};
extern struct world *world;

/* The machine that the driver runs on. Widths are in bits. */
struct machine {
	int events, harts;
	int word_bits, xlen, counter_width, int_bits;
	/* A caller without a contract: destroy is called also where the driver has set none. */
	int any_order;
	/* Events below this number are one group, led by event 0. */
	int group;
	/* Whether every plain access of an open or a close to the driver's data is a scheduling point too. */
	int every_access;
	/* The width of the counters, and whether they can be written. */
	int counter_bits, writable;
	/* Whether add gives an event one of several counters: it is told which. */
	int gives_out;
};
extern struct machine machine;

extern const struct shim_subject *subject;
extern struct pmu *subject_pmu;

/* What belongs to one command, and is forgotten before the next: see forget_command. */
struct command {
	/* The number of the event whose callback runs, or -1; and whether it can be interleaved. */
	int running, in_coroutine;
	/* The harness is at work on its own data: a hang is told when that is done. */
	volatile int busy;
	/* The bound of the harness that was reached, if any. */
	const char *lacks;
	/* The counters of the hart that is called: cycle, instret, hpmcounter3 and so on. */
	u64 counters[MAX_COUNTERS];
	/* How many spinlocks the driver holds: nobody comes between. */
	int spinlocks;
	/* The last index outside events[] that the compiler's check told. */
	int is_outside;
	long outside;
	/* A plain access that was announced and is not over: its value is known at the next announcement. */
	struct {
		enum { NOTHING, WRITES_PERF_IRQ, READS_COUNT, CHANGES_COUNT, WRITES_SLOT } what;
		const void *at;
		char *address;
		int before, index;
	} pending;
};
extern struct command now;

/* text.c */
struct text { char *at; size_t length, room; };
void say(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void vsay(struct text *text, const char *format, va_list arguments);

/* main.c */
/* The driver cannot be run here: says why, and ends. */
void refuse(const char *why) __attribute__((noreturn));
/* What the harness itself needs and did not get ends it. */
void no_memory(void) __attribute__((noreturn));
/* A bound of the harness was reached: what this command does beyond is not known. */
void out_of(const char *what);

/* facts.c: what happened since the last forget, each with the place in the driver's code. */
void fact(const void *at, const char *format, ...) __attribute__((format(printf, 2, 3)));
void forget_facts(void);
/* Where in the driver's object: 0 for what is not in it. */
unsigned long offset_of(const void *at);
char *object_base(void);
/* The number of what happened; it is told when it is new. */
int happened(FILE *out);
const char *word(u64 value, int bits);
const char *answer_name(int answer);
u64 mask(u64 value, int bits);
/* How many bits a word of the driver has below those of the machine: see facts.c. */
int below(void);
int wrap_int(long value);

/* regions.c: the memory that is of no event. */
enum { MOST_REGIONS = SHIM_MAX_HARTS + 8 };
/* `is_own`: the driver's own data, and not the world's. */
struct region { u64 *at, *boot; unsigned words, used, is_own; };
extern struct region regions[MOST_REGIONS];
extern unsigned region_count;
void map_memory(void);
void *percpu_at(int hart);
/* Where in the driver's writable data an address lies, or -1. */
long data_offset(const void *address);
void print_place(const void *address);
void keep_boot_image(void);
void look_at_arena(void);
void fit_regions(void);

/* own.c */
void map_own(void);
/* The number of an event, or -1. */
int event_number(const struct perf_event *event);
/* The words of what is of an event, and those behind it up to the end of its pages. */
unsigned own_words(void);
/* From now on, of all events only that one can be touched; EVERY_EVENT: any. */
enum { EVERY_EVENT = -2, NO_EVENT = -1 };
void open_own(int event);
/* Whether an address is of an event that is closed. */
int is_closed(const void *address);

/* narrow.c */
void set_unread(char *places);
void set_ints(char *places);
void set_unsigneds(char *places);
void narrow_data(void);

/* growth.c */
void tell_growth(char *known);

/* arena.c */
void *guarded(size_t bytes);
void *arena_start(void);
size_t arena_used(void);
void bound_blocks(void);

/* states.c: a state is a row of pieces, one of the memory that all share, and one of what is of each event. */
int capture_shared(void);
int capture_own(int event);
/* The pieces that were captured, or put back, last. */
int shared_piece(void);
int own_piece(int event);
/* Put a piece back. 0 if there is none of that number. */
int restore_shared(int piece);
int restore_own(int event, int piece);
/* The memory that all share, and that of an event, is no longer that of a piece: the next one is put back whole. */
void lose_shared(void);
void lose_own(int event);

/* percpu.c: the driver's bookkeeping of a hart, or NULL. */
char *bookkeeping(int hart);

/* sanitizers.c */
void observe_pending(void);
/* What an access to the owner of the PMC is: told at once, for one that is atomic. */
void perf_irq_was_read(const void *at);
void perf_irq_was_written(const void *at);

/* registers.c: the register that the driver read while it booted, and that is not known here; empty if there is none. */
const char *unknown_at_boot(void);

/* primitives.c: whether the driver ever asked for an interrupt line. */
extern int interrupt_requested;

/* calls.c: each says whether it could be done in this state. */
int call_open(int event, int type, u64 config, int special, int attribute, int fits);
int call_destroy(int event);
int call_step(int event);
/* Whether the code of an open or a close can go on, or return. */
int goes_on(int event);
int call_run(int event, enum callback callback, int hart, int flags);
int call_free(int event);
int call_foreign(int take);
/* A scheduling point: the code goes on when the scheduler says so. */
void point(void);
enum pmc_owner pmc_owner(void);
struct mutex *reservation_mutex(void);

/* view.c: what can be observed of a piece; it is told when it is new. */
void tell_shared(FILE *out, int piece);
void tell_own(FILE *out, int event, int piece, int shared);

#endif
