/* SPDX-License-Identifier: MIT */
/* What the search asks, by one letter and numbers. */
#include "hp.h"

void hp_boot(void)
{
	heap_boot();
	device_boot();
	io_boot();
	events_boot();
}

/* The driver's own static per-CPU data, once its object is there. */
void hp_percpu(char *start, char *end) { hp_percpu_boot(start, end); }

static int (**first_initcall)(void), (**last_initcall)(void);
void hp_initcalls(int (**from)(void), int (**to)(void))
{
	sbi_describe();
	first_initcall = from;
	last_initcall = to;
}
int hp_init(void)
{
	int failed = 0;

	for (int (**call)(void) = first_initcall; call < last_initcall; call++) {
		u32 since = taken;
		int error;

		if (!*call)
			continue;
		numbered = true;
		hp_enter(0, PROCESS);
		error = (*call)();
		/* What is above 0, as the number of a hotplug state, is no error. */
		if (error < 0) {
			failed++;
			host_fact(NULL, "\"type\":\"init\",\"answer\":%d", error);
			tell_left(since);
		}
		hp_leave(*call);
		run_works();
	}
	numbered = false;
	return failed;
}

int hp_probe(int number)
{
	const struct pci_device_id *id;
	struct platform_driver *driver;
	struct hp_match match;
	int error, platform = 0, pci = 0;

	/* Counted through: first those of platform drivers, then of PCI, then of the auxiliary bus. */
	while (match_of(platform, &match, &driver))
		platform++;
	while (match_pci(pci, &id))
		pci++;
	if (match_of(number, &match, &driver))
		error = probe_matched(&match, driver);
	else if (match_pci(number - platform, &id))
		error = probe_pci(id);
	else if (match_auxiliary(number - platform - pci))
		error = probe_auxiliary(number - platform - pci);
	else
		return 0;
	if (error)
		host_fact(NULL, "\"type\":\"says\",\"text\":\"%s\"", host_last_words);
	return 1;
}

/* Whether sysfs lets a user unbind the device, whatever its PMU has. */
static bool may_be_unbound(void)
{
	const struct device_driver *driver = pci.dev.driver ? pci.dev.driver : bound ? &bound->driver : NULL;

	return driver && !driver->suppress_bind_attrs;
}

/* The device is unbound. False if it cannot be, or nothing is bound to one. */
int hp_remove(void)
{
	bool guarded, idle = !hp_pmu || !has_events(hp_pmu);

	if (hp_pmu && has_events(hp_pmu) && !may_be_unbound())
		return 0;
	guarded = !bound || has_remove();
	if (pci.dev.driver) {
		hp_enter(0, PROCESS);
		unbind_pci();
	} else if (bound && may_unbind()) {
		hp_enter(0, PROCESS);
		unbind_platform();
	} else if (!remove_auxiliary()) {
		return 0;
	}
	host_fact(NULL, "\"type\":\"removed\",\"guarded\":%s", guarded ? "true" : "false");
	without_events = idle;
	tell_left(bound_since);
	without_events = false;
	hp_leave(NULL);
	return 1;
}

static void (**first_exitcall)(void), (**last_exitcall)(void);
void hp_exitcalls(void (**from)(void), void (**to)(void))
{
	first_exitcall = from;
	last_exitcall = to;
}
/* The module goes, with all that it has taken since it came. False if it has no exit, or an event holds it by its PMU. */
static bool unload(void)
{
	if (first_exitcall == last_exitcall)
		return false;
	for (long i = 0; (i + 1) * sizeof(*slots) <= slots_used; i++)
		if (slots[i].phase != CLOSED && slots[i].event.pmu->module)
			return false;
	without_events = !hp_pmu || !has_events(hp_pmu);
	hp_enter(0, PROCESS);
	for (void (**call)(void) = last_exitcall; call-- > first_exitcall;)
		(*call)();
	run_works();
	host_fact(NULL, "\"type\":\"unloaded\"");
	tell_left(TAKEN_FOR_EVENTS);
	without_events = false;
	hp_leave(NULL);
	return true;
}

/* The device itself, as a test asks it: reads, writes, and calls firmware, on some hart. */
static int ask_device(char operation, const long *n)
{
	hp_enter(n[0], PROCESS);
	if (operation == 'i')
		hp_device_read(n[1], n[2], n[3], NULL);
	else if (operation == 'j')
		hp_device_write(n[1], n[2], n[3], n[4], NULL);
	else
		hp_sbi_ecall(n[2], n[3], n[4], n[5], 0, 0, n[1], SBI_EXT_PMU);
	hp_leave(NULL);
	return 1;
}

static int perform(char operation, const long *n)
{
	switch (operation) {
	case 'b':
		failing = n[0];
		deferring = n[1];
		raising = n[2];
		raised_line = n[3];
		hp_init();
		return 1;
	case 'q':
		raising = n[0];
		raised_line = n[1];
		tell_lines();
		return hp_remove();
	case 'm': return unload();
	case 'v': return beside(n[0]);
	case 'p':
		failing = n[2];
		raising = n[3];
		raised_line = n[4];
		generous = n[1] & 1;
		unwritten = n[1] & 2 ? ONES : n[1] & 8 ? MIXED : ZEROS;
		zero = n[1] & 4;
		deferring = n[1] & 16;
		return hp_probe(n[0]);
	case 'u':
		unwritten = n[0] & 2 ? ONES : n[0] & 8 ? MIXED : ZEROS;
		return 1;
	case 'o': return open_event(n[0], n[1], n[2]);
	case 'x': return close_event(n[0]);
	case 'a': return add_event(n[0]);
	case 'd': return n[1] ? del_before_interrupt(n[0]) : del_event(n[0]);
	case 'g': return add_group(n[0]);
	case 's': return start_event(n[0], n[1]);
	case 't': return stop_event(n[0], n[1]);
	case 'r': return read_event(n[0], n[1]);
	case 'c': return hp_hotplug(n[0], n[1]);
	case 'y': return power(n[0], n[1]);
	/* Where a long has 32 bits, in two halves. */
	case 'k': return tick((BITS_PER_LONG == 32 ? (u32)n[0] : n[0]) + ((u64)n[1] << 32));
	case 'i':
	case 'j':
	case 'e': return ask_device(operation, n);
	case 'f': return timer_runs_out(n[0], n[1]);
	case 'w': return overflow(n[0], n[1]);
	case 'h': return map_event(n[0], n[1]);
	case 'z': return at_once(n);
	}
	return 0;
}

int hp_command(char operation, const long *n)
{
	int done;

	now = 0;
	comes_round = 0;
	hp_nothing_found = 0;
	tell_left_locks();
	run_works();
	done = perform(operation, n);
	failing = fallible = 0;
	raising = raised_line = moments = 0;
	deferring = false;
	numbered = false;
	if (!ticks_told)
		hp_reset_counts();
	return done;
}

void hp_describe(void (*line)(const char *))
{
	static char text[512];
	struct platform_driver *driver;
	const struct pci_device_id *id;
	struct hp_match match;

	for (int number = 0; match_of(number, &match, &driver); number++) {
		static const char *const KINDS[] = { "", "of", "acpi", "platform", "pci", "any" };

		scnprintf(text, sizeof(text), "m %s %s", KINDS[match.kind], match.name);
		line(text);
	}
	for (int number = 0; match_pci(number, &id); number++) {
		scnprintf(text, sizeof(text), "m pci %x:%x", id->vendor, id->device);
		line(text);
	}
	for (int number = 0; match_auxiliary(number); number++) {
		scnprintf(text, sizeof(text), "m auxiliary %s", match_auxiliary(number));
		line(text);
	}
	for (int i = 0; i < pmu_count; i++) {
		scnprintf(text, sizeof(text), "p %d %d %d %d %s", pmus[i]->type, pmus[i]->capabilities, pmus[i]->task_ctx_nr, pmus[i] == hp_pmu, pmus[i]->name ? pmus[i]->name : "");
		line(text);
	}
	if (hp_pmu) {
		const struct { const char *name; const void *at; } calls[] = {
			{ "open", hp_pmu->event_init }, { "add", hp_pmu->add }, { "del", hp_pmu->del }, { "start", hp_pmu->start },
			{ "stop", hp_pmu->stop }, { "read", hp_pmu->read }, { "group", hp_pmu->event_init }, { "disable", hp_pmu->pmu_disable },
			{ "map", hp_pmu->event_mapped }, { "unmap", hp_pmu->event_unmapped }, { "page", writer_of_pages() },
		};

		for (int i = 0; i < ARRAY_SIZE(calls); i++) {
			scnprintf(text, sizeof(text), "c %s %lx", calls[i].name, host_offset(calls[i].at));
			line(text);
		}
		show_groups(hp_pmu->attr_groups, line);
	}
}
