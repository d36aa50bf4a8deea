import { PROPERTIES } from '../../models/index.ts';
import { rolesOf } from '../engine/check/index.ts';
import { endOfCall, type Fact, isTick, type Role, WIRING } from '../facts/index.ts';

/** So many facts before a violation are drawn one by one. */
const NEAR = 8;

/** Every callback does something there. */
const ALWAYS: readonly Role[] = ['driver', 'lifecycle', 'group'];

/**
 * A log cut into what one row of a sequence diagram stands for, each as its first fact and one after the last: a callback that
 * nothing interrupts and that does nothing that is asked about; ticks of one hart in a row; or a fact. With `violates`, the end
 * of the log violates the properties of these ids: what they ask about stays as it is, and so does what comes just before.
 */
export function foldedSpans(
  facts: readonly Fact[],
  isAlarm: (type: string) => boolean,
  violates?: readonly string[],
): [from: number, to: number][] {
  const asked = new Set(
    PROPERTIES.filter(({ id }) => violates?.includes(id))
      .flatMap((property) => [...rolesOf(property)])
      .filter((role) => !ALWAYS.includes(role)),
  );
  const near = violates === undefined ? facts.length : facts.length - NEAR;
  const staysWhole = (from: number, to: number): boolean =>
    to > near || facts.slice(from + 1, to - 1).some(({ type }) => isAlarm(type) || touches(type, asked));
  const spans: [number, number][] = [];
  for (let from = 0; from < facts.length; ) {
    const fact = facts[from]!;
    // What violates a property is its own step, though it be a tick.
    const last = violates === undefined ? facts.length : facts.length - 1;
    const end = isTick(fact) ? endOfTicks(facts, from, last) : endOfCall(facts, from);
    const to = !isTick(fact) && staysWhole(from, end) ? from + 1 : end;
    spans.push([from, to]);
    from = to;
  }
  return spans;
}

/** Whether a fact of that type is one of a machine of these roles; what only real code does is of none. */
const touches = (type: Fact['type'], roles: ReadonlySet<Role>): boolean =>
  WIRING[type]?.participants.some((role) => roles.has(role)) ?? false;

/** One after the last of the ticks of a hart that follow each other, or, at `last`, the next fact. */
function endOfTicks(facts: readonly Fact[], from: number, last: number): number {
  const { hart } = facts[from] as Fact<'hart.tick'>;
  let to = from + 1;
  for (let fact = facts[to]; to < last && fact !== undefined && isTick(fact) && fact.hart === hart; fact = facts[to])
    to++;
  return to;
}
