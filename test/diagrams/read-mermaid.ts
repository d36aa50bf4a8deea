/** A text that no version of Mermaid could take for syntax: a character that means something stands as its code. */
const TEXT = '(?:[^;#"{}<>|\\\\`%]|#\\d+;|<br/>)+';

const STATE = new RegExp(`^state "${TEXT}" as (\\w+)( \\{)?$`);
const EDGE = new RegExp(`^(\\w+|\\[\\*\\]) --> (\\w+)(?: : ${TEXT})?$`);
const CLASS_DEFINITION = /^classDef (\w+) [\w#:, .-]+$/;
const CLASS = /^class ([\w,]+) (\w+)$/;

/** Reads the part of Mermaid's state diagrams that we write, and no more. Throws an Error at the first other line. */
export function readStateDiagram(text: string): { states: string[]; edges: [string, string][] } {
  const lines = text.split('\n');
  if (lines.shift() !== 'stateDiagram-v2') throw new Error('no state diagram');
  if (lines.pop() !== '') throw new Error('the last line is not ended');
  const states: string[] = [];
  const edges: [string, string][] = [];
  const classes: string[] = [];
  let depth = 0;
  const known = (name: string): void => {
    if (name !== '[*]' && !states.includes(name)) throw new Error(`${name} is not declared`);
  };
  for (const raw of lines) {
    const line = raw.trim();
    const [, state, opens] = STATE.exec(line) ?? [];
    const [, from, to] = EDGE.exec(line) ?? [];
    const [, defined] = CLASS_DEFINITION.exec(line) ?? [];
    const [, members, used] = CLASS.exec(line) ?? [];
    if (state !== undefined) {
      if (states.includes(state)) throw new Error(`${state} twice`);
      states.push(state);
      if (opens !== undefined) depth++;
    } else if (from !== undefined && to !== undefined) {
      known(from);
      known(to);
      edges.push([from, to]);
    } else if (members !== undefined) {
      members.split(',').forEach(known);
      if (!classes.includes(used!)) throw new Error(`no class ${used}`);
    } else if (defined !== undefined) classes.push(defined);
    else if (line === '}') depth--;
    else if (!/^direction (TB|LR)$/.test(line)) throw new Error(`not understood: ${line}`);
    if (depth < 0) throw new Error('a brace too many');
  }
  if (depth !== 0) throw new Error('a brace is missing');
  return { states, edges };
}

const LANE = new RegExp(`^(?:actor|participant) (\\w+) as ${TEXT}$`);
const MESSAGE = new RegExp(`^(\\w+)->>(\\w+): ${TEXT}$`);
const NOTE = new RegExp(`^Note over (\\w+): ${TEXT}$`);
const ACTIVITY = /^(activate|deactivate) (\w+)$/;

/** Reads the part of Mermaid's sequence diagrams that we write, and no more. Throws an Error at the first other line. */
export function readSequence(text: string): { lanes: string[]; messages: number; notes: number } {
  const lines = text.split('\n');
  if (lines.shift() !== 'sequenceDiagram') throw new Error('no sequence diagram');
  if (lines.pop() !== '') throw new Error('the last line is not ended');
  const depth = new Map<string, number>();
  let messages = 0;
  let notes = 0;
  for (const raw of lines) {
    const line = raw.trim();
    const lane = LANE.exec(line);
    const message = MESSAGE.exec(line);
    const note = NOTE.exec(line);
    const activity = ACTIVITY.exec(line);
    for (const name of [message?.[1], message?.[2], note?.[1], activity?.[2]])
      if (name !== undefined && !depth.has(name)) throw new Error(`${name} is not declared`);
    if (lane) depth.set(lane[1]!, 0);
    else if (message) messages++;
    else if (note) notes++;
    else if (activity) {
      const next = depth.get(activity[2]!)! + (activity[1] === 'activate' ? 1 : -1);
      if (next < 0) throw new Error(`${activity[2]} is not active`);
      depth.set(activity[2]!, next);
    } else throw new Error(`not understood: ${line}`);
  }
  for (const [name, left] of depth) if (left !== 0) throw new Error(`${name} is left active`);
  return { lanes: [...depth.keys()], messages, notes };
}
