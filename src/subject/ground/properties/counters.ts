import type { EventView, Happening, StepView } from '../machine.ts';
import { activeOf, answerOf, errnoText, type Known, type Offence, type Step, writesOf } from '../step.ts';
import type { GroundProperty } from './property.ts';

type Found = Omit<Offence, 'property'>;

const adds = ({ command }: Step): boolean => command.call === 'add' || command.call === 'group';

/** The events that a step added with success. */
const addedBy = ({ happenings, after }: Step): number[] =>
  after === undefined
    ? []
    : happenings.flatMap(({ type, event, answer }) => (type === 'add' && answer === 0 ? [event as number] : []));

/** Registers that `add` writes for one counter alone, as far as is known. */
function ownRegisters(index: number, { writes }: Known): ReadonlySet<string> {
  if (writes.size < 2) return new Set();
  const own = new Set(writes.get(index));
  for (const [other, addresses] of writes) if (other !== index) for (const address of addresses) own.delete(address);
  return own;
}

const groupOf = ({ leader = -1 }: EventView, event: number): number => (leader >= 0 ? leader : event);

/** Whether the driver still knows another event of the group that has the same counter. */
const isKept = ({ events }: StepView, of: EventView, number: number): boolean =>
  events.some(
    (other, at) =>
      at !== number && other.idx === of.idx && groupOf(other, at) === groupOf(of, number) && other.refs > 0,
  );

const addressOf = ({ bus, address }: Happening): string => `${bus} ${address}`;

/** Whether a write to a counter's register programs it: the register changes, or it is the count, which has moved since. */
const programs = (write: Happening, { values }: Known): boolean =>
  write.changes === true || values.has(addressOf(write));

/** Two events that got one counter in a step, though its registers were written for the second. */
export function sharedBy(step: Step, known: Known): Found[] {
  const { after, before } = step;
  if (after === undefined || !adds(step)) return [];
  const fresh = addedBy(step);
  const held = activeOf(before);
  for (const [place, second] of fresh.entries())
    for (const first of [...held, ...fresh.slice(0, place)]) {
      const [a, b] = [after.events[first], after.events[second]];
      if (a?.idx === undefined || a.idx < 0 || a.idx !== b?.idx || a.cpu !== b.cpu || first === second) continue;
      // Alike events of one group may be counted once for both, as long as the driver still knows the first.
      if (groupOf(a, first) === groupOf(b, second) && isKept(after, b, second)) continue;
      const own = ownRegisters(a.idx, known);
      const writes = step.happenings.filter((one) => one.type === 'write' && own.has(addressOf(one)));
      if (!writes.some((one) => programs(one, known))) continue;
      return [
        {
          text: `event ${second} gets counter ${a.idx}, which event ${first} holds, and add programs it anew under event ${first}`,
          at: writes.at(-1)!.at,
        },
      ];
    }
  return [];
}

/** Two events that two adds at once gave one counter of a device that all CPUs share, though each programs it. */
function racedFor(step: Step, known: Known): Found[] {
  const { command, after, happenings } = step;
  if (command.call !== 'at once' || after === undefined || !known.pmu.uncore) return [];
  // One that is moved to another CPU meanwhile is added twice, and takes no counter from anybody.
  const active = new Set(activeOf(after));
  const [first, second] = new Set(addedBy(step).filter((event) => active.has(event)));
  if (first === undefined || second === undefined) return [];
  const idx = after.events[first]?.idx ?? -1;
  const own = ownRegisters(idx, known);
  const writers = new Set(
    happenings.flatMap((one) => (one.type === 'write' && own.has(addressOf(one)) ? [one.hart] : [])),
  );
  if (idx < 0 || idx !== after.events[second]?.idx || writers.size < 2) return [];
  const still = happenings.find(({ type }) => type === 'stands still');
  const text = `events ${second} and ${first} are added on two CPUs at once, and both get counter ${idx}, which each programs`;
  return [{ text, at: still?.at ?? '0' }];
}

/** An event that was accepted although the search for a counter had found none. */
export function beyondBy({ happenings, after }: Step): Found[] {
  for (const { type, event, size } of happenings) {
    if (type !== 'full' || after === undefined) continue;
    const view = after.events[event as number];
    const accepted = happenings.some((one) => one.type === 'add' && one.event === event && one.answer === 0);
    if (accepted && view?.idx !== undefined && view.idx >= (size as number))
      return [
        {
          text: `all ${size} counters are taken, yet add answers 0 and gives event ${event} counter ${view.idx}, which does not exist`,
          callback: 'add',
        },
      ];
  }
  return [];
}

const isIdle = ({ before }: Step): boolean => activeOf(before).length === 0 && before.locks === 0;
const isAlone = ({ before, command }: Step): boolean =>
  before.events.every((event, number) => number === command.event || event.phase === 'closed');

/** What is asked of the counters: who gets one, and that it is there. */
export const COUNTERS: readonly GroundProperty[] = [
  {
    id: 'group-feasible',
    dependsOnDevice: true,
    statement: 'a group is accepted exactly when an idle PMU could hold it',
    severity: 'medium',
    source: 'include/linux/perf_event.h, pmu::event_init: the group must be schedulable on an otherwise empty PMU',
    consequence: 'perf opens the group without an error, and it is never counted: <not counted>, for ever.',
    speaksOf: ({ command }) => command.call === 'group',
    judge(step, known) {
      if (step.command.call !== 'group' || !isIdle(step)) return [];
      const answer = answerOf(step, 'group', step.command.event);
      const members = step.before.events.filter(({ phase }) => phase === 'open').length;
      const accepted = `event_init accepts a group of ${members} events`;
      if (answer !== undefined && answer !== 0) {
        const refused = step.happenings.findLast((one) => one.type === 'add' && one.answer !== 0);
        const where = refused === undefined ? 'commit_txn' : `add of event ${refused.event}`;
        return [
          {
            text: `${accepted} that an idle PMU cannot hold: ${where} answers ${errnoText((refused?.answer as number) ?? answer)}`,
          },
        ];
      }
      const shared = [...sharedBy(step, known), ...beyondBy(step)][0];
      return shared === undefined ? [] : [{ text: `${accepted} that an idle PMU cannot hold: ${shared.text}` }];
    },
  },
  {
    id: 'open-schedulable',
    dependsOnDevice: true,
    statement: 'what is accepted alone can be added to an idle PMU',
    severity: 'medium',
    source: 'include/linux/perf_event.h, pmu::event_init',
    consequence: 'perf opens the event without an error, and it is never counted: <not counted>, for ever.',
    speaksOf: ({ command }) => command.call === 'add',
    judge(step) {
      if (step.command.call !== 'add' || !isIdle(step) || !isAlone(step)) return [];
      const answer = answerOf(step, 'add', step.command.event);
      // What lies beyond an array is no answer.
      const beyond = step.happenings.some(({ type }) => type === 'undefined');
      if (answer === undefined || answer === 0 || beyond) return [];
      return [{ text: `event_init has accepted the event, and add answers ${errnoText(answer)} on an idle PMU` }];
    },
  },
  {
    id: 'counter-exclusive',
    statement: 'two active events share a counter only if neither programs it',
    severity: 'high',
    source: 'include/linux/perf_event.h, pmu::add: a counter is allocated to the event',
    consequence:
      'Both events count wrongly from then on: what the first had counted is lost, and both read one counter.',
    speaksOf: adds,
    judge: (step, known) => [...sharedBy(step, known), ...racedFor(step, known)],
  },
  {
    id: 'add-clean',
    statement: 'a refused add leaves nothing; an accepted one has a counter that exists',
    severity: 'high',
    source: 'include/linux/perf_event.h, pmu::add: on error the event is as before, and del is not called',
    consequence: 'Registers beyond the counters are written, or a counter is lost until the next boot.',
    speaksOf: adds,
    judge(step) {
      const { command, before, after } = step;
      if (command.call === 'add' && after !== undefined && (answerOf(step, 'add', command.event) ?? 0) !== 0) {
        const [was, is] = [before.events[command.event], after.events[command.event]];
        if (was !== undefined && is !== undefined && is.refs > was.refs)
          return [{ text: `add refuses event ${command.event}, and the driver still points to it` }];
      }
      return beyondBy(step);
    },
  },
];

/** The addresses that each counter's `add` writes, learned from steps. */
export function learn(writes: Map<number, Set<string>>, step: Step): void {
  if (step.command.call !== 'add' || step.after === undefined || answerOf(step, 'add', step.command.event) !== 0)
    return;
  const index = step.after.events[step.command.event]?.idx;
  if (index === undefined || index < 0) return;
  const known = writes.get(index) ?? new Set();
  for (const address of writesOf(step.happenings)) known.add(address);
  writes.set(index, known);
}
