import type { DriverSource } from './source.ts';

/** The names under which a driver keeps what the harness looks at; absent where it has no such thing. */
export interface Probe {
  /** Who holds the PMC hardware. */
  readonly PERF_IRQ?: string;
  /** The reference count of live events. */
  readonly ACTIVE_EVENTS?: string;
  /** The per-CPU bookkeeping, and its fields. */
  readonly CPU_EVENTS?: string;
  readonly N_EVENTS?: string;
  readonly EVENTS?: string;
  readonly DESTROY?: string;
  /** 1 if it looks at the siblings of an event. */
  readonly SIBLINGS?: '1';
}

/** Finds the names in the driver's text: what it does not have is not assumed. */
export function probe({ text, headers }: DriverSource): Probe {
  const all = withoutComments([...headers.values(), text].join('\n'));
  const found: Record<string, string> = {};
  const keep = (name: keyof Probe, pattern: RegExp): void => {
    const match = pattern.exec(all)?.[1];
    if (match !== undefined) found[name] = match;
  };
  keep('PERF_IRQ', /^\s*(?:static\s+)?perf_irq_t\s+(\w+)\s*[;=]/m);
  if (found.PERF_IRQ === undefined) keep('PERF_IRQ', /^\s*(?:static\s+)?void\s*\(\s*\*\s*(perf_irq)\s*\)\s*\(/m);
  keep('ACTIVE_EVENTS', /^\s*(?:static\s+)?atomic_t\s+(\w*(?:active|events|refs)\w*)\s*[;=]/m);
  if (found.ACTIVE_EVENTS === undefined) keep('ACTIVE_EVENTS', /^\s*(?:static\s+)?atomic_t\s+(\w+)\s*[;=]/m);
  keep('DESTROY', /->\s*destroy\s*=\s*&?\s*(?!NULL\b)([a-zA-Z_]\w*)\s*;/);
  if (/\bsibling_list\b|for_each_sibling_event/.test(all)) found.SIBLINGS = '1';
  const perCpu = /DEFINE_PER_CPU\w*\s*\(\s*struct\s+(\w+)\s*,\s*(\w+)\s*\)/.exec(all);
  const body = perCpu && new RegExp(`struct\\s+${perCpu[1]}\\s*\\{([^}]*)\\}`).exec(all)?.[1];
  if (perCpu && body) {
    found.CPU_EVENTS = perCpu[2]!;
    const count = /\bint\s+(n_events|nr_events|num_events)\s*;/.exec(body)?.[1];
    const slots = /struct\s+perf_event\s*\*\s*(\w+)\s*\[/.exec(body)?.[1];
    if (count !== undefined) found.N_EVENTS = count;
    if (slots !== undefined) found.EVENTS = slots;
  }
  return found;
}

/** The probe as the header that the unit includes after the driver. */
export function probeHeader(names: Probe): string {
  return Object.entries(names)
    .map(([name, value]) => `#define PROBE_${name} ${value}\n`)
    .join('');
}

const withoutComments = (text: string): string => text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, ' ');
