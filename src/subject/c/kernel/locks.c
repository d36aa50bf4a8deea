/* SPDX-License-Identifier: MIT */
/* Mutexes and spinlocks: who holds what. At most two calls run at once (interleave.c); most run alone. */
#include "hp.h"

enum { MOST_LOCKS = 32 };
/* Which of two calls runs: interleave.c. */
static enum thread { ALONE, FIRST, SECOND } running;
static struct lock { const void *lock; const char *kind; const void *at; enum thread by; int cpu; } held[MOST_LOCKS];

static void lets_go(const void *lock);
static void waits_for(const struct lock *lock, const char *kind, const void *at);

static struct lock *lock_at(const void *lock)
{
	for (int i = 0; i < MOST_LOCKS; i++)
		if (held[i].lock == lock)
			return &held[i];
	return NULL;
}

static bool is_spinlock(const struct lock *lock) { return lock->lock && strcmp(lock->kind, "spinlock") == 0; }
/* What is judged by machines/core/lock.ts. */
static void tell_lock(const struct lock *lock, const char *does, const void *at, const char *more)
{
	host_fact(at, "\"type\":\"lock\",\"does\":\"%s\",\"lock\":%d,\"kind\":\"%s\",\"by\":%d%s", does, (int)(lock - held), lock->kind, running, more);
}
static void tell_taken(const struct lock *lock, const void *at) { tell_lock(lock, "take", at, irqs_off[lock->cpu] ? "" : ",\"open\":true"); }

void hp_locked(const void *lock, const char *kind, const void *at)
{
	struct lock *free;

	hp_point(at, "a lock");
	if (lock_at(lock) && lock_at(lock)->by != running)
		waits_for(lock_at(lock), kind, at);
	if (lock_at(lock)) {
		tell_taken(lock_at(lock), at);
		host_crash("deadlock: the lock is held already");
	}
	free = lock_at(NULL);
	if (!free)
		host_unknown("more than 32 locks at once");
	*free = (struct lock){ lock, kind, at, running, hp_cpu };
	tell_taken(free, at);
	hp_point(at, "what it does with a lock held");
}
/* Takes the lock if nobody has it. */
static bool try_lock(const void *lock, const char *kind, const void *at)
{
	if (lock_at(lock))
		return false;
	hp_locked(lock, kind, at);
	return true;
}

void hp_unlocked(const void *lock, const void *at)
{
	struct lock *one = lock_at(lock);

	if (one) {
		tell_lock(one, "release", at, "");
		*one = (struct lock){ 0 };
	} else {
		host_fact(at, "\"type\":\"lock\",\"does\":\"release\",\"lock\":-1,\"kind\":\"lock\",\"by\":%d", running);
	}
	lets_go(lock);
	hp_point(at, "what follows an unlock");
}

/* Whether one of the calls that run has a spinlock: who does, does not sleep. */
static bool spins(enum thread who)
{
	for (int i = 0; i < MOST_LOCKS; i++)
		if (is_spinlock(&held[i]) && held[i].by == who)
			return true;
	return false;
}
bool hp_spinning(void) { return spins(running); }

static bool any_held(void)
{
	for (int i = 0; i < MOST_LOCKS; i++)
		if (held[i].lock)
			return true;
	return false;
}
/* How many are held where nothing runs. */
int hp_locks_held(void)
{
	int count = 0;

	for (int i = 0; i < MOST_LOCKS; i++)
		if (held[i].lock) {
			tell_lock(&held[i], "return", held[i].at, "");
			count++;
		}
	return count;
}
/* Those that an earlier step left: nobody of this one holds them. */
static void tell_left_locks(void)
{
	for (int i = 0; i < MOST_LOCKS; i++)
		if (held[i].lock) {
			held[i].by = ALONE;
			tell_taken(&held[i], held[i].at);
		}
}
/* What runs holds locks while interrupts are let through on its CPU, or shut out. */
static void tell_interrupts(bool off)
{
	for (int i = 0; i < MOST_LOCKS; i++)
		if (is_spinlock(&held[i]) && held[i].by == running && held[i].cpu == hp_cpu)
			tell_lock(&held[i], off ? "interrupts off" : "interrupts on", held[i].at, "");
}
/* It sleeps with them held. */
static void tell_sleep(const char *what, const void *at)
{
	char more[64];

	scnprintf(more, sizeof(more), ",\"what\":\"%s\"", what);
	for (int i = 0; i < MOST_LOCKS; i++)
		if (held[i].lock && held[i].by == running)
			tell_lock(&held[i], "sleep", at, more);
}

#undef mutex_lock
#undef mutex_trylock
void hp_mutex_init(struct mutex *mutex, const char *name, struct lock_class_key *key) NAMED(__mutex_init);
void hp_mutex_init(struct mutex *mutex, const char *name, struct lock_class_key *key) { memset(mutex, 0, sizeof(*mutex)); }
void mutex_lock(struct mutex *mutex)
{
	hp_sleeps(HERE, "mutex_lock");
	hp_locked(mutex, "mutex", HERE);
}
int mutex_lock_interruptible(struct mutex *mutex)
{
	hp_sleeps(HERE, "mutex_lock_interruptible");
	hp_locked(mutex, "mutex", HERE);
	return 0;
}
int mutex_trylock(struct mutex *mutex) { return try_lock(mutex, "mutex", HERE); }
void mutex_unlock(struct mutex *mutex) { hp_unlocked(mutex, HERE); }
bool mutex_is_locked(struct mutex *mutex) { return lock_at(mutex); }
int atomic_dec_and_mutex_lock(atomic_t *count, struct mutex *mutex)
{
	hp_sleeps(HERE, "atomic_dec_and_mutex_lock");
	if (atomic_dec_return(count) != 0)
		return 0;
	hp_locked(mutex, "mutex", HERE);
	return 1;
}

void __raw_spin_lock_init(raw_spinlock_t *lock, const char *name, struct lock_class_key *key, short inner) { memset(lock, 0, sizeof(*lock)); }
#undef _raw_spin_lock
#undef _raw_spin_lock_irq
#undef _raw_spin_lock_irqsave
#undef _raw_spin_lock_bh
#undef _raw_spin_unlock
#undef _raw_spin_unlock_irq
#undef _raw_spin_unlock_irqrestore
#undef _raw_spin_unlock_bh
#undef _raw_spin_trylock
static unsigned long saves(void)
{
	unsigned long flags = hp_irqs_off();

	hp_set_irqs_off(1);
	return flags;
}
void _raw_spin_lock(raw_spinlock_t *lock) { hp_locked(lock, "spinlock", HERE); }
int _raw_spin_trylock(raw_spinlock_t *lock) { return try_lock(lock, "spinlock", HERE); }
void _raw_spin_lock_bh(raw_spinlock_t *lock) { hp_locked(lock, "spinlock", HERE); }
void _raw_spin_lock_irq(raw_spinlock_t *lock) { hp_set_irqs_off(1); hp_locked(lock, "spinlock", HERE); }
unsigned long _raw_spin_lock_irqsave(raw_spinlock_t *lock)
{
	unsigned long flags = saves();

	hp_locked(lock, "spinlock", HERE);
	return flags;
}
void _raw_spin_unlock(raw_spinlock_t *lock) { hp_unlocked(lock, HERE); }
void _raw_spin_unlock_bh(raw_spinlock_t *lock) { hp_unlocked(lock, HERE); }
void _raw_spin_unlock_irq(raw_spinlock_t *lock) { hp_unlocked(lock, HERE); hp_set_irqs_off(0); }
void _raw_spin_unlock_irqrestore(raw_spinlock_t *lock, unsigned long flags) { hp_unlocked(lock, HERE); hp_set_irqs_off(flags); }
void do_raw_spin_unlock(raw_spinlock_t *lock) { hp_unlocked(lock, HERE); }
void do_raw_spin_lock(raw_spinlock_t *lock) { hp_locked(lock, "spinlock", HERE); }
