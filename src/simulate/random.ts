import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { Fact } from '../facts/index.ts';
import { isDriverStep, type Simulation } from './simulation.ts';

/** How much likelier one kind of fact is than another, where both can happen. */
interface Weights {
  /** A step of a callback that is under way. */
  readonly step: number;
  /** The passing of time. */
  readonly tick: number;
  /** Another owner who comes or goes. */
  readonly foreign: number;
  /** Opening or closing an event. */
  readonly open: number;
  /** A call of the scheduler's side: add, del, start, stop, read. */
  readonly schedule: number;
}

/** Callbacks end soon, time passes often, and another owner is rare. */
const USUAL: Weights = { step: 20, tick: 6, foreign: 1, open: 2, schedule: 4 };

function weightOf(fact: Fact, weights: Weights): number {
  if (isDriverStep(fact)) return weights.step;
  switch (fact.type) {
    case 'hart.tick':
      return weights.tick;
    case 'foreign.take':
    case 'foreign.release':
      return weights.foreign;
    case 'event_init.call':
    case 'destroy.call':
    case 'event.free':
      return weights.open;
    default:
      return weights.schedule;
  }
}

/** Lets a simulation run at random for so many facts, or until nothing can happen. The same seed gives the same log. */
export function runAtRandom(simulation: Simulation, steps: number, seed: number, weights: Weights = USUAL): void {
  const running = stepsAtRandom(simulation, steps, seed, weights);
  while (!running.next().done);
}

/** {@link runAtRandom} fact by fact: yields how many have happened. */
export function* stepsAtRandom(
  simulation: Simulation,
  steps: number,
  seed: number,
  weights: Weights = USUAL,
): Generator<number, void> {
  const random = xoroshiro128plus(seed);
  for (let step = 0; step < steps; step++) {
    const offers = simulation.offers();
    if (offers.length === 0) return;
    let left = uniformInt(
      random,
      1,
      offers.reduce((sum, fact) => sum + weightOf(fact, weights), 0),
    );
    const chosen = offers.find((fact) => {
      left -= weightOf(fact, weights);
      return left <= 0;
    });
    simulation.append(chosen!);
    yield step + 1;
  }
}
