import { constants } from 'node:os';
import type { SyntaxNode } from '@lezer/common';
import type { Answer, Fact, Property } from '../facts/index.ts';
import type { Place } from '../findings/trace.ts';
import { CFile } from '../repair/source/c-file.ts';

/**
 * Where in the C the fault of a log lies, which breaks a property with its last fact. Where that is an answer, it is the return
 * statement that gives it, if there is only one that can, else the head of the callback; else the last step that has a line.
 */
export function faultPlace(
  property: Property,
  log: readonly Fact[],
  places: readonly (Place | undefined)[],
  text: string,
): Place | undefined {
  const last = log.at(-1);
  const head = places.at(-1);
  if (last !== undefined && head !== undefined && 'answer' in last && isJudged(property, last))
    return returnOf(text, last.answer, functionsIn(last, log, places), head) ?? head;
  // A return stands at the head of its function, which says little.
  return (
    places.findLast((known, position) => known !== undefined && !log[position]!.type.endsWith('.return')) ??
    places.findLast((known) => known !== undefined)
  );
}

const isJudged = ({ clauses }: Property, { type }: Fact): boolean =>
  clauses.some((clause) => clause.kind === 'whenever' && clause.facts.includes(type));

/** The functions in which the callback that a return ends was seen. */
function functionsIn(returned: Fact, log: readonly Fact[], places: readonly (Place | undefined)[]): string[] {
  const call = log.findLastIndex((fact) => isOfEvent(fact, returned) && fact.type.endsWith('.call'));
  const seen = places.slice(call).filter((place, at) => place !== undefined && isOfEvent(log[call + at]!, returned));
  return [...new Set(seen.map((place) => place!.function))];
}

const isOfEvent = (fact: Fact, other: Fact): boolean =>
  'event' in fact && 'event' in other && fact.event === other.event;

let read: { readonly text: string; readonly file: CFile } | undefined;

/** A driver's text, read once: there are many logs of it. */
function fileOf(text: string): CFile {
  if (read?.text !== text) read = { text, file: new CFile(text) };
  return read.file;
}

/** The one return statement of these functions, or of those that they call, that can give an answer; undefined if none or several can. */
function returnOf(text: string, answer: Answer, functions: readonly string[], head: Place): Place | undefined {
  const file = fileOf(text);
  const reached = reachedFrom(file, functions);
  const mentions = answer === 0 ? /^return 0;$/ : new RegExp(`-${errnoName(answer)}\\b`);
  const found = reached.flatMap((definition) =>
    file
      .all(['ReturnStatement', 'AssignmentExpression', 'InitDeclarator'], definition)
      .filter((node) => mentions.test(file.tight(node)))
      .map((node) => ({ node, definition })),
  );
  const [only, ...others] = found;
  if (only === undefined || others.length > 0 || only.node.name !== 'ReturnStatement') return undefined;
  const line = text.slice(0, only.node.from).split('\n').length;
  return { ...head, function: file.nameOf(only.definition) ?? head.function, lines: [line, line] };
}

/** An errno by name; one that the harness has no name for comes as its negative number. */
function errnoName(answer: Answer): string {
  const number = Number(answer);
  return Object.entries(constants.errno).find(([, value]) => value === -number)?.[0] ?? `${answer}`;
}

/** The definitions of functions, and of all that they call in the same file. */
function reachedFrom(file: CFile, functions: readonly string[]): SyntaxNode[] {
  const waiting = [...functions];
  const reached = new Map<string, SyntaxNode>();
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const definition = reached.has(name) ? undefined : file.functionCalled(name);
    if (definition === undefined) continue;
    reached.set(name, definition);
    for (const call of file.all(['CallExpression'], definition))
      waiting.push(/^\w+/.exec(file.written(call))?.[0] ?? '');
  }
  return [...reached.values()];
}
