import { batch, computed, effect, signal } from '@preact/signals';
import { enabled } from '../../engine/compose/index.ts';
import type { Fact, Part } from '../../facts/index.ts';
import type { Subject } from '../../replay/subject.ts';
import type { LogHeader } from '../../store/header.ts';
import type { Origins } from '../../store/origin.ts';
import { currentBranch, goTo, type Session, sharedLength, startSession } from '../session/branches.ts';
import { bareOf, FEW, isOf, lastOf, liveEvents } from '../session/live.ts';
import { observations } from '../session/observations.ts';
import { impossible } from '../session/refusals.ts';
import { Timeline } from '../session/timeline.ts';
import { type World, worldOf } from '../session/world.ts';
import { endAsking } from './asking.ts';
import { found, tell, toldAt } from './finding.ts';
import { liveOnly } from './live-only.ts';
import { endSearch } from './searching.ts';

/** What is explored if nobody says otherwise. */
export const DEFAULT: Subject = { model: 'two-threads', environment: '4.16', driver: 'as-posted' };

/** Everything that the page shows follows from these. */
export const world = signal<World>(worldOf(DEFAULT));
export const session = signal<Session>(startSession());
/** The property that is looked at. */
export const selectedProperty = signal<string | undefined>(undefined);
/** The position that others are held against: a log, and how many facts of it. */
export const mark = signal<{ readonly facts: readonly Fact[]; readonly at: number; readonly name: string } | undefined>(
  undefined,
);
/** The header of a log that was opened, and the file beside the page it came from, as long as its subject is explored. */
export const opened = signal<
  | { readonly header?: LogHeader; readonly facts: readonly Fact[]; readonly origins?: Origins; readonly file?: string }
  | undefined
>(undefined);
/** The file beside the page that describes a driver, if one does. */
export const port = signal<string | undefined>(undefined);
/** What went wrong, or is worth knowing, for a person to read. */
export const notice = signal<string | undefined>(undefined);

/** How many sessions were begun: each has an address of its own to come back to. */
export const begun = signal(0);

/** Grows while the present log is folded. */
const folding = signal(0);

let timelines = new WeakMap<readonly Fact[], Timeline>();

/** The timeline of a log of the present world; begun from another one where they are alike. */
export function timelineOf(facts: readonly Fact[], like?: readonly Fact[]): Timeline {
  const known = timelines.get(facts);
  if (known !== undefined) return known;
  const base = like === undefined ? undefined : timelines.get(like);
  const timeline =
    base === undefined ? new Timeline(world.value, facts) : base.branched(facts, sharedLength(base.facts, facts));
  timelines.set(facts, timeline);
  return timeline;
}

/** Milliseconds that folding may take before the page answers again: at once, and in each slice after that. */
const AT_ONCE = 30;
const SLICE = 12;
/** Milliseconds between two looks at a log that is being folded. */
const LOOK = 150;

let pumping: Timeline | undefined;

/** Folds the present log to its end: a short one at once, a long one slice by slice. */
function pump(timeline: Timeline): void {
  if (pumping === timeline) return;
  timeline.fold(performance.now() + AT_ONCE);
  pumping = timeline.isDone ? undefined : timeline;
  let looked = performance.now();
  const slice = (): void => {
    if (pumping !== timeline) return;
    timeline.fold(performance.now() + SLICE);
    if (timeline.isDone || performance.now() - looked > LOOK) {
      looked = performance.now();
      folding.value++;
    }
    if (!timeline.isDone) setTimeout(slice);
  };
  if (pumping === timeline) setTimeout(slice);
}

/** Changes the session. */
export function update(change: (session: Session) => Session): void {
  const before = currentBranch(session.value).facts;
  const next = change(session.value);
  pump(timelineOf(currentBranch(next).facts, before));
  session.value = next;
}

/** Goes to a position. */
export const jump = (at: number): void => (toldAt.value === undefined ? update((now) => goTo(now, at)) : tell(at));

/**
 * Explores another subject, from its beginning; `inferred`: the facts of its log in which a count rests on values that no line
 * of a recording shows. Throws a RangeError if there is no such model, environment or driver.
 */
export function explore(subject: Subject, start: Session = startSession(), inferred?: ReadonlySet<Fact>): void {
  const entered = worldOf(subject, inferred);
  endSearch();
  endAsking();
  batch(() => {
    timelines = new WeakMap();
    mark.value = undefined;
    found.value = undefined;
    toldAt.value = undefined;
    world.value = entered;
    pump(timelineOf(currentBranch(start).facts));
    session.value = start;
    begun.value++;
  });
}

/** Where one is: as far as the log is folded. */
export const view = computed(() => {
  folding.value;
  const timeline = timelineOf(currentBranch(session.value).facts);
  const at = Math.min(session.value.at, timeline.folded);
  const before = at === 0 ? undefined : timeline.momentAt(at - 1);
  return { timeline, at, moment: timeline.momentAt(at), before, folded: timeline.folded, isDone: timeline.isDone };
});

/** Milliseconds from a step to the pictures of it: the step is on the screen by then. */
const LATER = 32;

/** Where one was a moment ago: pictures are of that, so that a step does not wait for them, and what is passed by is not drawn. */
export const pictured = signal(view.peek());
/** Whether the pictures are to be drawn anew. */
export const isBehind = computed(() => pictured.value !== view.value);
let isWaiting = false;
effect(() => {
  const { timeline } = view.value;
  // What is explored is another thing: no picture of the one before can stand beside it.
  if (timeline.world !== pictured.peek().timeline.world) pictured.value = view.peek();
  if (isWaiting || !isBehind.peek()) return;
  isWaiting = true;
  setTimeout(() => {
    isWaiting = false;
    pictured.value = view.peek();
  }, LATER);
});

/** The events that are open now, or were before the last fact; undefined where all are shown. */
const openEvents = computed(() => {
  const { system } = world.value;
  if (!liveOnly.value || system.countOf('event') <= FEW) return undefined;
  const { moment, before } = view.value;
  const now = liveEvents(world.value, moment.state);
  return before === undefined ? now : new Set([...now, ...liveEvents(world.value, before.state)]);
});

/** The events that the panels show: those that are open, of many those that acted last; undefined for all. */
export const shownEvents = computed(() => {
  const { timeline, at } = view.value;
  return openEvents.value && lastOf(openEvents.value, timeline.facts, at);
});

/** What the panels leave out of what is open, in words; undefined if it is nothing. */
export const leftOut = computed(() => {
  const [open, shown] = [openEvents.value?.size ?? 0, shownEvents.value?.size ?? 0];
  return open === shown
    ? undefined
    : `The ${shown} events that acted last, of ${open} that are open (all: without “live events only”).`;
});

/** What can happen now, and what cannot. */
export const next = computed(() => {
  const { system, bare: all } = world.value;
  const { state } = view.value.moment;
  const bare = shownEvents.value === undefined ? all : bareOf(world.value, shownEvents.value);
  return { possible: [...enabled(system, state, bare)], impossible: impossible(system, state, bare) };
});

/** What can be seen now, and what could before the last fact. */
export const seen = computed(() => {
  const { moment, before } = view.value;
  const events = shownEvents.value;
  const isShown = events && ((part: Part) => isOf(events, part));
  return {
    now: observations(world.value, moment, isShown),
    before: before && observations(world.value, before, isShown),
  };
});
