import type { Done, EventView, StepView } from './machine.ts';
import { lives, type Scope } from './scopes.ts';
import { type AskedKind, activeOf, type Command, textOf } from './step.ts';

/** Two calls that may run at once. */
export type Pair = readonly [first: Command, second: Command];

/** In a call, points beyond this number are not tried: see {@link untriedText}. */
const MOST_POINTS = 48;
/** How late the interrupt is. */
const LATE = 5;
const STATES = 2000;

const cpuOf = (event: EventView | undefined): number => Math.max(0, event?.cpu ?? 0);

/**
 * Two events, opened, closed, added, read and deleted, while two calls run at once wherever the core lets them: the first stands
 * still at one of its points, once, while the second runs. `interrupts`: the device is described, and may interrupt.
 */
export function atOnce(a: AskedKind, b: AskedKind, interrupts: boolean): Scope {
  const name = a === b ? `two of ${a.name}` : `${a.name} and ${b.name}`;
  const kinds = [a, b];
  const base = lives(name, kinds);
  return {
    name: `${name}, two calls at once (one switch)`,
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
      const irqs: Command[] =
        interrupts && activeOf(view).length > 0 ? [{ call: 'overflow', event: -1, ticks: LATE }] : [];
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

const crossings = ({ online }: StepView): Command[] =>
  [0, 1].map((event) => ({ call: ((online >> event) & 1) === 1 ? 'offline' : 'online', event }));

const both = ([first, second]: Pair, point: number): Command => ({
  call: 'at once',
  event: -1,
  pair: { first, second, point },
});

/** What asks how many points each first call has where it is made alone, by that call's text. */
export const countings = (pairs: Iterable<Pair>): Map<string, string> =>
  new Map(Array.from(pairs, (pair) => [textOf(pair[0]), textOf(both(pair, 0))]));

/** How many points a first call has, as the process tells; 0 where it cannot be made. */
export const pointsOf = (alone: Done | null | undefined): number =>
  Number(alone?.happenings.find(({ type }) => type === 'points')?.count ?? 0);

/** Two calls at once, the first standing still at each of its points in turn. */
export const atPoints = (pair: Pair, points: number): Command[] =>
  Array.from({ length: Math.min(points, MOST_POINTS) }, (_, at) => both(pair, at + 1));

/** What of these first calls is left out because one of them has too many points, if any. */
export function untriedText(points: ReadonlyMap<string, number>): string | undefined {
  const most = Math.max(0, ...points.values());
  return most > MOST_POINTS
    ? `a call has ${most} points at which another may run, of which the first ${MOST_POINTS} are tried`
    : undefined;
}
