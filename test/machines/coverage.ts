import type { AnyStateMachine, InspectionEvent } from 'xstate';

/** A transition of a chart by name: its state, the fact (or `always`), and which of the alternatives it is. */
function* namedTransitions(node: AnyStateMachine['root']): Generator<[transition: object, name: string]> {
  for (const [type, alternatives] of node.transitions)
    for (const [index, transition] of alternatives.entries()) yield [transition, `${node.id} on ${type} [${index}]`];
  for (const [index, transition] of (node.always ?? []).entries()) yield [transition, `${node.id} always [${index}]`];
  for (const child of Object.values(node.states)) yield* namedTransitions(child);
}

/** The name of each transition of a machine. */
export const transitionNames = (machine: AnyStateMachine): ReadonlyMap<object, string> =>
  new Map(namedTransitions(machine.root));

/** Which transitions of a chart were taken, over any number of actors of the machine and of its variants. */
export class Coverage {
  readonly #all: ReadonlySet<string>;
  readonly #taken = new Set<string>();

  constructor(machine: AnyStateMachine) {
    this.#all = new Set(transitionNames(machine).values());
  }

  get size(): number {
    return this.#all.size;
  }

  /** What watches an actor of the machine: the `inspect` option of `createActor`. */
  of(machine: AnyStateMachine): (event: InspectionEvent) => void {
    const names = transitionNames(machine);
    return (event) => {
      if (event.type !== '@xstate.microstep') return;
      for (const transition of event._transitions) {
        const name = names.get(transition);
        if (name !== undefined) this.#taken.add(name);
      }
    };
  }

  /** The transitions that were never taken, by name. */
  unreached(): string[] {
    return [...this.#all].filter((name) => !this.#taken.has(name)).sort();
  }
}
