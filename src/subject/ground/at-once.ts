import type { Done, EventView, StepView } from './machine.ts';
import { lives, type Scope, timersOut } from './scopes.ts';
import { type AskedKind, activeOf, type Command, textOf } from './step.ts';

/** Two calls that may run at once. */
export type Pair = readonly [first: Command, second: Command];

/** In a call, points beyond this number are not tried: see {@link untriedText}. */
const MOST_POINTS = 96;
/** Nor are those of a call that has more than this: more than are tried lie before it, as the process tells no access beyond 2048. */
const MOST_COUNTED = 2048 + MOST_POINTS + 1;
/** Two switches are tried where there are at most so many ways of them. */
const MOST_BOTH = 64;
/** How late the interrupt is. */
const LATE = 5;
const STATES = 2000;

const cpuOf = (event: EventView | undefined): number => Math.max(0, event?.cpu ?? 0);

/**
 * Two events, opened, closed, added, read and deleted, while two calls run at once wherever the core lets them: the first stands
 * still at one of its points, once, while the second runs; in short calls, the second does then, too. `interrupts`: the device is described, and may interrupt.
 */
export function atOnce(a: AskedKind, b: AskedKind, interrupts: boolean): Scope {
  const name = a === b ? `two of ${a.name}` : `${a.name} and ${b.name}`;
  const kinds = [a, b];
  const base = lives(name, kinds);
  return {
    name: `${name}, two calls at once (one switch, two in short calls)`,
    states: STATES,
    commands: (view) => (view.pmu ? base.commands(view) : []),
    *pairs(view) {
      if (!view.pmu || view.paired) return;
      const calls = base.commands(view);
      const closed = kinds.flatMap(({ number: kind }, event): Command[] =>
        (view.events[event]?.phase ?? 'closed') === 'closed' ? [{ call: 'open', event, kind }] : [],
      );
      const sleeping = [...closed, ...calls.filter(({ call }) => call === 'close')];
      const atomic = calls.filter(({ call }) => call !== 'open' && call !== 'close');
      const overflows: Command[] =
        interrupts && activeOf(view).length > 0 ? [{ call: 'overflow', event: -1, ticks: LATE }] : [];
      const irqs = [...overflows, ...timersOut(view)];
      const others = (first: Command): Command[] =>
        [...sleeping, ...atomic].filter(({ event }) => event !== first.event);
      for (const first of sleeping) {
        for (const second of [...others(first), ...irqs]) yield [first, second];
        if (first.call === 'open') for (const second of crossings(view)) yield [first, second];
      }
      for (const first of [...crossings(view), ...irqs])
        for (const second of [...sleeping, ...atomic]) yield [first, second];
      for (const first of atomic)
        for (const second of others(first))
          if (atomic.includes(second) && cpuOf(view.events[first.event]) !== cpuOf(view.events[second.event]))
            yield [first, second];
      for (const second of closed) yield [{ call: 'remove', event: -1 }, second];
    },
  };
}

/** One event, while an interrupt comes, or a timer runs out, at any moment at which a CPU that goes or comes lets it in. */
export function whileCpusCross(a: AskedKind, interrupts: boolean): Scope {
  const base = lives(a.name, [a]);
  return {
    name: `${a.name}, an interrupt while a CPU goes or comes`,
    states: STATES,
    commands: (view) => base.commands(view).filter(({ call }) => call === 'open' || call === 'add'),
    *pairs(view) {
      if (view.paired || activeOf(view).length === 0) return;
      const irqs: Command[] = interrupts ? [{ call: 'overflow', event: -1, ticks: LATE }] : [];
      for (const first of crossings(view)) for (const second of [...irqs, ...timersOut(view)]) yield [first, second];
    },
  };
}

const crossings = ({ online }: StepView): Command[] =>
  [0, 1].map((event) => ({ call: ((online >> event) & 1) === 1 ? 'offline' : 'online', event }));

const both = ([first, second]: Pair, point: number, back?: number): Command => ({
  call: 'at once',
  event: -1,
  pair: { first, second, point, ...(back !== undefined && { back }) },
});

/** What asks for the points that a call has where it is made alone, for each call of some pairs by its text. */
export const countings = (pairs: Iterable<Pair>): Map<string, string> =>
  new Map([...pairs].flat().map((call) => [textOf(call), textOf(both([call, call], 0))]));

/** An access to memory that is no call's own: where in the call, to which word, and the locks that are held there. */
interface Access {
  readonly point: number;
  readonly word: number;
  readonly writes: boolean;
  readonly locks: readonly number[];
}

/** The points of a call that is made alone. */
export interface Points {
  readonly count: number;
  readonly accesses: readonly Access[];
}

/** The points of a call, as the process tells them; none where it cannot be made. */
export function pointsOf(alone: Done | null | undefined): Points {
  const told = alone?.happenings ?? [];
  const count = Number(told.find(({ type }) => type === 'points')?.count ?? 0);
  return { count, accesses: told.filter(({ type }) => type === 'access') as unknown as Access[] };
}

/**
 * The points of a call at which it matters that another one runs: all that are no accesses to memory, and the accesses to what the
 * other accesses too, where one of the two writes, and no lock keeps them apart. What lies between two of these nobody sees.
 */
export function pointsBeside(first: Points, second: Points): number[] {
  const met = (one: Access): boolean =>
    second.accesses.some(
      ({ word, writes, locks }) =>
        word === one.word && (writes || one.writes) && !locks.some((lock) => one.locks.includes(lock)),
    );
  const unseen = new Set(first.accesses.filter((one) => !met(one)).map(({ point }) => point));
  return Array.from({ length: Math.min(first.count, MOST_COUNTED) }, (_, at) => at + 1).filter(
    (point) => !unseen.has(point),
  );
}

/**
 * Two calls at once, the first standing still at each of its points in turn; and, where there are few, the second then at each of
 * its own, until the first is done.
 */
export function atPoints(pair: Pair, first: readonly number[], second: readonly number[]): Command[] {
  const once = first.slice(0, MOST_POINTS);
  const twice = first.length * second.length <= MOST_BOTH ? second : [];
  return once.flatMap((point) => [both(pair, point), ...twice.map((back) => both(pair, point, back))]);
}

/** What is left out because a first call has too many of these points, if anything. */
export const untriedText = (most: number): string | undefined =>
  most > MOST_POINTS
    ? `a call has ${most} points or more at which another may run, of which the first ${MOST_POINTS} are tried`
    : undefined;
