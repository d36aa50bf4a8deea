import type { AnyMachineSnapshot } from 'xstate';
import type { Part } from '../../facts/index.ts';
import { observe, ownerOf } from '../../findings/observe.ts';
import { placeText, roleName, sourceText } from './parts.ts';
import type { Moment } from './timeline.ts';
import type { World } from './world.ts';

/** One thing that can be seen, under a name that is the driver's own. */
export interface Row {
  readonly name: string;
  readonly value: string;
  /** Where the value is an array: its entries, to be drawn side by side. */
  readonly cells?: readonly string[];
}

/** What belongs together: an event, a hart, the reservation. */
export interface Group {
  readonly title: string;
  readonly rows: readonly Row[];
}

/** The title of what belongs to no event and no hart. */
const SHARED = 'shared';

/** Everything that a person can see at a moment, of all machines or of some: what all share, then the events, then the harts. */
export function observations(
  { system: whole }: World,
  { state: all, counts }: Moment,
  isShown: (part: Part) => boolean = () => true,
): Group[] {
  const numbers = [...whole.parts.keys()].filter((number) => isShown(whole.parts[number]!));
  const system = { parts: numbers.map((number) => whole.parts[number]!) };
  const state = numbers.map((number) => all[number]!);
  const groups = new Map<string, Row[]>();
  const add = (title: string, rows: readonly Row[]): void => {
    groups.set(title, [...(groups.get(title) ?? []), ...rows]);
  };
  for (const [number, part] of system.parts.entries())
    if (ownerOf(part) !== '') add(ownerOf(part), rowsOf(part, state[number]!));
  for (const [name, value] of observe(system, state, counts)) {
    const [, owner = SHARED, rest = name] = /^((?:event|hart) \d+) (.*)$/.exec(name) ?? [];
    const cells = rest === 'events[]' ? { cells: value.slice(1, -1).split(', ') } : {};
    add(owner, [{ name: rest, value, ...cells }]);
  }
  for (const [number, part] of system.parts.entries())
    if (ownerOf(part) === '') add(part.role === 'group' ? 'group' : SHARED, rowsOf(part, state[number]!));
  const titles = [...groups.keys()].sort((a, b) => rank(a) - rank(b));
  return titles.map((title) => ({ title, rows: groups.get(title)! }));
}

/** Where a machine is, and what else a person wants to know of it that no report tells. */
function rowsOf(part: Part, snapshot: AnyMachineSnapshot): Row[] {
  const { context } = snapshot;
  switch (part.role) {
    case 'lifecycle':
      return [
        { name: roleName(part), value: placeText(snapshot) },
        { name: 'kind', value: context.attribute ?? '–' },
      ];
    case 'driver':
      return [{ name: 'driver', value: sourceText(snapshot) ?? 'idle' }];
    case 'hart':
      return [{ name: 'callback', value: context.runs === null ? 'none' : `of event ${context.runs}` }];
    case 'reservation':
      return [{ name: 'mutex awaited by', value: tasks(context.waiters) }];
    case 'group':
      return [
        { name: 'state', value: placeText(snapshot) },
        { name: 'open', ...members(context.open) },
        { name: 'active', ...members(context.active) },
      ];
    default:
      return [];
  }
}

const tasks = (events: readonly number[]): string =>
  events.length === 0 ? 'nobody' : events.map((event) => `task of event ${event}`).join(', ');

function members(are: readonly boolean[]): Omit<Row, 'name'> {
  const cells = are.map((is, event) => (is ? `event ${event}` : '-'));
  return { value: `[${cells.join(', ')}]`, cells };
}

/** In which order the groups stand. */
const rank = (title: string): number => [SHARED, 'event', 'hart', 'group'].indexOf(title.split(' ')[0]!);
