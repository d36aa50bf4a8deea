import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AnyFact } from '../../vocabulary.ts';
import type { Product } from '../product.ts';
import type { OfProperty } from '../property-set.ts';
import { CHECKPOINT } from './directory.ts';
import { DiskError } from './disk-error.ts';
import type { Kept } from './growing-file.ts';

/** What a search is of. It goes on only where all of it is what it was; what machines do is held against their tables besides. */
type Identity = Readonly<Record<string, string>>;

/** The place of a break: the state by its number, and the fact by its place in {@link Checkpoint.facts}, or -1. */
export interface KeptBreak {
  readonly state: number;
  readonly fact: number;
}

/** Where a search on disk was at the end of a level. */
export interface Checkpoint {
  readonly identity: Identity;
  /** The numbers of the first state of each level; the last one is of the level that is to be found. */
  readonly levels: readonly number[];
  readonly transitions: number;
  /** How many levels are not sorted by part. */
  readonly unsorted: number;
  /** The bits of the components in a packed state. */
  readonly bits: readonly number[];
  /** The file of the states; it is another one after states were laid out anew. */
  readonly statesFile: string;
  readonly files: Readonly<Record<string, Kept>>;
  /** Every fact that was met, and whether it happened. */
  readonly facts: readonly AnyFact[];
  readonly happened: readonly boolean[];
  readonly breaks: Readonly<Record<'first' | 'lasting', readonly (KeptBreak | null)[]>>;
  /** What `TablesText` keeps. */
  readonly tables: string;
}

/** What a search asks, as its identity; `more` is what a caller knows of it. */
export function identityOf(
  { system, symmetry }: Product,
  clauses: readonly OfProperty[],
  reduce: boolean,
  more: Identity = {},
): Identity {
  const { vocabulary, parts, domains } = system;
  return {
    ...more,
    vocabulary: textOf(vocabulary),
    machines: textOf(parts.map(({ role, index, input }) => ({ role, index, input }))),
    scope: textOf(domains),
    properties: textOf(clauses.map(({ id, clause }) => ({ id, clause }))),
    reduction: String(reduce),
    symmetry: String(symmetry?.merged.length ?? 0),
  };
}

/** Characters up to which a part of an identity is kept as it is, and shown. */
const SHORT = 40;

/** All of a value as text, with the source of its functions; a digest of it, where it is long. */
function textOf(value: unknown): string {
  const text = JSON.stringify(value, (_, part: unknown) => (typeof part === 'function' ? String(part) : part)) ?? '';
  return text.length > SHORT ? digestOf(text) : text;
}

const digestOf = (text: string): string => createHash('sha1').update(text).digest('hex');

/** Writes a checkpoint in place of the one before, in whole or not at all. Throws the error of the system. */
export function writeCheckpoint(directory: string, checkpoint: Checkpoint): void {
  const draft = join(directory, `${CHECKPOINT}.draft`);
  const text = JSON.stringify(checkpoint);
  writeFileSync(draft, `${digestOf(text)}\n${text}`, { mode: 0o600 });
  renameSync(draft, join(directory, CHECKPOINT));
}

/** Whether there is a checkpoint in a directory. */
export const hasCheckpoint = (directory: string): boolean => existsSync(join(directory, CHECKPOINT));

/**
 * The checkpoint in a directory; undefined if there is none.
 * Throws a {@link DiskError} if it is none of ours, or one of another search: then it says what differs.
 */
export function readCheckpoint(directory: string, identity: Identity): Checkpoint | undefined {
  const path = join(directory, CHECKPOINT);
  if (!hasCheckpoint(directory)) return undefined;
  const text = readFileSync(path, 'utf8');
  const end = text.indexOf('\n');
  if (text.slice(0, end) !== digestOf(text.slice(end + 1)))
    throw new DiskError(`${path} is cut off or damaged: without it, nothing in ${directory} can be used`);
  const checkpoint = JSON.parse(text.slice(end + 1)) as Checkpoint;
  const was = checkpoint.identity;
  const different = Object.keys({ ...was, ...identity }).filter((name) => was[name] !== identity[name]);
  if (different.length > 0) {
    const differences = different.map((name) => differenceOf(name, was[name], identity[name])).join('; ');
    throw new DiskError(`the search that was stopped in ${directory} is of something else: ${differences}`);
  }
  return checkpoint;
}

function differenceOf(name: string, was: string | undefined, is: string | undefined): string {
  const isDigest = [was, is].some((text) => text !== undefined && /^[0-9a-f]{40}$/.test(text));
  return isDigest ? `other ${name}` : `${name} ${was ?? 'not said'} there, ${is ?? 'not said'} here`;
}
