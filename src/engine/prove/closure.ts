import type { Component, Components } from './components.ts';
import type { Value } from './integer.ts';
import { BELOW, kindOf, MANY, type Name, NotApplicable } from './names.ts';
import type { Member, Pattern, Step, Steps } from './steps.ts';
import { clamped, placesOf, restsOf, type Sums, totalOf } from './sums.ts';
import type { Move } from './weights.ts';
import { type Looked, type Shape, subsets, Windows } from './windows.ts';

/** A step that can be taken in some window, by the members that take part. */
export interface Taken {
  readonly members: readonly Member[];
  readonly value: Value;
  readonly step: Step;
}

/** Members of a window that can do facts of a pattern, and what was looked up when they did. */
interface Post {
  readonly pattern: Pattern;
  readonly members: readonly Member[];
  looked: Looked | undefined;
}

/** How much work a closure may be. */
export interface Effort {
  readonly views: number;
  readonly milliseconds: number;
  readonly signal?: AbortSignal;
}

/** Raised where a closure is too much work: it says what was reached. */
export class LimitReached extends Error {}

/** What the integer is, beside what the components outside add up to. */
interface Outside {
  readonly rest: readonly number[] | null;
  readonly value: Value;
}

/**
 * The least set of views that is closed: whatever the components of a window do that the views allow, what a view can show of it
 * afterwards is a view. It contains all that views can show of every reachable state, of any number of components.
 */
export class Closure {
  readonly windows: Windows;
  /** By the members and the fact: every step that was taken. */
  readonly taken = new Map<string, Taken>();
  /** What components do: by the text of their states, without names. */
  readonly moves = new Map<string, Move>();
  readonly #seen = new Set<string>();
  /** By what it leads to: the post that does so first. */
  readonly #alike = new Map<string, Post>();
  readonly #sharedKind: number;
  readonly #started = performance.now();
  extensions = 0;

  constructor(
    readonly components: Components,
    readonly steps: Steps,
    shapes: readonly Shape[],
    /** The sums that are kept; without them, the integer is kept by itself. */
    readonly sums: Sums | undefined,
    readonly effort: Effort,
  ) {
    this.windows = new Windows(components, shapes);
    this.#sharedKind = components.kinds.findIndex(({ index }) => index === null);
  }

  run(): this {
    this.#begin();
    const joins = this.#joins();
    const posts: Post[] = [];
    for (let ran = true; ran; ) {
      ran = false;
      for (const { patterns, windows } of joins)
        for (const members of windows())
          for (const pattern of patterns) posts.push({ pattern, members, looked: undefined });
      for (const post of posts) {
        if (post.looked !== undefined && ![...post.looked].some(([at, size]) => at.size !== size)) continue;
        ran = true;
        this.#check();
        post.looked = this.windows.looked = new Map();
        this.#post(post);
      }
    }
    return this;
  }

  /** By the kinds that take part in facts: the patterns, and how to get the windows of them that are new since the last time. */
  #joins(): { patterns: readonly Pattern[]; windows: () => Iterable<readonly Member[]> }[] {
    const { windows, steps } = this;
    const kinds = new Map(steps.patterns.map((pattern) => [pattern.kinds.join(), pattern.kinds]));
    return [...kinds].map(([key, wanted]) => {
      const covered = windows.shapes.map((shape) => wanted.filter((kind) => shape.includes(kind)));
      const best = covered.reduce((most, one, shape) => (one.length > covered[most]!.length ? shape : most), 0);
      const rest = wanted.filter((kind) => !covered[best]!.includes(kind));
      const bases: { members: readonly Member[]; looked: Looked }[] = [];
      const parts = new Set<string>();
      const seen = new Set<string>();
      let from = 0;
      const fresh = function* (this: Closure): Generator<readonly Member[]> {
        const to = windows.views[best]!.size;
        for (const members of windows.parts(best, covered[best]!, from, parts)) {
          if (rest.length === 0) yield members;
          else bases.push({ members, looked: new Map([[windows.count, -1]]) });
        }
        from = to;
        for (const base of bases) {
          if (![...base.looked].some(([at, size]) => at.size !== size)) continue;
          base.looked = windows.looked = new Map();
          for (const wider of [...windows.withAll(base.members, rest)]) {
            const own = this.#key(wider);
            if (!seen.has(own)) yield wider;
            seen.add(own);
          }
        }
      };
      return {
        patterns: steps.patterns.filter((pattern) => pattern.kinds.join() === key),
        windows: () => [...fresh.call(this)],
      };
    });
  }

  /** What the integer can be where the views allow a window. */
  *outside(members: readonly Member[]): Generator<Outside> {
    const { all } = this.components;
    const shared = sharedIn(members);
    if (shared === undefined || (this.sums === undefined && this.components.integer === undefined)) {
      yield { rest: null, value: 0 };
      return;
    }
    const { limit } = this.components;
    const { sums: total } = all[shared.of]!;
    if (this.sums === undefined) {
      yield { rest: null, value: total[0]! < 0 ? BELOW : total[0]! >= limit ? MANY : total[0]! };
      return;
    }
    const shown = totalOf(this.sums, members);
    // Others than those that views show beside the shared part add nothing.
    const beside = this.windows.shapes.filter((shape) => shape.includes(this.#sharedKind)).flat();
    const isBeside = (name: Name): boolean =>
      beside.some((kind) => this.components.kinds[kind]!.index === kindOf(name));
    const outsiders = new Set(all[shared.of]!.mentions.map(({ name }) => name).filter(isBeside));
    for (const { name } of members) if (name) outsiders.delete(name);
    const named = [...outsiders].map((name) => placesOf(this.components, shared.of, name));
    for (const rest of restsOf(this.sums, total, shown, named)) yield { rest, value: this.#value(rest[0]!, shown[0]!) };
  }

  #value(rest: number, shown: number): Value {
    if (this.components.integer === undefined) return 0;
    const { limit } = this.components;
    return rest >= limit || rest + shown >= limit ? MANY : rest + shown;
  }

  #begin(): void {
    const { kinds, integer } = this.components;
    const first = (kind: number): number[] =>
      kinds[kind]!.sorts.map((charts, sort) => {
        const sums =
          kinds[kind]!.index !== null
            ? []
            : this.sums
              ? this.sums.limits.map(() => 0)
              : integer
                ? [integer.initial]
                : [];
        return this.components.intern(
          kind,
          sort,
          charts.map(() => 0),
          sums,
        );
      });
    for (const [number, shape] of this.windows.shapes.entries()) {
      let all: number[][] = [[]];
      for (const kind of shape) all = all.flatMap((ids) => first(kind).map((of) => [...ids, of]));
      for (const ids of all) this.windows.add(number, this.windows.membersOf(ids));
    }
  }

  #check(): void {
    const { views, milliseconds, signal } = this.effort;
    if (signal?.aborted) throw new LimitReached('it was stopped');
    if (this.windows.count.size > views) throw new LimitReached(`there are more than ${views} views`);
    if (performance.now() - this.#started > milliseconds)
      throw new LimitReached(`it takes more than ${milliseconds / 1000} s`);
  }

  /** Everything that the members of a window can do, all of which take part. */
  #post(post: Post): void {
    const { pattern, members } = post;
    const values = new Set([...this.outside(members)].map(({ value }) => value));
    for (const value of values)
      for (const step of this.#stepsOf(pattern, members, value)) {
        const key = `${this.#key(members)} ${value.toString()} ${step.told} ${step.after} ${step.values.map(String)}`;
        if (!this.taken.has(key)) this.taken.set(key, { members, value, step });
        this.#note(members, step);
        // A sum over all components is the shared part's to keep.
        if (this.sums !== undefined && sharedIn(members) === undefined && this.#weighs(members, step))
          for (const wider of this.windows.withAll(members, [this.#sharedKind])) {
            const after = [...step.after, this.#bare(wider.at(-1)!.of)];
            this.#lead(post, wider, { ...step, after }, value);
          }
        else this.#lead(post, members, step, value);
      }
  }

  /** What views can show of a step: of some of those who take part, with others beside them. */
  #lead(post: Post, members: readonly Member[], step: Step, value: Value): void {
    const kinds = this.windows.kindsOf(members);
    const { hearing } = post.pattern;
    for (const [number, shape] of this.windows.shapes.entries())
      for (const part of partsOf(shape)) {
        const hears = hearing.some((kind) => shape.includes(kind));
        if (part.length === 0 && !hears) continue;
        // There is one shared part, and who has it at hand shows it.
        const hasShared = kinds.includes(this.#sharedKind);
        if (hasShared && shape.includes(this.#sharedKind) !== part.includes(this.#sharedKind)) continue;
        const beside = [...shape];
        for (const kind of part) beside.splice(beside.indexOf(kind), 1);
        for (const shown of subsets(members, kinds, part)) {
          if (!hears && !this.#changes(members, shown, step)) continue;
          if (
            hearing.length === 0 &&
            beside.length > 0 &&
            this.#isLike(post, number, members, shown, beside, step, value)
          )
            continue;
          for (const wider of this.windows.withAll(members, beside))
            this.#show(post.pattern, number, members, shown, wider, step, value);
        }
      }
  }

  /** Whether a step does to those who are shown, or to the sums, anything that a view can show. */
  #changes(members: readonly Member[], shown: readonly Member[], step: Step): boolean {
    const weighs = step.by !== 0 || (this.sums !== undefined && this.#weighs(members, step));
    return shown.some(
      (one) => (one.name === null && weighs) || step.after[members.indexOf(one)] !== this.#bare(one.of),
    );
  }

  /**
   * Whether another post leads to the same views: it does the same to those who are shown, and to the sums, and who else takes part
   * is in no view with those beside.
   */
  #isLike(
    post: Post,
    shape: number,
    members: readonly Member[],
    shown: readonly Member[],
    beside: Shape,
    step: Step,
    value: Value,
  ): boolean {
    const { all } = this.components;
    const hidden = members.filter((member) => !shown.includes(member));
    const kinds = this.windows.kindsOf(hidden);
    if (
      this.windows.shapes.some((one) =>
        kinds.some(
          (a) =>
            one.includes(a) &&
            beside.some((b) => one.includes(b) && (a !== b || one.indexOf(a) !== one.lastIndexOf(a))),
        ),
      )
    )
      return false;
    const after = shown.map((one) => step.after[members.indexOf(one)]);
    const mentions = hidden
      .flatMap(({ of, name }) => [name, ...all[of]!.mentions.map((mention) => mention.name)])
      .map(String);
    const sums = this.sums ? [totalOf(this.sums, members), totalOf(this.sums, this.#after(members, step))] : [];
    const values = step.by === 0 ? [] : step.values.map(String);
    const key = [shape, this.#key(shown), after, mentions, sums.map(String), value.toString(), values, step.by].join(
      ';',
    );
    const other = this.#alike.get(key);
    if (other === undefined) this.#alike.set(key, post);
    return other !== undefined && other !== post;
  }

  #show(
    pattern: Pattern,
    shape: number,
    members: readonly Member[],
    shown: readonly Member[],
    wider: readonly Member[],
    step: Step,
    value: Value,
  ): void {
    const key = `${shape} ${shown.map(({ name }) => String(name))} ${this.#key(wider)} ${value.toString()} ${step.told} ${step.after}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.extensions++;
    // The integer matters where the shared part takes part.
    const matters = pattern.kinds.includes(this.#sharedKind);
    const outsides = [...this.outside(wider)].filter((one) => !matters || one.value === value);
    for (const whole of this.#heard(pattern, members, wider, step, value)) {
      if (pattern.hearing.length > 0) {
        this.#note(wider, whole);
        this.#checkHearing(members.length, wider, whole);
      }
      for (const { rest } of outsides)
        for (const sums of this.#sumsAfter(wider, whole, rest)) {
          const after = this.#after(wider, whole).map(({ of, name }) =>
            name === null
              ? { of: this.components.changed(of, this.components.all[of]!.locals, sums), name }
              : { of, name },
          );
          this.windows.add(
            shape,
            after.filter((_, at) => at >= members.length || shown.includes(wider[at]!)),
          );
        }
    }
  }

  /** A step with what it does to those beside who take part: nothing, but to those who hear of it. None if one of these refuses it. */
  #heard(
    pattern: Pattern,
    members: readonly Member[],
    wider: readonly Member[],
    step: Step,
    value: Value,
  ): readonly Step[] {
    if (pattern.hearing.length === 0) {
      const beside = wider.slice(members.length).map(({ of }) => this.#bare(of));
      return [{ ...step, after: [...step.after, ...beside] }];
    }
    const isSame = ({ told, after }: Step): boolean =>
      told === step.told && `${after.slice(0, members.length)}` === `${step.after}`;
    return this.#stepsOf(pattern, wider, value).filter(isSame);
  }

  /** Throws if hearing of a fact changes what a component adds to a sum: those who are not in the window hear of it, too. */
  #checkHearing(taking: number, members: readonly Member[], step: Step): void {
    if (this.sums === undefined) return;
    for (const [at, { of, name }] of members.entries())
      if (at >= taking && name !== null && `${this.sums.of(of)}` !== `${this.sums.of(step.after[at]!)}`)
        throw new NotApplicable('who hears of a fact is another part of a sum then');
  }

  /** What the integer gains goes with the first component that takes part: the one whose fact it is. */
  #note(members: readonly Member[], step: Step): void {
    let { by } = step;
    for (const [at, { of, name }] of members.entries()) {
      if (name === null) continue;
      const from = this.components.all[of]!.nameless;
      const to = this.components.all[step.after[at]!]!.nameless;
      if (from !== to || by !== 0) this.moves.set(`${from} ${to} ${by}`, { from, to, by, told: step.told });
      by = 0;
    }
  }

  #sumsAfter(members: readonly Member[], step: Step, rest: readonly number[] | null): (readonly number[])[] {
    const shared = sharedIn(members);
    if (shared === undefined) return [[]];
    const { limit, integer, all } = this.components;
    if (this.sums === undefined) {
      if (integer === undefined || step.by === 0) return [all[shared.of]!.sums];
      return step.values.map((value) => [value === BELOW ? -1 : value === MANY ? limit : (value as number)]);
    }
    const shown = totalOf(this.sums, this.#after(members, step));
    if (integer !== undefined && step.by !== 0 && !step.values.includes(this.#value(rest![0]!, shown[0]!))) return [];
    return [
      clamped(
        rest!.map((one, at) => one + shown[at]!),
        this.sums.limits,
      ),
    ];
  }

  /** Whether a step changes what a sum is made of. Throws if the integer changes otherwise than the weights of who takes part. */
  #weighs(members: readonly Member[], step: Step): boolean {
    const before = totalOf(this.sums!, members);
    const after = totalOf(this.sums!, this.#after(members, step));
    if (this.components.integer !== undefined && after[0]! - before[0]! !== step.by)
      throw new NotApplicable('the integer is no sum over the components');
    return after.join() !== before.join();
  }

  #stepsOf(pattern: Pattern, members: readonly Member[], value: Value): readonly Step[] {
    return this.steps.of(
      pattern,
      members.map(({ of, name }) => ({ of: this.#bare(of), name })),
      value,
    );
  }

  /** A component without the sums, which no chart looks at. */
  #bare(of: number): number {
    const component: Component = this.components.all[of]!;
    return component.sums.length === 0 ? of : this.components.changed(of, component.locals, []);
  }

  #after(members: readonly Member[], { after }: Step): Member[] {
    return after.map((of, at) => ({ of, name: members[at]!.name }));
  }

  #key(members: readonly Member[]): string {
    return members.map(({ of, name }) => `${of} ${name?.description}`).join();
  }
}

const sharedIn = (members: readonly Member[]): Member | undefined => members.find(({ name }) => name === null);

/** The parts of a shape, none twice. */
function partsOf(shape: Shape): Shape[] {
  let parts: number[][] = [[]];
  for (const kind of shape) parts = parts.flatMap((part) => [part, [...part, kind]]);
  return [...new Map(parts.map((part) => [part.join(), part])).values()];
}
