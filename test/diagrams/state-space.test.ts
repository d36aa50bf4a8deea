import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { DRIVERS } from '../../machines/drivers.ts';
import { compose, type Environment, modelOf } from '../../models/index.ts';
import { dotOf } from '../../src/diagrams/dot.ts';
import { mermaidOf } from '../../src/diagrams/mermaid.ts';
import { graphOfSpace } from '../../src/diagrams/space-graph.ts';
import { type StateSpace, stateSpace } from '../../src/diagrams/state-space.ts';
import { check } from '../../src/engine/check/index.ts';
import { fold, initialState } from '../../src/engine/compose/index.ts';
import { counterexampleOf } from './logs.ts';
import { readStateDiagram } from './read-mermaid.ts';

const systemOf = (model: string, environment: Environment = '4.16') =>
  compose(modelOf(model).scope, environment, DRIVERS['as-posted']);

/** A shortest path to each state. */
function pathsIn({ passages }: StateSpace): Map<number, StateSpace['passages'][number]['facts']> {
  const paths = new Map([[0, [] as StateSpace['passages'][number]['facts']]]);
  for (const [state, path] of paths)
    for (const { from, to, facts } of passages)
      if (from === state && !paths.has(to)) paths.set(to, [...path, ...facts]);
  return paths;
}

for (const [model, sequential] of [
  ['foreign-owner', false],
  ['foreign-owner', true],
  ['two-of-a-kind', true],
] as const)
  test(`${model}${sequential ? ', sequential' : ''}: every path that is drawn is a behaviour`, () => {
    const system = systemOf(model);
    const space = stateSpace(system, { sequential });
    const paths = pathsIn(space);
    assert.is(paths.size, space.states.length);
    for (const { from, facts } of space.passages)
      assert.not.throws(() => fold(system, [...paths.get(from)!, ...facts], initialState(system)));
  });

test('nothing that a search finds is left out, but what is passed through', async () => {
  const system = systemOf('foreign-owner');
  const space = stateSpace(system);
  const { covered } = await check(system, []);
  const between = space.passages.reduce((sum, { facts }) => sum + facts.length - 1, 0);
  assert.ok(space.states.length <= covered.states && covered.states <= space.states.length + between);
});

test('more states than a picture can show are refused in one line', () => {
  assert.throws(
    () => stateSpace(systemOf('two-threads')),
    /^.*more than 300 states, which is no picture; try it sequential$/,
  );
  assert.throws(() => stateSpace(systemOf('foreign-owner'), { limit: 5 }), /more than 5 states/);
});

test('a state space is drawn, and a log in it', async () => {
  const space = stateSpace(systemOf('foreign-owner'));
  const { facts } = await counterexampleOf('foreign-owner', 'foreign-owner-kept');
  const graph = graphOfSpace('foreign-owner', space, facts);
  assert.is(readStateDiagram(mermaidOf(graph)).states.length, space.states.length);
  assert.match(dotOf(graph), /penwidth=2\.2/);
  const labels = graph.edges.map(({ label }) =>
    label
      .flat()
      .map(({ text }) => text)
      .join(' '),
  );
  assert.ok(labels.some((label) => label.includes('pr_warn')));
  assert.throws(() => graphOfSpace('foreign-owner', space, [...facts].reverse()), /leads out of the picture/);
});

test.run();
