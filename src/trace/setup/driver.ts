import { CALLBACKS, type CallbackName } from '../line.ts';
import { CText } from './c-text.ts';

/** A function of the driver that the perf core calls. */
export interface TracedFunction {
  readonly name: string;
  /** The names of its parameters: the event, and the flags if it takes any. */
  readonly parameters: readonly string[];
  readonly isStatic: boolean;
}

/** What is to be recorded of a driver. */
export interface TracedDriver {
  /** Where it was found. */
  readonly origin: string;
  readonly functions: { readonly [C in CallbackName]?: TracedFunction };
  /** The reference count: the name of an `atomic_t`. */
  readonly references?: string;
  /** The per-CPU variable with `n_events` and `events[]`, its struct, and the length of `events[]`. */
  readonly slots?: { readonly variable: string; readonly struct: string; readonly length: number };
  /** The module that it is; built in, if left out. */
  readonly module?: string;
  /** What to know before recording, in one sentence each. */
  readonly notes: readonly string[];
}

const posted = (name: string, ...parameters: string[]): TracedFunction => ({
  name,
  parameters: ['event', ...parameters],
  isStatic: true,
});

/** What the structs and variables of the posted driver are called. */
const REFERENCES = 'riscv_active_events';
const SLOTS = { variable: 'cpu_hw_events', struct: 'cpu_hw_events', length: 2 };

const MAY_BE_INLINED =
  'The callbacks are static. Since struct pmu (or event->destroy) holds their addresses, each has a body of its own, through which the core calls it. Where the driver calls one itself, it may be inlined and not show: import leaves such calls out anyway.';

/** The posted driver. */
export const POSTED: TracedDriver = {
  origin: 'the posted driver',
  functions: {
    event_init: posted('riscv_event_init'),
    add: posted('riscv_pmu_add', 'flags'),
    del: posted('riscv_pmu_del', 'flags'),
    start: posted('riscv_pmu_start', 'flags'),
    stop: posted('riscv_pmu_stop', 'flags'),
    read: posted('riscv_pmu_read'),
    event_destroy: posted('riscv_event_destroy'),
  },
  references: REFERENCES,
  slots: SLOTS,
  notes: [MAY_BE_INLINED],
};

/** Finds the callbacks in a driver's patch, tree or file. Throws a RangeError that says what is missing. */
export async function driverIn(path: string, tree?: string): Promise<TracedDriver> {
  const { readSource } = await import('../../subject/source.ts');
  const { path: file, text, headers } = await readSource(path, tree === undefined ? {} : { tree });
  const code = new CText(text);
  const all = new CText([text, ...headers.values()].join('\n'));
  const notes: string[] = [];
  const functions: { [C in CallbackName]?: TracedFunction } = {};
  for (const callback of CALLBACKS) {
    const names = code.assigned(callback === 'event_destroy' ? 'destroy' : callback);
    const [name] = names;
    const found = name === undefined ? undefined : code.functionNamed(name);
    if (found !== undefined) functions[callback] = found;
    if (names.length > 1) notes.push(`.${callback} is ${names.join(' or ')}: the first one is recorded.`);
    if (name === undefined) notes.push(`No ${callback} was found: what the core does through it will not show.`);
    else if (found === undefined)
      notes.push(`${name} is not in ${file}: what the core does through it (${callback}) will not show.`);
  }
  if (functions.event_init === undefined || functions.add === undefined)
    throw new RangeError(`${file} has no struct pmu with an event_init and an add in it`);
  if (Object.values(functions).some(({ isStatic }) => isStatic)) notes.unshift(MAY_BE_INLINED);
  const references = code.variable('atomic_t', 'active_events');
  if (references === undefined)
    notes.push('No atomic_t with active_events in its name was found: the references will not show.');
  const slots = slotsIn(code, all);
  if (slots === undefined)
    notes.push('No per-CPU struct with n_events and events[] was found: the slots will not show.');
  return {
    origin: file,
    functions,
    ...(references !== undefined && { references }),
    ...(slots !== undefined && { slots }),
    notes,
  };
}

function slotsIn(code: CText, all: CText): TracedDriver['slots'] {
  const found = code.perCpu();
  const body = found && all.struct(found.struct);
  const length = body?.lengthOf('events');
  if (found === undefined || length === undefined || !body?.has('n_events')) return undefined;
  return { ...found, length: /^\d+$/.test(length) ? Number(length) : (all.macro(length) ?? SLOTS.length) };
}

/** The same driver, of whose slots nothing is recorded: they are per CPU, and a bpftrace before 0.22 has no percpu_kaddr. */
export function withoutSlots({ slots: _, ...driver }: TracedDriver): TracedDriver {
  return driver;
}
