import { toolSaysOf } from './binutils.ts';

/** One entry of DWARF, as far as a variable and its type need it. */
interface Entry {
  readonly tag: string;
  readonly name?: string;
  /** The number of the entry of its type. */
  readonly type?: number;
  /** Of a variable, its place in the object; of a member, its place in its structure. */
  readonly at?: number;
  readonly bytes?: number;
  readonly children: Entry[];
}

/** A piece of data of the driver. */
export interface Datum {
  /** As C writes it: `books.total[3]`. */
  readonly name: string;
  readonly at: number;
  readonly bytes: number;
  /** The name of its type where that is a basic one, without typedefs. */
  readonly type?: string;
}

const known = new Map<string, Map<number, Entry>>();

/** All entries by number; none where no tool here can read them. */
function entriesOf(object: string): Map<number, Entry> {
  let entries = known.get(object);
  if (entries === undefined) {
    entries = read(object);
    known.set(object, entries);
  }
  return entries;
}

function read(object: string): Map<number, Entry> {
  const entries = new Map<number, Entry>();
  let text: string;
  try {
    text = toolSaysOf(object, 'readelf', ['--debug-dump=info', object]);
  } catch {
    return entries;
  }
  const open: Entry[] = [];
  for (const [, head, body] of text.matchAll(/^ <(\w+><\w+)>: Abbrev Number: \d+ (\(DW_TAG_\w+\)\n(?: {4}.*\n)*)/gm)) {
    const [depth, number] = head!.split('><').map((text, place) => Number.parseInt(text, place === 0 ? 10 : 16));
    const hex = (name: string): number | undefined => {
      const value = new RegExp(`${name}\\s*: .*?(0x[0-9a-f]+|\\d+)(?=>|\\s*$|\\))`, 'm').exec(body!)?.[1];
      return value === undefined ? undefined : Number(value);
    };
    const name = /DW_AT_name\s*: (?:\(.*?\): )?(.*)$/m.exec(body!)?.[1];
    const type = /DW_AT_type\s*: <0x([0-9a-f]+)>/.exec(body!)?.[1];
    const address = /\(DW_OP_addr: ([0-9a-f]+)\)/.exec(body!)?.[1];
    const at = address === undefined ? hex('DW_AT_data_member_location') : Number.parseInt(address, 16);
    const bytes = hex('DW_AT_byte_size');
    const last = hex('DW_AT_upper_bound');
    const entry: Entry = {
      tag: /^\(DW_TAG_(\w+)\)/.exec(body!)![1]!,
      ...(name !== undefined && { name }),
      ...(type !== undefined && { type: Number.parseInt(type, 16) }),
      ...(at !== undefined && { at }),
      ...(bytes !== undefined ? { bytes } : last !== undefined && { bytes: last + 1 }),
      children: [],
    };
    entries.set(number!, entry);
    open.length = depth!;
    open.at(-1)?.children.push(entry);
    open.push(entry);
  }
  return entries;
}

/** The data of the driver in its object, down to its parts; an array of parts that are alike is told once for each. */
export function* dataOf(object: string): Generator<Datum> {
  const entries = entriesOf(object);
  for (const { tag, name, type, at } of entries.values())
    if (tag === 'variable' && name !== undefined && type !== undefined && at !== undefined)
      yield* partsOf(entries, type, name, at);
}

function* partsOf(entries: Map<number, Entry>, type: number, name: string, at: number): Generator<Datum> {
  const entry = resolved(entries, type);
  if (entry === undefined) return;
  if (entry.tag === 'array_type' && entry.type !== undefined) {
    const count = entry.children.reduce((product, { bytes = 0 }) => product * bytes, 1);
    const each = sizeOf(entries, entry.type);
    for (let place = 0; place < count; place++)
      yield* partsOf(entries, entry.type, `${name}[${place}]`, at + place * each);
  } else if (entry.tag === 'structure_type' || entry.tag === 'union_type') {
    for (const member of entry.children)
      if (member.tag === 'member' && member.type !== undefined)
        yield* partsOf(entries, member.type, member.name ? `${name}.${member.name}` : name, at + (member.at ?? 0));
  } else {
    const { tag, bytes = 8 } = entry;
    yield { name, at, bytes, ...(tag === 'base_type' && entry.name !== undefined && { type: entry.name }) };
  }
}

/** A type without typedefs and qualifiers. */
function resolved(entries: Map<number, Entry>, type: number): Entry | undefined {
  const entry = entries.get(type);
  return entry?.type !== undefined && /^(typedef|const_type|volatile_type|atomic_type)$/.test(entry.tag)
    ? resolved(entries, entry.type)
    : entry;
}

function sizeOf(entries: Map<number, Entry>, type: number): number {
  const entry = resolved(entries, type);
  if (entry?.tag !== 'array_type') return entry?.bytes ?? 8;
  return entry.children.reduce((product, { bytes = 0 }) => product * bytes, sizeOf(entries, entry.type!));
}

/** The name of what lies at an offset in the object, or undefined where nothing is known to. */
export function nameAt(object: string, offset: number): string | undefined {
  for (const { name, at, bytes } of dataOf(object)) if (offset >= at && offset < at + bytes) return name;
  return undefined;
}
