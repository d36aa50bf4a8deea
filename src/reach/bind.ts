import type { Present } from '../engine/check/index.ts';
import type { Part, System } from '../facts/index.ts';
import { observeOne, ownerOf } from '../findings/observe.ts';
import { noSuch } from '../outside/no-such.ts';
import { compare } from './compare.ts';
import type { Expression, Happens, Is, Question, Seen, Which } from './expression.ts';
import type { Moment, Test } from './moment.ts';
import type { OfC } from './searched.ts';
import { initialPresents, isIn, namesOfCallbacks, namesOfStates } from './states.ts';
import { BadQuestion } from './words.ts';

/** What was met of something that a question names: why it was never true. */
export interface Met {
  /** A fact type, or what was compared with a value. */
  readonly name: string;
  /** The step that names it, from 1. */
  readonly step: number;
  readonly kind: 'fact' | 'value';
  /** The values that it had; of a fact type, itself, where one happened. */
  readonly values: Set<string>;
}

/** So many values of one thing are kept. */
const MOST_VALUES = 12;

/**
 * Makes tests of a question's expressions, for one system. Throws `BadQuestion` if it names an event, a hart, a state or
 * something to be seen that the system does not have.
 */
export class Binding {
  /** By what is named in the question, once or more often. */
  readonly met: Met[] = [];
  #step = 1;

  constructor(
    readonly question: Question,
    readonly system: System,
    readonly ofC?: OfC,
  ) {}

  /** The test of an expression that stands in a step. */
  ofStep(step: number, expression: Expression): Test {
    this.#step = step;
    return this.#test(expression);
  }

  #test(expression: Expression): Test {
    switch (expression.kind) {
      case 'happens':
        return this.#happens(expression);
      case 'seen':
        return this.#seen(expression);
      case 'is':
        return this.#is(expression);
      case 'not': {
        const of = this.#test(expression.of);
        return (moment) => !of(moment);
      }
      case 'and': {
        const all = expression.of.map((one) => this.#test(one));
        return (moment) => all.every((one) => one(moment));
      }
      case 'or': {
        const all = expression.of.map((one) => this.#test(one));
        return (moment) => all.some((one) => one(moment));
      }
    }
  }

  #happens({ type, fields, at }: Happens): Test {
    this.#checkSeen(type, at);
    const tests = fields.map((field) => {
      const { name, operator, value, valueAt } = field;
      const count = name === 'event' || name === 'hart' ? this.system.countOf(name) : undefined;
      if (count !== undefined && /^\d+$/.test(value) && Number(value) >= count) this.#noSuchIndex(name, count, valueAt);
      const met = this.#meet(`${name} of ${type}`);
      return { name, met, holds: compare(operator, value) };
    });
    const happened = this.#meet(type, 'fact');
    return ({ fact }) => {
      if (fact?.type !== type) return false;
      happened(type);
      return tests.every(({ name, met, holds }) => {
        const found = textOf((fact as unknown as Record<string, unknown>)[name]);
        met(found);
        return holds(found);
      });
    };
  }

  #seen({ which, name, operator, value, at }: Seen): Test {
    this.#checkSeen(name, at);
    const parts = this.#partsWith(which, name, at);
    const holds = compare(operator, value);
    const met = this.#meet(name);
    return quantified(which, parts, ({ part }, present) => {
      const found = observeOne(part, present).find(([known]) => known === name)?.[1];
      if (found !== undefined) met(found);
      return found !== undefined && holds(found);
    });
  }

  #is({ which, state, inDriver, at }: Is): Test {
    const role = inDriver ? 'driver' : 'lifecycle';
    const parts = this.#ofRole(which, (part) => part.role === role);
    // Of C it is known in which callback it is, and no more.
    const namesIn = inDriver && this.ofC !== undefined ? namesOfCallbacks : namesOfStates;
    const known = [...new Set(parts.flatMap(({ part }) => namesIn(part.machine)))];
    if (!known.includes(state))
      this.#fail(noSuch(inDriver ? 'function or state of the driver' : 'state of an event', state, known), at);
    return quantified(which, parts, (_, present) => isIn(present, state));
  }

  /** Refuses what cannot be seen of a driver's C: it would seem never to be. */
  #checkSeen(name: string, at: number): void {
    const why = this.ofC?.lacks(name);
    if (why !== undefined) this.#fail(why, at);
  }

  #partsWith(which: Which | undefined, name: string, at: number): Numbered[] {
    const presents = initialPresents(this.system);
    const namesOf = ({ part, number }: Numbered): string[] => observeOne(part, presents[number]!).map(([one]) => one);
    const parts = this.#ofRole(which, (part) => (which === undefined) === (ownerOf(part) === ''));
    const found = parts.filter((one) => namesOf(one).includes(name));
    if (found.length > 0) return found;
    const of =
      which === undefined
        ? ''
        : ` of ${typeof which.of === 'number' ? `${which.index} ${which.of}` : `any ${which.index}`}`;
    if (name === 'count') this.#fail('count is in no state: it is what was added so far; ask for count.add', at);
    const elsewhere = [...this.system.parts.entries()].find(
      ([number, part]) => ownerOf(part) !== '' && namesOf({ part, number }).includes(name),
    )?.[1];
    if (which === undefined && elsewhere !== undefined)
      this.#fail(
        `say whose ${name}: ${ownerOf(elsewhere)} ${name}, or any ${ownerOf(elsewhere).split(' ')[0]} ${name}`,
        at,
      );
    return this.#fail(noSuch(`value${of}`, name, [...new Set(parts.flatMap(namesOf))]), at);
  }

  #ofRole(which: Which | undefined, isMeant: (part: Part) => boolean): Numbered[] {
    if (which !== undefined && typeof which.of === 'number') {
      const count = this.system.countOf(which.index);
      if (which.of >= count) this.#noSuchIndex(which.index, count, which.at);
    }
    return [...this.system.parts.entries()].flatMap(([number, part]) => {
      const [index, of] = ownerOf(part).split(' ');
      const isWhose =
        which === undefined || (index === which.index && (typeof which.of === 'string' || `${which.of}` === of));
      return isWhose && isMeant(part) ? [{ part, number }] : [];
    });
  }

  #meet(name: string, kind: Met['kind'] = 'value'): (value: string) => void {
    const values = new Set<string>();
    this.met.push({ name, kind, step: this.#step, values });
    return (value) => {
      if (values.size < MOST_VALUES) values.add(value);
    };
  }

  #noSuchIndex(index: string, count: number, at: number): never {
    const known = Array.from({ length: count }, (_, number) => `${number}`).join(', ');
    return this.#fail(
      count === 0 ? `there is no ${index} here` : `there is no such ${index} here; there are ${known}`,
      at,
    );
  }

  #fail(reason: string, at: number): never {
    throw new BadQuestion(this.question.text, at, reason);
  }
}

interface Numbered {
  readonly part: Part;
  readonly number: number;
}

/** A test of one, any, every or no part; what is found of a part's state is kept. */
function quantified(
  which: Which | undefined,
  parts: readonly Numbered[],
  holds: (one: Numbered, present: Present) => boolean,
): Test {
  const known = parts.map(() => new Map<unknown, boolean>());
  const isTrue = (moment: Moment, one: Numbered, index: number): boolean => {
    const local = moment.local(one.number);
    let answer = known[index]!.get(local);
    if (answer === undefined) {
      answer = holds(one, moment.present(one.number));
      known[index]!.set(local, answer);
    }
    return answer;
  };
  if (which?.of === 'every') return (moment) => parts.every((one, index) => isTrue(moment, one, index));
  if (which?.of === 'no') return (moment) => !parts.some((one, index) => isTrue(moment, one, index));
  return (moment) => parts.some((one, index) => isTrue(moment, one, index));
}

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : Array.isArray(value) ? JSON.stringify(value) : String(value);
