import { observe } from '../../audit/observe.ts';
import { partName, placeText, sourceText } from './parts.ts';
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

/** Everything that a person can see at a moment: the events, the harts, then what all share. */
export function observations({ system }: World, { state, counts }: Moment): Group[] {
  const seen = observe(system, state, counts);
  const groups = new Map<string, Row[]>();
  const add = (title: string, ...rows: Row[]): void => {
    groups.set(title, [...(groups.get(title) ?? []), ...rows]);
  };
  for (const [number, part] of system.parts.entries()) {
    const snapshot = state[number]!;
    const { context } = snapshot;
    switch (part.role) {
      case 'lifecycle':
        add(`event ${part.index}`, { name: 'perf core', value: placeText(snapshot) });
        add(`event ${part.index}`, { name: 'kind', value: context.attribute ?? '–' });
        break;
      case 'driver':
        add(`event ${part.index}`, { name: 'driver', value: sourceText(snapshot) ?? 'idle' });
        break;
      case 'hart':
        add(`hart ${part.index}`, {
          name: 'callback',
          value: context.runs === null ? 'none' : `of event ${context.runs}`,
        });
        break;
      case 'group': {
        const member = (is: boolean, event: number): string => (is ? `event ${event}` : '-');
        add('group', { name: 'state', value: placeText(snapshot) });
        for (const name of ['open', 'active'] as const) {
          const cells = (context[name] as boolean[]).map(member);
          add('group', { name, value: `[${cells.join(', ')}]`, cells });
        }
        break;
      }
      case 'reservation':
        add(partName(part));
        break;
      default:
    }
  }
  for (const [name, value] of seen) {
    const [, owner, rest] = /^((?:event|hart) \d+) (.*)$/.exec(name) ?? [];
    const title = owner ?? partName({ role: 'reservation', index: 0 });
    const cells = rest === 'events[]' ? { cells: value.slice(1, -1).split(', ') } : {};
    add(title, { name: rest ?? name, value, ...cells });
    if (name === 'mutex') add(title, waitersIn(state[system.partOf('reservation', 0)!]!.context.waiters));
  }
  const titles = [...groups.keys()].sort((a, b) => rank(a) - rank(b));
  return titles.map((title) => ({ title, rows: groups.get(title)! }));
}

function waitersIn(waiters: readonly number[]): Row {
  const value = waiters.length === 0 ? 'nobody' : waiters.map((event) => `task of event ${event}`).join(', ');
  return { name: 'mutex awaited by', value };
}

/** What all share, then the events, then the harts. */
const rank = (title: string): number => ['PMC', 'event', 'hart', 'group'].indexOf(title.split(' ')[0]!);
