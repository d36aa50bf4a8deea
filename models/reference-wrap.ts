import { RISCV_BASE_PMU, scaled } from '../src/facts/index.ts';
import { CORES_ONLY, type Model } from './model.ts';
import { SMALLEST } from './scope.ts';

export const referenceWrap: Model = {
  name: 'reference-wrap',
  asks: 'What happens when leaked references come round to zero (here after 8 of them, in the kernel after 2^32)?',
  scope: {
    ...SMALLEST,
    events: [['raw', 'cycles']],
    pmu: { ...scaled(RISCV_BASE_PMU, 2), intBits: 3 },
    oddOpens: 9,
  },
  environments: CORES_ONLY,
  properties: ['references-balance', 'reserved-while-live', 'busy-is-true', 'recovers', 'drains', 'no-deadlock'],
};
