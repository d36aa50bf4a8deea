import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { factText } from '../../src/diagrams/fact-text.ts';
import { readLog } from '../../src/diagrams/log.ts';
import { sequenceDiagram } from '../../src/diagrams/sequence.ts';
import { mermaidOfSequence } from '../../src/diagrams/sequence-mermaid.ts';
import { svgOfSequence } from '../../src/diagrams/sequence-svg.ts';
import { type Counterexample, FACT_TYPES, type Fact } from '../../src/facts/index.ts';
import { counterexampleOf } from './logs.ts';
import { readSequence } from './read-mermaid.ts';

let ebusy: Counterexample;
let count: Counterexample;
test.before(async () => {
  ebusy = await counterexampleOf('two-threads', 'busy-is-true');
  count = await counterexampleOf('context-switch', 'count-exact');
});

test('tasks, mutex and hardware are lanes, and every fact a step', () => {
  const { lanes, steps } = sequenceDiagram(ebusy.facts);
  assert.equal(
    lanes.map(({ title }) => title),
    ['task of event 0', 'task of event 1', 'riscv_active_events', 'pmc_reserve_mutex', 'perf_irq (the PMC)'],
  );
  assert.is(steps.length, ebusy.facts.length);
  assert.not.ok(steps.some(({ breaks }) => breaks));
});

test('what a callback does is done on its hart', () => {
  const { lanes, steps } = sequenceDiagram(count.facts);
  assert.ok(lanes.some(({ title }) => title === 'cpu_hw_events of hart 0'));
  const read = count.facts.findIndex(({ type }) => type === 'prev_count.read');
  assert.is(steps[read]!.lane, 'hart 0');
  assert.is(steps[read]!.to, 'event 0');
});

test('the step that violates the property is marked, and only that', () => {
  const sequence = sequenceDiagram(ebusy.facts, { breaks: ebusy.breaks, property: 'busy-is-true' });
  assert.equal(
    sequence.steps.flatMap(({ breaks }, index) => (breaks ? [index] : [])),
    [ebusy.facts.length - 1],
  );
  assert.is(svgOfSequence(sequence).match(/✗ this step breaks busy-is-true/g)?.length, 1);
  assert.is(mermaidOfSequence(sequence).match(/✗ this step breaks busy-is-true/g)?.length, 1);
  assert.not.match(svgOfSequence(sequenceDiagram(ebusy.facts)), /✗/);
});

test('each fact has its number in the log, and the heads stand again where they would be out of sight', () => {
  const long = Array.from({ length: 100 }, (_, index) => ebusy.facts[index % ebusy.facts.length]!);
  const svg = svgOfSequence(sequenceDiagram(long, { numberOf: (index) => (index < 2 ? undefined : index + 10) }));
  const said = (text: string) => svg.match(new RegExp(`>${text}</text>`, 'g'))?.length ?? 0;
  assert.equal(['9', '12', '109', '110'].map(said), [0, 1, 1, 0]);
  assert.is(said('pmc_reserve_mutex'), 3);
  // From top to bottom, and nothing in the rows of another.
  const rows = [...svg.matchAll(/<g class="step">.*?<text x="[\d.]+" y="([\d.]+)"/g)].map(([, y]) => Number(y));
  assert.is(rows.length, 100);
  assert.ok(rows.every((y, row) => row === 0 || y - rows[row - 1]! >= 20));
});

test('as Mermaid it is read back: every fact a note or a message', () => {
  for (const { facts, breaks } of [ebusy, count]) {
    const { messages, notes, lanes } = readSequence(mermaidOfSequence(sequenceDiagram(facts, { breaks })));
    assert.is(messages + notes, facts.length + 1);
    assert.is(lanes.length, sequenceDiagram(facts).lanes.length);
  }
});

test('a log may start in the middle, be empty, and hold names that mean something', () => {
  const middle = count.facts.slice(9);
  assert.not.throws(() => readSequence(mermaidOfSequence(sequenceDiagram(middle))));
  assert.match(svgOfSequence(sequenceDiagram([])), /<\/svg>\n$/);
  const evil = svgOfSequence(sequenceDiagram(middle, { title: '<script>&"', breaks: 'never', property: '</text>' }));
  assert.not.match(evil, /<script>/);
  assert.is(evil.match(/<\/text>/g)?.length, evil.match(/<text/g)?.length);
});

test('every type of fact has a text', () => {
  const fields = {
    event: 0,
    hart: 0,
    attribute: 'cycles',
    answer: 0,
    flags: 5,
    value: 1,
    owner: 'driver',
    counter: 'cycle',
  };
  for (const type of FACT_TYPES) {
    const text = factText({
      type,
      half: 'high',
      site: 'read_counter',
      idx: 0,
      used: [true],
      ...fields,
    } as unknown as Fact);
    assert.ok(text.length > 0 && !text.includes('.call'), type);
  }
  assert.is(factText({ type: 'stop.call', event: 0, hart: 0, flags: 4 }), 'stop(UPDATE)');
  assert.is(factText({ type: 'add.return', event: 0, hart: 0, answer: 'ENOSPC' }), 'add → −ENOSPC');
});

test('a log is read from each of its forms', () => {
  const { facts, breaks } = ebusy;
  assert.equal(readLog(JSON.stringify(facts)), { facts });
  assert.equal(readLog(facts.map((fact) => `${JSON.stringify(fact)}\n`).join('\n')), { facts });
  assert.equal(readLog(JSON.stringify(facts[0])), { facts: [facts[0]] });
  assert.equal(readLog(JSON.stringify({ facts, breaks, property: 'busy-is-true' })), {
    facts,
    breaks,
    property: 'busy-is-true',
  });
  const header = {
    schema: 'hartproof.log/1' as const,
    model: 'two-threads',
    environment: '4.16',
    driver: 'as-posted',
    machines: 'x',
    breaks: 'busy-is-true',
  };
  assert.equal(readLog([header, ...facts].map((line) => JSON.stringify(line)).join('\n')), {
    header,
    facts,
    breaks: 'state',
    property: 'busy-is-true',
  });
  assert.throws(
    () => readLog(`${JSON.stringify({ ...header, length: 9 })}\n{"type":"pr_warn","event":0}\n`),
    /1 of its 9 facts/,
  );
  const finding = { id: 'f', property: 'busy-is-true', counterexample: { facts, breaks } };
  assert.equal(readLog(JSON.stringify({ findings: [finding] })), { facts, breaks, property: 'busy-is-true' });
  assert.throws(() => readLog(JSON.stringify({ findings: [finding, finding] })), /name one of its findings: f, f/);
  assert.throws(() => readLog(JSON.stringify({ findings: [finding] }), 'g'), /it has no finding g: f/);
});

test('what is no log is refused with its place', () => {
  assert.throws(() => readLog('{"type":"pr_warn","event":0}\nnonsense\n'), /line 2 is no JSON/);
  assert.throws(
    () => readLog('{"type":"pr_warn","event":0}\n{"type":"warm"}\n'),
    /line 2 is no fact: there is no type warm/,
  );
  assert.throws(() => readLog('{"type":"warn"}\n'), /fact 1 is no fact: warn lacks its event/);
  assert.throws(() => readLog('{"findings":[null,3]}', 'f'), /it has no finding f/);
  assert.throws(() => readLog('[{}]'), /fact 1 is no fact: it has no type/);
  assert.throws(() => readLog('{"facts":3}'), /its facts are no array/);
  assert.throws(() => readLog('null'), RangeError);
});

test.run();
