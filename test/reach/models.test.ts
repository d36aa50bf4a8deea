import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { DRIVERS } from '../../machines/drivers.ts';
import { compose, MODELS, modelOf } from '../../models/index.ts';
import { asInvariant } from '../../src/reach/as-invariant.ts';
import { answersAlong, askModels, proveInAll, proveNever, readQuestion } from '../../src/reach/index.ts';

/** A question of each default model: how many facts a shortest path has in its first environment, or how many states there are without an answer. */
const QUESTIONS: Readonly<Record<string, readonly [question: string, answer: `${number} facts` | `${number} states`]>> =
  {
    'any-order-event': ['add returns ENOSPC', '13 facts'],
    'any-order-opens': ['event_init returns EBUSY', '10 facts'],
    'refused-open-cache-misses': ['event_init returns EOPNOTSUPP', '11 facts'],
    'refused-open-stalled-cycles': ['event_init returns EINVAL', '11 facts'],
    'refused-open-invalid-config': ['event_init returns ENOENT', '39 states'],
    'refused-open-cache': ['event_init returns ENOENT', '11 facts'],
    'refused-open-raw': ['event_init returns EOPNOTSUPP then event_init returns 0', '11 facts'],
    'refused-open-software': ['event_init returns ENOENT', '7 facts'],
    'refused-open-tracepoint': ['event_init returns EOPNOTSUPP', '28 states'],
    'refused-open-breakpoint': ['event 0 is running', '28 states'],
    'refused-open-unknown-type': ['event_init returns ENOENT', '7 facts'],
    'refused-open-sampling': ['event_init returns 0', '7 facts'],
    'refused-open-sampling-instructions': ['destroy returns then event_init returns 0', '21 facts'],
    'refused-open-exclude-kernel': ['event_init returns EINVAL', '41 states'],
    'refused-open-exclude-idle': ['event_init returns 0', '7 facts'],
    'refused-beside-live': ['event_init returns EBUSY', '16 facts'],
    'two-threads': ['event_init returns EBUSY and other owner = away', '18 facts'],
    'three-threads': ['mutex.wait then never mutex.lock then event_init returns', '16 facts'],
    'foreign-owner': ['perf_irq.write(owner = driver) and other owner = holding', '6 facts'],
    'foreign-owner-other-pmu': ['event_init returns ENOENT', '7 facts'],
    'foreign-owner-two-threads': ['other owner = holding and event_init returns EBUSY', '10 facts'],
    'reference-wrap': ['event_init returns EBUSY', '45 facts'],
    'two-of-a-kind': ['every event is running', '28 facts'],
    'three-on-two': ['add returns ENOSPC', '34 facts'],
    'two-harts': ['never any hart n_events > 2', '3434 states'],
    'group-of-two': ['every event is running', '28 facts'],
    'group-that-cannot-fit': ['add returns ENOSPC', '34 facts'],
    'context-switch': ['read returns and event 0 "ticks not in count" != 0', '40 facts'],
    migration: ['prev_count.cmpxchg(found != 0)', '21 facts'],
    'stop-and-start': ['warn', '4760 states'],
    instructions: ['csr.read(counter = cycle)', '1364 states'],
    'two-alike': ['every event is running', '28 facts'],
    rv32: ['csr.read(half = high)', '34320 states'],
    'rv32-instructions': ['event 0 is running', '16 facts'],
  };

test('every default model answers, and each path replays to its answer', async () => {
  const models = MODELS.filter(({ deep }) => !deep);
  assert.equal(
    Object.keys(QUESTIONS),
    models.map(({ name }) => name),
  );
  for (const model of models) {
    const [text, answer] = QUESTIONS[model.name]!;
    const [environment] = model.environments;
    const question = readQuestion(text);
    const asked = await askModels({
      question,
      machine: DRIVERS['as-posted'],
      models: [model],
      environments: [environment!],
    });
    const [search] = asked.searches;
    const log = asked.reached?.answer.log;
    const said = log === undefined ? `${search!.answer.covered.states} states` : `${log.length} facts`;
    assert.is(said, answer, `${model.name}: ${text}`);
    if (log === undefined) assert.is(search!.answer.kind, 'unreachable', model.name);
    else {
      // Folded by XState's own transition(): every fact is accepted, and the answer comes with the last one.
      const system = compose(model.scope, environment!, DRIVERS['as-posted']);
      assert.equal(answersAlong(system, question, log), [log.length], model.name);
    }
  }
});

const threads = modelOf('two-threads');
const proofOf = async (text: string, driver: 'repaired' | 'as-posted' = 'repaired', model = threads) =>
  await proveNever(readQuestion(text), DRIVERS[driver], model, '4.16');

test('what is never is proved for any number of events, where an invariant says it', async () => {
  const proved = await proofOf('event_init returns EBUSY and other owner = away');
  assert.equal(proved?.proof.of, ['event']);
  assert.ok(proved!.proof.views > 10);
  assert.ok(await proofOf('warn or pr_warn'));
  assert.ok(await proofOf('never any event is running'));
  // An int of few bits comes round, and is no integer that is only added to.
  assert.ok(await proofOf('warn', 'repaired', modelOf('reference-wrap')));
});

test('what can be is not proved, nor what more events than the model has can do', async () => {
  assert.not.ok(await proofOf('event_init returns EBUSY and other owner = away', 'as-posted'));
  assert.not.ok(await proofOf('riscv_active_events > 2'));
  assert.not.ok(await proofOf('event_init returns 0'));
  // Who warns does not show how many events there are.
  assert.not.ok(await proofOf('pr_warn and riscv_active_events > 2', 'as-posted'));
  assert.ok(await proofOf('pr_warn and riscv_active_events > 2'));
  const scopes = [{ model: threads, environment: '4.16' as const }];
  const all = async (text: string) =>
    (await proveInAll(readQuestion(text), DRIVERS.repaired, scopes, new AbortController().signal)).length;
  assert.equal([await all('warn'), await all('event_init returns 0')], [1, 0]);
});

test('what no invariant says is not proved: several moments, an event by its number, what the fact may change', () => {
  const system = compose(modelOf('two-of-a-kind').scope, '4.16', DRIVERS.repaired);
  const isAsked = (text: string): boolean => asInvariant(readQuestion(text), system) !== undefined;
  for (const text of [
    'warn then pr_warn',
    'event 0 is running',
    'warn of event 0',
    'no event is running',
    'every event is running',
    'not any event is running',
    'any event is running and any event is opening',
    'mutex.unlock and mutex = free',
    'add returns 0 and any event is running',
    'not warn',
    'warn and pr_warn',
  ])
    assert.not.ok(isAsked(text), text);
  for (const text of [
    'warn',
    'mutex = free and any event is running',
    'warn or mutex != free',
    'warn and mutex = free',
  ])
    assert.ok(isAsked(text), text);
});

test.run();
