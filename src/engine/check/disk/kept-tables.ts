import { createHash } from 'node:crypto';
import { snapshotKey } from '../../compose/index.ts';
import type { AnyFact } from '../../vocabulary.ts';
import { REFUSED } from '../answers.ts';
import type { Component } from '../component.ts';
import type { Product } from '../product.ts';
import type { Table } from '../table.ts';
import { DiskError } from './disk-error.ts';

/** What was found out of one machine: its local states, each by how it was met first, and every transition and refusal. */
interface KeptTable {
  /** The parts that share it. */
  readonly parts: readonly number[];
  /** By symbol. */
  readonly facts: readonly AnyFact[];
  /** By local state but the first: from which it was met first, and the symbol. */
  readonly origins: readonly (readonly [from: number, symbol: number])[];
  /** A digest of the local states. */
  readonly states: string;
  /** A local state, a symbol, and the local state that it leads to or {@link REFUSED}; one after the other. */
  readonly known: readonly number[];
}

/** All of it. */
interface KeptTables {
  readonly tables: readonly KeptTable[];
  /** By component and by its state: the local states of its parts. */
  readonly components: readonly (readonly (readonly number[])[])[];
}

/** What was found out of the machines of a product, as text: what the numbers in packed states stand for. */
export class TablesText {
  #known = '';
  #text = '';

  constructor(
    readonly product: Product,
    readonly components: readonly Component[],
  ) {}

  /** It is long, and seldom changes. */
  get text(): string {
    const { product, components } = this;
    const known = [...product.tables.map(({ computed }) => computed), ...components.map(({ size }) => size)].join();
    if (known !== this.#known) this.#text = JSON.stringify(keepTables(product, components));
    this.#known = known;
    return this.#text;
  }

  /**
   * Gives the components the states that they had. Each machine is asked for every transition and refusal that was known of it:
   * throws a {@link DiskError} if one of them is another now, since then the states that were found are those of another system.
   */
  restore(text: string): void {
    restoreTables(this.product, this.components, JSON.parse(text) as KeptTables);
  }
}

function keepTables({ tables }: Product, components: readonly Component[]): KeptTables {
  return {
    tables: [...new Set(tables)].map((table) =>
      keepTable(
        table,
        tables.flatMap((other, part) => (other === table ? part : [])),
      ),
    ),
    components: components.map((component) =>
      Array.from({ length: component.size }, (_, state) => component.locals(state)),
    ),
  };
}

function keepTable(table: Table, parts: readonly number[]): KeptTable {
  const symbols = new Map(table.facts.map((fact, symbol) => [fact, symbol]));
  return {
    parts,
    facts: table.facts,
    origins: table.origins.slice(1).map((origin) => [origin!.from, symbols.get(origin!.fact)!]),
    states: digestOf(table.snapshots.map(snapshotKey)),
    known: [...table.known()].flatMap(({ from, fact, to }) => [from, symbols.get(fact)!, to]),
  };
}

const digestOf = (keys: readonly string[]): string => createHash('sha1').update(keys.join('\n')).digest('hex');

function restoreTables(
  { tables, system }: Product,
  components: readonly Component[],
  { tables: kept, components: states }: KeptTables,
): void {
  /** By part, and by local state as it was numbered: its number now. */
  const numbers: number[][] = [];
  for (const one of kept) {
    const { role, index } = system.parts[one.parts[0]!]!;
    const now = restoreTable(tables[one.parts[0]!]!, one, `the ${role} ${index}`);
    for (const part of one.parts) numbers[part] = now;
  }
  for (const [place, component] of components.entries())
    for (const locals of states[place]!)
      component.intern(locals.map((local, at) => numbers[component.parts[at]!]![local]!));
}

function restoreTable(table: Table, { facts, origins, states, known }: KeptTable, who: string): number[] {
  const symbols = facts.map((fact) => table.symbol(fact));
  const numbers = [0];
  const check = (from: number, symbol: number, is: (to: number) => boolean): number => {
    const to = table.next(numbers[from]!, symbols[symbol]!);
    if (!is(to)) throw new DiskError(`${who} takes ${facts[symbol]!.type} otherwise than it did`);
    return to;
  };
  for (const [from, symbol] of origins) numbers.push(check(from, symbol, (to) => to !== REFUSED));
  if (digestOf(numbers.map((number) => snapshotKey(table.snapshots[number]!))) !== states)
    throw new DiskError(`${who} has other states than it had`);
  for (let at = 0; at < known.length; at += 3) {
    const [from, symbol, to] = [known[at]!, known[at + 1]!, known[at + 2]!];
    check(from, symbol, (now) => now === (to === REFUSED ? REFUSED : numbers[to]));
  }
  return numbers;
}
