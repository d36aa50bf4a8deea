import { useEffect, useRef } from 'preact/hooks';
import type { Property } from '../../facts/index.ts';
import { Panel } from './panel.tsx';
import { cancelSearch, type Searching, searching, startSearch } from './searching.ts';
import { showRow } from './show-row.ts';
import { selectedProperty, world } from './store.ts';
import { HereMark, Overall } from './verdict-marks.tsx';

/** Starts a search, or cancels the one that runs. */
export function toggleSearch(): void {
  if (world.value.subject.trace !== undefined) return;
  if (searching.value.kind === 'running') cancelSearch();
  else startSearch(world.value.subject);
}

export function PropertiesPanel() {
  const state = searching.value;
  const { properties, subject } = world.value;
  const isTrace = subject.trace !== undefined;
  return (
    <Panel
      name="properties"
      tools={
        <button
          type="button"
          disabled={isTrace}
          onClick={toggleSearch}
          title="search all logs of this model, or cancel the search (s)"
        >
          {state.kind === 'running' ? 'Cancel' : 'Search'}
        </button>
      }
    >
      <p class="status" role="status">
        {isTrace ? 'A recording is one log: these are the properties along it.' : statusText(state)}
      </p>
      <div class="scrolls" tabIndex={0} role="group" aria-label="properties and their verdicts">
        <table>
          <thead>
            <tr>
              <th scope="col">property</th>
              <th scope="col">here</th>
              <th scope="col">overall</th>
            </tr>
          </thead>
          <tbody>
            {properties.map((property) => (
              <PropertyRow key={property.id} property={property} state={state} />
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
      return 'A search decides the properties over every log of this model.';
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

function PropertyRow({ property, state }: { property: Property; state: Searching }) {
  const row = useRef<HTMLTableRowElement>(null);
  const isChosen = selectedProperty.value === property.id;
  useEffect(() => {
    if (isChosen && row.current !== null) showRow(row.current, row.current.closest('.scrolls')!);
  }, [isChosen]);
  const { id, statement: sentence, severity, consequence } = property;
  const verdict = state.kind === 'done' ? state.verdicts.get(id) : undefined;
  return (
    <tr ref={row} id={`property-${id}`} class={isChosen ? 'chosen' : ''}>
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
