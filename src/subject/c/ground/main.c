/* SPDX-License-Identifier: MIT */
/*
 * The line protocol: see docs/ground.md. A crash or a hang of the driver, and a call of what nobody has, is an answer and not
 * the end.
 */
#include "process.h"
#include "../confine.h"
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <ucontext.h>
#include <unistd.h>

/* Of processor time, so that a busy machine is no hang. */
enum { HANG_MICROSECONDS = 300000 };
static sigjmp_buf rescue;
static volatile int rescuable;
static volatile unsigned begun, late;
static char ended[256];
enum { CRASHED = 1, UNKNOWN, IMPOSSIBLE };
struct host_kind host_kinds[HOST_KINDS];
char host_last_words[256];

enum { NUMBERS = 8 };
static int (*command)(char, const host_long *);
static void (*pair)(char, const host_long *, char, const host_long *);
static void (*look)(void);

static void end(int how, const void *at, const char *what)
{
	unsigned long offset;

	place_of(at, &offset);
	snprintf(ended, sizeof(ended), "\"type\":\"%s\",\"what\":\"%s\"", how == CRASHED ? "crash" : "unknown", quoted(what));
	if (!rescuable) {
		printf("? %s\n", what);
		fflush(stdout);
		_exit(70);
	}
	host_fact(at, "%s", ended);
	siglongjmp(rescue, how);
}

void *need(void *allocated)
{
	if (allocated == NULL) {
		printf("? the memory is used up\n");
		exit(71);
	}
	return allocated;
}

void host_unknown(const char *what)
{
	end(UNKNOWN, __builtin_return_address(0), what);
	abort();
}

void host_impossible(void)
{
	siglongjmp(rescue, IMPOSSIBLE);
}

void host_crash(const char *what)
{
	end(CRASHED, __builtin_return_address(0), what);
	abort();
}

/* The nearest address in the driver: the instruction itself, or where the call that it stands in comes back to. */
static const void *in_driver(const void *instruction, const u64 *stack)
{
	if (host_is_driver(instruction))
		return instruction;
	for (int i = 0; i < 256; i++)
		if (host_is_driver((const void *)stack[i]))
			return (const void *)stack[i];
	return NULL;
}

static void fatal_signal(int number, siginfo_t *info, void *context)
{
	const void *instruction = NULL;
	const u64 *stack = NULL;
	const char *missing;

	/* Only a command that has had all of the time is a hang: our own bookkeeping between two takes some as well. */
	if (number == SIGPROF && (!rescuable || late != begun)) {
		late = begun;
		return;
	}
#ifdef __x86_64__
	instruction = (void *)((ucontext_t *)context)->uc_mcontext.gregs[16]; /* REG_RIP */
	stack = (u64 *)((ucontext_t *)context)->uc_mcontext.gregs[15]; /* REG_RSP */
#endif
	if (number == SIGSYS) {
		static char what[64];

		snprintf(what, sizeof(what), "the system call %s, which is refused", name_of_call(info->si_syscall));
		end(UNKNOWN, in_driver(instruction, stack), what);
	}
	missing = number == SIGSEGV ? missing_at(info->si_addr) : NULL;
	if (missing)
		end(UNKNOWN, in_driver(instruction, stack), missing);
	end(CRASHED, in_driver(instruction, stack), number == SIGPROF ? "hang" : strsignal(number));
}

/* The numbers behind the letter of a command. */
static void read_numbers(const char *text, host_long *numbers)
{
	char *end;

	memset(numbers, 0, NUMBERS * sizeof(*numbers));
	for (int i = 0; i < 6; i++, text = end) {
		numbers[i] = strtoull(text + 1, &end, 10);
		if (*end != ',')
			break;
	}
}

/* A command of two calls at once: `z3|o1,0,-1|a0,0`. */
static void read_pair(const char *text)
{
	static host_long first[NUMBERS], second[NUMBERS];
	const char *one = strchr(text, '|'), *two = one ? strchr(one + 1, '|') : NULL;

	if (!two)
		return;
	read_numbers(one + 1, first);
	read_numbers(two + 1, second);
	pair(one[1], first, two[1], second);
}

static void answer(int state, const char *text)
{
	host_long numbers[NUMBERS];
	int how, done, next = -1, seen;

	forget_facts();
	if (!restore(state)) {
		printf("? no state %d\n", state);
		return;
	}
	read_numbers(text, numbers);
	if (text[0] == 'z')
		read_pair(text);
	begun++;
	how = sigsetjmp(rescue, 0);
	if (how == 0) {
		rescuable = 1;
		done = command(text[0], numbers);
		rescuable = 0;
		if (!done) {
			puts("-");
			return;
		}
		next = capture();
		look();
	}
	rescuable = 0;
	if (how == IMPOSSIBLE) {
		puts("-");
		return;
	}
	seen = how == 0 ? intern(stdout, 'v', view_text()) : -1;
	print_facts(stdout);
	printf(" -> %d %d\n", next, seen);
}

static void say(const char *text)
{
	puts(text);
}

static void set_kind(const char *text)
{
	int number = -1;
	struct host_kind kind = { 0 };

	if (sscanf(text, narrowed("%d %ld %llu %llu %llu %llu %lu %ld"), &number, &kind.type, &kind.config, &kind.config1, &kind.config2,
		   &kind.period, &kind.flags, &kind.cpu) == 8 &&
	    number >= 0 && number < HOST_KINDS)
		host_kinds[number] = kind;
}

/* Tells the kernel what the device is: the numbers of its table. */
static void describe_device(const char *text)
{
	static u64 numbers[1 << 14];
	char *end;

	for (unsigned count = 0; count < sizeof(numbers) / sizeof(*numbers); count++, text = end) {
		numbers[count] = strtoull(text, &end, 10);
		if (end == text)
			break;
	}
	((void (*)(const u64 *))symbol("hp_describe_device"))(numbers);
}

/* Files of one driver, each of which the compiler's instrumentation gives a constructor. */
enum { MOST_FILES = 64 };

static void boot(const char *kernel, const char *driver, const char *device)
{
	int (*init)(void);
	int state, seen, how;

#ifdef HOST_NARROW
	const char *why = NULL;
#else
	const char *why = not_for_loading(driver, 0, MOST_FILES);
#endif

	if (why) {
		printf("? %s\n", why);
		exit(71);
	}
	load(kernel, driver);
	lock_down();
	if (device)
		describe_device(device);
	((void (*)(void))symbol("hp_boot"))();
	((void (*)(char *, char *))symbol("hp_percpu"))(symbol("hp_percpu_start"), symbol("hp_percpu_end"));
	init = symbol("hp_init");
	command = symbol("hp_command");
	pair = symbol("hp_pair");
	look = symbol("hp_view");
	((void (*)(int (**)(void), int (**)(void)))symbol("hp_initcalls"))(symbol("hp_initcalls_start"), symbol("hp_initcalls_end"));
	((void (*)(void (**)(void), void (**)(void)))symbol("hp_exitcalls"))(symbol("hp_exitcalls_start"), symbol("hp_exitcalls_end"));
	keep_boot_image();
	/* State 0: before the initcalls, so that they can be run again, and fail. */
	capture();
	how = sigsetjmp(rescue, 0);
	if (how == 0) {
		rescuable = 1;
		init();
		rescuable = 0;
	}
	rescuable = 0;
	state = how == 0 ? capture() : -1;
	look();
	seen = intern(stdout, 'v', view_text());
	print_facts(stdout);
	printf(" -> %d %d\n", state, seen);
}

static char **arguments;
static void converse(void)
{
	static char line[1 << 16];

	boot(arguments[1], arguments[2], arguments[3]);
	puts(".");
	alarm_every(HANG_MICROSECONDS);
	while (fgets(line, sizeof(line), stdin)) {
		char *rest = line, *word = strsep(&rest, " \n");

		if (strcmp(word, "kind") == 0) {
			set_kind(rest);
		} else if (strcmp(word, "describe") == 0) {
			if (restore(atoi(rest)))
				((void (*)(void (*)(const char *)))symbol("hp_describe"))(say);
		} else {
			int state = atoi(word);

			while ((word = strsep(&rest, " \n")))
				if (*word)
					answer(state, word);
		}
		puts(".");
	}
	exit(0);
}

int main(int argc, char **argv)
{
	if (argc < 3)
		return 71;
	if (strcmp(argv[1], "compile") == 0)
		return compile_confined(argv + 2);
	open_protocol();
	confine_process();
	catch_signals(fatal_signal);
	arguments = argv;
	/* Where pointers have 32 bits, so must the stack's. */
#ifdef HOST_NARROW
	on_stack_of_its_own(converse);
#endif
	converse();
}

#ifndef HOST_NARROW
int host_vsnprintf(char *buffer, host_ulong size, const char *format, va_list arguments)
{
	return vsnprintf(buffer, size, format, arguments);
}

int host_vsscanf(const char *text, const char *format, va_list arguments)
{
	return vsscanf(text, format, arguments);
}
#endif
