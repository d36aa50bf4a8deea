import type { AnyStateMachine } from 'xstate';
import { binding } from './binding.ts';
import { cpu } from './cpu.ts';
import { line } from './line.ts';
import { lock } from './lock.ts';
import { power } from './power.ts';
import { throttling } from './throttling.ts';
import { timer } from './timer.ts';

/** What is around a driver beside the calls for one event: a machine, and what it is in one line. @public */
export interface AroundEntry {
  readonly machine: AnyStateMachine;
  readonly about: string;
}

/** The machines of the life around a driver, by the name of their file. @public */
export const AROUND = {
  binding: { machine: binding, about: 'a device and its driver: probed, bound, unbound' },
  cpu: { machine: cpu, about: 'a CPU that goes and comes: which hotplug callbacks it is told by, and where' },
  line: {
    machine: line,
    about: 'an interrupt line: requested, let through or shut, routed, raised, handled, given back',
  },
  lock: { machine: lock, about: 'a spinlock or a mutex: taken, waited for, interrupted, released' },
  power: { machine: power, about: 'CPU_PM: a CPU that is told before it sleeps and loses its registers, and after' },
  throttling: {
    machine: throttling,
    about: 'an event that interrupts too often: stopped at the overflow, and started by the tick',
  },
  timer: {
    machine: timer,
    about: 'an hrtimer: armed on a CPU, run out there, and started anew by what its function answers',
  },
} as const satisfies Readonly<Record<string, AroundEntry>>;
