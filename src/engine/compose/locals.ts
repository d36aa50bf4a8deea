import type { AnyStateMachine } from 'xstate';
import type { AnyFact } from '../vocabulary.ts';
import { CompiledMachine, type Local } from './compiled-machine.ts';
import { isRefusal, type Refusal, type State } from './fold.ts';
import type { System } from './system.ts';

/** The state of a composition as compiled machines have it: the state of each part, in the order of the parts. */
export type Locals = readonly Local[];

const compiledMachines = new WeakMap<AnyStateMachine, CompiledMachine>();

/** A machine with its steps, made once: what was compiled for one event or hart serves all. */
export function compiledMachine(machine: AnyStateMachine): CompiledMachine {
  let compiled = compiledMachines.get(machine);
  if (compiled === undefined) {
    compiled = new CompiledMachine(machine);
    compiledMachines.set(machine, compiled);
  }
  return compiled;
}

const machinesOf = new WeakMap<System, readonly CompiledMachine[]>();

/** The compiled machines of a system's parts. */
function compiledParts(system: System): readonly CompiledMachine[] {
  let compiled = machinesOf.get(system);
  if (compiled === undefined) {
    compiled = system.parts.map(({ machine }) => compiledMachine(machine));
    machinesOf.set(system, compiled);
  }
  return compiled;
}

/** The state before any fact. */
export const initialLocals = (system: System): Locals =>
  system.parts.map(({ machine, input }) => compiledMachine(machine).initial(input));

/** The state after a fact, or who refuses it: what `append` says, many times as fast. */
export function appendCompiled<F extends AnyFact, R extends string>(
  system: System<F, R>,
  locals: Locals,
  fact: F,
): Locals | Refusal<R> {
  const machines = compiledParts(system as unknown as System);
  const { parts } = system;
  const numbers = system.participants(fact);
  let changed = 0;
  for (let place = 0; place < numbers.length; place++) {
    const number = numbers[place]!;
    const part = parts[number]!;
    const before = locals[number]!;
    const after = machines[number]!.step(part.input, before, fact);
    if (after === null) return { refusedBy: part.role, index: part.index };
    if (after === before) continue;
    changedParts[changed] = number;
    changedTo[changed++] = after;
  }
  // Most facts are refused, or change nothing here: only the others need a copy.
  if (changed === 0) return locals;
  const next = locals.slice();
  for (let index = 0; index < changed; index++) next[changedParts[index]!] = changedTo[index]!;
  return next;
}

/** A state of a composition as compiled machines have it. */
export const localsOf = (system: System, state: State): Locals =>
  system.parts.map(({ machine }, part) => compiledMachine(machine).local(state[part]!));

/** The states before each fact of a log, and the one after it. Throws if the system refuses a fact. */
export function localsAlong<F extends AnyFact, R extends string>(
  system: System<F, R>,
  log: readonly F[],
  from: Locals = initialLocals(system as unknown as System),
): Locals[] {
  const all = [from];
  for (const fact of log) {
    const next = appendCompiled(system, all.at(-1)!, fact);
    if (isRefusal(next)) throw new Error(`the ${next.refusedBy} refuses ${JSON.stringify(fact)}`);
    all.push(next);
  }
  return all;
}

/** What a fact that is being appended changes: as long as it may be refused, nothing is copied. */
const changedParts: number[] = [];
const changedTo: Local[] = [];
