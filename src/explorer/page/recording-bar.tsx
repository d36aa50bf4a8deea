import { computed } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { type TraceCall, traceCalls } from '../session/trace-calls.ts';
import { calls, kernelTrace, present, showPart, violatedIn } from './recording.ts';
import { jump, view } from './store.ts';

/** The height of the row of marks, and of a hart, in pixels. */
const MARKS = 10;
const HART = 12;
/** So many harts have rows of their own; those behind share the last. */
const MOST_HARTS = 8;
/** How many colours events have in turn. */
const HUES = 12;

/** What the bar draws: the callbacks of all parts, by the lines of the file. */
export interface Overview {
  readonly lines: readonly [number, number];
  /** When its first and its last callback were entered, as the recorder wrote it; undefined where that is not known. */
  readonly times: readonly [string, string] | undefined;
  readonly rows: number;
  readonly callbacks: number;
  readonly parts: readonly (readonly TraceCall[])[];
  readonly lost: readonly (readonly [number, number])[];
  readonly refused: readonly number[];
}

/** What the bar draws of the trace that is looked at; undefined if there is none. */
export const overview = computed((): Overview | undefined => {
  const now = present.value;
  if (now === undefined) return undefined;
  const trace = now.part === undefined ? undefined : kernelTrace.value;
  const parts =
    trace === undefined
      ? [calls.value]
      : trace.parts.map((part) =>
          part === now.part ? calls.value : traceCalls(part.facts, part.origins, violatedIn(part)),
        );
  const lost = trace?.lost.map(({ lines }) => lines) ?? [];
  const lines = [
    ...parts.flatMap((own) => [own[0], own.at(-1)]).flatMap((call) => call?.origin.line ?? []),
    ...lost.flat(),
  ];
  const refused = trace === undefined ? [now.refused?.line] : trace.parts.map((part) => part.refused?.line);
  const harts = new Set(parts.flatMap((own) => own.map(({ hart }) => hart)));
  const [first, last] = [parts[0]?.[0]?.origin.time, parts.at(-1)?.at(-1)?.origin.time];
  return {
    times: first === undefined || last === undefined ? undefined : [first, last],
    lines: [Math.min(...lines), Math.max(...lines, 1 + Math.min(...lines))],
    rows: Math.min(MOST_HARTS, 1 + Math.max(-1, ...harts)) + 1,
    callbacks: parts.reduce((sum, own) => sum + own.length, 0),
    parts,
    lost,
    refused: refused.filter((line) => line !== undefined),
  };
});

/** The whole trace as a strip: a row for tasks and one for each hart, each violation, refusal and loss marked. Drawn once. */
export function RecordingBar() {
  const canvas = useRef<HTMLCanvasElement>(null);
  const strip = overview.value;
  useEffect(() => {
    if (strip === undefined) return;
    const element = canvas.current!;
    const draw = () => drawOverview(element, strip);
    const watch = new ResizeObserver(draw);
    watch.observe(element);
    const dark = matchMedia('(prefers-color-scheme: dark)');
    dark.addEventListener('change', draw);
    return () => {
      watch.disconnect();
      dark.removeEventListener('change', draw);
    };
  }, [strip]);
  if (strip === undefined) return null;
  const { at } = view.value;
  const line = present.value!.origins.at(Math.max(0, at - 1))?.line ?? strip.lines[0];
  const place = ((line - strip.lines[0]) / (strip.lines[1] - strip.lines[0])) * 100;
  const height = MARKS + strip.rows * HART;
  return (
    <div
      class="overview"
      style={{ height: `${height}px` }}
      role="slider"
      tabIndex={0}
      aria-label={`the whole trace: ${strip.callbacks.toLocaleString('en')} callbacks, ${strip.lost.length} parts not judged`}
      aria-valuemin={strip.lines[0]}
      aria-valuemax={strip.lines[1]}
      aria-valuenow={line}
      aria-valuetext={`line ${line}`}
      onClick={(event) => goToPlace(event, strip)}
    >
      <canvas ref={canvas} />
      <span class="here" style={{ left: `${place}%` }} />
    </div>
  );
}

/** Goes to the callback nearest to where somebody clicked. */
function goToPlace({ offsetX, currentTarget }: MouseEvent, { lines: [first, last], parts }: Overview): void {
  const line = first + (offsetX / (currentTarget as HTMLElement).clientWidth) * (last - first);
  const nearest = parts.map((own) => own.findLast(({ origin }) => origin.line <= line) ?? own[0]);
  const part = parts.findLastIndex((own) => own[0] !== undefined && own[0].origin.line <= line);
  const call = nearest[Math.max(0, part)];
  if (call === undefined) return;
  const trace = kernelTrace.value;
  const isOther =
    trace !== undefined && present.value?.part !== undefined && trace.parts[Math.max(0, part)] !== present.value.part;
  if (isOther) showPart(Math.max(0, part), call.to);
  else jump(call.to);
}

function drawOverview(
  canvas: HTMLCanvasElement,
  { lines: [first, last], rows, callbacks, parts, lost, refused }: Overview,
): void {
  const { clientWidth: width, clientHeight: height } = canvas;
  const scale = devicePixelRatio || 1;
  canvas.width = width * scale;
  canvas.height = height * scale;
  const context = canvas.getContext('2d')!;
  context.scale(scale, scale);
  const style = getComputedStyle(canvas);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  const x = (line: number): number => ((line - first) / (last - first)) * (width - 2);
  context.fillStyle = colour('--frame');
  for (const [from, to] of lost) context.fillRect(x(from), MARKS, Math.max(2, x(to) - x(from)), height - MARKS);
  const thick = Math.max(1, width / Math.max(1, callbacks));
  for (const own of parts)
    for (const { origin, hart } of own) {
      context.fillStyle = `hsl(${(hueOf(origin.id) * 360) / HUES} 55% 50%)`;
      context.fillRect(x(origin.line), MARKS + Math.min(rows - 1, hart + 1) * HART + 1, thick, HART - 2);
    }
  context.fillStyle = colour('--broken');
  for (const own of parts)
    for (const { origin, violates } of own)
      if (violates.length > 0) context.fillRect(x(origin.line) - 0.5, 0, 2, MARKS - 1);
  for (const line of refused) context.fillRect(x(line) - 1.5, 0, 4, height);
}

/** A colour for an event, by what the kernel calls it. */
function hueOf(id: string): number {
  let sum = 0;
  for (const character of id) sum = (sum * 31 + character.codePointAt(0)!) % 997;
  return sum % HUES;
}
