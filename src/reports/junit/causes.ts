import { byCause, type Finding, shownBefore, stepText } from '../../findings/finding.ts';
import { type Case, type CaseOutcome, type Report, type Suite, undecidedIn } from '../../findings/report.ts';
import { tokenOf } from '../../findings/token.ts';

/**
 * An audit as a test suite: a case for each cause, at its file and line, that failed; skipped where a baseline knows it or only a
 * caller without a contract reaches it. A case for each property that is not decided, which is an error, and one for all others.
 */
export function causeSuite(report: Report): Suite {
  const { subject, findings, reservations, tables } = report;
  const undecided = undecidedIn(report);
  const violated = new Set(findings.map(({ rule }) => rule.id));
  const asked = tables.find(({ id }) => id === 'held')?.rows.map(([first]) => first!.text) ?? [];
  const held = asked.filter((id) => !violated.has(id) && !undecided.includes(id));
  const open = undecided.map(
    (property): Case => ({ classname: subject, name: property, outcome: notDecided(property, report) }),
  );
  // What nothing could be searched for, such as a driver that no device could be bound to, has no row that says so.
  const whole = { ...notDecided('', report), message: reservations.join(' ') };
  return {
    name: subject,
    seconds: (report.milliseconds ?? 0) / 1000,
    properties: {},
    cases: [
      ...byCause(findings).map((group) => caseOf(group, report)),
      ...open,
      ...(open.length === 0 && reservations.length > 0
        ? [{ classname: subject, name: 'searched to the end', outcome: whole }]
        : []),
      ...(held.length === 0
        ? []
        : [
            {
              classname: subject,
              name: 'all other properties',
              output: held.join('\n'),
            },
          ]),
    ],
  };
}

function notDecided(property: string, { tables, reservations }: Report): CaseOutcome {
  const notes = tables.flatMap((table) => table.notes).filter((note) => note.startsWith(`${property} `));
  const cells = tables.flatMap(({ rows }) => rows).find(([first]) => first?.text === property) ?? [];
  const type = cells.find(({ tone }) => tone === 'bounded')?.text ?? 'bounded';
  return { kind: 'error', type, message: `not decided: ${[...notes, ...reservations].join(' ')}` };
}

function caseOf(group: readonly Finding[], { subject }: Report): Case {
  const [first] = group as [Finding];
  const { place, cause } = first;
  return {
    classname: `${subject}${place === undefined || place.function === '' ? '' : `.${place.function}`}`,
    name: `${cause} (${tokenOf(first.id)})`,
    ...(place && { file: place.file ?? subject, line: place.lines[0] }),
    outcome: outcomeOf(group),
  };
}

function outcomeOf(group: readonly Finding[]): CaseOutcome {
  const [first] = group as [Finding];
  const message = `${first.cause}: violates ${[...new Set(group.map(({ rule }) => rule.id))].join(', ')}`;
  if (group.every(({ known }) => known === true)) return { kind: 'skipped', message: `known: ${message}` };
  if (!group.some(({ reachable }) => reachable))
    return { kind: 'skipped', message: `only a caller without a contract does this: ${message}` };
  const told = group.find(({ reachable, known }) => reachable && known !== true) ?? first;
  return {
    kind: 'failure',
    type: told.rule.severity,
    message,
    text: group.flatMap((one) => linesOf(one, group)).join('\n'),
  };
}

/** What a finding violates, and the way there. */
function linesOf(finding: Finding, group: readonly Finding[]): string[] {
  const { id, rule, where, reach, counterexamples, instead } = finding;
  const logs = counterexamples.flatMap((log) => {
    const same = shownBefore(log, group);
    if (same !== undefined) return [`${log.title}: the same as for ${same.rule.id}.`];
    return [
      `${log.title} (${log.length}):`,
      ...log.steps('callbacks').map((step) => `${step.violates ? '✗' : ' '} ${step.position}. ${stepText(step)}`),
      log.ending,
    ];
  });
  return [
    `${id} (${tokenOf(id)}): ${rule.statement}`,
    ...[where, reach].filter((text) => text !== ''),
    ...logs,
    rule.consequence,
    ...(instead === undefined ? [] : [`Instead: ${instead}.`]),
  ];
}
