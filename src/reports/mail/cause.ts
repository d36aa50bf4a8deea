import { coresText } from '../../findings/cores.ts';
import { counted } from '../../findings/counted.ts';
import type { Counterexample, Finding } from '../../findings/finding.ts';
import type { Report } from '../../findings/report.ts';
import { tokenOf } from '../../findings/token.ts';
import { ascii } from '../../outside/escape.ts';
import { wrap } from '../wrap.ts';
import { scheduleLines, WIDTH } from './schedule.ts';

/** How a cause is written: in a mail, or in a list of a document. */
export interface CauseOptions {
  /** What stands before its first line; the others are indented by as much. */
  readonly lead?: string;
  /** Whether what it is about is quoted above it; else its place is said. */
  readonly isQuoted?: boolean;
  /** How text from outside is written between our words. */
  readonly escape?: (text: string) => string;
}

/** A cause as a kernel list reads it: a question, what it breaks and for whom, the shortest schedule, what would be right. */
export function causeText(
  group: readonly Finding[],
  report: Report,
  { lead = '', isQuoted = false, escape: written = (text) => text }: CauseOptions,
): string {
  const shown = simplest(group);
  const { rule, remarks, instead, sides = [], again, known, where, counterexamples } = shown;
  const margin = lead.length;
  const paragraph = (text: string): string => wrap(' '.repeat(margin) + ascii(written(text)), WIDTH, margin);
  const width = Math.max(...sides.map(([side]) => side.length)) + 1;
  const blocks: string[][] = [
    [
      wrap(lead + ascii(written(questionOf(shown, report))), WIDTH, margin),
      ...(where === '' || isQuoted ? [] : [paragraph(where)]),
    ],
    [paragraph([known === true ? 'Known.' : '', ruleText(shown), rule.consequence].filter(Boolean).join(' '))],
    [paragraph(worthText(group, shown, report)), ...remarks.map(paragraph)],
    ...counterexamples.map((log, index) => [
      paragraph(leadText(log, index === 0 ? group.length > 1 && rule.id : false)),
      '',
      ...scheduleLines(log.steps('callbacks'), margin + 4, report.seen && unnamedIn(log)),
      wrap(`${' '.repeat(margin + 4)}* ${ascii(log.ending)}`, WIDTH, margin + 6),
    ]),
    ...(sides.length === 0 ? [] : [sides.map(([side, value]) => sideLine(side, value, margin + 4, width))]),
    ...(instead === undefined ? [] : [[paragraph(`Instead: ${instead}.`)]]),
    ...(again === undefined ? [] : [[`${' '.repeat(margin)}${ascii(again)}`]]),
  ];
  return blocks.map((lines) => lines.join('\n')).join('\n\n');
}

/** What is wrong, as one asks the author of a patch; a difference of two sides is stated. */
function questionOf({ cause, question }: Finding, { command }: Report): string {
  if (question !== undefined) return question;
  return command === 'audit' ? `Could it be that ${cause}?` : `${sentence(cause)}.`;
}

/** What is broken; nothing where the question says it. */
const ruleText = ({ rule: { statement }, question }: Finding): string =>
  question?.includes(statement) ? '' : `The rule: ${statement}.`;

const sentence = (text: string): string => text.replace(/^[a-z](?=[a-z]* )/, (letter) => letter.toUpperCase());

const SEVERITIES = ['high', 'medium', 'low'] as const;

/** How bad it is, with how many calls it takes, who makes them, and all that it violates: one is nothing without the others. */
export function worthText(group: readonly Finding[], shown: Finding, report: Report): string {
  const [log] = shown.counterexamples;
  const violated = `violates ${[...new Set(group.map(({ rule }) => rule.id))].join(', ')} (${tokenOf(shown.id)})`;
  if (log === undefined) return `It ${violated}.`;
  const severity = SEVERITIES.find((one) => group.some(({ rule }) => rule.severity === one));
  return `Severity ${severity}: ${callsText(log)}, made by ${whoText(group, shown, report)}; ${violated}.`;
}

/** Who makes the calls. */
export function whoText(group: readonly Finding[], { reach, reachable, isNote }: Finding, { seen }: Report): string {
  const cores = [...new Set(group.flatMap((finding) => finding.cores))];
  if (!reachable) return 'no perf core, only a caller without a contract';
  if (isNote) return `newer perf cores only (${reach.replace(/\.$/, '')})`;
  return cores.length > 0 ? `the perf core of Linux ${coresText(cores)}` : `the perf core of ${seen?.core ?? 'Linux'}`;
}

/** How many calls a log has. */
export function callsText({ facts, length }: Pick<Counterexample, 'facts' | 'length'>): string {
  const calls = facts?.filter(({ type }) => type.endsWith('.call')).length ?? 0;
  return calls === 0 ? length : counted(calls, 'call');
}

/** What stands above a schedule: with how many events, and to which property if there are several. */
function leadText(log: Counterexample, rule: string | false): string {
  const numbers = log.steps('callbacks').flatMap(({ what }) => what.match(/\bevent \d+/g) ?? []);
  const events = new Set(numbers).size;
  const said = `${log.title}${rule === false ? '' : ` (${rule})`}`;
  return events === 0 ? `${said}:` : `With ${counted(events, 'event')}. ${said}:`;
}

/** The CPU of the rows that say nobody: of any driver's C, the first, as long as none goes. */
const unnamedIn = (log: Counterexample): string =>
  log.steps('callbacks').some(({ what }) => /^CPU \d+ goes/.test(what)) ? '' : 'CPU0';

/** Far enough in to be a code block in Markdown. */
const sideLine = (side: string, value: string, margin: number, width: number): string =>
  wrap(`${' '.repeat(margin)}${ascii(`${side}:`.padEnd(width))} ${ascii(value)}`, WIDTH, margin + width + 1);

/** The finding with the least to tell, of those that users can hit, if any: one whose violation lasts, if there is one. */
export const simplest = (group: readonly Finding[]): Finding =>
  group.toSorted(
    (a, b) =>
      Number(b.reachable) - Number(a.reachable) ||
      Number(lasts(b)) - Number(lasts(a)) ||
      rowCount(a) - rowCount(b) ||
      (a.counterexamples[0]?.facts?.length ?? 0) - (b.counterexamples[0]?.facts?.length ?? 0),
  )[0]!;

const lasts = ({ counterexamples }: Finding): boolean => counterexamples[0]?.lasts ?? true;

const rowCount = ({ counterexamples }: Finding): number => counterexamples[0]?.steps('callbacks').length ?? 0;
