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

/** What a state answers to without being left: a line each. */
export function internals(chart: Chart, id: string, withoutActions = false): Line[] {
  return groupsOf(staysIn(chart, id), withoutActions).map(({ facts, guard, actions }): Line => {
    const spans: Span[] = [{ text: factsText(facts), colour: 'ink' }];
    if (guard) spans.push({ text: ` [${guard}]`, colour: 'guard' });
    if (actions) spans.push({ text: ` / ${actions}`, colour: 'action' });
    return small(spans);
  });
}

/** The same as rows of a table. */
export const internalRows = (chart: Chart, id: string, withoutActions = false): TableRow[] =>
  groupsOf(staysIn(chart, id), withoutActions).map(({ facts, guard, actions }) => ({
    facts: factsText(facts),
    guard,
    effect: actions,
  }));

const staysIn = ({ transitions }: Chart, id: string): ChartTransition[] =>
  transitions.filter(({ from, to }) => from === id && to === null);

interface Group {
  readonly facts: string[];
  readonly guard: string;
  readonly actions: string;
}

/** Transitions that lead to the same place; facts with the same guard and actions stand together. */
function groupsOf(transitions: readonly ChartTransition[], withoutActions: boolean): Group[] {
  const groups = new Map<string, Group>();
  for (const { on, guard, otherwise, actions } of transitions) {
    const condition = guard === null ? (otherwise ? 'else' : '') : guardText(guard);
    const group = { facts: [], guard: condition, actions: withoutActions ? '' : actions.join(', ') };
    const key = JSON.stringify([group.guard, group.actions]);
    if (!groups.has(key)) groups.set(key, group);
    const { facts } = groups.get(key)!;
    if (on !== null && !facts.includes(on)) facts.push(on);
  }
  return [...groups.values()];
}

/** `fact [guard] / actions`, each on lines of its own. */
export function labelOf(transitions: readonly ChartTransition[], withoutActions: boolean): Line[] {
  return groupsOf(transitions, withoutActions).flatMap(({ facts, guard, actions }) => [
    ...(facts.length > 0 ? wrapped(factsText(facts), facts.every(isAlarm) ? 'broken' : 'ink') : []),
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
