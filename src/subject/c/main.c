/* SPDX-License-Identifier: MIT */
/* The line protocol: see docs/conform.md. A crash or a hang of the driver is an answer, not the end. */
#include "harness.h"
#include "confine.h"
#include <dlfcn.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

struct machine machine = { 1, 1, 64, 64, 63, 32, 0, 0, 0, 64, 1, 0 };
const struct shim_subject *subject;
struct pmu *subject_pmu;
struct command now = { .running = -1 };

/* Of processor time, so that a busy machine is no hang. */
enum { HANG_MICROSECONDS = 100000 };
static sigjmp_buf rescue;
static volatile int rescuable;
/* How many commands were begun, and during which of them the time was up last. */
static volatile unsigned begun, late;
static const void *crashed_at;
/* The call of the system that the driver was refused last. */
static volatile long refused_call;
static int boot_state;

/* What one command leaves behind is none of the next. */
static void forget_command(void)
{
	memset(&now, 0, sizeof(now));
	now.running = -1;
	forget_facts();
}

void refuse(const char *why)
{
	printf("? %s\n", why);
	exit(71);
}

void no_memory(void)
{
	refuse("the memory is used up");
}

void *need(void *allocated)
{
	if (allocated == NULL)
		no_memory();
	return allocated;
}

void out_of(const char *what)
{
	now.lacks = what;
}

static void fatal_signal(int number, siginfo_t *info, void *context)
{
	(void)context;
	/* Only a command that has had all of the time is a hang: our own bookkeeping between two takes some as well. */
	if (number == SIGPROF && (!rescuable || now.busy || late != begun)) {
		late = begun;
		return;
	}
#ifdef __x86_64__
	crashed_at = (void *)((ucontext_t *)context)->uc_mcontext.gregs[16]; /* REG_RIP */
#endif
	if (number == SIGSYS)
		refused_call = info->si_syscall;
	if (!rescuable)
		_exit(70);
	siglongjmp(rescue, number);
}

/* Does one command. True if it could be done. */
static int perform(const char *command)
{
	enum { FIELDS = 6 };
	u64 n[FIELDS + MAX_COUNTERS] = { 0 };
	int event, fields = 0;

	if (command[0] == 'F')
		return call_foreign(command[1] == '+');
	for (const char *at = command; fields < FIELDS + MAX_COUNTERS && (at == command || *at == ',');) {
		char *end;

		n[fields] = strtoull(at + 1, &end, 10);
		if (end == at + 1)
			break;
		at = end;
		fields++;
	}
	event = n[0];
	if (fields < 1 || event < 0 || event >= machine.events)
		return 0;
	switch (command[0]) {
	case 'i':
		return call_open(event, n[1], n[2], n[3], n[4], n[5]);
	case 'd':
		return call_destroy(event);
	case 's':
		return call_step(event);
	case 'f':
		return call_free(event);
	case 'c':
		memcpy(now.counters, n + 4, sizeof(now.counters));
		return n[1] >= ADD && n[1] <= READ && n[2] < (unsigned)machine.harts && call_run(event, n[1], n[2], n[3]);
	}
	return 0;
}

/* What ended a call: a crash is the driver's, what was refused leaves unknown what it would have done. */
static void tell_end(int signal)
{
	if (signal == SIGSYS) {
		printf("~ the driver calls %s in %s: refused\n", name_of_call(refused_call),
		       now.running < 0 ? "a callback" : CALLBACKS[world->calls[now.running].callback]);
		return;
	}
	const char *name = signal == SIGPROF ? "hang" : strsignal(signal);
	int list = happened(stdout);

	printf("! %s at %lx = %d\n", name, offset_of(crashed_at), list);
}

static void answer(int state, const char *command)
{
	int crash = sigsetjmp(rescue, 0);
	int done, next, seen, list;

	if (crash) {
		rescuable = 0;
		tell_end(crash);
		/* What the driver's code left of the world may be anything. */
		lose_state();
		return;
	}
	forget_command();
	if (!restore(state)) {
		printf("? no state %d\n", state);
		return;
	}
	lose_state();
	begun++;
	rescuable = 1;
	done = perform(command);
	rescuable = 0;
	if (now.lacks) {
		printf("~ %s\n", now.lacks);
		return;
	}
	if (!done) {
		puts("-");
		return;
	}
	next = capture();
	seen = view(stdout);
	list = happened(stdout);
	printf("= %d %d %d\n", list, next, seen);
}

static void set_machine(const char *line)
{
	int seen, list;

	sscanf(line, "%d %d %d %d %d %d %d %d %d %d %d %d", &machine.events, &machine.harts, &machine.word_bits, &machine.xlen,
	       &machine.counter_width, &machine.int_bits, &machine.any_order, &machine.group, &machine.every_access,
	       &machine.counter_bits, &machine.writable, &machine.gives_out);
	if (machine.events > SHIM_MAX_EVENTS || machine.harts > SHIM_MAX_HARTS) {
		printf("? the C is run with at most %d events and %d harts\n", SHIM_MAX_EVENTS, SHIM_MAX_HARTS);
		return;
	}
	shim_harts = machine.harts;
	fit_regions();
	lose_state();
	restore(boot_state);
	forget_command();
	seen = view(stdout);
	list = happened(stdout);
	printf("= %d %d %d\n", list, boot_state, seen);
}

/* Runs the initcalls. What ends them ends the harness, which says so. */
static void run_initcalls(void)
{
	int crash = sigsetjmp(rescue, 0);

	if (crash == SIGSYS) {
		printf("? it calls %s in its initcalls: refused\n", name_of_call(refused_call));
		exit(71);
	}
	if (crash) {
		printf("? the driver's initcalls end with: %s\n", crash == SIGPROF ? "hang" : strsignal(crash));
		exit(71);
	}
	alarm_every(HANG_MICROSECONDS);
	begun++;
	rescuable = 1;
	for (int (**call)(void) = subject->initcalls; call < subject->initcalls_end; call++)
		if (*call)
			(*call)();
	rescuable = 0;
	if (now.lacks)
		refuse("the driver allocates more than there is room for");
}

static void boot(const char *path, int units)
{
	const char *why = not_for_loading(path, 1, units);
	void *object = why ? NULL : dlopen(path, RTLD_NOW | RTLD_LOCAL);

	if (why)
		refuse(why);
	if (object == NULL || (subject = dlsym(object, "shim_subject")) == NULL) {
		const char *error = dlerror();

		refuse(strstr(error, "map") ? "its data need more memory than it may have" : error);
	}
	map_memory();
	shim_harts = SHIM_MAX_HARTS;
	lock_down();
	run_initcalls();
	if (subject_pmu == NULL || subject_pmu->event_init == NULL)
		refuse("the driver registers no struct pmu in its initcalls");
	keep_boot_image();
	boot_state = capture();
	printf("! perf_irq %d active_events %d slots %d n_events %d destroy %d counters %d capabilities %d interrupt %d room %d%s\n",
	       subject->perf_irq != NULL, subject->active_events != NULL, subject->events >= 0, subject->n_events >= 0, subject->destroy != NULL,
	       subject->max_counters, subject_pmu->capabilities, interrupt_requested, room_for_questions(),
	       confinement());
	if (*unknown_at_boot())
		printf("^ the register %s\n", unknown_at_boot());
}

int main(int argc, char **argv)
{
	size_t room = 0;
	char *line = NULL;

	if (argc < 2)
		return 71;
	if (strcmp(argv[1], "compile") == 0)
		return compile_confined(argv + 2);
	open_protocol();
	confine_process();
	catch_signals(fatal_signal);
	boot(argv[1], argc > 2 ? atoi(argv[2]) : 1);
	puts(".");
	while (getline(&line, &room, stdin) > 0) {
		char *rest = line, *word = strsep(&rest, " \n");

		if (strcmp(word, "machine") == 0) {
			set_machine(rest);
		} else if (strcmp(word, "growth") == 0) {
			tell_growth(rest);
		} else if (strcmp(word, "unread") == 0) {
			set_unread(rest);
		} else if (strcmp(word, "ints") == 0) {
			set_ints(rest);
		} else if (strcmp(word, "unsigneds") == 0) {
			set_unsigneds(rest);
		} else {
			int state = atoi(word);

			while ((word = strsep(&rest, " \n")))
				if (*word)
					answer(state, word);
		}
		puts(".");
	}
	return 0;
}
