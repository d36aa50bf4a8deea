import { REFUSED } from '../check/answers.ts';
import type { AnyFact, Vocabulary } from '../vocabulary.ts';
import type { Chart } from './chart.ts';
import type { Components } from './components.ts';
import { added, type Value } from './integer.ts';
import { type Name, NotApplicable, textOf } from './names.ts';

/** A component in a window, and its name there; the shared part has none. */
export interface Member {
  readonly of: number;
  readonly name: Name | null;
}

/** What a fact does to those who are in a window. */
export interface Step {
  readonly fact: AnyFact;
  readonly told: string;
  /** The members after it, in their order. */
  readonly after: readonly number[];
  /** What it adds to the integer, and what the integer can be then. */
  readonly by: number;
  readonly values: readonly Value[];
}

/** A fact type, and the kinds of component that take part in it; who hears it besides, however many there are. */
export interface Pattern {
  readonly type: string;
  readonly kinds: readonly number[];
  readonly hearing: readonly number[];
}

type Definition = Vocabulary['facts'][string];

/** What facts do to components, by their charts: the synchronous product of a few of them. */
export class Steps {
  readonly patterns: readonly Pattern[];
  readonly #known = new Map<string, readonly Step[]>();

  constructor(readonly components: Components) {
    const { kinds, system, integer } = components;
    const { facts, selectors } = system.vocabulary;
    const kindOfRole = (role: string): number =>
      role === integer?.role
        ? kinds.findIndex(({ index }) => index === null)
        : kinds.findIndex(({ roles }) => roles.includes(role));
    this.patterns = Object.entries(facts).flatMap(([type, { participants, authors, everyone, indices }]) => {
      const roles = [...participants, ...Object.values(authors)].filter((role) => kindOfRole(role) >= 0);
      const selected = indices
        .filter((index) => selectors.includes(index))
        .map((index) => kinds.findIndex((kind) => kind.index === index));
      if (participants.every((role) => kindOfRole(role) < 0) || selected.includes(-1)) {
        for (const index of indices)
          if (selectors.includes(index) && !kinds.some((kind) => kind.index === index) && system.countOf(index) > 0)
            throw new NotApplicable(`${type} has an index ${index} that selects nobody`);
        return [];
      }
      const own = [...new Set([...roles.map(kindOfRole), ...selected])].sort();
      return [{ type, kinds: own, hearing: [...new Set(everyone.map(kindOfRole))].filter((kind) => kind >= 0) }];
    });
    if (integer && !kinds.some(({ index }) => index === null))
      throw new NotApplicable('an integer is all that is shared');
  }

  /** Every fact of a pattern that the first members of a window can do, with the value that the integer has. */
  of({ type, kinds }: Pattern, members: readonly Member[], value: Value): readonly Step[] {
    const key = `${type} ${members.map(({ of, name }) => `${of}${name?.description}`)} ${value.toString()}`;
    let steps = this.#known.get(key);
    if (steps === undefined) {
      steps = this.#find(type, members, kinds.length, value);
      this.#known.set(key, steps);
    }
    return steps;
  }

  #find(type: string, members: readonly Member[], count: number, value: Value): Step[] {
    const { components } = this;
    const { system, integer } = components;
    const definition = system.vocabulary.facts[type]!;
    const charts = this.#seats(definition, members.slice(0, count), definition.participants);
    const initiator = charts[0];
    if (initiator && !initiator.chart.says(initiator.local, type)) return [];
    let offers: object[] = [{ type }];
    for (const index of definition.indices) {
      const member = members
        .slice(0, count)
        .find(({ of }) => components.kinds[components.all[of]!.kind]!.index === index);
      const values = member ? [member.name] : system.valuesOf(index, type);
      offers = offers.flatMap((fact) => values.map((one) => ({ ...fact, [index]: one })));
    }
    const change = integer?.changes.get(type);
    const told: readonly Value[] = change ? added(value, change.told, components.limit) : [value];
    return (offers as AnyFact[]).flatMap((bare) =>
      told.flatMap((tells) => {
        const fact = this.#authored(bare, definition, members.slice(0, count), change && { [change.tells]: tells });
        const text = textOf(fact);
        const taking = [...charts, ...this.#seats(definition, members, definition.everyone)];
        const after = members.map(({ of }) => [...components.all[of]!.locals]);
        for (const { chart, local, member, at } of taking) {
          const next = chart.next(local, fact, text);
          if (next === REFUSED) return [];
          after[member]![at] = next;
        }
        const by = change?.by ?? 0;
        const values = change && change.told === by ? [tells] : added(value, by, components.limit);
        return [
          { fact, told: text, after: members.map(({ of }, at) => components.changed(of, after[at]!)), by, values },
        ];
      }),
    );
  }

  #authored(bare: AnyFact, { authors }: Definition, members: readonly Member[], tells: object | undefined): AnyFact {
    const { integer } = this.components;
    let fact = bare;
    for (const role of new Set(Object.values(authors))) {
      if (role === integer?.role) {
        fact = { ...fact, ...tells };
        continue;
      }
      const [seat] = this.#seats(undefined, members, [role]);
      if (seat?.chart.part.authors[fact.type]) fact = { ...fact, ...seat.chart.write(seat.local, fact, textOf(fact)) };
    }
    return fact;
  }

  /** The charts of some roles among members: of each member that has one. */
  #seats(_: unknown, members: readonly Member[], roles: readonly string[]): Seat[] {
    const { all, kinds } = this.components;
    return roles.flatMap((role) =>
      members.flatMap(({ of }, member) => {
        const { kind, sort, locals } = all[of]!;
        const at = kinds[kind]!.roles.indexOf(role);
        return at < 0 ? [] : [{ chart: kinds[kind]!.sorts[sort]![at]!, local: locals[at]!, member, at }];
      }),
    );
  }
}

interface Seat {
  readonly chart: Chart;
  readonly local: number;
  readonly member: number;
  readonly at: number;
}
