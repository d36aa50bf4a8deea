import { signal } from '@preact/signals';
import { adopt } from '../session/branches.ts';
import { problemOf, suggestionsFor } from '../session/questions.ts';
import { ask, askAlong, asking, endAsking } from './asking.ts';
import { jump, update, view, world } from './store.ts';

const typed = signal('');
const isOpen = signal(false);
/** The suggestion that is chosen by the arrow keys; none at first. */
const chosen = signal(-1);

/** A question of one's own: what is to happen. Suggestions are completed as they are typed. */
export function QuestionBox() {
  const offered = isOpen.value ? suggestionsFor(world.value, typed.value) : [];
  const now = asking.value;
  return (
    <form
      class="question"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        submit(offered);
      }}
    >
      <label>
        <span>can it be that</span>{' '}
        <input
          id="question"
          type="search"
          // biome-ignore lint/a11y/noRedundantRoles: without a datalist it would be a search box
          role="combobox"
          list={undefined}
          autocomplete="off"
          spellcheck={false}
          placeholder="event_init returns EBUSY  (q)"
          aria-expanded={offered.length > 0}
          aria-controls="questions"
          aria-autocomplete="list"
          {...(chosen.value >= 0 && { 'aria-activedescendant': `question-${chosen.value}` })}
          value={typed.value}
          onInput={({ currentTarget }) => {
            typed.value = currentTarget.value;
            chosen.value = -1;
            isOpen.value = true;
          }}
          onFocus={() => {
            isOpen.value = true;
          }}
          onBlur={() => {
            isOpen.value = false;
          }}
          onKeyDown={(event) => inBox(event, offered)}
        />
      </label>
      <div id="questions" role="listbox" aria-label="suggestions" class={offered.length > 0 ? '' : 'closed'}>
        {offered.map((text, index) => (
          <div
            key={text}
            id={`question-${index}`}
            role="option"
            aria-selected={index === chosen.value}
            // Before the box loses the focus and closes.
            onMouseDown={(event) => {
              event.preventDefault();
              put(text);
              submit([]);
            }}
          >
            {text}
          </div>
        ))}
      </div>
      <p class={`note ${now?.isBad ? 'broken' : ''}`} role="status">
        {now?.text}
        {now?.isRunning && (
          <button type="button" onClick={endAsking}>
            Cancel
          </button>
        )}
      </p>
    </form>
  );
}

function put(text: string): void {
  typed.value = text;
  chosen.value = -1;
}

/** Asks what is chosen, or what was typed; of what is no question yet, the first suggestion. */
function submit(offered: readonly string[]): void {
  const picked = offered[chosen.value] ?? (problemOf(typed.value) === undefined ? undefined : offered[0]);
  if (picked !== undefined) put(picked);
  const problem = problemOf(typed.value);
  isOpen.value = false;
  if (problem !== undefined) asking.value = { text: problem, isBad: true };
  else {
    askHere(typed.value);
    // Of a recording, who asks again goes to the next place.
    if (world.value.subject.trace === undefined) document.getElementById('question')?.blur();
  }
}

function inBox(event: KeyboardEvent, offered: readonly string[]): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step !== undefined && offered.length > 0) {
    chosen.value = (Math.max(chosen.value, step > 0 ? -1 : 0) + step + offered.length) % offered.length;
    event.preventDefault();
  } else if (event.key === 'Tab' && chosen.value >= 0) {
    put(offered[chosen.value]!);
    event.preventDefault();
  } else if (event.key === 'Escape') {
    if (!isOpen.value || offered.length === 0) (event.currentTarget as HTMLElement).blur();
    isOpen.value = false;
    event.preventDefault();
  }
}

/** Asks every log of a model, and goes to the end of the shortest that answers; of a recording, asks that one log. */
function askHere(question: string): void {
  const { subject } = world.value;
  if (subject.trace !== undefined) askRecording(question);
  else ask(question, subject, (log) => update((session) => adopt(session, log, question.slice(0, 40))));
}

/** Goes to the next place of a recording at which the question is answered; after the last, to the first. */
function askRecording(question: string): void {
  const { timeline, folded } = view.value;
  const facts = timeline.stop === null ? timeline.facts : timeline.facts.slice(0, folded);
  askAlong(question, world.value.subject, facts, (places) => {
    const { at } = view.value;
    const next = places.find((position) => position > at) ?? places[0];
    if (next === undefined) {
      asking.value = { text: `At none of the ${facts.length.toLocaleString('en')} facts.` };
      return;
    }
    const [number, all] = [places.indexOf(next) + 1, places.length].map((count) => count.toLocaleString('en'));
    asking.value = { text: `At ${all} of the facts; this is number ${number}.` };
    jump(next);
  });
}
