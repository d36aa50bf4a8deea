/* SPDX-License-Identifier: MIT */
/*
 * Between the process (compiled with libc) and the kernel that a driver meets (compiled with the tree's headers): plain C
 * types only. The kernel's names begin with hp_, the process's with host_.
 */
#ifndef HARTPROOF_HOST_H
#define HARTPROOF_HOST_H

/* A long as the kernel that a driver meets has it: of 32 bits where the process is made for that. */
#ifdef HOST_NARROW
typedef int host_long;
typedef unsigned int host_ulong;
#else
typedef long host_long;
typedef unsigned long host_ulong;
#endif

enum { HOST_CPUS = 4, HOST_KINDS = 1024, HOST_EVENTS = 80 };

/* What a user asks for: the attributes of an event. `type` below 0 is the type of the PMU itself. */
struct host_kind {
	host_long type;
	unsigned long long config, config1, config2, period;
	/* The bits of HOST_EXCLUDE_… and the like. */
	host_ulong flags;
	/* On which CPU; below 0: of a task. */
	host_long cpu;
};
enum {
	EXCLUDE_USER = 1, EXCLUDE_KERNEL = 2, EXCLUDE_HV = 4, EXCLUDE_IDLE = 8, EXCLUDE_HOST = 16, EXCLUDE_GUEST = 32,
	PRECISE = 64, FREQUENCY = 128, BRANCH_STACK = 256, PINNED = 512, SOFTWARE = 1024,
};
extern struct host_kind host_kinds[HOST_KINDS];

/* What is a part of every state: added once, before the boot image is kept. */
enum host_owner { OF_KERNEL, OF_DRIVER };
void host_region(void *at, host_ulong bytes, enum host_owner owner);
/* A region that grows: `used` says how many bytes of it are in use, and is itself in a region. */
void host_growing_region(void *at, host_ulong bytes, host_ulong *used, enum host_owner owner);
/* Calls `found` for each word of the driver's own memory that points into a range. */
void host_pointers(const void *from, const void *to, void (*found)(const void *where, const void *value));

/* A place in the address space that nothing may touch directly. */
void *host_reserve(host_ulong bytes);
/* Zeroed memory, at an address that stays. */
void *host_memory(host_ulong bytes);
void *host_map_at(void *wanted, host_ulong bytes);
int host_is_driver(const void *at);
/* What the driver defines under a name, or NULL. */
void *host_of_driver(const char *name);
/* The word of the memory that is a part of the state in which an address lies, or -1. */
host_long host_word(const void *at);
/* Where in the driver's object an address lies; 0 for what is not in it. */
host_ulong host_offset(const void *at);

/* Runs a function on a stack of its own until it ends, which is 1, or pauses; and lets it go on. */
int host_strand(void (*function)(void));
int host_resume(void);
void host_pause(void);

/* A fact of the step that runs, as a JSON object without its braces; `at` is the address that it came from. */
void host_fact(const void *at, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Appends to the view of the state after the step. */
void host_view(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Ends the step: from here on nothing is known. */
void host_unknown(const char *what) __attribute__((noreturn));
/* Ends the step: it cannot be made in this state. */
void host_impossible(void) __attribute__((noreturn));
/* Ends the step as a crash. */
void host_crash(const char *what) __attribute__((noreturn));
int host_vsnprintf(char *buffer, host_ulong size, const char *format, __builtin_va_list arguments);
int host_vsscanf(const char *text, const char *format, __builtin_va_list arguments);

/* What the driver said last; no part of the state. */
extern char host_last_words[256];

/* The kernel's side. */
/* The table of a device that is described: see device.h. */
void hp_describe_device(const unsigned long long *numbers);
void hp_boot(void);
/* Where the driver's initcalls are; and runs them. */
void hp_initcalls(int (**from)(void), int (**to)(void));
int hp_init(void);
/* Where what ends it is. */
void hp_exitcalls(void (**from)(void), void (**to)(void));
/* Does one command; false if it cannot be done in this state. */
int hp_command(char operation, const host_long *numbers);
/* The two calls of a command `z`, which is made next. */
void hp_pair(char operation, const host_long *numbers, char operation2, const host_long *numbers2);
void hp_view(void);
/* Prints what was registered, as lines. */
void hp_describe(void (*line)(const char *text));
#endif
