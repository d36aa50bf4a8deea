import { MODELS, type Model } from '../../models/index.ts';
import { SMALLEST } from '../../models/scope.ts';
import { RISCV_BASE_PMU } from '../facts/index.ts';

/**
 * Counters of all 64 bits. They advance by a quarter of their range, so that they come round within the scope:
 * what is computed with the real width is seen here alone.
 */
export const FULL_WIDTH: Model = {
  name: 'full-width',
  asks: 'And with words of 64 bits, as in the kernel?',
  scope: { ...SMALLEST, harts: 1, pmu: RISCV_BASE_PMU, ticks: ['cycle'], tickSizes: [String(2n ** 62n)] },
  environments: ['4.16', 'current'],
  properties: ['count-exact', 'userpage-consistent'],
};

/** The scopes in which the model and the C are compared. */
export const conformModels = (deep: boolean): readonly Model[] => [
  FULL_WIDTH,
  ...MODELS.filter((model) => deep || !model.deep),
];
