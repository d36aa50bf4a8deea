/* SPDX-License-Identifier: MIT */
/* Searches of small bitmaps are calls, too, so that one that finds nothing is told. */
#include_next <asm-generic/bitsperlong.h>
#undef small_const_nbits
#define small_const_nbits(nbits) 0
