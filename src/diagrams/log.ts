import { FACT_TYPES, type Fact, type FactType } from '../facts/index.ts';
import type { SequenceOptions } from './sequence.ts';

/** A log, and how it ends if it is a counterexample. */
export interface ReadLog extends Pick<SequenceOptions, 'breaks' | 'property'> {
  readonly facts: readonly Fact[];
}

/**
 * The log in a text: JSON Lines with a fact on each line (under a header, if it was kept), a JSON array of facts, a JSON object with the array as its
 * `facts`, or an audit as JSON, of which the finding of that id is taken.
 * Throws a RangeError that says where, if it is none of them.
 */
export function readLog(text: string, finding?: string): ReadLog {
  const whole = parsed(text);
  if (whole === undefined) return ofLines(text);
  if (Array.isArray(whole)) return { facts: whole.map(factAt) };
  const { findings } = (whole ?? {}) as { findings?: unknown };
  if (Array.isArray(findings)) return ofFinding(findings as readonly FindingJson[], finding);
  const { facts, breaks, property } = (whole ?? {}) as { facts?: unknown; breaks?: unknown; property?: unknown };
  if (facts === undefined) return { facts: [factAt(whole, 0)] };
  if (!Array.isArray(facts)) throw new RangeError('its facts are no array');
  return {
    facts: facts.map(factAt),
    ...(BREAKS.includes(breaks as string) && { breaks: breaks as NonNullable<SequenceOptions['breaks']> }),
    ...(typeof property === 'string' && { property }),
  };
}

const BREAKS: readonly string[] = ['fact', 'state', 'never', 'stuck'];

/** What is read of a finding: see `AuditJson` in `src/audit/json.ts`. */
interface FindingJson {
  readonly id: string;
  readonly property: string;
  readonly counterexample: ReadLog;
}

function ofFinding(findings: readonly FindingJson[], id: string | undefined): ReadLog {
  const found = id === undefined && findings.length === 1 ? findings[0] : findings.find((finding) => finding.id === id);
  if (found !== undefined) return { ...found.counterexample, property: found.property };
  const ids = findings.map((finding) => finding.id).join(', ') || 'none';
  throw new RangeError(`${id === undefined ? 'name one of its findings' : `it has no finding ${id}`}: ${ids}`);
}

/** A log that was kept begins with a header: see `LogHeader` in `src/store/log-store.ts`. */
function ofLines(text: string): ReadLog {
  const values = text.split('\n').flatMap((line, index): [string, unknown][] => {
    if (line.trim() === '') return [];
    const value = parsed(line);
    if (value === undefined) throw new RangeError(`line ${index + 1} is no JSON`);
    return [[`line ${index + 1}`, value]];
  });
  const header = values[0]?.[1] as { schema?: unknown; breaks?: unknown } | null | undefined;
  const hasHeader = typeof header?.schema === 'string';
  const facts = (hasHeader ? values.slice(1) : values).map(([where, value]) => checked(value, where));
  return { facts, ...(hasHeader && endingIn(header.breaks)) };
}

/** How a log ends that was kept because it breaks this promise, if it was. */
export const endingIn = (property: unknown): Omit<ReadLog, 'facts'> =>
  typeof property === 'string' ? { breaks: 'state', property } : {};

const factAt = (value: unknown, index: number): Fact => checked(value, `fact ${index}`);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function checked(value: unknown, where: string): Fact {
  const type = (value as { type?: unknown } | null)?.type;
  if (FACT_TYPES.includes(type as FactType)) return value as Fact;
  throw new RangeError(`${where} is no fact: ${type === undefined ? 'it has no type' : `there is no type ${type}`}`);
}
