/* SPDX-License-Identifier: MIT */
/* Callbacks run one after the other: a fence is one for the compiler. */
#ifndef HP_BARRIER_H
#define HP_BARRIER_H
#define mb() __asm__ __volatile__("" ::: "memory")
#define rmb() mb()
#define wmb() mb()
#define nop() mb()
#include <asm-generic/barrier.h>
#endif
