import { stripVTControlCharacters } from 'node:util';
import Table from 'cli-table3';
import pc from 'picocolors';
import { type Step, stepText } from '../../findings/finding.ts';
import type { Table as ReportTable, Tone } from '../../findings/report.ts';
import { visible } from '../../outside/visible.ts';
import { notesOf } from '../notes.ts';
import { wrap } from '../wrap.ts';

/** Columns of the terminal; where there is none, what a mail and most terminals have. */
export const columns = (): number => process.stdout.columns ?? (Number(process.env.COLUMNS) || 80);

/** Below so many columns, what is no column by itself stands under its row. */
const WIDE = 110;

const bare = (chars: readonly string[]): Record<string, string> => Object.fromEntries(chars.map((char) => [char, '']));

/** A table without lines, for {@link Table}. */
export const BORDERLESS = bare([
  ...['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right'],
  ...['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'],
]);

const STYLE = { 'padding-left': 1, 'padding-right': 1, head: [], border: [] };

/** The line of the driver's text at a step, where it is at hand. */
export type LineAt = (step: Step) => string | undefined;

/** Steps of a log, in columns or one under the other; those that violate a property are marked. */
export const stepsTable = (steps: readonly Step[], width = columns(), lineAt?: LineAt): string =>
  width < WIDE || lineAt !== undefined ? stacked(steps, width, lineAt) : inColumns(steps, width);

function inColumns(steps: readonly Step[], width: number): string {
  const names = (['who', 'what', 'where', 'changed'] as const).filter((name) =>
    steps.some((step) => step[name].length > 0 || (name === 'where' && step.recorded !== undefined)),
  );
  const table = new Table({
    chars: { ...BORDERLESS },
    style: STYLE,
    head: ['', ...names.map((name) => (name === 'what' ? 'does' : name))].map((title) => pc.dim(title)),
    colWidths: [numberWidth(steps) + 3, ...names.map((name) => widthOf(name, names.length, width))],
    wordWrap: true,
  });
  for (const { position, violates, who, what, where, recorded, changed } of steps) {
    const places = [where, recorded ?? ''].filter((text) => text !== '').map((text) => pc.dim(visible(text)));
    const cells = { who, what: visible(what), where: places.join('\n'), changed: visible(changed.join('\n')) };
    table.push([violates ? pc.red(`✗${position}`) : `${position}`, ...names.map((name) => cells[name])]);
  }
  return indent(table.toString());
}

/** Wide enough for what stands in most rows; the last column of four takes what is left of the terminal. */
function widthOf(name: 'who' | 'what' | 'where' | 'changed', names: number, width: number): number {
  if (name === 'who') return 17;
  if (name === 'what') return names < 3 ? Math.max(72, width - 30) : 46;
  return name === 'where' ? 30 : Math.max(30, width - 102);
}

const numberWidth = (steps: readonly Step[]): number => Math.max(2, `${steps.at(-1)?.position ?? 0}`.length);

/** A step as a line: who does what, and where; under it, the driver's own line, and what is different after it. */
function stacked(steps: readonly Step[], width: number, lineAt: LineAt = () => undefined): string {
  const digits = numberWidth(steps);
  const margin = digits + 7;
  return steps
    .flatMap((step) => {
      const { position, violates, where, recorded, changed } = step;
      const mark = violates ? '✗' : ' ';
      const head = `   ${mark} ${`${position}`.padStart(digits)}  ${visible(stepText(step))}`;
      const at = where === '' ? '' : `  ${visible(where)}`;
      const fits = head.split('\n').at(-1)!.length + at.length <= width;
      const line = lineAt(step);
      const first = wrap(head, width, margin) + (fits ? pc.dim(at) : '');
      return [
        violates ? first.replace(mark, pc.red(mark)) : first,
        ...(fits || at === '' ? [] : [`${' '.repeat(margin - 2)}${pc.dim(at)}`]),
        ...(recorded === undefined
          ? []
          : [pc.dim(wrap(`${' '.repeat(margin)}${visible(recorded)}`, width, margin + 2))]),
        ...(line === undefined ? [] : [`${' '.repeat(margin)}${pc.dim('|')} ${pc.cyan(visible(line.trim()))}`]),
        ...changed.map((change) => wrap(`${' '.repeat(margin)}${visible(change)}`, width, margin + 2)),
      ];
    })
    .join('\n');
}

/** The same steps as text, one a line. */
export function stepsText(steps: readonly Step[]): string {
  const width = `${steps.at(-1)?.position ?? 0}`.length;
  return steps
    .map(({ position, who, what, where, recorded, changed, violates }) => {
      const at = [where, recorded ?? ''].filter((place) => place !== '');
      const text = `${who}: ${what}${at.map((place) => ` [${place}]`).join('')}`;
      return [`${violates ? pc.red('✗') : ' '} ${`${position}`.padStart(width)}  ${text}`, ...changed].join('; ');
    })
    .join('\n');
}

const indent = (text: string): string =>
  text
    .split('\n')
    .map((line) => `  ${line.trimEnd()}`)
    .join('\n');

/** The colour of a verdict. */
export const TONE: Record<Tone, (text: string) => string> = {
  violated: pc.red,
  bounded: pc.yellow,
  holds: pc.green,
  vacuous: pc.dim,
};

/** A table of a report, whole. */
export function tableText(shown: ReportTable, width = columns()): string {
  const { title, lead, head, numbers, rows } = shown;
  const table = new Table({
    chars: { ...BORDERLESS },
    style: STYLE,
    head: head.map((text) => pc.dim(text)),
    colAligns: head.map((_, column) => (column < head.length - numbers ? 'left' : 'right')),
  });
  for (const row of rows)
    table.push(row.map(({ text, tone }) => (tone === undefined ? visible(text) : TONE[tone](visible(text)))));
  const text = table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
  const isTooWide = text.split('\n').some((line) => stripVTControlCharacters(line).length > width);
  return [
    pc.bold(wrap(visible(title), width)),
    ...(lead === undefined ? [] : [wrap(visible(lead), width)]),
    isTooWide ? rows.map((row) => stackedRow(head, row, width)).join('\n') : text,
    ...notesOf(shown).map((note) => pc.dim(wrap(` ${visible(note)}`, width, 2))),
  ].join('\n');
}

/** A row whose columns stand one under the other: the first names it, the others are named by the head. */
function stackedRow(head: readonly string[], [first, ...cells]: ReportTable['rows'][number], width: number): string {
  const named = cells.flatMap(({ text, tone }, index) => {
    const colour = tone === undefined ? (said: string) => said : TONE[tone];
    return text === ''
      ? []
      : [wrap(`    ${head[index + 1]}: ${visible(text)}`, width, 6).replace(visible(text), colour)];
  });
  return [` ${wrap(visible(first!.text), width - 1, 3)}`, ...named].join('\n');
}
