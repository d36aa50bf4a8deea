import { setup } from 'xstate';

/** What happens to an event that samples. */
export type ThrottlingFact = { readonly type: 'overflow' | 'throttle' | 'unthrottle' };

/**
 * One active event that samples. An overflow is a sample, or one too many in this tick: `perf_event_overflow` then answers that the
 * event is to stop. Until 6.15 the handler stops it; since 6.16 the core has stopped all of its group by then, from inside that call.
 * The tick starts it again; until then nothing of it counts.
 */
export const throttling = setup({ types: { events: {} as ThrottlingFact } }).createMachine({
  id: 'throttling',
  initial: 'counting',
  states: {
    counting: { on: { overflow: 'counting', throttle: 'throttled' } },
    throttled: { on: { unthrottle: 'counting' } },
  },
});
