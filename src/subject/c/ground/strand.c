/* SPDX-License-Identifier: MIT */
/* A stack of its own for one call, so that it can stand still inside the driver while another one runs. */
#include "process.h"
#include <string.h>
#include <ucontext.h>

enum { STACK_BYTES = 1 << 17, SLACK = 1 << 12 };
static ucontext_t outside, inside;
static char *stack;
static void (*body)(void);
static int ended;

static void run(void)
{
	body();
	ended = 1;
}

int host_strand(void (*function)(void))
{
	if (!stack)
		stack = host_memory(STACK_BYTES + SLACK);
	/* What a call finds there does not hang on the one before. */
	memset(stack, 0, STACK_BYTES);
	getcontext(&inside);
	inside.uc_stack.ss_sp = stack;
	inside.uc_stack.ss_size = STACK_BYTES;
	inside.uc_link = &outside;
	makecontext(&inside, run, 0);
	body = function;
	ended = 0;
	return host_resume();
}

int host_resume(void)
{
	swapcontext(&outside, &inside);
	return ended;
}

void host_pause(void)
{
	swapcontext(&inside, &outside);
}
