import type { Property } from '../check/property.ts';
import { initialSnapshot, type System } from '../compose/index.ts';
import { BoundSums, outOfBounds } from './bounds.ts';
import { ClausesOfWindows } from './clauses.ts';
import { Closure, type Effort } from './closure.ts';
import { Components } from './components.ts';
import { integerOf } from './integer.ts';
import { NotApplicable } from './names.ts';
import { Forgotten } from './slice.ts';
import { type Member, Steps } from './steps.ts';
import { loopText, type Weighed, weigh } from './weights.ts';
import type { Shape } from './windows.ts';

/** How much a view shows, and up to where sums are kept. */
export interface Precision {
  /** How many components of the first kind a view shows beside the shared part. */
  readonly k: number;
  /** The limit of the integer; that of the other sums is one less. */
  readonly limit: number;
}

/** What the views of a system say of some properties. */
export interface Attempt {
  readonly precision: Precision;
  readonly properties: readonly Property[];
  readonly closure: Closure;
  readonly sums: BoundSums | undefined;
  readonly weighed: Weighed | undefined;
  /** By property id: why it is open. What is not here is proved. */
  readonly open: ReadonlyMap<string, Open>;
  /** The ids of the properties of which nothing happened. */
  readonly vacuous: ReadonlySet<string>;
  readonly milliseconds: number;
}

/** Why a property is not proved: a view that stands in the way, or a reason for which views cannot decide it. */
export interface Open {
  readonly view?: readonly string[];
  readonly reason: string;
  readonly applicable: boolean;
}

/** Closes the views of a system, and asks the properties of them. Throws NotApplicable, or LimitReached. */
export function attempt(
  system: System,
  properties: readonly Property[],
  precision: Precision,
  effort: Effort,
): Attempt {
  const forgotten = lists(system);
  for (;;)
    try {
      return attemptWith(system, properties, precision, effort, forgotten);
    } catch (error) {
      // What is looked at is kept, and perhaps it is finite.
      if (!(error instanceof Forgotten)) throw error;
      for (const [role, fields] of forgotten)
        forgotten.set(
          role,
          fields.filter((field) => field !== error.field),
        );
    }
}

/** The lists in shared machines, which can grow with the number of components: dropped, if nobody looks at them. */
function lists(system: System): Map<string, string[]> {
  const shared = system.parts.filter(({ role }) => system.vocabulary.roles[role]!.indexedBy === undefined);
  return new Map(
    shared.map(({ role, machine, input }) => {
      const context: object = initialSnapshot(machine, input).context;
      return [role, Object.entries(context).flatMap(([field, value]) => (Array.isArray(value) ? [field] : []))];
    }),
  );
}

function attemptWith(
  system: System,
  properties: readonly Property[],
  precision: Precision,
  effort: Effort,
  forgotten: ReadonlyMap<string, readonly string[]>,
): Attempt {
  const started = performance.now();
  const integer = integerOf(system);
  const components = new Components(system, integer, precision.limit, forgotten);
  const steps = new Steps(components);
  const free = new Closure(components, steps, shapesOf(components, 1), undefined, effort).run();
  const weighed = integer && weigh(integer.initial, firsts(components), [...free.moves.values()]);
  const bounds = properties.flatMap(({ clauses }) =>
    clauses.flatMap((clause) => (clause.kind === 'always' && clause.bounds ? [clause.bounds] : [])),
  );
  const sums =
    weighed && weighed.weights === undefined ? undefined : new BoundSums(components, bounds, weighed?.weights, free);
  const closure = new Closure(components, steps, shapesOf(components, precision.k), sums, effort).run();
  const open = new Map<string, Open>();
  for (const property of properties) {
    const why = whyOpen(property, closure, sums, weighed);
    if (why) open.set(property.id, why);
  }
  const facts = [...new Map([...closure.taken.values()].map(({ step }) => [step.told, step.fact])).values()];
  const vacuous = new Set(
    properties.filter(({ speaksOf }) => !facts.some((fact) => speaksOf(fact))).map(({ id }) => id),
  );
  return { precision, properties, closure, sums, weighed, open, vacuous, milliseconds: performance.now() - started };
}

/** The first states of components, as weights know them. */
const firsts = (components: Components): string[] =>
  components.kinds.flatMap(({ index, sorts }, kind) =>
    index === null
      ? []
      : sorts.map(
          (charts, sort) =>
            components.all[
              components.intern(
                kind,
                sort,
                charts.map(() => 0),
              )
            ]!.nameless,
        ),
  );

/** The shapes of views: the shared part with k of the first kind, and each two kinds together. */
function shapesOf({ kinds }: Components, k: number): Shape[] {
  const shared = kinds.findIndex(({ index }) => index === null);
  const others = [...kinds.keys()].filter((kind) => kind !== shared);
  const [first] = others;
  if (first === undefined) throw new NotApplicable('there is one of everything');
  const own = Array.from({ length: k }, () => first);
  const pairs = others.flatMap((a, at) => others.slice(at + 1).map((b) => [...(a === first ? own : [a]), b]));
  return [...(shared < 0 ? [] : [[shared, ...own]]), ...pairs, ...(shared < 0 && pairs.length === 0 ? [own] : [])];
}

/** Why a property is open after all views are known; undefined if it is proved. */
function whyOpen(
  property: Property,
  closure: Closure,
  sums: BoundSums | undefined,
  weighed: Weighed | undefined,
): Open | undefined {
  const { components, windows } = closure;
  const clauses = new ClausesOfWindows(components, windows, (members) => closure.outside(members));
  const stands = (members: readonly Member[], reason: string): Open => ({
    view: members.map(({ of, name }) => components.told(of, name)),
    reason,
    applicable: true,
  });
  if (property.clauses.every(({ kind }) => kind === 'can reach' || kind === 'no deadlock'))
    return { reason: 'views do not say what can be reached from a state (AG EF)', applicable: false };
  try {
    for (const clause of property.clauses) {
      // What can be reached from a state, views do not say.
      if (clause.kind === 'can reach' || clause.kind === 'no deadlock') continue;
      if (clause.kind === 'whenever') {
        for (const { members, value, step } of closure.taken.values()) {
          if (!clause.facts.includes(step.fact.type)) continue;
          const found = clauses.violatedBy(property, clause, members, step.fact, value);
          if (found) return stands(found, `${step.fact.type} violates it in a view`);
        }
      } else if (clause.bounds) {
        if (sums === undefined)
          return { reason: `the integer is no sum over components: ${loopText(weighed)}`, applicable: true };
        const found = outOfBounds(clause.bounds, closure, sums);
        if (found) return stands(found, 'the sums over all components do not decide it');
      } else {
        const found = violatingView(property, clause, closure, clauses);
        if (found) return stands(found, 'a view violates it');
      }
    }
  } catch (error) {
    if (!(error instanceof NotApplicable)) throw error;
    return { reason: error.message, applicable: false };
  }
  return undefined;
}

function violatingView(
  property: Property,
  clause: Extract<Property['clauses'][number], { kind: 'always' }>,
  closure: Closure,
  clauses: ClausesOfWindows,
): readonly Member[] | undefined {
  for (const views of closure.windows.views)
    for (const ids of views.values()) {
      const members = closure.windows.membersOf(ids);
      for (const { value } of closure.outside(members)) {
        const found = clauses.violated(property, clause, members, value);
        if (found) return found;
      }
    }
  return undefined;
}
