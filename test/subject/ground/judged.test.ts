import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { auditOnGround, type GroundFinding } from '../../../src/subject/ground/audit.ts';
import { buildOnGround } from '../../../src/subject/ground/build.ts';
import { linuxTree } from './tree.ts';

interface Judgement {
  readonly property: string;
  /** Left out where the compiler tells a line, or nobody can tell. */
  readonly function?: string;
  readonly core?: string;
  readonly why: string;
}

const { drivers } = JSON.parse(readFileSync(join(import.meta.dirname, 'judged.json'), 'utf8')) as {
  drivers: Record<string, Judgement[]>;
};
const tree = linuxTree();

const nameOf = ({ property, place, core }: GroundFinding): string =>
  [property.id, place?.function || 'nowhere', core ?? ''].join(' ').trim();

if (tree !== undefined) {
  // Those without a finding are asked where there is time.
  const asked = Object.entries(drivers).filter(([, { length }]) => length > 0 || process.env.HARTPROOF_ALL);
  for (const [file, judgements] of asked)
    test(`${file}: what is found is what was judged by hand to be there`, async () => {
      const { findings } = await auditOnGround(buildOnGround(join(tree, file), tree));
      assert.equal(
        findings.map(nameOf).sort(),
        judgements.map((one) => [one.property, one.function ?? 'nowhere', one.core ?? ''].join(' ').trim()).sort(),
      );
    });

  test('a check that the core runs into is found in its own words, with the shortest sequence of calls', async () => {
    const files = ['drivers/perf/riscv_pmu_legacy.c'];
    const { findings } = await auditOnGround(buildOnGround(withCheck(tree), tree, { files }));
    assert.equal(findings.map(nameOf), ['no-warning riscv_pmu_start 6.16']);
    assert.equal(
      findings[0]!.steps.map(({ command }) => command.call),
      ['open', 'add', 'stop', 'start'],
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

test.run();
