import { counterOf, selects } from '../counting.ts';
import type { Known, Offence, Step } from '../step.ts';
import { miscounted } from './device.ts';
import type { GroundProperty } from './property.ts';

type Found = Omit<Offence, 'property'>;
const STOPPED = 1;

/** Where the driver's notifier was told. */
const toldAt = ({ happenings }: Step): Pick<Found, 'at'> => {
  const told = happenings.find(({ type }) => type === 'told');
  return told === undefined ? {} : { at: told.at };
};

/** What a CPU that wakes finds otherwise than it was: an event that stands still, or one that counts though the core has stopped it. */
function unrestored(step: Step, known: Known): Found[] {
  const { command, before, after } = step;
  if (command.call !== 'wake' || after === undefined) return [];
  const at = toldAt(step);
  const moment = command.flags === 1 ? 'CPU_PM_ENTER_FAILED' : 'CPU_PM_EXIT';
  return after.events.flatMap((event, number) => {
    if (before.events[number]?.cpu !== command.event || event.state === undefined) return [];
    const counter = counterOf(event, known);
    const selected = counter === undefined ? undefined : selects(after, event, counter, known);
    const wanted = known.selections.get(event.kind ?? -1);
    const counts = selected !== undefined;
    const isStopped = (event.state & STOPPED) !== 0;
    if (event.phase === 'active' && isStopped)
      return [{ text: `after ${moment}, event ${number}, which ran before, is stopped: hw.state says STOPPED`, ...at }];
    if (event.phase === 'active' && counter !== undefined && !counts)
      return [
        { text: `after ${moment}, counter ${counter} of event ${number}, which ran before, does not count`, ...at },
      ];
    if (event.phase === 'active' && counts && wanted !== undefined && selected !== wanted)
      return [
        {
          text: `after ${moment}, counter ${counter} of event ${number} counts 0x${selected}, and the event asks for 0x${wanted}`,
          ...at,
        },
      ];
    if (event.phase === 'stopped' && (known.usesStopped ? !isStopped : counts))
      return [{ text: `${moment} starts event ${number}, which the core has stopped and not started again`, ...at }];
    return [];
  });
}

/** What a driver does when CPUs sleep. */
export const POWER: readonly GroundProperty[] = [
  {
    id: 'power-kept',
    unless: ['sleep', 'wake'],
    statement: 'a CPU that sleeps and wakes keeps counts, and starts exactly the events that ran',
    severity: 'high',
    source: 'include/linux/cpu_pm.h: CPU_PM_ENTER, CPU_PM_EXIT and CPU_PM_ENTER_FAILED; kernel/cpu_pm.c',
    consequence: 'After the first deep sleep of a CPU its events stand still, or count what they were stopped for.',
    speaksOf: ({ command }) => command.call === 'wake',
    judge: (step, known) => [...unrestored(step, known), ...miscounted(step, 'slept')],
  },
];
