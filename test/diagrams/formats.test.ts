import { instance } from '@viz-js/viz';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { DRIVERS } from '../../machines/drivers.ts';
import { dotOf } from '../../src/diagrams/dot.ts';
import type { Graph, GraphNode } from '../../src/diagrams/graph.ts';
import { mermaidOf } from '../../src/diagrams/mermaid.ts';
import { svgOf } from '../../src/diagrams/svg.ts';
import { graphOfView, machineOfView, viewNames } from '../../src/diagrams/views.ts';
import { readStateDiagram } from './read-mermaid.ts';

const graphviz = instance();

const textOf = (svg: string): string => [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) => text).join('\n');

for (const view of viewNames())
  test(`${view} in every format, of every driver`, async () => {
    const viz = await graphviz;
    for (const driver of Object.values(DRIVERS)) {
      const graph = graphOfView(view, { driver });
      const dot = dotOf(graph);
      assert.not.throws(() => viz.renderJSON(dot));
      const { states, edges } = readStateDiagram(mermaidOf(graph));
      assert.ok(states.length > 0);
      assert.is(edges.length, graph.edges.length);
      const svg = await svgOf(dot);
      assert.match(svg, /^<svg [^>]*role="img">\n<title>[^<]+<\/title>\n<style>/);
      assert.match(svg, /prefers-color-scheme: dark/);
      assert.is(svg, await svgOf(dot), 'the same each time');
    }
  });

test('all decisions can be drawn, too', () => {
  assert.not.match(dotOf(graphOfView('driver/add')), /choosesByCounter/);
  assert.match(dotOf(graphOfView('driver/add', { allDecisions: true })), /choosesByCounter/);
  assert.match(dotOf(graphOfView('driver/add', { driver: DRIVERS.repaired })), /slotTaken/);
});

test('a function has its name in the chart, and its name in the C', () => {
  assert.equal(graphOfView('riscv_pmu_add'), graphOfView('driver/add'));
  assert.equal(graphOfView('reserve_pmc_hardware'), graphOfView('driver/event_init'));
  assert.is(machineOfView('read_counter'), 'driver');
  assert.throws(() => graphOfView('toString'), /there is no picture toString; there are lifecycle, /);
  assert.throws(() => graphOfView('driver/idle'), RangeError);
});

test('the overview says who calls whom', () => {
  const calls = graphOfView('driver').edges.map(({ from, to }) => `${from} > ${to}`);
  assert.equal(calls.sort(), [
    'add > start',
    'del > stop',
    'destroy > destroy.release',
    'event_init > destroy',
    'event_init > event_init.reserve',
    'read > read_counter',
    'start > read_counter',
    'stop > read',
  ]);
});

test('names that mean something to a format come out as they are', async () => {
  const evil = '<&"\'>; a#b {x} %% \\ | `y` --> : [*]';
  const node = (id: string): GraphNode => ({
    id,
    shape: 'box',
    label: [[{ text: evil, colour: 'ink' }]],
    fill: 'state',
    strong: true,
  });
  const graph: Graph = {
    name: evil,
    direction: 'LR',
    children: [
      node(evil),
      { id: 'frame"', label: [[{ text: evil, colour: 'ink' }]], fill: 'around', children: [node('b"\\')] },
    ],
    edges: [{ from: evil, to: 'b"\\', fromCluster: 'frame"', label: [[{ text: evil, colour: 'guard' }]] }],
  };
  assert.is(readStateDiagram(mermaidOf(graph)).states.length, 3);
  const svg = textOf(await svgOf(dotOf(graph)));
  const shown = svg.replaceAll('&#160;', ' ').replace(/&(#\d+|\w+);/g, (_, code: string) => {
    const named: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"' };
    return named[code] ?? String.fromCodePoint(Number(code.slice(1)));
  });
  assert.is(shown.split(evil).length - 1, 4, shown);
});

test('the reader of Mermaid refuses what is not in its part of the language', () => {
  const bad = (body: string) => assert.throws(() => readStateDiagram(`stateDiagram-v2\n${body}\n`), body);
  bad('  a --> b');
  bad('  state "a" as a {');
  bad('  state "a;b" as a');
  bad('  state "a" as a\n  a --> a : x{y');
  bad('  note right of a : b');
});

test.run();
