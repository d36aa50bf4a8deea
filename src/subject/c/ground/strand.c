/* SPDX-License-Identifier: MIT */
/* A stack of its own for one call, so that it can stand still inside the driver while another one runs. */
#include "process.h"
#include <string.h>

void on_stack_of_its_own(void (*function)(void))
{
	enum { BYTES = 1 << 23 };
	void *left;

	switch_stacks(&left, ready_stack(host_memory(BYTES), BYTES, function));
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
	inside = ready_stack(stack, STACK_BYTES, run);
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
