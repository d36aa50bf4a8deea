import type { AnyStateMachine } from 'xstate';
import { cpu } from './cpu.ts';
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
  cpu: { machine: cpu, about: 'a CPU that goes and comes: which hotplug callbacks it is told by, and where' },
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
