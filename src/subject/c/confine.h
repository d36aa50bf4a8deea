/* SPDX-License-Identifier: MIT */
/* What keeps a stranger's C to itself: see docs/security.md. */
#ifndef HARTPROOF_CONFINE_H
#define HARTPROOF_CONFINE_H

#include <signal.h>

/* gate.c: the one place that talks to the caller and sets the alarm. The driver has none of its descriptors. */
extern const char gate_return[];
long gate(long number, long a, long b, long c);
void open_protocol(void);
/* How many bytes of questions the caller can send before one is read. */
int room_for_questions(void);

/* object.c: NULL, or why an object must not be loaded; `names`: also for what it uses that is neither its own
 * nor the shim's; `units`: of so many it was linked, each of which the compiler's instrumentation gave one constructor. */
const char *not_for_loading(const char *path, int names, int units);

/* confine.c */
/* Before the driver is loaded: an own user, network and so on, bounds of memory, no new rights. */
void confine_process(void);
/* Before any code of the driver runs: no file, no process, no descriptor; system calls are those of the harness. */
void lock_down(void);
/* What of it could be had, as ` name 1` each. */
const char *confinement(void);
/* Replaces this process by a compiler that reads what lies in some directories, and writes into one. */
int compile_confined(char **arguments);

/* callnames.c */
const char *name_of_call(long number);

#endif
