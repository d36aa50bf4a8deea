/* SPDX-License-Identifier: MIT */
/* Calls on stacks of their own. Nothing is asked of the system: the signals that are masked are the same on all of them. */
#include "numbers.h"

#ifdef __x86_64__
enum { KEPT = 6 };
__asm__(".text\n.globl switch_stacks\n.hidden switch_stacks\n.type switch_stacks, @function\nswitch_stacks:\n"
	"\tpush %rbp\n\tpush %rbx\n\tpush %r12\n\tpush %r13\n\tpush %r14\n\tpush %r15\n\tmov %rsp, (%rdi)\n\tmov %rsi, %rsp\n"
	"\tpop %r15\n\tpop %r14\n\tpop %r13\n\tpop %r12\n\tpop %rbx\n\tpop %rbp\n\tret\n.size switch_stacks, .-switch_stacks\n");

void *ready_stack(char *start, unsigned long bytes, void (*function)(void))
{
	/* Aligned as in a call, which nothing comes back from. */
	void **top = (void **)(start + bytes - 16) - 1;

	top[0] = NULL;
	*--top = (void *)function;
	return top - KEPT;
}

char *lowest_in_use(void *left)
{
	return left;
}
#else
#include <string.h>
#include <ucontext.h>

void switch_stacks(void **left, void *to)
{
	ucontext_t here;

	*left = &here;
	swapcontext(&here, to);
}

void *ready_stack(char *start, unsigned long bytes, void (*function)(void))
{
	/* It is used up before the function has come so far down. */
	ucontext_t *context = (ucontext_t *)start;

	getcontext(context);
	context->uc_stack.ss_sp = start;
	context->uc_stack.ss_size = bytes;
	makecontext(context, function, 0);
	return context;
}

char *lowest_in_use(void *left)
{
	(void)left;
	return NULL;
}
#endif
