import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { count, countAuthors } from '../../machines/count.ts';
import { initialSnapshot, step } from '../../src/engine/compose/index.ts';
import { type Attribute, attributeKind, type Counter, counterAt, type Fact } from '../../src/facts/index.ts';
import { Coverage } from './coverage.ts';
import { type Oracle, runPaths } from './paths.ts';

const WORD = 2;
const KEPT = 1;
const of = { event: 0 };
/** What counts the kinds of event for which no counter is made. */
const ABLE: Partial<Record<Attribute, readonly Counter[]>> = { cache: ['instret', 'hpmcounter3'] };

/** The books of one event, kept in full: how often its counter ticked while it ran, its count, and its page. */
function books(): Oracle {
  const blank = () => ({
    previous: 0,
    ran: 0,
    count: 0,
    published: 0,
    able: [] as readonly Counter[],
    counter: null as Counter | null,
    runsOn: null as number | null,
    starts: false,
  });
  let book = blank();
  const modulo = (value: number): number => Number(BigInt.asUintN(KEPT, BigInt(value)));
  const take = (fact: Fact): void => {
    switch (fact.type) {
      case 'event_init.call':
        book.able = ABLE[fact.attribute] ?? [attributeKind(fact.attribute).counter!];
        book.counter = book.able.length > 1 ? null : book.able[0]!;
        break;
      case 'used_mask.set':
        book.counter = book.able.find((counter) => counter === counterAt(fact.idx)) ?? null;
        break;
      case 'event.free':
        book = blank();
        break;
      case 'add.call':
        book.starts = fact.flags === 1;
        break;
      case 'add.return':
        if (book.starts && fact.answer === 0) book.runsOn = fact.hart;
        book.starts = false;
        break;
      case 'start.return':
        book.runsOn = fact.hart;
        book.starts = false;
        break;
      case 'stop.call':
      case 'del.call':
        book.runsOn = null;
        break;
      case 'hart.tick':
        if (fact.hart === book.runsOn && fact.counter === book.counter) book.ran += Number(fact.ticks);
        break;
      case 'prev_count.set':
        book.previous = Number(fact.value);
        break;
      case 'prev_count.cmpxchg':
        if (book.previous === fact.expected) book.previous = Number(fact.value);
        break;
      case 'count.add':
        book.count += Number(fact.delta);
        break;
      case 'userpage.update':
        book.published = book.count - book.previous;
        break;
    }
  };
  return {
    accepts: (fact) => {
      if (fact.type === 'prev_count.read') return fact.value === book.previous;
      if (fact.type === 'prev_count.cmpxchg') return fact.found === book.previous;
      return true;
    },
    take,
    observe: () => ({
      previous: book.previous,
      uncounted: modulo(book.ran - book.count),
      unpublished: modulo(book.count - book.previous - book.published),
      runsOn: book.runsOn,
    }),
  };
}

const facts: Fact[] = [
  { type: 'event_init.call', ...of, attribute: 'cycles' },
  { type: 'event_init.call', ...of, attribute: 'cache' },
  { type: 'event.free', ...of },
  { type: 'add.call', ...of, hart: 0, flags: 0 },
  { type: 'add.call', ...of, hart: 0, flags: 1 },
  { type: 'add.return', ...of, hart: 1, answer: 0 },
  { type: 'add.return', ...of, hart: 1, answer: 'ENOSPC' },
  { type: 'used_mask.set', ...of, hart: 0, idx: 0 },
  { type: 'used_mask.set', ...of, hart: 0, idx: 1 },
  { type: 'del.call', ...of, hart: 0, flags: 0 },
  { type: 'start.return', ...of, hart: 0 },
  { type: 'stop.call', ...of, hart: 0, flags: 4 },
  { type: 'hart.tick', hart: 0, counter: 'cycle', ticks: 1 },
  { type: 'hart.tick', hart: 0, counter: 'instret', ticks: 1 },
  { type: 'hart.tick', hart: 1, counter: 'cycle', ticks: 1 },
  { type: 'prev_count.read', ...of, value: 0 },
  ...[1, 2].map((value): Fact => ({ type: 'prev_count.set', ...of, value })),
  ...[0, 2].map((expected): Fact => ({ type: 'prev_count.cmpxchg', ...of, expected, value: 3, found: 0 })),
  { type: 'count.add', ...of, delta: 1 },
  { type: 'userpage.update', ...of },
];

test('where a counter comes round before a count does, the whole count is looked at', () => {
  const narrow = { wordBits: 2, counterWidth: 1, countBits: 2 };
  let snapshot = initialSnapshot(count, narrow);
  const facts: Fact[] = [
    { type: 'event_init.call', ...of, attribute: 'cycles' },
    { type: 'start.return', ...of, hart: 0 },
    { type: 'hart.tick', hart: 0, counter: 'cycle', ticks: 1 },
    { type: 'hart.tick', hart: 0, counter: 'cycle', ticks: 1 },
  ];
  for (const fact of facts) snapshot = step(count, narrow, snapshot, fact)!;
  assert.is(snapshot.context.uncounted, 2);
});

test('the distance of count and page from the truth is what full books say, at any width', async () => {
  const coverage = new Coverage(count);
  await runPaths(
    {
      machine: count,
      input: { wordBits: WORD, counterWidth: KEPT, counters: ABLE },
      authors: countAuthors,
      facts,
      oracle: books,
      observe: ({ context: { prevCount: previous, uncounted, unpublished, runsOn } }) => ({
        previous,
        uncounted,
        unpublished,
        runsOn,
      }),
    },
    coverage,
  );
  assert.equal(coverage.unreached(), []);
});

test.run();
