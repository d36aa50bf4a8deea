import { withoutComments } from './comments.ts';

/** What leads to a variable: `cpu->books[0].`, `this_cpu_ptr(&x)->`. */
const PATH = String.raw`(?:[A-Za-z_]\w*(?:\([^()]*\))?(?:\[[^\]]*\])?\s*(?:->|\.)\s*)*`;
const INDEX = String.raw`(?:\s*\[[^\]]*\])?`;
/** What a declaration begins with. */
const TYPE = String.raw`(?:(?:static|volatile|unsigned|signed|long|int|short|char|bool|size_t|__read_mostly|[us](?:8|16|32|64)|u?int(?:8|16|32|64)_t|atomic(?:64)?_t|local64_t)\s+)+`;

/** The names of data that the text of a driver declares and writes, but never reads: each use is one that is known to. */
export function unreadNames(text: string): Set<string> {
  const statements = statementsOf(text);
  const uses = usesOf(statements);
  const unread = new Set<string>();
  if (uses.size > MOST) return unread;
  const names = new Set(statements.flatMap((statement) => updatedIn(statement)));
  for (const name of names) {
    const its = uses.get(name)!;
    if (
      its.every((use) => isDeclaration(use, name) || isUpdate(use, name)) &&
      its.some((use) => isDeclaration(use, name))
    )
      unread.add(name);
  }
  return unread;
}

/** By name: the statements that it stands in. */
function usesOf(statements: readonly string[]): Map<string, string[]> {
  const uses = new Map<string, string[]>();
  for (const statement of statements)
    for (const name of new Set(wordsOf(statement))) {
      const its = uses.get(name);
      if (its === undefined) uses.set(name, [statement]);
      else its.push(statement);
    }
  return uses;
}

const wordsOf = (statement: string): string[] => [...statement.matchAll(/\b[A-Za-z_]\w*\b/g)].map(([word]) => word);

/** In a text with more names, many times those of any driver, all are taken to be read. */
const MOST = 1 << 13;

/** A statement that is longer is for no pattern: what stands in it is used. */
const LONGEST = 1000;

/** The names of data that the text counts with: that are stepped, up or down. */
export function countedNames(text: string): Set<string> {
  const stepped =
    /(?:\+\+|--)\s*(?:[\w>.-]{0,100}(?:->|\.))?(\w+)|\b(\w{1,100})(?:\[[^\]]{0,100}\])?\s{0,100}(?:\+\+|--|[+-]=)/g;
  return new Set(
    [...withoutComments(text, { strings: true }).matchAll(stepped)].map(([, before, after]) => (before ?? after)!),
  );
}

/** A statement, a declaration, or a line of the preprocessor; without what decides whether it is done. */
const statementsOf = (text: string): string[] =>
  withoutComments(text, { strings: true })
    .replace(/\\\n/g, ' ')
    .split('\n')
    .map((line) => (/^\s*#/.test(line) ? `;${line};` : line))
    .join('\n')
    .split(/[;{}]/)
    .flatMap((statement) => withoutConditions(statement.replace(/\s+/g, ' ').trim()))
    .filter((statement) => statement !== '');

/** A statement, and before it the conditions on which it is done. */
function withoutConditions(statement: string): string[] {
  if (statement.length > LONGEST) return [statement];
  const bare = statement.replace(/^(?:(?:else|do|default ?:|case [\w ]+:) ?)+/, '');
  const condition = /^if ?\(/.exec(bare)?.[0];
  if (condition === undefined) return [bare];
  let end = condition.length;
  for (let depth = 1; depth > 0 && end < bare.length; end++)
    depth += bare[end] === '(' ? 1 : bare[end] === ')' ? -1 : 0;
  return [bare.slice(0, end), ...withoutConditions(bare.slice(end).trim())];
}

/** How a statement updates a name, by what stands in it at least. */
const UPDATES: readonly (readonly [has: RegExp, pattern: string])[] = [
  [/\+\+|--/, `(?:\\+\\+|--) ?${PATH}NAME${INDEX}`],
  [/\+\+|--/, `${PATH}NAME${INDEX} ?(?:\\+\\+|--)`],
  [/=/, `${PATH}NAME${INDEX} ?(?:[-+|&^*]|<<|>>)?=(?!=)(?<right>.*)`],
  [/this_cpu_/, `(?:raw_|__)?this_cpu_(?:inc|dec) ?\\( ?${PATH}NAME ?\\)`],
  [/this_cpu_/, `(?:raw_|__)?this_cpu_(?:add|sub|write) ?\\( ?${PATH}NAME ?,(?<right>.*)\\)`],
  [/_(?:inc|dec)/, `(?:atomic|atomic64|local64|local)_(?:inc|dec) ?\\( ?& ?${PATH}NAME${INDEX} ?\\)`],
  [/_(?:add|sub)/, `(?:atomic|atomic64|local64|local)_(?:add|sub) ?\\((?<right>.*), ?& ?${PATH}NAME${INDEX} ?\\)`],
  [/_set/, `(?:atomic|atomic64|local64|local)_set ?\\( ?& ?${PATH}NAME${INDEX} ?,(?<right>.*)\\)`],
  [/WRITE_ONCE/, `WRITE_ONCE ?\\( ?${PATH}NAME${INDEX} ?,(?<right>.*)\\)`],
];

/** What a statement may update, whatever else it does. */
const updatedIn = (statement: string): string[] =>
  statement.length > LONGEST ? [] : wordsOf(statement).filter((name) => isUpdate(statement, name));

/** Whether a statement does no more with a name than write it, from what is not itself. */
function isUpdate(statement: string, name: string): boolean {
  if (statement.length > LONGEST) return false;
  return UPDATES.some(([has, pattern]) => {
    if (!has.test(statement)) return false;
    const match = new RegExp(`^${pattern.replaceAll('NAME', name)}$`).exec(statement);
    return match !== null && !new RegExp(`\\b${name}\\b|[^=!<>]=[^=]`).test(match.groups?.right ?? '');
  });
}

const TYPED = new RegExp(`^${TYPE}`);

const isDeclaration = (statement: string, name: string): boolean =>
  statement.length <= LONGEST &&
  (TYPED.test(statement) || statement.includes('DEFINE_PER_CPU')) &&
  (new RegExp(`^${TYPE}${name}${INDEX}(?: ?= ?[-\\w]+| ?= ?ATOMIC(?:64)?_INIT ?\\(\\w+\\))?$`).test(statement) ||
    new RegExp(`^(?:static )?DEFINE_PER_CPU\\w* ?\\( ?[\\w ]+, ?${name} ?\\)$`).test(statement));
