import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DRIVERS } from '../../machines/drivers.ts';
import { compose, modelOf, PROPERTIES } from '../../models/index.ts';
import { append, enabled, initialState, type State } from '../../src/engine/compose/index.ts';
import { perfettoOf, type TracedLog } from '../../src/export/perfetto/perfetto.ts';
import type { TraceEvent } from '../../src/export/perfetto/trace-events.ts';
import type { Fact } from '../../src/facts/index.ts';
import { counted, noCounts } from '../../src/findings/observe.ts';
import { canBeAsked, isAboutAllLogs, logVerdicts } from '../../src/replay/log-verdicts.ts';
import { KERNEL_TRACE, systemOf } from '../../src/replay/recorded.ts';
import { sizeOf } from '../../src/store/index.ts';
import { judgeTrace } from '../../src/trace/any-format.ts';
import { counterexampleOf } from '../diagrams/logs.ts';

const test = suite('perfetto');

interface Written {
  readonly events: readonly (TraceEvent & { readonly ts?: number; readonly tid?: number })[];
  readonly slices: readonly { readonly name: string; readonly cat: string; readonly ms: number }[];
}

/** Reads what was written as the format has it; fails where it is none. */
function read(lines: Iterable<string>): Written {
  const { traceEvents, displayTimeUnit, ...rest } = JSON.parse([...lines].join(''));
  assert.is(displayTimeUnit, 'ns');
  assert.equal(Object.keys(rest), ['otherData']);
  const FIELDS: Record<string, readonly string[]> = {
    M: ['name', 'pid', 'args'],
    B: ['name', 'cat', 'pid', 'tid', 'ts'],
    E: ['pid', 'tid', 'ts'],
    i: ['name', 'cat', 's', 'pid', 'tid', 'ts'],
    C: ['name', 'pid', 'tid', 'ts', 'args'],
    s: ['name', 'cat', 'id', 'pid', 'tid', 'ts'],
    f: ['name', 'cat', 'id', 'bp', 'pid', 'tid', 'ts'],
  };
  const open = new Map<number, { name: string; cat: string; ts: number }[]>();
  const times = new Map<number, number>();
  const flows = new Map<number, string>();
  const slices: { name: string; cat: string; ms: number }[] = [];
  for (const event of traceEvents) {
    const fields = FIELDS[event.ph];
    assert.ok(fields !== undefined, event.ph);
    for (const field of fields!) assert.ok(event[field] !== undefined, `${event.ph} has ${field}`);
    if (event.ph === 'M') continue;
    assert.ok(Number.isFinite(event.ts) && event.ts >= (times.get(event.tid) ?? 0), `${event.ts} in its track`);
    times.set(event.tid, event.ts);
    const mine = open.get(event.tid) ?? [];
    open.set(event.tid, mine);
    if (event.ph === 'B') mine.push(event);
    if (event.ph === 'E') {
      const begun = mine.pop();
      assert.ok(begun !== undefined, 'an end has its begin');
      slices.push({ name: begun!.name, cat: begun!.cat, ms: event.ts - begun!.ts });
    }
    if (event.ph === 'C') for (const value of Object.values(event.args)) assert.type(value, 'number');
    if (event.ph === 's') flows.set(event.id, event.name);
    if (event.ph === 'f') assert.ok(flows.delete(event.id), 'an arrow has its tail');
  }
  assert.ok(
    [...open.values()].every((mine) => mine.length === 0),
    'a begin has its end',
  );
  assert.is(flows.size, 0);
  const named = traceEvents.filter(({ name }: { name: string }) => name === 'thread_name');
  for (const tid of times.keys()) assert.is(named.filter((one: { tid: number }) => one.tid === tid).length, 1);
  return { events: traceEvents, slices };
}

const asked = (system: TracedLog['system']) =>
  PROPERTIES.filter((property) => canBeAsked(property, system) && !isAboutAllLogs(property));

const calls = (facts: readonly Fact[]): number => facts.filter(({ type }) => type.endsWith('.call')).length;
const ofCategory = ({ events }: Written, cat: string) => events.filter((event) => 'cat' in event && event.cat === cat);

/** The last value of each counter. */
function counters({ events }: Written): Map<string, number> {
  const last = new Map<string, number>();
  for (const event of events) if (event.ph === 'C') last.set(event.name, event.args.value!);
  return last;
}

test('a counterexample: every call is a slice, the counts are those of the fold, the violations those of the monitor', async () => {
  for (const [model, property] of [
    ['two-threads', 'busy-is-true'],
    ['context-switch', 'count-exact'],
  ] as const) {
    const { facts } = await counterexampleOf(model, property);
    const system = compose(modelOf(model).scope, '4.16', DRIVERS['as-posted']);
    const properties = asked(system);
    const written = read(perfettoOf([{ system, facts, properties }], [], { of: model }));
    assert.is(written.slices.filter(({ cat }) => cat === 'call').length, calls(facts));
    const { breaks } = logVerdicts(system, facts, properties);
    assert.ok(breaks.length > 0);
    assert.is(ofCategory(written, 'violation').length, breaks.length);
    const counts = facts.reduce(counted, noCounts(system));
    const told = counters(written);
    for (const [event, count] of counts.entries())
      if (facts.some((fact) => fact.type === 'count.add' && fact.event === event))
        assert.is(told.get(`count of event ${event}`), Number(count));
    const active = facts.findLast(({ type }) => type.startsWith('active_events.'));
    assert.is(told.get('riscv_active_events'), (active as Fact<'active_events.inc'>).value);
  }
});

test('whatever log: every begin has its end, and times only grow', () => {
  for (const [name, environment] of [
    ['any-order-pair', 'any-order'],
    ['four-threads', '5.10'],
  ] as const) {
    const system = compose(modelOf(name).scope, environment, DRIVERS['as-posted']);
    const bare = system.bareFacts();
    let state = initialState(system);
    const facts: Fact[] = [];
    for (let step = 0; step < 300; step++) {
      const open = [...enabled(system, state, bare)];
      const fact = open[(step * 7919) % open.length];
      if (fact === undefined) break;
      facts.push(fact);
      state = append(system, state, fact) as State;
    }
    const written = read(perfettoOf([{ system, facts, properties: asked(system) }], [], {}));
    assert.is(written.slices.filter(({ cat }) => cat === 'call').length, calls(facts));
  }
});

/** A recording, judged, with its machines. */
function ofRecording(text: string) {
  const judging = judgeTrace(text, { driver: 'as-posted', environment: '4.16' });
  let step = judging.next();
  while (!step.done) step = judging.next();
  const { parts, lost } = step.value;
  const logs = parts.map((part): TracedLog => {
    const subject = { model: KERNEL_TRACE, environment: '4.16', driver: 'as-posted', trace: sizeOf(part.facts) };
    const system = systemOf(subject);
    return { ...part, system, properties: asked(system) };
  });
  return { logs, lost: lost.map(({ times: [time], ...loss }) => ({ ...loss, time })) };
}

const sample = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../../docs/samples/${name}`, import.meta.url)), 'utf8');

test("a recording: the recorder's times, CPUs, tasks and events; what was lost, where it was", () => {
  const { logs, lost } = ofRecording(sample('ftrace-lost-events.txt'));
  const written = read(perfettoOf(logs, lost, {}));
  assert.is(
    written.slices.filter(({ cat }) => cat === 'call').length,
    logs.reduce((sum, { facts }) => sum + calls(facts), 0),
  );
  const [loss] = ofCategory(written, 'loss') as { args: Record<string, unknown>; ts: number }[];
  assert.equal(loss!.args, { why: 'CPU 0 lost 10 events before line 27', callbacks: 5, lines: '28 to 37' });
  assert.is(loss!.ts, 17355);
  const begun = written.events.find((event) => event.ph === 'B' && event.cat === 'call');
  assert.equal((begun as { args: unknown }).args, {
    call: 'event_init(event 0: cycles)',
    fact: 1,
    line: 17,
    cpu: 0,
    task: 38,
    event: '0xffffffe001003a80',
  });
  const names = written.events.flatMap((event) =>
    event.ph === 'M' && event.name === 'thread_name' ? [event.args.name] : [],
  );
  for (const name of ['task 38', 'hart 0', 'event 0xffffffe001003a80']) assert.ok(names.includes(name), name);
});

test('a refused trace says so, with both values', () => {
  const { logs } = ofRecording(sample('perf-script.txt'));
  const refused = { line: 9, callback: 'add of event 1', machine: 'driver', what: 'idx', expected: '0', found: '7' };
  const written = read(perfettoOf([{ ...logs[0]!, refused }], [], {}));
  const [instant] = ofCategory(written, 'refusal') as { name: string; args: unknown }[];
  assert.is(instant!.name, 'refused: add of event 1');
  assert.equal(instant!.args, refused);
});

test.run();
