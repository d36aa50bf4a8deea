/* SPDX-License-Identifier: MIT */
/* Divisions of 64 bits, which are calls where a long has 32. */
#include "hp.h"
#if BITS_PER_LONG == 32
#include <linux/math64.h>

u32 hp_div64_32(u64 *dividend, u32 divisor) NAMED(__div64_32);
u32 hp_div64_32(u64 *dividend, u32 divisor)
{
	u32 rest = *dividend % divisor;

	*dividend /= divisor;
	return rest;
}
s64 div_s64_rem(s64 dividend, s32 divisor, s32 *rest)
{
	*rest = dividend % divisor;
	return dividend / divisor;
}
u64 div64_u64_rem(u64 dividend, u64 divisor, u64 *rest)
{
	*rest = dividend % divisor;
	return dividend / divisor;
}
u64 div64_u64(u64 dividend, u64 divisor) { return dividend / divisor; }
s64 div64_s64(s64 dividend, s64 divisor) { return dividend / divisor; }
#endif
