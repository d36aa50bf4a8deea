import type { Fact } from '../facts/index.ts';
import { BrokenLog } from './log-store.ts';

/** A file as it was: its path, from the directory in which it was read, and a digest of its text. */
export interface ConfigFile {
  readonly file: string;
  readonly digest: string;
}

/** A callback of a kernel's trace that a machine does not accept, with both values. */
export interface RefusedCall {
  /** Where it stands in the file, from 1. */
  readonly line: number;
  /** `add of event 12`. */
  readonly callback: string;
  /** The machine, what they disagree on, what it says, and what the trace shows. */
  readonly machine: string;
  readonly what: string;
  readonly expected: string;
  readonly found: string;
}

/** What a log is of. */
export interface LogHeader {
  readonly schema: 'hartproof.log/1';
  readonly model: string;
  readonly environment: string;
  readonly driver: string;
  /** The file that described the PMU and its driver, if it was no modelled one: for a person, who says which file is run. */
  readonly config?: ConfigFile;
  /** What that file described, as data that `definePmu` takes and checks; absent where it is more than data. */
  readonly port?: object;
  /** The width of a machine word in bits, where it is not the model's own. */
  readonly wordBits?: number;
  /** Of a kernel's trace, which no model is made for: how many events and harts the machines are of. */
  readonly trace?: { readonly events: number; readonly harts: number };
  /** Of a kernel's trace: the properties of which it did not show enough, as it says. Such a one is no pass; what violates it does. */
  readonly undecided?: readonly string[];
  /** Of a kernel's trace: the callback that comes after these facts, and that the machines do not accept. */
  readonly refused?: RefusedCall;
  /** The digest of the machines that wrote it: see {@link machinesDigest}. */
  readonly machines: string;
  /** The property that it breaks, if it is a counterexample. */
  readonly breaks?: string;
  /** How many facts were written at once with the header: if there are fewer, the log was cut off. */
  readonly length?: number;
}

/** A model, an environment, a driver, a property, a digest: names, and never a path. */
const NAME = /^[\w.+ -]{1,200}$/;

const isWhole = (value: unknown, least: number, most: number): value is number =>
  Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most;
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
/** Whether a value is an object with these fields and no others. */
const hasJust = <F extends string>(value: unknown, fields: readonly F[]): value is Readonly<Record<F, unknown>> =>
  isObject(value) &&
  Object.keys(value).length === fields.length &&
  fields.every((field) => Object.hasOwn(value, field));
const isName = (value: unknown): value is string => typeof value === 'string' && NAME.test(value);

/** What each field of a header is, beside the schema; the first four must be there. */
const FIELDS: {
  readonly [F in Exclude<keyof LogHeader, 'schema'>]-?: readonly [what: string, (value: unknown) => boolean];
} = {
  model: ['a name', isName],
  environment: ['a name', isName],
  driver: ['a name', isName],
  machines: ['a digest', isName],
  config: [
    'a file and its digest',
    (value) => hasJust(value, ['file', 'digest']) && isText(value.file) && isText(value.digest),
  ],
  port: ['the description of a PMU', isObject],
  wordBits: ['a width from 1 to 64', (value) => isWhole(value, 1, 64)],
  trace: [
    'a number of events and of harts',
    (value) =>
      hasJust(value, ['events', 'harts']) && isWhole(value.events, 1, 2 ** 31) && isWhole(value.harts, 1, 2 ** 31),
  ],
  undecided: ['a list of names', (value) => Array.isArray(value) && value.length <= 100 && value.every(isName)],
  refused: ['a callback and both values', isRefusal],
  breaks: ['the name of a property', isName],
  length: ['a number of facts', (value) => isWhole(value, 0, Number.MAX_SAFE_INTEGER)],
};
const REQUIRED: readonly string[] = ['model', 'environment', 'driver', 'machines'];

/** The properties of which a recording may not show enough. */
const OPEN: readonly string[] = ['count-exact'];

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.length <= 4096;
}

function isRefusal(value: unknown): boolean {
  const texts = ['callback', 'machine', 'what', 'expected', 'found'] as const;
  if (!hasJust(value, ['line', ...texts]) || !isWhole(value.line, 0, Number.MAX_SAFE_INTEGER)) return false;
  return texts.every((field) => isText(value[field]));
}

/** The header of a log: of a value from outside, the fields of a header. Throws {@link BrokenLog} if it is none that this version reads. */
export function checkHeader(value: unknown, where: string): LogHeader {
  if (!isObject(value) || !Object.hasOwn(value, 'schema')) throw new BrokenLog(`${where}: no header of a log`);
  if (value.schema !== 'hartproof.log/1')
    throw new BrokenLog(
      `${where}: a log of another schema (${String(value.schema).slice(0, 60)}); this version reads hartproof.log/1`,
    );
  // A field can say that a log is no pass: what is not understood is not left out.
  const unknown = Object.keys(value).find((field) => field !== 'schema' && !Object.hasOwn(FIELDS, field));
  if (unknown !== undefined)
    throw new BrokenLog(`${where}: this version knows no ${unknown.slice(0, 60)} in the header of a log`);
  const fields: [string, unknown][] = [];
  for (const [field, [what, isGood]] of Object.entries(FIELDS)) {
    if (!Object.hasOwn(value, field)) {
      if (REQUIRED.includes(field)) throw new BrokenLog(`${where}: the header has no ${field}`);
    } else if (isGood(value[field])) fields.push([field, value[field]]);
    else throw new BrokenLog(`${where}: ${field} of the header is not ${what}`);
  }
  if (value.refused !== undefined && value.trace === undefined)
    throw new BrokenLog(`${where}: refused of the header is of a kernel's trace, and the log is of none`);
  const { undecided, ...header } = { schema: value.schema, ...Object.fromEntries(fields) } as LogHeader;
  // Along a log of a model everything is decided, and a recording leaves nothing open but counts: no header makes it more.
  const open = header.trace === undefined ? [] : (undecided ?? []).filter((id) => OPEN.includes(id));
  return { ...header, ...(open.length > 0 && { undecided: open }) };
}

/** Throws {@link BrokenLog} if these are not all the facts of a log, or its header speaks of more events or harts than they do. */
export function checkWhole({ length = 0, breaks, trace }: LogHeader, facts: readonly Fact[], where: string): void {
  if (facts.length < length) throw new BrokenLog(`${where}: incomplete: it has ${facts.length} of its ${length} facts`);
  if (facts.length === 0 && breaks !== undefined) throw new BrokenLog(`${where}: incomplete: it has no fact`);
  if (trace === undefined) return;
  const { events, harts } = sizeOf(facts);
  if (trace.events > events)
    throw new BrokenLog(`${where}: trace.events is ${trace.events}, but its facts are of ${events}`);
  if (trace.harts > harts)
    throw new BrokenLog(`${where}: trace.harts is ${trace.harts}, but its facts are of ${harts}`);
}

/** How many events and harts facts speak of, one at least. */
export function sizeOf(facts: readonly Fact[]): { events: number; harts: number } {
  const size = { events: 1, harts: 1 };
  for (const fact of facts) {
    if ('event' in fact) size.events = Math.max(size.events, fact.event + 1);
    if ('hart' in fact) size.harts = Math.max(size.harts, fact.hart + 1);
  }
  return size;
}
