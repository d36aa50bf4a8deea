import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { CoreName } from '../../machines/cores.ts';
import { systemOf } from '../../src/replay/recorded.ts';
import { stepsAtRandom } from '../../src/simulate/random.ts';
import { Simulation } from '../../src/simulate/simulation.ts';
import type { CallbackLine } from '../../src/trace/line.ts';
import { callsOf } from '../../src/trace/recording/calls.ts';
import type { FormatName } from '../../src/trace/recording/formats.ts';
import { linesOf } from '../../src/trace/recording/lines.ts';
import { readRecording } from '../../src/trace/recording/read.ts';
import { reportOf } from './recorded-text.ts';
import { hitsOf, type Printed, type Timed, WRITERS } from './recorders.ts';
import { exactAfter, timedLog } from './timed.ts';

const test = suite('a simulated log, written as each recorder prints it, and read again');

const FORMATS = Object.keys(WRITERS) as FormatName[];
/** One hart and two, one event and several, opens that overlap, and opens that fail. */
const MODELS = [
  'context-switch',
  'migration',
  'two-threads',
  'two-harts',
  'stop-and-start',
  'refused-open-raw',
  'refused-open-cache',
];

/** A freed address is used again for the next event, as the kernel's allocator does: one for each event of the model. */
const addressOf = (calls: readonly Timed[]) => (id: number) => {
  const event = calls.find((call) => call.id === id)!.pid;
  return `0xffffffe0${(0x100_0000 + event * 0x480).toString(16).padStart(8, '0')}`;
};

interface Simulated {
  readonly calls: readonly Timed[];
  readonly exact: ReadonlyMap<number, boolean>;
  readonly environment: CoreName;
  /** Whether no counter stands still from one callback of its hart to the next, as no real one does. */
  readonly runsOn: boolean;
}

const simulated = fc
  .record({
    model: fc.constantFrom(...MODELS),
    environment: fc.constantFrom<CoreName>('4.16', '5.10', 'current'),
    seed: fc.nat(),
    steps: fc.integer({ min: 10, max: 200 }),
    runsOn: fc.boolean(),
  })
  .map(({ model, environment, seed, steps, runsOn }): Simulated => {
    const system = systemOf({ model, environment, driver: 'as-posted', wordBits: 64 });
    const simulation = new Simulation(system);
    for (const _ of stepsAtRandom(simulation, steps, seed)) if (runsOn) letRun(simulation);
    return { calls: timedLog(system, simulation.log), exact: exactAfter(system, simulation.log), environment, runsOn };
  })
  .filter(({ calls }) => calls.length > 0);

/** A hart runs on between two callbacks, by a tick of each counter at least. */
function letRun(simulation: Simulation): void {
  const last = simulation.log.at(-1)!;
  if (!last.type.endsWith('.return') || !('hart' in last)) return;
  const counters = new Set<string>();
  for (const fact of simulation.offers())
    if (fact.type === 'hart.tick' && fact.hart === last.hart && !counters.has(fact.counter)) {
      counters.add(fact.counter);
      simulation.append(fact);
    }
}

const read = (text: string, format: FormatName, environment: CoreName): CallbackLine[] =>
  linesOf(callsOf(readRecording(text, format)), environment);

/** What a recorder shows of a call. */
const shown = ({ cb, id, cpu, pid, type, config, flags, ret, before, after, asks }: Omit<Timed, 'entered'>) => ({
  ...{ cb, id, cpu, pid, type, config, flags, ret, before, after },
  asks: cb === 'event_init' ? asks : undefined,
});

test('gives the same callbacks', () => {
  fc.assert(
    fc.property(simulated, fc.constantFrom(...FORMATS), ({ calls, environment }, format) => {
      const text = WRITERS[format](hitsOf(calls, addressOf(calls)));
      assert.equal(read(text, format, environment).map(shown), calls.map(shown));
    }),
    { numRuns: 40 },
  );
});

test('in any order of its lines, where each has a time of its own', () => {
  fc.assert(
    fc.property(
      simulated,
      fc.constantFrom<FormatName>('perf', 'bpftrace', 'trace-cmd'),
      fc.nat(),
      (log, format, seed) => {
        const { calls, environment } = log;
        const hits = hitsOf(calls, addressOf(calls));
        // A shuffle: the lines by a number that depends on their times.
        const mixed = hits.toSorted((one, other) => mix(one, seed) - mix(other, seed));
        assert.equal(
          read(WRITERS[format](mixed), format, environment),
          read(WRITERS[format](hits), format, environment),
        );
      },
    ),
    { numRuns: 40 },
  );
});

const mix = (hit: object, seed: number): number => {
  const { time } = hit as { time: number };
  return ((time / 1000) * 7919 + seed) % 10_007;
};

test('is accepted by the machines that made it', () => {
  fc.assert(
    fc.property(simulated, fc.constantFrom(...FORMATS), fc.boolean(), ({ calls, environment }, format, returns) => {
      const text = WRITERS[format](hitsOf(calls, addressOf(calls), returns));
      const { accepted, segments } = reportOf(text, environment);
      assert.equal(
        segments.map(({ refused }) => refused),
        [undefined],
      );
      assert.ok(accepted);
    }),
    { numRuns: 40 },
  );
});

test('says of a count only what is so', () => {
  fc.assert(
    fc.property(simulated, fc.boolean(), ({ calls, exact, environment, runsOn }, returns) => {
      if (!runsOn) return;
      const hits = hitsOf(calls, addressOf(calls), returns);
      const { segments } = reportOf(WRITERS.bpftrace(hits), environment);
      // The hits follow a line of bpftrace itself.
      const entries = new Map(
        hits.flatMap((hit, index) => (hit.kind === 'hit' ? [[hit.time, index + 2] as const] : [])),
      );
      const lineOf = new Map(calls.map((call) => [entries.get(call.entered)!, call.line]));
      const linesIn = (found: readonly { property: string; line: number }[]) =>
        found.filter(({ property }) => property === 'count-exact').map(({ line }) => lineOf.get(line)!);
      const broken = segments.flatMap((segment) => linesIn(segment.broken));
      const open = segments.flatMap((segment) => linesIn(segment.undecided));
      for (const [line, isExact] of exact) {
        if (open.includes(line)) continue;
        // stop(0) does not ask for an update.
        const { cb, flags } = calls[line - 1]!;
        assert.is(broken.includes(line), !isExact && !(cb === 'stop' && flags === 0), `line ${line}`);
      }
    }),
    { numRuns: 40 },
  );
});

/** The hits without some that follow one another on a CPU, and with a mark before the next one that is left there. */
function losing(hits: readonly Printed[], at: number, many: number): Printed[] {
  const { cpu } = hits[at]!;
  const own = hits.flatMap((hit, index) => (hit.cpu === cpu && index >= at ? [index] : []));
  const [lost, next] = [own.slice(0, many), own[many]];
  if (next === undefined) return [...hits];
  const mark: Printed = { kind: 'lost', cpu, events: many };
  return hits.flatMap((hit, index) => (lost.includes(index) ? [] : index === next ? [mark, hit] : [hit]));
}

test('with events lost, is nowhere taken for what it is not', () => {
  fc.assert(
    fc.property(
      simulated,
      fc.constantFrom<FormatName>('trace-cmd', 'perf', 'bpftrace'),
      fc.array(fc.record({ at: fc.nat(), many: fc.integer({ min: 1, max: 6 }) }), { minLength: 1, maxLength: 2 }),
      ({ calls, environment }, format, losses) => {
        let hits = hitsOf(calls, addressOf(calls));
        for (const { at, many } of losses) {
          const places = hits.flatMap((hit, index) => (hit.kind === 'hit' ? [index] : []));
          hits = losing(hits, places[at % places.length]!, many);
        }
        const isLost = hits.some(({ kind }) => kind === 'lost');
        const text = WRITERS[format](hits);
        if (!text.includes('event_init_call')) return;
        const { segments, unjudged } = reportOf(text, environment);
        for (const { refused } of segments) assert.is(refused, undefined);
        const judged = segments.reduce((sum, { callbacks }) => sum + callbacks, 0);
        const left = unjudged.reduce((sum, { callbacks }) => sum + callbacks, 0);
        assert.is(judged + left, callsOf(readRecording(text, format)).calls.length);
        if (isLost) assert.ok(left > 0 || segments.length > 0);
      },
    ),
    { numRuns: 50 },
  );
});

test.run();
