import { useEffect, useRef } from 'preact/hooks';
import type { Group, Row } from '../session/observations.ts';
import { Panel } from './panel.tsx';
import { showRow } from './show-row.ts';
import { leftOut, seen } from './store.ts';

/** Harts, counters, slots, the reservation and the events as they are, with what the last fact changed. */
export function StatePanel() {
  const { now, before } = seen.value;
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const changed = box.current?.querySelector('.changed');
    if (changed && box.current !== null) showRow(changed, box.current);
  }, [now]);
  return (
    <Panel name="state">
      <LeftOut />
      <div ref={box} class="scrolls" tabIndex={0} role="group" aria-label="the state of everything">
        {now.map((group) => (
          <GroupTable key={group.title} group={group} before={before?.find(({ title }) => title === group.title)} />
        ))}
      </div>
    </Panel>
  );
}

/** Which events a panel leaves out. */
export function LeftOut() {
  return leftOut.value === undefined ? null : <p class="caption">{leftOut.value}</p>;
}

function GroupTable({ group, before }: { group: Group; before: Group | undefined }) {
  return (
    <table>
      <caption>{group.title}</caption>
      <tbody>
        {group.rows.map((row) => (
          <StateRow key={row.name} row={row} before={before?.rows.find(({ name }) => name === row.name)?.value} />
        ))}
      </tbody>
    </table>
  );
}

const StateRow = ({ row, before }: { row: Row; before: string | undefined }) => <ValueRow {...row} before={before} />;

/** A value, and what it was before the last step, which takes the room that is left beside it: nothing moves when something changes. */
export function ValueRow({ name, value, cells, before }: Row & { before: string | undefined }) {
  const changed = before !== undefined && before !== value;
  return (
    <tr class={changed ? 'changed' : ''}>
      <th scope="row">{name}</th>
      <td>
        <div>
          {cells === undefined ? <span>{value}</span> : <Cells cells={cells} />}
          {changed && (
            <span class="before" title={`was ${before}`}>
              <span class="hidden">changed, </span>was {before}
            </span>
          )}
        </div>
      </td>
    </tr>
  );
}

function Cells({ cells }: { cells: readonly string[] }) {
  return (
    <ol class="cells" start={0}>
      {cells.map((cell, number) => (
        <li key={number} class={cell === '-' ? 'empty' : ''}>
          {cell === '-' ? 'free' : cell}
        </li>
      ))}
    </ol>
  );
}
