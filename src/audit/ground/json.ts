import { tokenOf } from '../../findings/token.ts';
import type { GroundAudit } from '../../subject/ground/audit.ts';
import type { Compared } from '../baseline.ts';
import { changesOf } from './changes.ts';
import { idOf, stepText } from './texts.ts';

/** The schema of the JSON of an audit of any driver's C. */
export interface GroundJson {
  readonly schema: 'hartproof.ground/1';
  readonly driver: string;
  readonly files: readonly string[];
  readonly tree: string;
  /** The PMU that was searched; absent where none could be bound. */
  readonly pmu?: string;
  readonly unbound?: string;
  /** The description of its hardware, by name; absent where there is none, and no count was judged. */
  readonly device?: string;
  readonly notes: readonly string[];
  readonly verdicts: readonly { readonly property: string; readonly verdict: string; readonly reason?: string }[];
  readonly findings: readonly {
    readonly id: string;
    /** Its short name, for `hartproof show`. */
    readonly token: string;
    readonly property: string;
    readonly statement: string;
    readonly severity: 'high' | 'medium' | 'low';
    readonly text: string;
    readonly consequence: string;
    readonly file?: string;
    readonly line?: number;
    readonly function?: string;
    /** The core that alone makes these calls. */
    readonly core?: string;
    /** Where it was held against a baseline: whether it is in it. */
    readonly known?: boolean;
    readonly scope: string;
    readonly steps: readonly string[];
    /** What is different after each of them: `event 0 idx: -1 → 0`, registers of a described device. */
    readonly changes: readonly (readonly string[])[];
  }[];
  readonly searched: readonly { readonly scope: string; readonly states: number; readonly stoppedBy?: string }[];
  /** Where it was held against a baseline: the ids of known findings that are gone, and of those that were not looked for. */
  readonly baseline?: { readonly gone: readonly string[]; readonly notAsked: readonly string[] };
}

export function toGroundJson(audit: GroundAudit, compared?: Compared): GroundJson {
  const { build, pmu, unbound, notes, verdicts, findings, searched, kinds } = audit;
  return {
    schema: 'hartproof.ground/1',
    driver: build.files[0]!,
    files: build.files,
    tree: build.tree.version,
    ...(pmu !== undefined && { pmu: pmu.name }),
    ...(unbound !== undefined && { unbound }),
    ...(audit.hardware !== undefined && { device: audit.hardware.description.name }),
    notes,
    verdicts: [...verdicts].map(([property, verdict]) => ({
      property,
      verdict: verdict.verdict,
      ...(verdict.verdict === 'bounded' && { reason: verdict.reason }),
    })),
    findings: findings.map((finding) => ({
      id: idOf(finding),
      token: tokenOf(idOf(finding)),
      property: finding.property.id,
      statement: finding.property.statement,
      severity: finding.property.severity,
      text: finding.text,
      consequence: finding.property.consequence,
      ...finding.place,
      ...(finding.core !== undefined && { core: `${finding.core}+` }),
      ...(finding.isOnRv32 && { xlen: 32 }),
      ...(compared && { known: compared.known.has(idOf(finding)) }),
      scope: finding.scope,
      steps: finding.steps.map((step) => stepText(step, finding.kinds ?? kinds)),
      changes: finding.steps.map((_, number) => changesOf(finding, number, number + 1)),
    })),
    searched: searched.map(({ scope, states, stoppedBy }) => ({
      scope,
      states,
      ...(stoppedBy !== undefined && { stoppedBy }),
    })),
    ...(compared && {
      baseline: { gone: compared.gone.map(({ id }) => id), notAsked: compared.notAsked.map(({ id }) => id) },
    }),
  };
}
