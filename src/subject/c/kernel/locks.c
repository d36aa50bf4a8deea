/* SPDX-License-Identifier: MIT */
/* Mutexes and spinlocks: who holds what. Calls run one after the other, so a lock that is held is held by oneself. */
#include "hp.h"

enum { MOST_LOCKS = 32 };
static struct { const void *lock; const char *kind; const void *at; } held[MOST_LOCKS];

void hp_locked(const void *lock, const char *kind, const void *at)
{
	for (int i = 0; i < MOST_LOCKS; i++)
		if (held[i].lock == lock) {
			host_fact(at, "\"type\":\"lock again\",\"kind\":\"%s\"", kind);
			host_crash("deadlock: the lock is held already");
		}
	for (int i = 0; i < MOST_LOCKS; i++)
		if (!held[i].lock) {
			held[i].lock = lock;
			held[i].kind = kind;
			held[i].at = at;
			return;
		}
	host_unknown("more than 32 locks at once");
}

void hp_unlocked(const void *lock, const void *at)
{
	for (int i = 0; i < MOST_LOCKS; i++)
		if (held[i].lock == lock) {
			held[i].lock = NULL;
			held[i].kind = NULL;
			held[i].at = NULL;
			return;
		}
	host_fact(at, "\"type\":\"not locked\"");
}

int hp_locks_held(void)
{
	int count = 0;

	for (int i = 0; i < MOST_LOCKS; i++)
		if (held[i].lock) {
			host_fact(held[i].at, "\"type\":\"held\",\"kind\":\"%s\"", held[i].kind);
			count++;
		}
	return count;
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
int mutex_trylock(struct mutex *mutex) { hp_locked(mutex, "mutex", HERE); return 1; }
void mutex_unlock(struct mutex *mutex) { hp_unlocked(mutex, HERE); }
bool mutex_is_locked(struct mutex *mutex)
{
	for (int i = 0; i < MOST_LOCKS; i++)
		if (held[i].lock == mutex)
			return true;
	return false;
}
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
int _raw_spin_trylock(raw_spinlock_t *lock) { hp_locked(lock, "spinlock", HERE); return 1; }
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
