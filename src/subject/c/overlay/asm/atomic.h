/* SPDX-License-Identifier: MIT */
/* Atomics are those of the compiler. */
#ifndef HP_ATOMIC_H
#define HP_ATOMIC_H
#define ATOMIC64_INIT(i) { (i) }
#include <linux/types.h>
#include <asm/cmpxchg.h>
#include <asm/barrier.h>
#if __riscv_xlen == 32
typedef struct { s64 __attribute__((aligned(8))) counter; } atomic64_t;
#endif
#define arch_atomic_read(v) READ_ONCE((v)->counter)
#define arch_atomic_set(v, i) WRITE_ONCE((v)->counter, i)
#define arch_atomic64_read(v) READ_ONCE((v)->counter)
#define arch_atomic64_set(v, i) WRITE_ONCE((v)->counter, i)
#define HP_OPS(name, t, vt, bop) \
static __always_inline void arch_##name(t i, vt *v) { __atomic_##bop##_fetch(&v->counter, i, 5); }
#define HP_RET(p, op, t, vt, bop) \
static __always_inline t arch_##p##_##op##_return(t i, vt *v) { return __atomic_##bop##_fetch(&v->counter, i, 5); }
#define HP_FETCH(p, op, t, vt, bop) \
static __always_inline t arch_##p##_fetch_##op(t i, vt *v) { return __atomic_fetch_##bop(&v->counter, i, 5); }
#define HP_ALL(p, t, vt) HP_OPS(p##_add, t, vt, add) HP_OPS(p##_sub, t, vt, sub) HP_OPS(p##_and, t, vt, and) HP_OPS(p##_or, t, vt, or) HP_OPS(p##_xor, t, vt, xor) \
HP_RET(p, add, t, vt, add) HP_RET(p, sub, t, vt, sub) HP_FETCH(p, add, t, vt, add) HP_FETCH(p, sub, t, vt, sub) HP_FETCH(p, and, t, vt, and) HP_FETCH(p, or, t, vt, or) HP_FETCH(p, xor, t, vt, xor)
HP_ALL(atomic, int, atomic_t)
HP_ALL(atomic64, s64, atomic64_t)
#define arch_atomic_xchg(v, n) arch_xchg(&(v)->counter, n)
#define arch_atomic_cmpxchg(v, o, n) arch_cmpxchg(&(v)->counter, o, n)
#define arch_atomic64_xchg(v, n) arch_xchg(&(v)->counter, n)
#define arch_atomic64_cmpxchg(v, o, n) arch_cmpxchg(&(v)->counter, o, n)
#define arch_atomic_add_return arch_atomic_add_return
#define arch_atomic_sub_return arch_atomic_sub_return
#define arch_atomic_fetch_add arch_atomic_fetch_add
#define arch_atomic_fetch_sub arch_atomic_fetch_sub
#define arch_atomic_fetch_and arch_atomic_fetch_and
#define arch_atomic_fetch_or arch_atomic_fetch_or
#define arch_atomic_fetch_xor arch_atomic_fetch_xor
#define arch_atomic64_add_return arch_atomic64_add_return
#define arch_atomic64_sub_return arch_atomic64_sub_return
#define arch_atomic64_fetch_add arch_atomic64_fetch_add
#define arch_atomic64_fetch_sub arch_atomic64_fetch_sub
#define arch_atomic64_fetch_and arch_atomic64_fetch_and
#define arch_atomic64_fetch_or arch_atomic64_fetch_or
#define arch_atomic64_fetch_xor arch_atomic64_fetch_xor
#endif
