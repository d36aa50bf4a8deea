import { coresText } from '../findings/cores.ts';
import { counted } from '../findings/counted.ts';
import type { Counterexample, Finding, Step } from '../findings/finding.ts';
import { linesIn } from '../findings/lines.ts';
import type { Report, Table, Tone } from '../findings/report.ts';
import type { Detail } from '../findings/rows.ts';
import type { Result } from './audit.ts';
import type { AuditResult } from './audit-result.ts';
import { comparedText } from './baseline.ts';
import { toJson } from './json.ts';
import { propertyOf } from './property.ts';
import { suitesOf } from './suites.ts';
import { brokenText, type Grid, gridOf, type Outcome, reservations, searchedText, summaryOf } from './summary.ts';
import {
  anyText,
  breaksText,
  causeSource,
  causeText,
  linesOf,
  logsOf,
  pathText,
  placeText,
  reachText,
  stepsOf,
  worthText,
} from './texts.ts';
import type { ViolatingLog, Violation } from './violation.ts';

/** An audit of the 2018 family as a report. @public */
export function reportOf(result: AuditResult): Report {
  const { results, findings, target, compared } = result;
  const summary = summaryOf(results, findings);
  const grid = gridOf(results);
  const { lanes = 1 } = target;
  const atOnce = lanes > 1 ? `, ${lanes} at a time` : '';
  return {
    command: 'audit',
    subject: target.name,
    title: `driver ${target.name}`,
    summary: [
      `${brokenText(summary)}.`,
      `${searchedText(summary)} in ${(summary.milliseconds / 1000).toFixed(1)} s${atOnce}.`,
    ],
    milliseconds: summary.milliseconds,
    reservations: reservations(summary),
    notes: [...provedText(results), ...(compared === undefined ? [] : comparedText(compared))],
    legend: [
      `Lines are those of ${linesOf(target)}.`,
      'Counters are a few bits wide in a search, so that they wrap within it.',
    ],
    rules: [...new Set(results.map(({ property }) => property))].map(propertyOf),
    findings: findings.map((violation) => findingOf(violation, result)),
    tables: [verdictTable(grid)],
    closing: [heldText(grid)],
    ...(target.driver !== undefined && { driver: target.driver }),
    seen: { core: coresOf(results), headers: target.file === undefined ? '' : 'Hartproof', config: [] },
    ...(target.textAt && { textAt: target.textAt, lineAt: linesIn(target.textAt) }),
    suites: () => suitesOf(result),
    json: () => toJson(result),
  };
}

/** The perf cores that were asked; a caller without a contract is none. */
function coresOf(results: readonly Result[]): string {
  const names = new Set(results.map(({ environment }) => environment));
  return `Linux ${coresText([...names].filter((name) => name !== 'any-order'))}`;
}

/** A violated property with its cause, as a report writes it. */
export function findingOf(violation: Violation, { compared }: AuditResult): Finding {
  const { id, property, cause, userReachable, environments, models } = violation;
  const place = causeSource(cause);
  return {
    id,
    rule: property,
    cause: causeText(cause),
    ...(cause.kind === 'decision' && { decision: cause.name }),
    ...(cause.kind === 'place' && {
      question: `Does ${cause.function || 'the driver'} keep to this: ${property.statement}?`,
    }),
    ...(place && { place }),
    where: placeText(cause),
    reach: reachText(violation),
    reachable: userReachable,
    cores: environments.filter((environment) => environment !== 'any-order'),
    ...(compared && { known: compared.known.has(id) }),
    remarks: worthText(violation),
    ...(cause.kind === 'decision' && { instead: cause.decision.instead }),
    counterexamples: logsOf(violation).map((log) => counterexampleOf(log, models)),
    properties: { findingId: id, userReachable, environments: [...environments], models: [...models] },
  };
}

/** A log that violates a property, as a format writes it; it is also in the other `models`. */
export function counterexampleOf(log: ViolatingLog, models: readonly string[] = []): Counterexample {
  const { id, property, counterexample, shownIn, trace } = log;
  return {
    id,
    rule: property.id,
    title: pathText(log),
    scope: `${shownIn.model.name}, ${shownIn.environment}`,
    others: models.filter((name) => name !== shownIn.model.name),
    length: counted(counterexample.facts.length, 'fact'),
    steps: once((detail) => stepsOf(log, detail)),
    lasts: log.lasts,
    ending: breaksText(log),
    facts: counterexample.facts,
    breaks: counterexample.breaks,
    trace,
    pmu: shownIn.model.scope.pmu,
  };
}

/** Makes the rows once for each detail: a format asks again and again, and each row looks at every machine. */
function once(steps: Counterexample['steps']): Counterexample['steps'] {
  const known = new Map<Detail, readonly Step[]>();
  return (detail) => {
    const rows = known.get(detail) ?? steps(detail);
    known.set(detail, rows);
    return rows;
  };
}

const TONE: Record<Outcome, Tone> = {
  violated: 'violated',
  bounded: 'bounded',
  probable: 'bounded',
  holds: 'holds',
  vacuous: 'vacuous',
  '-': 'vacuous',
};

/** The verdict on each property, by environment. */
const verdictTable = ({ environments, rows, notes }: Grid): Table => ({
  id: 'held',
  title: 'What every property came to',
  head: ['property', ...environments, 'states'],
  numbers: 1,
  rows: rows.map(({ property, outcomes, states }) => [
    { text: property, note: propertyOf(property).statement },
    ...outcomes.map((outcome) => ({ text: outcome, tone: TONE[outcome] })),
    { text: states.toLocaleString('en') },
  ]),
  notes,
});

function heldText({ rows }: Grid): string {
  const held = rows.filter(({ outcomes }) => outcomes.includes('holds') && outcomes.every(isNoTrouble));
  if (held.length === 0) return 'No property held wherever it was asked.';
  return `Searched to the end and held wherever asked: ${held.map(({ property }) => property).join(', ')}.`;
}

/** What is proved for any number, in one sentence; none if nothing is. */
function provedText(results: readonly Result[]): string[] {
  const proved = results.flatMap(({ property, model, environment, verdict }) =>
    verdict.verdict === 'holds' && verdict.proof ? [{ property, model, environment, proof: verdict.proof }] : [],
  );
  if (proved.length === 0) return [];
  const names = (of: (one: (typeof proved)[number]) => string): string => [...new Set(proved.map(of))].join(', ');
  const all = names(({ property, proof }) => `${property}${proof.but ? ` (but for ${proof.but})` : ''}`);
  return [
    `Proved for ${anyText(proved[0]!.proof)} as in ${names(({ model }) => model.name)} (${names(({ environment }) => environment)}): ${all}. See hartproof prove.`,
  ];
}

const isNoTrouble = (outcome: Outcome): boolean => !['violated', 'bounded', 'probable'].includes(outcome);
