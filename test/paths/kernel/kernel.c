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

/* What is said of an assertion, or of a skip, until the case is told. */
static char why[1024];

void kunit_stop(int how, const char *format, ...)
{
	va_list values;

	va_start(values, format);
	vsnprintf(why, sizeof(why), format, values);
	va_end(values);
	longjmp(stopped, how);
}

/* As the kernel's own KUnit prints it. */
static bool run(const struct kunit_suite *suite, const struct kunit_case *one, int number)
{
	struct kunit test = { NULL };
	int how = setjmp(stopped);

	if (how == 0) {
		suite->init(&test);
		one->run(&test);
	}
	if (how == KUNIT_FAILED)
		printf("    # %s: ASSERTION FAILED at driver.c:1\n\n%s\n    not ", one->name, why);
	else
		printf("    ");
	printf("ok %d %s", number, one->name);
	if (how == KUNIT_SKIPPED)
		printf(" # SKIP %s", why);
	printf("\n");
	suite->exit(&test);
	return how != KUNIT_FAILED;
}

int main(void)
{
	printf("KTAP version 1\n1..%d\n", n_suites);
	for (int number = 0; number < n_suites; number++) {
		const struct kunit_suite *suite = suites[number];
		int cases = 0, failed = 0;

		while (suite->test_cases[cases].run)
			cases++;
		printf("    KTAP version 1\n    # Subtest: %s\n    1..%d\n", suite->name, cases);
		for (int one = 0; one < cases; one++)
			failed += !run(suite, &suite->test_cases[one], one + 1);
		printf("%sok %d %s\n", failed > 0 ? "not " : "", number + 1, suite->name);
	}
	return 0;
}
