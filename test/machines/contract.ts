import type { CoreName } from '../../machines/cores.ts';
import type { LifecycleInput } from '../../machines/lifecycle.ts';
import { type Attribute, attributeKind, type Fact, PERF_EF, PERF_TYPE } from '../../src/facts/index.ts';
import type { Oracle } from './paths.ts';

/** Types of event that the newer cores do not offer to this PMU. */
const OF_OTHERS: readonly number[] = [PERF_TYPE.SOFTWARE, PERF_TYPE.TRACEPOINT];
/** Types that they ask about twice. */
const ASKED_TWICE: readonly number[] = [PERF_TYPE.HARDWARE, PERF_TYPE.HW_CACHE];

/** The contract of the perf core with one event (PERF-CORE), as a few variables and the rules over them. */
export function contract({ core, offers, oddOpens, reopens, grouped, capabilities }: LifecycleInput): Oracle {
  const is = (...cores: CoreName[]): boolean => cores.includes(core);
  let attribute: Attribute | null = null;
  let life: 'absent' | 'asked' | 'failed' | 'unwanted' | 'live' | 'closed' | 'gone' = 'absent';
  let asks = 0;
  let owesDestroy = false;
  let odd = oddOpens;
  /** The callback that is in flight. */
  let inside: string | null = null;
  /** Whether it counts, once it is added. */
  let counts: 'running' | 'stopped' | null = null;
  let updated = false;
  let hart: number | null = null;

  /** The core looks at what the PMU says that it cannot do, and since 5.1 at exclusions too. */
  const isUnwanted = (name: Attribute | null): boolean => {
    const { sampling, modifier } = attributeKind(name ?? 'cycles');
    return (
      (sampling === true && capabilities?.noInterrupt === true) ||
      (modifier === true && capabilities?.noExclude === true && !is('4.16'))
    );
  };
  const throttled = is('current') && grouped;
  const typeOf = (name: Attribute | null): number => attributeKind(name ?? 'cycles').type;
  const isValid = (name: Attribute): boolean => attributeKind(name).answers.includes(0);

  const mayOpen = (name: Attribute): boolean =>
    offers.includes(name) && (is('4.16') || !OF_OTHERS.includes(typeOf(name))) && (isValid(name) || odd > 0);

  function mayCall(name: string, fact: Fact): boolean {
    const { flags, hart: on } = fact as Fact<'add.call'>;
    switch (name) {
      case 'event_init': {
        const asked = (fact as Fact<'event_init.call'>).attribute;
        return life === 'asked' ? asked === attribute : life === 'absent' && mayOpen(asked);
      }
      case 'destroy':
        return life === 'failed' || life === 'unwanted' ? owesDestroy : life === 'live' && counts === null;
      case 'add':
        return life === 'live' && counts === null && flags === PERF_EF.START;
    }
    if (counts === null || on !== hart) return false;
    // Only a throttled group leaves an event stopped while anything but its start happens.
    const reachable = counts === 'running' || throttled;
    switch (name) {
      case 'read':
        return reachable;
      case 'del':
        return reachable && flags === 0;
      case 'stop': {
        const samples = attributeKind(attribute!).sampling === true;
        return reachable && ((flags === PERF_EF.UPDATE && samples) || (flags === 0 && throttled));
      }
      default:
        return counts === 'stopped' && (flags === 0 || (flags === PERF_EF.RELOAD && updated));
    }
  }

  function call(name: string, fact: Fact): void {
    inside = name;
    if (fact.type === 'event_init.call') {
      if (life === 'absent') asks = 0;
      if (life === 'absent' && !isValid(fact.attribute)) odd--;
      ({ attribute } = fact);
      life = 'asked';
      asks++;
    }
    if (fact.type === 'add.call') ({ hart } = fact);
    if (fact.type === 'stop.call') updated = fact.flags === PERF_EF.UPDATE;
  }

  function comeBack(fact: Fact): void {
    inside = null;
    if (fact.type === 'event_init.return') {
      const askAgain =
        is('5.10', 'current') && asks === 1 && fact.answer === 'ENOENT' && ASKED_TWICE.includes(typeOf(attribute));
      if (fact.answer === 0 && isUnwanted(attribute)) {
        life = fact.destroySet ? 'unwanted' : 'failed';
        owesDestroy = fact.destroySet;
      } else if (fact.answer === 0) life = 'live';
      else if (!askAgain) {
        life = 'failed';
        owesDestroy = is('current') && fact.destroySet;
      }
    }
    if (fact.type === 'destroy.return') life = 'closed';
    if (fact.type === 'add.return') {
      if (fact.answer === 0) counts = 'running';
      else hart = null;
    }
    if (fact.type === 'start.return') counts = 'running';
    if (fact.type === 'stop.return') counts = 'stopped';
    if (fact.type === 'del.return') {
      counts = null;
      hart = null;
    }
  }

  return {
    accepts: (fact) => {
      const [name, step] = fact.type.split('.') as [string, string];
      if (step === 'return') return inside === name;
      if (inside !== null) return false;
      if (step === 'free') return life === 'closed' || (life === 'failed' && !owesDestroy);
      return mayCall(name, fact);
    },
    take: (fact) => {
      const [name, step] = fact.type.split('.') as [string, string];
      if (step === 'call') call(name, fact);
      if (step === 'return') comeBack(fact);
      if (step === 'free') {
        attribute = null;
        life = reopens ? 'absent' : 'gone';
      }
    },
    observe: () => ({
      attribute,
      hart,
      live: life === 'live' && inside !== 'destroy',
      opening: inside === 'event_init',
      closing: inside === 'destroy' || life === 'unwanted',
      active: counts !== null && inside === null,
      running: counts === 'running' && inside === null,
      'in callback': inside !== null && inside !== 'event_init' && inside !== 'destroy',
      final: life === 'gone',
    }),
  };
}
