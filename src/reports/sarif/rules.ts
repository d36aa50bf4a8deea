import type { ReportingDescriptor } from 'sarif';
import type { Finding } from '../../findings/finding.ts';
import { VERSION } from '../../version.ts';

export const LEVEL = { high: 'error', medium: 'warning', low: 'note' } as const;

const PROBLEM = { error: 'error', warning: 'warning', note: 'recommendation' } as const;

const SEVERITIES = ['high', 'medium', 'low'] as const;

/** The most characters and tags that GitHub takes of a rule. */
const MOST = { text: 1024, tags: 20 } as const;

/**
 * What lets a user bring the kernel down, or more: as numbers of CVSS 3.1, local and with the rights to open an event
 * (`AV:L/AC:L/PR:L/UI:N/S:U`, with `C:H/I:H/A:H` and with `A:H`).
 */
const SECURITY: Readonly<Record<string, string>> = { 'config-bounded': '7.8', 'no-crash': '5.5' };

/** How bad a cause is: as bad as the worst that it violates; a note where no perf core of today brings it about. */
export function levelOf(group: readonly Finding[]): (typeof LEVEL)[keyof typeof LEVEL] {
  const told = group.filter(({ reachable, isNote }) => reachable && isNote === undefined);
  const worst = SEVERITIES.find((severity) => told.some(({ rule }) => rule.severity === severity));
  return worst === undefined ? 'note' : LEVEL[worst];
}

/**
 * What is wrong, by a name that other drivers and other runs share: a decision of the driver, else the property; a guard that is
 * missing is another matter than what users can hit.
 */
export const ruleIdOf = ([first]: readonly Finding[]): string =>
  first!.decision ?? `${first!.reachable ? '' : 'guard-'}${first!.rule.id}`;

/** The rule of a cause: what is wrong, what that means, and what would be right. */
export function ruleOf(group: readonly Finding[]): ReportingDescriptor {
  const [first] = group as [Finding];
  const { rule, cause, decision, instead } = first;
  const level = levelOf(group);
  const isReachable = group.some(({ reachable }) => reachable);
  const violated = [...new Map(group.map((one) => [one.rule.id, one.rule])).values()];
  const security = isReachable
    ? violated
        .flatMap(({ id }) => SECURITY[id] ?? [])
        .toSorted()
        .at(-1)
    : undefined;
  const wrong = decision === undefined ? `violated: ${rule.statement}` : cause;
  const help = [
    `${capital(wrong)}.`,
    rule.consequence,
    ...violated.map(
      ({ id, statement, source }) => `Violates ${id}: ${statement}${source === '' ? '' : ` (${source})`}.`,
    ),
    ...(instead === undefined ? [] : [`Instead: ${instead}.`]),
  ];
  return {
    id: ruleIdOf(group),
    shortDescription: { text: cut(capital(wrong)) },
    fullDescription: { text: cut(`${capital(wrong)}. ${rule.consequence}`) },
    help: { text: help.join('\n\n'), markdown: markdown(help) },
    helpUri: `https://github.com/hartproof/hartproof/blob/v${VERSION}/docs/review-guide.md`,
    defaultConfiguration: { level, enabled: isReachable },
    properties: {
      tags: ['perf', 'pmu', ...(security === undefined ? [] : ['security']), ...violated.map(({ id }) => id)].slice(
        0,
        MOST.tags,
      ),
      // A finding has a log that shows it; what newer cores bring about was searched with a core of today.
      precision: !isReachable ? 'low' : first.isNote ? 'high' : 'very-high',
      'problem.severity': PROBLEM[level],
      ...(security !== undefined && { 'security-severity': security }),
    },
  };
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const cut = (text: string): string => (text.length <= MOST.text ? text : `${text.slice(0, MOST.text - 1)}…`);

/** The same paragraphs for a reader of Markdown: nothing in them is a link or code that is not ours. */
const markdown = (paragraphs: readonly string[]): string =>
  paragraphs.map((text) => text.replace(/[\\`*_[\]<>&|]/g, '\\$&')).join('\n\n');
