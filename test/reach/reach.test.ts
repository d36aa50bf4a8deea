import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { read } from '../../docs/refresh.ts';
import { DRIVERS, type DriverName } from '../../machines/drivers.ts';
import { compose, type Environment, modelOf } from '../../models/index.ts';
import { append, enabled, initialState, isRefusal, type State } from '../../src/engine/compose/index.ts';
import type { Fact, System } from '../../src/facts/index.ts';
import { answersAlong, askModels, cutShort, reach, readQuestion, whyNot } from '../../src/reach/index.ts';

const systemOf = (model: string, environment: Environment = '4.16', driver: DriverName = 'as-posted'): System =>
  compose(modelOf(model).scope, environment, DRIVERS[driver]);

/** All logs of so many facts, by XState itself. */
function* logsOf(system: System, facts: number): Generator<Fact[]> {
  const bare = system.bareFacts();
  const go = function* (state: State, log: Fact[]): Generator<Fact[]> {
    yield log;
    if (log.length === facts) return;
    for (const fact of enabled(system, state, bare)) {
      const next = append(system, state, fact);
      assert.not.ok(isRefusal(next));
      yield* go(next as State, [...log, fact]);
    }
  };
  yield* go(initialState(system), []);
}

test('finds a shortest path: none of all shorter logs answers the question, and the log does so at its end', async () => {
  const system = systemOf('foreign-owner');
  const logs = [...logsOf(system, 9)];
  assert.ok(logs.length > 100);
  for (const text of [
    'not warn',
    'other owner = holding',
    'mutex.lock',
    'event 0 is opening and other owner = holding',
    'foreign.take then foreign.release',
    'foreign.release then foreign.take',
    'foreign.take then never foreign.release then mutex.lock',
    'active_events.inc then never other owner = holding then mutex.lock',
    'mutex.lock or foreign.take then perf_irq.read(owner = foreign)',
  ]) {
    const question = readQuestion(text);
    const shortest = Math.min(...logs.flatMap((log) => answersAlong(system, question, log).slice(0, 1)));
    const answer = await reach(system, question);
    assert.is(answer.kind, 'reached', text);
    if (answer.kind !== 'reached') continue;
    assert.is(answer.log.length, shortest, text);
    assert.is(answersAlong(system, question, answer.log)[0], answer.log.length, text);
  }
});

test('what is between two steps is at no moment between them, and may be at both', async () => {
  const system = systemOf('foreign-owner');
  const take = { type: 'foreign.take' } as Fact;
  const release = { type: 'foreign.release' } as Fact;
  const along = (text: string, ...log: Fact[]) => answersAlong(system, readQuestion(text), log);
  assert.equal(along('foreign.take then never foreign.release then foreign.take', take, release, take), []);
  assert.equal(along('foreign.take then never foreign.take then foreign.take', take, release, take), [3]);
  assert.equal(along('foreign.take then foreign.release', take, release, take, release), [2, 4]);
  // The first of the two begins in vain, the second does not.
  assert.equal(
    along('foreign.take then never foreign.release then foreign.release', take, release, take, release),
    [2, 4],
  );
});

test('a search that is cut short is no answer, and says why', async () => {
  const asked = await askModels({
    question: readQuestion('warn'),
    machine: DRIVERS['as-posted'],
    models: [modelOf('three-on-two')],
    environments: ['4.16'],
    limits: { states: 100 },
  });
  assert.not.ok(asked.reached);
  assert.equal(cutShort(asked), [{ scope: 'three-on-two, 4.16', reason: 'limit of 100 states' }]);
});

test('names what was met in place of what was asked for', async () => {
  const said = async (text: string) => whyNot([{ answer: await reach(systemOf('two-threads'), readQuestion(text)) }]);
  assert.equal(await said('event_init returns EBUZY'), [
    'Where it was looked at, answer of event_init.return was 0, EBUSY.',
  ]);
  assert.equal(await said('warn'), ['warn never happens.']);
  assert.equal(await said('mutex.wait then warn'), ['When step 2 is awaited, warn never happens.']);
});

test('what a system does not have is refused at its place', async () => {
  const refused = async (text: string, says: RegExp) => {
    try {
      await reach(systemOf('two-threads'), readQuestion(text));
    } catch (error) {
      assert.match((error as Error).message, says);
      return;
    }
    assert.unreachable(text);
  };
  await refused('event 2 is live', /no such event here; there are 0, 1\n.*\n {2}\^/);
  await refused('warn of event 7', /no such event/);
  await refused('hart 0 n_events = 0', /there is no hart here/);
  await refused('event 0 is runing', /did you mean running\?/);
  await refused('event 0 is in ad', /no function or state of the driver ad \(did you mean add\?\)/);
  await refused('idx = 0', /say whose idx: event 0 idx, or any event idx/);
  await refused('event 0 hw.stat = 0', /did you mean hw.state\?/);
  await refused('event 0 count = 0', /ask for count.add/);
});

test('a scope without what a question names is left out and counted; without any such scope it is refused', async () => {
  const ask = (...models: string[]) =>
    askModels({
      question: readQuestion('any hart n_events = 1'),
      machine: DRIVERS['as-posted'],
      models: models.map(modelOf),
      environments: ['4.16'],
    });
  const { without, searches } = await ask('two-threads', 'two-harts');
  assert.equal([without, searches.length], [1, 1]);
  await ask('two-threads').then(
    () => assert.unreachable(),
    (error: Error) => assert.match(error.message, /n_events/),
  );
});

const EXAMPLE =
  /^hartproof reach '([^']+)' (\S+)(?: --driver (\S+))?(?: --environment (\S+))?\s+# ([\w ]+?)(?:: (\d+) facts)?$/gm;

test('every example of docs/reach.md says what its comment says', async () => {
  const examples = [...read('docs/reach.md').matchAll(EXAMPLE)];
  assert.is(examples.length, 20);
  for (const [, text, model, driver, environment, said, facts] of examples) {
    const question = readQuestion(text!);
    const { environments } = modelOf(model!);
    const { reached } = await askModels({
      question,
      machine: DRIVERS[(driver ?? 'as-posted') as DriverName],
      models: [modelOf(model!)],
      environments: environment === undefined ? environments : [environment as Environment],
    });
    const words = question.kind === 'never' ? ['violated', 'holds'] : ['reached', 'not reachable'];
    assert.is(said, words[reached ? 0 : 1], text);
    assert.is(reached?.answer.log.length, facts === undefined ? undefined : Number(facts), text);
  }
});

test.run();
