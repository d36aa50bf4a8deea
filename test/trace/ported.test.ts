import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { withDecisions } from '../../machines/drivers.ts';
import { definePmu, everyCacheEvent, modelsFor, type Port } from '../../src/porting/index.ts';
import { systemOf } from '../../src/replay/recorded.ts';
import { runAtRandom } from '../../src/simulate/random.ts';
import { Simulation } from '../../src/simulate/simulation.ts';
import { reportOf } from './recorded-text.ts';
import { hitsOf, type Timed, WRITERS } from './recorders.ts';
import { timedLog } from './timed.ts';

const test = suite('a recording of a driver with counters of its own');

const BASE = {
  generalCounters: 3,
  counterWidth: 63,
  cacheEvents: { ...everyCacheEvent('EOPNOTSUPP') },
  interrupt: false,
  filters: false,
  decisions: ['leavesIndex'],
} as const;

const UNSUPPORTED = {
  'cache-references': 'EOPNOTSUPP',
  'branch-misses': 'EOPNOTSUPP',
  'bus-cycles': 'EOPNOTSUPP',
  'stalled-cycles-frontend': 'EOPNOTSUPP',
  'stalled-cycles-backend': 'EOPNOTSUPP',
  'ref-cycles': 'EOPNOTSUPP',
} as const;

/** Each event on a counter of its own; and counters that are given out, as today's `riscv_pmu` does. */
const PORTS: Readonly<Record<string, Port>> = {
  'by event': definePmu({
    ...BASE,
    name: 'by-event',
    hwEvents: {
      ...UNSUPPORTED,
      cycles: 'cycle',
      instructions: 'instret',
      'cache-misses': 'hpmcounter3',
      branches: 'hpmcounter4',
    },
  }),
  'by a bitmap': definePmu({
    ...BASE,
    name: 'given-out',
    hwEvents: {
      ...UNSUPPORTED,
      cycles: 'cycle',
      instructions: 'instret',
      'cache-misses': 'general',
      branches: 'general',
    },
    allocation: 'bitmap',
  }),
};

const addressOf = (calls: readonly Timed[]) => (id: number) => {
  const event = calls.find((call) => call.id === id)!.pid;
  return `0xffffffe0${(0x100_0000 + event * 0x480).toString(16).padStart(8, '0')}`;
};

for (const [what, { name, pmu, decisions }] of Object.entries(PORTS)) {
  const machine = withDecisions(decisions);
  const models = modelsFor(pmu);
  const asked = models.filter(({ deep, scope }) => !deep && !scope.foreign && (scope.group ?? 0) === 0);

  const recorded = (model: string, seed: number, change = (calls: Timed[]): Timed[] => calls): string => {
    const of = { machine, models, pmu };
    const system = systemOf({ model, environment: '4.16', driver: name, wordBits: 64 }, of);
    const simulation = new Simulation(system);
    runAtRandom(simulation, 120, seed);
    const calls = change(timedLog(system, simulation.log));
    return WRITERS.bpftrace(hitsOf(calls, addressOf(calls)));
  };

  test(`is accepted by the machines that made it: ${what}`, () => {
    const counters = new Set<string>();
    for (const { name: model, scope } of asked)
      for (const seed of [1, 2, 3]) {
        const { accepted, segments } = reportOf(recorded(model, seed), '4.16', { name, machine, pmu });
        for (const { refused } of segments) assert.is(refused, undefined, `${model}, ${seed}`);
        assert.ok(accepted, model);
        for (const tick of scope.ticks) counters.add(tick);
      }
    assert.ok(counters.has('hpmcounter3'), [...counters].join());
  });

  const cleared = ({ cb, ret, ...call }: Timed): Timed =>
    cb === 'del'
      ? { ...call, cb, after: { ...call.after, idx: -1 } }
      : { ...call, cb, ...(ret !== undefined && { ret }) };

  test(`and so is what clears the index in del, but no other index: ${what}`, () => {
    const model = asked.find(({ name }) => name === 'context-switch')!.name;
    const until = (calls: Timed[]) => calls.slice(0, calls.findIndex(({ cb }) => cb === 'del') + 1);
    const driver = { name, machine, pmu };
    assert.ok(
      reportOf(
        recorded(model, 1, (calls) => until(calls).map(cleared)),
        '4.16',
        driver,
      ).accepted,
    );
    const wrong = (calls: Timed[]) =>
      until(calls).map((call) => (call.cb === 'add' ? { ...call, after: { ...call.after, idx: 2 } } : call));
    const [segment] = reportOf(recorded(model, 1, wrong), '4.16', driver).segments;
    assert.match(JSON.stringify(segment!.refused), /"what":"idx after the callback","expected":"0","found":"2"/);
  });
}

test.run();
