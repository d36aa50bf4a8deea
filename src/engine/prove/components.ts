import type { Part, System } from '../compose/system.ts';
import { Chart } from './chart.ts';
import { type Integer, valuesFrom } from './integer.ts';
import { type Mention, type Name, NotApplicable, textOf } from './names.ts';

/** The machines that have one number of an index: an event, a hart. Of those that no index selects there is one of a kind: the shared part. */
export interface Kind {
  /** The index; null for the shared part. */
  readonly index: string | null;
  readonly roles: readonly string[];
  /** The charts by role, of each sort of them that the system has: events that open as other kinds, say. */
  readonly sorts: readonly (readonly Chart[])[];
}

/** A component in a state: which charts it has, and the local state of each. */
export interface Component {
  readonly kind: number;
  readonly sort: number;
  readonly locals: readonly number[];
  /** Of the shared part: the sums over all components, each no more than its limit; or the integer alone. */
  readonly sums: readonly number[];
  readonly mentions: readonly Mention[];
  /** Its states as text, without the names: the weights are by it. */
  readonly nameless: string;
}

const nothing: readonly number[] = [];

/** The kinds of component that a system is made of, and every state of one that was met, by its number. */
export class Components {
  readonly kinds: readonly Kind[];
  readonly all: Component[] = [];
  readonly #known = new Map<string, number>();
  readonly #renamed = new Map<string, number>();

  constructor(
    readonly system: System,
    readonly integer: Integer | undefined,
    readonly limit: number,
    forgotten: ReadonlyMap<string, readonly string[]>,
  ) {
    const { vocabulary, parts } = system;
    const ordering = parts.find(({ role }) => vocabulary.roles[role]!.orders !== undefined);
    if (ordering)
      throw new NotApplicable(`the ${ordering.role} puts every ${vocabulary.roles[ordering.role]!.orders} in an order`);
    const charts = new Map<string, Chart>();
    const chartOf = (part: Part): Chart => {
      const key = textOf([part.role, part.input]);
      const known = charts.get(key);
      if (known?.part.machine === part.machine) return known;
      const chart = new Chart(part, forgotten.get(part.role) ?? [], valuesFrom(limit));
      charts.set(key, chart);
      return chart;
    };
    this.kinds = [null, ...vocabulary.selectors].flatMap((index) => {
      const own = parts.filter(({ role }) => (vocabulary.roles[role]!.indexedBy ?? null) === index);
      const roles = [...new Set(own.map(({ role }) => role))].filter((role) => role !== integer?.role);
      const numbers = [...new Set(own.map((part) => part.index))];
      const sorts = numbers.map((number) =>
        roles.map((role) => {
          const part = own.find((one) => one.role === role && one.index === number);
          if (part === undefined) throw new NotApplicable(`not every ${index} has a ${role}`);
          return chartOf(part);
        }),
      );
      const distinct = sorts.filter(
        (sort, at) => sorts.findIndex((other) => other.every((c, i) => c === sort[i])) === at,
      );
      return own.length === 0 ? [] : [{ index, roles, sorts: distinct }];
    });
  }

  /** The number of a component in a state. */
  intern(kind: number, sort: number, locals: readonly number[], sums: readonly number[] = nothing): number {
    const key = `${kind} ${sort} ${locals} ${sums}`;
    let number = this.#known.get(key);
    if (number === undefined) {
      const charts = this.kinds[kind]!.sorts[sort]!;
      const mentions = charts.flatMap((chart, at) =>
        chart.mentions[locals[at]!]!.map(({ name, path }) => ({ name, path: chart.role + path })),
      );
      const texts = charts.map((chart, at) => chart.texts[locals[at]!]!.replace(/"@([a-z]+) \d+"/gi, '"@$1"'));
      number = this.all.push({ kind, sort, locals, sums, mentions, nameless: `${sort}${texts.join()}` }) - 1;
      this.#known.set(key, number);
    }
    return number;
  }

  /** The same component with other local states and sums. */
  changed(of: number, locals: readonly number[], sums: readonly number[] = this.all[of]!.sums): number {
    const { kind, sort } = this.all[of]!;
    return this.intern(kind, sort, locals, sums);
  }

  /** The same component in other words. */
  rename(of: number, names: ReadonlyMap<Name, Name>): number {
    const { kind, sort, locals, sums, mentions } = this.all[of]!;
    if (mentions.every(({ name }) => (names.get(name) ?? name) === name)) return of;
    const by = (name: Name): Name => names.get(name) ?? name;
    const key = `${of} ${mentions.map(({ name }) => by(name).description)}`;
    let renamed = this.#renamed.get(key);
    if (renamed === undefined) {
      const charts = this.kinds[kind]!.sorts[sort]!;
      renamed = this.intern(
        kind,
        sort,
        charts.map((chart, at) => chart.rename(locals[at]!, by)),
        sums,
      );
      this.#renamed.set(key, renamed);
    }
    return renamed;
  }

  /** A component for a person: where each of its machines is, and what the shared part keeps. */
  told(of: number, name: Name | null): string {
    const { kind, sort, locals, sums } = this.all[of]!;
    const states = this.kinds[kind]!.sorts[sort]!.map((chart, at) => {
      const { value, context } = chart.snapshots[locals[at]!]!;
      const shown =
        name === null ? Object.entries(context).filter(([, one]) => one === null || typeof one !== 'object') : [];
      const fields = shown.map(([field, one]) => `${field} ${typeof one === 'symbol' ? one.description : one}`);
      return `${chart.role} ${[placeOf(value), ...fields].filter((text) => text !== '').join(', ')}`;
    });
    const sum =
      sums.length > 0 && this.integer
        ? [`${this.integer.role} ${sums[0] === this.limit ? `${this.limit} or more` : sums[0]}`]
        : [];
    return `${name === null ? 'shared' : name.description}: ${[...states, ...sum].join('; ')}`;
  }
}

/** Where a chart is, as one word for each region. */
const placeOf = (value: unknown): string =>
  typeof value === 'string'
    ? value
    : Object.entries(value as object)
        .map(([state, inner]) => (placeOf(inner) === '' ? '' : `${state}.${placeOf(inner)}`))
        .filter((text) => text !== '')
        .join(', ');
