import { useEffect, useRef } from 'preact/hooks';
import { ownerOf } from '../../findings/observe.ts';
import { isOf } from '../session/live.ts';
import { partName, roleName } from '../session/parts.ts';
import { chosen } from './machine-shown.ts';
import { showRow } from './show-row.ts';
import { shownEvents, world } from './store.ts';

/** The machines of the system, by whom they belong to; those that took part in the last fact are marked. */
export function MachineTabs({ part, taking }: { readonly part: number; readonly taking: readonly number[] }) {
  const { parts } = world.value.system;
  const events = shownEvents.value;
  const numbers = [...parts.keys()].filter(
    (number) => events === undefined || number === part || isOf(events, parts[number]!),
  );
  const owners = [...new Set(numbers.map((number) => ownerOf(parts[number]!)))].sort((a, b) => rank(a) - rank(b));
  const groups = owners.map((owner) => numbers.filter((number) => ownerOf(parts[number]!) === owner));
  const order = groups.flat();
  /** Arrow keys go from tab to tab. */
  const move = (event: KeyboardEvent, number: number): void => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    event.stopPropagation();
    const to = order[(order.indexOf(number) + step + order.length) % order.length]!;
    choose(to);
    document.getElementById(`tab-${to}`)?.focus();
  };
  const tabs = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const shown = tabs.current?.querySelector('[aria-selected=true]');
    if (shown && tabs.current !== null) showRow(shown, tabs.current);
  }, [part]);
  return (
    <div ref={tabs} class="tabs" role="tablist" aria-label="machines">
      {groups.map((group, place) => (
        <span key={owners[place]} class="owner" role="presentation">
          <span role="presentation">{owners[place] || 'shared'}</span>
          {group.map((number) => (
            <button
              key={number}
              id={`tab-${number}`}
              type="button"
              role="tab"
              aria-label={partName(parts[number]!)}
              aria-selected={number === part}
              aria-controls="chart"
              tabIndex={number === part ? 0 : -1}
              class={taking.includes(number) ? 'acts' : ''}
              onClick={() => choose(number)}
              onKeyDown={(event) => move(event, number)}
            >
              {roleName(parts[number]!)}
            </button>
          ))}
        </span>
      ))}
    </div>
  );
}

const choose = (number: number): void => {
  chosen.value = partName(world.value.system.parts[number]!);
};

/** The events, the harts, then what all share. */
const rank = (owner: string): number => ['event', 'hart', ''].indexOf(owner.split(' ')[0]!);
