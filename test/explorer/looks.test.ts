import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { dotOf } from '../../src/diagrams/dot.ts';
import { readLog } from '../../src/diagrams/log.ts';
import { enabled } from '../../src/engine/compose/index.ts';
import { goTo, startSession, take } from '../../src/explorer/session/branches.ts';
import { chartAt, lastStepOf } from '../../src/explorer/session/charts.ts';
import { readChoices } from '../../src/explorer/session/choices.ts';
import { difference } from '../../src/explorer/session/difference.ts';
import { writeLogFile } from '../../src/explorer/session/log-file.ts';
import { observations } from '../../src/explorer/session/observations.ts';
import { windowBefore } from '../../src/explorer/session/sequence-window.ts';
import { Timeline } from '../../src/explorer/session/timeline.ts';
import type { Fact } from '../../src/facts/index.ts';
import { headerOf } from '../../src/replay/recorded.ts';
import { JsonLinesStore } from '../../src/store/index.ts';
import { explored, THREADS } from './worlds.ts';

/** The close of one event races with the open of another, as the audit finds it. */
const RACE = readChoices(THREADS, '26.ABBBBBBBBAABBBBAAAAAAAABBA.EP_o');
const folded = (facts: readonly Fact[]): Timeline => {
  const timeline = new Timeline(THREADS, facts);
  timeline.fold();
  return timeline;
};

test('what is seen is told by what it belongs to, shared things first', () => {
  const groups = observations(THREADS, folded(RACE).momentAt(24));
  assert.equal(
    groups.map(({ title }) => title),
    ['shared', 'event 0', 'event 1'],
  );
  const value = (title: string, name: string) =>
    groups.find((group) => group.title === title)?.rows.find((row) => row.name === name)?.value;
  assert.is(value('shared', 'perf_irq'), 'NULL');
  assert.is(value('shared', 'riscv_active_events'), '2');
  assert.is(value('event 0', 'perf core'), 'inactive');
  assert.is(value('event 1', 'driver'), 'riscv_event_init:394-395');
});

test('the difference of two branches is in their paths, and in what is seen after them', () => {
  const whole = startSession(RACE);
  const timeline = folded(RACE);
  const other = [...enabled(THREADS.system, timeline.momentAt(9).state, THREADS.bare)].find(
    (fact) => JSON.stringify(fact) !== JSON.stringify(RACE[9]),
  )!;
  const forked = take(goTo(whole, 9), other);
  const here = { timeline: folded(forked.branches[1]!.facts), at: 10 };
  const found = difference({ timeline, at: 12 }, here);
  assert.is(found.shared, 9);
  assert.equal(found.onlyThere, RACE.slice(9, 12));
  assert.equal(found.onlyHere, [other]);
  assert.ok(found.rows.some(({ name, there, here: now }) => name === 'perf core' && there !== now));
  assert.equal(difference(here, here), { shared: 10, onlyThere: [], onlyHere: [], rows: [] });
});

test('a chart shows where its machine is, and the transition that led there', () => {
  const timeline = folded(RACE);
  const driver = THREADS.system.partOf('driver', 1)!;
  const dot = dotOf(chartAt(timeline, driver, 24));
  assert.match(dot, /^\s*"event_init\.busy\.giveBack" .*penwidth=2\]/m);
  assert.match(dot, /"event_init\.busy\.tell" -> .*penwidth=2\.2/);
  assert.is(dot.match(/penwidth=2\]/g)!.length, 1);
  // Not before it did anything: then nothing of the driver is drawn stronger.
  assert.not.match(dotOf(chartAt(timeline, driver, 1)), /penwidth=2/);
  assert.is(lastStepOf(timeline, driver, 23)!.fact.type, 'mutex.unlock');
  assert.is(lastStepOf(timeline, driver, 1), undefined);
});

test('every machine has a chart at every moment', () => {
  fc.assert(
    fc.property(explored, fc.nat(), ({ world, log }, pick) => {
      const timeline = new Timeline(world, log);
      timeline.fold();
      const at = pick % (log.length + 1);
      for (const part of world.system.parts.keys()) assert.match(dotOf(chartAt(timeline, part, at)), /^digraph/);
    }),
    { numRuns: 15 },
  );
});

test('a window of a long log begins with the calls that are in flight', () => {
  const { facts, calls, first } = windowBefore(RACE, 18, 6);
  assert.is(first, 13);
  const { length } = facts;
  assert.is(length, 6 + calls);
  assert.equal(
    facts.slice(0, calls).map(({ type }) => type),
    ['destroy.call', 'event_init.call'],
  );
  assert.equal(facts.slice(calls), RACE.slice(12, 18));
  assert.equal(windowBefore(RACE, 5, 60), { facts: RACE.slice(0, 5), calls: 0, first: 1 });
});

test('a log that is saved is one that the store reads, and the page reads what the store wrote', () => {
  const directory = mkdtempSync(join(tmpdir(), 'hartproof-'));
  try {
    const store = new JsonLinesStore(directory);
    const header = headerOf(THREADS.subject, 'reserved-while-live');
    store.create('kept', header);
    store.append('kept', 0, RACE);
    const file = readLog(writeLogFile(store.header('kept'), [...store.read('kept')]));
    assert.equal(file, {
      header: { ...header, length: RACE.length },
      facts: RACE,
      breaks: 'state',
      property: 'reserved-while-live',
    });
  } finally {
    rmSync(directory, { recursive: true });
  }
  assert.equal(readLog('{"type":"mutex.lock","event":0}\n'), { facts: [{ type: 'mutex.lock', event: 0 }] });
  assert.throws(() => readLog('{"type":"nonsense"}'), /no fact/);
  assert.throws(() => readLog('<html>'), /no JSON/);
  assert.throws(() => readLog('{"schema":"hartproof.log/9"}\n{"type":"mutex.lock","event":0}'), /schema/);
});

test.run();
