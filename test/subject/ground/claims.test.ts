import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { reportOf } from '../../../src/audit/ground/report.ts';
import { stepsText } from '../../../src/audit/ground/texts.ts';
import { auditOnGround, type GroundAudit, type GroundFinding } from '../../../src/subject/ground/audit.ts';
import { buildOnGround } from '../../../src/subject/ground/build.ts';
import { GROUND_PROPERTIES } from '../../../src/subject/ground/properties/index.ts';
import { linuxTree, onRv64, PATIENT } from './tree.ts';

/** What is said of drivers of Linux 6.12 elsewhere, held against what the audit says: its words, its lines, its steps. */
const tree = linuxTree();

const audits = new Map<string, Promise<GroundAudit>>();
const audited = (file: string): Promise<GroundAudit> => {
  if (!audits.has(file))
    audits.set(
      file,
      buildOnGround(join(tree!, file), tree!).then((build) => auditOnGround(build, PATIENT)),
    );
  return audits.get(file)!;
};

/** The one finding of a property whose text fits, and the text of the C at its line. */
function claimed(
  { findings, build }: GroundAudit,
  property: string,
  text: RegExp,
): { finding: GroundFinding; line: string } {
  const found = findings.filter((one) => one.property.id === property && text.test(one.text));
  assert.is(found.length, 1, `${property} ${text} among: ${findings.map((one) => one.text).join('; ')}`);
  const { file, line } = found[0]!.place!;
  const lines = readFileSync(join(build.tree.root, file), 'utf8').split('\n');
  return { finding: found[0]!, line: lines[line - 1]!.trim() };
}

const STARLINK = 'drivers/perf/starfive_starlink_pmu.c';
const SBI = 'drivers/perf/riscv_pmu_sbi.c';
const CSKY = 'arch/csky/kernel/perf_event.c';

if (tree !== undefined) {
  test("StarLink opens an event of another PMU's type", async () => {
    const { finding } = claimed(await audited(STARLINK), 'type-routed', /accepts an event of type 4242/);
    assert.match(finding.text, /which is not the type of this PMU \(17\)$/);
    assert.is(finding.place?.function, 'starlink_pmu_event_init');
    assert.is(finding.steps.length, 1);
  });

  test('StarLink refuses no event when all 16 counters are taken', async () => {
    const audit = await audited(STARLINK);
    const { finding } = claimed(audit, 'add-clean', /all 16 counters are taken, yet add answers 0/);
    assert.match(finding.text, /gives event 16 counter 16, which does not exist$/);
    assert.is(finding.place?.function, 'starlink_pmu_add');
    const both = claimed(audit, 'counter-exclusive', /event 17 gets counter 16, which event 16 holds/);
    assert.match(both.line, /^writeq\(/);
    // Calls of the same make are left out of the report, and counted all the same.
    const told = reportOf(audit).findings.find(({ cause }) => cause === both.finding.text)!;
    assert.equal(
      told.counterexamples[0]!.steps('callbacks').map(({ position }) => position),
      [1, 2, 3, 4, 5, 33, 34, 35, 36],
    );
  });

  test('StarLink gives two cycles events one counter', async () => {
    const audit = await audited(STARLINK);
    const { finding, line } = claimed(audit, 'counter-exclusive', /event 1 gets counter 63, which event 0 holds/);
    assert.match(line, /^writeq\(val/);
    // Two opens, and the group that they are.
    assert.is(finding.steps.length, 3);
    assert.match(stepsText(finding, audit).join(), /counter 63, event 1 = 0, counter 63/);
  });

  test('StarLink counts wrongly for the first of two cycles events', async () => {
    const { finding } = claimed(await audited(STARLINK), 'count-exact', /where 100 ticks ran$/);
    assert.match(finding.text, /^read says 0 for event 0/);
    assert.is(finding.place?.function, 'starlink_pmu_update');
    assert.equal(
      finding.steps.map(({ command }) => command.call),
      ['open', 'open', 'add', 'tick', 'add', 'read'],
    );
  });

  test('StarLink stops every counter when one event is deleted', async () => {
    const { finding, line } = claimed(await audited(STARLINK), 'isolation', /^del of event \d stops counter \d/);
    assert.match(line, /STARLINK_PMU_CONTROL\);$/);
    assert.equal(
      finding.steps.map(({ command }) => command.call),
      ['open', 'add', 'open', 'add', 'del'],
    );
  });

  test('csky programs a counter anew under the event that has it', async () => {
    const { finding, line } = claimed(await audited(CSKY), 'counter-exclusive', /counter 1, which event 0 holds/);
    assert.match(finding.text, /add programs it anew under event 0$/);
    assert.match(line, /^cpwgr\("<0, 0x[23]>"/);
    assert.is(finding.steps.length, 3);
  });

  test('csky indexes a table by a raw config', async () => {
    const { finding, line } = claimed(await audited(CSKY), 'config-bounded', /with raw event 0x100000000/);
    assert.is(line, 'if (hw_raw_read_mapping[event->attr.config] == NULL)');
    assert.is(finding.steps.length, 1);
  });

  test('riscv_pmu_sbi asks firmware to start counters that it does not have once one has overflowed, unless it is mended', async () => {
    // What is found is found in the first few states.
    const few = { ...PATIENT, states: 300 };
    const posted = await auditOnGround(onRv64(await buildOnGround(join(tree, SBI), tree)), few);
    const { finding, line } = claimed(posted, 'device-protocol', /asks firmware to start counters from 4096 on/);
    assert.match(line, /^sbi_ecall\(SBI_EXT_PMU, SBI_EXT_PMU_COUNTER_START, idx \* BITS_PER_LONG,$/);
    assert.equal(
      finding.steps.map(({ command }) => command.call),
      ['open', 'add', 'overflow'],
    );
    const files = ['drivers/perf/riscv_pmu.c', 'drivers/perf/riscv_pmu_legacy.c'];
    const mended = onRv64(await buildOnGround(withIndex(tree), tree, { files }));
    const { findings, hardware } = await auditOnGround(mended, few);
    assert.is(hardware?.description.name, 'sbi');
    const ids = findings.map(({ property }) => property.id);
    for (const id of ['device-protocol', 'overflow-handled']) assert.not.ok(ids.includes(id), id);
    // What is left is of a CPU that has come back.
    const counts = findings.filter(({ property }) => property.id === 'count-exact');
    assert.equal(
      counts.map(({ steps }) => steps.slice(0, 2).map(({ command }) => command.call)),
      [['offline', 'online']],
    );
  });

  test('riscv_pmu_sbi has no snapshot on a CPU that comes back, and counts nothing there, unless it is set up anew', async () => {
    const properties = GROUND_PROPERTIES.filter(({ id }) => id === 'count-exact');
    const few = { ...PATIENT, states: 300, properties };
    const files = ['drivers/perf/riscv_pmu.c', 'drivers/perf/riscv_pmu_legacy.c'];
    const counts = async (file: string) =>
      (await auditOnGround(onRv64(await buildOnGround(file, tree, { files })), few)).findings;
    const [found, ...others] = await counts(withIndex(tree));
    assert.equal(others, []);
    assert.match(found!.text, /^del says 9223372036854775807 for event 0, where 100 ticks ran$/);
    const stops = found!.steps.at(-1)!.happenings.filter(({ type }) => type === 'ecall');
    // SBI_ERR_NO_SHMEM
    assert.equal([...new Set(stops.map(({ error }) => error))], [-9]);
    const mended = withIndex(tree);
    const text = readFileSync(mended, 'utf8');
    writeFileSync(mended, text.replace('if (cpu_hw_evt->snapshot_set_done)', 'if (false)'));
    assert.equal(await counts(mended), []);
  });

  test('an interrupt that comes when its event is gone stays raised if the handler does not let it go', async () => {
    const file = withIndex(tree);
    writeFileSync(file, readFileSync(file, 'utf8').replace(/csr_clear\(CSR_SIP, BIT\(riscv_pmu_irq_num\)\);/, ''));
    const files = ['drivers/perf/riscv_pmu.c', 'drivers/perf/riscv_pmu_legacy.c'];
    const few = { ...PATIENT, states: 300 };
    const { findings } = await auditOnGround(onRv64(await buildOnGround(file, tree, { files })), few);
    const finding = findings.find(({ property }) => property.id === 'overflow-handled');
    assert.match(finding?.text ?? '', /deleted just after its counter overflowed, and the interrupt stays raised/);
    assert.is(finding?.place?.function, 'pmu_sbi_ovf_handler');
  });

  test('StarLink sends its interrupt to the CPU that came last, and looks for events of that one', async () => {
    const { finding, line } = claimed(
      await audited(STARLINK),
      'handler-reaches-events',
      /runs on CPU 1, and .* on CPU 0$/,
    );
    assert.is(finding.place?.function, 'starlink_pmu_online_cpu');
    assert.match(line, /irq_set_affinity\(/);
  });

  test('legacy warns, and counts no more, with the check that 66843b14fb71 took out put back', async () => {
    const files = ['drivers/perf/riscv_pmu_legacy.c'];
    const audit = await auditOnGround(onRv64(await buildOnGround(withCheck(tree), tree, { files })), PATIENT);
    // What unbinding leaves, and what the page of an event says after del, is not of that check.
    const found = audit.findings.filter(({ property }) => !['life-guarded', 'user-page-true'].includes(property.id));
    assert.equal(
      found.map(({ property, place, core }) => `${property.id} ${place?.function} ${core}`),
      ['no-warning riscv_pmu_start 6.16', 'stop-neutral riscv_pmu_read 6.16'],
    );
    assert.equal(
      found.map(({ steps }) => steps.map(({ command }) => command.call)),
      [
        ['open', 'add', 'stop', 'start'],
        ['open', 'add', 'stop', 'start', 'tick', 'read'],
      ],
    );
  });
}

/** A copy of riscv_pmu.c in which riscv_pmu_start() warns again if the event is not stopped, as it did until 66843b14fb71. */
function withCheck(root: string): string {
  const text = readFileSync(join(root, 'drivers/perf/riscv_pmu.c'), 'utf8');
  const check =
    'if (WARN_ON_ONCE(!(event->hw.state & PERF_HES_STOPPED)))\n\t\treturn;\n\n\tif (flags & PERF_EF_RELOAD)';
  const file = join(mkdtempSync(join(tmpdir(), 'hartproof-check-')), 'riscv_pmu.c');
  writeFileSync(file, text.replace('if (flags & PERF_EF_RELOAD)', check));
  return file;
}

/** A copy of riscv_pmu_sbi.c that starts the counters after an overflow from the base that was meant. */
function withIndex(root: string): string {
  const text = readFileSync(join(root, SBI), 'utf8');
  const [before, after] = text.split(/(?<=pmu_sbi_start_ovf_ctrs_snapshot\(struct[\s\S]*?)idx \* BITS_PER_LONG/);
  const file = join(mkdtempSync(join(tmpdir(), 'hartproof-index-')), 'riscv_pmu_sbi.c');
  writeFileSync(file, `${before}i * BITS_PER_LONG${after}`);
  return file;
}

test.run();
