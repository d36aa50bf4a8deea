import { EVERY_ATTRIBUTE } from './attributes.ts';
import { ERRNO } from './constants.ts';
import { type FactType, type IndexField, WIRING } from './vocabulary.ts';
import { isWord } from './word.ts';

/** Everything that a field of a fact can be called. */
type Field<T extends FactType = FactType> = T extends FactType
  ? IndexField | Extract<keyof (typeof WIRING)[T]['authors'], string>
  : never;

const isOneOf =
  (...known: readonly string[]) =>
  (value: unknown): boolean =>
    typeof value === 'string' && known.includes(value);
/** An `int` of C. */
const isInt = (value: unknown): boolean => Number.isInteger(value) && Math.abs(value as number) < 2 ** 31;
const isIndex = (value: unknown): boolean => isInt(value) && (value as number) >= 0;
const isBoolean = (value: unknown): boolean => typeof value === 'boolean';
const isListOfBooleans = (value: unknown): boolean => Array.isArray(value) && value.every(isBoolean);
/** A word, or an `int` that has come below 0. */
const isValue = (value: unknown): boolean => isWord(value) || isInt(value);
const isKeyOf = (known: object) => (value: unknown) => typeof value === 'string' && Object.hasOwn(known, value);
const isErrno = isKeyOf(ERRNO);

/** The values that a field can have at all; which of them it can have where is for the machines to say. */
const DOMAINS: { readonly [F in Field]: (value: unknown) => boolean } = {
  event: isIndex,
  hart: isIndex,
  attribute: isKeyOf(EVERY_ATTRIBUTE),
  flags: isIndex,
  counter: (value) => typeof value === 'string' && /^(?:cycle|instret|hpmcounter(?:[3-9]|[12]\d|3[01]))$/.test(value),
  half: isOneOf('low', 'high'),
  ticks: isWord,
  fits: isBoolean,
  answer: (value) => value === 0 || isErrno(value),
  destroySet: isBoolean,
  value: isValue,
  owner: isOneOf('nobody', 'driver', 'foreign'),
  foreignHolds: isBoolean,
  nEvents: isInt,
  occupied: isListOfBooleans,
  used: isListOfBooleans,
  idx: isInt,
  same: isBoolean,
  bound: isBoolean,
  expected: isWord,
  found: isWord,
  delta: isWord,
  site: isOneOf('read_counter', 'riscv_pmu_stop', 'riscv_pmu_start', 'riscv_pmu_start (reload)'),
};

/** Whether an index of a fact is one at all. */
export const isIndexValue = (field: IndexField, value: unknown): boolean => DOMAINS[field](value);

/**
 * Why a value from outside is no fact, with the field; undefined if it is one: it has a type of the vocabulary, its indices, no
 * field but those of the type, and in each what can be in it. What its authors write is compared when it is folded.
 */
export function faultOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'is no fact: it is no object';
  const fact = value as Readonly<Record<string, unknown>>;
  if (!Object.hasOwn(fact, 'type')) return 'is no fact: it has no type';
  if (typeof fact.type !== 'string' || !Object.hasOwn(WIRING, fact.type))
    return `is no fact: there is no type ${said(fact.type)}`;
  const type = fact.type as FactType;
  const { indices, authors } = WIRING[type];
  for (const field of indices) if (!Object.hasOwn(fact, field)) return `is no fact: ${type} lacks its ${field}`;
  for (const field in fact) {
    if (field === 'type') continue;
    if (!(indices as readonly string[]).includes(field) && !Object.hasOwn(authors, field))
      return `is no fact: ${type} has no ${said(field)}`;
    if (!DOMAINS[field as Field](fact[field])) return `is no fact: ${field} of ${type} cannot be ${said(fact[field])}`;
  }
  return undefined;
}

/** A value from outside, cut short. */
function said(value: unknown): string {
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
