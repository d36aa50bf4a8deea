import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { modelOf, propertyOf } from '../../models/index.ts';
import { SourceAudit } from '../../src/subject/index.ts';
import { commands, type Known, Subject, type SubjectMachine } from '../../src/subject/subject.ts';
import { needsCompiler } from './tiny.ts';
import { tinyWith } from './variants.ts';

const MACHINE: SubjectMachine = {
  ...{ events: 2, harts: 1, wordBits: 64, xlen: 64, counterWidth: 63, intBits: 32 },
  ...{ anyOrder: false, group: 0 },
};

type Done = Extract<Known, { kind: 'done' }>;

const open = (event: number): string[] => [
  commands.open(event, event === 0 ? 'cycles' : 'instructions', event, true),
  ...Array(7).fill(commands.step(event)),
];
const run = (event: number, callback: 'read' | 'stop'): string => commands.run(event, callback, 0, 0);

/** The state that commands lead to, one after the other; one that is refused changes nothing. */
function after(subject: Subject, state: number, ...all: string[]): number {
  return all.reduce((at, command) => {
    const result = subject.perform(at, command);
    return result.kind === 'done' ? result.state : at;
  }, state);
}

const warns = (result: Known): boolean => (result as Done).happenings.some(({ fact }) => fact.type === 'warn');

const test = suite('what a command touches beside its own event');

/** The event that is opened first remembers how often it was read; a read of the other warns when that is odd. */
const READS_THE_OTHER = {
  globals: 'static struct perf_event *tiny_first;',
  opened: '\tif (!tiny_first)\n\t\ttiny_first = event;',
  read: '\tif (event == tiny_first)\n\t\tevent->hw.event_base ^= 1;\n\telse\n\t\tWARN_ON(tiny_first->hw.event_base);',
  stop: '\tif (event != tiny_first)\n\t\ttiny_first->hw.event_base = 1;',
};

test('what another event has is read, and written, as it is in each state', () => {
  if (!needsCompiler()) return;
  const subject = new Subject(tinyWith(READS_THE_OTHER), MACHINE);
  try {
    const both = after(subject, subject.boot.state, ...open(0), ...open(1));
    const once = after(subject, both, run(0, 'read'));
    assert.not.equal(once, both);
    for (let time = 0; time < 2; time++) {
      assert.not(warns(subject.perform(both, run(1, 'read'))));
      assert.ok(warns(subject.perform(once, run(1, 'read'))));
    }
    assert.is(after(subject, once, run(0, 'read')), both);
    const written = after(subject, both, run(1, 'stop'));
    assert.not.equal(written, both);
    assert.ok(warns(subject.perform(written, run(1, 'read'))));
    // The other event's own memory is as it was written: what it does goes on from there.
    assert.not(warns(subject.perform(after(subject, written, run(0, 'read')), run(1, 'read'))));
  } finally {
    subject.close();
  }
});

test('what touches its own event alone is asked once, in whatever state the others are; what does not, in each', () => {
  if (!needsCompiler()) return;
  const subject = new Subject(tinyWith(READS_THE_OTHER), MACHINE);
  try {
    const both = after(subject, subject.boot.state, ...open(0), ...open(1));
    const once = after(subject, both, run(0, 'read'));
    const asked = (state: number, command: string): number => subject.ask(state, subject.command(command));
    const own = commands.run(1, 'add', 0, 1);
    assert.is(asked(both, own), asked(once, own));
    assert.not.equal(subject.stateAfter(both, asked(both, own)), subject.stateAfter(once, asked(once, own)));
    assert.not.equal(asked(both, run(1, 'read')), asked(once, run(1, 'read')));
  } finally {
    subject.close();
  }
});

test('a search finds what only the other event in a certain state brings about', async () => {
  if (!needsCompiler()) return;
  const audit = new SourceAudit(tinyWith(READS_THE_OTHER));
  try {
    const model = modelOf('two-of-a-kind');
    const { verdicts } = await audit.decide(model, '4.16', [propertyOf('no-warning')]);
    assert.is(verdicts.get('no-warning')?.verdict, 'violated');
    const never = new SourceAudit(
      tinyWith({ ...READS_THE_OTHER, stop: '', read: '\tWARN_ON(tiny_first->hw.event_base);' }),
    );
    const kept = await never.decide(model, '4.16', [propertyOf('no-warning')]);
    never.close();
    assert.is(kept.verdicts.get('no-warning')?.verdict, 'holds');
  } finally {
    audit.close();
  }
});

test('a stray access that is in no event is a crash, and no look at another event', () => {
  if (!needsCompiler()) return;
  const subject = new Subject(tinyWith({ read: '\t((volatile char *)event)[1 << 20] = 1;' }), MACHINE);
  try {
    const both = after(subject, subject.boot.state, ...open(0), ...open(1));
    assert.is(subject.perform(both, run(1, 'read')).kind, 'crash');
    assert.is(subject.perform(both, commands.run(1, 'add', 0, 1)).kind, 'done');
  } finally {
    subject.close();
  }
});

test.run();
