import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { committed, names } from '../../docs/pictures.ts';
import { dotOf } from '../../src/diagrams/dot.ts';
import type { Graph, GraphNode } from '../../src/diagrams/graph.ts';
import { svgOf } from '../../src/diagrams/svg.ts';
import { faultsOf } from './geometry.ts';

const pictures = names().filter((file) => file.endsWith('.svg') && committed(file)!.includes('class="graph"'));

for (const file of pictures)
  test(`${file}: no line runs through a word or a box, no words lie on words, nothing is cut, all is readable`, () => {
    assert.equal(faultsOf(committed(file)!), []);
  });

const node = (id: string): GraphNode => ({ id, shape: 'box', label: [[{ text: id, colour: 'ink' }]], fill: 'state' });

/** Two states in a frame with a title, the first of which is entered at the left, where the title stands. */
const framed = (title: string): Graph => ({
  name: 'framed',
  direction: 'TB',
  children: [
    node('above'),
    { id: 'frame', label: [[{ text: title, colour: 'ink' }]], fill: 'around', children: [node('one'), node('two')] },
  ],
  edges: [
    { from: 'above', to: 'one', label: [] },
    { from: 'one', to: 'two', label: [] },
  ],
});

test('a title stands beside the arrow that comes into its frame', async () => {
  assert.equal(faultsOf(await svgOf(dotOf(framed('in it')))), []);
});

test('a title for which there is no room beside the arrow is in front of it', async () => {
  const svg = await svgOf(dotOf(framed('a name that is as wide as its frame, or nearly so')));
  assert.equal(faultsOf(svg), []);
  assert.match(svg.slice(svg.lastIndexOf('class="edge"')), /<text paint-order="stroke"[^>]*>a name that is/);
});

test('what is wrong with a picture is found', async () => {
  const svg = await svgOf(dotOf(framed('in it')));
  const [, x, y] = /<path [^>]*? d="M([\d.-]+),([\d.-]+)/.exec(svg.slice(svg.indexOf('class="edge"')))!.map(Number);
  const at = (left: number, base: number) =>
    svg.replace(/ x="[^"]*" y="[^"]*"([^>]*>in it<)/, ` x="${left}" y="${base}"$1`);
  assert.match(faultsOf(at(x! - 8, y! + 5)).join(), /above&#45;&gt;one runs through in it/);
  assert.match(faultsOf(at(-500, -20)).join(), /in it is cut/);
  const [, ownX, ownY] = / x="([^"]*)" y="([^"]*)"[^>]*>one</.exec(svg)!.map(Number);
  assert.match(faultsOf(at(ownX!, ownY!)).join(), /lies on/);
  assert.match(faultsOf(svg.replace(/width="\d+pt"/, 'width="2000pt"')).join(), /px high/);
});

test.run();
