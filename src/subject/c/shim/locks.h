/* SPDX-License-Identifier: MIT */
/* mutex.h, spinlock.h, irqflags.h */
#ifndef HARTPROOF_LOCKS_H
#define HARTPROOF_LOCKS_H

#define __MUTEX_INITIALIZER(name) { 0 }
#define DEFINE_MUTEX(name) struct mutex name
#define mutex_init(m) memset(m, 0, sizeof(*(m)))
#define mutex_destroy(m) ((void)(m))
#define mutex_lock(m) shim_mutex_lock(m)
#define mutex_lock_nested(m, class) shim_mutex_lock(m)
#define mutex_lock_interruptible(m) (shim_mutex_lock(m), 0)
#define mutex_lock_killable(m) (shim_mutex_lock(m), 0)
#define mutex_trylock(m) shim_mutex_trylock(m)
#define mutex_unlock(m) shim_mutex_unlock(m)
/* Its first byte is the owner: see types.h. */
#define mutex_is_locked(m) (*(const unsigned char *)(m) != 0)
#define lockdep_assert_held(m) ((void)(m))
#define lockdep_assert_irqs_disabled() ((void)0)
#define might_sleep() ((void)0)
static inline int shim_dec_and_mutex_lock(atomic_t *counter, struct mutex *mutex)
{
	if (shim_atomic_add_unless(counter, -1, 1, NULL))
		return 0;
	mutex_lock(mutex);
	if (atomic_dec_and_test(counter))
		return 1;
	mutex_unlock(mutex);
	return 0;
}
#define atomic_dec_and_mutex_lock(counter, mutex) shim_dec_and_mutex_lock(counter, mutex)

/* The first word of a spinlock is its owner, whatever else it has. */
#define shim_owner(l) ((int *)(l))
#define __SPIN_LOCK_UNLOCKED(name) { 0 }
#define __RAW_SPIN_LOCK_UNLOCKED(name) { 0 }
#define DEFINE_SPINLOCK(name) spinlock_t name
#define DEFINE_RAW_SPINLOCK(name) raw_spinlock_t name
#define DEFINE_RWLOCK(name) rwlock_t name
#define spin_lock_init(l) ((void)(*shim_owner(l) = 0))
#define raw_spin_lock_init(l) spin_lock_init(l)
#define spin_lock(l) shim_spin_lock(shim_owner(l))
#define spin_unlock(l) shim_spin_unlock(shim_owner(l))
#define spin_trylock(l) shim_spin_trylock(shim_owner(l))
#define spin_is_locked(l) (*shim_owner(l) != 0)
#define spin_lock_irq(l) spin_lock(l)
#define spin_unlock_irq(l) spin_unlock(l)
#define spin_lock_bh(l) spin_lock(l)
#define spin_unlock_bh(l) spin_unlock(l)
#define spin_lock_irqsave(l, flags) ((flags) = 0, spin_lock(l))
#define spin_unlock_irqrestore(l, flags) ((void)(flags), spin_unlock(l))
#define raw_spin_lock(l) spin_lock(l)
#define raw_spin_unlock(l) spin_unlock(l)
#define raw_spin_trylock(l) spin_trylock(l)
#define raw_spin_lock_irq(l) spin_lock(l)
#define raw_spin_unlock_irq(l) spin_unlock(l)
#define raw_spin_lock_irqsave(l, flags) spin_lock_irqsave(l, flags)
#define raw_spin_unlock_irqrestore(l, flags) spin_unlock_irqrestore(l, flags)
/* Whoever reads keeps out whoever writes, and here other readers too. */
#define read_lock(l) spin_lock(l)
#define read_unlock(l) spin_unlock(l)
#define write_lock(l) spin_lock(l)
#define write_unlock(l) spin_unlock(l)
#define local_irq_save(flags) ((flags) = 0)
#define local_irq_restore(flags) ((void)(flags))
#define local_irq_disable() ((void)0)
#define local_irq_enable() ((void)0)
#define irqs_disabled() 1
#define in_interrupt() 0
#define in_nmi() 0

#define shim_guard_mutex(m) struct mutex *shim_held __attribute__((cleanup(shim_leave_mutex), unused)) = shim_enter_mutex(m)
#define shim_guard_spinlock(l) int *shim_held __attribute__((cleanup(shim_leave_spinlock), unused)) = shim_enter_spinlock(l)
#define shim_guard_raw_spinlock(l) shim_guard_spinlock(l)
#define shim_guard_spinlock_irqsave(l) shim_guard_spinlock(l)
#define shim_guard_raw_spinlock_irqsave(l) shim_guard_spinlock(l)
#define guard(kind) shim_guard_##kind
static inline struct mutex *shim_enter_mutex(struct mutex *mutex) { mutex_lock(mutex); return mutex; }
static inline void shim_leave_mutex(struct mutex **mutex) { mutex_unlock(*mutex); }
static inline int *shim_enter_spinlock(spinlock_t *lock) { spin_lock(lock); return shim_owner(lock); }
static inline void shim_leave_spinlock(int **owner) { shim_spin_unlock(*owner); }

#endif
