import type { Components } from './components.ts';
import { kindOf, type Name, NotApplicable, nameOf } from './names.ts';
import type { Member } from './steps.ts';

/** The kinds of component that a view shows, in order: the shared part and an event; an event and a hart. */
export type Shape = readonly number[];

/** What was looked up, and how large it was when it was first. */
export type Looked = Map<{ readonly size: number }, number>;

/** A window in words of its own: who is shown comes first, then who is named. */
interface Canonical {
  readonly key: string;
  readonly ids: readonly number[];
  readonly names: ReadonlyMap<Name, Name>;
}

/**
 * The views that are known, and the windows that they allow: some components, of which all that a view can show is a view.
 * A name in a window is that of a member, or of somebody outside.
 */
export class Windows {
  /** By shape: the views, as the numbers of components under the first names. */
  readonly views: readonly Map<string, readonly number[]>[];
  /** By what is left of a view without one of its components: those that it can be. */
  readonly #others = new Map<string, Set<number>>();
  readonly #canonicals = new Map<string, readonly Canonical[]>();
  /** What was looked up since it was set, and its size then: what came of it is to be done again when one has grown. */
  looked: Looked = new Map();
  /** The views of all shapes, counted. */
  readonly count = { size: 0 };

  constructor(
    readonly components: Components,
    readonly shapes: readonly Shape[],
  ) {
    this.views = shapes.map(() => new Map());
  }

  /** Adds what a window shows, in words of its own. Says whether it is new. */
  add(shape: number, members: readonly Member[]): boolean {
    const [{ key, ids }] = this.#canonical(members) as [Canonical];
    const views = this.views[shape]!;
    if (views.has(key)) return false;
    views.set(key, ids);
    this.count.size++;
    const shown = this.membersOf(ids);
    for (const [at, { of, name }] of shown.entries())
      for (const rest of this.#canonical(shown.toSpliced(at, 1), name)) {
        const names = new Map(rest.names);
        this.#nameAll(names, [of]);
        this.#beside(`${shape} ${this.components.all[of]!.kind} ${rest.key}`).add(this.components.rename(of, names));
      }
    return true;
  }

  has(shape: number, members: readonly Member[]): boolean {
    return this.views[shape]!.has(this.#canonical(members)[0]!.key);
  }

  /** The components of a view, under the first names of each kind. */
  membersOf(ids: readonly number[]): Member[] {
    const counts = new Map<string, number>();
    return ids.map((of) => {
      const { index } = this.components.kinds[this.components.all[of]!.kind]!;
      if (index === null) return { of, name: null };
      const number = counts.get(index) ?? 0;
      counts.set(index, number + 1);
      return { of, name: nameOf(index, number) };
    });
  }

  /** Every part of a view that has these kinds, and no other, none twice: those that came with views from `from` on. */
  *parts(shape: number, kinds: readonly number[], from: number, seen: Set<string>): Generator<readonly Member[]> {
    for (const ids of [...this.views[shape]!.values()].slice(from)) {
      const members = this.membersOf(ids);
      for (const part of subsets(members, this.kindsOf(members), kinds)) {
        const [canonical] = this.#canonical(part) as [Canonical];
        if (seen.has(canonical.key)) continue;
        seen.add(canonical.key);
        yield this.membersOf(canonical.ids);
      }
    }
  }

  /** A window with one more component of each of these kinds, in every way that the views allow. */
  *withAll(members: readonly Member[], kinds: readonly number[]): Generator<readonly Member[]> {
    if (kinds.length === 0) {
      yield members;
      return;
    }
    const kind = kinds.find((one) => this.#anchor(members, one) !== undefined);
    if (kind === undefined) throw new NotApplicable('no view shows together who takes part in a fact');
    const others = kinds.toSpliced(kinds.indexOf(kind), 1);
    for (const wider of this.with(members, kind)) yield* this.withAll(wider, others);
  }

  /** A window with one more component of a kind, in every way that the views allow; the one of that name, if it is given. */
  *with(members: readonly Member[], kind: number, only?: Name): Generator<readonly Member[]> {
    const { components } = this;
    const found = this.#anchor(members, kind);
    if (found === undefined) throw new NotApplicable('no view shows together what is looked at');
    const { shape, anchor } = found;
    const { index } = components.kinds[kind]!;
    const used = this.#namesIn(members);
    const outside = [...used].filter(
      (name) => kindOf(name) === index && members.every((member) => member.name !== name),
    );
    const names = index === null ? [null] : only !== undefined ? [only] : [...outside, fresh(used, index)];
    for (const name of names)
      for (const other of this.#fitting(shape, kind, anchor, name, used)) {
        const wider = [...members, { of: other, name }];
        if (this.#allowed(wider)) yield wider;
      }
  }

  /** The components that fit beside an anchor under a name, in the words of the window. */
  *#fitting(
    shape: number,
    kind: number,
    anchor: readonly Member[],
    name: Name | null,
    used: ReadonlySet<Name>,
  ): Generator<number> {
    const { components } = this;
    const { key, names } = this.#canonical(anchor, name)[0]!;
    const back = new Map([...names].map(([own, canonical]) => [canonical, own]));
    const others = this.#beside(`${shape} ${kind} ${key}`);
    this.#look(others);
    for (const other of [...others]) {
      const more = [...new Set(components.all[other]!.mentions.map((mention) => mention.name))].filter(
        (one) => !back.has(one),
      );
      for (const words of assignments(more, back, new Set([...used, ...(name ? [name] : [])])))
        yield components.rename(other, words);
    }
  }

  /** Whether all that views can show of the last member of a window, with others, is a view. */
  #allowed(members: readonly Member[]): boolean {
    const last = members.at(-1)!;
    const before = members.slice(0, -1);
    const kinds = this.kindsOf(before);
    const own = this.components.all[last.of]!.kind;
    const allowed = this.shapes.every((shape, number) => {
      const at = shape.indexOf(own);
      return (
        at < 0 || [...subsets(before, kinds, shape.toSpliced(at, 1))].every((rest) => this.has(number, [...rest, last]))
      );
    });
    // Any view that comes may allow it.
    if (!allowed) this.#look(this.count);
    return allowed;
  }

  #look(at: { readonly size: number }): void {
    if (!this.looked.has(at)) this.looked.set(at, at.size);
  }

  #beside(anchor: string): Set<number> {
    let others = this.#others.get(anchor);
    if (others === undefined) {
      others = new Set();
      this.#others.set(anchor, others);
    }
    return others;
  }

  /** A shape, and the members of a window beside which it can show one more component of a kind. */
  #anchor(members: readonly Member[], kind: number): { shape: number; anchor: readonly Member[] } | undefined {
    const kinds = this.kindsOf(members);
    for (const [number, shape] of this.shapes.entries()) {
      const at = shape.indexOf(kind);
      if (at < 0) continue;
      const [anchor] = subsets(members, kinds, shape.toSpliced(at, 1));
      if (anchor !== undefined) return { shape: number, anchor };
    }
    return undefined;
  }

  kindsOf(members: readonly Member[]): number[] {
    return members.map(({ of }) => this.components.all[of]!.kind);
  }

  #namesIn(members: readonly Member[]): Set<Name> {
    const names = members.flatMap(({ of, name }) => [
      ...(name ? [name] : []),
      ...this.components.all[of]!.mentions.map((mention) => mention.name),
    ]);
    return new Set(names);
  }

  /** Gives the next names to all that are mentioned and have none yet. */
  #nameAll(names: Map<Name, Name>, components: readonly number[], first: readonly (Name | null)[] = []): void {
    const take = (name: Name | null): void => {
      if (name === null || names.has(name)) return;
      const kind = kindOf(name);
      names.set(name, nameOf(kind, [...names.keys()].filter((one) => kindOf(one) === kind).length));
    };
    for (const name of first) take(name);
    for (const of of components) for (const { name } of this.components.all[of]!.mentions) take(name);
  }

  /** A window in words of its own, in every order of its members that comes to the same. `beside` is named right after who is shown. */
  #canonical(members: readonly Member[], beside: Name | null = null): readonly Canonical[] {
    let key = beside?.description ?? '';
    for (const { of, name } of members) key += ` ${of} ${name?.description}`;
    let known = this.#canonicals.get(key);
    if (known === undefined) {
      known = this.#findCanonical(members, beside);
      this.#canonicals.set(key, known);
    }
    return known;
  }

  #findCanonical(members: readonly Member[], beside: Name | null): readonly Canonical[] {
    let best: Canonical[] = [];
    for (const order of orders(members, this.kindsOf(members))) {
      const names = new Map<Name, Name>();
      const ids = order.map(({ of }) => of);
      this.#nameAll(names, ids, [...order.map(({ name }) => name), beside]);
      const renamed = ids.map((of) => this.components.rename(of, names));
      const key = `${beside ? kindOf(beside) : ''} ${renamed}`;
      if (best.length > 0 && key > best[0]!.key) continue;
      if (best.length > 0 && key < best[0]!.key) best = [];
      best.push({ key, ids: renamed, names });
    }
    return best;
  }
}

const fresh = (used: ReadonlySet<Name>, index: string): Name => {
  for (let number = 0; ; number++) if (!used.has(nameOf(index, number))) return nameOf(index, number);
};

/** The members of some kinds, in every way. */
export function* subsets(
  members: readonly Member[],
  kinds: readonly number[],
  wanted: Shape,
): Generator<readonly Member[]> {
  const [first, ...others] = wanted;
  if (first === undefined) {
    yield [];
    return;
  }
  for (const [at, member] of members.entries()) {
    if (kinds[at] !== first) continue;
    // Of two of one kind that are wanted, the first in the window comes first.
    const left = [...members.keys()].filter(
      (one) => one !== at && (kinds[one] !== others[0] || first !== others[0] || one > at),
    );
    const rest = left.map((one) => members[one]!);
    const restKinds = left.map((one) => kinds[one]!);
    for (const more of subsets(rest, restKinds, others)) yield [member, ...more];
  }
}

/** The orders of members that differ in who comes first of one kind; the kinds stay in order. */
function* orders(members: readonly Member[], kinds: readonly number[]): Generator<readonly Member[]> {
  const sorted = members.map((member, at) => ({ member, kind: kinds[at]! })).sort((a, b) => a.kind - b.kind);
  const arrange = function* (done: readonly Member[], left: typeof sorted): Generator<readonly Member[]> {
    if (left.length === 0) yield done;
    for (const [at, { member, kind }] of left.entries())
      if (kind === left[0]!.kind) yield* arrange([...done, member], left.toSpliced(at, 1));
  };
  yield* arrange([], sorted);
}

/** The ways in which names of a view can be names of a window: of somebody there, or of one more outside; never two the same. */
function* assignments(
  more: readonly Name[],
  words: ReadonlyMap<Name, Name>,
  used: ReadonlySet<Name>,
): Generator<ReadonlyMap<Name, Name>> {
  const [first, ...others] = more;
  if (first === undefined) {
    yield words;
    return;
  }
  const taken = new Set(words.values());
  const index = kindOf(first);
  const choices = [...used].filter((name) => kindOf(name) === index && !taken.has(name));
  for (const name of [...choices, fresh(new Set([...used, ...taken]), index)])
    yield* assignments(others, new Map([...words, [first, name]]), used);
}
