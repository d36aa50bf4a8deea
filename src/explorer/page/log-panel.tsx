import { computed, signal } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import { currentBranch, drop, sharedLength, switchTo } from '../session/branches.ts';
import { logRows, rowText } from '../session/log-rows.ts';
import { saveLog } from './opening.ts';
import { Panel } from './panel.tsx';
import { jump, mark, session, update, view } from './store.ts';

/** The height of a row, as in the style sheet. */
const ROW = 22;
/** Rows that are drawn above and below what is seen. */
const SPARE = 8;

/** Whether a call that nobody interrupts is one row. */
export const byCalls = signal(false);

/** Goes to the end of the next call, or with -1 to the one before: a call that is not folded goes fact by fact. */
export function stepByCall(step: 1 | -1): void {
  const { timeline, at } = view.value;
  const rows = logRows(timeline.facts, true);
  const row = rows.rowAt(at);
  const isAtEnd = rows.endOf(row) === at;
  jump(rows.endOf(Math.max(0, Math.min(rows.length, step > 0 ? (isAtEnd ? row + 1 : row) : row - 1))));
}

/** Marks the present position, to hold others against it. */
export function markHere(): void {
  const { facts, name } = currentBranch(session.value);
  mark.value = { facts, at: view.value.at, name };
}

/** Goes to the branch after the present one, or with -1 before it. */
export const turnTo = (step: 1 | -1): void =>
  update((now) => switchTo(now, (now.current + step + now.branches.length) % now.branches.length));

// A step makes another view of the same log: it is held against the mark once.
const logNow = computed(() => view.value.timeline.facts);
/** How many facts this log and the one to the mark begin with; -1 where nothing is marked. */
const sharedWithMark = computed(() => {
  const marked = mark.value;
  return marked === undefined ? -1 : Math.min(marked.at, sharedLength(marked.facts, logNow.value));
});

export function LogPanel() {
  return (
    <Panel
      name="log"
      tools={
        <>
          <label title="one row for a call that nobody interrupts (c)">
            <input
              type="checkbox"
              checked={byCalls.value}
              onChange={({ currentTarget }) => {
                byCalls.value = currentTarget.checked;
              }}
            />{' '}
            calls
          </label>
          <button type="button" onClick={markHere} title="mark this position, to compare others with it (m)">
            Mark
          </button>
          <button type="button" onClick={() => void saveLog()} title="save the log as JSON Lines (e)">
            Save
          </button>
        </>
      }
    >
      <Branches />
      <Rows />
    </Panel>
  );
}

function Branches() {
  const { branches, current } = session.value;
  if (branches.length < 2) return null;
  return (
    <div class="branches">
      <label>
        branch{' '}
        <select
          value={String(current)}
          onChange={({ currentTarget }) => update((now) => switchTo(now, Number(currentTarget.value)))}
        >
          {branches.map(({ name, facts }, number) => (
            <option key={name} value={String(number)}>
              {name} ({facts.length.toLocaleString('en')} facts)
            </option>
          ))}
        </select>
      </label>
      <button type="button" title="compare with the end of another branch" onClick={compareBranches}>
        Compare
      </button>
      <button type="button" title="forget this branch" onClick={() => update((now) => drop(now, now.current))}>
        Drop
      </button>
    </div>
  );
}

/** Marks the end of the branch before this one. */
function compareBranches(): void {
  const { branches, current } = session.value;
  const other = branches[(current + branches.length - 1) % branches.length]!;
  mark.value = { facts: other.facts, at: other.facts.length, name: other.name };
}

function Rows() {
  const { timeline, at, folded } = view.value;
  const { facts } = timeline;
  const list = useRef<HTMLDivElement>(null);
  const [seen, setSeen] = useState({ top: 0, height: 600 });
  const look = (): void => {
    // A panel that was just moved or hidden.
    if (list.current === null) return;
    const { scrollTop: top, clientHeight: height } = list.current;
    setSeen((before) => (before.top === top && before.height === height ? before : { top, height }));
  };
  useEffect(() => {
    if (list.current === null) return;
    const watch = new ResizeObserver(look);
    watch.observe(list.current);
    return () => watch.disconnect();
  }, []);
  const rows = logRows(facts, byCalls.value);
  const present = rows.rowAt(at);
  useEffect(() => {
    if (list.current === null) return;
    const { scrollTop, clientHeight } = list.current;
    const top = present * ROW;
    if (top < scrollTop + ROW) list.current.scrollTop = top - 3 * ROW;
    else if (top > scrollTop + clientHeight - 3 * ROW) list.current.scrollTop = top - clientHeight + 4 * ROW;
    look();
  }, [present, facts, rows, seen.height]);
  const first = Math.max(0, Math.floor(seen.top / ROW) - SPARE);
  const last = Math.min(rows.length, Math.ceil((seen.top + seen.height) / ROW) + SPARE);
  const drawn = Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
  const shared = sharedWithMark.value;
  return (
    <div
      ref={list}
      class="rows"
      role="listbox"
      tabIndex={0}
      aria-label="the log, fact by fact"
      aria-activedescendant={`fact-${rows.endOf(present)}`}
      onScroll={look}
    >
      <div style={{ height: `${(rows.length + 1) * ROW}px` }}>
        {drawn.map((row) => {
          const [before, number] = [row === 0 ? -1 : rows.endOf(row - 1), rows.endOf(row)];
          const violated = timeline.firstViolatedWithin(before, number);
          const { who, what, title } = row === 0 ? START : rowText(facts, rows, row);
          return (
            <div
              key={number}
              id={`fact-${number}`}
              role="option"
              class={before >= at ? 'ahead' : ''}
              style={{ top: `${row * ROW}px` }}
              aria-selected={row === present}
              aria-posinset={row + 1}
              aria-setsize={rows.length + 1}
              aria-disabled={number > folded}
              onClick={() => jump(number)}
            >
              <span class="number">{number}</span>
              <span class="who">{shortWho(who)}</span>
              <span class="what" title={title}>
                {what}
              </span>
              {before < shared && shared <= number && <span class="tag">mark</span>}
              {violated.length > 0 && (
                <span class="breaks" title={`first violates ${violated.join(', ')}`}>
                  ✗<span class="hidden"> violates {violated.join(', ')}</span>
                </span>
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}

const START = { who: '', what: 'the start', title: '' } as const;

const shortWho = (who: string): string => who.replace('task of event', 'task').replace('other owner', 'other');
