/** One use of the installed command: what it must say, and the files that it must write. */
export interface Use {
  readonly args: readonly string[];
  /** The exit status; 0 if it is left out. */
  readonly status?: 0 | 1 | 2;
  /** What standard output must match. */
  readonly says?: RegExp;
  /** The beginnings of the files that it writes. */
  readonly writes?: Readonly<Record<string, RegExp>>;
  /** What it needs beyond Node. */
  readonly needs?: 'a C compiler' | 'SPIN';
  /** Nothing that it compiles is kept: there is no home, and no cache. */
  readonly keepsNothing?: true;
}

const SMALL = ['refused-open-raw', '--environment', '4.16'] as const;
const JSON_OBJECT = /^\{\n/;
const LOG = /^\{"/;
const SVG = /^<svg /;

const FILES = { '--html': 'a.html', '--markdown': 'a.md', '--junit': 'a.xml', '--sarif': 'a.sarif' } as const;
const WRITTEN = {
  'a.html': /^<!doctype html>/,
  'a.md': /^Hartproof: /,
  'a.xml': /^<\?xml /,
  'a.sarif': JSON_OBJECT,
} as const;
const inEveryFormat: readonly string[] = Object.entries(FILES).flat();

/** Every command with every format that it writes, in an order in which each finds what it reads. */
export const USES: Readonly<Record<string, readonly Use[]>> = {
  audit: [
    { args: ['audit', '--list'], says: /^Models\n/ },
    {
      args: ['audit', ...SMALL, ...inEveryFormat, '--json', 'a.json', '--write-baseline', 'known.json'],
      status: 1,
      says: /^Driver as-posted: /,
      writes: {
        ...WRITTEN,
        'a.json': JSON_OBJECT,
        'known.json': JSON_OBJECT,
        '.hartproof/logs.db': /^SQLite format 3/,
      },
    },
    { args: ['audit', ...SMALL, '--baseline', 'known.json', '--no-keep'], says: /0 new findings/ },
    { args: ['audit', ...SMALL, '--json', '--no-keep'], status: 1, says: JSON_OBJECT },
    {
      args: [
        'audit',
        ...SMALL,
        '--junit',
        'each.xml',
        '--per-property',
        '--sarif',
        'guards.sarif',
        '--guards',
        '--no-keep',
      ],
      status: 1,
      writes: { 'each.xml': /^<\?xml /, 'guards.sarif': JSON_OBJECT },
    },
    { args: ['audit', 'two-counting', '--environment', '4.16', '--driver', 'repaired', '--no-keep'] },
    {
      args: [
        'audit',
        'foreign-owner',
        '--environment',
        '4.16',
        '--source',
        'tiny.c',
        '--define',
        'BREAKS_OWNER',
        ...inEveryFormat,
      ],
      status: 1,
      says: /^Driver tiny\.c: /,
      writes: WRITTEN,
      needs: 'a C compiler',
      keepsNothing: true,
    },
  ],
  conform: [
    {
      args: ['conform', 'two-threads', '--environment', '4.16', '--source', 'tiny.c', ...inEveryFormat],
      status: 1,
      says: /different/,
      writes: WRITTEN,
      needs: 'a C compiler',
    },
    {
      args: ['conform', 'two-threads', '--environment', '4.16', '--source', 'tiny.c', '--json'],
      status: 1,
      says: JSON_OBJECT,
      needs: 'a C compiler',
    },
  ],
  show: [
    { args: ['show'], says: /hp:/ },
    { args: ['show', '1'], says: /^1\. / },
    { args: ['show', 'hp:zzzzzz'], status: 2 },
  ],
  explain: [
    { args: ['explain', 'bounded'], says: /^bounded\n/ },
    { args: ['explain', 'bounde'], status: 2 },
    { args: ['explain', '9223372036859012345', '--no-keep'], status: 1, says: /1\. 2\^63 \+ 4,236,537: / },
    { args: ['explain', '5', '--expected', '5', '--json'], says: JSON_OBJECT },
  ],
  completions: [
    { args: ['completions', 'bash'], says: /^complete -o filenames -F _hartproof hartproof$/m },
    { args: ['completions', 'zsh'], says: /^#compdef hartproof\n/ },
    { args: ['completions', 'fish'], says: /^complete -c hartproof -f$/m },
    { args: ['completions', '--findings'], says: /^[0-9a-f]{6}$/m },
    { args: ['completions', 'tcsh'], status: 2 },
  ],
  check: [
    { args: ['check', 'notes.patch', '--json'], says: JSON_OBJECT },
    {
      args: ['check', 'notes.patch', '--sarif', 'a.sarif', '--junit', 'a.xml', '--guards'],
      writes: { 'a.sarif': JSON_OBJECT, 'a.xml': /^<\?xml / },
    },
  ],
  mail: [{ args: ['mail', 'notes.patch', '-o', 'reply.eml'] }],
  init: [{ args: ['init'], says: /^Wrote hartproof\.config\.ts/, writes: { 'hartproof.config.ts': /definePmu/ } }],
  simulate: [
    { args: ['simulate', 'two-threads', '--log', 'run.jsonl'], says: /^1,000 facts/, writes: { 'run.jsonl': LOG } },
    { args: ['simulate', 'two-threads', '--json'], says: JSON_OBJECT },
    { args: ['simulate', 'counter-hpmcounter3', '--config'], says: /my-pmu/ },
  ],
  reach: [
    {
      args: ['reach', 'event_init returns EBUSY', 'two-threads', '-o', 'busy.jsonl'],
      says: /^Reached: a shortest path has 18 facts/,
      writes: { 'busy.jsonl': LOG },
    },
    { args: ['reach', 'never event_init returns EBUSY', 'two-threads', '--json'], status: 1, says: JSON_OBJECT },
    { args: ['reach', 'pr_warn', '--in', 'busy.jsonl'], says: /^Reached 1 time in busy.jsonl/ },
    { args: ['reach', 'evnt_init returns 0'], status: 2 },
  ],
  replay: [
    { args: ['replay', '--all'], status: 1, says: /^✗ /m },
    ...['table', 'text', 'sequence'].map(
      (format): Use => ({
        args: ['replay', 'run.jsonl', '--format', format],
        status: 1,
        says: /as-posted/,
      }),
    ),
    { args: ['replay', 'run.jsonl', '-o', 'run.svg'], status: 1, writes: { 'run.svg': SVG } },
    { args: ['replay', 'run.jsonl', '--json'], status: 1, says: JSON_OBJECT },
  ],
  graph: [
    { args: ['graph'], says: /^Machines/ },
    { args: ['graph', 'lifecycle', '--format', 'svg', '-o', 'l.svg'], writes: { 'l.svg': SVG } },
    { args: ['graph', 'lifecycle', '--format', 'mermaid'], says: /^stateDiagram-v2/ },
    { args: ['graph', 'lifecycle', '--format', 'dot'], says: /^digraph/ },
    { args: ['graph', 'lifecycle', '--format', 'rv'], says: /^digraph state_automaton/ },
  ],
  export: [
    { args: ['export', 'two-threads', '--format', 'promela', '-o', 'm.pml'], writes: { 'm.pml': /two-threads/ } },
    { args: ['export', 'two-threads', '--format', 'murphi'], says: /two-threads/ },
    { args: ['export', 'two-threads', '--format', 'aut'], says: /^des \(/ },
  ],
  paths: [
    ...['text', 'json', 'kunit', 'c', 'uvu'].map(
      (format): Use => ({
        args: ['paths', 'two-of-a-kind', '--format', format, '-o', `paths.${format}`],
        writes: { [`paths.${format}`]: /two-of-a-kind/ },
      }),
    ),
    { args: ['paths', 'two-of-a-kind', '--run', 'repaired'], says: /passed/ },
    {
      args: ['paths', 'migration', '--format', 'c', '--run', 'as-posted'],
      says: /The driver in question fails at step 5\./,
    },
    { args: ['paths', 'lifecycle'], says: /lifecycle/ },
  ],
  coverage: [
    { args: ['coverage', 'two-threads'], says: /reached/ },
    { args: ['coverage', 'two-threads', '--json'], says: JSON_OBJECT },
  ],
  diff: [
    { args: ['diff', 'as-posted', 'repaired', '--environment', '4.16'], status: 1 },
    { args: ['diff', 'repaired', 'repaired', '--environment', '4.16', '--json'], says: JSON_OBJECT },
    { args: ['diff', 'tiny.c', 'no.c', '--environment', '4.16'], status: 2 },
  ],
  explore: [
    {
      args: ['explore', 'two-threads', '--build', 'site'],
      says: /holds the page/,
      writes: { 'site/index.html': /^<!doctype/i },
    },
    { args: ['explore', 'run.jsonl', '--build', 'log', '--json'], says: /^\{"directory"/ },
  ],
  trace: [
    ...['bpftrace', 'kprobes', 'perf'].map(
      (format): Use => ({ args: ['trace', 'setup', '--format', format], says: /riscv/ }),
    ),
    {
      args: ['trace', 'import', 'report.txt', '--log', 'kernel.jsonl'],
      status: 1,
      says: /accepted/,
      writes: { 'kernel.jsonl': LOG },
    },
    { args: ['trace', 'import', 'report.txt', '--json'], status: 1, says: JSON_OBJECT },
    { args: ['trace', 'check', 'report.txt', '--json'], status: 1, says: JSON_OBJECT },
  ],
  prove: [
    {
      args: ['prove', 'any-opens', '--driver', 'repaired', '--environment', '4.16', '--proof', 'proof.json', '--json'],
      says: JSON_OBJECT,
      writes: { 'proof.json': JSON_OBJECT },
    },
  ],
  repair: [
    { args: ['repair', '--driver', 'repaired', '--environment', '4.16', '--json'], says: JSON_OBJECT },
    {
      args: ['repair', '--source', 'tiny.c', '--environment', '4.16', '--sarif', 'fix.sarif'],
      status: 1,
      says: /no suggestion: /,
      writes: { 'fix.sarif': JSON_OBJECT },
      needs: 'a C compiler',
    },
  ],
  crosscheck: [
    {
      args: ['crosscheck', 'foreign-owner', '--environment', '4.16', '--json', 'cross.json'],
      says: /1 of 1 agree/,
      writes: { 'cross.json': JSON_OBJECT },
      needs: 'SPIN',
    },
  ],
};
