/** How deep lists and objects may lie in each other in what comes from outside. */
const DEEPEST = 32;

/** Strings, brackets, and what separates. In JSON that is known to be good, each is found in one go. */
const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\]:]/g;

/**
 * Reads JSON from outside. Throws a RangeError that says why, if it is none, is nested too deep, or an object has a key twice or
 * one that is no data (`__proto__`).
 */
export function parseJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new RangeError(`is no JSON: ${text.slice(0, 80)}`);
  }
  if (typeof value === 'object' && value !== null) checkKeys(text);
  return value;
}

function checkKeys(text: string): void {
  /** The keys of the objects that are open, innermost last; a list has none. */
  const open: (Set<string> | undefined)[] = [];
  let last = '';
  TOKENS.lastIndex = 0;
  for (let found = TOKENS.exec(text); found !== null; found = TOKENS.exec(text)) {
    const [token] = found;
    if (token === '{' || token === '[') {
      if (open.push(token === '{' ? new Set() : undefined) > DEEPEST) throw new RangeError('is nested too deep');
    } else if (token === '}' || token === ']') open.pop();
    else if (token === ':') addKey(open.at(-1)!, last);
    else last = token;
  }
}

function addKey(keys: Set<string>, quoted: string): void {
  const key = quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1);
  if (key === '__proto__') throw new RangeError('has a key __proto__');
  if (keys.has(key)) throw new RangeError(`has the key ${key.slice(0, 80)} twice`);
  keys.add(key);
}
