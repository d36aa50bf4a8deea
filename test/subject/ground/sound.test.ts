import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { auditOnGround } from '../../../src/subject/ground/audit.ts';
import { buildOnGround } from '../../../src/subject/ground/build.ts';
import { linuxTree, PATIENT } from './tree.ts';

/** Drivers of ours for devices that do not exist, written in the styles that there are: each is sound, and has no finding. */
const DRIVERS = join(import.meta.dirname, 'drivers/sound');
const tree = linuxTree();

if (tree !== undefined)
  for (const file of readdirSync(DRIVERS))
    test(`${file} is sound, is searched whole, and has no finding`, async () => {
      const build = await buildOnGround(join(DRIVERS, file), tree);
      assert.equal(build.missing, []);
      const audit = await auditOnGround(build, PATIENT);
      assert.is(audit.unbound, undefined);
      assert.equal(
        audit.findings.map(({ property, place, text }) => `${property.id} ${place?.function}: ${text}`),
        [],
      );
      assert.ok(audit.kinds.filter(({ why }) => why === 'event').length >= 3);
      assert.equal(
        audit.searched.filter(({ stoppedBy }) => stoppedBy !== undefined),
        [],
      );
      const open = [...audit.verdicts].filter(([, { verdict }]) => verdict === 'bounded');
      assert.equal(open, []);
    });

test.run();
