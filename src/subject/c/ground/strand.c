/* SPDX-License-Identifier: MIT */
/* A stack of its own for one call, so that it can stand still inside the driver while another one runs. */
#include "process.h"
#include <string.h>

/* Keeps on the stack what a function must not change, and goes on where another stack was left. */
void switch_stacks(void **left, void *to);
enum { KEPT = 6 };
__asm__(".text\n.type switch_stacks, @function\nswitch_stacks:\n"
	"\tpush %rbp\n\tpush %rbx\n\tpush %r12\n\tpush %r13\n\tpush %r14\n\tpush %r15\n\tmov %rsp, (%rdi)\n\tmov %rsi, %rsp\n"
	"\tpop %r15\n\tpop %r14\n\tpop %r13\n\tpop %r12\n\tpop %rbx\n\tpop %rbp\n\tret\n.size switch_stacks, .-switch_stacks\n");

/* What is on a stack to which switch_stacks() goes to call a function: aligned as in a call, which nothing comes back from. */
static void *ready(char *end, void (*function)(void))
{
	void **top = (void **)(end - 16) - 1;

	top[0] = NULL;
	*--top = (void *)function;
	return top - KEPT;
}

void on_stack_of_its_own(void (*function)(void))
{
	enum { BYTES = 1 << 23 };
	void *left;

	switch_stacks(&left, ready((char *)host_memory(BYTES) + BYTES, function));
}

enum { STACK_BYTES = 1 << 17, SLACK = 1 << 12 };
static void *outside, *inside;
static char *stack;
static void (*body)(void);
static int ended;

static void run(void)
{
	body();
	ended = 1;
	host_pause();
}

int host_strand(void (*function)(void))
{
	if (!stack)
		stack = host_memory(STACK_BYTES + SLACK);
	/* What a call finds there does not hang on the one before. */
	memset(stack, 0, STACK_BYTES);
	inside = ready(stack + STACK_BYTES, run);
	body = function;
	ended = 0;
	return host_resume();
}

int host_resume(void)
{
	switch_stacks(&outside, inside);
	return ended;
}

void host_pause(void)
{
	switch_stacks(&inside, outside);
}
