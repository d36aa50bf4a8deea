import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { modelOf } from '../../models/index.ts';
import { reachInC } from '../../src/cli/reach-in-c.ts';
import { readQuestion } from '../../src/reach/index.ts';
import { reachIn } from '../../src/reach/reach.ts';
import { SourceAudit } from '../../src/subject/index.ts';
import { built, needsCompiler } from './tiny.ts';

const test = suite('questions of the C of a driver');
const sources = new Map<string, SourceAudit>();
test.after(() => {
  for (const source of sources.values()) source.close();
});

const MODEL = modelOf('two-threads');

/** Asks a question of a driver of ours. */
async function ask(text: string, driver = 'tiny') {
  const source = sources.get(driver) ?? new SourceAudit(built(driver));
  sources.set(driver, source);
  const inC = await reachInC(source);
  const answer = await reachIn(inC.searched(MODEL, '4.16'), readQuestion(text));
  return { answer, trace: answer.kind === 'reached' ? inC.traceOf(MODEL, '4.16', answer.log) : undefined };
}

test('a shortest path of the C is found by facts, values and callbacks, and told with its places', async () => {
  if (!needsCompiler()) return;
  const { answer, trace } = await ask('event_init returns 0 and event 0 is in event_init');
  assert.is(answer.kind, 'reached');
  if (answer.kind !== 'reached') return;
  assert.is(answer.log.at(-1)!.type, 'event_init.return');
  assert.ok(trace!.places.some((place) => place?.file?.endsWith('tiny.c')));
  const then = (await ask('event_init returns 0 then destroy is called then event_init returns 0')).answer;
  assert.ok(then.kind === 'reached' && then.log.length > answer.log.length);
});

test('what cannot be is found in no state, and what it was is said', async () => {
  if (!needsCompiler()) return;
  const { answer } = await ask('event_init returns ENOSPC');
  assert.is(answer.kind, 'unreachable');
  assert.ok(answer.kind === 'unreachable' && answer.met.some(({ values }) => values.has('0')));
});

test('what the C does not have, and states that only a machine has, are refused and never called unreachable', async () => {
  if (!needsCompiler()) return;
  for (const [text, why, driver] of [
    [
      'event 0 is in event_init.reserve',
      /there is no function or state of the driver event_init\.reserve; there are idle, event_init/,
    ],
    ['event 0 is in read_counter', /there is no function/],
    ['riscv_active_events > 1', /the driver has no reference count of its events: .* cannot be seen of its C/, 'bare'],
  ] as const)
    try {
      await ask(text, driver);
      assert.unreachable(text);
    } catch (error) {
      assert.match((error as Error).message, why);
    }
});

test.run();
