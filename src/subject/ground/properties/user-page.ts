import { isActive, type Known, type Offence, type Step } from '../step.ts';
import type { GroundProperty } from './property.ts';

type Found = Omit<Offence, 'property'>;

/** What is wrong in a page was written by the callback that was called last, or by none of this event. */
const writerOf = ({ command: { call } }: Step): Pick<Offence, 'callback'> =>
  call === 'tick' || call === 'overflow' ? { callback: 'add' } : {};

/** Where the count that a user computes is not what read() gives at that moment. */
function untrueCount({ command, before, after }: Step): Found[] {
  const [says, gives] = [before.events[command.event]?.page?.says, after?.events[command.event]?.count];
  if (command.call !== 'read' || command.flags || says === undefined || gives === undefined || says === gives)
    return [];
  const [user, kernel] = [says, gives].map((count) => BigInt.asIntN(64, BigInt(`0x${count}`)));
  const text = `a user who reads the page of event ${command.event} computes ${user}, where read() gives ${kernel}`;
  return [{ text, callback: 'page' }];
}

/** Where a page says that a counter can be read, and it is not the event's. */
function untrueIndex(step: Step): Found[] {
  return (step.after?.events ?? []).flatMap((event, number): Found[] => {
    const { page } = event;
    if (page?.reads !== true) return [];
    const says = `the page of event ${number} says index ${page.index} and cap_user_rdpmc`;
    if (!isActive(event))
      return [{ text: `${says}, and the event is not counted: a user counts on`, ...writerOf(step) }];
    return page.nothing ? [{ text: `${says}, and there is no such counter`, ...writerOf(step) }] : [];
  });
}

/** Where users may not read what a page offers, or may still read what no page offers any more. */
function untrueAccess(step: Step): Found[] {
  const denied = (step.after?.events ?? []).flatMap((event, number): Found[] => {
    const counter = (event.page?.index ?? 0) - 1;
    if (!event.page?.denied || !isActive(event)) return [];
    const text = `the page of event ${number} offers counter ${counter}, which its CPU lets no user read`;
    return [{ text, ...writerOf(step) }];
  });
  const readable = step.after?.readable;
  if (step.command.call !== 'unmap' || readable === undefined) return denied;
  const counter = Math.log2(readable.counters & -readable.counters);
  return [
    ...denied,
    { text: `nobody maps an event any more, and users of CPU ${readable.cpu} still read counter ${counter}` },
  ];
}

const PAGE =
  'include/uapi/linux/perf_event.h, struct perf_event_mmap_page: lock, index, offset, pmc_width, cap_user_rdpmc';
const reads = ({ before, after }: Step, _: Known): boolean =>
  [before, after].some((view) => view?.events.some(({ page }) => page?.reads));

/** What is asked of the page through which a user reads a counter, and of the access that a CPU gives to users. */
export const USER_PAGE: readonly GroundProperty[] = [
  {
    id: 'user-page-true',
    dependsOnDevice: true,
    withoutDevice: 'the device is not described, and what a user reads in a counter is not known',
    statement:
      'what a user computes from the mapped page is what read() gives; its index is 0 while the event is not counted by a counter that users can read',
    severity: 'medium',
    source: PAGE,
    consequence: 'A program that reads its counter without a system call gets a number that is wrong.',
    speaksOf: reads,
    judge: (step) => [...untrueCount(step), ...untrueIndex(step)],
  },
  {
    id: 'user-access-kept',
    needsDevice: true,
    dependsOnDevice: true,
    statement:
      'users of a CPU can read a counter while a page offers it there, and no longer when nobody maps an event',
    severity: 'medium',
    source: `${PAGE}; event_mapped, event_unmapped`,
    consequence: 'A program that reads its counter is killed, or programs read counters of others.',
    speaksOf: reads,
    judge: untrueAccess,
  },
];
