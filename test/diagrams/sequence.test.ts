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
  const { lanes, steps } = sequenceDiagram(ebusy.facts, { everyFact: true });
  assert.equal(
    lanes.map(({ title }) => title),
    ['task of event 0', 'task of event 1', 'riscv_active_events', 'pmc_reserve_mutex', 'perf_irq (the PMC)'],
  );
  assert.is(steps.length, ebusy.facts.length);
  assert.not.ok(steps.some(({ breaks }) => breaks));
});

test('what a callback does is done on its hart', () => {
  const { lanes, steps } = sequenceDiagram(count.facts, { everyFact: true });
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
  const numberOf = (index: number) => (index < 2 ? undefined : index + 10);
  const svg = svgOfSequence(sequenceDiagram(long, { numberOf, everyFact: true }));
  const said = (text: string) => svg.match(new RegExp(`>${text}</text>`, 'g'))?.length ?? 0;
  assert.equal(['9', '12', '109', '110'].map(said), [0, 1, 1, 0]);
  assert.is(said('pmc_reserve_mutex'), 3);
  const once = svgOfSequence(sequenceDiagram(long, { numberOf, everyFact: true }), Number.POSITIVE_INFINITY);
  assert.is(once.match(/>pmc_reserve_mutex<\/text>/g)?.length, 1);
  // From top to bottom, and nothing in the rows of another.
  const rows = [...svg.matchAll(/<g class="step"[^>]*>.*?<text x="[\d.]+" y="([\d.]+)"/g)].map(([, y]) => Number(y));
  assert.is(rows.length, 100);
  assert.ok(rows.every((y, row) => row === 0 || y - rows[row - 1]! >= 20));
});

test('a call that nothing interrupts is one step, with its answer; one that others interrupt is told step by step', () => {
  const said = sequenceDiagram(count.facts).steps.map(({ text, number, end }) => `${number}-${end ?? number} ${text}`);
  assert.equal(said, [
    '1-7 ▸ event_init(cycles) = 0',
    '8-16 ▸ event 0: add(START) = 0',
    '17-17 cycle +1',
    '18-26 ▸ event 0: del(0)',
    '27-27 cycle +1',
    '28-34 ▸ event 0: add(START) = 0',
    '35-40 ▸ event 0: read()',
  ]);
  const { steps, lanes } = sequenceDiagram(ebusy.facts);
  assert.equal(
    steps.filter(({ call }) => call === 'folded').map(({ text }) => text),
    ['▸ event_init(cycles) = 0'],
  );
  assert.is(steps[0]!.end, 7);
  assert.ok(lanes.length > 2);
  assert.match(
    mermaidOfSequence(sequenceDiagram(count.facts)),
    /Note over l2: 8–16\. ▸ event 0#58; add\(START\) = 0\n/,
  );
});

test('what a violated property asks about stays unfolded, and what is just before the violation, and a warning', () => {
  const folded = (facts: readonly Fact[], property: string) =>
    sequenceDiagram(facts, { breaks: 'state', property }).steps.filter(({ call }) => call === 'folded');
  // Opening does nothing to a count.
  assert.equal(
    folded(count.facts, 'count-exact').map(({ text }) => text),
    ['▸ event_init(cycles) = 0'],
  );
  // The reservation is what busy-is-true asks about.
  assert.equal(folded(ebusy.facts, 'busy-is-true'), []);
  // The last call and what is near it, for a property that asks of nothing in them.
  const last = sequenceDiagram(count.facts, { breaks: 'state', property: 'a property' }).steps;
  assert.equal(
    last.slice(-9).map(({ number, end }) => [number, end]),
    [32, 33, 34, 35, 36, 37, 38, 39, 40].map((number) => [number, undefined]),
  );
  const warned = [...count.facts.slice(0, 10), { type: 'warn', event: 0, site: 'riscv_pmu_start' } as Fact];
  const returned = { type: 'add.return', event: 0, hart: 0, answer: 0 } as Fact;
  assert.is(sequenceDiagram([...warned, returned]).steps.length, 1 + 5);
});

test('ticks of a hart in a row are one step, which says how far each counter advances', () => {
  const tick = (hart: number, counter: string, ticks: number | string) =>
    ({ type: 'hart.tick', hart, counter, ticks }) as Fact;
  const ticks = [tick(0, 'cycle', 3), tick(0, 'instret', 2), tick(0, 'cycle', 1), tick(1, 'cycle', 1)];
  assert.equal(
    sequenceDiagram(ticks).steps.map(({ text, to, end }) => [text, to, end]),
    [
      ['3 ticks: cycle +4, instret +2', 'counters 0', 3],
      ['cycle +1', 'counters 1', undefined],
    ],
  );
  // The one that violates a property is a step of its own.
  const marked = sequenceDiagram(ticks.slice(0, 3), { breaks: 'state', property: 'count-exact' }).steps;
  assert.equal(
    marked.map(({ text, breaks }) => [text, breaks]),
    [
      ['2 ticks: cycle +3, instret +2', false],
      ['cycle +1', true],
    ],
  );
  assert.is(sequenceDiagram(ticks, { everyFact: true }).steps.length, 4);
});

test('as Mermaid it is read back: every fact a note or a message', () => {
  for (const { facts, breaks } of [ebusy, count]) {
    for (const everyFact of [true, false]) {
      const sequence = sequenceDiagram(facts, { breaks, everyFact });
      const { messages, notes, lanes } = readSequence(mermaidOfSequence(sequence));
      assert.is(messages + notes, sequence.steps.length + 1);
      assert.is(lanes.length, sequence.lanes.length);
    }
    assert.is(sequenceDiagram(facts, { everyFact: true }).steps.length, facts.length);
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
