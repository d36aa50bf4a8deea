/* SPDX-License-Identifier: MIT */
/* What a shim primitive asks of the harness. Each is a fact, and in a call that may sleep a scheduling point. */
#ifndef HARTPROOF_SHIM_H
#define HARTPROOF_SHIM_H

#include "types.h"

/* Of the harness, only this is seen by the driver: all other names are the driver's own to use. */
#pragma GCC visibility push(default)

extern long shim_percpu_offset;
extern int shim_hart, shim_harts;
/* From a per-CPU address on hart 0 to the same on another. */
long shim_offset_of(int hart);

/* NULL if there is no more. What is not asked to be zero may be anything. */
void *shim_alloc(size_t size, int zero);
void shim_free(const void *address);

int shim_atomic_add(atomic_t *counter, int step);
int shim_atomic_add_unless(atomic_t *counter, int step, int unless, int *old);
int shim_atomic_read(const atomic_t *counter);
void shim_atomic_set(atomic_t *counter, int value);

u64 shim_local64_read(const local64_t *word);
void shim_local64_set(local64_t *word, u64 value);
u64 shim_local64_exchange(local64_t *word, const u64 *expected, u64 value);
u64 shim_local64_add(u64 value, local64_t *word);

void shim_mutex_lock(struct mutex *mutex);
int shim_mutex_trylock(struct mutex *mutex);
void shim_mutex_unlock(struct mutex *mutex);

/* Words of `size` bytes at any address; what they find is left in `old`, `word` or `sum`. */
bool shim_word_cmpxchg(void *at, void *old, const void *new, unsigned size);
void shim_word_xchg(void *at, void *word, unsigned size);
void shim_word_add(void *at, void *sum, unsigned size);
/* Sets the bit to 0 or 1, or to what it is not (-1); true if it was set. */
bool shim_word_bit(long bit, unsigned long *map, int value);
/* Before a word that others share is read, or written. */
void shim_word_read(const void *at);
void shim_word_write(const void *at);

void shim_spin_lock(int *owner);
int shim_spin_trylock(int *owner);
void shim_spin_unlock(int *owner);

/* Zeroed memory for each hart; NULL if there is no more. */
void *shim_alloc_percpu(unsigned long size, unsigned long align);
/* The driver's code goes on on another hart. */
void shim_go_to(int hart);

/* `name`: a register's name, its number, or a sum of these. */
u64 shim_csr_read(const char *name);
void shim_csr_write(const char *name, u64 value);
u64 shim_csr_swap(const char *name, u64 value);
u64 shim_csr_change(const char *name, u64 set, u64 clear);
void shim_warn(const char *function, const char *condition);
void shim_pr_warn(void);
void shim_update_userpage(struct perf_event *event);
int shim_request_irq(unsigned int irq, int shared);
void shim_free_irq(unsigned int irq);
int shim_register_pmu(struct pmu *pmu);
struct pmu *shim_registered_pmu(void);

#pragma GCC visibility pop

#endif
