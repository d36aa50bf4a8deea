import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { group, groupAuthors } from '../../machines/group.ts';
import { initialSnapshot, step } from '../../src/engine/compose/index.ts';
import { type Attribute, attributeKind, type Fact } from '../../src/facts/index.ts';
import { Coverage } from './coverage.ts';
import { type Oracle, runPaths } from './paths.ts';

/** A perf group as its lists: who is open with which need, who is on the counters, and whether all must leave. */
function lists(size: number): Oracle {
  const members = Array.from({ length: size }, (_, member) => member);
  const needs = new Map<number, string | undefined>();
  const open = new Set<number>();
  const active = new Set<number>();
  let opening = false;
  let leaving = false;
  let hart: number | null = null;
  const nextOut = (): number => members.find((member) => member > 0 && active.has(member)) ?? 0;

  const fits = ({ event, attribute }: Fact<'event_init.call'>): boolean => {
    const need = attributeKind(attribute).counter;
    if (event >= size || need === undefined) return true;
    return members.every((other) => other === event || needs.get(other) !== need);
  };
  return {
    accepts: (fact) => {
      const { event } = fact as Fact<'destroy.call'>;
      if (fact.type === 'event_init.call' && fact.fits !== fits(fact)) return false;
      if (event >= size) return true;
      switch (fact.type) {
        case 'event_init.call':
          return !opening && (event === 0 || open.has(0));
        case 'destroy.call':
          return event !== 0 || (!opening && members.every((member) => member === 0 || !open.has(member)));
        case 'add.call':
          if (leaving) return false;
          if (event === 0) return active.size === 0;
          return active.has(0) && hart === fact.hart && members.every((other) => other <= event || !active.has(other));
        case 'add.return':
          return !leaving;
        case 'del.call':
          return !leaving || event === nextOut();
        default:
          return true;
      }
    },
    take: (fact) => {
      const { event } = fact as Fact<'destroy.call'>;
      if (event >= size) return;
      const close = (): void => {
        open.delete(event);
        needs.delete(event);
      };
      if (fact.type === 'event_init.call') {
        opening = true;
        needs.set(event, attributeKind(fact.attribute).counter);
      }
      if (fact.type === 'event_init.return') {
        opening = false;
        if (fact.answer === 0) open.add(event);
        else close();
      }
      if (fact.type === 'destroy.call') close();
      if (fact.type === 'add.return') {
        if (fact.answer === 0) {
          active.add(event);
          hart = fact.hart;
        } else if (active.size > 0) leaving = true;
      }
      if (fact.type === 'del.call') {
        if (event === 0 && (active.size > 1 || (active.size === 1 && !active.has(0)))) leaving = true;
        active.delete(event);
      }
      if (active.size === 0) {
        leaving = false;
        if (fact.type === 'del.call') hart = null;
      }
    },
    observe: () => ({
      open: members.map((member) => open.has(member)),
      active: members.map((member) => active.has(member)),
      opening,
      leaving,
      hart,
    }),
  };
}

const numbered = (events: number, of: (event: number) => Fact[]): Fact[] =>
  Array.from({ length: events }, (_, event) => of(event)).flat();

const opensAndCloses = (events: number, attributes: readonly Attribute[]): Fact[] =>
  numbered(events, (event) => [
    ...attributes.map((attribute): Fact => ({ type: 'event_init.call', event, attribute })),
    { type: 'event_init.return', event, answer: 0, destroySet: true },
    { type: 'event_init.return', event, answer: 'EBUSY', destroySet: false },
    { type: 'destroy.call', event },
  ]);

const addsAndDels = (events: number, harts: readonly number[]): Fact[] =>
  numbered(events, (event) =>
    harts.flatMap((hart): Fact[] => [
      { type: 'add.call', event, hart, flags: 1 },
      { type: 'add.return', event, hart, answer: 0 },
      { type: 'add.return', event, hart, answer: 'ENOSPC' },
      { type: 'del.call', event, hart, flags: 0 },
    ]),
  );

const run = (size: number, facts: readonly Fact[]): Promise<number> =>
  runPaths(
    {
      machine: group,
      input: { size },
      authors: groupAuthors,
      facts,
      oracle: () => lists(size),
      observe: ({ value, context: { open, active, opening, hart } }) => ({
        open,
        active,
        opening: opening !== null,
        leaving: value !== 'together',
        hart,
      }),
    },
    coverage,
  );

const coverage = new Coverage(group);

test('a group of two, beside a stranger, is opened leader first, one at a time, and closed leader last, and fits while no counter is needed twice', async () => {
  await run(2, opensAndCloses(3, ['cycles', 'instructions', 'cache']));
});

test('a group of three goes on in order, and off in order with its leader last or first', async () => {
  await run(3, addsAndDels(4, [0]));
});

test('a group of two is on one of two harts', async () => {
  await run(2, addsAndDels(2, [0, 1]));
});

test('one of the members may be on the counters while another is opened or closed', async () => {
  await run(2, [...opensAndCloses(2, ['cache']), ...addsAndDels(2, [0])]);
});

test('a group fits as long as its members can have a counter each, whichever they are given', () => {
  const input = { size: 3, counters: { 'cache-misses': ['hpmcounter3', 'hpmcounter4'], cache: ['hpmcounter3'] } };
  const fits = (opened: readonly Attribute[], last: Attribute): boolean | undefined => {
    let snapshot = initialSnapshot(group, input);
    for (const [event, attribute] of opened.entries())
      for (const fact of [
        { type: 'event_init.call', event, attribute } as Fact,
        { type: 'event_init.return', event, answer: 0, destroySet: true } as Fact,
      ])
        snapshot = step(group, input, snapshot, fact)!;
    const call: Fact<'event_init.call'> = { type: 'event_init.call', event: opened.length, attribute: last };
    return groupAuthors['event_init.call']!(snapshot, call).fits;
  };
  assert.is(fits(['cache-misses'], 'cache'), true);
  assert.is(fits(['cache'], 'cache'), false);
  assert.is(fits(['cache', 'cache-misses'], 'cycles'), true);
  assert.is(fits(['cache-misses', 'cache-misses'], 'cache'), false);
});

test('no transition of the group is out of reach', () => {
  assert.equal(coverage.unreached(), []);
});

test.run();
