/* SPDX-License-Identifier: MIT */
/* What both processes of C have: texts and states of memory by number, and the signals that end a command and not the process. */
#ifndef HARTPROOF_NUMBERS_H
#define HARTPROOF_NUMBERS_H
#include <signal.h>
#include <stdint.h>
#include <stdio.h>

/* The memory itself; the process ends, with a line, where there is none. */
void *need(void *allocated);

/* intern.c: a text by number: definitions are printed once, before the line that first uses them. */
int intern(FILE *out, char kind, const char *text);

/* rows.c: rows of words; a row that is new gets the next number. All zero: there is none. */
struct rows { struct row *rows; unsigned *slots, count, slot_count; };
int number_of_row(struct rows *rows, const unsigned long long *words, unsigned length);

/* known-states.c: the words that differ from the memory after boot, where and with what. */
struct state { unsigned words; uint32_t *where; unsigned long long *value; };
/* The number of a state; one that is new gets the next. */
int number_of_state(const uint32_t *where, const unsigned long long *value, unsigned words);
/* A state by its number, or NULL. */
const struct state *state_at(int number);

/* stacks.c: leaves the stack in use at `*left`, and goes on where another one was left, which has all that a function must not change. */
void switch_stacks(void **left, void *to);
/* What is gone to so that a function begins, which never returns, on a stack that is all zero. */
void *ready_stack(char *start, unsigned long bytes, void (*function)(void));
/* The lowest byte that is in use of a stack that was left; NULL where that is not known. */
char *lowest_in_use(void *left);

/* signals.c: from now on, a signal each time that so many microseconds of processor time have gone by. */
void alarm_every(int microseconds);
/* What a driver does wrong, and the alarm, come to `handler`, on a stack of its own. */
void catch_signals(void (*handler)(int, siginfo_t *, void *));
#endif
