import { eventAfter, eventBefore, type Step } from '../step.ts';
import type { GroundProperty } from './property.ts';

const STOPPED = 1;
const UPTODATE = 2;

const ends = ({ command }: Step): boolean => command.call === 'del' || command.call === 'close';

/** What is asked of an event from its add to its end. */
export const LIFE: readonly GroundProperty[] = [
  {
    id: 'del-complete',
    statement: 'after del, no pointer to the event is left',
    severity: 'high',
    source: 'include/linux/perf_event.h, pmu::del; the core frees the event once it is closed',
    consequence:
      'The next interrupt or read goes through a pointer to an event that is gone: memory is used after it is freed.',
    speaksOf: ends,
    judge(step, { openRefs }) {
      const view = eventAfter(step);
      if (!ends(step) || view === undefined) return [];
      const { call, event } = step.command;
      if (call === 'close' && view.refs > 0)
        return [{ text: `event ${event} is closed and freed, and the driver still points to it` }];
      if (call === 'del' && view.refs > openRefs)
        return [{ text: `del has taken event ${event} out, and the driver still points to it` }];
      return [];
    },
  },
  {
    id: 'flags-true',
    statement:
      'hw.state says STOPPED exactly when the event does not count, UPTODATE exactly when the count is current',
    severity: 'medium',
    source: 'include/linux/perf_event.h, PERF_HES_STOPPED and PERF_HES_UPTODATE',
    consequence: 'The core takes a count for current that is not, or starts and stops what it should not.',
    speaksOf: ({ command }) => ['add', 'start', 'stop'].includes(command.call),
    judge(step, { usesStopped, readsCounters }) {
      const [was, is] = [eventBefore(step), eventAfter(step)];
      if (was?.state === undefined || is?.state === undefined) return [];
      const { call, event, flags = 0 } = step.command;
      const runs = (call === 'add' && is.phase === 'active') || call === 'start';
      if (runs && is.state & STOPPED)
        return [{ text: `${call} has started event ${event}, and hw.state says STOPPED` }];
      if (call !== 'stop' || !usesStopped) return [];
      if (!(is.state & STOPPED))
        return [{ text: `stop has stopped event ${event}, and hw.state does not say STOPPED` }];
      const looked = step.happenings.some(({ type }) => ['read', 'guess', 'ecall'].includes(type));
      if (readsCounters && flags === 0 && !(was.state & UPTODATE) && is.state & UPTODATE && !looked)
        return [{ text: `stop(0) says UPTODATE for event ${event} without reading its counter` }];
      return [];
    },
  },
];
