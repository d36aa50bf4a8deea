/* SPDX-License-Identifier: MIT */
/* The line protocol: see docs/conform.md. A crash or a hang of the driver is an answer, not the end. */
#include "harness.h"
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

struct machine machine = { 1, 1, 64, 64, 63, 32, 0, 0, 0 };
const struct subject *subject;
struct pmu *subject_pmu;
u64 counters[2];
int running = -1;

/* Of processor time, so that a busy machine is no hang. */
enum { HANG_MICROSECONDS = 100000 };
static sigjmp_buf rescue;
static volatile int rescuable;
/* How many commands were begun, and during which of them the time was up last. */
static volatile unsigned begun, late;
static const void *crashed_at;
static int boot_state;

static void alarm_in(int microseconds)
{
	struct itimerval timer = { .it_value = { .tv_usec = microseconds } };

	setitimer(ITIMER_PROF, &timer, NULL);
}

static void fatal_signal(int number, siginfo_t *info, void *context)
{
	(void)info, (void)context;
	/* Only a command that has had all of the time is a hang: our own bookkeeping between two takes some as well. */
	if (number == SIGPROF && (!rescuable || late != begun)) {
		late = begun;
		alarm_in(HANG_MICROSECONDS);
		return;
	}
#ifdef __x86_64__
	crashed_at = (void *)((ucontext_t *)context)->uc_mcontext.gregs[16]; /* REG_RIP */
#endif
	if (!rescuable)
		_exit(70);
	siglongjmp(rescue, number);
}

static void catch_signals(void)
{
	static const int numbers[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGPROF };
	static char stack[65536];
	stack_t alternative = { .ss_sp = stack, .ss_size = sizeof(stack) };
	struct sigaction action = { .sa_sigaction = fatal_signal, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER };

	sigaltstack(&alternative, NULL);
	for (unsigned i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		sigaction(numbers[i], &action, NULL);
}

/* Does one command. True if it could be done. */
static int perform(const char *command)
{
	long n[8] = { 0 };
	unsigned long long cycle = 0, instret = 0, config = 0;
	int event, fields;

	switch (command[0]) {
	case 'i':
		fields = sscanf(command + 1, "%ld,%ld,%llu,%ld,%ld,%ld", &n[0], &n[1], &config, &n[2], &n[3], &n[4]);
		break;
	case 'c':
		fields = sscanf(command + 1, "%ld,%ld,%ld,%ld,%llu,%llu", &n[0], &n[1], &n[2], &n[3], &cycle, &instret);
		break;
	case 'F':
		return call_foreign(command[1] == '+');
	default:
		fields = sscanf(command + 1, "%ld", &n[0]);
	}
	event = n[0];
	if (fields < 1 || event < 0 || event >= machine.events)
		return 0;
	counters[0] = cycle;
	counters[1] = instret;
	switch (command[0]) {
	case 'i':
		return call_open(event, n[1], config, n[2], n[3], n[4]);
	case 'd':
		return call_destroy(event);
	case 's':
		return call_step(event);
	case 'f':
		return call_free(event);
	case 'c':
		return n[1] >= ADD && n[1] <= READ && n[2] >= 0 && n[2] < machine.harts && call_run(event, n[1], n[2], n[3]);
	}
	return 0;
}

static void answer(int state, const char *command)
{
	int crash = sigsetjmp(rescue, 0);
	int done, next, seen;

	if (crash) {
		rescuable = 0;
		running = -1;
		/* What the driver's code left of the world may be anything. */
		print_facts(stdout, crash == SIGPROF ? "hang" : strsignal(crash), crashed_at);
		putchar('\n');
		forget_facts();
		for (int event = 0; event < SHIM_MAX_EVENTS; event++)
			memset(&world->calls[event], 0, sizeof(struct call));
		restore(boot_state);
		return;
	}
	forget_facts();
	if (!restore(state)) {
		printf("? no state %d\n", state);
		return;
	}
	begun++;
	rescuable = 1;
	done = perform(command);
	rescuable = 0;
	if (!done) {
		puts("-");
		return;
	}
	next = capture();
	seen = view(stdout);
	print_facts(stdout, NULL, NULL);
	printf("-> %d %d\n", next, seen);
}

static void set_machine(const char *line)
{
	sscanf(line, "%d %d %d %d %d %d %d %d %d", &machine.events, &machine.harts, &machine.word_bits, &machine.xlen,
	       &machine.counter_width, &machine.int_bits, &machine.any_order, &machine.group, &machine.every_access);
	if (machine.events > SHIM_MAX_EVENTS)
		machine.events = SHIM_MAX_EVENTS;
	if (machine.harts > SHIM_MAX_HARTS)
		machine.harts = SHIM_MAX_HARTS;
	shim_harts = machine.harts;
	restore(boot_state);
	printf("-> %d %d\n", boot_state, view(stdout));
}

static void boot(const char *path)
{
	void *object = dlopen(path, RTLD_NOW);

	if (object == NULL || (subject = dlsym(object, "subject")) == NULL) {
		printf("? %s\n", dlerror());
		exit(71);
	}
	map_memory(object ? (void *)subject : NULL);
	shim_harts = SHIM_MAX_HARTS;
	for (int (**call)(void) = subject->initcalls; call < subject->initcalls_end; call++)
		if (*call)
			(*call)();
	if (subject_pmu == NULL || subject_pmu->event_init == NULL) {
		puts("? the driver registers no struct pmu in its initcalls");
		exit(71);
	}
	keep_boot_image();
	boot_state = capture();
	printf("! perf_irq %d active_events %d slots %d n_events %d destroy %d counters %d\n", subject->perf_irq != NULL,
	       subject->active_events != NULL, subject->events >= 0, subject->n_events >= 0, subject->destroy != NULL,
	       subject->max_counters);
}

int main(int argc, char **argv)
{
	static char line[1 << 16];

	fcntl(0, F_SETFL, fcntl(0, F_GETFL) & ~O_NONBLOCK);
	setvbuf(stdout, NULL, _IOFBF, 1 << 16);
	catch_signals();
	if (argc < 2)
		return 71;
	boot(argv[1]);
	puts(".");
	fflush(stdout);
	while (fgets(line, sizeof(line), stdin)) {
		char *rest = line, *word = strsep(&rest, " \n");

		alarm_in(HANG_MICROSECONDS);
		if (strcmp(word, "machine") == 0) {
			set_machine(rest);
		} else {
			int state = atoi(word);

			while ((word = strsep(&rest, " \n")))
				if (*word)
					answer(state, word);
		}
		alarm_in(0);
		puts(".");
		fflush(stdout);
	}
	return 0;
}
