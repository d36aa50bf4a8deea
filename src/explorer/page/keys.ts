import type { Fact } from '../../facts/index.ts';
import { byTask, out, over } from '../session/steps.ts';
import { copyLink } from './copy-link.ts';
import { told } from './finding.ts';
import { enlarged, type PanelName, show, TITLES, toggleEnlarged, toggleHidden } from './layout.ts';
import { byCalls, markHere, stepByCall, turnTo } from './log-panel.tsx';
import { followMachines, turnMachine } from './machine-shown.ts';
import { filter, offered, runAhead, takeFact } from './next-panel.tsx';
import { saveLog } from './opening.ts';
import { showing } from './path-panel.tsx';
import { toggleSearch } from './properties-panel.tsx';
import { toFound } from './recording.ts';
import { machinesShown } from './room.tsx';
import { jump, view } from './store.ts';

/** What a key does, and what the help says of it. */
interface Key {
  readonly keys: readonly string[];
  readonly does: string;
  readonly run: (key: string) => void;
}

const go = (by: number) => () => jump((told.value?.at ?? view.value.at) + by);

/** Goes where a way of stepping leads, along a log of facts. */
const along = (way: (facts: readonly Fact[], at: number) => number) => () => {
  const finding = told.value;
  const { facts, at } =
    finding === undefined
      ? { facts: view.value.timeline.facts, at: view.value.at }
      : { facts: finding.finding.facts, at: finding.at };
  jump(facts === undefined ? at + 1 : way(facts, at));
};

/** The panel that has the focus, else the one that is enlarged. */
function focused(): PanelName | undefined {
  const id = document.activeElement?.closest('section.panel')?.id;
  return id !== undefined && Object.hasOwn(TITLES, id) ? (id as PanelName) : enlarged.value;
}

function ofFocused(does: (name: PanelName) => void, otherwise: PanelName): void {
  does(focused() ?? otherwise);
}
/** Shows a panel, and brings it into view where the page is longer than its window. */
function bring(name: PanelName): void {
  show(name);
  setTimeout(() => document.getElementById(name)?.scrollIntoView({ block: 'nearest' }));
}

const element = (selector: string): HTMLElement | null => document.querySelector(selector);

/** Goes to the nearest position after this one, or before it, at which a property breaks first. */
function toBreak(step: 1 | -1): void {
  const { timeline, at } = view.value;
  const ahead = [...timeline.broken.values(), ...timeline.brokenInFlight.values()].filter(
    (position) => (position - at) * step > 0,
  );
  if (ahead.length > 0) jump(step > 0 ? Math.min(...ahead) : Math.max(...ahead));
}

/** Every key, in the order of the help. */
export const KEYS: readonly Key[] = [
  { keys: ['j', 'ArrowDown', 'ArrowRight'], does: 'one fact further in the log', run: go(1) },
  { keys: ['k', 'ArrowUp', 'ArrowLeft'], does: 'one fact back', run: go(-1) },
  { keys: ['J'], does: 'to the end of this call, or of the next', run: () => stepByCall(1) },
  { keys: ['K'], does: 'to the end of the call before', run: () => stepByCall(-1) },
  { keys: ['l'], does: 'over: past the call that comes next, whatever happens within it', run: along(over) },
  { keys: ['u'], does: 'out: to the return of the call that is in flight', run: along(out) },
  { keys: ['w'], does: 'to the next fact of the same task or hart', run: along((facts, at) => byTask(facts, at, 1)) },
  { keys: ['W'], does: 'to its fact before', run: along((facts, at) => byTask(facts, at, -1)) },
  {
    keys: ['c'],
    does: 'fold the log to calls, or unfold it',
    run: () => {
      byCalls.value = !byCalls.value;
    },
  },
  { keys: ['PageDown'], does: 'twenty facts further', run: go(20) },
  { keys: ['PageUp'], does: 'twenty facts back', run: go(-20) },
  { keys: ['g', 'Home'], does: 'to the start', run: () => jump(0) },
  { keys: ['G', 'End'], does: 'to the end of the log', run: go(Infinity) },
  { keys: ['n'], does: 'to the next fact that violates a property', run: () => toBreak(1) },
  { keys: ['p'], does: 'to the one before', run: () => toBreak(-1) },
  { keys: ['N'], does: "to the next callback of a kernel's trace that passes its filter", run: () => toFound(1) },
  { keys: ['P'], does: 'to the one before', run: () => toFound(-1) },
  {
    keys: ['1', '2', '3', '4', '5', '6', '7', '8', '9'],
    does: 'let that one of the next facts happen',
    run: (key) => {
      const fact = offered()[Number(key) - 1];
      if (fact !== undefined) takeFact(fact);
    },
  },
  { keys: [' '], does: 'go on with this call until it returns; else while only one fact can happen', run: runAhead },
  {
    keys: ['/'],
    does: 'filter the next facts (Enter: let the first happen; Escape: no filter)',
    run: () => element('#filter')?.focus(),
  },
  {
    keys: ['q'],
    does: 'ask a question: what can be, and how (Enter: ask it, or the first suggestion)',
    run: () => element('#question')?.focus(),
  },
  { keys: ['m'], does: 'mark this position', run: markHere },
  {
    keys: ['d'],
    does: 'what is different from the mark, or the sequence',
    run: () => {
      showing.value = showing.value === 'difference' ? 'sequence' : 'difference';
      bring('path');
    },
  },
  {
    keys: ['v'],
    does: 'what the driver could do otherwise: switches, and the same calls beside this log',
    run: () => {
      showing.value = showing.value === 'decisions' ? 'sequence' : 'decisions';
      bring('path');
    },
  },
  { keys: ['b'], does: 'the next branch', run: () => turnTo(1) },
  { keys: ['B'], does: 'the branch before', run: () => turnTo(-1) },
  { keys: ['t'], does: 'the next machine', run: () => turnMachine(1) },
  { keys: ['T'], does: 'the machine before', run: () => turnMachine(-1) },
  {
    keys: ['r'],
    does: 'the machine room, or the statechart of the machine that acts',
    run: () => {
      machinesShown.value = machinesShown.value === 'room' ? 'statechart' : 'room';
      bring('machines');
    },
  },
  { keys: ['f'], does: 'show the machine that acts', run: followMachines },
  { keys: ['s'], does: 'search all logs of the model, or cancel the search', run: toggleSearch },
  {
    keys: ['z'],
    does: 'enlarge the panel that has the focus (else the C), or take it back',
    run: () => ofFocused(toggleEnlarged, 'code'),
  },
  {
    keys: ['x'],
    does: 'hide the panel that has the focus; Panels shows it again',
    run: () => {
      const name = focused();
      if (name !== undefined) toggleHidden(name);
    },
  },
  { keys: ['y'], does: 'copy the link to where you are', run: () => void copyLink() },
  { keys: ['e'], does: 'save the log as JSON Lines', run: () => void saveLog() },
  { keys: ['o'], does: 'open a log', run: () => element('#file')?.click() },
  { keys: ['?'], does: 'these keys', run: () => (element('#help') as HTMLDialogElement | null)?.showModal() },
];

/** A key by the name that stands on it. */
export const keyName = (key: string): string =>
  ({
    ArrowDown: '↓',
    ArrowUp: '↑',
    ArrowLeft: '←',
    ArrowRight: '→',
    ' ': 'space',
    PageDown: 'page down',
    PageUp: 'page up',
  })[key] ?? key;

/** Listens to the keyboard, wherever the focus is. */
export function listen(): void {
  addEventListener('keydown', (event) => {
    const target = event.target as HTMLElement;
    if (event.key === 'Escape' && enlarged.value !== undefined) enlarged.value = undefined;
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]') !== null) return;
    if (target.id === 'filter') return inFilter(event, target);
    if (target.closest('input:not([type=checkbox]), select, textarea') !== null) return;
    if (event.key === ' ' && target.closest('button, summary, input, a') !== null) return;
    // What scrolls keeps the keys that scroll.
    const scrolls = target.closest('.scrolls') !== null && target.closest('button') === null;
    if (scrolls && /^(Arrow|Page|Home|End)/.test(event.key)) return;
    const found = KEYS.find(({ keys }) => keys.includes(event.key));
    if (found === undefined) return;
    event.preventDefault();
    found.run(event.key);
  });
}

function inFilter(event: KeyboardEvent, input: HTMLElement): void {
  const [first] = offered();
  if (event.key === 'Escape') filter.value = '';
  else if (event.key === 'Enter' && first !== undefined) {
    takeFact(first);
    filter.value = '';
  } else return;
  event.preventDefault();
  input.blur();
}
