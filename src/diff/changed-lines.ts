import { structuredPatch } from 'diff';
import { CFile } from '../repair/source/c-file.ts';
import type { DriverSource } from '../subject/index.ts';

/** A line of one of two texts. */
export interface TextLine {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

/** Lines that one text has in place of those of another, and the function in which they stand, if they stand in one. */
export interface Change {
  readonly function?: string;
  readonly one: readonly TextLine[];
  readonly other: readonly TextLine[];
}

/** All that differs between the texts of two drivers: of their own files, and of those that belong to them, by name. */
export function changesBetween(one: DriverSource, other: DriverSource): Change[] {
  const files = (source: DriverSource) => [{ path: source.path, text: source.text }, ...(source.parts ?? [])];
  const base = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
  const others = files(other);
  return files(one).flatMap((file, index) => {
    const its = index === 0 ? others[0]! : others.find(({ path }) => base(path) === base(file.path));
    return its === undefined ? [] : changesIn(file, its);
  });
}

interface TextFile {
  readonly path: string;
  readonly text: string;
}

function changesIn(one: TextFile, other: TextFile): Change[] {
  const { hunks } = structuredPatch('one', 'other', one.text, other.text, '', '', { context: 0 });
  const [mine, its] = [functionsIn(one.text), functionsIn(other.text)];
  return hunks.map(({ lines, oldStart, newStart }) => {
    const taken = (sign: string, file: string, start: number): TextLine[] =>
      lines.filter((line) => line[0] === sign).map((line, at) => ({ file, line: start + at, text: line.slice(1) }));
    const [removed, added] = [taken('-', one.path, oldStart), taken('+', other.path, newStart)];
    const inside = functionAt(mine, removed[0]?.line ?? oldStart) ?? functionAt(its, added[0]?.line ?? newStart);
    return { one: removed, other: added, ...(inside !== undefined && { function: inside }) };
  });
}

interface FunctionLines {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

function functionsIn(text: string): FunctionLines[] {
  const file = new CFile(text);
  const lineOf = (offset: number): number => text.slice(0, offset).split('\n').length;
  return file.all(['FunctionDefinition']).flatMap((node) => {
    const name = file.nameOf(node);
    return name === undefined ? [] : [{ name, from: lineOf(node.from), to: lineOf(node.to) }];
  });
}

const functionAt = (functions: readonly FunctionLines[], line: number): string | undefined =>
  functions.find(({ from, to }) => line >= from && line <= to)?.name;
