import { instance } from '@viz-js/viz';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { DRIVERS } from '../../machines/drivers.ts';
import { dotForTools, dotOf } from '../../src/diagrams/dot.ts';
import { type Graph, type GraphCluster, type GraphNode, isCluster } from '../../src/diagrams/graph.ts';
import { mermaidOf } from '../../src/diagrams/mermaid.ts';
import { svgOf } from '../../src/diagrams/svg.ts';
import { graphOfView, machineOfView, viewNames } from '../../src/diagrams/views.ts';
import { faultsOf } from './geometry.ts';
import { readStateDiagram } from './read-mermaid.ts';

const graphviz = instance();

const textOf = (svg: string): string => [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) => text).join('\n');

for (const view of viewNames())
  test(`${view} in every format, of every driver`, async () => {
    for (const driver of Object.values(DRIVERS)) {
      const graph = graphOfView(view, { driver });
      const dot = dotOf(graph);
      const { states, edges } = readStateDiagram(mermaidOf(graph));
      assert.ok(states.length > 0);
      assert.is(edges.length, graph.edges.length);
      const svg = await svgOf(dot);
      assert.match(svg, /^<svg [^>]*role="img">\n<title>[^<]+<\/title>\n<style>/);
      assert.match(svg, /prefers-color-scheme: dark/);
      assert.equal(faultsOf(svg), []);
    }
  });

test('a picture is the same each time', async () => {
  const dot = dotOf(graphOfView('driver/add'));
  assert.is(await svgOf(dot), await svgOf(dot));
});

const nodesIn = (child: GraphNode | GraphCluster): string[] =>
  isCluster(child) ? child.children.flatMap(nodesIn) : [child.id];

test('in DOT for other tools, nodes are the states and edges the transitions', async () => {
  const viz = await graphviz;
  for (const view of viewNames()) {
    const graph = graphOfView(view);
    const { objects = [], edges = [] } = viz.renderJSON(dotForTools(graph)) as {
      objects?: { _gvid: number; name: string; nodes?: unknown }[];
      edges?: { tail: number; head: number; dir?: string }[];
    };
    const names = new Map(objects.map(({ _gvid, name }) => [_gvid, name]));
    const nodes = objects.filter(({ name }) => !name.startsWith('cluster ')).map(({ name }) => name);
    assert.ok(nodes.every((name) => name !== ''));
    assert.equal(nodes.sort(), graph.children.flatMap(nodesIn).sort(), view);
    assert.equal(
      edges.map(({ tail, head }) => `${names.get(tail)} > ${names.get(head)}`).sort(),
      graph.edges.map(({ from, to }) => `${from} > ${to}`).sort(),
      view,
    );
    assert.ok(
      edges.every(({ dir }) => dir === undefined),
      view,
    );
    const plain = viz.renderString(dotForTools(graph), { format: 'plain' }).split('\n');
    assert.is(plain.filter((line) => line.startsWith('node ')).length, nodes.length, view);
    assert.is(plain.filter((line) => line.startsWith('edge ')).length, graph.edges.length, view);
  }
});

test('what leads from a state to itself is written in it', () => {
  const graph = graphOfView('core/lock');
  const free = graph.children.flatMap((child) => (isCluster(child) ? [] : [child])).find(({ id }) => id === 'free')!;
  assert.match(free.label.map((line) => line.map(({ text }) => text).join('')).join('\n'), /^return$/m);
  assert.not.ok(graph.edges.some(({ from, to }) => from === to));
});

test('a machine of one state is a table of facts, guards and effects', async () => {
  for (const view of ['slots', 'count', 'active-events', 'device']) {
    const graph = graphOfView(view);
    const [only] = graph.children as [GraphNode];
    const shown = textOf(await svgOf(dotOf(graph))).replace(/(?:&#160;|\u00a0)+/g, '');
    assert.match(shown, /fact\nguard\neffect/);
    for (const { facts, guard, effect } of only.rows!)
      for (const word of `${facts} ${guard} ${effect}`.split(/ +/)) assert.ok(shown.includes(word), `${view}: ${word}`);
  }
  assert.is(
    (graphOfView('reservation').children as GraphNode[]).find(({ rows }) => rows !== undefined),
    undefined,
  );
});

test('a machine that is too much for one look is a table of all its transitions, in the order in which they are asked', () => {
  const { table } = graphOfView('lifecycle/calls');
  const asked = table!
    .filter(({ facts }) => facts === 'event_init.return')
    .map(({ guard, next }) => `${guard} > ${next}`);
  assert.equal(asked, [
    'refusedByCore and destroySet > undone',
    'refusedByCore > refused',
    'accepted > inactive',
    'cleansUp > cleaning',
    'else > refused',
    'asksOnceMore > betweenAsks',
  ]);
});

test('the lifecycle says who calls, and what the kernel calls its states', () => {
  const said = JSON.stringify(graphOfView('lifecycle/current'));
  for (const words of [
    'sched in',
    'sched out',
    'tick, ioctl',
    'close, exit',
    'its group is throttled',
    'PERF_EVENT_STATE_ACTIVE',
    'hw.state STOPPED|UPTODATE',
  ])
    assert.ok(said.includes(words), words);
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
