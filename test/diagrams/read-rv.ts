/** What a reader of the dialect of Linux's runtime verification makes of a text. */
export interface ReadAutomaton {
  readonly states: readonly string[];
  readonly initial: string;
  readonly final: readonly string[];
  readonly edges: readonly (readonly [from: string, event: string, to: string])[];
}

/**
 * Reads the dialect as strictly as the strictest of its readers: line by line, tokens parted by blanks.
 * Throws an Error at the first line that such a reader could misread.
 */
export function readRv(text: string): ReadAutomaton {
  const lines = text.split('\n');
  const fail = (line: number, reason: string): never => {
    throw new Error(`line ${line + 1}: ${reason}: ${lines[line]}`);
  };
  if (lines.pop() !== '') throw new Error('the last line is not ended');
  if (lines[0] !== 'digraph state_automaton {') fail(0, 'not the first line of an automaton');
  const states: string[] = [];
  const final: string[] = [];
  let initial: string | undefined;
  let line = 1;
  for (; lines[line]?.trim().startsWith('{node'); line++) {
    const name = /^\t\{node \[[^\]]*\] "([A-Za-z_][A-Za-z0-9_]*)"\};$/.exec(lines[line]!)?.[1];
    if (name === undefined) fail(line, 'no state');
    else if (name.startsWith('__init_')) {
      if (initial !== undefined) fail(line, 'a second initial state');
      initial = name.slice('__init_'.length);
    } else {
      if (states.includes(name)) fail(line, 'a state twice');
      states.push(name);
      if (/doublecircle|ellipse/.test(lines[line]!)) final.push(name);
    }
  }
  if (initial === undefined || !states.includes(initial)) fail(line, 'no initial state among the states');
  if (lines[line] !== `\t"__init_${initial}" -> "${initial}";`) fail(line, 'no initial edge');
  const edges: [string, string, string][] = [];
  for (line++; lines[line] !== '}'; line++) {
    const edge = /^\t"([^" ;]+)" -> "([^" ;]+)" \[ label = "([^" ;]+)" \];$/.exec(lines[line] ?? '');
    if (edge === null) return fail(line, 'no edge');
    const [, from, to, events] = edge as unknown as [string, string, string, string];
    if (!states.includes(from) || !states.includes(to)) fail(line, 'a state that is not declared');
    for (const event of events.split('\\n')) {
      if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(event)) fail(line, 'an event that is no C identifier');
      edges.push([from, event, to]);
    }
  }
  if (line !== lines.length - 1) fail(line + 1, 'something after the end');
  return { states, initial: initial!, final, edges };
}
