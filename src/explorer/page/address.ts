import { batch, effect } from '@preact/signals';
import { initialState } from '../../engine/compose/index.ts';
import type { Fact } from '../../facts/index.ts';
import type { Subject } from '../../replay/subject.ts';
import { adopt, goTo, isSameLog, type Session, sharedLength, startSession, switchTo } from '../session/branches.ts';
import { ChoiceWriter, LONGEST, readChoices } from '../session/choices.ts';
import { describeDriver } from '../session/drivers.ts';
import { findingNamed } from '../session/found.ts';
import { type Link, readLink, writeLink } from '../session/link.ts';
import type { Timeline } from '../session/timeline.ts';
import { environmentIn, worldOf } from '../session/world.ts';
import { textBeside } from './beside.ts';
import { code, findings, found, told } from './finding.ts';
import { openFinding, readCodeBeside, readFindingsBeside } from './open-finding.ts';
import { openText } from './opening.ts';
import { judging } from './recording.ts';
import {
  begun,
  DEFAULT,
  explore,
  jump,
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
import { VERSION } from './version.ts';

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

/** The branches as addresses have them; undefined for one that is too long, or lies in a file. */
function branchTexts(): (string | undefined)[] {
  const { timeline } = view.value;
  const isFile = opened.value?.file !== undefined && opened.value.facts === timeline.facts;
  return session.value.branches.map(({ facts }) => {
    const other = timelineOf(facts, timeline.facts);
    if (facts.length <= LONGEST) other.fold();
    return isFile && facts === timeline.facts ? undefined : choicesOf(other);
  });
}

/** The address of where one is; without the logs that are too long for one. */
export function presentLink(): string {
  const lies = {
    version: VERSION,
    ...(port.value !== undefined && { port: port.value }),
    ...(code.value.file !== undefined && { code: code.value.file }),
  };
  if (told.value !== undefined) return toldLink(lies);
  const { at, timeline } = view.value;
  const file = opened.value?.file;
  const isFile = file !== undefined && opened.value?.facts === timeline.facts;
  const texts = branchTexts();
  const logs = texts.flatMap((text) => (text === undefined || text.startsWith('0.') ? [] : text));
  const mine = texts[session.value.current];
  const on = mine === undefined ? 0 : Math.max(0, logs.indexOf(mine));
  return writeLink({
    subject: world.value.subject,
    logs: isFile ? [] : logs,
    on: isFile ? 0 : on,
    ...(at < timeline.facts.length && { at }),
    ...(selectedProperty.value !== undefined && { property: selectedProperty.value }),
    ...(isFile && { file }),
    ...lies,
    ...(found.value !== undefined && { finding: found.value.token }),
  });
}

/** The address of a finding that no machines follow, and of the step of it. */
function toldLink(lies: object): string {
  const { finding, at, length } = told.value!;
  const fields = { ...lies, finding: finding.token, ...(at < length && { at: `${at}` }) };
  return new URLSearchParams(fields).toString();
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
  from = whereNow();
}

async function enterAt(hash: string): Promise<void> {
  written = hash.replace(/^#/, '');
  notice.value = undefined;
  const link = readLink(hash, DEFAULT);
  selectedProperty.value = link.property;
  if (link.port !== undefined && link.port !== port.value) await describeBeside(link.port);
  if (link.code !== undefined) await readCodeBeside().catch(() => undefined);
  if (link.finding !== undefined && link.logs.length === 0) return openFinding(link.finding, link.at);
  if (link.file !== undefined) return openBeside(link.file, link.subject, link.at);
  opened.value = undefined;
  try {
    enter(link);
    if (link.finding !== undefined) await keepFinding(link.finding);
    if (link.version !== undefined && link.version !== VERSION)
      notice.value ??= `This link was written by version ${link.version}; this is ${VERSION}.`;
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

/** Says again what is known of the log of a finding: its cause, and its places in the C. */
async function keepFinding(name: string): Promise<void> {
  await readFindingsBeside().catch(() => undefined);
  const finding = findings.value && findingNamed(findings.value, name);
  const [main] = session.value.branches;
  if (finding?.facts === undefined || !isSameLog(finding.facts, main!.facts)) return;
  const { current, at } = session.value;
  batch(() => {
    update((now) => ({ ...now, branches: now.branches.with(0, { name: finding.token, facts: finding.facts! }) }));
    update((now) => goTo({ ...now, current }, at));
    found.value = finding;
  });
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

async function openBeside(file: string, by: Subject, at?: number): Promise<void> {
  try {
    openText(await textBeside(file), file, { file, by, ...(at !== undefined && { at }) });
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
    told.value;
    clearTimeout(timer);
    if (!isDone || judging.value !== undefined) return;
    timer = setTimeout(() => {
      const link = presentLink();
      document.title = titleNow();
      const isNew = begun.value !== known || isFar();
      known = begun.value;
      from = whereNow();
      if (link === written) return;
      written = link;
      if (isNew) history.pushState(null, '', `#${link}`);
      else history.replaceState(null, '', `#${link}`);
    }, DELAY);
  });
  addEventListener('popstate', () => {
    const hash = location.hash.replace(/^#/, '');
    if (hash !== written && !returnTo(hash)) void follow(location.hash);
  });
}

/** A branch, and a position in it. */
interface Where {
  readonly branch: number;
  readonly at: number;
}

let from: Where = { branch: 0, at: 0 };

const whereNow = (): Where => ({ branch: session.value.current, at: told.value?.at ?? view.value.at });

/** A step is no place of its own to come back to; a leap is. */
function isFar(): boolean {
  const { branch, at } = whereNow();
  return branch !== from.branch || Math.abs(at - from.at) > 1;
}

function titleNow(): string {
  const finding = told.value;
  return finding === undefined
    ? `${world.value.model.name} ${view.value.at}, Hartproof explorer`
    : `${finding.finding.token} ${finding.at}, Hartproof explorer`;
}

/** Goes to a place of the present session, all of which is kept. Returns whether the address is one. */
function returnTo(hash: string): boolean {
  const link = readLink(hash, DEFAULT);
  if (told.value !== undefined && link.finding === told.value.finding.token) {
    jump(link.at ?? Infinity);
    return accept(hash);
  }
  const { subject } = world.value;
  const { model, environment, driver, wordBits } = link.subject;
  const isSame =
    model === subject.model &&
    environment === subject.environment &&
    driver === subject.driver &&
    wordBits === subject.wordBits &&
    link.file === opened.value?.file;
  const text = link.logs[link.on];
  const branch = link.file === undefined ? branchTexts().indexOf(text) : session.value.current;
  if (!isSame || branch < 0 || (text === undefined && link.file === undefined)) return false;
  selectedProperty.value = link.property;
  update((now) => goTo({ ...now, current: branch }, link.at ?? Infinity));
  return accept(hash);
}

function accept(hash: string): true {
  written = hash;
  from = whereNow();
  return true;
}
