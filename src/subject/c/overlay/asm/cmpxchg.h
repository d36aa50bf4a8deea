/* SPDX-License-Identifier: MIT */
#ifndef HP_CMPXCHG_H
#define HP_CMPXCHG_H
#define arch_xchg(ptr, v) __atomic_exchange_n(ptr, v, __ATOMIC_SEQ_CST)
#define arch_cmpxchg(ptr, o, n) ({ __typeof__(*(ptr)) hp_o = (o); __atomic_compare_exchange_n(ptr, &hp_o, n, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST); hp_o; })
#define arch_cmpxchg_local(ptr, o, n) arch_cmpxchg(ptr, o, n)
#define arch_cmpxchg64(ptr, o, n) arch_cmpxchg(ptr, o, n)
#define arch_cmpxchg64_local(ptr, o, n) arch_cmpxchg(ptr, o, n)
#endif
