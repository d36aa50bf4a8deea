import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DRIVERS } from '../../machines/drivers.ts';
import { modelOf } from '../../models/index.ts';
import { conform, SourceAudit } from '../../src/subject/index.ts';
import { commands, type Known, Subject, type SubjectMachine } from '../../src/subject/subject.ts';
import { needsCompiler } from './tiny.ts';
import { tinyWith } from './variants.ts';

const MACHINE: SubjectMachine = {
  ...{ events: 2, harts: 2, wordBits: 64, xlen: 64, counterWidth: 63, intBits: 32 },
  ...{ anyOrder: false, group: 0 },
};

/** How the C can end in the middle of a call. */
const ENDS = {
  SEGV: '*(volatile int *)8 = 1;',
  hang: 'for (;;)\n\t\tbarrier();',
  trap: '__builtin_trap();',
} as const;
const PLACES = ['init', 'opened', 'destroy', 'add', 'del', 'start', 'stop', 'read'] as const;

/** Event 1 is made to crash: event 0 never is. */
const onlyEventOne = (end: string): string => `\tif (event->attr.config == 1) {\n\t${end}\n\t}`;

/** Every command, each from the states before it; as text, so that two subjects can be compared. */
function everything(subject: Subject): string[] {
  const told: string[] = [];
  const ask = (state: number, command: string): Known => {
    const result = subject.perform(state, command);
    told.push(
      result.kind === 'done'
        ? `${command}: ${result.happenings.map(({ fact }) => JSON.stringify(fact)).join(' ')} ${JSON.stringify(result.view)}`
        : `${command}: ${result.kind}`,
    );
    return result;
  };
  let state = subject.boot.state;
  const go = (command: string): void => {
    const result = ask(state, command);
    if (result.kind === 'done') state = result.state;
  };
  go(commands.open(0, 'cycles', 0, true));
  for (let step = 0; step < 7; step++) go(commands.step(0));
  for (const callback of ['add', 'read', 'stop', 'start', 'del'] as const) go(commands.run(0, callback, 0, 1, 5, 7));
  go(commands.destroy(0));
  for (let step = 0; step < 5; step++) go(commands.step(0));
  go(commands.free(0));
  for (const takes of [true, false]) go(commands.foreign(takes));
  return told;
}

/** Opens and runs event 1 until the C crashes. */
function crash(subject: Subject): boolean {
  let state = subject.boot.state;
  const all = [
    commands.open(1, 'instructions', 1, true),
    ...Array(7).fill(commands.step(1)),
    ...(['add', 'read', 'stop', 'start', 'del'] as const).map((callback) => commands.run(1, callback, 0, 1, 5, 7)),
    commands.destroy(1),
    ...Array(5).fill(commands.step(1)),
  ];
  for (const command of all) {
    const result = subject.perform(state, command);
    if (result.kind === 'crash') return true;
    if (result.kind === 'done') state = result.state;
  }
  return false;
}

const test = suite('what a command leaves behind');

for (const [name, end] of Object.entries(ENDS))
  for (const place of name === 'hang' ? PLACES.slice(0, 4) : PLACES)
    test(`a ${name} in ${place} changes nothing that comes after it`, () => {
      if (!needsCompiler()) return;
      const built = tinyWith({ [place]: onlyEventOne(end) });
      const [fresh, after] = [new Subject(built, MACHINE), new Subject(built, MACHINE)];
      try {
        assert.ok(crash(after), 'it crashes');
        assert.equal(everything(after), everything(fresh));
        assert.ok(crash(after), 'and again');
        assert.is(after.gone, undefined);
      } finally {
        fresh.close();
        after.close();
      }
    });

test('a difference from the start has no fact, and is told', async () => {
  if (!needsCompiler()) return;
  const audit = new SourceAudit(tinyWith({ boot: '\ttiny_active.counter = 1;' }));
  const { difference } = await conform(audit, modelOf('two-threads'), '4.16', DRIVERS['as-posted']);
  audit.close();
  assert.equal(difference?.facts, []);
  assert.is(difference?.c, '1');
});

test.run();
