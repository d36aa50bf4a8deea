import type { ProofVerdict } from '../engine/prove/index.ts';
import type { Fact } from '../facts/index.ts';
import { counted } from '../findings/counted.ts';
import type { Cell, Report, Suite, Table, Tone } from '../findings/report.ts';
import type { Result } from './audit.ts';
import type { AuditResult } from './audit-result.ts';
import { propertyOf } from './property.ts';
import type { ProvedModel } from './prove.ts';
import { findingOf } from './report.ts';
import { anyText, proofJson } from './texts.ts';

/** The machine-readable form of `hartproof prove`. Fields are only ever added to a version. @experimental */
export interface ProveJson {
  readonly schema: 'hartproof.prove/1';
  readonly driver: string;
  /** One entry for each property, model and environment. */
  readonly results: readonly {
    readonly model: string;
    readonly environment: string;
    readonly property: string;
    readonly verdict: ProofVerdict['verdict'];
    /** Of what there is any number: events, harts. */
    readonly anyNumberOf?: readonly string[];
    /** How many components a view shows, up to where the integer is kept exactly, and how many views there are. */
    readonly k?: number;
    readonly limit?: number;
    readonly views?: number;
    readonly milliseconds?: number;
    /** What of the property is not proved, but holds in the scopes that were searched. */
    readonly but?: string;
    /** Why it is not proved, and the view that stands in the way. */
    readonly reason?: string;
    readonly view?: readonly string[];
    /** Where it is violated: a shortest log, in the smallest scope. */
    readonly size?: number;
    readonly counterexample?: { readonly facts: readonly Fact[]; readonly breaks: string };
    /** The scopes that were searched, without abstraction: so many events, and harts. */
    readonly searched: readonly { readonly size: number; readonly states: number; readonly exhaustive: boolean }[];
  }[];
}

/** A violated property as an audit has it: in the scope in which it is violated. */
export const violatedIn = (
  { verdicts, model, environment, searched }: ProvedModel,
  scopeOf: (size: number) => Result['model']['scope'],
): Result[] =>
  [...verdicts].flatMap(([property, verdict]) => {
    if (verdict.verdict !== 'violated') return [];
    const { size, counterexample } = verdict;
    const { states, exhaustive } = searched.find((one) => one.size === size)!;
    const covered = { states, exhaustive, transitions: 0, depth: 0, bytes: 0, milliseconds: 0 };
    return [
      {
        model: { ...model, scope: scopeOf(size) },
        environment,
        property,
        verdict: { verdict: 'violated', counterexample },
        covered,
      },
    ];
  });

/** What was proved, as a report. `audited` has what is violated, as an audit finds it. @public */
export function proveReport(proved: readonly ProvedModel[], audited: AuditResult): Report {
  const all = proved.flatMap(({ verdicts }) => [...verdicts.values()]);
  const count = (verdict: ProofVerdict['verdict']): number => all.filter((one) => one.verdict === verdict).length;
  const milliseconds = proved.reduce((sum, one) => sum + one.milliseconds, 0);
  const asked = [...new Set(proved.flatMap(({ verdicts }) => [...verdicts.keys()]))];
  const states = proved.flatMap(({ searched }) => searched).reduce((sum, one) => sum + one.states, 0);
  return {
    command: 'prove',
    subject: audited.target.name,
    title: `driver ${audited.target.name}`,
    summary: [
      `of ${counted(all.length, 'question')}, ${count('proved')} proved for any number, ${count('violated')} violated, ${count('not proved')} not proved.`,
      `Asked ${asked.length === 1 ? '1 property' : `${asked.length} properties`} of ${counted(proved.length, 'model')} in ${(milliseconds / 1000).toFixed(1)} s; scopes of one to three events were searched beside it: ${states.toLocaleString('en')} states.`,
    ],
    reservations: proved.flatMap(({ verdicts, model, environment, searched }) =>
      [...verdicts].flatMap(([property, verdict]) =>
        verdict.verdict === 'not proved'
          ? [
              `${property} (${model.name}, ${environment}) is not proved: ${verdict.reason}. ${heldText(searched)}${viewText(verdict.view)}`,
            ]
          : [],
      ),
    ),
    notes: [],
    legend: ['What is proved is proved of the model: docs/prove.md says what that means for the C.'],
    rules: asked.map(propertyOf),
    findings: audited.findings.map((violation) => findingOf(violation, audited)),
    tables: proved.map(verdictTable),
    closing: [closingText(proved)],
    ...(audited.target.driver !== undefined && { driver: audited.target.driver }),
    suites: () => proved.map(suiteOf),
    json: () => proveJson(proved, audited.target.name),
  };
}

const heldText = (searched: ProvedModel['searched']): string => {
  const whole = searched.filter(({ exhaustive }) => exhaustive).map(({ size }) => size);
  return whole.length === 0
    ? 'No scope was searched to its end.'
    : `It holds in scopes of up to ${counted(Math.max(...whole), 'event')}, which were searched to their end.`;
};

const viewText = (view: readonly string[] | undefined): string =>
  view === undefined ? '' : ` The view that stands in the way: ${view.join(' | ')}`;

const TONE: Record<ProofVerdict['verdict'], Tone> = {
  proved: 'holds',
  violated: 'violated',
  'not proved': 'bounded',
  'not applicable': 'vacuous',
  vacuous: 'vacuous',
};

function verdictTable({ model, environment, verdicts, milliseconds }: ProvedModel): Table {
  const notes = [...verdicts].flatMap(([property, verdict]) => {
    if (verdict.verdict === 'not applicable') return [`${property}: views do not apply: ${verdict.reason}.`];
    if (verdict.verdict === 'vacuous') return [`${property} is vacuous: ${propertyOf(property).vacuousWhen}.`];
    if (verdict.verdict === 'proved' && verdict.proof.but)
      return [`${property}: but for ${verdict.proof.but}, which holds in the scopes that were searched.`];
    return [];
  });
  return {
    id: `${model.name}-${environment}`,
    title: `${model.name}, ${environment}: ${model.asks} (${(milliseconds / 1000).toFixed(1)} s)`,
    head: ['property', 'verdict', 'for', 'k', 'views'],
    numbers: 2,
    rows: [...verdicts].map(([property, verdict]): Cell[] => [
      { text: property, note: propertyOf(property).statement },
      { text: verdict.verdict, tone: TONE[verdict.verdict] },
      {
        text:
          verdict.verdict === 'proved'
            ? anyText(verdict.proof)
            : verdict.verdict === 'violated'
              ? counted(verdict.size, 'event')
              : '',
      },
      { text: verdict.verdict === 'proved' ? `${verdict.proof.k}` : '' },
      { text: verdict.verdict === 'proved' ? verdict.proof.views.toLocaleString('en') : '' },
    ]),
    notes,
  };
}

function closingText(proved: readonly ProvedModel[]): string {
  const names = [...new Set(proved.flatMap(({ verdicts }) => [...verdicts.keys()]))].filter(
    (property) =>
      proved.every(
        ({ verdicts }) => !verdicts.has(property) || ['proved', 'vacuous'].includes(verdicts.get(property)!.verdict),
      ) && proved.some(({ verdicts }) => verdicts.get(property)?.verdict === 'proved'),
  );
  return names.length === 0
    ? 'Nothing was proved wherever it was asked.'
    : `Proved for any number wherever asked: ${names.join(', ')}.`;
}

const suiteOf = ({ model, environment, verdicts, milliseconds }: ProvedModel): Suite => ({
  name: `${model.name} in ${environment}, for any number`,
  seconds: milliseconds / 1000,
  properties: {},
  cases: [...verdicts].map(([property, verdict]) => ({
    classname: `${model.name}.${environment.replaceAll('.', '_')}`,
    name: property,
    ...outcomeOf(property, verdict),
  })),
});

function outcomeOf(property: string, verdict: ProofVerdict) {
  switch (verdict.verdict) {
    case 'proved':
      return {};
    case 'violated':
      return {
        outcome: {
          kind: 'failure',
          type: propertyOf(property).severity,
          message: `violated with ${counted(verdict.size, 'event')}`,
        },
      } as const;
    case 'not proved':
      return { outcome: { kind: 'error', type: 'not proved', message: `not proved: ${verdict.reason}` } } as const;
    case 'not applicable':
      return { outcome: { kind: 'skipped', message: `views do not apply: ${verdict.reason}` } } as const;
    case 'vacuous':
      return { outcome: { kind: 'skipped', message: `vacuous: ${propertyOf(property).vacuousWhen}` } } as const;
  }
}

/** The report for scripts. */
const proveJson = (proved: readonly ProvedModel[], driver: string): ProveJson => ({
  schema: 'hartproof.prove/1',
  driver,
  results: proved.flatMap(({ model, environment, verdicts, searched }) =>
    [...verdicts].map(([property, verdict]) => ({
      model: model.name,
      environment,
      property,
      verdict: verdict.verdict,
      ...(verdict.verdict === 'proved' && proofJson(verdict.proof)),
      ...('reason' in verdict && { reason: verdict.reason }),
      ...('view' in verdict && verdict.view !== undefined && { view: verdict.view }),
      ...(verdict.verdict === 'violated' && {
        size: verdict.size,
        counterexample: {
          facts: verdict.counterexample.facts as readonly Fact[],
          breaks: verdict.counterexample.breaks,
        },
      }),
      searched,
    })),
  ),
});
