import type { AuditResult } from '../audit/audit-result.ts';
import type { AuditTarget } from '../audit/audit-target.ts';
import { comparedText } from '../audit/baseline.ts';
import type { Cause } from '../audit/cause.ts';
import { brokenText, gridOf, type Outcome, reservations, searchedText, summaryOf } from '../audit/summary.ts';
import type { Finding } from '../findings/finding.ts';
import { segments } from '../findings/rows.ts';
import {
  breaksText,
  byCause,
  causeText,
  linesOf,
  logsOf,
  pathText,
  placeText,
  type Step,
  stepsOf,
  worthText,
} from '../findings/texts.ts';
import { ascii, escapeMarkdown } from '../outside/escape.ts';
import { wrap } from './wrap.ts';

/** A mail to a list is read in a terminal of 80 columns, and quoted. */
export const WIDTH = 72;

const legend = (target: AuditTarget): string =>
  `Lines are those of ${escapeMarkdown(linesOf(target))}. Counters are a few bits wide in a search, so that they wrap within it.`;

/**
 * The findings as a mail to a kernel list: plain text in 7 bits and 72 columns that is Markdown too.
 * One section a cause: what, where, the shortest path, the consequence. What only a caller without a contract can do is named at the end.
 */
export function toMarkdown(audited: AuditResult): string {
  const { results, findings, target, compared } = audited;
  const summary = summaryOf(results, findings);
  const title = `Hartproof: driver ${escapeMarkdown(target.name)}`;
  const reachable = byCause(findings).filter((group) => group.some(({ userReachable }) => userReachable));
  const guards = findings.filter(({ userReachable }) => !userReachable);
  const parts = [
    `${title}\n${'='.repeat(title.length)}`,
    wrap([`${brokenText(summary)}.`, `${searchedText(summary)}.`, ...reservations(summary)].join(' '), WIDTH),
    wrap(legend(target), WIDTH),
    ...(compared === undefined ? [] : [wrap(comparedText(compared).join(' '), WIDTH)]),
    ...reachable.map((group, number) => section(audited, group, number + 1)),
    ...(guards.length === 0 ? [] : [guardsText(guards)]),
    heldText(audited),
  ];
  return `${ascii(parts.join('\n\n'))}\n`;
}

function section({ compared }: AuditResult, group: readonly Finding[], number: number): string {
  const shown = simplest(group);
  const { cause, property } = shown;
  const margin = `${number}. `.length;
  const paragraph = (text: string): string => wrap(' '.repeat(margin) + text, WIDTH, margin);
  const known = compared?.known.has(shown.id) ? 'Known. ' : '';
  const broken = group.map((finding) => finding.property.id).join(', ');
  const more = group.length > 1 ? ` to break ${property.id}` : '';
  return [
    wrap(`${number}. ${headingOf(cause)}`, WIDTH, margin),
    paragraph(escapeMarkdown(placeText(cause))),
    '',
    paragraph(`${known}${property.consequence}`),
    '',
    paragraph(`Breaks ${broken}; perf core of ${coresOf(group)}.`),
    ...worthText(shown).map(paragraph),
    ...logsOf(shown).flatMap((log, number) => [
      ...(number > 0 ? [''] : []),
      paragraph(`${pathText(log)}${log.isShortest ? more : ''}:`),
      '',
      ...stepsOf(log, 'callbacks').flatMap((step, row) => stepLines(step, row + 1, margin + 4)),
      wrap(`${' '.repeat(margin + 4)}* ${breaksText(log)}`, WIDTH, margin + 6),
    ]),
    ...(cause.kind === 'decision' ? ['', paragraph(`Instead: ${cause.decision.instead}.`)] : []),
  ].join('\n');
}

/** The cause; only where it names a function of the C does it hold text from outside. */
const headingOf = (cause: Cause): string =>
  cause.kind === 'place' ? escapeMarkdown(causeText(cause)) : causeText(cause);

/** The finding with the least to tell, of those that users can hit: one whose break lasts, if there is one. */
const simplest = (group: readonly Finding[]): Finding =>
  group
    .filter(({ userReachable }) => userReachable)
    .toSorted(
      (a, b) =>
        Number(b.lasts) - Number(a.lasts) || rowCount(a) - rowCount(b) || a.trace.log.length - b.trace.log.length,
    )[0]!;

const rowCount = (finding: Finding): number => segments(finding.trace.log, 'callbacks').length;

/** One row of a counterexample, far enough in to be a code block in Markdown. */
function stepLines({ who, what, where, changed, breaks }: Step, row: number, margin: number): string[] {
  // A whole callback is its function; of one step of it, the line is news.
  const at = where.includes(':') ? ` (${where})` : '';
  const lead = `${' '.repeat(margin)}${breaks ? '*' : ' '} ${String(row).padStart(2)}. `;
  return [
    wrap(`${lead}${who}: ${what}${at}`, WIDTH, lead.length),
    ...changed.map((change) => wrap(' '.repeat(lead.length + 2) + change, WIDTH, lead.length + 4)),
  ];
}

const coresOf = (group: readonly Finding[]): string =>
  [...new Set(group.flatMap(({ environments }) => environments))]
    .filter((environment) => environment !== 'any-order')
    .join(', ');

function guardsText(findings: readonly Finding[]): string {
  const causes = byCause(findings).map((group) =>
    wrap(`- ${causeText(group[0]!.cause)}: ${group.map(({ property }) => property.id).join(', ')}`, WIDTH, 2),
  );
  return ['Missing guards; no perf core makes these calls:', '', ...causes].join('\n');
}

function heldText({ results }: AuditResult): string {
  const { rows } = gridOf(results);
  const held = rows.filter(({ outcomes }) => outcomes.includes('holds') && outcomes.every(isNoTrouble));
  if (held.length === 0) return 'No property held wherever it was asked.';
  return wrap(
    `Searched to the end and held wherever asked: ${held.map(({ property }) => property).join(', ')}.`,
    WIDTH,
  );
}

const isNoTrouble = (outcome: Outcome): boolean => !['broken', 'bounded', 'probable'].includes(outcome);
