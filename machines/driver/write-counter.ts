import { and } from 'xstate';
import { driverSetup, source, variant } from './setup.ts';

const NAME = 'write_counter';

/** `write_counter`, which the posted driver never calls: on RV32 a counter has two registers. */
export const writeCounter = driverSetup.createStateConfig({
  id: 'write_counter',
  initial: 'enter',
  meta: source(NAME, 201, 204),
  states: {
    enter: { meta: source(NAME, 201), always: [{ guard: 'isCounterOfPmu', target: 'low' }, { target: 'out' }] },
    low: {
      meta: source(NAME, 203),
      on: {
        'csr.write': [
          { guard: and(['itsCounterLow', 'hasHighHalf']), target: 'high' },
          { guard: 'itsCounterLow', target: 'out' },
        ],
      },
    },
    high: { meta: source(NAME, 203), on: { 'csr.write': { guard: 'itsCounterHigh', target: 'out' } } },
    out: {
      meta: source(NAME, 204),
      always: [
        {
          guard: and(['calledByHandler', variant('handlesOverflow')]),
          target: '#handle_irq.publish',
          actions: 'comeBack',
        },
        { target: '#start.written', actions: 'comeBack' },
      ],
    },
  },
});
