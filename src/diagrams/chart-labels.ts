import type { Chart, ChartState, ChartTransition } from './chart.ts';
import { isAlarm } from './fact-text.ts';
import { type Line, type Span, small, type TableRow, wrapped } from './graph.ts';
import { guardText } from './guard.ts';

/** The name, and the lines in the C: of a place, or of a part that is a function of its own. */
export function titleOf({ name, source, states }: ChartState): Line[] {
  if (name === '') return [];
  const title: Line = [{ text: name, colour: 'ink', bold: true }];
  if (source === undefined || (states.length > 0 && name !== source.function)) return [title];
  return [title, [{ text: lineText(source.lines), colour: 'faint', small: true }]];
}

/** `line 302`, `lines 302–303`. */
export const lineText = ([first, last]: readonly [number, number]): string =>
  first === last ? `line ${first}` : `lines ${first}–${last}`;

/** What is said of a chart beside its own words. */
export interface ChartWords {
  /** Lines beneath the name of a state that has none inside it. */
  readonly ofState: (id: string) => readonly string[];
  /** Who brings a transition about; undefined if nothing is to be said of it. */
  readonly ofTransition: (transition: ChartTransition) => string | undefined;
}

/** What of a transition is written. */
interface Written {
  readonly withoutActions?: boolean;
  readonly words?: ChartWords;
}

/** A line in a state has no more characters than that, where its facts can be broken into several. */
const IN_STATE = 56;

/** What a state answers to without being left: a line each, or more where that is long. */
export function internals(chart: Chart, id: string, written: Written = {}): Line[] {
  return groupsOf(staysIn(chart, id), written).flatMap(({ facts, guard, actions, by }): Line[] => {
    const beside: Span[] = [];
    if (by) beside.push({ text: ` · ${by}`, colour: 'faint' });
    if (guard) beside.push({ text: ` [${guard}]`, colour: 'guard' });
    if (actions) beside.push({ text: ` / ${actions}`, colour: 'action' });
    const lines = wrapped(factsText(facts), 'ink', IN_STATE);
    return lines.map((line, index) => small(index === lines.length - 1 ? [...line, ...beside] : line));
  });
}

/** The same as rows of a table. */
export const internalRows = (chart: Chart, id: string, withoutActions = false): TableRow[] =>
  groupsOf(staysIn(chart, id), { withoutActions }).map(({ facts, guard, actions }) => ({
    facts: factsText(facts),
    guard,
    effect: actions,
  }));

/** All transitions of a chart as rows of a table, in the order in which they are asked: `else` is what those above it leave. */
export function transitionRows(chart: Chart, isStrong: (transition: ChartTransition) => boolean): TableRow[] {
  let before: string | undefined;
  return chart.transitions.flatMap((transition) =>
    groupsOf([transition], {}).map(({ facts, guard, actions }): TableRow => {
      const { from, to } = transition;
      const state = from === before ? '' : from;
      before = from;
      const strong = isStrong(transition) ? { strong: true } : {};
      return { state, facts: factsText(facts), guard, effect: actions, next: to ?? '', ...strong };
    }),
  );
}

const staysIn = ({ transitions }: Chart, id: string): ChartTransition[] =>
  transitions.filter(({ from, to }) => from === id && to === null);

interface Group {
  readonly facts: string[];
  readonly guard: string;
  readonly actions: string;
  readonly by: string;
}

/** Transitions that lead to the same place; facts with the same guard and actions stand together. */
function groupsOf(transitions: readonly ChartTransition[], { withoutActions = false, words }: Written): Group[] {
  const groups = new Map<string, Group>();
  for (const transition of transitions) {
    const { on, guard, otherwise, actions } = transition;
    const condition = guard === null ? (otherwise ? 'else' : '') : guardText(guard);
    const by = words?.ofTransition(transition) ?? '';
    const group = { facts: [], guard: condition, actions: withoutActions ? '' : actions.join(', '), by };
    const key = JSON.stringify([group.guard, group.actions, by]);
    if (!groups.has(key)) groups.set(key, group);
    const { facts } = groups.get(key)!;
    if (on !== null && !facts.includes(on)) facts.push(on);
  }
  return [...groups.values()];
}

/** `fact [guard] / actions`, each on lines of its own. */
export function labelOf(transitions: readonly ChartTransition[], written: Written): Line[] {
  return groupsOf(transitions, written).flatMap(({ facts, guard, actions, by }) => [
    ...(facts.length > 0 ? wrapped(factsText(facts), facts.every(isAlarm) ? 'broken' : 'ink') : []),
    ...(by ? wrapped(by, 'faint').map(small) : []),
    ...(guard ? wrapped(`[${guard}]`, 'guard') : []),
    ...(actions ? wrapped(`/ ${actions}`, 'action') : []),
  ]);
}

/** `add.call, del.call` as `add, del .call`, where there are several. */
function factsText(facts: readonly string[]): string {
  const ends = new Set(facts.map((fact) => fact.split('.')[1]));
  const [end] = ends;
  if (facts.length < 3 || ends.size > 1 || end === undefined) return facts.join(', ');
  return `${facts.map((fact) => fact.split('.')[0]).join(', ')} (.${end})`;
}
