import { REFUSED } from '../check/answers.ts';
import type { Bounds, Property } from '../check/property.ts';
import type { Attempt } from './attempt.ts';
import { addendOf, type BoundSums, isOfInteger, numberOf } from './bounds.ts';
import type { Chart } from './chart.ts';
import { ClausesOfWindows } from './clauses.ts';
import type { Closure } from './closure.ts';
import type { Component } from './components.ts';

/**
 * A component in a state: its kind, its sort, the state of each of its machines, and of the shared part, the sums. A state is its
 * number among those of its chart that differ in more than names, and the names that it has.
 */
export type ComponentText = readonly [kind: number, sort: number, states: readonly string[], sums: readonly number[]];

/** What is asked of the views: of each view of a shape, of each fact that happens, or of numbers and sums. @experimental */
export type AskedText =
  | { readonly of: 'views'; readonly property: string; readonly shape: number; readonly holds: readonly boolean[] }
  | {
      readonly of: 'facts';
      readonly property: string;
      readonly types: readonly string[];
      readonly holds: Readonly<Record<string, boolean>>;
    }
  | {
      readonly of: 'sums';
      readonly property: string;
      /** The number, by the states of the shared part; null if it is the integer. */
      readonly number: Readonly<Record<string, number>> | null;
      /** What each component adds, by its states. */
      readonly least: Readonly<Record<string, number>> | null;
      readonly most: Readonly<Record<string, number>> | null;
      readonly places: readonly [least: number, most: number];
    };

/**
 * A proof as text: the tables of the machines, the views, the sums, and what the properties say of them. Names of components are
 * `"@event 0"` in the text of states and facts, the shown ones first. The views are an inductive invariant: `checkProof`.
 *
 * @experimental
 */
export interface ProofText {
  readonly schema: 'hartproof.proof/1';
  readonly properties: readonly string[];
  /** The index of each kind of component (null: the shared part), and the roles of its machines. */
  readonly kinds: readonly { readonly index: string | null; readonly roles: readonly string[] }[];
  /** How facts are wired. The values of an index that selects a component are null. */
  readonly facts: Readonly<
    Record<
      string,
      {
        participants: readonly string[];
        everyone: readonly string[];
        authors: readonly string[];
        indices: Readonly<Record<string, readonly unknown[] | null>>;
      }
    >
  >;
  readonly integer: {
    readonly role: string;
    readonly changes: Readonly<Record<string, { by: number; tells: string; told: number }>>;
  } | null;
  /** Up to where each sum is kept; the first is the integer's, of weights. */
  readonly limits: readonly number[];
  /** By the states of a component, as text: what it adds to each sum. */
  readonly addends: Readonly<Record<string, readonly number[]>>;
  /**
   * By kind, sort and role: what the states are that have numbers; the first one; by state, the fact types that the chart names;
   * what comes after a fact, or null; what is written into one.
   */
  readonly charts: Readonly<
    Record<
      string,
      {
        states: readonly string[];
        first: string;
        says: Record<string, string[]>;
        next: Record<string, Record<string, string | null>>;
        writes: Record<string, Record<string, string>>;
      }
    >
  >;
  readonly shapes: readonly (readonly number[])[];
  /** By shape. */
  readonly views: readonly (readonly (readonly ComponentText[])[])[];
  readonly asked: readonly AskedText[];
  /** The types of the facts that happen: a proof in which they do not is none. */
  readonly happens: readonly string[];
}

/** Text with its names in the order in which they come. */
export function inOrder(text: string): string {
  const names = new Map<string, string>();
  const counts = new Map<string, number>();
  return text.replace(/"@(\w+) \d+"/g, (name, kind: string) => {
    let own = names.get(name);
    if (own === undefined) {
      const number = counts.get(kind) ?? 0;
      counts.set(kind, number + 1);
      own = `"@${kind} ${number}"`;
      names.set(name, own);
    }
    return own;
  });
}

/** What an attempt proved, as text. */
export function proofOf({ closure, properties, open, sums }: Attempt, ids: readonly string[]): ProofText {
  const { components, windows, taken } = closure;
  const { kinds, integer, system, all } = components;
  const { facts, selectors } = system.vocabulary;
  const states = new Map<Chart, Map<string, number>>();
  /** The states of a chart, by what they are but for the names. */
  const short = (chart: Chart, state: number): string => {
    const own = states.get(chart) ?? new Map<string, number>();
    states.set(chart, own);
    const pattern = inOrder(chart.texts[state]!);
    const number = own.get(pattern) ?? own.size;
    own.set(pattern, number);
    return `${number}${[...new Set(chart.mentions[state]!.map(({ name }) => `"@${name.description}"`))].join('')}`;
  };
  const text = ({ kind, sort, locals, sums: own }: Component): ComponentText => [
    kind,
    sort,
    kinds[kind]!.sorts[sort]!.map((chart, at) => short(chart, locals[at]!)),
    own,
  ];
  const views = windows.views.map((ofShape) => [...ofShape.values()].map((ids) => ids.map((of) => text(all[of]!))));
  const shown = new Set(windows.views.flatMap((ofShape) => [...ofShape.values()].flat()));
  const addends = sums
    ? Object.fromEntries(
        [...shown].flatMap((of) =>
          kinds[all[of]!.kind]!.index === null ? [] : [[keyOf(text(all[of]!)), sums.of(of)]],
        ),
      )
    : {};
  const charts = kinds.flatMap(({ sorts }, kind) =>
    sorts.flatMap((sort, number) =>
      sort.map((chart) => {
        const next: Record<string, Record<string, string | null>> = {};
        const writes: Record<string, Record<string, string>> = {};
        for (const [from, told, to] of chart.transitions) {
          const [state, fact, after] = inOrder(
            [short(chart, from), told, to === REFUSED ? '' : short(chart, to)].join('\n'),
          ).split('\n') as [string, string, string];
          next[state] = { ...next[state], [fact]: to === REFUSED ? null : after };
        }
        for (const [from, told, data] of chart.writes) {
          const [state, fact, written] = inOrder([short(chart, from), told, data].join('\n')).split('\n') as [
            string,
            string,
            string,
          ];
          writes[state] = { ...writes[state], [fact]: written };
        }
        const says = Object.fromEntries(
          chart.texts.map((_, state) => [
            inOrder(short(chart, state)),
            Object.keys(facts).filter((type) => chart.says(state, type)),
          ]),
        );
        return [
          `${kind} ${number} ${chart.role}`,
          { states: [...states.get(chart)!.keys()], first: short(chart, 0), says, next, writes },
        ] as const;
      }),
    ),
  );
  const used = closure.steps.patterns.map(({ type }) => type);
  return {
    schema: 'hartproof.proof/1',
    properties: ids,
    kinds: kinds.map(({ index, roles }) => ({ index, roles })),
    facts: Object.fromEntries(
      used.map((type) => {
        const { participants, everyone, authors, indices } = facts[type]!;
        const values = indices.map((index) => [index, selectors.includes(index) ? null : system.valuesOf(index, type)]);
        return [
          type,
          {
            participants,
            everyone,
            authors: [...new Set(Object.values(authors))],
            indices: Object.fromEntries(values),
          },
        ];
      }),
    ),
    integer: integer ? { role: integer.role, changes: Object.fromEntries(integer.changes) } : null,
    limits: sums?.limits ?? [components.limit],
    addends,
    charts: Object.fromEntries(charts),
    shapes: windows.shapes,
    views,
    asked: properties
      .filter(({ id }) => ids.includes(id) && !open.has(id))
      .flatMap((property) => asked(property, closure, sums, (of) => text(all[of]!))),
    happens: [...new Set([...taken.values()].map(({ step }) => step.fact.type))],
  };
}

/** A component as a key: its states, with names in their order. */
export const keyOf = ([kind, sort, states]: ComponentText): string => inOrder(`${kind} ${sort}\n${states.join('\n')}`);

/** What a property says of the views, as it was asked. */
function asked(
  property: Property,
  closure: Closure,
  sums: BoundSums | undefined,
  text: (of: number) => ComponentText,
): AskedText[] {
  const { components, windows, taken } = closure;
  const clauses = new ClausesOfWindows(components, windows, (members) => closure.outside(members));
  return property.clauses.flatMap((clause): AskedText[] => {
    if (clause.kind === 'whenever') {
      const holds = [...taken.values()]
        .filter(({ step }) => clause.facts.includes(step.fact.type))
        .map(({ members, value, step }): [string, boolean] => [
          stepKey(
            members.map(({ of }) => text(of)),
            step.told,
          ),
          clauses.violatedBy(property, clause, members, step.fact, value) === undefined,
        ]);
      return [{ of: 'facts', property: property.id, types: clause.facts, holds: Object.fromEntries(holds) }];
    }
    if (clause.kind !== 'always') return [];
    if (clause.bounds) return [boundsText(property, clause.bounds, closure, sums!, text)];
    return windows.views.flatMap((views, shape): AskedText[] => {
      const holds = [...views.values()].map((ids) => {
        const members = windows.membersOf(ids);
        return [...closure.outside(members)].every(
          ({ value }) => clauses.violated(property, clause, members, value) === undefined,
        );
      });
      return [{ of: 'views', property: property.id, shape, holds }];
    });
  });
}

/** A step as a key: who takes part, and the fact. */
export const stepKey = (members: readonly ComponentText[], told: string): string =>
  inOrder([...members.map(([kind, sort, states]) => `${kind} ${sort}\n${states.join('\n')}`), told].join('\n'));

function boundsText(
  property: Property,
  bounds: Bounds,
  closure: Closure,
  sums: BoundSums,
  text: (of: number) => ComponentText,
): AskedText {
  const { components, windows } = closure;
  const { kinds, all, integer } = components;
  const shown = [...new Set(windows.views.flatMap((views) => [...views.values()].flat()))];
  const isShared = (of: number): boolean => kinds[all[of]!.kind]!.index === null;
  const of = (which: 'least' | 'most') =>
    bounds[which] === undefined
      ? null
      : Object.fromEntries(
          shown
            .filter((one) => !isShared(one))
            .map((one) => [keyOf(text(one)), addendOf(components, bounds, which, one)]),
        );
  const number = (one: number): number => numberOf(closure, bounds, [{ of: one, name: null }], 0);
  return {
    of: 'sums',
    property: property.id,
    number: isOfInteger(bounds, integer)
      ? null
      : Object.fromEntries(shown.filter(isShared).map((one) => [keyOf(text(one)), number(one)])),
    least: of('least'),
    most: of('most'),
    places: [sums.place(bounds, 'least'), sums.place(bounds, 'most')],
  };
}
