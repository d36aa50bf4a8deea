/* SPDX-License-Identifier: MIT */
/*
 * Accesses of the driver to memory, as the compiler's instrumentation tells them: where two calls run at once, each that the other
 * may see is a moment at which it can run. Which those are, the search decides: see at-once.ts.
 */
#include "hp.h"

/* Of a call that is counted, accesses at points beyond this one are not told: each then is one at which another call may run. */
enum { MOST_TOLD = 2048 };

/* The locks that a call holds, as positions in the memory of the state. */
static const char *locks_of(enum thread who)
{
	static char text[128];
	int length = 0;

	text[0] = 0;
	for (int i = 0; i < MOST_LOCKS; i++)
		if (held[i].lock && held[i].by == who)
			length += scnprintf(text + length, sizeof(text) - length, "%s%ld", length ? "," : "", host_word(held[i].lock));
	return text;
}

static void access(const void *memory, bool writes, const void *at)
{
	long word, before;

	if (in_line && is_freed(memory))
		host_fact(at, "\"type\":\"freed\"");
	if (running == ALONE)
		return;
	word = host_word(memory);
	/* What is on a stack is one call's alone. */
	if (word < 0)
		return;
	before = points;
	hp_point(at, "an access to memory that both have");
	/* Where nothing can come between, it is no point, and not told as one. */
	if (tells_accesses && points > before && points <= MOST_TOLD)
		host_fact(NULL, "\"type\":\"access\",\"point\":%ld,\"word\":%ld,\"writes\":%s,\"locks\":[%s]", points, word, writes ? "true" : "false", locks_of(FIRST));
}

#define ACCESSES(size) \
	void __tsan_read##size(void *memory) { access(memory, false, HERE); } \
	void __tsan_write##size(void *memory) { access(memory, true, HERE); } \
	void __tsan_unaligned_read##size(void *memory) { access(memory, false, HERE); } \
	void __tsan_unaligned_write##size(void *memory) { access(memory, true, HERE); }
ACCESSES(1) ACCESSES(2) ACCESSES(4) ACCESSES(8) ACCESSES(16)
/* Of a structure that is copied, the first word stands for all. */
void __tsan_read_range(void *memory, unsigned long size) { access(memory, false, HERE); }
void __tsan_write_range(void *memory, unsigned long size) { access(memory, true, HERE); }
/* As clang has them copied and set. */
void *__tsan_memcpy(void *to, const void *from, unsigned long size) { return memcpy(to, from, size); }
void *__tsan_memmove(void *to, const void *from, unsigned long size) { return memmove(to, from, size); }
void *__tsan_memset(void *to, int byte, unsigned long size) { return memset(to, byte, size); }
void __tsan_vptr_update(void **memory, void *value) {}
void __tsan_init(void) {}
void __tsan_func_entry(void *caller) {}
void __tsan_func_exit(void) {}

#define FETCH(type, bits, name, how) \
	type __tsan_atomic##bits##_fetch_##name(volatile type *memory, type value, int order) \
	{ \
		access((void *)memory, true, HERE); \
		return how(memory, value, __ATOMIC_SEQ_CST); \
	}
#define EXCHANGE(type, bits, strength) \
	bool __tsan_atomic##bits##_compare_exchange_##strength(volatile type *memory, type *expected, type wanted, int order, int failure) \
	{ \
		access((void *)memory, true, HERE); \
		return __atomic_compare_exchange_n(memory, expected, wanted, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST); \
	}
#define ATOMICS(type, bits) \
	type __tsan_atomic##bits##_load(const volatile type *memory, int order) \
	{ \
		access((void *)memory, false, HERE); \
		return *memory; \
	} \
	void __tsan_atomic##bits##_store(volatile type *memory, type value, int order) \
	{ \
		access((void *)memory, true, HERE); \
		*memory = value; \
	} \
	FETCH(type, bits, add, __atomic_fetch_add) FETCH(type, bits, sub, __atomic_fetch_sub) FETCH(type, bits, and, __atomic_fetch_and) \
	FETCH(type, bits, or, __atomic_fetch_or) FETCH(type, bits, xor, __atomic_fetch_xor) FETCH(type, bits, nand, __atomic_fetch_nand) \
	type __tsan_atomic##bits##_exchange(volatile type *memory, type value, int order) \
	{ \
		access((void *)memory, true, HERE); \
		return __atomic_exchange_n(memory, value, __ATOMIC_SEQ_CST); \
	} \
	EXCHANGE(type, bits, strong) EXCHANGE(type, bits, weak) \
	type __tsan_atomic##bits##_compare_exchange_val(volatile type *memory, type expected, type wanted, int order, int failure) \
	{ \
		access((void *)memory, true, HERE); \
		__atomic_compare_exchange_n(memory, &expected, wanted, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST); \
		return expected; \
	}
ATOMICS(u8, 8) ATOMICS(u16, 16) ATOMICS(u32, 32) ATOMICS(u64, 64)
void __tsan_atomic_thread_fence(int order) {}
void __tsan_atomic_signal_fence(int order) {}
