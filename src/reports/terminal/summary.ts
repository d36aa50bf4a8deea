import pc from 'picocolors';
import { byCause, type Finding } from '../../findings/finding.ts';
import type { Report, Table, Tone } from '../../findings/report.ts';
import { tokenOf } from '../../findings/token.ts';
import { visible } from '../../outside/visible.ts';
import { notesOf } from '../notes.ts';
import { wrap } from '../wrap.ts';
import { TONE } from './table.ts';
import { headText, severityOf } from './whole.ts';

/** From so many columns on, the properties stand beside their cause. */
const WIDE = 110;

/** A report that fits a screen: what was checked, a line for each cause, what every property came to, how to read on. */
export function summaryText(report: Report, width: number): string {
  const causes = byCause(report.findings);
  const firstGuard = causes.findIndex(([finding]) => !finding!.reachable);
  const reachable = firstGuard < 0 ? causes : causes.slice(0, firstGuard);
  return `${[
    headText(report, width),
    [
      ...(reachable.length > 0 ? causeRows(reachable, width) : []),
      ...(firstGuard < 0 ? [] : [guardsText(causes.length, firstGuard, width)]),
    ].join('\n'),
    ...report.tables.flatMap((table) => gridText(table, causes, width)),
    wrap('One finding whole: hartproof show N, or its ID. All: --all. What a word means: hartproof explain ID.', width),
  ].join('\n\n')}\n`;
}

/** A row for each cause: number, severity, place, what is wrong, what it violates where there is room, how long its log is, its token. */
function causeRows(all: readonly (readonly Finding[])[], width: number): string[] {
  const lengths = all.map(([first]) => first!.counterexamples[0]?.length ?? '');
  // What all are counted in stands above them.
  const units = new Set(lengths.map((length) => length.replace(/^[\d,]+ /, '').replace(/s$/, '')));
  const [unit = ''] = units;
  const isShared = units.size === 1 && unit !== '';
  const ends = [
    isShared ? `${unit}s` : '',
    ...lengths.map((length) => (isShared ? length.replace(/ .*/, '') : length)),
  ];
  const places = ['line', ...all.map(([first]) => placeText(first!, all))];
  const violated = ['violates', ...all.map((group) => cut(violatedText(group), 34))];
  const [placed, ended] = [places, ends].map((texts) => Math.max(...texts.map(({ length }) => length))) as [
    number,
    number,
  ];
  const row = (at: number, [number, severity, what, token]: readonly [string, string, string, string]): string => {
    const start = `${number.padStart(3)} ${severity.padEnd(6)} ${places[at]!.padEnd(placed)} `;
    const end = `${width < WIDE ? '' : `  ${violated[at]!.padEnd(34)}`}  ${ends[at]!.padStart(ended)}  ${token.padEnd(9)}`;
    const room = width - start.length - end.length;
    return `${start}${cut(what, room).padEnd(room)}${end}`.trimEnd();
  };
  return [
    pc.dim(row(0, ['', '', 'what', 'ID'])),
    ...all.map(([first], index) => {
      const { text, colour } = severityOf(first!);
      const line = row(index + 1, [`${index + 1}`, text, visible(first!.cause), tokenOf(first!.id)]);
      return line.replace(text, colour(text));
    }),
  ];
}

const violatedText = ([first, ...others]: readonly Finding[]): string =>
  `${first!.rule.id}${others.length > 0 ? ` +${others.length}` : ''}`;

/** The line, with its file where findings are in several. */
function placeText({ place }: Finding, all: readonly (readonly Finding[])[]): string {
  if (place === undefined) return '';
  const files = new Set(all.flatMap(([one]) => (one!.place === undefined ? [] : [one!.place.file ?? ''])));
  const file = files.size < 2 ? '' : (place.file ?? '').slice((place.file ?? '').lastIndexOf('/') + 1);
  return `${file}:${place.lines[0]}`;
}

const cut = (text: string, width: number): string =>
  text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;

function guardsText(last: number, before: number, width: number): string {
  const numbers = before + 1 === last ? `${last}` : `${before + 1} to ${last}`;
  return pc.dim(
    wrap(`${numbers.padStart(3)} GUARD  no perf core gets there, only a caller that keeps no contract`, width, 4),
  );
}

/** A table of verdicts, what came to the same in one row; the numbers of the causes stand behind a property. */
function gridText(table: Table, causes: readonly (readonly Finding[])[], width: number): string[] {
  const { title, head, rows } = table;
  const verdicts = head.flatMap((_, column) => (rows.some((row) => row[column]?.tone !== undefined) ? [column] : []));
  if (verdicts.length === 0) return [];
  const groups = new Map<string, { tones: Tone[]; texts: string[]; names: string[] }>();
  for (const row of rows) {
    const texts = verdicts.map((column) => visible(row[column]!.text));
    const tones = verdicts.map((column) => row[column]!.tone ?? 'vacuous');
    const group = groups.get(texts.join('\n')) ?? { tones, texts, names: [] };
    group.names.push(visible(row[0]!.text) + numbersOf(row[0]!.text, causes));
    groups.set(texts.join('\n'), group);
  }
  const sorted = [...groups.values()].toSorted((one, other) => worst(one.tones) - worst(other.tones));
  const widths = verdicts.map((column, at) =>
    Math.min(24, Math.max(head[column]!.length, ...sorted.map(({ texts }) => texts[at]!.length))),
  );
  const margin = widths.reduce((sum, one) => sum + one + 1, 2);
  const cells = (texts: readonly string[]): string[] =>
    texts.map((text, at) => cut(text, widths[at]!).padEnd(widths[at]!));
  return [
    [
      pc.bold(title),
      pc.dim(` ${cells(verdicts.map((column) => head[column]!)).join(' ')}`.trimEnd()),
      ...sorted.map(({ tones, texts, names }) => {
        const shown = ` ${cells(texts)
          .map((text, at) => TONE[tones[at]!](text))
          .join(' ')} `;
        const beside = margin + names.join(', ').length <= width;
        return beside ? shown + names.join(', ') : `${shown.trimEnd()}\n${wrap(`    ${names.join(', ')}`, width, 4)}`;
      }),
      ...notesOf(table)
        .filter((note) => note.includes(' bounded: '))
        .map((note) => pc.yellow(wrap(` ${visible(note)}`, width, 2))),
    ].join('\n'),
  ];
}

const ORDER: readonly Tone[] = ['violated', 'bounded', 'vacuous', 'holds'];

const worst = (tones: readonly Tone[]): number =>
  tones.reduce(
    (sum, tone) => sum * ORDER.length + ORDER.indexOf(tone),
    Math.min(...tones.map((tone) => ORDER.indexOf(tone))),
  );

/** ` (2 4)`: the causes that violate a property. */
function numbersOf(property: string, causes: readonly (readonly Finding[])[]): string {
  const numbers = causes.flatMap((group, index) => (group.some(({ rule }) => rule.id === property) ? [index + 1] : []));
  return numbers.length === 0 ? '' : ` (${numbers.join(' ')})`;
}
