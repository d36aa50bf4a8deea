import pc from 'picocolors';
import { DECISIONS } from '../../../machines/driver/decisions.ts';
import type { Effect } from '../effects.ts';
import { propertiesText } from '../report.ts';
import type { Suggestion, Suggestions } from './suggest.ts';

/** The terminal report of suggestions: each change in C, and all of them as one patch. */
export function suggestionsReport({ file, whole, single }: Suggestions, leftOut: readonly Effect[]): string {
  if (single.length === 0) return `${pc.bold(file)}\n${bodyOf(whole).join('\n')}\n`;
  const parts = [
    pc.bold(`What each change would look like in ${file}`),
    ...single.map((one) => [...headOf(one, leftOut), ...bodyOf(one)].join('\n')),
    [pc.bold(`All ${whole.changes.length} changes together`), ...bodyOf(whole)].join('\n'),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** What is said of the file into which the patch with all changes is written: what driver it makes, or why it is not written. */
export const patchNote = (file: string, whole: Suggestion): string =>
  'patch' in whole
    ? `a recording of the driver that ${file} makes: hartproof trace import RECORDING --driver ${['as-posted', ...whole.changes].join('+')}`
    : `${file} is not written: ${whole.withheld}`;

function headOf({ changes: [change, ...needed] }: Suggestion, leftOut: readonly Effect[]): string[] {
  const also = needed.length === 0 ? '' : pc.dim(` (shown with ${needed.join(', ')}, which it needs)`);
  const breaks = leftOut.filter((effect) => effect.change === change && effect.kind === 'breaks');
  return [
    `${pc.bold(change!)}: ${DECISIONS[change!].instead}${also}`,
    ...(breaks.length === 0 ? [] : [` The set cannot do without it, for ${propertiesText(breaks)}.`]),
  ];
}

function bodyOf(suggestion: Suggestion): string[] {
  if ('withheld' in suggestion) return [` no suggestion: ${suggestion.withheld}`];
  const { mends, patch, searches } = suggestion;
  return [
    ` Its audit passed, in ${searches} search${searches === 1 ? '' : 'es'}: ${mends.length === 0 ? 'nothing is violated that was not' : `it mends ${propertiesText(mends)}`}.`,
    patch.trimEnd().split('\n').map(coloured).join('\n'),
  ];
}

function coloured(line: string): string {
  if (/^(diff|---|\+\+\+) /.test(line)) return pc.bold(line);
  if (line.startsWith('@@')) return pc.cyan(line);
  if (line.startsWith('+')) return pc.green(line);
  return line.startsWith('-') ? pc.red(line) : line;
}
