import { type Property, type TransitionSystem, Undecided } from '../engine/check/index.ts';
import { defineSystem } from '../engine/index.ts';
import type { Bound } from '../subject/ground/bind.ts';
import type { Done, EventView, GroundMachine, StepView } from '../subject/ground/machine.ts';
import type { Scope } from '../subject/ground/scopes.ts';
import { type Command, errnoText, type Step, textOf } from '../subject/ground/step.ts';
import { WithoutParts } from '../subject/ground/without-parts.ts';

type Two<T> = readonly [T, T];

/** What two drivers do in one call, where it is not the same. */
export interface GroundMismatch {
  readonly what: string;
  readonly sides: Two<string>;
}

/** A call that both drivers get. */
interface CallFact {
  readonly type: 'call';
  readonly command: Command;
  readonly mismatch: GroundMismatch | undefined;
}

const CALLS = defineSystem<CallFact, 'pair'>({
  facts: { call: { participants: ['pair'] } },
  roles: { pair: {} },
});

/** That two drivers do the same in every call. */
export const ALIKE: Property<CallFact> = {
  ...{
    id: 'alike',
    statement: 'both drivers do the same in every call',
    severity: 'high',
    source: '',
    consequence: '',
  },
  speaksOf: () => true,
  vacuousWhen: 'nothing is called',
  clauses: [{ kind: 'whenever', facts: ['call'], holds: ({ mismatch }) => mismatch === undefined }],
};

/** One driver, bound to its device, and what it calls the kinds of events that the other numbers. */
export interface GroundSide {
  readonly machine: GroundMachine;
  readonly bound: Bound;
  /** Its number of a kind, by that of the first driver. */
  readonly kinds: ReadonlyMap<number, number>;
}

/** Where nothing follows: the drivers have parted, or one did not return. */
const ENDED = -1;

/**
 * Two drivers on their ground as one system: both get the same calls, until one does otherwise. What is compared is what the core
 * can see; `told`: also what the device is told.
 */
export class GroundPair extends WithoutParts implements TransitionSystem<CallFact> {
  readonly vocabulary = CALLS;
  readonly width = 2;
  readonly initial: Int32Array;
  readonly facts: CallFact[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #views: Two<Map<number, StepView>> = [new Map(), new Map()];

  constructor(
    readonly sides: Two<GroundSide>,
    readonly scope: Scope,
    readonly told: boolean,
  ) {
    super();
    this.initial = Int32Array.from(sides, ({ bound }) => bound.state);
    for (const [side, { bound }] of sides.entries()) this.#views[side]!.set(bound.state, bound.view);
  }

  successors(row: Int32Array, visit: (fact: number, next: Int32Array) => void): void {
    if (row[0] === ENDED) return;
    const commands = this.scope.commands(this.#views[0].get(row[0]!)!);
    const [mine, its] = this.sides.map(({ machine, kinds }, side) =>
      machine.performAll(
        row[side]!,
        commands.map((command) => textOf(inTermsOf(command, kinds))),
      ),
    ) as unknown as Two<(Done | null)[]>;
    for (const [place, command] of commands.entries()) {
      const [one, other] = [mine[place], its[place]];
      // What cannot be called in one was told apart where it came to be so.
      if (!one || !other) continue;
      for (const { happenings } of [one, other])
        for (const { type, what } of happenings)
          if (type === 'unknown' || type === 'outside')
            throw new Undecided(what === undefined ? 'a register beyond the device' : `one calls ${what}`, false);
      const mismatch = mismatchOf(command, one, other, this.told);
      const hasEnded = mismatch !== undefined || one.state === undefined || other.state === undefined;
      if (!hasEnded)
        for (const [side, { state, view }] of [one, other].entries()) this.#views[side]!.set(state!, view!);
      visit(
        this.#number(command, mismatch),
        hasEnded ? Int32Array.of(ENDED, ENDED) : Int32Array.of(one.state!, other.state!),
      );
    }
  }

  #number(command: Command, mismatch: GroundMismatch | undefined): number {
    const key = `${textOf(command)} ${JSON.stringify(mismatch)}`;
    const number = this.#numbers.get(key) ?? this.facts.push({ type: 'call', command, mismatch }) - 1;
    this.#numbers.set(key, number);
    return number;
  }
}

/** A command with the kind as a driver numbers it. */
export const inTermsOf = (command: Command, kinds: ReadonlyMap<number, number>): Command =>
  command.call === 'open' ? { ...command, kind: kinds.get(command.kind!)! } : command;

type Seen = Readonly<Record<string, string>>;

/** What both do in a call, if it is not the same. */
export function mismatchOf(command: Command, one: Outcome, other: Outcome, told: boolean): GroundMismatch | undefined {
  const sides = [seenOf(command, one, told), seenOf(command, other, told)] as const;
  for (const what of Object.keys(sides[0]))
    if (sides[0][what] !== sides[1][what]) return { what, sides: [sides[0][what]!, sides[1][what]!] };
  return undefined;
}

type Outcome = Pick<Done, 'happenings' | 'view'>;

const list = (texts: readonly string[]): string => (texts.length === 0 ? 'nothing' : texts.join(', '));

/** What can be seen of a call. */
function seenOf({ call, event }: Command, { happenings, view }: Outcome, told: boolean): Seen {
  const events = view?.events ?? [];
  const each = (of: (one: EventView) => string): string =>
    list(events.map((one, number) => `event ${number}: ${of(one)}`));
  return {
    'the answer': list(
      happenings.flatMap(({ type, event: of, answer }) =>
        typeof answer === 'number' && !['read', 'guess', 'ecall'].includes(type)
          ? [of === undefined || of === event ? errnoText(answer) : `${type} of event ${of}: ${errnoText(answer)}`]
          : [],
      ),
    ),
    'what goes wrong': list([
      ...happenings.flatMap(({ type }) => (type === 'warn' ? ['a warning'] : type === 'crash' ? ['a crash'] : [])),
      ...(view === undefined ? [`${call} does not return`] : []),
    ]),
    'what is counted': each(({ count }) => (count === undefined ? 'not known' : `${BigInt(`0x${count}`)}`)),
    'where the events are': each(({ phase, cpu }) => `${phase}${cpu === undefined ? '' : `, CPU ${cpu}`}`),
    'the locks that stay held': `${view?.locks ?? 0}`,
    ...(told && {
      'what the device is told': list(
        happenings.flatMap(({ type, bus, address, value }) =>
          type === 'write' ? [`${bus} ${address} = ${value}`] : type === 'ecall' ? ['a call of firmware'] : [],
        ),
      ),
    }),
  };
}

/** The same of steps. */
export const mismatchIn = (one: Step, other: Step, told: boolean): GroundMismatch | undefined =>
  mismatchOf(
    one.command,
    { happenings: one.happenings, view: one.after },
    { happenings: other.happenings, view: other.after },
    told,
  );
