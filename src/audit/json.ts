import type { AuditResult } from '../audit/audit-result.ts';
import type { Fact } from '../facts/index.ts';
import type { Step } from '../findings/finding.ts';
import { tokenOf } from '../findings/token.ts';
import type { Place } from '../findings/trace.ts';
import { causeSource, causeText, proofJson, stepsOf } from './texts.ts';
import type { ViolatingLog, Violation } from './violation.ts';

/** The machine-readable audit. Fields are only ever added to a version. @experimental */
export interface AuditJson {
  readonly schema: 'hartproof.audit/1';
  readonly driver: string;
  /** For a patch: what was taken of it, what was left out, and what was assumed. */
  readonly notes?: readonly string[];
  /** One entry for each property, model and environment. */
  readonly results: readonly {
    readonly model: string;
    readonly environment: string;
    readonly property: string;
    readonly verdict: 'holds' | 'violated' | 'probable' | 'bounded' | 'vacuous';
    /** Where it holds, and is proved for any number of events: by how many views of how many of them. */
    readonly proved?: ReturnType<typeof proofJson>;
    /** Distinct states that were seen, and transitions between them. */
    readonly states: number;
    readonly transitions: number;
    /** With `--disk`: so many of the states were found before the search was stopped; it went on from there. */
    readonly resumedFrom?: number;
    /** With `--symmetry`: of the states that are the same but for one of so many permutations, one was counted. */
    readonly permutations?: number;
    /** With `--partial-order`: the states are those that were kept, and a transition leads from one to the next. */
    readonly partialOrder?: true;
    /** Whether every reachable state was seen. */
    readonly exhaustive: boolean;
    /** Why the search stopped, if it did. */
    readonly stoppedBy?: string;
    /** Where only fingerprints of states were kept: the probability, at most, that a state was missed. */
    readonly missProbability?: number;
    /** A shortest log that violates the property. */
    readonly counterexample?: CounterexampleJson;
  }[];
  /** The violated properties by their cause. */
  readonly findings: readonly {
    /** Stable across runs. */
    readonly id: string;
    /** Its short name, for `hartproof show`. */
    readonly token: string;
    readonly property: string;
    readonly statement: string;
    readonly severity: 'high' | 'medium' | 'low';
    readonly source: string;
    readonly cause: string;
    /** What to change, where the cause is a decision of the driver. */
    readonly instead?: string;
    readonly function?: string;
    /** First and last line, in `file` or, where that is left out, in the posted `perf_event.c`. */
    readonly lines?: readonly [number, number];
    readonly file?: string;
    readonly consequence: string;
    /** False when only a caller without a contract can bring it about. */
    readonly userReachable: boolean;
    /** Whether the baseline has it, where one was given. */
    readonly known?: boolean;
    readonly environments: readonly string[];
    readonly models: readonly string[];
    readonly counterexample: BreakingLogJson & {
      readonly model: string;
      readonly environment: string;
      readonly onlyInFlight: boolean;
      /** Its facts as a person reads them, each with its place in the C and what it changes. */
      readonly steps?: readonly Step[];
      /** Where that break is there only while a call is in flight, but another one with the same cause lasts. */
      readonly lasting?: BreakingLogJson & { readonly model: string; readonly environment: string };
    };
  }[];
  /** What the baseline says, where one was given: ids of findings that are gone, and of those that were not looked for. */
  readonly baseline?: { readonly gone: readonly string[]; readonly notAsked: readonly string[] };
}

interface BreakingLogJson {
  readonly facts: readonly Fact[];
  /** What is wrong after the last fact: see `BreakingLog` in `src/engine/check/verdict.ts`. */
  readonly breaks: 'fact' | 'state' | 'never' | 'stuck';
}

interface CounterexampleJson extends BreakingLogJson {
  /** Whether every break that was found is there only while a call is in flight. */
  readonly onlyInFlight: boolean;
  /** Where this break is there only while a call is in flight, but another one lasts: a shortest log to one that lasts. */
  readonly lasting?: BreakingLogJson;
}

/** The report for scripts. @public */
export function toJson({ results, findings, target, compared }: AuditResult): AuditJson {
  return {
    schema: 'hartproof.audit/1',
    driver: target.name,
    ...(target.notes !== undefined && target.notes.length > 0 && { notes: target.notes }),
    results: results.map(({ model, environment, property, verdict, covered }) => ({
      model: model.name,
      environment,
      property,
      verdict: verdict.verdict,
      ...(verdict.verdict === 'holds' && verdict.proof && { proved: proofJson(verdict.proof) }),
      states: covered.states,
      transitions: covered.transitions,
      ...(covered.resumedFrom !== undefined && { resumedFrom: covered.resumedFrom }),
      ...(covered.permutations !== undefined && { permutations: covered.permutations }),
      ...(covered.partialOrder && { partialOrder: true as const }),
      exhaustive: covered.exhaustive,
      ...(covered.stoppedBy !== undefined && { stoppedBy: covered.stoppedBy }),
      ...(covered.missProbability !== undefined && { missProbability: covered.missProbability }),
      ...(verdict.verdict === 'violated' && { counterexample: verdict.counterexample }),
    })),
    findings: findings.map((finding) => ({
      id: finding.id,
      token: tokenOf(finding.id),
      property: finding.property.id,
      statement: finding.property.statement,
      severity: finding.property.severity,
      source: finding.property.source,
      cause: causeText(finding.cause),
      ...placeJson(finding),
      consequence: finding.property.consequence,
      userReachable: finding.userReachable,
      ...(compared && { known: compared.known.has(finding.id) }),
      environments: finding.environments,
      models: finding.models,
      counterexample: {
        ...logJson(finding),
        onlyInFlight: finding.onlyInFlight,
        steps: stepsOf(finding, 'facts').map(plainStep),
        ...(finding.lasting && { lasting: logJson(finding.lasting) }),
      },
    })),
    ...(compared && { baseline: { gone: compared.gone.map(idOf), notAsked: compared.notAsked.map(idOf) } }),
  };
}

const logJson = ({ shownIn, counterexample }: ViolatingLog) => ({
  model: shownIn.model.name,
  environment: shownIn.environment,
  ...counterexample,
});

/** A step whose place is a place and no more: that of a machine's state says other things too. */
const plainStep = ({ place, ...step }: Step): Step => ({
  ...step,
  ...(place && { place: { function: place.function, lines: place.lines, ...(place.file && { file: place.file }) } }),
});

const idOf = ({ id }: { readonly id: string }): string => id;

function placeJson({ cause }: Violation): Partial<Place> & { instead?: string } {
  const place = causeSource(cause);
  return {
    ...(cause.kind === 'decision' && { instead: cause.decision.instead }),
    ...(place && { function: place.function, lines: place.lines }),
    ...(place?.file !== undefined && { file: place.file }),
  };
}
