import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { binding } from '../../../machines/core/binding.ts';
import { enabledIn, stateAfter } from '../../../machines/core/enabled.ts';
import { line } from '../../../machines/core/line.ts';
import { stepsText } from '../../../src/audit/ground/texts.ts';
import { auditOnGround } from '../../../src/subject/ground/audit.ts';
import { buildOnGround } from '../../../src/subject/ground/build.ts';
import { Lines } from '../../../src/subject/ground/interrupted.ts';
import { GROUND_PROPERTIES } from '../../../src/subject/ground/properties/index.ts';
import { TINY, tinyDevice } from './tiny.ts';
import { linuxTree, PATIENT } from './tree.ts';

test('after a probe that failed, or was deferred, the next may come; what is bound can be unbound', () => {
  assert.equal(enabledIn(binding, stateAfter(binding, 'probing', 'defers')!), ['probe']);
  assert.equal(enabledIn(binding, stateAfter(binding, 'probing', 'fails')!), ['probe']);
  assert.equal(enabledIn(binding, stateAfter(binding, 'probing', 'succeeds')!), ['unbind', 'unload']);
  assert.is(stateAfter(binding, 'unbound', 'unbind'), undefined);
});

/** What a process tells of one line. */
const told = (shared: boolean, ...all: string[]) =>
  new Lines(
    all.map((does, number) =>
      does === 'moment' || does === 'raised'
        ? { at: '0', type: 'moment', number, raised: does === 'raised' }
        : { at: '0', type: 'line', line: 32, does, shared },
    ),
  );

test('a line is raised where it is let through: by whoever shares it, or by a device that asks for it', () => {
  assert.ok(enabledIn(line, 'open').includes('raise'));
  const moments = (...args: Parameters<typeof told>) => told(...args).moments.map(({ moment }) => moment);
  assert.equal(moments(true, 'moment', 'request', 'moment', 'free', 'moment'), [2]);
  assert.equal(moments(false, 'request', 'moment', 'raised'), [2]);
  assert.equal(
    moments(false, 'request shut', 'raised', 'enable', 'raised', 'disable', 'disable', 'enable', 'raised'),
    [3],
  );
});

test('what is let through twice, or given back twice, is refused', () => {
  assert.equal(
    told(false, 'request', 'enable').refused.map(({ does }) => does),
    ['enable'],
  );
  assert.equal(
    told(false, 'request', 'free', 'free').refused.map(({ does }) => does),
    ['free'],
  );
  assert.equal(told(false, 'request shut', 'route', 'enable', 'disable', 'free').refused, []);
  // Nobody is accused of what the kernel counts, or takes: shut often, or before a request, or while it is shared.
  const shut = ['disable', 'disable', 'disable'];
  assert.equal(told(false, 'request', ...shut, 'enable', 'enable', 'enable', 'free').refused, []);
  assert.equal(told(false, 'disable', 'request', 'free').refused, []);
  assert.equal(told(true, 'request', 'share', 'disable', 'enable', 'free', 'free').refused, []);
  assert.equal(told(true, 'request', 'share', 'share', 'free', 'free', 'free').refused, []);
  assert.equal(
    told(true, 'request', 'share', 'enable').refused.map(({ does }) => does),
    ['enable'],
  );
});

const tree = linuxTree();
if (tree !== undefined) {
  const audit = async (...defines: string[]) =>
    auditOnGround(await buildOnGround(join(import.meta.dirname, 'drivers/cut-in.c'), tree, { defines }), {
      ...PATIENT,
      states: 50,
      properties: GROUND_PROPERTIES.filter(({ id }) => id === 'probe-undone'),
    });

  test('a driver that has all its handler needs while its line is requested has no finding', async () => {
    const { findings, verdicts } = await audit();
    assert.equal(
      findings.map(({ text }) => text),
      [],
    );
    assert.is(verdicts.get('probe-undone')!.verdict, 'holds');
  });

  for (const [define, text, last] of [
    ['EARLY', /^where an interrupt comes meanwhile, probe does not return/, /probed, and an interrupt comes meanwhile/],
    [
      'LATE',
      /^where an interrupt comes meanwhile, the handler goes through memory that was given back$/,
      /unbound, and an interrupt/,
    ],
    ['TWICE', /^an interrupt is given back that is not requested$/, /unbound/],
    ['ENABLE', /^enable of an interrupt that is so already$/, /probed/],
  ] as const)
    test(`what an interrupt meets in a probe or a remove is found in a driver that breaks it: ${define}`, async () => {
      const result = await audit(`BREAK_${define}`);
      const found = result.findings.find((one) => text.test(one.text));
      assert.ok(found, result.findings.map((one) => one.text).join('; '));
      assert.ok(found.place?.file.endsWith('cut-in.c'));
      assert.match(stepsText(found, result).at(-1)!, last);
    });
}

if (tree !== undefined)
  test('a driver that stops what counts when a CPU comes back does not count what ran', async () => {
    const { findings, searched } = await auditOnGround(await buildOnGround(TINY, tree, { defines: ['TINY_RESETS'] }), {
      ...PATIENT,
      device: (await tinyDevice()).device,
      properties: GROUND_PROPERTIES.filter(({ id }) => id === 'count-exact'),
    });
    assert.ok(searched.find(({ scope }) => scope.includes('after CPUs go and come'))!.states > 20);
    assert.is(findings.length, 1);
    assert.match(findings[0]!.text, /^(read|del) says \d+ for event 0, where \d+ ticks ran$/);
    assert.ok(findings[0]!.steps.some(({ command }) => command.call === 'online'));
  });

if (tree !== undefined)
  for (const [define, texts] of [
    ['TINY_SAMPLES', []],
    [
      'TINY_LEAVES_EARLY',
      ['add', 'overflow'].map(
        (second) =>
          `no-crash: offline beside ${second} does not return: an access to a register where no device is mapped`,
      ),
    ],
  ] as const)
    test(`an interrupt comes while a CPU goes, and meets what its callback has left: ${define}`, async () => {
      const result = await auditOnGround(await buildOnGround(TINY, tree, { defines: [define] }), {
        ...PATIENT,
        device: (await tinyDevice()).device,
        properties: GROUND_PROPERTIES.filter(({ id }) => ['no-crash', 'locks-balanced', 'context-kept'].includes(id)),
      });
      assert.equal(
        result.findings.map(({ property, text }) => `${property.id}: ${text}`),
        texts,
      );
      const scope = result.searched.find((one) => one.scope.endsWith('an interrupt while a CPU goes or comes'));
      assert.ok(scope!.states > 2);
      assert.is(scope!.stoppedBy, undefined);
    });

test.run();
