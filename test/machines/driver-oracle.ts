import type { DecisionName } from '../../machines/driver/decisions.ts';
import { attributeKind, type Fact, type Pmu } from '../../src/facts/index.ts';
import { type C, driverInC, type Wanted, zeroedEvent } from './c-driver.ts';
import type { Oracle } from './paths.ts';

/** The driver of one event, as the imperative code runs it: it waits for a call, or inside one for its next access. */
export function driverOracle(pmu: Pmu, decisions: readonly DecisionName[]): Oracle {
  const event = zeroedEvent();
  const driver = driverInC(pmu, event, (name) => decisions.includes(name));
  let running: C | null = null;
  let wanted: readonly Wanted[] = [];

  const advance = (fact?: Fact): void => {
    const step = fact === undefined ? running!.next() : running!.next(fact);
    if (step.done) running = null;
    else wanted = step.value;
  };

  function* called(fact: Fact): C {
    switch (fact.type) {
      case 'event_init.call': {
        const answer = yield* driver.eventInit(attributeKind(fact.attribute), fact.fits !== false);
        yield [{ type: 'event_init.return', answer, destroySet: event.destroy }];
        return;
      }
      case 'destroy.call':
        yield* driver.destroy();
        yield [{ type: 'destroy.return' }];
        return;
      case 'add.call': {
        const answer = yield* driver.add(fact.flags);
        yield [{ type: 'add.return', answer }];
        return;
      }
      case 'del.call':
        yield* driver.del();
        yield [{ type: 'del.return' }];
        return;
      case 'start.call':
        yield* driver.start(fact.flags);
        yield [{ type: 'start.return' }];
        return;
      case 'stop.call':
        yield* driver.stop(fact.flags);
        yield [{ type: 'stop.return' }];
        return;
      case 'read.call':
        yield* driver.read();
        yield [{ type: 'read.return' }];
        return;
      case 'overflow.call':
        yield* driver.handleIrq();
        yield [{ type: 'overflow.return' }];
        return;
      case 'event.free':
        Object.assign(event, zeroedEvent());
        return;
    }
  }

  return {
    accepts: (fact) => {
      if (running === null && fact.type === 'overflow.call') return decisions.includes('handlesOverflow');
      if (running === null) return fact.type.endsWith('.call') || fact.type === 'event.free';
      const data = fact as unknown as Record<string, unknown>;
      return wanted.some((one) => Object.entries(one).every(([field, value]) => data[field] === value));
    },
    take: (fact) => {
      if (running !== null) return advance(fact);
      running = called(fact);
      advance();
    },
    observe: () => ({ ...event }),
  };
}
