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

/* In place of a signal: the command touched an event that was closed to it. */
enum { BEYOND = 256 };
/* The piece that differs in nothing from the memory after boot: the first that is captured. */
enum { BOOTED };

/* Of processor time, so that a busy machine is no hang. */
enum { HANG_MICROSECONDS = 100000 };
static sigjmp_buf rescue;
static volatile int rescuable;
/* How many commands were begun, and during which of them the time was up last. */
static volatile unsigned begun, late;
static const void *crashed_at;
/* The call of the system that the driver was refused last. */
static volatile long refused_call;

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
	siglongjmp(rescue, number == SIGSEGV && is_closed(info->si_addr) ? BEYOND : number);
}

enum { FIELDS = 6 };

/* The numbers in a command; answers how many. */
static int numbers_in(const char *command, u64 *n)
{
	int fields = 0;

	for (const char *at = command; fields < FIELDS + MAX_COUNTERS && (at == command || *at == ',');) {
		char *end;

		n[fields] = strtoull(at + 1, &end, 10);
		if (end == at + 1)
			break;
		at = end;
		fields++;
	}
	return fields;
}

/* The event that a command is about; NO_EVENT if it is about none, and EVERY_EVENT if there is no such event. */
static int event_of(const char *command)
{
	u64 n[FIELDS + MAX_COUNTERS];

	if (command[0] == 'F')
		return NO_EVENT;
	return numbers_in(command, n) > 0 && n[0] < (unsigned)machine.events ? (int)n[0] : EVERY_EVENT;
}

/* Does one command. True if it could be done. */
static int perform(const char *command)
{
	u64 n[FIELDS + MAX_COUNTERS] = { 0 };
	int event = event_of(command);

	if (event == NO_EVENT)
		return call_foreign(command[1] == '+');
	if (event == EVERY_EVENT)
		return 0;
	numbers_in(command, n);
	switch (command[0]) {
	case 'i':
		return call_open(event, n[1], n[2], n[3], n[4], n[5]);
	case 'd':
		return call_destroy(event);
	case 's':
		return call_step(event);
	case 'f':
		return call_free(event);
	case 'l':
		return 1;
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
		       now.running < 0 ? "a callback" : CALLBACKS[own[now.running]->call.callback]);
		return;
	}
	const char *name = signal == SIGPROF ? "hang" : strsignal(signal);
	int list = happened(stdout);

	printf("! %s at %lx = %d\n", name, offset_of(crashed_at), list);
}

/* The pieces of a state, as a question names them: of every event, or only of the one that the command is about. */
struct state_asked { int shared, is_whole, own[SHIM_MAX_EVENTS]; };

/* `SHARED/OWN`, or `SHARED,OWN,OWN,…`. 0 if it is neither. */
static int read_state(char *word, struct state_asked *asked)
{
	asked->shared = (int)strtol(word, &word, 10);
	asked->is_whole = *word == ',';
	if (*word == '/')
		asked->own[0] = atoi(word + 1);
	for (int event = 0; asked->is_whole && event < machine.events; event++) {
		if (*word != ',')
			return 0;
		asked->own[event] = (int)strtol(word + 1, &word, 10);
	}
	return asked->is_whole || *word == '/';
}

/* Puts back what is asked of, of which `event` is all that a command may touch beside what is shared. */
static int restore(const struct state_asked *asked, int event)
{
	open_own(asked->is_whole ? EVERY_EVENT : event);
	if (!restore_shared(asked->shared))
		return 0;
	for (int other = 0; asked->is_whole && other < machine.events; other++)
		if (!restore_own(other, asked->own[other]))
			return 0;
	return asked->is_whole || event < 0 || restore_own(event, asked->own[0]);
}

/* What the driver's code left of the memory that was open to it may be anything. */
static void lose(const struct state_asked *asked, int event)
{
	lose_shared();
	for (int other = 0; other < machine.events; other++)
		if (asked->is_whole || other == event)
			lose_own(other);
}

/* `= HAPPENED SHARED OWN …`: what of it was open to the command. */
static void tell_done(const struct state_asked *asked, int event)
{
	int first = asked->is_whole ? 0 : event, last = asked->is_whole ? machine.events - 1 : event;
	int shared = capture_shared(), list = happened(stdout), pieces[SHIM_MAX_EVENTS];

	tell_shared(stdout, shared);
	for (int one = first; one >= 0 && one <= last; one++) {
		pieces[one] = capture_own(one);
		tell_own(stdout, one, pieces[one], shared);
	}
	printf("= %d %d", list, shared);
	for (int one = first; one >= 0 && one <= last; one++)
		printf(" %d", pieces[one]);
	putchar('\n');
}

/* Does a command in the state that the memory is in, and answers. True if that left the memory in a state. */
static int answer_here(const struct state_asked *asked, int event, const char *command)
{
	int crash = sigsetjmp(rescue, 0);
	int done;

	if (crash) {
		rescuable = 0;
		if (crash == BEYOND)
			puts("*");
		else
			tell_end(crash);
		lose(asked, event);
		return 0;
	}
	forget_command();
	lose(asked, event);
	begun++;
	rescuable = 1;
	done = perform(command);
	rescuable = 0;
	if (now.lacks)
		printf("~ %s\n", now.lacks);
	else if (!done)
		puts("-");
	else
		tell_done(asked, event);
	return done && !now.lacks;
}

/* Whether the code of an event was not yet made to go on where the memory is as it is now. */
static int is_new_step(int event)
{
	static struct rows stepped;
	const u64 row[] = { (unsigned)shared_piece(), (unsigned)own_piece(event) };
	unsigned known = stepped.count;

	number_of_row(&stepped, row, 2);
	return stepped.count > known;
}

/*
 * Answers a command, and then, where it left a call of its event on the way, what is asked next in any case: `> SHARED OWN` is
 * where the code goes on, and its answer follows.
 */
static void answer(const struct state_asked *asked, const char *command)
{
	enum { MOST_STEPS = 64 };
	int event = event_of(command);
	char step[16];

	if (!restore(asked, event)) {
		puts("? no such state");
		return;
	}
	if (command[0] == 's' && !asked->is_whole && event >= 0)
		is_new_step(event);
	snprintf(step, sizeof(step), "s%d", event);
	if (!answer_here(asked, event, command) || asked->is_whole || event < 0 || command[0] == 'l')
		return;
	for (int steps = 0; steps < MOST_STEPS && goes_on(event) && is_new_step(event); steps++) {
		printf("> %d %d\n", shared_piece(), own_piece(event));
		if (!answer_here(asked, event, step))
			return;
	}
}

static void set_machine(const char *line)
{
	const struct state_asked booted = { .is_whole = 1 };
	int list;

	sscanf(line, "%d %d %d %d %d %d %d %d %d %d %d %d", &machine.events, &machine.harts, &machine.word_bits, &machine.xlen,
	       &machine.counter_width, &machine.int_bits, &machine.any_order, &machine.group, &machine.every_access,
	       &machine.counter_bits, &machine.writable, &machine.gives_out);
	if (machine.events > SHIM_MAX_EVENTS || machine.harts > SHIM_MAX_HARTS) {
		printf("? the C is run with at most %d events and %d harts\n", SHIM_MAX_EVENTS, SHIM_MAX_HARTS);
		return;
	}
	shim_harts = machine.harts;
	fit_regions();
	lose(&booted, EVERY_EVENT);
	restore(&booted, EVERY_EVENT);
	forget_command();
	list = happened(stdout);
	tell_shared(stdout, BOOTED);
	tell_own(stdout, 0, BOOTED, BOOTED);
	printf("= %d", list);
	for (int piece = 0; piece <= machine.events; piece++)
		printf(" %d", BOOTED);
	putchar('\n');
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
	capture_shared();
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
			struct state_asked asked = { 0 };
			int is_state = read_state(word, &asked);

			if (!is_state)
				puts("? no state");
			while (is_state && (word = strsep(&rest, " \n")))
				if (*word)
					answer(&asked, word);
		}
		puts(".");
	}
	return 0;
}
