import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { committed, names } from '../../docs/pictures.ts';
import { type Graph, type GraphNode, isCluster } from '../../src/diagrams/graph.ts';
import { listOfGraph, listOfSequence } from '../../src/diagrams/list.ts';
import { svgOfList } from '../../src/diagrams/list-svg.ts';
import { leastScale, leastWidth, READABLE } from '../../src/diagrams/readable.ts';
import { sequenceDiagram } from '../../src/diagrams/sequence.ts';
import { graphOfView, viewNames } from '../../src/diagrams/views.ts';
import { overlap, textsOf } from './geometry.ts';

/** What an eye finds wrong with a list: text that is cut, words on words, letters that are too small. */
function faultsOf(svg: string): string[] {
  const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg)!.map(Number);
  const texts = textsOf(svg);
  return [
    ...texts
      .filter(({ left, right, bottom }) => left < 0 || right > width! || bottom > height!)
      .map(({ of }) => `${of} is cut`),
    ...texts.flatMap((one, index) =>
      texts.slice(index + 1).flatMap((other) => (overlap(one, other) ? [`${one.of} lies on ${other.of}`] : [])),
    ),
    ...(leastWidth(svg) > width! ? ['it is too small'] : []),
  ];
}

const narrow = names().filter((file) => file.endsWith('-narrow.svg'));
for (const file of narrow)
  test(`${file} is read on a telephone`, () => {
    assert.equal(faultsOf(committed(file)!), []);
  });

const nodesOf = ({ children }: Pick<Graph, 'children'>): GraphNode[] =>
  children.flatMap((child) => (isCluster(child) ? nodesOf(child) : [child]));

/** A text without what only sets its pieces apart. */
const bare = (text: string): string => text.replace(/\s/g, '');

test('a list says all that its picture says: each state, each arrow, and what is written at them', () => {
  for (const view of viewNames()) {
    const graph = graphOfView(view);
    const { items } = listOfGraph(graph);
    const said = items.map(({ heading, rows }) =>
      bare(
        [...heading, ...rows.flatMap(({ lines }) => lines)]
          .flat()
          .map(({ text }) => text)
          .join(''),
      ),
    );
    if (graph.table !== undefined) {
      assert.is(items.flatMap(({ rows }) => rows).length, graph.table.length, view);
      continue;
    }
    for (const { label, shape } of nodesOf(graph))
      if (shape !== 'dot') {
        const first = bare((label[0] ?? []).map(({ text }) => text).join(''));
        assert.ok(
          said.some((text) => text.includes(first)),
          `${view}: ${first}`,
        );
      }
    const arrows = items.flatMap(({ rows }) => rows).filter(({ lines }) => lines[0]?.[0]?.text.startsWith('→'));
    const drawn = graph.edges.filter(({ from }) =>
      nodesOf(graph).some(({ id, shape }) => id === from && shape !== 'dot'),
    );
    assert.is(arrows.length, drawn.length, view);
    for (const { label } of drawn)
      for (const line of label) assert.ok(said.join().includes(bare(line.map(({ text }) => text).join(''))), view);
  }
});

test('a sequence as a list has all of its steps, in their order, by who does them', () => {
  const facts = [
    { type: 'event_init.call', event: 0, attribute: 'cycles' },
    { type: 'active_events.inc', event: 0, value: 1 },
    { type: 'event_init.call', event: 1, attribute: 'cycles' },
    { type: 'active_events.inc', event: 1, value: 2 },
    { type: 'mutex.lock', event: 0 },
  ] as const;
  const sequence = sequenceDiagram(facts, { breaks: 'state', property: 'busy-is-true', everyFact: true });
  const { items } = listOfSequence(sequence);
  assert.equal(
    items.map(({ heading, rows }) => [heading[0]![0]!.text, rows.map(({ number }) => number)]),
    [
      ['task of event 0', ['1', '2']],
      ['task of event 1', ['3', '4']],
      ['task of event 0', ['5']],
      ['✗ after this step, violated: busy-is-true', []],
    ],
  );
  assert.equal(faultsOf(svgOfList(listOfSequence(sequence), 'a race')), []);
});

test('a long name is broken where its parts meet, and a line that cannot be is told as cut', () => {
  const of = (text: string) =>
    svgOfList({ title: [], items: [{ depth: 0, heading: [[{ text, colour: 'ink' }]], fill: 'state', rows: [] }] }, 'x');
  assert.equal(faultsOf(of('a_long_name.'.repeat(20))), []);
  assert.match(faultsOf(of('x'.repeat(200))).join(), /is cut/);
  assert.match(faultsOf(of('short').replace(/font-size="12"/, 'font-size="7"')).join(), /too small/);
});

test('how small a picture can be is said by its smallest letters', () => {
  const svg =
    '<svg width="900pt" viewBox="0 0 900 10"><text font-size="9.00">a</text><style>.b{font-size:18px}</style></svg>';
  assert.is(leastScale(svg), READABLE / 9);
  assert.is(leastWidth(svg), 1000);
  assert.throws(() => leastWidth('<svg>'), /no viewBox/);
});

test.run();
