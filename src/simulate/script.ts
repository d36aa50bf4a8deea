import { checkIndices, RefusedFact } from '../engine/compose/index.ts';
import type { Fact } from '../facts/index.ts';
import { isDriverStep, type Simulation } from './simulation.ts';

/**
 * Plays what callers do: calls, ticks and other owners, in order. Before each, and at the end, every callback that is under way
 * goes on until it returns or has to wait; steps of callbacks may be given too, to interleave them.
 * Throws an Error that names the line of the first fact that cannot happen.
 */
export function play(simulation: Simulation, script: readonly Fact[]): void {
  for (const [line, bare] of script.entries())
    try {
      checkIndices(simulation.system, bare, line);
      if (!isDriverStep(bare)) finishCallbacks(simulation);
      simulation.append(simulation.author(bare));
    } catch (error) {
      if (!(error instanceof RefusedFact)) throw error;
      throw new Error(`line ${line + 1}: ${JSON.stringify(bare)} cannot happen there: ${error.reason}`);
    }
  finishCallbacks(simulation);
}

function finishCallbacks(simulation: Simulation): void {
  for (;;) {
    const step = simulation.offers().find(isDriverStep);
    if (step === undefined) return;
    simulation.append(step);
  }
}
