import type { WarnSite } from '../../src/facts/index.ts';
import type { Authors } from '../authors.ts';
import { add } from './add.ts';
import { del } from './del.ts';
import { destroy } from './destroy.ts';
import { eventInit } from './event-init.ts';
import { handleIrq } from './handle-irq.ts';
import { read } from './read.ts';
import { readCounter } from './read-counter.ts';
import { blankCallback, blankEvent, type DriverContext, delta, driverSetup, halfOf, source, variant } from './setup.ts';
import { start } from './start.ts';
import { stop } from './stop.ts';
import { writeCounter } from './write-counter.ts';

/** The posted driver, as one event meets it: one state for each C function, and the places where its code can be. */
export const driver = driverSetup.createMachine({
  id: 'driver',
  context: ({ input }) => ({ pmu: input.pmu, ...blankEvent, ...blankCallback }),
  initial: 'idle',
  states: {
    idle: {
      id: 'idle',
      tags: 'idle',
      meta: source('', 0),
      on: {
        'event_init.call': { target: '#event_init', actions: 'keepAttribute' },
        'destroy.call': '#destroy',
        'add.call': { target: '#add', actions: 'keepFlags' },
        'del.call': '#del',
        'start.call': { target: '#start', actions: 'keepFlags' },
        'stop.call': { target: '#stop', actions: 'keepFlags' },
        'read.call': '#read',
        'overflow.call': { guard: variant('handlesOverflow'), target: '#handle_irq' },
        'event.free': { actions: 'free' },
      },
    },
    event_init: eventInit,
    destroy,
    add,
    del,
    start,
    stop,
    read,
    read_counter: readCounter,
    write_counter: writeCounter,
    handle_irq: handleIrq,
  },
});

/** The C function whose code is running, and the place in it. */
function place(value: unknown): readonly [string, unknown] {
  return typeof value === 'string' ? [value, undefined] : (Object.entries(value as object)[0] as [string, unknown]);
}

function warnSite(value: unknown): WarnSite {
  const [name, inside] = place(value);
  if (name === 'read_counter') return 'read_counter';
  if (name === 'stop') return 'riscv_pmu_stop';
  return inside === 'warnStale' ? 'riscv_pmu_start (reload)' : 'riscv_pmu_start';
}

export const driverAuthors: Authors<DriverContext> = {
  'event_init.return': ({ context }) => ({ answer: context.answer, destroySet: context.destroySet }),
  'perf_irq.write': ({ value }) => ({ owner: place(value)[0] === 'destroy' ? 'nobody' : 'driver' }),
  'add.return': ({ context }) => ({ answer: context.answer }),
  'slots.compare': ({ context }) => ({ idx: context.idx }),
  'slots.write': ({ context, value }) => ({ idx: context.idx, bound: place(value)[0] === 'add' }),
  'used_mask.set': ({ context }) => ({ idx: context.idx }),
  'used_mask.clear': ({ context }) => ({ idx: context.idx }),
  'csr.write': ({ context }, { half }) => ({ value: halfOf(context, half) }),
  'prev_count.set': ({ context }) => ({ value: context.value }),
  'prev_count.cmpxchg': ({ context }) => ({ expected: context.previous, value: context.value }),
  'count.add': ({ context }) => ({ delta: delta(context) }),
  warn: ({ value }) => ({ site: warnSite(value) }),
  'read_counter.default': ({ context }) => ({ idx: context.idx }),
};
