import type { AnyMachineSnapshot, AnyStateMachine } from 'xstate';
import type { AnyFact } from '../vocabulary.ts';
import { type Assignment, type Guard, type Heard, instrumented, written } from './instrumented.ts';
import { initialSnapshot, step } from './step.ts';

/** Where in its statechart a machine is, with all that XState says of that place; the context in it is the first that was met there. */
interface Place {
  readonly snapshot: AnyMachineSnapshot;
  /** The fact types that the chart mentions here: a quick no for all others. */
  readonly mentioned: ReadonlySet<string>;
  readonly tags: ReadonlySet<string>;
  /** By fact type: what there is to do when such a fact happens here. */
  readonly paths: Map<string, Turn>;
}

/** A path through a transition: guards that are asked, assignments that are made, and at last a place, or a refusal (null). */
type Path = Ask | Assign | Arrive;
interface Ask {
  readonly kind: 'ask';
  readonly guard: Guard;
  readonly params: unknown;
  readonly yes: Turn;
  readonly no: Turn;
}
interface Assign {
  readonly kind: 'assign';
  readonly assignment: Assignment;
  readonly params: unknown;
  readonly next: Turn;
}
interface Arrive {
  readonly kind: 'arrive';
  readonly place: Place | null;
}
/** Where a path goes on; nothing is there until it was taken once. */
interface Turn {
  path?: Path;
}

/** The state of one machine: a place and a context. It never changes. */
export class Local {
  constructor(
    readonly place: Place,
    // biome-ignore lint/suspicious/noExplicitAny: as XState has it, the machine knows its own context.
    readonly context: any,
  ) {}

  get value(): AnyMachineSnapshot['value'] {
    return this.place.snapshot.value;
  }

  hasTag(tag: string): boolean {
    return this.place.tags.has(tag);
  }

  matches(value: unknown): boolean {
    return this.place.snapshot.matches(value as never);
  }

  /** Whether the chart says anything of facts of that type here. */
  mentions(type: string): boolean {
    return this.place.mentioned.has(type);
  }

  /** The nodes of the chart that are active, as XState has them. */
  get _nodes(): AnyMachineSnapshot['_nodes'] {
    return this.place.snapshot._nodes;
  }

  /** The state as XState has it. */
  get snapshot(): AnyMachineSnapshot {
    return { ...this.place.snapshot, context: this.context };
  }
}

/**
 * The steps of a machine, compiled from XState.
 *
 * Which transition XState takes is decided by the place, the type of the fact, and what the guards answer. So XState is
 * called once for each path through the guards, and instrumented; after that the guards are asked and the assignments made
 * in the same order, without it. The chart stays the only definition of behaviour, whatever the width of the words in it.
 */
export class CompiledMachine {
  readonly #places = new Map<string, Place>();
  /** By input. */
  readonly #initial = new Map<string, Local>();
  #heard: Heard[] = [];
  readonly #instrumented: ReturnType<typeof instrumented>;
  /** How often XState was called. */
  asked = 0;

  constructor(readonly machine: AnyStateMachine) {
    this.#instrumented = instrumented(machine, (heard) => this.#heard.push(heard));
  }

  /** The state before any fact. */
  initial(input: unknown): Local {
    const key = JSON.stringify(input) ?? '';
    const initial = this.#initial.get(key) ?? this.local(initialSnapshot(this.machine, input));
    this.#initial.set(key, initial);
    return initial;
  }

  /** A state as XState has it. */
  local({ value, context }: AnyMachineSnapshot): Local {
    const key = JSON.stringify(value);
    let place = this.#places.get(key);
    if (place === undefined) {
      const snapshot = this.machine.resolveState({ value, context });
      // XState's own `ownEvents` leaves out what has no target and no action.
      const mentioned = new Set(snapshot._nodes.flatMap((node) => [...node.transitions.keys()]));
      place = { snapshot, mentioned, tags: snapshot.tags, paths: new Map() };
      this.#places.set(key, place);
    }
    return new Local(place, context);
  }

  /** The state after a fact, or null if the machine refuses it. */
  step(input: unknown, local: Local, fact: AnyFact): Local | null {
    let path = local.place.paths.get(fact.type)?.path;
    const seen = { context: local.context, event: fact };
    while (path !== undefined)
      if (path.kind === 'ask') path = (path.guard(seen, path.params) ? path.yes : path.no).path;
      else if (path.kind === 'assign') {
        const change = written(path.assignment, seen, path.params);
        if (seen.context === local.context) seen.context = { ...local.context };
        Object.assign(seen.context, change);
        path = path.next.path;
      } else {
        const { place } = path;
        if (place === local.place && seen.context === local.context) return local;
        return place === null ? null : new Local(place, seen.context);
      }
    return this.#learn(input, local, fact);
  }

  #learn(input: unknown, local: Local, fact: AnyFact): Local | null {
    this.asked++;
    if (this.#instrumented === undefined) {
      const next = step(this.machine, input, local.snapshot, fact);
      return next && this.local(next);
    }
    this.#heard = [];
    const next = step(this.#instrumented.machine, input, this.#instrumented.snapshot(local.snapshot), fact);
    const after = next && this.local(next);
    const { paths } = local.place;
    const first: Turn = paths.get(fact.type) ?? {};
    paths.set(fact.type, first);
    const last = withoutRepeats(this.#heard).reduce(follow, first);
    last.path = { kind: 'arrive', place: after === null ? null : after.place };
    // Gone once more, as it will be from now on: a state that does not change stays the same object.
    return this.step(input, local, fact);
  }
}

/** Goes on from a turn by what was heard; a path that is not there yet is made. */
function follow(turn: Turn, heard: Heard): Turn {
  if ('guard' in heard) {
    turn.path ??= { kind: 'ask', guard: heard.guard, params: heard.params, yes: {}, no: {} };
    if (turn.path.kind !== 'ask' || turn.path.guard !== heard.guard) throw new Error(UNLIKE);
    return heard.answer ? turn.path.yes : turn.path.no;
  }
  turn.path ??= { kind: 'assign', assignment: heard.assignment, params: heard.params, next: {} };
  if (turn.path.kind !== 'assign' || turn.path.assignment !== heard.assignment) throw new Error(UNLIKE);
  return turn.path.next;
}

const UNLIKE = 'a guard is no function of the state and the fact: asked twice, it answers otherwise';

/** XState asks a guard again before the next assignment, and gets the same answer. */
function withoutRepeats(heard: readonly Heard[]): Heard[] {
  let asked: { guard: Guard; params: unknown; answer: boolean }[] = [];
  return heard.filter((one) => {
    if (!('guard' in one)) {
      asked = [];
      return true;
    }
    const before = asked.find(({ guard, params }) => guard === one.guard && params === one.params);
    if (before !== undefined && before.answer !== one.answer) throw new Error(UNLIKE);
    asked.push(one);
    return before === undefined;
  });
}
