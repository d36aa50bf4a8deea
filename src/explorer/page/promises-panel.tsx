import { useEffect, useRef } from 'preact/hooks';
import type { Property, Verdict } from '../../check/index.ts';
import { adopt } from '../session/branches.ts';
import { type Here, hereOf } from '../session/promises.ts';
import { Panel } from './panel.tsx';
import { cancelSearch, type Searching, searching, startSearch } from './searching.ts';
import { jump, promise, update, view, world } from './store.ts';

/** Starts a search, or cancels the one that runs. */
export function toggleSearch(): void {
  if (searching.value.kind === 'running') cancelSearch();
  else startSearch(world.value.subject);
}

export function PromisesPanel() {
  const state = searching.value;
  const { properties } = world.value;
  return (
    <Panel
      name="promises"
      title="Promises"
      tools={
        <button type="button" onClick={toggleSearch} title="search all logs of this model, or cancel the search (s)">
          {state.kind === 'running' ? 'Cancel' : 'Search'}
        </button>
      }
    >
      <p class="status" role="status">
        {statusText(state)}
      </p>
      <div class="scrolls" tabIndex={0} role="group" aria-label="promises and their verdicts">
        <table>
          <thead>
            <tr>
              <th scope="col">promise</th>
              <th scope="col">here</th>
              <th scope="col">overall</th>
            </tr>
          </thead>
          <tbody>
            {properties.map((property) => (
              <PromiseRow key={property.id} property={property} state={state} />
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

const number = (value: number): string => value.toLocaleString('en');

function statusText(state: Searching): string {
  switch (state.kind) {
    case 'none':
      return 'A search decides the promises over every log of this model.';
    case 'running': {
      if (state.progress === undefined) return 'Searching …';
      const { states, frontier, milliseconds } = state.progress;
      const seconds = (milliseconds / 1000).toFixed(1);
      return `${state.cancelled ? 'Stopping' : 'Searching'}: ${number(states)} states, ${number(frontier)} to expand, ${seconds} s`;
    }
    case 'done': {
      const { states, depth, milliseconds, exhaustive, stoppedBy } = state.covered;
      const seen = `${number(states)} states, up to ${depth} facts deep, in ${(milliseconds / 1000).toFixed(1)} s`;
      return exhaustive ? `Searched to the end: ${seen}.` : `Stopped (${stoppedBy}): ${seen}. What is open stays open.`;
    }
    case 'failed':
      return `The search failed: ${state.message}`;
  }
}

function PromiseRow({ property, state }: { property: Property; state: Searching }) {
  const row = useRef<HTMLTableRowElement>(null);
  const isChosen = promise.value === property.id;
  useEffect(() => {
    if (isChosen && row.current !== null) showRow(row.current);
  }, [isChosen]);
  const { id, promise: sentence, severity, consequence } = property;
  const verdict = state.kind === 'done' ? state.verdicts.get(id) : undefined;
  return (
    <tr ref={row} id={`promise-${id}`} class={isChosen ? 'chosen' : ''}>
      <th scope="row">
        <details>
          <summary>
            <code>{id}</code>
          </summary>
          <p>
            {sentence}.{' '}
            <span class="note">
              Severity {severity}. {consequence}
            </span>
          </p>
        </details>
      </th>
      <td>
        <HereMark property={property} verdict={verdict} />
      </td>
      <td>
        <Overall id={id} verdict={verdict} />
      </td>
    </tr>
  );
}

/** Scrolls the panel, and not the page, to a row. */
function showRow(row: HTMLTableRowElement): void {
  const panel = row.closest('.scrolls')!;
  panel.scrollTop += row.getBoundingClientRect().top - panel.getBoundingClientRect().top - panel.clientHeight / 3;
}

function HereMark({ property, verdict }: { property: Property; verdict: Verdict | undefined }) {
  const { timeline, at } = view.value;
  const here = hereOf(timeline, property, at);
  const isAtEnd = verdict?.verdict === 'violated' && isWay(verdict.counterexample.facts.length);
  function isWay(length: number): boolean {
    if (verdict?.verdict !== 'violated' || length !== at) return false;
    const way = verdict.counterexample.facts;
    return JSON.stringify(way) === JSON.stringify(timeline.facts.slice(0, at));
  }
  if (here.kind === 'search' && isAtEnd) return <span class="broken">✗ broken here</span>;
  return <HereText here={here} at={at} />;
}

function HereText({ here, at }: { here: Here; at: number }) {
  switch (here.kind) {
    case 'broken':
      return here.at === at ? (
        <span class="broken">✗ broken here</span>
      ) : (
        <button
          type="button"
          class="link broken"
          onClick={() => jump(here.at)}
          title="go to the fact that broke it first"
        >
          ✗ broken at {here.at}
        </button>
      );
    case 'in flight':
      return here.still ? (
        <span class="passing" title="not true while a call is in flight; judged when no call is">
          ~ in flight
        </span>
      ) : (
        <span class="kept">✓ kept</span>
      );
    case 'kept':
      return <span class="kept">✓ kept</span>;
    case 'not met':
      return <span class="note">not met</span>;
    case 'search':
      return (
        <span class="note" title="it speaks of what can follow, which a search decides">
          by search
        </span>
      );
  }
}

function Overall({ id, verdict }: { id: string; verdict: Verdict | undefined }) {
  if (verdict === undefined) return <span class="note">open</span>;
  if (verdict.verdict === 'holds') return <span class="kept">✓ holds</span>;
  if (verdict.verdict === 'vacuous') return <span class="note">vacuous</span>;
  if (verdict.verdict === 'bounded') return <span class="passing">bounded</span>;
  const { facts } = verdict.counterexample;
  return (
    <button
      type="button"
      class="link broken"
      title="go to the shortest log that breaks it"
      onClick={() => {
        promise.value = id;
        update((session) => adopt(session, facts, id));
      }}
    >
      ✗ {facts.length} {facts.length === 1 ? 'fact' : 'facts'}
    </button>
  );
}
