import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { AuditResult } from '../../src/audit/audit-result.ts';
import { compiled } from '../../src/audit/compiled.ts';
import { toJson } from '../../src/audit/json.ts';
import type { SourceAudit } from '../../src/subject/index.ts';

const audited = (notes: readonly string[]): AuditResult => {
  const source = { path: 'x.c', text: '', headers: new Map(), notes };
  const target = compiled({ build: { source } } as unknown as SourceAudit);
  return { results: [], findings: [], target } as unknown as AuditResult;
};

test('what was taken of a patch is part of the JSON, and nothing where nothing is to be said', () => {
  assert.equal(toJson(audited(['left out: a reply'])).notes, ['left out: a reply']);
  assert.is(toJson(audited([])).notes, undefined);
});

test.run();
