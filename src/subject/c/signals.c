/* SPDX-License-Identifier: MIT */
/* What ends a command and not the process. */
#include "numbers.h"
#include "confine.h"
#include <sys/syscall.h>
#include <sys/time.h>

void alarm_every(int microseconds)
{
	struct timeval time = { .tv_usec = microseconds };
	struct itimerval timer = { .it_interval = time, .it_value = time };

	gate(SYS_setitimer, ITIMER_PROF, (long)&timer, 0);
}

void catch_signals(void (*handler)(int, siginfo_t *, void *))
{
	static const int numbers[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGSYS, SIGPROF };
	static char stack[65536];
	stack_t alternative = { .ss_sp = stack, .ss_size = sizeof(stack) };
	struct sigaction action = { .sa_sigaction = handler, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER };

	sigaltstack(&alternative, NULL);
	for (unsigned i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		sigaction(numbers[i], &action, NULL);
}
