import type { CoreName } from '../../machines/cores.ts';
import type { DriverMachine } from '../../machines/drivers.ts';
import { compose } from '../../models/index.ts';
import { System } from '../engine/compose/index.ts';
import { ATTRIBUTES, type Attribute, type Fact, mappedOn, PERF, type Pmu, type Role } from '../facts/index.ts';

/** How many events and harts a trace is of. */
export interface TraceSize {
  readonly events: number;
  readonly harts: number;
}

/** As many machines as the trace needs. Each event may have siblings of other PMUs, which the trace does not show. */
export function systemOf(
  { events, harts }: TraceSize,
  core: CoreName,
  driver: DriverMachine,
  pmu: Pmu,
): System<Fact, Role> {
  const attributes = [...(Object.keys(ATTRIBUTES) as Attribute[]), ...mappedOn(pmu)];
  const scope = {
    events: Array.from({ length: events }, () => attributes),
    harts,
    pmu,
    ticks: [],
    foreign: false,
    group: 0,
    oddOpens: Number.MAX_SAFE_INTEGER,
    reopens: true,
  };
  const { parts, domains } = compose(scope, core, driver);
  return new System(
    PERF,
    parts.map((part) =>
      part.role === 'lifecycle' ? { ...part, input: { ...(part.input as object), grouped: true } } : part,
    ),
    domains,
  );
}
