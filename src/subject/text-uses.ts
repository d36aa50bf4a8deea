/** What leads to a variable: `cpu->books[0].`, `this_cpu_ptr(&x)->`. */
const PATH = String.raw`(?:[A-Za-z_]\w*(?:\([^()]*\))?(?:\[[^\]]*\])?\s*(?:->|\.)\s*)*`;
const INDEX = String.raw`(?:\s*\[[^\]]*\])?`;
/** What a declaration begins with. */
const TYPE = String.raw`(?:(?:static|volatile|unsigned|signed|long|int|short|char|bool|size_t|__read_mostly|[us](?:8|16|32|64)|u?int(?:8|16|32|64)_t|atomic(?:64)?_t|local64_t)\s+)+`;

/** The names of data that the text of a driver declares and writes, but never reads: each use is one that is known to. */
export function unreadNames(text: string): Set<string> {
  const statements = statementsOf(text);
  const names = new Set(statements.flatMap((statement) => updatedIn(statement)));
  const unread = new Set<string>();
  for (const name of names) {
    const word = new RegExp(`\\b${name}\\b`);
    const uses = statements.filter((statement) => word.test(statement));
    if (
      uses.every((use) => isDeclaration(use, name) || isUpdate(use, name)) &&
      uses.some((use) => isDeclaration(use, name))
    )
      unread.add(name);
  }
  return unread;
}

/** The names of data that the text counts with: that are stepped, up or down. */
export function countedNames(text: string): Set<string> {
  const stepped = /(?:\+\+|--)\s*(?:[\w>.-]*(?:->|\.))?(\w+)|\b(\w+)(?:\[[^\]]*\])?\s*(?:\+\+|--|[+-]=)/g;
  return new Set([...withoutComments(text).matchAll(stepped)].map(([, before, after]) => (before ?? after)!));
}

/** A statement, a declaration, or a line of the preprocessor; without what decides whether it is done. */
const statementsOf = (text: string): string[] =>
  withoutComments(text)
    .replace(/\\\n/g, ' ')
    .split('\n')
    .map((line) => (/^\s*#/.test(line) ? `;${line};` : line))
    .join('\n')
    .split(/[;{}]/)
    .flatMap((statement) => withoutConditions(statement.replace(/\s+/g, ' ').trim()))
    .filter((statement) => statement !== '');

/** A statement, and before it the conditions on which it is done. */
function withoutConditions(statement: string): string[] {
  const bare = statement.replace(/^(?:(?:else|do|default ?:|case [\w ]+:) ?)+/, '');
  const condition = /^if ?\(/.exec(bare)?.[0];
  if (condition === undefined) return [bare];
  let end = condition.length;
  for (let depth = 1; depth > 0 && end < bare.length; end++)
    depth += bare[end] === '(' ? 1 : bare[end] === ')' ? -1 : 0;
  return [bare.slice(0, end), ...withoutConditions(bare.slice(end).trim())];
}

const withoutComments = (text: string): string => text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$|"(?:[^"\\\n]|\\.)*"/gm, ' ');

const UPDATES: readonly string[] = [
  `(?:\\+\\+|--) ?${PATH}NAME${INDEX}`,
  `${PATH}NAME${INDEX} ?(?:\\+\\+|--)`,
  `${PATH}NAME${INDEX} ?(?:[-+|&^*]|<<|>>)?=(?!=)(?<right>.*)`,
  `(?:raw_|__)?this_cpu_(?:inc|dec) ?\\( ?${PATH}NAME ?\\)`,
  `(?:raw_|__)?this_cpu_(?:add|sub|write) ?\\( ?${PATH}NAME ?,(?<right>.*)\\)`,
  `(?:atomic|atomic64|local64|local)_(?:inc|dec) ?\\( ?& ?${PATH}NAME${INDEX} ?\\)`,
  `(?:atomic|atomic64|local64|local)_(?:add|sub) ?\\((?<right>.*), ?& ?${PATH}NAME${INDEX} ?\\)`,
  `(?:atomic|atomic64|local64|local)_set ?\\( ?& ?${PATH}NAME${INDEX} ?,(?<right>.*)\\)`,
  `WRITE_ONCE ?\\( ?${PATH}NAME${INDEX} ?,(?<right>.*)\\)`,
];

/** What a statement may update, whatever else it does. */
const updatedIn = (statement: string): string[] =>
  [...statement.matchAll(/\b([A-Za-z_]\w*)\b/g)].map(([, name]) => name!).filter((name) => isUpdate(statement, name));

/** Whether a statement does no more with a name than write it, from what is not itself. */
function isUpdate(statement: string, name: string): boolean {
  return UPDATES.some((pattern) => {
    const match = new RegExp(`^${pattern.replaceAll('NAME', name)}$`).exec(statement);
    return match !== null && !new RegExp(`\\b${name}\\b|[^=!<>]=[^=]`).test(match.groups?.right ?? '');
  });
}

const isDeclaration = (statement: string, name: string): boolean =>
  new RegExp(`^${TYPE}${name}${INDEX}(?: ?= ?[-\\w]+| ?= ?ATOMIC(?:64)?_INIT ?\\(\\w+\\))?$`).test(statement) ||
  new RegExp(`^(?:static )?DEFINE_PER_CPU\\w* ?\\( ?[\\w ]+, ?${name} ?\\)$`).test(statement);
