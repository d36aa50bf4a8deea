/* SPDX-License-Identifier: MIT */
/* The harness around the driver: its world, its facts, its memory. Nothing in here knows a particular driver. */
#ifndef HARTPROOF_HARNESS_H
#define HARTPROOF_HARNESS_H

#define _GNU_SOURCE
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <ucontext.h>

#include "shim.h"

enum { STACK_BYTES = 8192 };
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
	/* What an observer keeps of it: references taken, who held perf_irq, whether it was written over. */
	int held, displaced;
	enum pmc_owner old_owner;
	int foreign_held;
	ucontext_t context;
	char stack[STACK_BYTES] __attribute__((aligned(16)));
};

/* Everything that changes, beside the driver's own data: what a snapshot copies. */
struct world {
	struct perf_event events[SHIM_MAX_EVENTS];
	struct call calls[SHIM_MAX_EVENTS];
	int foreign_holds;
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
};
extern struct machine machine;

extern const struct subject *subject;
extern struct pmu *subject_pmu;
extern u64 counters[2];
/* The number of the event whose callback runs, or -1; and whether it can be interleaved. */
extern int running;

/* facts.c: what happened since the last forget, each with the place in the driver's code. */
void fact(const void *at, const char *format, ...) __attribute__((format(printf, 2, 3)));
void forget_facts(void);
/* `crash` names the signal that ended the call, or is NULL. */
void print_facts(FILE *out, const char *crash, const void *crashed_at);
/* A text by number: definitions are printed once, before the line that first uses them. */
int intern(FILE *out, char kind, const char *text);
const char *word(u64 value, int bits);
const char *answer_name(int answer);
u64 mask(u64 value, int bits);
/* How many bits a word of the driver has below those of the machine: see facts.c. */
int below(void);
int wrap_int(long value);

/* memory.c */
void map_memory(void *handle);
void *percpu_at(int hart);
/* Where in the driver's writable data an address lies, or -1. */
long data_offset(const void *address);
void keep_boot_image(void);
int capture(void);
int restore(int state);

/* sanitizers.c */
void observe_pending(void);

/* calls.c: each says whether it could be done in this state. */
int call_open(int event, int type, u64 config, int special, int attribute, int fits);
int call_destroy(int event);
int call_step(int event);
int call_run(int event, enum callback callback, int hart, int flags);
int call_free(int event);
int call_foreign(int take);
/* A scheduling point: the code goes on when the scheduler says so. */
void point(void);
enum pmc_owner pmc_owner(void);
extern struct mutex *reservation_mutex;

/* view.c */
int view(FILE *out);

#endif
