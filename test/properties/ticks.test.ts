import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { DRIVERS, type DriverMachine } from '../../machines/drivers.ts';
import { begin, beginnings, commands, noTicks } from './commands.ts';
import { Kernel } from './kernel.ts';

/** At 64 bits, whatever a 4.16 kernel does of this, the count of an event is the ticks of its counter while it ran. */
const countsTicks = (driver: DriverMachine, given = commands()) =>
  fc.property(beginnings, given, (at, sequence) => {
    fc.modelRun(() => {
      const kernel = new Kernel(driver);
      begin(kernel, at);
      return { model: noTicks(), real: kernel };
    }, sequence);
  });

test('the repaired driver counts ticks at 64 bits, whatever the kernel does', () => {
  fc.assert(countsTicks(DRIVERS.repaired), { numRuns: 40 });
});

test('the posted driver counts ticks as long as no event is switched out', () => {
  fc.assert(countsTicks(DRIVERS['as-posted'], commands(['open', 'add', 'read', 'tick'])), { numRuns: 20 });
});

test('the posted driver is wrong once an event comes back: five commands are enough to see it', () => {
  const { failed, counterexample, errorInstance } = fc.check(countsTicks(DRIVERS['as-posted']), {
    numRuns: 200,
    seed: 1,
  });
  assert.ok(failed);
  const [, sequence] = counterexample!;
  // A tick, so that there is something to count; open; add; away and back; and an update.
  assert.is([...sequence].length, 5);
  assert.match((errorInstance as Error).message, 'Expected values to be strictly equal');
});

test.run();
