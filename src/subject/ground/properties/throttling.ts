import { counterOf, selects } from '../counting.ts';
import { type Known, type Offence, SAMPLES, type Step } from '../step.ts';
import type { GroundProperty } from './property.ts';

const STOPPED = 1;

/** What an interrupt does with what the core wants stopped. */
const HOW: Readonly<Record<number, string>> = {
  [SAMPLES.throttled]: 'perf_event_overflow answers that it is to stop',
  [SAMPLES.throttledWithGroup]: 'perf_event_overflow has stopped it with its group',
};

/**
 * The events that a handler was told to stop, or that were stopped in it, and that count after it: in hardware, and as the driver has
 * it. Hardware may go on where `hw.state` says STOPPED: what it counts is then nobody's.
 */
function unstopped({ command, before, after, happenings }: Step, known: Known): Omit<Offence, 'property'>[] {
  const how = command.call === 'overflow' ? HOW[command.flags ?? 0] : undefined;
  const handler = happenings.find(({ type }) => type === 'interrupt');
  if (how === undefined || handler === undefined || after === undefined) return [];
  return after.events.flatMap((event, number) => {
    const isThrottled = before.events[number]?.phase === 'active' && event.phase === 'stopped';
    const counter = counterOf(event, known);
    if (!isThrottled || counter === undefined || (event.state ?? 0) & STOPPED) return [];
    if (selects(after, event, counter, known) === undefined) return [];
    const text = `event ${number} is throttled: ${how}, and its counter ${counter} counts on after the handler`;
    return [{ text, at: handler.at }];
  });
}

/** What a driver does with what the core throttles. */
export const THROTTLING: readonly GroundProperty[] = [
  {
    id: 'throttle-kept',
    needsDevice: true,
    dependsOnDevice: true,
    statement: 'what the core throttles from inside the handler is stopped after it',
    severity: 'medium',
    source:
      'kernel/events/core.c, __perf_event_account_interrupt(): a handler that is answered 1 stops the event; perf_event_throttle_group()',
    consequence:
      'Too many interrupts are not held back, and the start that follows takes what was counted meanwhile for something else.',
    speaksOf: ({ command, happenings }) =>
      command.call === 'overflow' && (command.flags ?? 0) in HOW && happenings.some(({ type }) => type === 'overflow'),
    judge: unstopped,
  },
];
