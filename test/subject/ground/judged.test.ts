import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { auditOnGround, type GroundFinding } from '../../../src/subject/ground/audit.ts';
import { buildOnGround } from '../../../src/subject/ground/build.ts';
import { linuxTree, PATIENT } from './tree.ts';

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
      const { findings } = await auditOnGround(await buildOnGround(join(tree, file), tree), PATIENT);
      assert.equal(
        findings.map(nameOf).sort(),
        judgements.map((one) => [one.property, one.function ?? 'nowhere', one.core ?? ''].join(' ').trim()).sort(),
      );
    });
}

test.run();
