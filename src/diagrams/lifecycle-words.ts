import type { ChartTransition } from './chart.ts';
import type { ChartWords } from './chart-labels.ts';

/** What the perf core calls the states of the lifecycle, and what a driver's `hw.state` is in them. */
const STATES: Readonly<Record<string, readonly string[]>> = {
  inactive: ['PERF_EVENT_STATE_INACTIVE'],
  'active.running': ['PERF_EVENT_STATE_ACTIVE', 'hw.state 0'],
  'active.stopped': ['PERF_EVENT_STATE_ACTIVE', 'hw.state STOPPED|UPTODATE'],
  'active.stopped.updated': ['PERF_EVENT_STATE_ACTIVE', 'hw.state STOPPED|UPTODATE'],
  'active.stopped.plain': ['PERF_EVENT_STATE_ACTIVE', 'hw.state STOPPED'],
};

/** Who calls, by the callback. */
const CALLERS: Readonly<Record<string, (transition: ChartTransition) => string | undefined>> = {
  'event_init.call': ({ from }) => (from === 'absent' ? 'open, fork' : 'the next PMU is asked'),
  destroy: ({ from }) => (from === 'inactive' ? 'close, exit' : 'the open fails'),
  add: () => 'sched in',
  del: () => 'sched out',
  read: () => 'read(2), ioctl',
  stop: (step) => (isOfGroup(step.to ?? step.from) ? 'its group is throttled' : 'tick, ioctl'),
  start: ({ from }) => (isOfGroup(from) ? 'tick: no more throttled' : 'tick, ioctl'),
};

/** Whether an event that is stopped there was stopped with its group: its count is not brought up to date. */
const isOfGroup = (state: string): boolean => state === 'active.stopped.plain';

/** What the picture of the lifecycle says beside the machine's own words: who calls, and what the kernel calls its states. */
export const LIFECYCLE_WORDS: ChartWords = {
  ofState: (id) => STATES[id] ?? [],
  ofTransition: (transition) => (transition.on === null ? undefined : CALLERS[transition.on]?.(transition)),
};
