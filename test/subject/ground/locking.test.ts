import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { auditOnGround, type GroundFinding } from '../../../src/subject/ground/audit.ts';
import { bind } from '../../../src/subject/ground/bind.ts';
import { buildOnGround } from '../../../src/subject/ground/build.ts';
import { refusedLocks } from '../../../src/subject/ground/locks.ts';
import { GroundMachine } from '../../../src/subject/ground/machine.ts';
import { GroundPlaces } from '../../../src/subject/ground/places.ts';
import { GROUND_PROPERTIES } from '../../../src/subject/ground/properties/index.ts';
import { run } from '../../../src/subject/ground/questionnaire.ts';
import { linuxTree, PATIENT } from './tree.ts';

/** A driver of ours that shares data between calls, as it should; defines break it. */
const LOCKING = join(import.meta.dirname, 'drivers/locking.c');
const ASKED = ['locks-balanced', 'context-kept', 'counter-exclusive'];
const PROPERTIES = GROUND_PROPERTIES.filter(({ id }) => ASKED.includes(id));
const tree = linuxTree();

const found = async (...defines: string[]): Promise<readonly GroundFinding[]> => {
  const build = await buildOnGround(LOCKING, tree!, { defines });
  return (await auditOnGround(build, { ...PATIENT, properties: PROPERTIES, states: 60 })).findings;
};

/** What one open breaks of locks and contexts: the property, the function, and what. */
async function firstOpen(define: string) {
  const build = await buildOnGround(LOCKING, tree!, { defines: [define] });
  const machine = new GroundMachine(build);
  const bound = bind(machine, () => true);
  if ('why' in bound) throw new Error(bound.why);
  const kind = machine.kind({ config: 1n, cpu: 0 });
  const [step] = run(machine, bound, [{ call: 'open', event: 0, kind }]);
  machine.close();
  const places = new GroundPlaces(build);
  return PROPERTIES.filter(({ id }) => id !== 'counter-exclusive').flatMap(({ id, judge }) =>
    judge(step!, undefined as never).map(({ at, text }) => ({
      property: id,
      place: places.of(at!, false)?.function,
      text,
    })),
  );
}

/** What BREAK_CONTEXTS breaks in one open, by the function; what is left at the end is nowhere. */
const CONTEXTS = [
  [undefined, 'open returns with preemption off'],
  ['locking_allocates', 'open may sleep with interrupts off: it calls an allocation with GFP_KERNEL'],
  ['locking_sleeps', 'open may sleep with a spinlock held: it calls mutex_lock'],
  ['locking_of_cpu', 'open may be moved to another CPU at any moment, and calls smp_processor_id'],
  ['locking_calls', 'open waits for another CPU with interrupts off: it calls smp_call_function_single'],
];

/** What two calls at once break: the defines, the property, where, and both places in words. */
const AT_ONCE: readonly (readonly [defines: string, property: string, where: string, text: RegExp])[] = [
  [
    'BREAK_INTERRUPTS_ON',
    'locks-balanced',
    'locking_totals',
    /with interrupts on, and add .*waits for ever \(.*locking\.c:\d+\)/,
  ],
  [
    'BREAK_LET_IN',
    'locks-balanced',
    'locking_totals',
    /with interrupts on, and add .*waits for ever \(.*locking\.c:\d+\)/,
  ],
  [
    'BREAK_ORDER',
    'locks-balanced',
    'locking_totals',
    /two orders: open .* and the other way round \(.*locking\.c:\d+\)/,
  ],
  ['EACH_CPU BREAK_UNLOCKED', 'counter-exclusive', 'locking_slot', /added on two CPUs at once, and both get counter 0/],
];

/** What one open breaks of a lock. */
const ALONE = [
  ['BREAK_AGAIN', 'a spinlock is taken that is held already'],
  ['BREAK_HELD', 'open returns with a spinlock held'],
  ['BREAK_RELEASED', 'a lock is released that is not held'],
] as const;

/** What a process tells of locks: `1 take 7`, call 1 takes lock 7; `mutex` and so on follow. */
const refused = (...told: string[]) =>
  refusedLocks(
    told.map((text, number) => {
      const [by, does, lock, ...more] = text.split(' ');
      const kind = more.includes('mutex') ? 'mutex' : 'spinlock';
      const [open, cutsIn] = [more.includes('open'), more.includes('interrupt')];
      return {
        at: `${number}`,
        type: 'lock',
        by: Number(by),
        does: does!.replace('-', ' '),
        lock: Number(lock),
        kind,
        open,
        cutsIn,
      };
    }),
  ).map(({ does, at, taken }) => `${does} ${at} ${taken}`);

test('a lock is let go by who holds it, before it returns, and not taken again', () => {
  assert.equal(refused('1 take 0', '1 release 0', '2 take 0', '2 release 0'), []);
  assert.equal(refused('1 take 0', '1 take 0'), ['take 1 0']);
  assert.equal(refused('1 take 0', '2 release 0'), ['release 1 0']);
  assert.equal(refused('1 release 0'), ['release 0 undefined']);
  assert.equal(refused('1 take 0', '1 return 0'), ['return 1 0']);
});

test('who holds a spinlock does not sleep, and is not interrupted by who wants it', () => {
  assert.equal(refused('1 take 0 mutex', '1 sleep 0 mutex', '1 release 0 mutex'), []);
  assert.equal(refused('1 take 0', '1 sleep 0'), ['sleep 1 0']);
  // On another CPU it waits; where interrupts are off, no interrupt comes.
  assert.equal(refused('1 take 0 open', '2 wait 0', '1 release 0', '2 take 0', '2 release 0'), []);
  assert.equal(refused('1 take 0', '2 wait 0 interrupt', '1 release 0', '2 take 0', '2 release 0'), []);
  assert.equal(refused('1 take 0 open', '2 wait 0 interrupt'), ['wait 1 0']);
  assert.equal(refused('1 take 0', '1 interrupts-on 0', '2 wait 0 interrupt'), ['wait 2 0']);
  assert.equal(refused('1 take 0 open', '1 interrupts-off 0', '2 wait 0 interrupt', '1 release 0'), []);
});

test('who holds a lock does not wait for who waits for it', () => {
  assert.equal(
    refused('1 take 0', '2 take 1', '2 wait 0', '1 release 0', '2 take 0', '2 release 0', '2 release 1'),
    [],
  );
  assert.equal(refused('1 take 0', '2 take 1', '2 wait 0', '1 wait 1'), ['owner waits 3 1']);
  assert.equal(refused('1 take 0 mutex', '2 take 1 mutex', '2 wait 0 mutex', '1 wait 1 mutex'), ['owner waits 3 1']);
});

if (tree !== undefined) {
  for (const [define, text] of ALONE)
    test(`${define}: what one call breaks of a lock is found`, async () => {
      const told = (await firstOpen(define)).flatMap((one) => (one.property === 'locks-balanced' ? [one.text] : []));
      assert.equal(told, [text]);
    });

  for (const define of ['KEEPS_ALL', 'EACH_CPU'])
    test(`${define}: a driver that takes its locks and keeps its contexts as it must has no finding`, async () => {
      const { findings, searched } = await auditOnGround(
        await buildOnGround(LOCKING, tree, { defines: [define] }),
        PATIENT,
      );
      assert.equal(
        findings.map(({ text }) => text),
        [],
      );
      const both = searched.find(({ scope }) => scope.includes('two calls at once'));
      assert.ok(both!.steps > 1000);
      assert.is(both!.stoppedBy, undefined);
    });

  test('a call with more points than are tried leaves open what two calls at once break, and says so', async () => {
    const build = await buildOnGround(LOCKING, tree, { defines: ['KEEPS_ALL', 'MANY_POINTS'] });
    const { findings, verdicts } = await auditOnGround(build, { ...PATIENT, properties: PROPERTIES });
    assert.is(findings.length, 0);
    const verdict = verdicts.get('locks-balanced');
    assert.is(verdict?.verdict, 'bounded');
    assert.match(
      (verdict as { reason: string }).reason,
      /a call has \d+ points or more at which another may run, of which the first 96/,
    );
  });

  test('what sleeps, waits, moves, or returns otherwise than it was called, is found at its place', async () => {
    const told = await firstOpen('BREAK_CONTEXTS');
    assert.equal(
      told.map(({ place, text }) => [place, text]),
      CONTEXTS,
    );
  });

  for (const [defines, property, where, text] of AT_ONCE)
    test(`${defines}: ${property} is violated by two calls at once`, async () => {
      const [first, ...others] = await found(...defines.split(' '));
      assert.equal(others, []);
      assert.is(first?.property.id, property);
      assert.match(first!.text, text);
      assert.is(first!.place?.function, where);
      assert.is(first!.steps.at(-1)!.command.call, 'at once');
    });
}

test.run();
