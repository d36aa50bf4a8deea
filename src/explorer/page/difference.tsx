import type { Fact } from '../../facts/index.ts';
import { difference } from '../session/difference.ts';
import { factLabel } from '../session/fact-label.ts';
import { mark, timelineOf, view } from './store.ts';

/** More facts than this are not listed. */
const MOST = 100;

/** What is different here from the marked position: the state, and the paths. */
export function DifferenceView() {
  if (mark.value === undefined)
    return (
      <div class="scrolls">
        <p class="note">Mark a position (m) to see what is different from it anywhere else, in any branch.</p>
      </div>
    );
  const { facts, at, name } = mark.value;
  const here = view.value;
  const there = timelineOf(facts, here.timeline.facts);
  there.fold();
  const { shared, onlyThere, onlyHere, rows } = difference({ timeline: there, at: Math.min(at, there.folded) }, here);
  return (
    <div class="scrolls difference" tabIndex={0} role="group" aria-label="the difference from the mark">
      <p class="caption">
        Mark: {name} at {at}. Here: at {here.at}. Both begin with the same {shared.toLocaleString('en')} facts.{' '}
        <button
          type="button"
          onClick={() => {
            mark.value = undefined;
          }}
        >
          Remove the mark
        </button>
      </p>
      <table>
        <caption>State</caption>
        <thead>
          <tr>
            <th scope="col">what</th>
            <th scope="col">at the mark</th>
            <th scope="col">here</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ title, name: what, there: before, here: now }) => (
            <tr key={`${title} ${what}`}>
              <th scope="row">
                {title} {what}
              </th>
              <td>{before}</td>
              <td>{now}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length === 0 && <p class="note">The states are the same.</p>}
      <Facts title="Only on the path to the mark" facts={onlyThere} after={shared} />
      <Facts title="Only on the path here" facts={onlyHere} after={shared} />
    </div>
  );
}

function Facts({ title, facts, after }: { title: string; facts: readonly Fact[]; after: number }) {
  if (facts.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      <ol start={after + 1}>
        {facts.slice(0, MOST).map((fact, number) => (
          <li key={number}>{factLabel(fact)}</li>
        ))}
      </ol>
      {facts.length > MOST && <p class="note">and {(facts.length - MOST).toLocaleString('en')} more</p>}
    </>
  );
}
