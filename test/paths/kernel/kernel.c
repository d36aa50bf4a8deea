/* SPDX-License-Identifier: MIT */
/* The harts, and KUnit: runs every case of every suite, and says of each whether it is ok, or at which assertion it stopped. */
#include <stdarg.h>
#include "kernel.h"

extern char __start_percpu[], __stop_percpu[];
static char others[HARTS][4096];
static struct { u64 cycle, instret; } counters[HARTS] = { { 1000, 500 }, { 9000000000, 70000 } };
static struct task_struct task;
struct task_struct *current = &task;
int kernel_hart;

void *kernel_percpu(void *pointer, int hart)
{
	return hart == 0 ? pointer : others[hart] + ((char *)pointer - __start_percpu);
}

void kernel_call(int hart, void (*function)(void *), void *argument)
{
	int before = kernel_hart;

	kernel_hart = hart;
	function(argument);
	kernel_hart = before;
}

static void passes(u64 cycles)
{
	for (int hart = 0; hart < HARTS; hart++) {
		counters[hart].cycle += cycles;
		counters[hart].instret += cycles / 2 + 1;
	}
}

void udelay(unsigned int microseconds)
{
	passes(1000ULL * microseconds);
}

u64 kernel_counter(const char *name)
{
	passes(11);
	return strstr(name, "nstret") || strstr(name, "NSTRET") ? counters[kernel_hart].instret : counters[kernel_hart].cycle;
}

static const struct kunit_suite *suites[64];
static int n_suites;
static jmp_buf stopped;

void kunit_add(const struct kunit_suite *suite)
{
	suites[n_suites++] = suite;
}

void kunit_stop(const char *how, const char *format, ...)
{
	va_list values;

	printf("%s ", how);
	va_start(values, format);
	vprintf(format, values);
	va_end(values);
	printf("\n");
	longjmp(stopped, 1);
}

static void run(const struct kunit_suite *suite, const struct kunit_case *one)
{
	struct kunit test = { NULL };

	printf("%s: ", one->name);
	if (setjmp(stopped) == 0) {
		suite->init(&test);
		one->run(&test);
		printf("ok\n");
	}
	suite->exit(&test);
}

int main(void)
{
	for (int number = 0; number < n_suites; number++)
		for (const struct kunit_case *one = suites[number]->test_cases; one->run; one++)
			run(suites[number], one);
	return 0;
}
