import type { AnyMachineSnapshot } from 'xstate';
import type { Always, Present, Property, View, Whenever } from '../check/property.ts';
import type { AnyFact } from '../vocabulary.ts';
import type { Components } from './components.ts';
import { type Integer, type Value, valuesFrom } from './integer.ts';
import { isName, kindOf, MANY, type Name, NotApplicable, nameOf, numberOf, replaced, textOf } from './names.ts';
import { strict } from './slice.ts';
import type { Member } from './steps.ts';
import type { Windows } from './windows.ts';

/** Raised by a clause that looks at a component that a window does not show. */
class Unseen {
  constructor(
    readonly kind: number,
    readonly name: Name | null,
  ) {}
}

/** How a clause is asked: with names as they are, or with numbers in their place; and with a number for an integer that is not known. */
interface Look {
  readonly name: (name: Name) => unknown;
  readonly integer: (value: symbol) => unknown;
}

/** What a clause says must not depend on which numbers stand for names, nor on how large a large integer is. */
const LOOKS: readonly Look[] = [
  { name: (name) => name, integer: (value) => value },
  { name: numberOf, integer: (value) => value },
  { name: (name) => 100 - 3 * numberOf(name), integer: (value) => value },
];
const looksAt = (limit: number): Look[] =>
  valuesFrom(limit).map((many, at) => ({ name: numberOf, integer: (value) => (value === MANY ? many : -1 - at) }));

const looked = <T>(value: T, { name, integer }: Look): T =>
  replaced(value, (one) => (isName(one) ? name(one) : integer(one)));

/**
 * Asks clauses of windows. A clause sees who is shown. Where it looks at somebody else by name, it is asked of every window, that
 * the views allow, in which that one is shown too; where it looks at all of a kind at once, no view decides it.
 */
export class ClausesOfWindows {
  constructor(
    readonly components: Components,
    readonly windows: Windows,
    /** What the integer can be where the views allow a window. */
    readonly valuesIn: (members: readonly Member[]) => Iterable<{ readonly value: Value }>,
  ) {}

  /** A window in which an invariant is violated, if there is one. Of each window it is asked for all components that it is about. */
  violated(
    property: Property,
    clause: Always,
    members: readonly Member[],
    value: Value,
  ): readonly Member[] | undefined {
    for (const index of this.#asked(clause, members)) {
      const found = this.#ask(property, clause, members, index, undefined, value);
      if (found) return found;
    }
    return undefined;
  }

  /** A window in which a fact must not happen, if there is one: also for a component that takes no part in it. */
  violatedBy(
    property: Property,
    clause: Whenever,
    members: readonly Member[],
    fact: AnyFact,
    value: Value,
  ): readonly Member[] | undefined {
    const asked = this.#asked(clause, members);
    // Also for those who are not in the window: who is named there, and somebody whose name nobody has.
    if (clause.each !== undefined) {
      const named = members.flatMap(({ of }) => this.components.all[of]!.mentions.map(({ name }) => name));
      const outside = [...new Set(named)].filter((name) => kindOf(name) === clause.each && !asked.includes(name));
      asked.push(...outside, nameOf(clause.each, 9));
    }
    for (const index of asked) {
      const found = this.#ask(property, clause, members, index, fact, value);
      if (found) return found;
    }
    return undefined;
  }

  /** What a number sees that is read from what is shared. */
  shared(members: readonly Member[], own: readonly string[], value: Value): View {
    return this.#view({ id: 'a bound' } as Property, { own } as Always, members, null, value, LOOKS[0]!);
  }

  #asked({ each }: Always | Whenever, members: readonly Member[]): (Name | null)[] {
    if (each === undefined) return [null];
    return members.flatMap(({ of, name }) => (this.#indexOf(of) === each ? [name] : []));
  }

  #ask(
    property: Property,
    clause: Always | Whenever,
    members: readonly Member[],
    index: Name | null,
    fact: AnyFact | undefined,
    value: Value,
  ): readonly Member[] | undefined {
    try {
      return this.#holds(property, clause, members, index, fact, value) ? undefined : members;
    } catch (error) {
      if (!(error instanceof Unseen)) throw error;
      if (error.name === null && this.components.kinds[error.kind]!.index !== null)
        throw new NotApplicable(`${property.id} looks at every ${this.components.kinds[error.kind]!.index} at once`);
      for (const wider of this.windows.with(members, error.kind, error.name ?? undefined)) {
        // Of the integer nothing is known before the shared part is shown.
        const values = isShared(error.kind, this.components) ? [...this.valuesIn(wider)] : [{ value }];
        for (const { value: shown } of values) {
          const found = this.#ask(property, clause, wider, index, fact, shown);
          if (found) return found;
        }
      }
      return undefined;
    }
  }

  #holds(
    property: Property,
    clause: Always | Whenever,
    members: readonly Member[],
    index: Name | null,
    fact: AnyFact | undefined,
    value: Value,
  ): boolean {
    const { integer, limit } = this.components;
    const unsure = typeof value === 'symbol' && (integer === undefined || clause.own?.includes(integer.role));
    const looks = unsure || textOf(fact ?? null).includes('"@many"') ? [...LOOKS, ...looksAt(limit)] : LOOKS;
    const answers = looks.map((look) => {
      const view = this.#view(property, clause, members, index, value, look);
      try {
        return clause.kind === 'always' ? clause.holds(view) : clause.holds(looked(fact!, look), view);
      } catch (error) {
        if (error instanceof Unseen || error instanceof NotApplicable) throw error;
        throw new NotApplicable(`${property.id} computes with a number: ${(error as Error).message}`);
      }
    });
    if (answers.some((answer) => answer !== answers[0])) throw new NotApplicable(`${property.id} tells numbers apart`);
    return answers[0]!;
  }

  #view(
    property: Property,
    clause: Always | Whenever,
    members: readonly Member[],
    index: Name | null,
    value: Value,
    look: Look,
  ): View {
    const { all, kinds, integer } = this.components;
    const declared = [...(clause.own ?? []), ...(clause.every ?? [])];
    const check = (role: string): number => {
      if (!declared.includes(role)) throw new Error(`${property.id} reads a ${role} that it does not declare`);
      return kinds.findIndex(({ roles }) => roles.includes(role));
    };
    const present = (role: string, member: Member): Present => {
      const { kind, sort, locals } = all[member.of]!;
      const at = kinds[kind]!.roles.indexOf(role);
      const chart = kinds[kind]!.sorts[sort]![at]!;
      return looking(chart.snapshots[locals[at]!]!, chart.forgotten, look);
    };
    const shown = (role: string, kind: number, name: Name | null): Present => {
      const member = members.find((one) => all[one.of]!.kind === kind && one.name === name);
      if (member === undefined) throw new Unseen(kind, name);
      return present(role, member);
    };
    return {
      index: (index === null ? 0 : look.name(index)) as number,
      own: (role) => {
        const kind = check(role);
        if (role === integer?.role) {
          const shared = kinds.findIndex((one) => one.index === null);
          if (shared >= 0 && members.every(({ name }) => name !== null)) throw new Unseen(shared, null);
          return integerLike(integer, looked(value, look));
        }
        if (kind < 0) throw new NotApplicable(`${property.id} looks at a ${role}, of which there is none`);
        const { index: own } = kinds[kind]!;
        if (own !== null && own !== clause.each)
          throw new NotApplicable(`${property.id} looks at the ${role} of a number of something else`);
        return shown(role, kind, kinds[kind]!.index === null ? null : index);
      },
      every: (role) => {
        const kind = check(role);
        if (kind < 0) return [];
        if (kinds[kind]!.index === null) return [shown(role, kind, null)];
        const all = (): never => {
          throw new Unseen(kind, null);
        };
        return new Proxy([] as Present[], {
          get: (_, key) => shown(role, kind, nameLike(kinds[kind]!.index!, key, look) ?? all()),
          has: all,
          ownKeys: all,
        });
      },
    };
  }

  #indexOf(of: number): string | null {
    return this.components.kinds[this.components.all[of]!.kind]!.index;
  }
}

const isShared = (kind: number, { kinds }: Components): boolean => kinds[kind]!.index === null;

/** The name that a clause means by a key: there are few in a window. */
function nameLike(index: string, key: string | symbol, look: Look): Name | undefined {
  for (let number = 0; number < 10; number++) {
    const name = nameOf(index, number);
    const seen = look.name(name);
    if (seen === key || String(seen) === key) return name;
  }
  return undefined;
}

const looking = (snapshot: AnyMachineSnapshot, forgotten: readonly string[], look: Look): Present => ({
  context: strict(looked(snapshot.context, look), forgotten),
  value: snapshot.value,
  hasTag: (tag) => snapshot.hasTag(tag),
  matches: (value) => snapshot.matches(value as never),
});

/** The machine of an integer, as a clause sees it. */
export const integerLike = ({ first, field }: Integer, value: unknown): Present => ({
  context: { ...first.context, [field]: value },
  value: first.value,
  hasTag: (tag) => first.hasTag(tag),
  matches: (place) => first.matches(place as never),
});
