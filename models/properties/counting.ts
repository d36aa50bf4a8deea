import { type Fact, PERF_EF, PERF_HES, type Property } from '../../src/facts/index.ts';

const UPDATES = ['read.return', 'stop.return', 'del.return', 'overflow.return'] as const;
type Update = Fact<(typeof UPDATES)[number]>;

const isUpdate = (fact: Fact): fact is Update => (UPDATES as readonly string[]).includes(fact.type);

export const countExact: Property = {
  id: 'count-exact',
  statement: "after each update, count is the ticks of the event's counter while it ran",
  severity: 'high',
  source: 'PERF-CORE, start and stop; riscv_pmu_start, perf_event.c:285-291',
  consequence: 'perf shows numbers that are not what the program did.',
  needsContract: 'when an event runs is defined by the contract of start and stop',
  vacuousWhen: 'no count is ever updated',
  speaksOf: isUpdate,
  shows: ['hart', 'count', 'driver'],
  clauses: [
    {
      kind: 'whenever',
      facts: UPDATES,
      each: 'event',
      own: ['count', 'driver'],
      holds: (fact, view) => {
        if ((fact as Update).event !== view.index) return true;
        // stop(0) does not ask for an update.
        if (fact.type === 'stop.return' && (view.own('driver').context.flags & PERF_EF.UPDATE) === 0) return true;
        // The handler leaves a stopped event as it is.
        if (fact.type === 'overflow.return' && (view.own('driver').context.hwState & PERF_HES.STOPPED) !== 0)
          return true;
        return view.own('count').context.uncounted === 0;
      },
    },
  ],
};

export const userpageConsistent: Property = {
  id: 'userpage-consistent',
  statement: 'the page published to user space agrees with count and prev_count',
  severity: 'low',
  source: 'include/uapi/linux/perf_event.h, struct perf_event_mmap_page: offset',
  consequence:
    'A program that reads the counter itself and adds the offset of the page gets a wrong count, from the first start on (as soon as the PMU publishes an index, which the posted one does not yet do).',
  needsContract: 'what the page says matters while the core sees the event active',
  vacuousWhen: 'no page is ever published',
  speaksOf: (fact) => fact.type === 'userpage.update',
  shows: ['hart', 'count'],
  clauses: [
    {
      kind: 'always',
      each: 'event',
      own: ['lifecycle', 'count', 'driver'],
      holds: (view) =>
        !view.own('lifecycle').hasTag('active') ||
        view.own('count').context.unpublished === 0 ||
        // The core does not know of the interrupt that is being handled.
        !view.own('driver').hasTag('idle'),
    },
  ],
};

export const noWarning: Property = {
  id: 'no-warning',
  statement: 'no WARN_ON_ONCE fires',
  severity: 'medium',
  source: 'riscv_pmu_stop, riscv_pmu_start and read_counter, perf_event.c:194, 254, 270, 274',
  consequence: 'A stack trace in the kernel log, and a panic where panic_on_warn is set.',
  vacuousWhen: 'no callback that could warn is ever called',
  speaksOf: (fact) => ['start.call', 'stop.call', 'add.call', 'del.call'].includes(fact.type),
  shows: ['driver'],
  clauses: [
    {
      kind: 'whenever',
      facts: ['warn', 'free_irq'],
      // The kernel warns of a line that is freed by somebody who does not hold it.
      holds: (fact) => fact.type === 'free_irq' && fact.owner === 'driver',
    },
  ],
};
