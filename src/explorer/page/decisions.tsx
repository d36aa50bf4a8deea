import { computed, signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { DecisionName } from '../../../machines/driver/decisions.ts';
import { startSession } from '../session/branches.ts';
import { replayedOn, type Switch, switchesOf, violatedInEither } from '../session/changed-driver.ts';
import { factLabel } from '../session/fact-label.ts';
import type { Timeline } from '../session/timeline.ts';
import { explore, jump, selectedProperty, view, world } from './store.ts';

/** The decisions that are taken otherwise than in the driver that is explored. */
const switched = signal<readonly DecisionName[]>([]);

/** A log longer than this is not replayed while somebody waits. */
const LONGEST = 2000;

/** The decisions that are switched, and can be in this driver. */
const taken = computed(() => {
  const free = switchesOf(world.value, undefined).flatMap(({ name, isTaken }) => (isTaken ? [] : [name]));
  return switched.value.filter((name) => free.includes(name));
});

const replayed = computed(() => {
  const { timeline, isDone } = view.value;
  const { facts } = timeline;
  if (taken.value.length === 0 || !isDone || facts.length > LONGEST) return undefined;
  return replayedOn(world.value, facts, taken.value);
});

/** The decisions of the driver as switches; with one switched, the same calls on the changed driver beside this log. */
export function DecisionsView() {
  const switches = switchesOf(world.value, selectedProperty.value);
  const { timeline } = view.value;
  if (switches.length === 0 || timeline.facts.length > LONGEST)
    return (
      <div class="scrolls">
        <p class="note">
          {switches.length === 0
            ? 'Only of a modelled driver are the decisions known, and of a recording nobody makes the calls again.'
            : `A log of more than ${LONGEST.toLocaleString('en')} facts is not replayed here.`}
        </p>
      </div>
    );
  // What comes of a switch is told below them: those on which nothing hangs are folded, so that it is in view.
  const [near, others] = [true, false].map((wanted) => switches.filter(({ matters }) => matters === wanted));
  return (
    <div class="scrolls decisions" tabIndex={0} role="group" aria-label="the decisions of the driver">
      <fieldset>
        <legend>What the driver is to do otherwise</legend>
        {near!.map((one) => (
          <SwitchRow key={one.name} of={one} />
        ))}
        {others!.length > 0 && (
          <details open={near!.length === 0}>
            <summary>
              {others!.length} {near!.length === 0 ? 'decisions' : 'more'}
            </summary>
            {others!.map((one) => (
              <SwitchRow key={one.name} of={one} />
            ))}
          </details>
        )}
      </fieldset>
      {replayed.value !== undefined && <SideBySide />}
    </div>
  );
}

function SwitchRow({ of: { name, posted, instead, isTaken, matters } }: { of: Switch }) {
  const isOn = isTaken || taken.value.includes(name);
  return (
    <label class={matters ? 'matters' : ''} title={`as posted: ${posted}`}>
      <input
        type="checkbox"
        role="switch"
        checked={isOn}
        aria-checked={isOn}
        disabled={isTaken}
        onChange={() => {
          switched.value = isOn ? switched.value.filter((one) => one !== name) : [...switched.value, name];
        }}
      />{' '}
      {instead} {matters && <span class="tag">{selectedProperty.value}</span>}
    </label>
  );
}

function SideBySide() {
  const { timeline, at } = view.value;
  const { timeline: there, leftOut, shared } = replayed.value!;
  const first = useRef<HTMLTableRowElement>(null);
  const said = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    (first.current ?? said.current)?.scrollIntoView({ block: 'nearest' });
  }, [there]);
  // What is in flight at the end goes on where the calls are made again: that is no difference.
  const isSame = shared === timeline.facts.length;
  const rows = isSame ? shared : Math.max(timeline.facts.length, there.facts.length);
  return (
    <>
      <p ref={said} class="caption" role="status">
        {isSame ? 'The same calls make the same log.' : `The same calls make another log from fact ${shared + 1} on.`}
        {leftOut > 0 && ` ${leftOut} of them cannot come any more.`}{' '}
        {violatedInEither(timeline, there).map(({ id, here, there: other }) => (
          <span key={id}>
            <code>{id}</code>: {violatedText(here)} here, {violatedText(other)} there.{' '}
          </span>
        ))}
        <button
          type="button"
          title="explore the changed driver with this log; Back comes back here"
          onClick={() => explore(there.world.subject, startSession(there.facts, 'the same calls'))}
        >
          Open
        </button>
      </p>
      <table class="beside">
        <thead>
          <tr>
            <th scope="col" />
            <th scope="col">{world.value.subject.driver}</th>
            <th scope="col">{there.world.subject.driver}</th>
          </tr>
        </thead>
        <tbody>
          {Array.from({ length: rows }, (_, index) => (
            <tr
              key={index}
              ref={index === shared ? first : null}
              class={index < shared ? '' : index === shared ? 'parts' : 'differs'}
              aria-current={index + 1 === at ? 'step' : undefined}
            >
              <th scope="row">
                <button type="button" class="link" onClick={() => jump(index + 1)}>
                  {index + 1}
                </button>
                {index === shared && <span class="tag">first difference</span>}
              </th>
              <td>{labelOf(timeline, index)}</td>
              <td>{labelOf(there, index)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

const violatedText = (at: number | undefined): string => (at === undefined ? 'kept' : `violated after fact ${at}`);

function labelOf(timeline: Timeline, index: number) {
  const fact = timeline.facts[index];
  if (fact === undefined) return '';
  const violated = timeline.firstViolatedAt(index + 1);
  return (
    <>
      {factLabel(fact)}
      {violated.length > 0 && (
        <span class="breaks" title={`first violates ${violated.join(', ')}`}>
          {' '}
          ✗<span class="hidden"> violates {violated.join(', ')}</span>
        </span>
      )}
    </>
  );
}
