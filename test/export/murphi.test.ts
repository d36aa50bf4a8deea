import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { DRIVERS } from '../../machines/drivers.ts';
import { compose, type Environment, modelOf, propertyOf } from '../../models/index.ts';
import { check } from '../../src/engine/index.ts';
import { murphi, murphiOfTables } from '../../src/export/murphi.ts';
import { needs } from '../needs.ts';

const question = (name: string, environment: Environment = '4.16') => {
  const model = modelOf(name);
  return {
    system: compose(model.scope, environment, DRIVERS['as-posted']),
    properties: model.properties.map(propertyOf),
  };
};

/** What Rumur says of a model, or null where there is no Rumur. */
function rumur(text: string): string | null {
  const found = spawnSync('rumur', ['--version']).status === 0 && spawnSync('cc', ['--version']).status === 0;
  if (!needs('Rumur and a C compiler', found)) return null;
  const cwd = mkdtempSync(join(tmpdir(), 'hartproof-murphi-'));
  try {
    writeFileSync(join(cwd, 'model.m'), text);
    execFileSync('rumur', ['--deadlock-detection', 'off', '--threads', '1', '-o', 'model.c', 'model.m'], { cwd });
    execFileSync('cc', ['-O0', '-w', '-mcx16', '-o', 'model', 'model.c', '-lpthread'], { cwd });
    return spawnSync(join(cwd, 'model'), { encoding: 'utf8', cwd }).stdout;
  } finally {
    rmSync(cwd, { recursive: true });
  }
}

test('Rumur finds the same states, in the tables of a walk and in those of a search', async () => {
  for (const [name, environment] of [
    ['two-threads', '4.16'],
    ['migration', 'current'],
  ] as const) {
    const { system } = question(name, environment);
    const { states, transitions } = (await check(system, [], { reduce: false })).covered;
    for (const text of name === 'two-threads'
      ? [murphi(system, []), murphiOfTables(system, [])]
      : [murphiOfTables(system, [])]) {
      const said = rumur(text);
      if (said === null) return;
      assert.match(said, `${states} states, ${transitions} rules fired`);
    }
  }
});

test('a property that is broken is an error, and one that is kept is none', () => {
  const { system, properties } = question('two-threads');
  for (const [id, broken] of [
    ['busy-is-true', true],
    ['errno-contract', false],
  ] as const) {
    const said = rumur(
      murphi(
        system,
        properties.filter((property) => property.id === id),
      ),
    );
    if (said === null) return;
    assert.match(said, broken ? '1 error(s) found' : 'No error found');
  }
});

test('a walk that was too short is an error, too', () => {
  const said = rumur(murphi(question('two-threads').system, [], [], 100));
  if (said !== null) assert.match(said, 'tables_closed');
});

test.run();
