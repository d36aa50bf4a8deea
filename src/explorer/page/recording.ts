import { computed, signal } from '@preact/signals';
import { CORES, type CoreName } from '../../../machines/cores.ts';
import { inferredFacts } from '../../replay/shown.ts';
import { KERNEL_TRACE, type Subject } from '../../replay/subject.ts';
import { sizeOf } from '../../store/header.ts';
import { Origins } from '../../store/origin.ts';
import type { LostPart } from '../../trace/any-format.ts';
import { goTo, startSession } from '../session/branches.ts';
import { type CallFilter, callsLike, NO_FILTER, nextCall, type TraceCall, traceCalls } from '../session/trace-calls.ts';
import type { SentPart, TraceOrder, TraceReportMessage } from '../session/trace-messages.ts';
import { explore, jump, notice, opened, selectedProperty, update, view, world } from './store.ts';

/** A part of the trace that is looked at. */
export interface TracePart extends Omit<SentPart, 'origins'> {
  readonly origins: Origins;
  /** Who else accepts what is refused after it, once that is known. */
  readonly accepting?: string;
}

/** A kernel's trace that was opened raw. */
export interface KernelTrace {
  readonly name: string;
  readonly text: string;
  readonly file?: string;
  readonly driver: string;
  readonly environment: string;
  readonly callbacks: number;
  readonly parts: readonly TracePart[];
  readonly lost: readonly LostPart[];
}

export const kernelTrace = signal<KernelTrace | undefined>(undefined);
/** How far a trace is that is being judged. */
export const judging = signal<string | undefined>(undefined);
export const callFilter = signal<CallFilter>(NO_FILTER);

// A step makes another view of the same timeline: what follows from all of a log is made once, not at each step.
const timeline = computed(() => view.value.timeline);
const isFolded = computed(() => view.value.isDone);

/** The part that is looked at: one of a raw trace, or a log that says where its facts come from. */
export const present = computed(() => {
  const { facts } = timeline.value;
  const part = kernelTrace.value?.parts.find((one) => one.facts === facts);
  const log = opened.value?.facts === facts ? opened.value : undefined;
  const origins = part?.origins ?? log?.origins;
  if (origins === undefined) return undefined;
  const refused = part?.refused ?? log?.header?.refused;
  return { facts, origins, part, ...(refused && { refused }) };
});

/** Where each property is violated in a part of a raw trace: after how many facts. */
export function violatedIn({ facts, origins, broken }: TracePart): { property: string; at: number }[] {
  const ends = new Map<number, number>();
  for (const [, { line }, to = facts.length] of origins.runs()) ends.set(line, to);
  return broken.flatMap(({ property, line }) => {
    const at = ends.get(line);
    return at === undefined ? [] : [{ property, at }];
  });
}

/** Where each property is violated, once the log is folded: all that the trace says, or the first places in a log. */
const violated = computed(() => {
  const part = present.value?.part;
  if (part !== undefined) return violatedIn(part);
  if (!isFolded.value) return [];
  const { broken, brokenInFlight } = timeline.value;
  return [...broken, ...brokenInFlight].map(([property, at]) => ({ property, at }));
});

/** The callbacks of the present log. */
export const calls = computed((): readonly TraceCall[] =>
  present.value === undefined ? [] : traceCalls(present.value.facts, present.value.origins, violated.value),
);

/** What there is to choose from among them. */
export const choices = computed(() => ({
  harts: [...new Set(calls.value.map(({ hart }) => hart))].sort((one, other) => one - other),
  callbacks: [...new Set(calls.value.map(({ callback }) => callback))].sort(),
  properties: [...new Set(calls.value.flatMap(({ violates }) => violates))].sort(),
}));

/** Those that pass the filter. */
export const found = computed(() => callsLike(calls.value, callFilter.value));

/** Goes to the next callback that passes the filter, or with -1 to the one before. */
export function toFound(step: 1 | -1): void {
  const call = nextCall(found.value, view.value.at, step);
  if (call !== undefined) jump(call.to);
}

let worker: Worker | undefined;

/** Opens a kernel's trace as a recorder wrote it: it is judged in a worker by the present driver and perf core. */
export function openTrace(
  text: string,
  name: string,
  at: { file?: string; at?: number; by?: Pick<Subject, 'driver' | 'environment'> } = {},
): void {
  worker?.terminate();
  const { driver, environment } = at.by ?? world.value.subject;
  const by = { driver, environment: Object.hasOwn(CORES, environment) ? (environment as CoreName) : '4.16' } as const;
  const started = new Worker(new URL('./trace-worker.js', import.meta.url), { type: 'module' });
  worker = started;
  judging.value = `Judging ${name} …`;
  started.onmessage = ({ data }: MessageEvent<TraceReportMessage>) => {
    if (started !== worker) return;
    if (data.kind === 'progress') judging.value = `Judging ${name}: ${data.callbacks.toLocaleString('en')} callbacks …`;
    else if (data.kind === 'failed') fail(name, data.message);
    else if (data.kind === 'accepting') told(data.part, data.text);
    else show(data, { name, text, ...by, ...(at.file !== undefined && { file: at.file }) }, at.at);
  };
  started.onerror = ({ message }) => {
    if (started === worker) fail(name, message || 'the worker could not be started');
  };
  started.postMessage({ text, by } satisfies TraceOrder);
}

/** Judges the raw trace that is looked at anew, by another driver or perf core; false if none is. */
export function judgeAgain(by: Pick<Subject, 'driver' | 'environment'>): boolean {
  const trace = kernelTrace.value;
  if (trace === undefined || present.value?.part === undefined) return false;
  const { text, name, file } = trace;
  openTrace(text, name, { by, ...(file !== undefined && { file }) });
  return true;
}

function fail(name: string, message: string): void {
  judging.value = undefined;
  notice.value = `${name} cannot be opened: ${message}`;
}

function told(number: number, accepting: string): void {
  const trace = kernelTrace.value;
  if (trace === undefined) return;
  const parts = trace.parts.map((part, index) => (index === number ? { ...part, accepting } : part));
  kernelTrace.value = { ...trace, parts };
}

function show(
  { callbacks, parts, lost }: Extract<TraceReportMessage, { kind: 'done' }>,
  trace: Pick<KernelTrace, 'name' | 'text' | 'file' | 'driver' | 'environment'>,
  at: number | undefined,
): void {
  judging.value = undefined;
  const received = parts.map((part): TracePart => {
    const origins = new Origins();
    for (const [position, origin] of part.origins) origins.add(position, origin);
    return { ...part, origins };
  });
  const judged = { ...trace, callbacks, lost, parts: received };
  const first = received.findIndex(({ facts }) => facts.length > 0);
  if (first < 0) {
    fail(trace.name, 'none of its callbacks could be judged');
    return;
  }
  notice.value = undefined;
  kernelTrace.value = judged;
  callFilter.value = NO_FILTER;
  showPart(first, at);
}

/** Looks at a part of the trace. */
export function showPart(number: number, at?: number): void {
  const trace = kernelTrace.value!;
  const { facts, undecided, origins } = trace.parts[number]!;
  const { driver, environment, file } = trace;
  const open = undecided.length > 0 && { undecided };
  const subject = { model: KERNEL_TRACE, driver, environment, trace: sizeOf(facts), ...open };
  explore(subject, goTo(startSession(facts, trace.name), at ?? 0), inferredFacts(subject, facts, origins));
  opened.value = { facts, origins, ...(file !== undefined && { file }) };
  selectedProperty.value = undefined;
  if (at !== undefined) update((now) => goTo(now, at));
}
