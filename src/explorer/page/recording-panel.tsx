import { signal } from '@preact/signals';
import { useRef, useState } from 'preact/hooks';
import { disagreementText } from '../../store/disagreement.ts';
import { originText, timeText } from '../../store/origin.ts';
import { previousText } from '../../trace/refusal.ts';
import { ANY, type CallFilter, callText } from '../session/trace-calls.ts';
import { liveOnly } from './live-only.ts';
import { callFilter, calls, choices, found, judging, kernelTrace, present, showPart, toFound } from './recording.ts';
import { overview, RecordingBar } from './recording-bar.tsx';
import { jump, view } from './store.ts';

/** The height of a row and of the list, in pixels, as in the style sheet. */
const [ROW, HEIGHT] = [22, 176];
/** Rows that are drawn above and below what is seen. */
const SPARE = 6;

/** Whether the callbacks that pass the filter are listed. */
const isListed = signal(false);

/** A kernel's trace as a whole: where one is in it, what of it was lost or refused, and its callbacks by what they are. */
export function RecordingPanel() {
  if (judging.value !== undefined)
    return (
      <section class="recording">
        <p role="status">{judging.value}</p>
      </section>
    );
  const now = present.value;
  if (now === undefined) return null;
  const { at } = view.value;
  const times = overview.value?.times;
  const origin = now.origins.at(Math.max(0, at - 1));
  return (
    <section class="recording" aria-label="the kernel's trace">
      <RecordingBar />
      <div class="found">
        <Parts />
        <Filters />
        {times !== undefined && (
          <span class="times" title="the first and the last callback of the trace">
            {timeText(times[0])} to {timeText(times[1])}
          </span>
        )}
        <span class="origin">{origin === undefined ? '' : originText(origin)}</span>
      </div>
      {isListed.value && <Rows />}
      <Refused />
    </section>
  );
}

/** The parts of a recording that lacks some of its events. */
function Parts() {
  const trace = kernelTrace.value;
  const { part } = present.value!;
  if (trace === undefined || part === undefined || trace.parts.length + trace.lost.length < 2) return null;
  return (
    <label>
      part{' '}
      <select
        value={String(trace.parts.indexOf(part))}
        onChange={({ currentTarget }) => showPart(Number(currentTarget.value))}
        title={trace.lost.map(({ lines, why }) => `not judged: lines ${lines.join(' to ')}: ${why}`).join('\n')}
      >
        {trace.parts.map(({ lines }, number) => (
          <option key={lines[0]} value={String(number)}>
            lines {lines[0]} to {lines[1]}
          </option>
        ))}
      </select>
    </label>
  );
}

function Filters() {
  const { harts, callbacks, properties } = choices.value;
  const set = (changed: Partial<CallFilter>): void => {
    callFilter.value = { ...callFilter.value, ...changed };
  };
  const { event, hart, callback, property } = callFilter.value;
  const matches = found.value;
  return (
    <>
      <input
        type="search"
        placeholder="event"
        aria-label="callbacks of this event (its number or address)"
        value={event}
        onInput={({ currentTarget }) => set({ event: currentTarget.value.trim() })}
      />
      <Select label="hart" value={hart} onChange={(value) => set({ hart: value })} all="any hart">
        {harts.map((one): [string, string] => [`${one}`, one < 0 ? 'tasks' : `hart ${one}`])}
      </Select>
      <Select label="callback" value={callback} onChange={(value) => set({ callback: value })} all="any callback">
        {callbacks.map((one): [string, string] => [one, one])}
      </Select>
      <Select label="violates" value={property} onChange={(value) => set({ property: value })} all="violating or not">
        {[[ANY, 'violating any'], ...properties.map((one) => [one, one])] as [string, string][]}
      </Select>
      <button type="button" onClick={() => toFound(-1)} title="the callback before that passes the filter (P)">
        Previous
      </button>
      <button type="button" onClick={() => toFound(1)} title="the next callback that passes the filter (N)">
        Next
      </button>
      <label>
        <input
          type="checkbox"
          checked={isListed.value}
          onChange={({ currentTarget }) => {
            isListed.value = currentTarget.checked;
          }}
        />{' '}
        list {matches.length.toLocaleString('en')} of {calls.value.length.toLocaleString('en')}
      </label>
      <label title="in the other panels, only the events that are open">
        <input
          type="checkbox"
          checked={liveOnly.value}
          onChange={({ currentTarget }) => {
            liveOnly.value = currentTarget.checked;
          }}
        />{' '}
        live events only
      </label>
    </>
  );
}

interface SelectProps {
  readonly label: string;
  readonly value: string;
  readonly all: string;
  readonly onChange: (value: string) => void;
  readonly children: readonly (readonly [value: string, text: string])[];
}

function Select({ label, value, all, onChange, children }: SelectProps) {
  return (
    <select aria-label={label} value={value} onChange={({ currentTarget }) => onChange(currentTarget.value)}>
      <option value="">{all}</option>
      {children.map(([name, text]) => (
        <option key={name} value={name}>
          {text}
        </option>
      ))}
    </select>
  );
}

/** The callbacks that pass the filter; only those that are seen are drawn. */
function Rows() {
  const list = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const { facts } = present.value!;
  const rows = found.value;
  const { at } = view.value;
  const first = Math.max(0, Math.floor(top / ROW) - SPARE);
  const shown = rows.slice(first, first + Math.ceil(HEIGHT / ROW) + 2 * SPARE);
  return (
    <div
      ref={list}
      class="rows calls"
      role="listbox"
      tabIndex={0}
      aria-label="the callbacks that pass the filter"
      onScroll={() => setTop(list.current!.scrollTop)}
    >
      <div style={{ height: `${rows.length * ROW}px` }}>
        {shown.map((call, index) => (
          <div
            key={call.from}
            role="option"
            aria-selected={at > call.from && at <= call.to}
            aria-posinset={first + index + 1}
            aria-setsize={rows.length}
            style={{ top: `${(first + index) * ROW}px` }}
            onClick={() => jump(call.to)}
          >
            <span class="number">:{call.origin.line}</span>
            <span class="what" title={originText(call.origin)}>
              {callText(facts, call)}
            </span>
            <span class="note">{originText(call.origin)}</span>
            {call.violates.length > 0 && (
              <span class="broken" title={call.violates.join(', ')}>
                ✗ {call.violates.join(', ')}
              </span>
            )}
          </div>
        ))}
      </div>
    </div>
  );
}

/** What comes after the log and is not accepted, with both values, what was before it, and who else accepts it. */
function Refused() {
  const { refused, part, facts } = present.value!;
  if (refused === undefined) return null;
  const { line, callback, expected, found: seen } = refused;
  const previous = part?.refused && previousText(part.refused);
  return (
    <div class="refusal" role="alert">
      <p>
        <button type="button" class="link broken" onClick={() => jump(facts.length)}>
          ✗ Refused at line {line}, {callback}
        </button>
        : {disagreementText(refused)}: the model says <code>{expected}</code>, the trace shows <code>{seen}</code>.
      </p>
      {previous !== undefined && <p>{previous}</p>}
      {part?.refused !== undefined && <p>{part.accepting ?? 'Asking which driver or perf core accepts it …'}</p>}
    </div>
  );
}
