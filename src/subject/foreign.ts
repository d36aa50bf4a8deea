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
/** So much of C is no driver: the longest of the kernel's have half a megabyte. */
const LONGEST = 4 << 20;
/** A question whether there is a file elsewhere. */
const QUESTION = /\b__has_(?:include|include_next|embed)[^\S\n]*\(?[^\S\n]*[<"]([^">\n]*)[">]/g;

/**
 * Whether C of a stranger, as it stands, may be given to a preprocessor. Throws {@link NoSubject} that names what is refused: a
 * file elsewhere, or a directive that hides where a line comes from.
 */
export function checkText(name: string, text: string): void {
  if (text.length > LONGEST)
    throw new NoSubject(
      `${name} has ${text.length.toLocaleString('en')} characters of C, and no more than ${LONGEST.toLocaleString('en')} are read`,
    );
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

/** No string of a kernel is longer: a pattern for longer ones would need a stack as deep. */
const STRING = String.raw`"(?:\\.|[^"\\\n]){0,65535}"`;
const CHARACTER = String.raw`'(?:\\.|[^'\\\n]){0,64}'`;
const TOO_LONG = String.raw`(?<long>"(?:\\.|[^"\\\n]){65536}|'(?:\\.|[^'\\\n]){65})`;
/** What gives a name to the assembler. */
const NAMED = String.raw`(?<named>\b_{0,2}(?:section|weakref|alias|symver|ifunc)_{0,2}\s{0,80}\()`;
const TOKENS = new RegExp(
  String.raw`(?<raw>\b(?:u8|[uUL])?R")|${STRING}|${CHARACTER}|${TOO_LONG}|\b(?:asm|__asm|__asm__)\b|${NAMED}|(?<directive>^[^\S\n]*#[^\S\n]*(?:ident|sccs)\b)`,
  'gm',
);
const STRINGS = String.raw`((?:${STRING}\s*){0,1024})`;
const TEMPLATE = new RegExp(
  String.raw`\s*(?:(?:volatile|__volatile|__volatile__|goto|inline|__inline|__inline__)\s*){0,16}\(\s*${STRINGS}`,
  'y',
);
const EACH_STRING = new RegExp(STRING, 'g');
const IN_PARENTHESES = new RegExp(`${STRING}|${CHARACTER}|[()]`, 'g');

/** What ends no line and no statement of the assembler's; kernels write the flags of a section behind its name, in quotes. */
const A_NAME = /^(?:[^\\;]|\\")*$/;
/** No attribute of a kernel is longer. */
const FARTHEST = 1 << 16;
const NEVER_CLOSED = '\\…';

/** What preprocessed C gives to the assembler as it stands. */
export interface ForAssembler {
  /** The template of inline assembly, or the name that an attribute gives, or what hides both. */
  readonly template: string;
  readonly kind: 'assembly' | 'name' | 'string' | 'directive';
  /** Where it stands. */
  readonly at: number;
}

/** All inline assembly in preprocessed C, and all else that the assembler reads as it is written. */
export function* assemblyIn(text: string): Generator<ForAssembler, void> {
  for (const { 0: token, index: at, groups: { raw, long, named, directive } = {} } of text.matchAll(TOKENS)) {
    const next = at + token.length;
    // A string that goes over lines could hide what follows from this look.
    if (raw !== undefined) yield { template: 'a raw string', kind: 'string', at };
    else if (long !== undefined) yield { template: 'a string that is longer than any of a kernel', kind: 'string', at };
    else if (directive !== undefined) yield { template: directive.trim(), kind: 'directive', at };
    else if (named !== undefined) {
      const more = argumentsOf(text, next).find((one) => !A_NAME.test(one));
      if (more !== undefined) yield { template: more, kind: 'name', at };
    } else if (token.endsWith('asm') || token.endsWith('asm__'))
      yield { template: templateOf(text, next) ?? '?', kind: 'assembly', at };
  }
}

/** The template of inline assembly behind its keyword. */
function templateOf(text: string, from: number): string | undefined {
  TEMPLATE.lastIndex = from;
  const parts = TEMPLATE.exec(text)?.[1]?.match(EACH_STRING);
  return parts?.map((part) => part.slice(1, -1)).join('');
}

/** The strings between a parenthesis, behind which it begins, and the one that closes it. */
function argumentsOf(text: string, from: number): string[] {
  const strings: string[] = [];
  IN_PARENTHESES.lastIndex = from;
  for (let depth = 1; depth > 0; ) {
    const token = IN_PARENTHESES.exec(text)?.[0];
    if (token === undefined || IN_PARENTHESES.lastIndex - from > FARTHEST) return [NEVER_CLOSED];
    if (token === '(') depth++;
    else if (token === ')') depth--;
    else if (token.startsWith('"')) strings.push(token.slice(1, -1));
  }
  return strings;
}

/** Throws {@link NoSubject} if preprocessed C gives the assembler what is not the shim's. */
export function checkAssembly(text: string, shim: Shim): void {
  for (const one of assemblyIn(text))
    if (one.template !== '' && !shim.assembly.includes(one.template)) throw new NoSubject(refusalOf(text, one));
}

function refusalOf(text: string, other: ForAssembler): string {
  const shown = JSON.stringify(other.template.slice(0, 60));
  const what = {
    assembly: `inline assembly (${shown}), which is of another machine than this one, and not of the shim`,
    name: `an attribute with more than a name in it (${shown}), which the assembler would read`,
    string: `${other.template}, which could hide inline assembly`,
    directive: `a ${other.template}, whose text the assembler would read`,
  };
  return `${placeIn(text, other.at)} has ${what[other.kind]}: refused`;
}

/** The file and line of an offset in preprocessed C, as its line markers say. */
function placeIn(text: string, at: number): string {
  const lines = text.slice(0, at).split('\n');
  const marker = lines.findLastIndex((line) => /^# \d+ "/.test(line));
  const [, first = '1', file = 'the driver'] = /^# (\d+) "((?:\\.|[^"\\])*)"/.exec(lines[marker] ?? '') ?? [];
  return `${file}:${Number(first) + lines.length - marker - 2}`;
}
