import { tight, withoutComments } from './comments.ts';
import type { DriverSource } from './source.ts';

/** The names under which a driver keeps what the harness looks at; absent where it has no such thing. */
export interface Probe {
  /** Who holds the PMC hardware. */
  readonly PERF_IRQ?: string;
  /** The reference count of live events. */
  readonly ACTIVE_EVENTS?: string;
  /** The structure in which it keeps the events of a hart, how that of a `hart` is found (in C), and its fields. */
  readonly STRUCT?: string;
  readonly 'BOOKKEEPING(hart)'?: string;
  readonly N_EVENTS?: string;
  readonly EVENTS?: string;
  readonly DESTROY?: string;
  /** The mutex that guards the reservation: the first, in its text, that it takes. */
  readonly MUTEX?: string;
  /** 1 if it looks at the siblings of an event. */
  readonly SIBLINGS?: '1';
  /** How many bytes it may ask for of the memory of each hart. */
  readonly PERCPU_RESERVE?: string;
}

const PERCPU_RESERVE = 4096;

/**
 * Finds the names in the driver's text: what it does not have is not assumed. `configured` leaves of the text what is compiled.
 */
export function probe({ text, headers }: DriverSource, configured: (text: string) => string = (all) => all): Probe {
  // No run of blanks is longer than one: a pattern cannot go back over it again and again.
  const all = tight(withoutComments(configured([...headers.values(), text].join('\n'))));
  const found: Record<string, string> = {};
  const keep = (name: keyof Probe, pattern: RegExp): void => {
    const match = pattern.exec(all)?.[1];
    if (match !== undefined) found[name] = match;
  };
  keep('PERF_IRQ', /^\s*(?:static\s+)?perf_irq_t\s+(\w+)\s*[;=]/m);
  if (found.PERF_IRQ === undefined) keep('PERF_IRQ', /^\s*(?:static\s+)?void\s*\(\s*\*\s*(perf_irq)\s*\)\s*\(/m);
  // What is declared and never written reserves nothing.
  if (found.PERF_IRQ !== undefined && !isWritten(all, found.PERF_IRQ)) delete found.PERF_IRQ;
  const count = activeEvents(all);
  if (count !== undefined) found.ACTIVE_EVENTS = count;
  keep('DESTROY', /->\s*destroy\s*=\s*&?\s*(?!NULL\b)([a-zA-Z_]\w*)\s*;/);
  const mutex = mutexOf(all);
  if (mutex !== undefined) found.MUTEX = mutex;
  if (/\bsibling_list\b|for_each_sibling_event/.test(all)) found.SIBLINGS = '1';
  if (/\balloc_percpu|__alloc_percpu/.test(all)) found.PERCPU_RESERVE = `${PERCPU_RESERVE}`;
  return { ...found, ...bookkeeping(all) };
}

/** Whether the owner of the PMC is written anywhere, beside where it is declared. */
const isWritten = (all: string, name: string): boolean =>
  new RegExp(
    `(?<!perf_irq_t\\s+)\\b${name}\\s*=(?!=)|(?<!&\\s*)&\\s*${name}\\b|\\b(?:WRITE_ONCE|\\w{0,40}assign\\w{0,40})\\s*\\(\\s*${name}\\b`,
  ).test(all);

/** The count of live events: one that somebody takes down and looks whether it was the last. */
function activeEvents(all: string): string | undefined {
  const counts = [...all.matchAll(/^\s*(?:static\s+)?(?:atomic_t|refcount_t)\s+(\w+)\s*[;=]/gm)].map(
    ([, name]) => name!,
  );
  const goesDown = (name: string): boolean =>
    new RegExp(`\\b(?:atomic|refcount)_\\w{0,40}?(?:dec|sub)\\w{0,40}\\s*\\([^;]{0,400}?&\\s*${name}\\b`).test(all);
  return counts.find((name) => /active|events|refs/.test(name) && goesDown(name)) ?? counts.find(goesDown);
}

/** The first mutex at file scope that the text takes. */
function mutexOf(all: string): string | undefined {
  const mutexes = new Set(
    [
      ...outsideOfBraces(all).matchAll(/\bDEFINE_MUTEX\s*\(\s*(\w+)|^\s*(?:static\s+)?struct\s+mutex\s+(\w+)\s*;/gm),
    ].map(([, defined, declared]) => defined ?? declared!),
  );
  const taken =
    /\b(?:mutex_(?:try)?lock\w{0,40}|\w{1,40}_dec_and_mutex_lock)\s*\((?:[^;]{0,400},)?\s*&\s*(\w+)\s*[,)]/g;
  return [...all.matchAll(taken)].map(([, name]) => name!).find((name) => mutexes.has(name));
}

/** How many structures are looked at for that: each is sought in the whole text. */
const MOST = 16;

/** Where a driver keeps the events of each hart: a structure that has a slot for each counter, wherever its instance is. */
function bookkeeping(all: string): Probe {
  let looked = 0;
  for (const [name, body] of structs(all)) {
    const events = /struct\s+perf_event\s*\*\s*(\w+)\s*\[/.exec(body)?.[1];
    if (events === undefined) continue;
    if (++looked > MOST) break;
    const instance = instanceOf(all, name);
    if (instance === undefined) continue;
    const count = /\bint\s+(n_events|nr_events|num_events)\s*;/.exec(body)?.[1];
    return {
      STRUCT: name,
      'BOOKKEEPING(hart)': instance,
      EVENTS: events,
      ...(count !== undefined && { N_EVENTS: count }),
    };
  }
  return {};
}

/** In C, the address of the instance that belongs to `hart`, or undefined if none is found. */
function instanceOf(all: string, name: string): string | undefined {
  const type = `struct\\s+${name}\\b`;
  const outside = outsideOfBraces(all);
  const find = (pattern: string): string | undefined => new RegExp(pattern, 'm').exec(outside)?.[1];
  const storage = '^\\s*(?:static\\s+)?';
  const perCpu = find(`DEFINE_PER_CPU\\w*\\s*\\(\\s*${type}\\s*,\\s*(\\w+)\\s*\\)`);
  if (perCpu !== undefined) return `(&per_cpu(${perCpu}, hart))`;
  const pointers = find(`DEFINE_PER_CPU\\w*\\s*\\(\\s*${type}\\s*\\*\\s*,\\s*(\\w+)\\s*\\)`);
  if (pointers !== undefined) return `per_cpu(${pointers}, hart)`;
  const pointer = find(`${storage}${type}\\s*(?:__percpu\\s*\\*|\\*\\s*__percpu)\\s*(\\w+)\\s*[;=]`);
  if (pointer !== undefined) return ifSet(pointer, `per_cpu_ptr(${pointer}, hart)`);
  const array = find(`${storage}${type}\\s+(\\w+)\\s*\\[`);
  if (array !== undefined) return `(hart < (int)ARRAY_SIZE(${array}) ? &${array}[hart] : NULL)`;
  const ofPointers = find(`${storage}${type}\\s*\\*\\s*(\\w+)\\s*\\[`);
  if (ofPointers !== undefined) return `(hart < (int)ARRAY_SIZE(${ofPointers}) ? ${ofPointers}[hart] : NULL)`;
  return besidePmu(all, name) ?? globalOf(outside, type, storage);
}

/** Where the structure that holds the `struct pmu` has it, or points to it; or is itself the one. */
function besidePmu(all: string, name: string): string | undefined {
  for (const [holder, body] of structs(all)) {
    const pmu = /struct\s+pmu\s+(\w+)\s*;/.exec(body)?.[1];
    if (pmu === undefined) continue;
    const held = `container_of(shim_registered_pmu(), struct ${holder}, ${pmu})`;
    if (holder === name) return ifSet('shim_registered_pmu()', held);
    const type = `struct\\s+${name}\\s*`;
    const perCpu = new RegExp(`${type}(?:__percpu\\s*\\*|\\*\\s*__percpu)\\s*(\\w+)\\s*;`).exec(body)?.[1];
    if (perCpu !== undefined)
      return `(shim_registered_pmu() && ${held}->${perCpu} ? per_cpu_ptr(${held}->${perCpu}, hart) : NULL)`;
    const member = new RegExp(`${type}(\\**)\\s*(\\w+)\\s*(\\[?)[^;]{0,400};`).exec(body);
    if (member === null) continue;
    const [, stars, field, isArray] = member;
    const place = `${held}->${field}${isArray ? '[hart]' : ''}`;
    return ifSet('shim_registered_pmu()', stars === '*' ? place : `&${place}`);
  }
  return undefined;
}

/** One for all harts. */
function globalOf(all: string, type: string, storage: string): string | undefined {
  const [, star, name] = new RegExp(`${storage}${type}\\s*(\\*?)\\s*(\\w+)\\s*(?:;|=(?!=))`, 'm').exec(all) ?? [];
  return name === undefined ? undefined : star === '*' ? name : `(&${name})`;
}

const ifSet = (pointer: string, address: string): string => `(${pointer} ? ${address} : NULL)`;

/** The text at file scope. */
function outsideOfBraces(all: string): string {
  let depth = 0;
  return [...all]
    .filter((letter) => {
      if (letter === '}') depth--;
      const keeps = depth <= 0;
      if (letter === '{') depth++;
      return keeps;
    })
    .join('');
}

/** How deep structures are looked into that stand in one another. */
const DEEPEST = 16;

/** The structures that the text defines, by name, each with what stands between its braces. */
function structs(all: string): Map<string, string> {
  const found = new Map<string, string>();
  const open: { name: string | undefined; from: number }[] = [];
  for (const { 0: brace, 1: name, index } of all.matchAll(/\bstruct\s+(\w+)\s*\{|[{}]/g)) {
    if (brace !== '}') {
      open.push({ name, from: index + brace.length });
      if (name !== undefined && open.length <= DEEPEST) found.set(name, '');
      continue;
    }
    const ended = open.pop();
    if (ended?.name !== undefined && open.length < DEEPEST) found.set(ended.name, all.slice(ended.from, index));
  }
  return found;
}

/** The probe as the header that the unit includes after the driver. */
export function probeHeader(names: Probe): string {
  return Object.entries(names)
    .map(([name, value]) => `#define PROBE_${name} ${value}\n`)
    .join('');
}
