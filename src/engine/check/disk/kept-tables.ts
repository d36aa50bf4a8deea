import { createHash } from 'node:crypto';
import { snapshotKey } from '../../compose/index.ts';
import type { AnyFact } from '../../vocabulary.ts';
import { REFUSED } from '../answers.ts';
import type { Component } from '../component.ts';
import { draftKey, type Product } from '../product.ts';
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
  /** A digest of what each local state is, and of which facts its chart says anything there. */
  readonly states: string;
  /** A local state, a symbol, and the local state that it leads to or {@link REFUSED}; one after the other. */
  readonly known: readonly number[];
}

/** What machines write into a fact: by local states of the author, the fact with its data. */
interface KeptDraft {
  readonly fact: AnyFact;
  readonly depth: number;
  readonly written: readonly (readonly [local: number, fact: AnyFact])[];
}

/** All of it. */
interface KeptTables {
  readonly tables: readonly KeptTable[];
  readonly drafts: readonly KeptDraft[];
  /** By part: what predicates looked at. */
  readonly looks: readonly (readonly string[])[];
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
    const { tables, drafts, looks } = product;
    const known = [...tables.map(({ computed }) => computed), ...[...components, ...looks].map(({ size }) => size)]
      .concat([...drafts.values()].map(({ written }) => Object.keys(written).length))
      .join();
    if (known !== this.#known) this.#text = JSON.stringify(keepTables(product, components));
    this.#known = known;
    return this.#text;
  }

  /**
   * Gives the components the states that they had. Each machine is asked for every transition and refusal that was known of it, and
   * for all data that it wrote: throws a {@link DiskError} if one of them is another now, since then the states that were found are
   * those of another system.
   */
  restore(text: string): void {
    restoreTables(this.product, this.components, JSON.parse(text) as KeptTables);
  }
}

function keepTables(product: Product, components: readonly Component[]): KeptTables {
  const { tables, drafts, looks } = product;
  return {
    tables: [...new Set(tables)].map((table) =>
      keepTable(
        table,
        product.system.vocabulary.types,
        tables.flatMap((other, part) => (other === table ? part : [])),
      ),
    ),
    drafts: [...drafts.values()]
      .filter(({ written }) => written.length > 0)
      .map(({ fact, depth, written }) => ({
        ...{ fact, depth },
        written: [...written.keys()].flatMap((local) =>
          written[local] ? [[local, written[local].fact] as const] : [],
        ),
      })),
    looks: looks.map((seen) => [...seen]),
    components: components.map((component) =>
      Array.from({ length: component.size }, (_, state) => component.locals(state)),
    ),
  };
}

function keepTable(table: Table, types: readonly AnyFact['type'][], parts: readonly number[]): KeptTable {
  const symbols = new Map(table.facts.map((fact, symbol) => [fact, symbol]));
  return {
    parts,
    facts: table.facts,
    origins: table.origins.slice(1).map((origin) => [origin!.from, symbols.get(origin!.fact)!]),
    states: digestOf(table, types, [...table.snapshots.keys()]),
    known: [...table.known()].flatMap(({ from, fact, to }) => [from, symbols.get(fact)!, to]),
  };
}

/** A digest of local states. */
function digestOf(table: Table, types: readonly AnyFact['type'][], states: readonly number[]): string {
  const hash = createHash('sha1');
  for (const state of states) {
    const snapshot = table.snapshots[state]!;
    const mentioned = types.filter((type) => table.mentions(state, type));
    hash.update(JSON.stringify([snapshotKey(snapshot), [...snapshot.tags].sort(), mentioned]));
  }
  return hash.digest('hex');
}

function restoreTables(product: Product, components: readonly Component[], kept: KeptTables): void {
  const { tables, system } = product;
  /** By part, and by local state as it was numbered: its number now. */
  const numbers: number[][] = [];
  for (const one of kept.tables) {
    const { role, index } = system.parts[one.parts[0]!]!;
    const now = restoreTable(tables[one.parts[0]!]!, system.vocabulary.types, one, `the ${role} ${index}`);
    for (const part of one.parts) numbers[part] = now;
  }
  for (const one of kept.drafts) restoreDraft(product, one, numbers);
  for (const [part, seen] of kept.looks.entries()) for (const what of seen) product.looks[part]!.add(what);
  for (const [place, component] of components.entries())
    for (const locals of kept.components[place]!)
      component.intern(locals.map((local, at) => numbers[component.parts[at]!]![local]!));
}

function restoreDraft(product: Product, { fact, depth, written }: KeptDraft, numbers: readonly number[][]): void {
  const draft = product.drafts.get(draftKey(fact, depth));
  for (const [local, kept] of written) {
    const now = draft && product.write(draft, numbers[draft.author]![local]!).fact;
    if (JSON.stringify(now) !== JSON.stringify(kept))
      throw new DiskError(`the data of ${fact.type} is other than it was`);
  }
}

function restoreTable(
  table: Table,
  types: readonly AnyFact['type'][],
  { facts, origins, states, known }: KeptTable,
  who: string,
): number[] {
  const symbols = facts.map((fact) => table.symbol(fact));
  const numbers = [0];
  const check = (from: number, symbol: number, is: (to: number) => boolean): number => {
    const to = table.next(numbers[from]!, symbols[symbol]!);
    if (!is(to)) throw new DiskError(`${who} takes ${facts[symbol]!.type} otherwise than it did`);
    return to;
  };
  for (const [from, symbol] of origins) numbers.push(check(from, symbol, (to) => to !== REFUSED));
  if (digestOf(table, types, numbers) !== states) throw new DiskError(`${who} has other states than it had`);
  for (let at = 0; at < known.length; at += 3) {
    const [from, symbol, to] = [known[at]!, known[at + 1]!, known[at + 2]!];
    check(from, symbol, (now) => now === (to === REFUSED ? REFUSED : numbers[to]));
  }
  return numbers;
}
