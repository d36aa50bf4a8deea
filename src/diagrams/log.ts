import { type Fact, faultOf } from '../facts/index.ts';
import { parseJson } from '../outside/json.ts';
import { entryOf, readEntry } from '../store/entry.ts';
import { checkHeader, checkWhole, type LogHeader } from '../store/header.ts';
import { Origins } from '../store/origin.ts';
import type { SequenceOptions } from './sequence.ts';

/** A log, and how it ends if it is a counterexample. */
export interface ReadLog extends Pick<SequenceOptions, 'breaks' | 'property'> {
  /** Absent where it is facts and nothing else. */
  readonly header?: LogHeader;
  readonly facts: readonly Fact[];
  /** Where in a kernel's trace they come from; absent where the log does not say. */
  readonly origins?: Origins;
}

/**
 * The log in a text: JSON Lines with a fact on each line (under a header, if it was kept), a JSON array of facts, a JSON object with the array as its
 * `facts`, or an audit as JSON, of which the finding of that id is taken.
 * Throws a RangeError or a `BrokenLog` that says where, if it is none of them.
 */
export function readLog(text: string, finding?: string): ReadLog {
  const whole = parsed(text);
  if (whole === undefined) return ofLines(text);
  if (Array.isArray(whole)) return { facts: whole.map(factAt) };
  const whatever = objectOf(whole);
  if (Array.isArray(whatever.findings)) return ofFinding(whatever.findings, finding);
  return whatever.facts === undefined ? { facts: [factAt(whole, 0)] } : ofObject(whatever);
}

const BREAKS: readonly string[] = ['fact', 'state', 'never', 'stuck'];

/** The counterexample of a finding: see `AuditJson` in `src/audit/json.ts`. */
function ofFinding(findings: readonly unknown[], id: string | undefined): ReadLog {
  const all = findings.map(objectOf);
  const found = id === undefined && all.length === 1 ? all[0] : all.find((finding) => finding.id === id);
  if (found === undefined) {
    const ids = all.map((finding) => String(finding.id)).join(', ') || 'none';
    throw new RangeError(`${id === undefined ? 'name one of its findings' : `it has no finding ${id}`}: ${ids}`);
  }
  return ofObject({ ...objectOf(found.counterexample), property: found.property });
}

/** The array of facts in an object, and how it ends. */
function ofObject({ facts, breaks, property }: Readonly<Record<string, unknown>>): ReadLog {
  if (!Array.isArray(facts)) throw new RangeError('its facts are no array');
  return {
    facts: facts.map(factAt),
    ...(BREAKS.includes(breaks as string) && { breaks: breaks as NonNullable<SequenceOptions['breaks']> }),
    ...(typeof property === 'string' && { property }),
  };
}

/** The fields of a value; none if it is no object. */
const objectOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {};

/** A log that was kept begins with a header. */
function ofLines(text: string): ReadLog {
  const values = text.split('\n').flatMap((line, index): [string, unknown][] => {
    if (line.trim() === '') return [];
    const where = `line ${index + 1}`;
    return [[where, readEntry(line, where)]];
  });
  const [[where, first] = ['line 1', undefined], ...rest] = values;
  const header = typeof objectOf(first).schema === 'string' ? checkHeader(first, where) : undefined;
  const origins = new Origins();
  const facts = (header === undefined ? values : rest).map(([place, value], position) => {
    const { fact, recorded } = entryOf(value, place);
    if (recorded !== undefined) origins.add(position, recorded);
    return fact;
  });
  const log = { facts, ...(origins.size > 0 && { origins }) };
  if (header === undefined) return log;
  checkWhole(header, facts, 'the log');
  return { header, ...log, ...endingIn(header.breaks) };
}

/** How a log ends that was kept because it violates this property, if it was. */
export const endingIn = (property: unknown): Omit<ReadLog, 'facts'> =>
  typeof property === 'string' ? { breaks: 'state', property } : {};

const factAt = (value: unknown, index: number): Fact => checked(value, `fact ${index + 1}`);

/** The value that a text is; undefined if it is none, or not a single one. */
function parsed(text: string): unknown {
  try {
    JSON.parse(text);
  } catch {
    return undefined;
  }
  return parseJson(text);
}

function checked(value: unknown, where: string): Fact {
  const fault = faultOf(value);
  if (fault !== undefined) throw new RangeError(`${where} ${fault}`);
  return value as Fact;
}
