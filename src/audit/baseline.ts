import { modelOf } from '../../models/index.ts';
import { counted } from '../findings/counted.ts';
import type { AuditResult } from './audit-result.ts';
import { causeText } from './texts.ts';

const SCHEMA = 'hartproof.baseline/1';

/** Findings that are known, so that only new ones count. Written to a file, for a person to review and keep. */
export interface Baseline {
  readonly schema: typeof SCHEMA;
  readonly driver: string;
  readonly findings: readonly Known[];
}

/** A known finding. */
export interface Known {
  readonly id: string;
  /** For the reader of the file. */
  readonly cause: string;
  /** Whether a perf core could bring it about when it became known. */
  readonly userReachable: boolean;
  /** Where it was found: to tell whether it is gone, or was not looked for. */
  readonly models: readonly string[];
  readonly environments: readonly string[];
}

/** What a baseline says of an audit. */
export interface Compared {
  /** The ids of the findings that were known. */
  readonly known: ReadonlySet<string>;
  /** How many findings were not, of those that a perf core can bring about, and of the others. */
  readonly fresh: number;
  readonly freshGuards: number;
  /** The known findings that do not occur any more, although everything in which they did was searched to its end. */
  readonly gone: readonly Known[];
  /** Those that this audit did not look for, or not everywhere. */
  readonly notAsked: readonly Known[];
}

/** The baseline in which all findings of an audit are known, and those of an earlier baseline that it did not look for. */
export function baselineOf({ target, findings, compared }: AuditResult): Baseline {
  const known = findings.map(({ id, cause, userReachable, models, environments }) => ({
    id,
    cause: causeText(cause),
    userReachable,
    models,
    environments,
  }));
  return baselineFor(target.name, known, compared);
}

/** A baseline of what an audit found, and of what it did not look for. */
export const baselineFor = (driver: string, known: readonly Known[], compared: Compared | undefined): Baseline => ({
  schema: SCHEMA,
  driver,
  // In an order that does not depend on what else is found: so a change of the file is what changed.
  findings: [...known, ...(compared?.notAsked ?? [])].sort((a, b) => (a.id < b.id ? -1 : 1)),
});

/** Reads the text of a baseline, or of a list of them. Throws a RangeError that says what is wrong with it. */
export function parseBaselines(text: string): Baseline[] {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    throw new RangeError('it is not JSON');
  }
  return Array.isArray(read) && read.length > 0 ? read.map(checked) : [checked(read)];
}

function checked(read: unknown): Baseline {
  if (!isObject(read) || read.schema !== SCHEMA) throw new RangeError(`it is no baseline (schema: ${SCHEMA})`);
  if (typeof read.driver !== 'string') throw new RangeError('driver: the name of a driver is missing');
  if (!Array.isArray(read.findings)) throw new RangeError('findings: a list is missing');
  for (const [number, finding] of read.findings.entries()) {
    const at = `findings[${number}]`;
    if (!isObject(finding) || typeof finding.id !== 'string') throw new RangeError(`${at}: an id is missing`);
    if (typeof finding.userReachable !== 'boolean') throw new RangeError(`${at}: userReachable is not true or false`);
    for (const field of ['models', 'environments'])
      if (!isListOfStrings(finding[field])) throw new RangeError(`${at}: ${field} is not a list of names`);
  }
  return read as unknown as Baseline;
}

/** Holds an audit against a baseline of the same driver. */
export const compare = (result: Omit<AuditResult, 'compared'>, baseline: Baseline): Compared =>
  compareFindings(result.findings, baseline, (known) => wasSearched(result, known));

/** Holds findings against a baseline; `wasAsked`: whether what is known was looked for wherever it was once found. */
export function compareFindings(
  findings: readonly Pick<Known, 'id' | 'userReachable'>[],
  baseline: Baseline,
  wasAsked: (known: Known) => boolean,
): Compared {
  const byId = new Map(baseline.findings.map((known) => [known.id, known]));
  // What only a caller without a contract could do was no bug of users: that they can hit it is news.
  const isKnown = ({ id, userReachable }: Pick<Known, 'id' | 'userReachable'>): boolean =>
    byId.has(id) && (!userReachable || byId.get(id)!.userReachable);
  const fresh = findings.filter((finding) => !isKnown(finding));
  const missing = baseline.findings.filter(({ id }) => !findings.some((finding) => finding.id === id));
  const gone = missing.filter(wasAsked);
  return {
    known: new Set(findings.filter(isKnown).map(({ id }) => id)),
    fresh: fresh.filter(({ userReachable }) => userReachable).length,
    freshGuards: fresh.filter(({ userReachable }) => !userReachable).length,
    gone,
    notAsked: missing.filter((known) => !gone.includes(known)),
  };
}

/** Whether the property of a known finding was decided wherever it was once broken. */
function wasSearched({ results }: Omit<AuditResult, 'compared'>, { id, models, environments }: Known): boolean {
  const property = id.split('/')[0];
  return models.every((name) =>
    environments.every((environment) => {
      if (!existsIn(name, environment)) return true;
      const result = results.find(
        (one) => one.model.name === name && one.environment === environment && one.property === property,
      );
      return result !== undefined && !['bounded', 'probable'].includes(result.verdict.verdict);
    }),
  );
}

/** Whether there is such a model, and it is asked in that environment at all. */
function existsIn(name: string, environment: string): boolean {
  try {
    return (modelOf(name).environments as readonly string[]).includes(environment);
  } catch {
    return false;
  }
}

/** What a baseline says, in lines for a report. */
export function comparedText({ known, fresh, freshGuards, gone, notAsked }: Compared): string[] {
  const guards = freshGuards === 0 ? '' : `, and ${counted(freshGuards, 'new missing guard')}`;
  return [
    `Against the baseline: ${counted(fresh, 'new finding')}${guards}; ${known.size} known.`,
    ...gone.map(({ id }) => `No longer found: ${id}. Take it out of the baseline (--write-baseline).`),
    ...(notAsked.length === 0
      ? []
      : [`${counted(notAsked.length, 'known finding')} not found, but not looked for everywhere either.`]),
  ];
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isListOfStrings = (value: unknown): boolean =>
  Array.isArray(value) && value.every((one) => typeof one === 'string');
