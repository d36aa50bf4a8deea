import { effect } from '@preact/signals';
import { initialState } from '../../engine/compose/index.ts';
import type { Fact } from '../../facts/index.ts';
import { adopt, goTo, type Session, sharedLength, startSession, switchTo } from '../session/branches.ts';
import { ChoiceWriter, LONGEST, readChoices } from '../session/choices.ts';
import { describeDriver } from '../session/drivers.ts';
import { type Link, readLink, writeLink } from '../session/link.ts';
import type { Timeline } from '../session/timeline.ts';
import { environmentIn, worldOf } from '../session/world.ts';
import { openText } from './opening.ts';
import {
  begun,
  DEFAULT,
  explore,
  notice,
  opened,
  port,
  selectedProperty,
  session,
  timelineOf,
  update,
  view,
  world,
} from './store.ts';

/** Milliseconds after which the address follows. */
const DELAY = 150;

const writers = new WeakMap<readonly Fact[], ChoiceWriter>();
let last: { readonly facts: readonly Fact[]; readonly writer: ChoiceWriter } | undefined;
let written = '';
/** The session whose address is in the history already. */
let known = 0;

/** The choices of a log that is folded; undefined if it is too long. */
function choicesOf(timeline: Timeline): string | undefined {
  const { facts, world: its, folded } = timeline;
  if (facts.length > LONGEST || folded < facts.length || its.subject.trace !== undefined) return undefined;
  const ready = writers.get(facts);
  if (ready?.world === its) return ready.text;
  // Mostly a log is one fact longer than the last one.
  const from =
    last !== undefined && last.writer.world === its && sharedLength(last.facts, facts) === last.facts.length
      ? last.facts.length
      : 0;
  const writer = from === 0 ? new ChoiceWriter(its) : last!.writer.copy();
  for (let at = from; at < facts.length; at++)
    writer.add(at === 0 ? initialState(its.system) : timeline.momentAt(at).state, facts[at]!);
  writers.set(facts, writer);
  last = { facts, writer };
  return writer.text;
}

/** The address of where one is; without the logs that are too long for one. */
export function presentLink(): string {
  const { branches, current } = session.value;
  const { at, timeline } = view.value;
  const file = opened.value?.file;
  const isFile = file !== undefined && opened.value?.facts === timeline.facts;
  const texts = branches.map(({ facts }) => {
    const other = timelineOf(facts, timeline.facts);
    if (facts.length <= LONGEST) other.fold();
    return isFile && facts === timeline.facts ? undefined : choicesOf(other);
  });
  const logs = texts.flatMap((text) => (text === undefined || text.startsWith('0.') ? [] : text));
  const mine = texts[current];
  const on = mine === undefined ? 0 : Math.max(0, logs.indexOf(mine));
  return writeLink({
    subject: world.value.subject,
    logs: isFile ? [] : logs,
    on: isFile ? 0 : on,
    ...(at < timeline.facts.length && { at }),
    ...(selectedProperty.value !== undefined && { property: selectedProperty.value }),
    ...(isFile && { file }),
    ...(port.value !== undefined && { port: port.value }),
  });
}

/** Whether the present log is in its address. */
export const isLinkable = (): boolean => {
  const { facts } = view.value.timeline;
  const { trace } = world.value.subject;
  return (facts.length <= LONGEST && trace === undefined) || opened.value?.facts === facts;
};

/** Goes where an address says. What is wrong with it is said, and as much of it as makes sense is shown. */
export async function follow(hash: string): Promise<void> {
  await enterAt(hash);
  known = begun.value;
}

async function enterAt(hash: string): Promise<void> {
  written = hash.replace(/^#/, '');
  notice.value = undefined;
  const link = readLink(hash, DEFAULT);
  selectedProperty.value = link.property;
  if (link.port !== undefined && link.port !== port.value) await describeBeside(link.port);
  if (link.file !== undefined) return openBeside(link.file, link.at);
  opened.value = undefined;
  try {
    enter(link);
  } catch (error) {
    notice.value = `The address leads nowhere: ${(error as Error).message}`;
    explore(DEFAULT);
  }
}

function enter(link: Link): void {
  const entered = worldOf(link.subject);
  const environment = environmentIn(entered.model, link.subject.environment);
  if (environment !== link.subject.environment)
    notice.value = `${entered.model.name} is not asked in ${link.subject.environment}: this is ${environment}`;
  const subject = { ...link.subject, environment };
  const there = worldOf(subject);
  let start: Session = startSession();
  for (const [number, text] of link.logs.entries())
    try {
      const facts = readChoices(there, text);
      const shared = number === 0 ? 0 : sharedLength(start.branches[0]!.facts, facts);
      start = adopt(start, facts, number === 0 ? 'main' : `fork at ${shared}`);
    } catch (error) {
      notice.value = `A log of this address is left out: ${(error as Error).message}`;
    }
  explore(subject, goTo(switchTo(start, link.on), Infinity));
  if (link.at !== undefined) update((now) => goTo(now, link.at!));
}

/** Makes the driver known that a file beside the page describes. */
async function describeBeside(file: string): Promise<void> {
  try {
    describeDriver(JSON.parse(await textBeside(file)));
    port.value = file;
  } catch (error) {
    notice.value = `${file} cannot be opened: ${(error as Error).message}`;
  }
}

async function textBeside(file: string): Promise<string> {
  const answer = await fetch(file);
  if (!answer.ok) throw new Error(`${answer.status} ${answer.statusText}`);
  return answer.text();
}

async function openBeside(file: string, at?: number): Promise<void> {
  try {
    openText(await textBeside(file), file, { file, ...(at !== undefined && { at }) });
  } catch (error) {
    notice.value = `${file} cannot be opened: ${(error as Error).message}`;
    explore(DEFAULT);
  }
}

/** Keeps the address where one is, and follows it when somebody else changes it. */
export function keepAddress(): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  effect(() => {
    // Whatever the address says is read here, so that a change of it is heard.
    const { isDone } = view.value;
    session.value;
    selectedProperty.value;
    clearTimeout(timer);
    if (!isDone) return;
    timer = setTimeout(() => {
      const link = presentLink();
      document.title = `${world.value.model.name} ${view.value.at}, Hartproof explorer`;
      const isNew = begun.value !== known;
      known = begun.value;
      if (link === written) return;
      written = link;
      // A step is no page of its own; a session is.
      if (isNew) history.pushState(null, '', `#${link}`);
      else history.replaceState(null, '', `#${link}`);
    }, DELAY);
  });
  addEventListener('popstate', () => {
    if (location.hash.replace(/^#/, '') !== written) void follow(location.hash);
  });
}
