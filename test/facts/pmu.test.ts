import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { checkPmu, type Pmu, RISCV_BASE_PMU, scaled } from '../../src/facts/index.ts';
import { throwsMessage } from '../throws.ts';

const refuses = (change: Partial<Pmu>, message: string): void =>
  throwsMessage(() => checkPmu({ ...RISCV_BASE_PMU, ...change }), message);

test('the base PMU has the numbers of the seed', () => {
  assert.is(checkPmu(RISCV_BASE_PMU), RISCV_BASE_PMU);
  assert.equal(RISCV_BASE_PMU, {
    numCounters: 2,
    maxCounters: 2,
    hwEvents: [0, 1, 'EOPNOTSUPP', 'EOPNOTSUPP', 'EOPNOTSUPP', 'EOPNOTSUPP', 'EOPNOTSUPP'],
    cacheEvents: 'ENOENT',
    interrupt: false,
    filters: false,
    counterWidth: 63,
    wordBits: 64,
    xlen: 64,
    intBits: 32,
  });
});

test('numbers that describe no PMU are refused by the name of the field', () => {
  refuses({ numCounters: 0 }, 'PMU: numCounters: a PMU has at least one counter');
  refuses({ numCounters: Number.NaN }, 'PMU: numCounters: a PMU has at least one counter');
  refuses({ maxCounters: 1 }, 'PMU: maxCounters: events[] must hold all 2 counters');
  refuses({ counterWidth: 0 }, 'PMU: counterWidth: must be 1 to 64 bits');
  refuses({ counterWidth: 65 }, 'PMU: counterWidth: must be 1 to 64 bits');
  refuses({ wordBits: 65 }, 'PMU: wordBits: must be 1 to 64 bits');
  refuses({ xlen: 65 }, 'PMU: xlen: must be 1 bit to one word');
  refuses({ hwEvents: [0, 2] }, 'PMU: hwEvents[1]: counter 2 does not exist (0 to 1)');
  refuses({ hwEvents: [0.5] }, 'PMU: hwEvents[0]: counter 0.5 does not exist (0 to 1)');
  refuses({ hwEvents: ['EFAULT' as 'EINVAL'] }, 'PMU: hwEvents[0]: EFAULT is no errno');
  refuses({ cacheEvents: -1 }, 'PMU: cacheEvents: counter -1 does not exist (0 to 1)');
});

test('a scaled PMU keeps the proportions of the seed: counter_width one bit below a word, half a word a CSR on RV32', () => {
  assert.equal(scaled(RISCV_BASE_PMU, 64), RISCV_BASE_PMU);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 32 }), fc.boolean(), (half, rv32) => {
      const pmu = checkPmu(scaled(RISCV_BASE_PMU, 2 * half, rv32));
      assert.is(pmu.wordBits, 2 * half);
      assert.is(pmu.counterWidth, 2 * half - 1);
      assert.is(pmu.xlen, rv32 ? half : 2 * half);
      assert.is(pmu.hwEvents, RISCV_BASE_PMU.hwEvents);
    }),
  );
});

test.run();
