/* SPDX-License-Identifier: MIT */
/* bits.h, bitops.h, bitfield.h, bitmap.h, cpumask.h */
#ifndef HARTPROOF_BITS_H
#define HARTPROOF_BITS_H

#define BITS_PER_BYTE 8
#define BITS_PER_LONG 64
#define BITS_PER_LONG_LONG 64
#define BITS_PER_TYPE(type) (sizeof(type) * 8)
#define BIT(n) (1UL << (n))
#define BIT_ULL(n) (1ULL << (n))
#define BIT_MASK(n) BIT((n) % BITS_PER_LONG)
#define BIT_WORD(n) ((n) / BITS_PER_LONG)
#define GENMASK(high, low) ((~0UL << (low)) & (~0UL >> (BITS_PER_LONG - 1 - (high))))
#define GENMASK_ULL(high, low) ((~0ULL << (low)) & (~0ULL >> (63 - (high))))
#define shim_shift_of(mask) __builtin_ctzll(mask)
#define FIELD_GET(mask, word) ((__typeof__(mask))(((word) & (mask)) >> shim_shift_of(mask)))
#define FIELD_PREP(mask, value) (((__typeof__(mask))(value) << shim_shift_of(mask)) & (mask))
#define FIELD_FIT(mask, value) (!(((__typeof__(mask))(value) << shim_shift_of(mask)) & ~(mask)))
#define FIELD_MAX(mask) ((__typeof__(mask))((mask) >> shim_shift_of(mask)))

#define BITS_TO_LONGS(bits) (((bits) + BITS_PER_LONG - 1) / BITS_PER_LONG)
#define BITMAP_LAST_WORD_MASK(bits) (~0UL >> (-(bits) & (BITS_PER_LONG - 1)))
#define DECLARE_BITMAP(name, bits) unsigned long name[BITS_TO_LONGS(bits)]

static inline bool shim_bit(long bit, const unsigned long *map) { return map[BIT_WORD(bit)] >> bit % BITS_PER_LONG & 1; }
static inline void __set_bit(long bit, unsigned long *map) { map[BIT_WORD(bit)] |= BIT_MASK(bit); }
static inline void __clear_bit(long bit, unsigned long *map) { map[BIT_WORD(bit)] &= ~BIT_MASK(bit); }
static inline void __change_bit(long bit, unsigned long *map) { map[BIT_WORD(bit)] ^= BIT_MASK(bit); }
static inline bool __test_and_set_bit(long bit, unsigned long *map) { bool was = shim_bit(bit, map); __set_bit(bit, map); return was; }
static inline bool __test_and_clear_bit(long bit, unsigned long *map) { bool was = shim_bit(bit, map); __clear_bit(bit, map); return was; }
/* These are atomic: one step each. */
#define test_bit(bit, map) ({ shim_word_read(&(map)[BIT_WORD(bit)]); shim_bit(bit, map); })
#define set_bit(bit, map) ((void)shim_word_bit(bit, map, 1))
#define clear_bit(bit, map) ((void)shim_word_bit(bit, map, 0))
#define clear_bit_unlock(bit, map) clear_bit(bit, map)
#define change_bit(bit, map) ((void)shim_word_bit(bit, map, -1))
#define test_and_set_bit(bit, map) shim_word_bit(bit, map, 1)
#define test_and_set_bit_lock(bit, map) test_and_set_bit(bit, map)
#define test_and_clear_bit(bit, map) shim_word_bit(bit, map, 0)
#define test_and_change_bit(bit, map) shim_word_bit(bit, map, -1)
#define assign_bit(bit, map, value) ((void)shim_word_bit(bit, map, !!(value)))
#define __assign_bit(bit, map, value) ((value) ? __set_bit(bit, map) : __clear_bit(bit, map))

static inline unsigned long shim_find(const unsigned long *map, unsigned long bits, unsigned long from, bool wanted)
{
	while (from < bits && shim_bit(from, map) != wanted)
		from++;
	return from < bits ? from : bits;
}
#define find_next_bit(map, bits, from) shim_find(map, bits, from, true)
#define find_next_zero_bit(map, bits, from) shim_find(map, bits, from, false)
#define find_first_bit(map, bits) find_next_bit(map, bits, 0)
#define find_first_zero_bit(map, bits) find_next_zero_bit(map, bits, 0)
static inline unsigned long find_last_bit(const unsigned long *map, unsigned long bits)
{
	for (unsigned long bit = bits; bit-- > 0;)
		if (shim_bit(bit, map))
			return bit;
	return bits;
}
static inline unsigned long bitmap_find_next_zero_area(unsigned long *map, unsigned long bits, unsigned long from,
						       unsigned long count, unsigned long align)
{
	for (from = (from + align) & ~align; from + count <= bits; from = (from + 1 + align) & ~align)
		if (find_next_bit(map, from + count, from) >= from + count)
			return from;
	return bits + 1;
}
#define for_each_set_bit_from(bit, map, bits)                                                                         \
	for ((bit) = find_next_bit(map, bits, bit); (bit) < (bits); (bit) = find_next_bit(map, bits, (bit) + 1))
#define for_each_set_bit(bit, map, bits)                                                                              \
	for ((bit) = find_first_bit(map, bits); (bit) < (bits); (bit) = find_next_bit(map, bits, (bit) + 1))
#define for_each_clear_bit(bit, map, bits)                                                                            \
	for ((bit) = find_first_zero_bit(map, bits); (bit) < (bits); (bit) = find_next_zero_bit(map, bits, (bit) + 1))

static inline void bitmap_set(unsigned long *map, unsigned from, unsigned count) { while (count--) __set_bit(from++, map); }
static inline void bitmap_clear(unsigned long *map, unsigned from, unsigned count) { while (count--) __clear_bit(from++, map); }
static inline void bitmap_zero(unsigned long *map, unsigned bits) { bitmap_clear(map, 0, BITS_TO_LONGS(bits) * BITS_PER_LONG); }
static inline void bitmap_fill(unsigned long *map, unsigned bits) { bitmap_set(map, 0, bits); }
static inline void bitmap_copy(unsigned long *to, const unsigned long *from, unsigned bits)
{
	for (unsigned word = 0; word < BITS_TO_LONGS(bits); word++)
		to[word] = from[word];
}
static inline unsigned bitmap_weight(const unsigned long *map, unsigned bits)
{
	unsigned weight = 0;

	for (unsigned bit = 0; bit < bits; bit++)
		weight += shim_bit(bit, map);
	return weight;
}
#define shim_bitmap_op(name, expression)                                                                              \
	static inline bool name(unsigned long *to, const unsigned long *a, const unsigned long *b, unsigned bits)     \
	{                                                                                                             \
		for (unsigned word = 0; word < BITS_TO_LONGS(bits); word++)                                           \
			to[word] = expression;                                                                        \
		return find_first_bit(to, bits) < bits;                                                               \
	}
shim_bitmap_op(bitmap_and, a[word] & b[word])
shim_bitmap_op(bitmap_or, a[word] | b[word])
shim_bitmap_op(bitmap_xor, a[word] ^ b[word])
shim_bitmap_op(bitmap_andnot, a[word] & ~b[word])
#define bitmap_complement(to, from, bits) bitmap_xor(to, from, (const unsigned long[]){ [0 ... BITS_TO_LONGS(bits) - 1] = ~0UL }, bits)
#define bitmap_empty(map, bits) (find_first_bit(map, bits) >= (bits))
#define bitmap_full(map, bits) (find_first_zero_bit(map, bits) >= (bits))

#define hweight8(x) __builtin_popcount((u8)(x))
#define hweight16(x) __builtin_popcount((u16)(x))
#define hweight32(x) __builtin_popcount(x)
#define hweight64(x) __builtin_popcountll(x)
#define hweight_long(x) __builtin_popcountl(x)
#define ffs(x) __builtin_ffs(x)
#define __ffs(x) ((unsigned long)__builtin_ctzl(x))
#define __ffs64(x) ((unsigned long)__builtin_ctzll(x))
#define ffz(x) __ffs(~(x))
#define fls(x) ((x) ? 32 - __builtin_clz(x) : 0)
#define __fls(x) (63UL - __builtin_clzl(x))
#define fls64(x) ((x) ? 64 - __builtin_clzll(x) : 0)
#define fls_long(x) fls64(x)
#define ilog2(x) (63 - __builtin_clzll(x))
#define is_power_of_2(x) ((x) != 0 && ((x) & ((x) - 1)) == 0)
#define roundup_pow_of_two(x) (1UL << fls64((x) - 1))

/* One word holds all harts. */
typedef struct cpumask cpumask_var_t[1];
#define nr_cpumask_bits ((unsigned)shim_harts)
#define shim_all_harts ((struct cpumask){ { BIT(shim_harts) - 1 } })
#define cpu_online_mask (&shim_all_harts)
#define cpu_possible_mask (&shim_all_harts)
#define cpu_present_mask (&shim_all_harts)
#define cpumask_of(cpu) (&(struct cpumask){ { BIT(cpu) } })
#define cpumask_bits(mask) ((mask)->bits)
#define cpumask_clear(mask) ((void)((mask)->bits[0] = 0))
#define cpumask_setall(mask) ((void)(*(mask) = shim_all_harts))
#define cpumask_copy(to, from) ((void)(*(to) = *(from)))
#define cpumask_set_cpu(cpu, mask) set_bit(cpu, (mask)->bits)
#define cpumask_clear_cpu(cpu, mask) clear_bit(cpu, (mask)->bits)
#define cpumask_test_cpu(cpu, mask) shim_bit(cpu, (mask)->bits)
#define cpumask_test_and_set_cpu(cpu, mask) test_and_set_bit(cpu, (mask)->bits)
#define cpumask_test_and_clear_cpu(cpu, mask) test_and_clear_bit(cpu, (mask)->bits)
#define cpumask_first(mask) ((unsigned)find_first_bit((mask)->bits, shim_harts))
#define cpumask_next(cpu, mask) ((unsigned)find_next_bit((mask)->bits, shim_harts, (cpu) + 1))
#define cpumask_any(mask) cpumask_first(mask)
#define cpumask_any_but(mask, cpu)                                                                                    \
	({                                                                                                            \
		unsigned shim_other = cpumask_first(mask);                                                            \
		shim_other == (unsigned)(cpu) ? cpumask_next(cpu, mask) : shim_other;                                 \
	})
#define cpumask_empty(mask) bitmap_empty((mask)->bits, shim_harts)
#define cpumask_weight(mask) bitmap_weight((mask)->bits, shim_harts)
#define cpumask_equal(a, b) ((a)->bits[0] == (b)->bits[0])
#define cpumask_and(to, a, b) bitmap_and((to)->bits, (a)->bits, (b)->bits, shim_harts)
#define cpumask_or(to, a, b) ((void)bitmap_or((to)->bits, (a)->bits, (b)->bits, shim_harts))
#define for_each_cpu(cpu, mask) for ((cpu) = cpumask_first(mask); (int)(cpu) < shim_harts; (cpu) = cpumask_next(cpu, mask))
#define alloc_cpumask_var(mask, gfp) ((void)(mask), (void)(gfp), true)
#define zalloc_cpumask_var(mask, gfp) ((void)(gfp), cpumask_clear(*(mask)), true)
#define free_cpumask_var(mask) ((void)(mask))

#endif
