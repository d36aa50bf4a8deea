import type { CallbackName } from '../trace/line.ts';
import { CALLS_ITSELF } from '../trace/recording/threads.ts';
import type { Automaton } from './automaton.ts';
import { CALL_EVENTS, ERRORS } from './rv.ts';

/** The functions of a driver that the perf core calls, by callback; at least `event_init`. */
export type WatchedFunctions = { readonly [C in CallbackName]?: { readonly name: string } };

/** The name of the monitor: of its files, and at the end of each of its enumerators. */
export const MONITOR = 'lifecycle';

/**
 * The handlers of the monitor that `dot2k -t global` makes of an automaton of {@link rvOf}: a header in C, for its `.c` file.
 * They watch one event at a time, and say which call, and which return, is which event of the automaton.
 */
export function handlersOf(automaton: Automaton, functions: WatchedFunctions, written: string): string {
  const known = new Set(automaton.transitions.map(({ event }) => event));
  const watched = (Object.keys(functions) as CallbackName[]).filter((callback) => functions[callback] !== undefined);
  // Where the core does something next, on the same thread; one that does not, as another kernel than this was named, waits for ever.
  const waiting = automaton.states.filter((state) => state === BETWEEN || state === 'cleaning');
  return `/* SPDX-License-Identifier: MIT */
/*
 * Written by \`${written}\`.
 *
 * How it gets into a kernel: docs/rv.md of Hartproof. One event is watched at a time: from its event_init on, while no other one
 * that was watched lives. Calls that the driver makes itself inside a callback of the same event are left out.
 */
#include <linux/kprobes.h>
#include <linux/perf_event.h>
#include <linux/spinlock.h>

enum lifecycle_callback {
${watched.map((callback) => `\t${enumerator(callback)},`).join('\n')}
\tLIFECYCLE_CALLBACKS
};

static const char *const lifecycle_functions[LIFECYCLE_CALLBACKS] = {
${watched.map((callback) => `\t[${enumerator(callback)}] = "${functions[callback]!.name}",`).join('\n')}
};

/* By callback: what the driver calls itself inside it. */
static const unsigned int lifecycle_calls_itself[LIFECYCLE_CALLBACKS] = {
${watched.flatMap((callback) => ownCalls(callback, watched)).join('\n')}
};

static DEFINE_RAW_SPINLOCK(lifecycle_lock);
/* The event that is watched, its callback that runs, and how many calls of the driver's own run inside that. */
static struct perf_event *lifecycle_event;
static enum lifecycle_callback lifecycle_runs = LIFECYCLE_CALLBACKS;
static int lifecycle_inside;

/* Which event of the automaton a call is; -1 if it knows none with such flags. */
static int lifecycle_of_call(enum lifecycle_callback callback, int flags, bool asked_before)
{
	switch (callback) {
${watched.map((callback) => callCase(callback, known)).join('\n')}
	default:
		return -1;
	}
}

/* Which event of the automaton a return is. */
static int lifecycle_of_return(struct perf_event *event, enum lifecycle_callback callback, int ret, bool asked_before)
{
	switch (callback) {
${watched.map((callback) => returnCase(callback, known)).join('\n')}
	default:
		return -1;
	}
}

static unsigned int lifecycle_state(void)
{
	return da_get_monitor_lifecycle()->curr_state;
}

static void lifecycle_handle(int what)
{
	struct da_monitor *monitor = da_get_monitor_lifecycle();

	if (what >= 0) {
		da_handle_event_lifecycle(what);
	} else if (da_monitor_handling_event_lifecycle(monitor)) {
		if (rv_reacting_on_lifecycle())
			cond_react_lifecycle("rv: monitor lifecycle does not allow a callback with such flags\\n");
		trace_error_lifecycle(model_get_state_name_lifecycle(monitor->curr_state), "a callback with such flags");
		da_monitor_reset_lifecycle(monitor);
	}
}

/* Whether an event_init begins a life to watch: nothing is watched, or what was is over${known.has('event_init_again') ? ', or is not asked for again' : ''}. */
static bool lifecycle_begins(struct perf_event *event)
{
	if (!da_monitoring_lifecycle(da_get_monitor_lifecycle()))
		return true;
	switch (lifecycle_state()) {
${automaton.final.map((state) => `\tcase ${state}_lifecycle:`).join('\n')}
		return true;
${waiting.map((state) => `\tcase ${state}_lifecycle:\n`).join('')}${waiting.length > 0 ? '\t\treturn event != lifecycle_event;\n' : ''}\tdefault:
		return false;
	}
}

/* A callback of an event is called. */
static void lifecycle_call(struct perf_event *event, enum lifecycle_callback callback, int flags)
{
	unsigned long irq;

	raw_spin_lock_irqsave(&lifecycle_lock, irq);
	if (callback == LIFECYCLE_EVENT_INIT && lifecycle_begins(event)) {
		lifecycle_event = event;
		lifecycle_runs = callback;
		lifecycle_inside = 0;
		da_monitor_reset_lifecycle(da_get_monitor_lifecycle());
		da_handle_start_run_event_lifecycle(event_init_lifecycle);
	} else if (event == lifecycle_event) {
		if (lifecycle_runs != LIFECYCLE_CALLBACKS && lifecycle_calls_itself[lifecycle_runs] & BIT(callback)) {
			lifecycle_inside++;
		} else {
			lifecycle_runs = callback;
			lifecycle_inside = 0;
			lifecycle_handle(lifecycle_of_call(callback, flags, ${BETWEEN_NOW(known)}));
		}
	}
	raw_spin_unlock_irqrestore(&lifecycle_lock, irq);
}

/* It returns. */
static void lifecycle_return(struct perf_event *event, enum lifecycle_callback callback, int ret)
{
	unsigned long irq;

	raw_spin_lock_irqsave(&lifecycle_lock, irq);
	if (event == lifecycle_event) {
		if (lifecycle_inside > 0) {
			lifecycle_inside--;
		} else if (callback == lifecycle_runs) {
			lifecycle_runs = LIFECYCLE_CALLBACKS;
			lifecycle_handle(lifecycle_of_return(event, callback, ret, ${AGAIN_NOW(known)}));
		}
	}
	raw_spin_unlock_irqrestore(&lifecycle_lock, irq);
}

/* Where the calls are seen: a kretprobe on each function. */
static struct kretprobe lifecycle_probes[LIFECYCLE_CALLBACKS];

static int lifecycle_at_entry(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	struct perf_event **event = (struct perf_event **)instance->data;

	*event = (struct perf_event *)regs_get_kernel_argument(regs, 0);
	lifecycle_call(*event, get_kretprobe(instance) - lifecycle_probes, (int)regs_get_kernel_argument(regs, 1));
	return 0;
}

static int lifecycle_at_return(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	struct perf_event **event = (struct perf_event **)instance->data;

	lifecycle_return(*event, get_kretprobe(instance) - lifecycle_probes, (int)regs_return_value(regs));
	return 0;
}

static void lifecycle_detach(void)
{
	int callback;

	for (callback = 0; callback < LIFECYCLE_CALLBACKS; callback++) {
		if (!lifecycle_probes[callback].handler)
			continue;
		unregister_kretprobe(&lifecycle_probes[callback]);
		if (lifecycle_probes[callback].nmissed)
			pr_warn("rv: monitor lifecycle missed %d calls of %s: what it reported may be wrong\\n",
				lifecycle_probes[callback].nmissed, lifecycle_functions[callback]);
		lifecycle_probes[callback].handler = NULL;
	}
}

static int lifecycle_attach(void)
{
	int callback, error;

	lifecycle_event = NULL;
	lifecycle_runs = LIFECYCLE_CALLBACKS;
	for (callback = 0; callback < LIFECYCLE_CALLBACKS; callback++) {
		lifecycle_probes[callback] = (struct kretprobe) {
			.kp.symbol_name = lifecycle_functions[callback],
			.entry_handler = lifecycle_at_entry,
			.handler = lifecycle_at_return,
			.data_size = sizeof(struct perf_event *),
			.maxactive = 256,
		};
		error = register_kretprobe(&lifecycle_probes[callback]);
		if (!error)
			continue;
		pr_err("rv: monitor lifecycle: no probe at %s (%d)\\n", lifecycle_functions[callback], error);
		lifecycle_probes[callback].handler = NULL;
		lifecycle_detach();
		return error;
	}
	return 0;
}
`;
}

const BETWEEN = 'between_asks';
const BETWEEN_NOW = (known: ReadonlySet<string>): string =>
  known.has('event_init_again') ? `lifecycle_state() == ${BETWEEN}_lifecycle` : 'false';
const AGAIN_NOW = (known: ReadonlySet<string>): string =>
  known.has('event_init_again') ? 'lifecycle_state() == initialising_asked_again_lifecycle' : 'false';

const enumerator = (callback: CallbackName): string => `LIFECYCLE_${callback.toUpperCase()}`;

function ownCalls(callback: CallbackName, watched: readonly CallbackName[]): string[] {
  const own = (CALLS_ITSELF[callback] ?? []).filter((inner) => watched.includes(inner));
  if (own.length === 0) return [];
  return [`\t[${enumerator(callback)}] = ${own.map((inner) => `BIT(${enumerator(inner)})`).join(' | ')},`];
}

/** A `case` with the conditions that lead to each event, and what is left. */
function caseOf(callback: CallbackName, rows: readonly (readonly [condition: string, event: string])[], rest: string) {
  const lines = rows.map(([condition, event]) => `\t\tif (${condition})\n\t\t\treturn ${event}_${MONITOR};\n`);
  return `\tcase ${enumerator(callback)}:\n${lines.join('')}\t\treturn ${rest};`;
}

const named = (event: string): string => `${event}_${MONITOR}`;

function callCase(callback: CallbackName, known: ReadonlySet<string>): string {
  if (callback === 'event_init')
    return caseOf(
      callback,
      known.has('event_init_again') ? [['asked_before', 'event_init_again']] : [],
      named(callback),
    );
  if (callback === 'event_destroy') return caseOf(callback, [], named('destroy'));
  if (callback === 'read') return caseOf(callback, [], named('read'));
  const rows = CALL_EVENTS.filter((call) => call.callback === callback && known.has(call.event));
  return caseOf(
    callback,
    rows.map(({ flags, event }) => [`flags == ${flags}`, event]),
    '-1',
  );
}

function returnCase(callback: CallbackName, known: ReadonlySet<string>): string {
  if (callback === 'event_init') return initReturns(known);
  if (callback === 'event_destroy') return caseOf(callback, [], named('destroy_return'));
  if (callback !== 'add') return caseOf(callback, [], named(`${callback}_return`));
  // The core takes any error of add for EAGAIN.
  return caseOf(
    callback,
    [
      ['ret == 0', 'add_ok'],
      ['ret == -ENOSPC', 'add_enospc'],
    ],
    named('add_eagain'),
  );
}

/** `event_init`: what the core does after an error hangs on the type of the event and on `event->destroy`. */
function initReturns(known: ReadonlySet<string>): string {
  const isHardware = '(event->attr.type == PERF_TYPE_HARDWARE || event->attr.type == PERF_TYPE_HW_CACHE)';
  const rows: [string, string][] = [['ret == 0', 'event_init_ok']];
  const once = 'event_init_enoent_asks_once_more';
  if (known.has(once)) rows.push([`ret == -ENOENT && !asked_before &&\n\t\t    ${isHardware}`, once]);
  const error = (errno: string): string => `event_init_${errno.toLowerCase()}`;
  if (known.has(`${error('EINVAL')}_cleans_up`)) {
    for (const errno of ERRORS.event_init)
      rows.push([`ret == -${errno} && event->destroy`, `${error(errno)}_cleans_up`]);
    // No errno leads elsewhere than EINVAL does.
    rows.push(['event->destroy', `${error('EINVAL')}_cleans_up`]);
  }
  for (const errno of ERRORS.event_init) if (errno !== 'EINVAL') rows.push([`ret == -${errno}`, error(errno)]);
  return caseOf('event_init', rows, named(error('EINVAL')));
}
