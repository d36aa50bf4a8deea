import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createMachine } from 'xstate';
import { Coverage } from './coverage.ts';
import { type Oracle, runPaths } from './paths.ts';

const machine = createMachine({
  id: 'lock',
  initial: 'free',
  states: {
    free: { on: { 'mutex.lock': 'owned' } },
    owned: { on: { 'mutex.unlock': 'between', 'mutex.wait': {} } },
    between: { always: [{ guard: () => false, target: 'owned' }, { target: 'free' }] },
  },
});

const UNREACHABLE = 'lock.between always [0]';

function lock(answersWait: boolean): Oracle {
  let owned = false;
  return {
    accepts: ({ type }) => (type === 'mutex.lock' ? !owned : owned && (type !== 'mutex.wait' || answersWait)),
    take: ({ type }) => {
      if (type !== 'mutex.wait') owned = type === 'mutex.lock';
    },
    observe: () => owned,
  };
}

const run = (answersWait: boolean, coverage = new Coverage(machine), observed = true): Promise<number> =>
  runPaths(
    {
      machine,
      input: undefined,
      facts: (['mutex.lock', 'mutex.wait', 'mutex.unlock'] as const).map((type) => ({ type, event: 0 })),
      oracle: () => lock(answersWait),
      observe: ({ value }) => (value === 'owned') === observed,
    },
    coverage,
  );

const messageOf = (run: Promise<unknown>): Promise<string> =>
  run.then(
    () => 'no error',
    ({ message }: Error) => message,
  );

test('a transition that no path takes is named, with transitions without a fact and without a target among them', async () => {
  const coverage = new Coverage(machine);
  assert.is(coverage.size, 5);
  assert.is(coverage.unreached().length, 5);
  await run(true, coverage);
  assert.equal(coverage.unreached(), [UNREACHABLE]);
});

test('a fact that only the machine accepts is found, and the path to it is told', async () => {
  const message = await messageOf(run(false));
  assert.match(message, '{"type":"mutex.wait","event":0} is accepted by the machine alone');
  assert.match(message, 'Path:');
});

test('a difference in what can be observed is found', async () => {
  assert.match(await messageOf(run(true, new Coverage(machine), false)), 'Expected values to be deeply equal');
});

test.run();
