/* SPDX-License-Identifier: MIT */
/* atomic.h, refcount.h, cmpxchg.h, rwonce.h, barrier.h: each is one step, and another thread may come before it. */
#ifndef HARTPROOF_ATOMIC_H
#define HARTPROOF_ATOMIC_H

#define ATOMIC_INIT(value) { (value) }
#define atomic_read(v) shim_atomic_read(v)
#define atomic_read_acquire(v) shim_atomic_read(v)
#define atomic_set(v, value) shim_atomic_set(v, value)
#define atomic_set_release(v, value) shim_atomic_set(v, value)
#define atomic_inc_return(v) shim_atomic_add(v, 1)
#define atomic_dec_return(v) shim_atomic_add(v, -1)
#define atomic_inc(v) ((void)shim_atomic_add(v, 1))
#define atomic_dec(v) ((void)shim_atomic_add(v, -1))
#define atomic_add(n, v) ((void)shim_atomic_add(v, n))
#define atomic_sub(n, v) ((void)shim_atomic_add(v, -(n)))
#define atomic_add_return(n, v) shim_atomic_add(v, n)
#define atomic_sub_return(n, v) shim_atomic_add(v, -(n))
#define atomic_fetch_add(n, v) (shim_atomic_add(v, n) - (n))
#define atomic_fetch_sub(n, v) (shim_atomic_add(v, -(n)) + (n))
#define atomic_fetch_inc(v) atomic_fetch_add(1, v)
#define atomic_fetch_dec(v) atomic_fetch_sub(1, v)
#define atomic_dec_and_test(v) (shim_atomic_add(v, -1) == 0)
#define atomic_inc_and_test(v) (shim_atomic_add(v, 1) == 0)
#define atomic_sub_and_test(n, v) (shim_atomic_add(v, -(n)) == 0)
#define atomic_inc_not_zero(v) shim_atomic_add_unless(v, 1, 0, NULL)
#define atomic_add_unless(v, n, u) shim_atomic_add_unless(v, n, u, NULL)
#define atomic_dec_if_positive(v)                                                                                     \
	({                                                                                                            \
		int shim_old;                                                                                         \
		shim_atomic_add_unless(v, -1, 0, &shim_old);                                                          \
		shim_old - 1;                                                                                         \
	})
#define atomic_cmpxchg(v, old, new) cmpxchg(&(v)->counter, old, new)
#define atomic_try_cmpxchg(v, old, new) try_cmpxchg(&(v)->counter, old, new)
#define atomic_xchg(v, new) xchg(&(v)->counter, new)

#define REFCOUNT_INIT(value) ATOMIC_INIT(value)
#ifndef __KERNEL__
typedef atomic_t refcount_t;
struct kref { refcount_t refcount; };
typedef struct { s64 counter; } atomic64_t;
typedef struct { long counter; } atomic_long_t;
#endif
/* In the kernel it is a structure around one. */
#define shim_refs(r) ((atomic_t *)(r))
#define refcount_read(r) atomic_read(shim_refs(r))
#define refcount_set(r, value) atomic_set(shim_refs(r), value)
#define refcount_inc(r) atomic_inc(shim_refs(r))
#define refcount_add(n, r) atomic_add(n, shim_refs(r))
#define refcount_dec(r) atomic_dec(shim_refs(r))
#define refcount_dec_and_test(r) atomic_dec_and_test(shim_refs(r))
#define refcount_sub_and_test(n, r) atomic_sub_and_test(n, shim_refs(r))
#define refcount_inc_not_zero(r) atomic_inc_not_zero(shim_refs(r))
#define refcount_dec_and_mutex_lock(r, m) atomic_dec_and_mutex_lock(shim_refs(r), m)
#define kref_init(k) refcount_set(&(k)->refcount, 1)
#define kref_get(k) refcount_inc(&(k)->refcount)
#define kref_put(k, release) (refcount_dec_and_test(&(k)->refcount) ? ((release)(k), 1) : 0)

#define ATOMIC64_INIT(value) { (value) }
#define ATOMIC_LONG_INIT(value) { (value) }
#define shim_add(v, n) ({ __typeof__((v)->counter) shim_sum = (n); shim_word_add(&(v)->counter, &shim_sum, sizeof(shim_sum)); shim_sum; })
#define atomic64_read(v) READ_ONCE((v)->counter)
#define atomic64_set(v, value) WRITE_ONCE((v)->counter, value)
#define atomic64_add_return(n, v) shim_add(v, n)
#define atomic64_sub_return(n, v) shim_add(v, -(n))
#define atomic64_add(n, v) ((void)shim_add(v, n))
#define atomic64_sub(n, v) ((void)shim_add(v, -(n)))
#define atomic64_inc(v) ((void)shim_add(v, 1))
#define atomic64_dec(v) ((void)shim_add(v, -1))
#define atomic64_inc_return(v) shim_add(v, 1)
#define atomic64_dec_return(v) shim_add(v, -1)
#define atomic64_dec_and_test(v) (shim_add(v, -1) == 0)
#define atomic64_cmpxchg(v, old, new) cmpxchg(&(v)->counter, old, new)
#define atomic64_try_cmpxchg(v, old, new) try_cmpxchg(&(v)->counter, old, new)
#define atomic64_xchg(v, new) xchg(&(v)->counter, new)
#define atomic_long_read(v) atomic64_read(v)
#define atomic_long_set(v, value) atomic64_set(v, value)
#define atomic_long_inc(v) atomic64_inc(v)
#define atomic_long_dec(v) atomic64_dec(v)
#define atomic_long_inc_return(v) atomic64_inc_return(v)
#define atomic_long_dec_return(v) atomic64_dec_return(v)
#define atomic_long_dec_and_test(v) atomic64_dec_and_test(v)
#define atomic_long_cmpxchg(v, old, new) atomic64_cmpxchg(v, old, new)
#define atomic_long_xchg(v, new) atomic64_xchg(v, new)

/* Words of any size: what is compared and what is written have the type of the word. */
#define cmpxchg(ptr, old, new)                                                                                        \
	({                                                                                                            \
		__typeof__(*(ptr)) shim_old = (old), shim_new = (new);                                                \
		shim_word_cmpxchg((void *)(ptr), &shim_old, &shim_new, sizeof(shim_old));                             \
		shim_old;                                                                                             \
	})
#define try_cmpxchg(ptr, old, new)                                                                                    \
	({                                                                                                            \
		__typeof__(*(ptr)) shim_new = (new);                                                                  \
		shim_word_cmpxchg((void *)(ptr), (void *)(old), &shim_new, sizeof(shim_new));                         \
	})
#define xchg(ptr, new)                                                                                                \
	({                                                                                                            \
		__typeof__(*(ptr)) shim_word = (new);                                                                 \
		shim_word_xchg((void *)(ptr), &shim_word, sizeof(shim_word));                                         \
		shim_word;                                                                                            \
	})
#define cmpxchg_relaxed(ptr, old, new) cmpxchg(ptr, old, new)
#define cmpxchg_acquire(ptr, old, new) cmpxchg(ptr, old, new)
#define cmpxchg_release(ptr, old, new) cmpxchg(ptr, old, new)
#define cmpxchg64(ptr, old, new) cmpxchg(ptr, old, new)
#define cmpxchg_local(ptr, old, new) cmpxchg(ptr, old, new)
#define try_cmpxchg_acquire(ptr, old, new) try_cmpxchg(ptr, old, new)
#define try_cmpxchg_release(ptr, old, new) try_cmpxchg(ptr, old, new)
#define xchg_relaxed(ptr, new) xchg(ptr, new)
#define xchg_acquire(ptr, new) xchg(ptr, new)
#define xchg_release(ptr, new) xchg(ptr, new)

#define shim_plain(x) (*(volatile __typeof__(x) *)&(x))
#define READ_ONCE(x) ({ shim_word_read((const void *)&(x)); shim_plain(x); })
#define WRITE_ONCE(x, value)                                                                                          \
	do {                                                                                                          \
		__typeof__(x) shim_written = (value);                                                                 \
		shim_word_write((const void *)&(x));                                                                  \
		shim_plain(x) = shim_written;                                                                         \
	} while (0)
#define ACCESS_ONCE(x) shim_plain(x)
#define smp_load_acquire(ptr) READ_ONCE(*(ptr))
#define smp_store_release(ptr, value) WRITE_ONCE(*(ptr), value)
#define smp_store_mb(x, value) WRITE_ONCE(x, value)
#define rcu_dereference(ptr) READ_ONCE(ptr)
#define rcu_assign_pointer(ptr, value) WRITE_ONCE(ptr, value)
#define rcu_read_lock() ((void)0)
#define rcu_read_unlock() ((void)0)
#define mb() barrier()
#define rmb() barrier()
#define wmb() barrier()
#define smp_mb() barrier()
#define smp_rmb() barrier()
#define smp_wmb() barrier()
#define smp_mb__before_atomic() barrier()
#define smp_mb__after_atomic() barrier()
#define cpu_relax() barrier()

#endif
