import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { modelOf } from '../../../models/index.ts';
import { scopesOf } from '../../../src/repair/ask.ts';
import { Auditor } from '../../../src/repair/source/auditor.ts';
import { keyOf } from '../../../src/repair/source/broken-in-c.ts';
import { fileSource, NoSubject } from '../../../src/subject/index.ts';
import { CACHE, needsCompiler } from '../../subject/tiny.ts';

const sloppy = fileSource(fileURLToPath(new URL('sloppy.c', import.meta.url)));
const scopes = scopesOf([modelOf('refused-open-raw'), modelOf('two-threads'), modelOf('refused-open-cache')], ['4.16']);
const test = suite('audits of copies');

test('several copies are audited at once: one that does not compile takes nothing from the others', async () => {
  if (!needsCompiler()) return;
  let last: readonly [done: number, tasks: number] = [0, 0];
  const auditor = new Auditor({ cache: CACHE }, (done, tasks) => {
    last = [done, tasks];
  });
  try {
    const broken = { ...sloppy, text: `${sloppy.text}\nint no C;\n` };
    const same = { ...sloppy, text: `${sloppy.text}\n` };
    const [first, second, third] = await Promise.allSettled([
      auditor.audit(sloppy, scopes),
      auditor.audit(broken, scopes),
      auditor.audit(same, scopes),
    ]);
    assert.is(first.status === 'fulfilled' && first.value.size, scopes.length);
    for (const scope of scopes)
      if (first.status === 'fulfilled' && third.status === 'fulfilled')
        assert.equal(third.value.get(keyOf(scope)), first.value.get(keyOf(scope)));
    assert.is(third.status, 'fulfilled');
    assert.ok(second.status === 'rejected' && second.reason instanceof NoSubject);
    assert.equal(last, [9, 9]);
    // What was in it before does not stand in the way of more.
    assert.is((await auditor.audit(sloppy, scopes.slice(0, 1))).size, 1);
    assert.equal(await auditor.audit(sloppy, []), new Map());
  } finally {
    await auditor.close();
  }
});

test('what is closed audits no more, and says so', async () => {
  if (!needsCompiler()) return;
  const auditor = new Auditor({ cache: CACHE });
  const audits = [auditor.audit(sloppy, scopes), auditor.audit({ ...sloppy, text: `${sloppy.text}\n\n` }, scopes)];
  const ends = Promise.allSettled(audits);
  await auditor.close();
  for (const end of await ends) assert.is(end.status, 'rejected');
});

test.run();
