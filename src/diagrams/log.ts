import { FACT_TYPES, type Fact, type FactType } from '../facts/index.ts';
import type { SequenceOptions } from './sequence.ts';

/** A log, and how it ends if it is a counterexample. */
export interface ReadLog extends Pick<SequenceOptions, 'breaks' | 'property'> {
  readonly facts: readonly Fact[];
}

/**
 * The facts of a log as text: JSON Lines with a fact on each line, a JSON array of facts, or a JSON object
 * with the array as its `facts` (and, of a counterexample, its `breaks` and the id of its `property`).
 * Throws a RangeError that says where, if it is none of them.
 */
export function readLog(text: string): ReadLog {
  const whole = parsed(text);
  if (whole === undefined) return { facts: lines(text) };
  if (Array.isArray(whole)) return { facts: whole.map(factAt) };
  const { facts, breaks, property } = (whole ?? {}) as { facts?: unknown; breaks?: unknown; property?: unknown };
  if (facts === undefined) return { facts: [factAt(whole, 0)] };
  if (!Array.isArray(facts)) throw new RangeError('its facts are no array');
  return {
    facts: facts.map(factAt),
    ...(BREAKS.includes(breaks as string) ? { breaks: breaks as NonNullable<SequenceOptions['breaks']> } : {}),
    ...(typeof property === 'string' ? { property } : {}),
  };
}

const BREAKS: readonly string[] = ['fact', 'state', 'never', 'stuck'];

const factAt = (value: unknown, index: number): Fact => checked(value, `fact ${index}`);

function lines(text: string): Fact[] {
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    const fact = parsed(line);
    if (fact === undefined) throw new RangeError(`line ${index + 1} is no JSON`);
    return [checked(fact, `line ${index + 1}`)];
  });
}

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
