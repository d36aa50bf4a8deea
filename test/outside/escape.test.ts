import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { escapeXml } from '../../src/diagrams/palette.ts';
import { ascii, escapeMarkdown, pathToUri } from '../../src/outside/escape.ts';
import { VERSION } from '../../src/version.ts';

/** Any text, with what nobody should send often in it. */
const anyText = fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)) });

test('any text is valid XML, and nothing ends its place', () => {
  const parser = new XMLParser({ ignoreAttributes: false, trimValues: false });
  fc.assert(
    fc.property(anyText, (text) => {
      const xml = `<a b="${escapeXml(text)}">${escapeXml(text)}</a>`;
      assert.is(XMLValidator.validate(xml), true);
      assert.equal(Object.keys(parser.parse(xml)), ['a']);
    }),
  );
});

test('a mail has 7 bits, and Markdown in a name does nothing', () => {
  assert.is(ascii('a → é'), 'a -> \\u00e9');
  assert.is(escapeMarkdown('riscv_pmu_add'), 'riscv_pmu_add');
  assert.is(escapeMarkdown('_[x](y)*<b>`\n'), '\\_\\[x\\](y)\\*\\<b\\>\\`\\\\x0a');
});

test('a path is a URI reference, each part of it encoded', () => {
  assert.is(pathToUri('my pmu [v2]%20.c'), 'my%20pmu%20%5Bv2%5D%2520.c');
  assert.is(pathToUri('a:b/c#d?e'), 'a%3Ab/c%23d%3Fe');
  fc.assert(
    fc.property(anyText, (path) => {
      assert.match(pathToUri(path), /^[\w\-.!~*'()%/]*$/);
    }),
  );
});

test('only package.json says the version', () => {
  assert.is(VERSION, JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version);
  for (const file of ['src/cli/main.ts', 'src/reports/sarif.ts'])
    assert.not.match(readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8'), VERSION);
});

test.run();
