import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { withDecisions } from '../../machines/drivers.ts';
import { modelIn } from '../../models/index.ts';
import { audit } from '../../src/audit/audit.ts';
import { described } from '../../src/audit/modelled.ts';
import { modelsFor, readConfig } from '../../src/porting/index.ts';
import { repair } from '../../src/repair/repair.ts';

const guide = readFileSync(new URL('../../docs/porting.md', import.meta.url), 'utf8');
const [description, decisions] = [...guide.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code!) as [
  string,
  string,
];
const model = 'counter-hpmcounter3';

/** The port that a file of this text describes. */
async function portOf(text: string) {
  const directory = mkdtempSync(join(tmpdir(), 'hartproof-'));
  try {
    const file = join(directory, 'hartproof.config.ts');
    writeFileSync(file, text);
    return await readConfig(file);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

async function broken(text: string): Promise<string[]> {
  const { name, pmu, decisions } = await portOf(text);
  const auditee = described(name, withDecisions(decisions));
  const results = await audit({ auditee, models: [modelIn(modelsFor(pmu), model)], environments: ['4.16'] });
  return results.filter(({ verdict }) => verdict.verdict === 'violated').map(({ property }) => property);
}

test('the guide names its model as the audit does, and its fields as the description does', () => {
  assert.ok(guide.includes(`hartproof audit --config -- ${model}`));
  for (const [, field] of description.matchAll(/^ {2}(\w+):/gm))
    if (field !== 'name') assert.ok(guide.includes(`| \`${field}\``), `${field} is not explained`);
});

test('steps 1 and 2: the copied driver answers -EINVAL as the value of the new counter', async () => {
  assert.ok((await broken(description)).includes('index-in-bounds'));
});

test('step 3: with what the driver does otherwise, the counter counts', async () => {
  const changed = description.replace('decisions: [],', decisions.trim());
  assert.is.not(changed, description);
  const left = await broken(changed);
  assert.not(left.includes('index-in-bounds'));
  assert.not(left.includes('count-exact'));
});

test('step 4: a repair is found for what is left', async () => {
  const { pmu, decisions: taken } = await portOf(description.replace('decisions: [],', decisions.trim()));
  const found = await repair({
    driver: withDecisions(taken),
    models: ['two-of-a-kind', model].map((name) => modelIn(modelsFor(pmu), name)),
    environments: ['4.16'],
  });
  assert.equal(found.smallest, [['choosesByCounter', 'publishesLast']]);
});

test.run();
