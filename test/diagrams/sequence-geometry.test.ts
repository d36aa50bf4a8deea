import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ENVIRONMENTS, MODELS } from '../../models/index.ts';
import { audit } from '../../src/audit/audit.ts';
import { modelled } from '../../src/audit/modelled.ts';
import { type Sequence, type SequenceOptions, sequenceDiagram } from '../../src/diagrams/sequence.ts';
import { svgOfSequence } from '../../src/diagrams/sequence-svg.ts';
import type { Fact } from '../../src/facts/index.ts';
import { systemOf } from '../../src/replay/recorded.ts';
import { runAtRandom } from '../../src/simulate/random.ts';
import { Simulation } from '../../src/simulate/simulation.ts';
import { faultsOfSequence } from './sequence-geometry.ts';

/** What is wrong with the picture of a log, folded or fact by fact. */
const faultsIn = (facts: readonly Fact[], options: SequenceOptions): string[] =>
  [false, true].flatMap((everyFact) =>
    faultsOfSequence(svgOfSequence(sequenceDiagram(facts, { ...options, everyFact }))),
  );

test('every counterexample of the default audit: no words on words, lanes or arrows, and nothing is cut', async () => {
  const models = MODELS.filter(({ deep }) => !deep);
  const results = await audit({ target: modelled('as-posted'), models, environments: ENVIRONMENTS });
  const seen = new Set<string>();
  for (const { property, verdict, model, environment } of results) {
    if (verdict.verdict !== 'violated') continue;
    const { facts, breaks } = verdict.counterexample;
    const key = JSON.stringify([property, facts]);
    if (seen.has(key)) continue;
    seen.add(key);
    const title = `${model.asks} (${environment})`;
    assert.equal(faultsIn(facts, { breaks, property: property, title }), [], `${property}: ${model.name}`);
  }
  assert.ok(seen.size > 30, `${seen.size}`);
});

test('500 steps of three events on two harts: the same, and the heads are never far', () => {
  const simulation = new Simulation(
    systemOf({ model: 'two-counting', environment: '4.16', driver: 'as-posted', wordBits: 64 }),
  );
  runAtRandom(simulation, 1500, 3);
  const { log } = simulation;
  const options = { skip: 1000, breaks: 'state', property: ['count-exact', 'references-balance'] } as const;
  assert.equal(faultsIn(log, options), []);
  const sequence = sequenceDiagram(log, { ...options, everyFact: true });
  assert.is(sequence.steps.length, 500);
  const svg = svgOfSequence(sequence);
  assert.is(svg.match(/>hart 0<\/text>/g)?.length, 13);
  // Folded, it says the same in fewer rows: each fact is in one of them.
  const folded = sequenceDiagram(log, { skip: 1000 });
  assert.ok(folded.steps.length < 300, `${folded.steps.length}`);
  assert.equal(
    folded.steps.flatMap(({ number, end }) => range(number!, end ?? number!)),
    range(1001, 1500),
  );
});

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, index) => from + index);

const LANES = [
  { id: 'hart 0', title: 'hart 0', kind: 'hart' },
  { id: 'mutex', title: 'pmc_reserve_mutex', kind: 'shared' },
  { id: 'perf_irq', title: 'perf_irq (the PMC)', kind: 'shared' },
] as const;

test('whatever is written, it has room', () => {
  const long = 'a value that is much longer than any head of a lane: 18,446,744,073,709,551,615';
  const sequence: Sequence = {
    title: long.repeat(3),
    lanes: LANES,
    steps: [
      {
        number: 999_999,
        end: 1_000_000,
        text: `▸ ${long}`,
        lane: 'hart 0',
        call: 'folded',
        alarm: false,
        breaks: false,
      },
      { text: long, lane: 'hart 0', to: 'perf_irq', alarm: false, breaks: false },
      { text: long, lane: 'perf_irq', to: 'mutex', alarm: true, breaks: true },
    ],
    violated: `${long} and ${long} and ${long}`,
  };
  assert.equal(faultsOfSequence(svgOfSequence(sequence)), []);
});

test('what is wrong with a picture is found', () => {
  const step = { text: 'lock', lane: 'hart 0', to: 'perf_irq', alarm: false, breaks: false };
  const svg = svgOfSequence({ title: '', lanes: LANES, steps: [step, { ...step, text: 'again' }] });
  const moved = (x: number, y?: number) =>
    svg.replace(/x="[\d.]+" y="([\d.]+)"([^>]*>lock<)/, (_, own, rest) => `x="${x}" y="${y ?? own}"${rest}`);
  const [, mutex] = [...svg.matchAll(/class="lane" d="M([\d.]+)/g)].map(([, x]) => Number(x));
  const [, x, y] = / x="([\d.]+)" y="([\d.]+)"[^>]*>again</.exec(svg)!.map(Number);
  assert.equal(faultsOfSequence(svg), []);
  assert.match(faultsOfSequence(moved(mutex! + 5)).join(), /lock lies on the lane/);
  assert.match(faultsOfSequence(moved(x!, y!)).join(), /lock lies on again/);
  assert.match(faultsOfSequence(moved(x!, y! + 7)).join(), /lock lies on the arrow/);
  assert.match(faultsOfSequence(moved(5)).join(), /lock is cut/);
  const wide = svg.replace(/<rect x="[\d.]+"( y="[\d.]+") width="[\d.]+"/, '<rect x="1"$1 width="200"');
  assert.match(faultsOfSequence(wide).join(), /a frame .* lies on/);
});

test.run();
