import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { DECISIONS } from '../../machines/driver/decisions.ts';

const FOLDER = fileURLToPath(new URL('../../machines/driver', import.meta.url));
/** The functions of the driver; the others say what a decision is, and what its guard looks at. */
const FUNCTIONS = readdirSync(FOLDER).filter((name) => !['decisions.ts', 'setup.ts'].includes(name));

test('whatever the posted driver never does is marked as of a variant, in each of its functions', () => {
  for (const name of FUNCTIONS) {
    const text = readFileSync(join(FOLDER, name), 'utf8');
    for (const decision of Object.keys(DECISIONS)) {
      const said = text.split(`'${decision}'`).length - 1;
      const marked = text.split(`variant('${decision}')`).length - 1;
      assert.is(said, marked, `${name}: ${decision}`);
    }
  }
});

test.run();
