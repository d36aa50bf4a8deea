import { and, or } from 'xstate';
import { driverSetup, source, variant } from './setup.ts';

const NAME = 'read_counter';

const canRead = or(['isBaseCounter', and(['isCounterOfPmu', variant('readsEveryCounter')])]);

/** `read_counter`: one CSR by its index, or `-EINVAL` as if it were a counter's value. */
export const readCounter = driverSetup.createStateConfig({
  id: 'read_counter',
  initial: 'enter',
  meta: source(NAME, 182, 199),
  states: {
    enter: {
      meta: source(NAME, 186),
      always: [
        { guard: and([canRead, 'hasHighHalf', variant('readsBothHalves')]), target: 'high' },
        { guard: canRead, target: 'csr' },
        { guard: 'indexIsAbsurd', target: 'warn' },
        { target: 'refuse' },
      ],
    },
    // The counter stands while a callback runs, so that the two halves belong together without a second look.
    high: {
      meta: source(NAME, 187, 192),
      on: { 'csr.read': { guard: 'itsCounterHigh', target: 'low', actions: 'keepUpperHalf' } },
    },
    low: {
      meta: source(NAME, 187, 192),
      on: { 'csr.read': { guard: 'itsCounterLow', target: 'out', actions: 'joinLowerHalf' } },
    },
    csr: {
      meta: source(NAME, 187, 192),
      on: { 'csr.read': { guard: 'itsCounterLow', target: 'out', actions: 'keepValue' } },
    },
    warn: { meta: source(NAME, 194), on: { warn: 'refuse' } },
    refuse: {
      meta: source(NAME, 195),
      on: { 'read_counter.default': { target: 'out', actions: 'takeErrnoAsValue' } },
    },
    out: {
      meta: source(NAME, 198),
      always: [
        { guard: 'calledByStart', target: '#start.set', actions: 'comeBack' },
        { target: '#read.exchange', actions: 'comeBack' },
      ],
    },
  },
});
