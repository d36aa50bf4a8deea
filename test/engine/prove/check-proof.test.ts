// biome-ignore-all lint/suspicious/noExplicitAny: a proof is broken in ways that its type does not allow.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { DRIVERS } from '../../../machines/drivers.ts';
import { compose, propertyOf } from '../../../models/index.ts';
import { anyOpens, scaledTo } from '../../../models/proofs.ts';
import { checkProof, NoProof } from '../../../src/engine/prove/check-proof.ts';
import type { ProofText } from '../../../src/engine/prove/proof.ts';
import { type Proved, prove } from '../../../src/engine/prove/prove.ts';

/** A proof that can be written to. */
type Broken = {
  -readonly [K in keyof ProofText]: any;
};

const proofs = new Map<string, Promise<Proved>>();
const proofOf = (driver: keyof typeof DRIVERS): Promise<Proved> => {
  const known =
    proofs.get(driver) ??
    prove((size) => compose(scaledTo(anyOpens, size), '4.16', DRIVERS[driver]), anyOpens.properties.map(propertyOf));
  proofs.set(driver, known as Promise<Proved>);
  return known as Promise<Proved>;
};
const textOf = async (driver: keyof typeof DRIVERS): Promise<ProofText> =>
  JSON.parse(JSON.stringify((await proofOf(driver)).text()));

test('each proof passes the second opinion', async () => {
  const { views, windows, steps } = checkProof(await textOf('repaired'));
  assert.is(views, 127);
  assert.ok(windows > views && steps > windows);
  assert.ok(checkProof(await textOf('merged-4.18')).steps > 0);
});

/** The states of a chart, and the state after a fact, as the tables have them. */
const chartOf = (proof: Broken, role: string): any =>
  Object.entries(proof.charts).find(([key]) => key.endsWith(` ${role}`))![1];
const edges = (chart: any, type: string): [any, string][] =>
  Object.values<any>(chart.next).flatMap((after) =>
    Object.keys(after)
      .filter((fact) => fact.includes(`"${type}"`))
      .map((fact): [any, string] => [after, fact]),
  );
/** The numbers of the states of a chart that a text is in. */
const numbers = (chart: any, part: string): string[] =>
  chart.states.flatMap((state: string, number: number) => (state.includes(part) ? [`${number}`] : []));
const allow = (proof: Broken, role: string, type: string): void => {
  for (const [after, fact] of edges(chartOf(proof, role), type))
    if (after[fact] === null) after[fact] = chartOf(proof, role).first;
};
const skipTo = (proof: Broken, from: string, to: string): void => {
  const chart = chartOf(proof, 'driver');
  const [target] = numbers(chart, to);
  const skipped = numbers(chart, from);
  assert.ok(target !== undefined && skipped.length > 0);
  for (const after of Object.values<any>(chart.next))
    for (const fact of Object.keys(after)) if (skipped.includes(after[fact])) after[fact] = target;
};

/** Ways in which a proof is none. */
const broken: [string, (proof: Broken) => void][] = [
  ...[0, 1, 17, 40, 63, 90, 126].map((number): [string, (proof: Broken) => void] => [
    `view ${number} is left out`,
    (proof) => proof.views[0].splice(number, 1),
  ]),
  ['all views are left out', (proof) => (proof.views = [[]])],
  ['there is no shape', (proof) => (proof.shapes = [])],
  ...[0, 1, 2].map((number): [string, (proof: Broken) => void] => [
    `weight ${number} is left out`,
    (proof) => delete proof.addends[Object.keys(proof.addends)[number]!],
  ]),
  ...[0, 1].map((weight): [string, (proof: Broken) => void] => [
    `a weight of ${weight} is another`,
    (proof) => (Object.values<any>(proof.addends).find(([own]) => own === weight)[0] = 1 - weight),
  ]),
  ['no component weighs anything', (proof) => Object.keys(proof.addends).map((key) => (proof.addends[key] = [0, 0]))],
  [
    'all saves: each is in the other sum',
    (proof) => Object.keys(proof.addends).map((key) => (proof.addends[key][1] = 1)),
  ],
  ['the integer changes by two', (proof) => (proof.integer.changes['active_events.inc'].by = 2)],
  ['the integer does not change', (proof) => (proof.integer.changes['active_events.dec'].by = 0)],
  ['there is no integer', (proof) => (proof.integer = null)],
  ['sums are kept up to more', (proof) => (proof.limits[0] = 3)],
  ['the mutex lets in a second one', (proof) => allow(proof, 'reservation', 'mutex.lock')],
  ['the mutex is no part of a lock', (proof) => (proof.facts['mutex.lock'].participants = ['driver'])],
  [
    'opening without the mutex',
    (proof) => skipTo(proof, '{"event_init":{"reserve":"lock"}}', '{"event_init":"count"}'),
  ],
  ['closing without the mutex', (proof) => skipTo(proof, '{"destroy":{"release":"lock"}}', '{"destroy":"count"}')],
  ['keeping the mutex', (proof) => skipTo(proof, '{"event_init":{"reserve":"unlock"}}', '{"event_init":"out"}')],
  [
    'a transition is left out',
    (proof) => {
      const [after, fact] = edges(chartOf(proof, 'driver'), 'mutex.lock')[0]!;
      delete after[fact];
    },
  ],
  [
    'a transition is refused',
    (proof) => {
      const [after, fact] = edges(chartOf(proof, 'lifecycle'), 'event_init.return')[0]!;
      after[fact] = null;
      for (const one of Object.values<any>(chartOf(proof, 'lifecycle').next))
        for (const told of Object.keys(one)) if (told.includes('init.return')) one[told] = null;
    },
  ],
  ['a fact type is left out', (proof) => delete proof.facts['destroy.call']],
  ['nothing is said of what is written', (proof) => (chartOf(proof, 'reservation').writes = {})],
  [
    'other data is written',
    (proof) => {
      for (const one of Object.values<any>(chartOf(proof, 'reservation').writes))
        for (const fact of Object.keys(one)) one[fact] = one[fact].replace('"nobody"', '"foreign"');
    },
  ],
  [
    'another first state',
    (proof) => (chartOf(proof, 'lifecycle').first = numbers(chartOf(proof, 'lifecycle'), 'inactive')[0]),
  ],
  [
    'a chart names nothing',
    (proof) => {
      for (const state of Object.keys(chartOf(proof, 'lifecycle').says)) chartOf(proof, 'lifecycle').says[state] = [];
    },
  ],
  ['a view violates a property', (proof) => (proof.asked.find((one: any) => one.of === 'views').holds[5] = false)],
  ['a view was not asked', (proof) => proof.asked.find((one: any) => one.of === 'views').holds.pop()],
  [
    'a fact violates a property',
    (proof) => {
      const { holds } = proof.asked.find((one: any) => one.of === 'facts');
      holds[Object.keys(holds)[0]!] = false;
    },
  ],
  [
    'a fact was not asked',
    (proof) => {
      const { holds } = proof.asked.find((one: any) => one.of === 'facts');
      delete holds[Object.keys(holds)[0]!];
    },
  ],
  [
    'a property was not asked',
    (proof) => (proof.asked = proof.asked.filter((one: any) => one.property !== 'busy-is-true')),
  ],
  [
    'a bound is higher than the weight',
    (proof) => {
      const { least } = proof.asked.find((one: any) => one.of === 'sums' && one.number === null);
      for (const key of Object.keys(least)) least[key]++;
    },
  ],
  [
    'a number is more than the sum',
    (proof) => {
      const { number } = proof.asked.find((one: any) => one.of === 'sums' && one.number !== null);
      for (const key of Object.keys(number)) number[key]++;
    },
  ],
];

test('each broken proof is noticed', async () => {
  assert.ok(broken.length >= 30, `${broken.length}`);
  const whole = JSON.stringify(await textOf('repaired'));
  const passed = broken.filter(([, change]) => {
    const proof = JSON.parse(whole) as Broken;
    change(proof);
    assert.ok(JSON.stringify(proof) !== whole, 'nothing is broken');
    try {
      checkProof(proof as ProofText);
      return true;
    } catch (error) {
      if (!(error instanceof NoProof)) throw error;
      return false;
    }
  });
  assert.equal(
    passed.map(([name]) => name),
    [],
  );
});

test.run();
