import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { NoSubject } from '../../src/subject/index.ts';
import { commands, Subject, type SubjectMachine } from '../../src/subject/subject.ts';
import { needsCompiler } from './tiny.ts';
import { tinyWith } from './variants.ts';

const MACHINE: SubjectMachine = {
  ...{ events: 8, harts: 1, wordBits: 64, xlen: 64, counterWidth: 63, intBits: 32 },
  ...{ anyOrder: false, group: 0 },
};
/** The tiny driver with 32 slots; each event that is added gets the last that is free. */
const wide = () =>
  tinyWith(
    { add: '\tfor (idx = TINY_COUNTERS - 1; idx > 0 && cpu->slot[idx]; idx--)\n\t\t;' },
    { defines: ['TINY_COUNTERS=32'] },
  );

const test = suite('as large as the harness is');

test('eight events on 32 counters', () => {
  if (!needsCompiler()) return;
  const subject = new Subject(wide(), MACHINE);
  assert.is(subject.registered.slots, 32);
  let { state, view } = subject.boot;
  const perform = (command: string): void => {
    const result = subject.perform(state, command);
    assert.is(result.kind, 'done', command);
    if (result.kind === 'done') ({ state, view } = result);
  };
  for (let event = 0; event < 8; event++) {
    perform(commands.open(event, 'cycles', 0, true));
    while (view.events[event]!.at !== 'idle') perform(commands.step(event));
    perform(commands.run(event, 'add', 0, 1, 5, 6));
  }
  assert.is(view.activeEvents, 8);
  assert.is(view.slots[0]!.nEvents, 8);
  assert.is(view.slots[0]!.events.length, 32);
  assert.equal(view.slots[0]!.events.slice(24), [7, 6, 5, 4, 3, 2, 1, 0]);
  subject.close();
});

for (const [what, larger] of [
  ['events', { events: 17 }],
  ['harts', { harts: 9 }],
] as const)
  test(`more ${what} than it is run with are refused, with how many it takes`, () => {
    if (!needsCompiler()) return;
    assert.throws(
      () => new Subject(wide(), { ...MACHINE, ...larger }),
      (error: Error) => error instanceof NoSubject && /at most 16 events and 8 harts/.test(error.message),
    );
  });

test.run();
