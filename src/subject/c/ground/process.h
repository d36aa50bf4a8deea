/* SPDX-License-Identifier: MIT */
/* The process around a driver and the kernel that it meets. */
#ifndef HARTPROOF_PROCESS_H
#define HARTPROOF_PROCESS_H
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include "host.h"
#include "../numbers.h"

typedef unsigned long long u64;
typedef uint32_t u32;

/* memory.c */
void keep_boot_image(void);
int capture(void);
int restore(int state);

/* objects.c */
void load(const char *kernel, const char *driver);
void *symbol(const char *name);
const char *missing_at(const void *address);
const char *place_of(const void *at, unsigned long *offset);

/* facts.c */
void forget_facts(void);
void print_facts(FILE *out);
const char *view_text(void);
const char *quoted(const char *text);

/* strand.c: goes on in a function that never returns, on a stack of its own. */
void on_stack_of_its_own(void (*function)(void));

/* narrow.c: a format as the kernel's code means it. */
#ifdef HOST_NARROW
const char *narrowed(const char *format);
enum { WHERE = 0x40 /* MAP_32BIT */ };
#else
static inline const char *narrowed(const char *format) { return format; }
enum { WHERE = 0 };
#endif
#endif
