import type { Scope } from '../../models/index.ts';
import { System as Composed } from '../engine/compose/index.ts';
import { minus, type Part, type System, scaled, type Word, word } from '../facts/index.ts';

/** What a driver keeps while it counts, as its statecharts have it. */
interface Counting {
  readonly value: Word;
  readonly previous: Word;
  readonly pmu: { readonly wordBits: number; readonly counterWidth: number };
}

/** A mistake in counting that no driver of this family makes: what the driver writes in place of what is right. */
export interface Twist {
  readonly name: string;
  readonly text: string;
  /** What to look for in the C. */
  readonly place: string;
  readonly writes: Readonly<Record<string, (context: Counting) => object>>;
  /** The scope in which it is searched. */
  readonly scope: (scope: Scope) => Scope;
}

/** Counters of two bits: few states, and as many as these mistakes take to show. */
const small = (scope: Scope): Scope => ({ ...scope, pmu: scaled(scope.pmu, 2) });
/** In one bit, a difference and its opposite are the same. */
const same = (scope: Scope): Scope => scope;
const differenceOf = ({ value, previous, pmu }: Counting): Word =>
  word(minus(value, previous, pmu.wordBits), pmu.counterWidth);

/** Mistakes of drivers' C, in the words of the machines. */
export const TWISTS: readonly Twist[] = [
  {
    name: 'prev-count-stays',
    text: 'an update adds what came since prev_count, and leaves prev_count where it was: the next one adds it again',
    place: 'whether each update writes hw.prev_count (local64_cmpxchg, local64_set) before it adds to event->count',
    writes: { 'prev_count.cmpxchg': ({ previous }) => ({ expected: previous, value: previous }) },
    scope: small,
  },
  {
    name: 'adds-twice',
    text: 'each difference is added to the count twice (by stop and by del, or by the handler and by read)',
    place: 'how many calls of local64_add on event->count lie on the path of one update',
    writes: { 'count.add': (context) => ({ delta: word(BigInt(differenceOf(context)) * 2n, 64) }) },
    scope: (scope) => ({ ...scope, pmu: { ...scaled(scope.pmu, 2), counterWidth: 2 } }),
  },
  {
    name: 'adds-the-counter',
    text: 'the value of the counter is added, and not its difference from prev_count: what it held before counts too',
    place: 'whether start sets hw.prev_count from the counter, and whether an update subtracts it',
    writes: { 'count.add': ({ value, pmu }) => ({ delta: word(value, pmu.counterWidth) }) },
    scope: small,
  },
  {
    name: 'subtracts-the-wrong-way',
    text: 'the difference is taken the wrong way round: prev_count less the counter',
    place: 'the order of the operands of the difference in the update',
    writes: {
      'count.add': ({ value, previous, pmu }) => ({
        delta: word(minus(previous, value, pmu.wordBits), pmu.counterWidth),
      }),
    },
    scope: same,
  },
  {
    name: 'never-adds',
    text: 'no update adds to the count, or the event is on a counter that stands still',
    place: 'whether read and stop reach local64_add on event->count, and whether start lets the counter run',
    writes: { 'count.add': () => ({ delta: 0 }) },
    scope: small,
  },
];

/** A system whose driver makes a mistake. */
export function twisted(system: System, { writes }: Twist): System {
  const parts = system.parts.map((part) => {
    if (part.role !== 'driver') return part;
    const authors = Object.fromEntries(
      Object.entries(writes).map(([type, write]) => [type, (state: { context: Counting }) => write(state.context)]),
    );
    return { ...part, authors: { ...part.authors, ...authors } } as Part;
  });
  return new Composed(system.vocabulary, parts, system.domains);
}
