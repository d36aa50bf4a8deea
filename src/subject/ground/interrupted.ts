import { enabledIn, stateAfter } from '../../../machines/core/enabled.ts';
import { line } from '../../../machines/core/line.ts';
import type { GroundMachine, Happening, StepView } from './machine.ts';
import { run } from './questionnaire.ts';
import { type Command, type Step, TELL } from './step.ts';

const FREE = 'free';
const RAISED = 'raise';

/** A moment of a call, counted from 1, at which a line may be raised. */
export interface Moment {
  readonly moment: number;
  readonly line: number;
}

/** What is done to a line that its machine refuses: it is let through, or given back, though it is so already. */
export interface Refused {
  readonly does: string;
  readonly at: string;
}

/** The lines of a driver, each in a state of its machine, as what the process tells of them has it. */
export class Lines {
  readonly moments: Moment[] = [];
  readonly refused: Refused[] = [];
  readonly #states = new Map<number, string>();
  readonly #shared = new Set<number>();

  constructor(happenings: readonly Happening[]) {
    for (const one of happenings) {
      if (one.type === 'line') this.#fold(one);
      if (one.type === 'moment') this.#look(one);
    }
  }

  #fold({ line: number, does, shared, at }: Happening): void {
    const irq = Number(number);
    const next = stateAfter(line, this.#states.get(irq) ?? FREE, does as string);
    if (next === undefined) this.refused.push({ does: does as string, at });
    // What is shared may be raised by somebody else at any moment; what is not, where the device asks for it.
    if (shared) this.#shared.add(irq);
    this.#states.set(irq, next ?? FREE);
  }

  #look({ number, raised }: Happening): void {
    for (const [irq, state] of this.#states)
      if ((raised || this.#shared.has(irq)) && enabledIn(line, state).includes(RAISED))
        this.moments.push({ moment: number as number, line: irq });
  }
}

/**
 * Calls made one after the other, in runs in which a line is raised at each moment of the last one at which that may be; before
 * these, one in which the moments are told, with what is done to the lines.
 */
export function* interrupted(
  machine: GroundMachine,
  start: { state: number; view: StepView },
  calls: readonly Command[],
): Generator<readonly Step[]> {
  const told = run(machine, start, [...calls.slice(0, -1), { ...calls.at(-1)!, moment: TELL }]);
  if (told.length < calls.length) return;
  yield told;
  for (const moment of new Lines(told.at(-1)!.happenings).moments) {
    const steps = run(machine, start, [...calls.slice(0, -1), { ...calls.at(-1)!, ...moment }]);
    if (steps.length === calls.length) yield steps;
  }
}
