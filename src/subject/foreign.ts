import { sep } from 'node:path';
import { NoSubject, OUTSIDE } from './compiler.ts';

/** What the shim itself reads and contains, beyond what is ours: the same may be in what is compiled. */
export interface Shim {
  /** Headers of the system, by their paths. */
  readonly headers: readonly string[];
  /** The templates of its inline assembly. */
  readonly assembly: readonly string[];
}

/** A directive that makes a line out to be of another file; with a comment before it, or in it. */
const LINE_DIRECTIVE = /(?:^|\*\/)[^\S\n]*(?:#|%:)[^\S\n]*(?:line\b|\d|\/\*)/m;
/** Pragmas that look at a file. */
const FILE_PRAGMA = /\bGCC[^\S\n]+(dependency|pch_preprocess)\b/;
/** A question whether there is a file elsewhere. */
const QUESTION = /\b__has_(?:include|include_next|embed)[^\S\n]*\(?[^\S\n]*[<"]([^">\n]*)[">]/g;

/**
 * Whether C of a stranger, as it stands, may be given to a preprocessor. Throws {@link NoSubject} that names what is refused: a
 * file elsewhere, or a directive that hides where a line comes from.
 */
export function checkText(name: string, text: string): void {
  // As the preprocessor joins lines.
  const joined = text.replaceAll('\r\n', '\n').replace(/\\[^\S\n]*\n/g, '');
  const refuse = (what: string): never => {
    throw new NoSubject(`${name} ${what}: refused`);
  };
  for (const path of [
    ...joined.matchAll(/^\s*#\s*(?:include|include_next|import|embed)\s*[<"]([^>"\n]+)[>"]/gm),
    ...joined.matchAll(QUESTION),
  ].map(([, path]) => path!))
    if (path.startsWith('/')) throw new NoSubject(`${name} reads ${JSON.stringify(path)}, ${OUTSIDE}`);
  if (LINE_DIRECTIVE.test(joined)) refuse('has a #line directive, with which text would seem to be of another file');
  const pragma = FILE_PRAGMA.exec(joined)?.[1];
  if (pragma !== undefined) refuse(`has a #pragma GCC ${pragma}, which looks at another file`);
}

/** Throws {@link NoSubject} if a file was read that is neither below a directory of ours nor of the shim. */
export function checkRead(files: readonly string[], ours: readonly string[], shim: Shim): void {
  const other = files.find(
    (file) => !shim.headers.includes(file) && !ours.some((own) => file.startsWith(`${own}${sep}`)),
  );
  if (other !== undefined) throw new NoSubject(`the driver includes ${other}, ${OUTSIDE}`);
}

const TOKENS = /\b(?:u8|[uUL])?R"|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|\b(?:asm|__asm|__asm__)\b/g;
const TEMPLATE =
  /\s*(?:(?:volatile|__volatile|__volatile__|goto|inline|__inline|__inline__)\s*)*\(\s*((?:"(?:\\.|[^"\\\n])*"\s*)*)/y;

/** The templates of all inline assembly in preprocessed C, each with the number of its line. */
export function assemblyIn(text: string): { readonly template: string; readonly at: number }[] {
  const found: { template: string; at: number }[] = [];
  for (const { 0: token, index } of text.matchAll(TOKENS)) {
    // A string that goes over lines could hide what follows from this look.
    if (token.endsWith('R"')) found.push({ template: token, at: index });
    if (!token.includes('asm') || token.startsWith('"') || token.startsWith("'")) continue;
    TEMPLATE.lastIndex = index + token.length;
    const template = TEMPLATE.exec(text)?.[1]?.match(/"(?:\\.|[^"\\\n])*"/g);
    found.push({ template: template?.map((part) => part.slice(1, -1)).join('') ?? '?', at: index });
  }
  return found;
}

/** Throws {@link NoSubject} if preprocessed C has inline assembly with instructions in it that are not the shim's. */
export function checkAssembly(text: string, shim: Shim): void {
  const other = assemblyIn(text).find(({ template }) => template !== '' && !shim.assembly.includes(template));
  if (other === undefined) return;
  const what = other.template.endsWith('R"')
    ? 'a raw string'
    : `inline assembly (${JSON.stringify(other.template.slice(0, 60))})`;
  throw new NoSubject(
    `${placeIn(text, other.at)} has ${what}, which is of another machine than this one, and not of the shim: refused`,
  );
}

/** The file and line of an offset in preprocessed C, as its line markers say. */
function placeIn(text: string, at: number): string {
  const lines = text.slice(0, at).split('\n');
  const marker = lines.findLastIndex((line) => /^# \d+ "/.test(line));
  const [, first = '1', file = 'the driver'] = /^# (\d+) "((?:\\.|[^"\\])*)"/.exec(lines[marker] ?? '') ?? [];
  return `${file}:${Number(first) + lines.length - marker - 2}`;
}
