import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isSearched, type Row, tryDriver } from '../src/subject/ground/table.ts';
import { readTree } from '../src/subject/ground/tree.ts';

/**
 * `npm run drivers -- TREE [--check]`: tries every file of drivers/perf in a kernel tree, and writes how far each comes to
 * docs/drivers.md; with --check only says whether that still is so.
 */
const [directory, check] = process.argv.slice(2);
if (directory === undefined) {
  console.error('usage: npm run drivers -- TREE [--check]');
  process.exit(2);
}
const tree = readTree(directory);
const files = (readdirSync(join(tree.root, 'drivers/perf'), { recursive: true, encoding: 'utf8' }) as string[])
  .filter((name) => name.endsWith('.c'))
  .sort()
  .map((name) => `drivers/perf/${name}`);

const rows: Row[] = [];
for (const file of files) {
  rows.push(await tryDriver(file, tree.root));
  process.stderr.write(`${rows.length} of ${files.length}: ${file}\n`);
  for (const { property, text, place } of rows.at(-1)?.audit?.findings ?? [])
    process.stderr.write(`  ${property.id} in ${place?.function ?? '?'}:${place?.line ?? '?'}: ${text}\n`);
}
const page = join(dirname(fileURLToPath(import.meta.url)), 'drivers.md');
const text = pageOf(rows);
if (check !== '--check') writeFileSync(page, text);
else if (plain(readFileSync(page, 'utf8')) !== plain(text)) {
  console.error('docs/drivers.md is not what the drivers come to: npm run drivers -- TREE');
  process.exit(1);
}

/** A page without what only aligns its table. */
function plain(page: string): string {
  return page
    .replace(/-{3,}/g, '-')
    .replace(/ +/g, ' ')
    .replace(/\| ?(-) ?(?=\|)/g, '|$1');
}

function pageOf(all: readonly Row[]): string {
  const compiled = all.filter(({ audit }) => audit !== undefined).length;
  const bound = all.filter(({ audit }) => audit?.pmu !== undefined).length;
  const searched = all.filter(isSearched).length;
  return [
    '# The drivers of Linux, on their ground',
    '',
    `What \`hartproof audit --source drivers/perf/NAME.c --tree LINUX\` comes to for each file of drivers/perf in Linux ${tree.version}, with nothing written for any of them. Of ${all.length} files ${compiled} compile, ${bound} register a PMU, and ${searched} are searched. \`npm run drivers -- LINUX\` writes this page.`,
    '',
    'What each finding is, and that it was checked by hand, is in `test/subject/ground/judged.json`.',
    '',
    '| file | compiles | registers | searched | violated |',
    '|---|---|---|---|---|',
    ...all.map(rowText),
    '',
  ].join('\n');
}

function rowText(row: Row): string {
  const { file, audit, why } = row;
  const name = file.replace('drivers/perf/', '').replace(/\.c$/, '');
  if (audit === undefined) return `| ${name} | ${cell(why!.replace(/^.*does not compile with [\d.]+: /, ''))} | | | |`;
  if (audit.pmu === undefined) return `| ${name} | yes | ${cell(audit.unbound!)} | | |`;
  const states = audit.searched.reduce((sum, one) => sum + one.states, 0);
  const found = [
    ...new Set(audit.findings.map(({ property, core }) => `${property.id}${core === undefined ? '' : ` (${core}+)`}`)),
  ];
  const search = isSearched(row) ? `${states} states` : 'it accepts no event of a device that nobody described';
  return `| ${name} | yes | ${cell(audit.pmu.name)} | ${search} | ${found.join(', ') || 'none'} |`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replace(/\s+/g, ' ');
}
