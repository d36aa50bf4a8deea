import { signal } from '@preact/signals';
import { useState } from 'preact/hooks';
import { type Fact, WIRING } from '../../facts/index.ts';
import { goTo, take } from '../session/branches.ts';
import { eventOfCall } from '../session/calls.ts';
import { bareLabel, factLabel } from '../session/fact-label.ts';
import type { Impossible } from '../session/refusals.ts';
import { sameFact } from '../session/same-fact.ts';
import { told } from './finding.ts';
import { Panel } from './panel.tsx';
import { LeftOut } from './state-panel.tsx';
import { next, update, view } from './store.ts';

/** What the facts are filtered by. */
export const filter = signal('');

const KINDS = {
  blocked: 'Somebody is in the way',
  closed: 'Not now',
  elsewhere: 'Steps of code that is elsewhere',
} as const satisfies Record<Impossible['kind'], string>;

/** Whether every word is somewhere in a text. */
const matches = (text: string, words: readonly string[]): boolean => {
  const lower = text.toLowerCase();
  return words.every((word) => lower.includes(word));
};

/** Lets a fact happen where one is: a log that is not folded to its end is left there. */
export function takeFact(fact: Fact): void {
  if (told.value === undefined) update((session) => take(goTo(session, view.value.at), fact));
}

/** The same by a button, which is another one afterwards: who came to it by keys stays in the list. */
function takeByButton(fact: Fact, { detail }: MouseEvent): void {
  takeFact(fact);
  if (detail === 0) setTimeout(() => document.querySelector<HTMLElement>('.possible button')?.focus());
}

/** The facts that can happen and pass the filter. */
export function offered(): Fact[] {
  const words = wordsOf(filter.value);
  return next.value.possible.filter((fact) => matches(`${factLabel(fact)} ${bareLabel(fact)}`, words));
}

const wordsOf = (text: string): string[] => text.toLowerCase().split(/\s+/).filter(Boolean);

/** Goes on with the call of the last fact until it returns, or waits; without one, while only one fact can happen. */
export function runAhead(): void {
  if (told.value !== undefined) return;
  const { timeline, at } = view.value;
  const event = eventOfCall(timeline.facts, at);
  for (let steps = 0; steps < 1000; steps++) {
    const { possible } = next.value;
    const [only, ...others] = event === undefined ? possible : possible.filter((fact) => isStepOf(event, fact));
    if (only === undefined || others.length > 0) return;
    takeFact(only);
    if (event !== undefined && only.type.endsWith('.return')) return;
  }
}

/** Whether a fact is the next step of an event's own call, and no other call. */
const isStepOf = (event: number, fact: Fact): boolean =>
  'event' in fact && fact.event === event && WIRING[fact.type].participants[0] === 'driver';

export function NextPanel() {
  const words = wordsOf(filter.value);
  const open = offered();
  const closed = next.value.impossible.filter((one) => matches(textOf(one), words));
  const { timeline, at } = view.value;
  const ahead = timeline.facts[at];
  return (
    <Panel
      name="next"
      tools={
        <input
          id="filter"
          type="search"
          placeholder="filter  /"
          aria-label="filter the next facts"
          value={filter.value}
          onInput={({ currentTarget }) => {
            filter.value = currentTarget.value;
          }}
        />
      }
    >
      <LeftOut />
      <div class="scrolls" tabIndex={0} role="group" aria-label="facts, possible and impossible">
        {open.length === 0 && (
          <p class="note">
            {words.length === 0 ? 'Nothing can happen any more.' : 'No possible fact passes the filter.'}
          </p>
        )}
        <ol class="possible" aria-label="possible now">
          {open.map((fact, number) => (
            <li key={bareLabel(fact)}>
              <button type="button" onClick={(event) => takeByButton(fact, event)}>
                <kbd>{number < 9 ? number + 1 : ''}</kbd>
                <span class="what">{factLabel(fact)}</span>
                {ahead !== undefined && sameFact(ahead, fact) && <span class="tag">as in the log</span>}
              </button>
            </li>
          ))}
        </ol>
        {(['blocked', 'closed', 'elsewhere'] as const).map((kind) => (
          <Refused key={kind} kind={kind} facts={closed.filter((one) => one.kind === kind)} isOpen={words.length > 0} />
        ))}
      </div>
    </Panel>
  );
}

const textOf = ({ fact, refusals }: Impossible): string =>
  [bareLabel(fact), ...refusals.map(({ who, why }) => `${who} ${why}`)].join(' ');

/** So many facts that cannot happen are drawn until somebody wants more. */
const MOST = 50;

function Refused({ kind, facts, isOpen }: { kind: Impossible['kind']; facts: readonly Impossible[]; isOpen: boolean }) {
  const [isOpened, setOpened] = useState(kind !== 'elsewhere');
  const [most, setMost] = useState(MOST);
  if (facts.length === 0) return null;
  const isShown = isOpened || isOpen;
  return (
    <details class="refused" open={isShown} onToggle={({ currentTarget }) => isOpen || setOpened(currentTarget.open)}>
      <summary>
        {KINDS[kind]} <span class="count">{facts.length}</span>
      </summary>
      {isShown && (
        <ul>
          {facts.slice(0, most).map(({ fact, refusals }) => (
            <li key={bareLabel(fact)} aria-disabled="true">
              <span class="what">{bareLabel(fact)}</span>
              {refusals.map(({ who, why }) => (
                <span key={who} class="why">
                  <b>{who}</b> {why}
                </span>
              ))}
            </li>
          ))}
        </ul>
      )}
      {isShown && facts.length > most && (
        <button type="button" class="more" onClick={() => setMost(most * 4)}>
          {facts.length - most} more
        </button>
      )}
    </details>
  );
}
