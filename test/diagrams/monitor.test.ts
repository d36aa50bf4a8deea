import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CORES, type CoreName } from '../../machines/cores.ts';
import { lifecycleAutomaton, rvOf } from '../../src/diagrams/index.ts';
import { ERRNO } from '../../src/facts/index.ts';
import { systemOf } from '../../src/replay/recorded.ts';
import { runAtRandom } from '../../src/simulate/random.ts';
import { Simulation } from '../../src/simulate/simulation.ts';
import { readRecording } from '../../src/trace/index.ts';
import type { CallbackName } from '../../src/trace/line.ts';
import { needsShared, shared } from '../needs.ts';
import { callsOfLog, callsOfRecording, functionOf } from './rv/calls.ts';
import { compiled, generated, monitorOf, verificationTree } from './rv/monitor.ts';

const test = suite('the monitor of an event, as the kernel’s own tools make it');
const NAMES = Object.keys(CORES) as CoreName[];
const RECORDINGS = 'kernel-recordings';

const call = (callback: CallbackName, event = 1, flags = 0, type = 0): string =>
  `call ${functionOf(callback)} ${event} ${flags} ${type}`;
const back = (callback: CallbackName, event = 1, ret = 0, destroySet = 1): string =>
  `return ${functionOf(callback)} ${event} ${ret} ${destroySet}`;
/** A callback in which the driver calls nothing of its own. */
const whole = (callback: CallbackName, event = 1, flags = 0): string[] => [
  call(callback, event, flags),
  back(callback, event),
];

test('dot2c and dot2k read what is printed for each core, and what they make compiles', () => {
  const tree = verificationTree();
  if (tree === undefined) return;
  for (const core of NAMES) {
    const folder = mkdtempSync(join(tmpdir(), 'hartproof-dot-'));
    writeFileSync(join(folder, 'lifecycle.dot'), rvOf(lifecycleAutomaton(core)));
    const header = generated(tree, folder, 'dot2c', 'lifecycle.dot');
    writeFileSync(
      join(folder, 'aut.c'),
      `#include <stdbool.h>\n${header}\nint main(void) { return aut.initial_state; }\n`,
    );
    compiled(join(folder, 'aut.c'), join(folder, 'aut'));
    rmSync(folder, { recursive: true });
    assert.equal(monitorOf(core, tree)([]), []);
  }
});

test('the generators can begin to watch at event_init, and nowhere else', () => {
  for (const core of NAMES) {
    const { initial, final, transitions } = lifecycleAutomaton(core);
    // So they choose: an event that always leads to the initial state, else one that is possible in it alone.
    assert.equal(
      transitions.filter(({ to }) => to === initial),
      [],
    );
    assert.equal(
      [...new Set(transitions.filter(({ from }) => from === initial).map(({ event }) => event))],
      ['event_init'],
    );
    assert.is(transitions.filter(({ event }) => event === 'event_init').length, 1);
    assert.equal([...final].sort(), ['destroyed', 'refused']);
  }
});

for (const environment of NAMES)
  test(`what the perf core of ${environment} calls in a model is reported nowhere, one event after another or several at once`, () => {
    const tree = verificationTree();
    if (tree === undefined) return;
    for (const model of [
      'three-on-two',
      'two-threads',
      'stop-and-start',
      'refused-open-cache',
      'refused-open-invalid-config',
    ])
      for (const driver of ['as-posted', 'repaired']) {
        const simulation = new Simulation(systemOf({ model, environment, driver }));
        runAtRandom(simulation, 400, 1);
        const calls = callsOfLog(simulation.log);
        assert.ok(calls.length > 10, `${model} ${calls.length}`);
        assert.equal(monitorOf(environment, tree)(calls), [], `${model} ${driver}`);
      }
  });

test('dot2c and dot2k of Linux 6.1 make the same monitors', () => {
  const tree = verificationTree('6.1');
  if (tree === undefined) return;
  for (const core of NAMES) {
    const report = monitorOf(core, tree);
    assert.equal(
      report([...whole('event_init'), ...whole('add', 1, 1), ...whole('del'), ...whole('event_destroy')]),
      [],
    );
    assert.equal(report([...whole('event_init'), ...whole('start')]), [
      'event start not expected in the state inactive',
    ]);
  }
});

test('what booted kernels called is reported nowhere, with the calls that the driver makes itself', () => {
  const tree = verificationTree();
  if (tree === undefined || !needsShared(RECORDINGS)) return;
  for (const [folder, core] of [
    ['riscv64-5.15.100', '5.10'],
    ['x86-6.12.117', 'current'],
  ] as const)
    for (const name of readdirSync(shared(`${RECORDINGS}/${folder}`))) {
      // What was lost of a recording is not what was called.
      if (/-overwritten|-lost/.test(name)) continue;
      const recording = readRecording(readFileSync(shared(`${RECORDINGS}/${folder}/${name}`), 'utf8'));
      assert.equal(monitorOf(core, tree)(callsOfRecording(recording)), [], name);
    }
});

/** What the kernel's own monitor saw of one event after another: there an event was also told to be freed. */
function callsSeen(name: string): string[] {
  const text = readFileSync(shared(`${RECORDINGS}/rv/riscv64-6.12.117-rv-${name}.txt`), 'utf8');
  const seen = [...text.matchAll(/event_lifecycle: (\w+) x (\w+) -> /g)].map(([, state, event]) => ({ state, event }));
  let number = 0;
  return seen.flatMap(({ event = '' }, at) => {
    if (event === 'event_free') number++;
    const [, name, ending = ''] = /^(event_init|add|del|start|stop|read|destroy)_?(.*)$/.exec(event) ?? [];
    if (name === undefined) return [];
    const callback = name === 'destroy' ? 'event_destroy' : (name as CallbackName);
    // The type of the event shows in whether the core asks once more: 0 may be asked for twice, 5 is not.
    const type = seen[at + 1]?.event === 'event_init_enoent' && seen[at]?.state === 'absent' ? 5 : 0;
    if (['', 'update', 'reload'].includes(ending)) return [call(callback, number, FLAGS[event] ?? 0, type)];
    const errno = ending.split('_')[0]!.toUpperCase() as keyof typeof ERRNO;
    return [back(callback, number, -(ERRNO[errno] ?? 0))];
  });
}

const FLAGS: Record<string, number> = { add: 1, stop_update: 4, start_reload: 2 };

test('what the monitor in a booted kernel saw of one event after another is reported nowhere', () => {
  const tree = verificationTree();
  if (tree === undefined || !needsShared(`${RECORDINGS}/rv`)) return;
  for (const name of ['serial', 'simple']) {
    const calls = callsSeen(name);
    assert.ok(calls.length >= 20, name);
    assert.equal(monitorOf('5.10', tree)(calls), [], name);
  }
});

test('of several events one is watched, and the next one when that is gone', () => {
  const tree = verificationTree();
  if (tree === undefined) return;
  const report = monitorOf('current', tree);
  const others = [...whole('event_init', 2), ...whole('add', 2, 1), ...whole('add', 3, 1), ...whole('del', 3)];
  assert.equal(report([...whole('event_init', 1), ...others, ...whole('add', 1, 1), ...whole('del', 2)]), []);
  // Nothing wrong is seen of 2 before 1 is gone, and all of 4, which is opened afterwards.
  const wrong = (event: number) => whole('del', event);
  assert.equal(report([...whole('event_init', 1), ...whole('event_init', 2), ...wrong(2)]), []);
  const gone = [...whole('event_init', 1), ...whole('event_init', 2), ...whole('event_destroy', 1)];
  assert.equal(report([...gone, ...wrong(2)]), []);
  assert.equal(report([...gone, ...whole('event_init', 4), ...wrong(4)]), [
    'event del not expected in the state inactive',
  ]);
});

test('a wrong call of a driver is reported, those that it may make inside a callback are not', () => {
  const tree = verificationTree();
  if (tree === undefined) return;
  const report = monitorOf('current', tree);
  const opened = whole('event_init');
  const added = [
    ...opened,
    ...[call('add', 1, 1), call('start', 1, 2), call('read'), back('read'), back('start'), back('add')],
  ];
  const deleted = [
    ...added,
    ...[call('del'), call('stop', 1, 4), call('read'), back('read'), back('stop'), back('del')],
  ];
  assert.equal(report([...deleted, ...whole('event_destroy')]), []);
  for (const [calls, state] of [
    [[...opened, ...whole('start')], 'start not expected in the state inactive'],
    [[...added, ...whole('add', 1, 1)], 'add not expected in the state active_running'],
    [[...added, ...whole('event_destroy')], 'destroy not expected in the state active_running'],
    [[...deleted, ...whole('stop')], 'stop not expected in the state inactive'],
    [[...deleted, ...whole('event_destroy'), ...whole('event_destroy')], 'destroy not expected in the state destroyed'],
    [[...added, ...whole('del', 1, 1)], 'a callback with such flags not expected in the state active_running'],
    [[...added, call('read'), call('del'), back('del'), back('read')], 'del not expected in the state active_reading'],
    [[...added, ...whole('event_init')], 'event_init not expected in the state active_running'],
  ] as const)
    assert.equal(report(calls), [`event ${state}`], state);
  // After a report it begins anew with the next open.
  assert.is(report([...opened, ...whole('start'), ...opened, ...whole('start')]).length, 2);
});

test('what the core does after an error is read from the type of the event and from event->destroy', () => {
  const tree = verificationTree();
  if (tree === undefined) return;
  const refused = (type: number, ret: number, destroySet: number) => [
    call('event_init', 1, 0, type),
    back('event_init', 1, ret, destroySet),
  ];
  const report = monitorOf('current', tree);
  assert.equal(report([...refused(0, -2, 0), ...refused(0, -2, 0)]), []);
  assert.equal(report([...refused(4, -22, 1), ...whole('event_destroy')]), []);
  assert.equal(report([...refused(4, -12, 1), ...whole('event_destroy')]), []);
  const late = ['event destroy not expected in the state refused'];
  assert.equal(report([...refused(4, -22, 0), ...whole('event_destroy')]), late);
  // An earlier core destroys nothing of what failed.
  assert.equal(monitorOf('5.10', tree)([...refused(4, -22, 1), ...whole('event_destroy')]), late);
  // Another PMU took the event: the next open is another one's.
  assert.equal(report([...refused(0, -2, 0), call('event_init', 2), back('event_init', 2), ...whole('add', 2, 1)]), []);
});

test.run();
