import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { bit, defineDevice, set } from '../../../machines/hardware/index.ts';
import { sbi1 } from '../../../models/devices/sbi.ts';
import { stepsText } from '../../../src/audit/ground/texts.ts';
import { NoSubject } from '../../../src/subject/compiler.ts';
import { auditOnGround } from '../../../src/subject/ground/audit.ts';
import { buildOnGround } from '../../../src/subject/ground/build.ts';
import { GROUND_PROPERTIES } from '../../../src/subject/ground/properties/index.ts';
import { isForBoth, withRv32 } from '../../../src/subject/ground/rv32.ts';
import { linuxTree, PATIENT } from './tree.ts';

test('a driver is for RV32 too where it is of RISC-V, and has something for it', () => {
  const riscv = '#include <asm/csr.h>\n';
  assert.ok(isForBoth([riscv, 'if (IS_ENABLED(CONFIG_32BIT))']));
  assert.ok(isForBoth([`${riscv}csr_read(CSR_CYCLEH)`]));
  assert.not.ok(isForBoth([riscv]));
  assert.not.ok(isForBoth(['#if BITS_PER_LONG == 64']));
});

const halves = defineDevice({
  ...{ name: 'halves', about: 'two counters of a hart', fits: [], bus: 'csr', bytes: 8, perHart: true },
  registers: { enable: { at: 0x5c8 }, counter: { at: 0xc03, count: 2, write: 'ignored' } },
  banks: { counters: { count: 2, bits: 64, value: { in: 'counter' }, counts: [set(bit('enable', 0, 1))] } },
});

const tree = linuxTree();
if (tree !== undefined) {
  const audit = async (...defines: string[]) =>
    auditOnGround(await buildOnGround(join(import.meta.dirname, 'drivers/halves.c'), tree, { defines }), {
      ...PATIENT,
      device: halves,
    });
  const RV32 = 'it is for RV32 too: what is found there alone says so';

  test('a driver that reads both halves until they agree has no finding, on RV64 and on RV32', async () => {
    const { findings, notes, searched, verdicts } = await audit();
    assert.equal(
      findings.map(({ property, text }) => `${property.id}: ${text}`),
      [],
    );
    assert.ok(notes.includes(RV32));
    assert.ok(searched.some(({ scope }) => /^on RV32: .*while halves of counters come round$/.test(scope)));
    assert.is(verdicts.get('count-exact')!.verdict, 'holds');
  });

  for (const [define, id, where, text, last] of [
    [
      'LOW_FIRST',
      'count-exact',
      'halves_read',
      /^read says 8589934692 for event 0, where 8589934592/,
      /after it is read$/,
    ],
    [
      'HIGH_FIRST',
      'count-exact',
      'halves_read',
      /^read says 4294967296 for event 0, where 8589934592/,
      /upper one is read$/,
    ],
    [
      'MASK',
      'count-exact',
      'halves_read',
      /^read says 100 for event 0, where 4294967396 ticks ran$/,
      /^read\(event 0\)$/,
    ],
    ['SHIFT', 'no-undefined-behaviour', 'halves_event_init', /shift out of bounds/, /event_init/],
  ] as const)
    test(`what is wrong where a long has 32 bits is found, and only there: ${define}`, async () => {
      const result = await audit(`BREAK_${define}`);
      const [finding] = result.findings.filter(({ property }) => property.id === id);
      assert.ok(finding, result.findings.map(({ property, text }) => `${property.id}: ${text}`).join('; '));
      assert.ok(result.findings.every(({ isOnRv32 }) => isOnRv32));
      assert.is(finding.place?.function, where);
      assert.match(finding.text, text);
      assert.match(stepsText(finding, result).at(-1)!, last);
      assert.is(result.verdicts.get(id)!.verdict, 'violated');
    });

  test('riscv_pmu cuts its mask to 32 bits; where that is mended, what is left is that halves are read one after the other', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'hartproof-halves-'));
    const text = readFileSync(join(tree, 'drivers/perf/riscv_pmu.c'), 'utf8');
    const mended = join(directory, 'riscv_pmu.c');
    writeFileSync(mended, text.replace('unsigned long cmask;', 'u64 cmask;'));
    const files = [mended, 'drivers/perf/riscv_pmu_legacy.c'];
    const driver = join(directory, 'riscv_pmu_sbi.c');
    writeFileSync(driver, readFileSync(join(tree, 'drivers/perf/riscv_pmu_sbi.c'), 'utf8'));
    const properties = GROUND_PROPERTIES.filter(({ id }) => id === 'count-exact');
    const few = { ...PATIENT, properties, device: sbi1, states: 300 };
    const result = await auditOnGround(await buildOnGround(driver, tree, { files, xlen: 32 }), few);
    assert.equal(
      result.findings.map(({ place, text }) => [place?.function, text]),
      [['riscv_pmu_read', 'read says 4294967296 for event 0, where 4294967295 ticks ran']],
    );
    assert.match(stepsText(result.findings[0]!, result).at(-1)!, /just after it is read$/);
  });

  test('where a driver cannot be made for RV32, a note says that it was not tried, and nothing is said to hold there', async () => {
    const build = await buildOnGround(join(import.meta.dirname, 'drivers/halves.c'), tree);
    const properties = GROUND_PROPERTIES.filter(({ id }) => id === 'type-routed');
    const { onRv32: _, ...alone } = build;
    const one = await auditOnGround(alone, { ...PATIENT, properties, device: halves, states: 20 });
    const both = await withRv32(
      one,
      () => Promise.reject(new NoSubject('there is no objcopy')),
      () => Promise.resolve(one),
    );
    assert.is(both.notes.at(-1), 'it is for RV32 too, and was not tried there: there is no objcopy');
    assert.equal(both.searched, one.searched);
  });
}

test.run();
