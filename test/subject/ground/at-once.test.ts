import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { atPoints, type Pair, type Points, pointsBeside, pointsOf } from '../../../src/subject/ground/at-once.ts';
import { bind } from '../../../src/subject/ground/bind.ts';
import { buildOnGround } from '../../../src/subject/ground/build.ts';
import { type Done, GroundMachine } from '../../../src/subject/ground/machine.ts';
import { GROUND_PROPERTIES } from '../../../src/subject/ground/properties/index.ts';
import { addAll, type Learned, learnFrom, run } from '../../../src/subject/ground/questionnaire.ts';
import { type AskedKind, type Known, textOf } from '../../../src/subject/ground/step.ts';
import { offencesOf } from '../../../src/subject/ground/system.ts';
import { linuxTree } from './tree.ts';

const access = (point: number, word: number, writes: boolean, ...locks: number[]) => ({ point, word, writes, locks });

test('two switches are tried where there are few ways of them', () => {
  const pair: Pair = [
    { call: 'add', event: 0 },
    { call: 'add', event: 1 },
  ];
  assert.equal(atPoints(pair, [1, 4], [2]).map(textOf), [
    'z1,0|a0,0|a1,0',
    'z1,2|a0,0|a1,0',
    'z4,0|a0,0|a1,0',
    'z4,2|a0,0|a1,0',
  ]);
  const many = Array.from({ length: 9 }, (_, at) => at + 1);
  assert.is(atPoints(pair, many, many).length, 9);
});

test('a call stands still where it meets the other: at what is no access, and at memory that one of both writes', () => {
  const first = {
    count: 6,
    accesses: [access(1, 7, false), access(3, 8, true, 1), access(4, 9, true), access(6, 5, false)],
  };
  const second = {
    count: 4,
    accesses: [access(1, 7, false), access(2, 8, true, 1, 2), access(3, 9, false), access(4, 6, true)],
  };
  // Both read 7; one lock keeps them apart at 8; nobody else has 5.
  assert.equal(pointsBeside(first, second), [2, 4, 5]);
  assert.equal(pointsBeside(second, first), [3]);
});

/** Every sequence of at most so many switches, each call going on from where it stood: none, [3], [3, 1], [3, 1, 5], … */
function* schedules(most: number, first: number, second: number, so: number[] = []): Generator<number[]> {
  if (so.length > 0) yield so;
  if (so.length === most) return;
  const [last, from] = [so.length % 2 === 0 ? first : second, so.at(-2) ?? 0];
  for (let point = from + 1; point <= last; point++) yield* schedules(most, first, second, [...so, point]);
}

const tree = linuxTree();
if (tree !== undefined) {
  /** What can be seen after two calls, by a user and by the properties, in every way in which they are run. */
  class Outcomes {
    readonly seen = new Set<string>();
    readonly broken = new Set<string>();
    constructor(
      readonly before: Done,
      readonly pair: Pair,
      readonly writes: Learned['writes'],
    ) {}
    add(done: Done | null): void {
      if (done === null) return;
      const command = atPoints(this.pair, [1], [])[0]!;
      const step = { command, before: this.before.view!, after: done.view, happenings: done.happenings };
      const known = { pmu: { uncore: true }, writes: this.writes } as unknown as Known;
      const offences = offencesOf(step, known, ASKED);
      for (const { property } of offences) this.broken.add(property);
      this.seen.add(JSON.stringify(done.view?.events.map(({ phase, idx, state }) => [phase, idx, state])));
    }
  }
  const ASKED = GROUND_PROPERTIES.filter(({ id }) => ['counter-exclusive', 'locks-balanced', 'no-crash'].includes(id));

  /** Two calls, as the search tries them, and in all interleavings with at most so many switches between any two accesses. */
  const compare = async (
    switches: number,
    adds: boolean,
    ...defines: string[]
  ): Promise<[tried: Outcomes, all: Outcomes]> => {
    const build = await buildOnGround(join(import.meta.dirname, 'drivers/locking.c'), tree, { defines });
    const machine = new GroundMachine(build);
    try {
      const bound = bind(machine, () => true);
      if ('why' in bound) throw new Error(bound.why);
      const kinds = [0, 1].map((cpu) => machine.kind({ config: 1n, cpu }));
      const opens = kinds.map((kind, event) => ({ call: 'open', event, kind }) as const);
      const opened = run(machine, bound, opens).at(-1)!;
      assert.equal(
        opened.after?.events.map(({ phase }) => phase),
        ['open', 'open'],
      );
      let state = bound.state;
      for (const open of opens) if (adds) state = machine.perform(state, textOf(open))!.state!;
      const before = { state, view: adds ? opened.after : bound.view, happenings: [] };
      const calls = adds ? ([0, 1] as const).map((event) => ({ call: 'add', event }) as const) : opens;
      const [a, b] = calls as unknown as Pair;
      const points = (of: Pair[0]): Points => pointsOf(machine.perform(state, `z0|${textOf(of)}|${textOf(of)}`));
      const learned = { writes: new Map(), values: new Set(), counters: new Map() } as unknown as Learned;
      learnFrom(
        learned,
        addAll(
          machine,
          bound,
          kinds.map((number) => ({ number }) as AskedKind),
        ),
      );
      const [tried, all] = [0, 1].map(() => new Outcomes(before, [a, b], learned.writes)) as [Outcomes, Outcomes];
      for (const [first, second] of [
        [a, b],
        [b, a],
      ] as const) {
        const [own, others] = [points(first), points(second)];
        for (const command of atPoints([first, second], pointsBeside(own, others), pointsBeside(others, own)))
          tried.add(machine.perform(state, textOf(command)));
        // What waits for a lock, or goes another way, has some more.
        for (const so of schedules(switches, own.count + 2, others.count + 2))
          all.add(machine.perform(state, `z${so.join()}|${textOf(first)}|${textOf(second)}`));
      }
      return [tried, all];
    } finally {
      machine.close();
    }
  };

  for (const [adds, switches] of [
    [true, 3],
    [false, 2],
  ] as const)
    test(`a driver that takes its locks: two ${adds ? 'adds' : 'opens'} come to the same in every interleaving as where the search lets them meet`, async () => {
      const [tried, all] = await compare(switches, adds, 'EACH_CPU');
      assert.equal([...tried.seen].sort(), [...all.seen].sort());
      assert.equal([[...tried.broken], [...all.broken]], [[], []]);
    });

  for (const define of ['BREAK_UNLOCKED', 'BREAK_PLAIN'])
    test(`${define}: what every interleaving breaks, the search breaks, and comes to the same`, async () => {
      const [tried, all] = await compare(3, true, 'EACH_CPU', define);
      assert.equal([...tried.broken], ['counter-exclusive']);
      assert.equal([...all.broken], ['counter-exclusive']);
      assert.equal([...tried.seen].sort(), [...all.seen].sort());
    });

  test('BREAK_TWICE: what needs two switches is found in calls that are short', async () => {
    const [tried, all] = await compare(2, true, 'EACH_CPU', 'BREAK_TWICE');
    assert.equal([...tried.broken], ['counter-exclusive']);
    assert.equal([...all.broken], ['counter-exclusive']);
  });
}

test.run();
