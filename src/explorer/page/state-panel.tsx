import type { Group, Row } from '../session/observations.ts';
import { Panel } from './panel.tsx';
import { seen } from './store.ts';

/** Harts, counters, slots, the reservation and the events as they are, with what the last fact changed. */
export function StatePanel() {
  const { now, before } = seen.value;
  return (
    <Panel name="state" title="State">
      <div class="scrolls" tabIndex={0} role="group" aria-label="the state of everything">
        {now.map((group) => (
          <GroupTable key={group.title} group={group} before={before?.find(({ title }) => title === group.title)} />
        ))}
      </div>
    </Panel>
  );
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

function StateRow({ row: { name, value, cells }, before }: { row: Row; before: string | undefined }) {
  const changed = before !== undefined && before !== value;
  return (
    <tr class={changed ? 'changed' : ''}>
      <th scope="row">{name}</th>
      <td>
        {cells === undefined ? value : <Cells cells={cells} />}
        {changed && (
          <span class="before">
            <span class="hidden">changed, </span>was {before}
          </span>
        )}
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
