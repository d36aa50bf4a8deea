import type { Environment, Model } from '../../models/index.ts';
import type { Fact } from '../facts/index.ts';
import type { Trace } from '../findings/trace.ts';
import type { OfC, Searched } from '../reach/searched.ts';
import type { SourceAudit } from '../subject/index.ts';
import type { Has } from '../subject/subject.ts';
import { UsageError } from './exit.ts';

/** A question that is asked of the C of a driver. */
export interface InC {
  readonly searched: (model: Model, environment: Environment) => Searched;
  /** A path as a report tells it, with its places in the C. */
  readonly traceOf: (model: Model, environment: Environment, log: readonly Fact[]) => Trace;
}

/** What a driver has to have so that something can be seen of it: by what a name begins with. */
const NEEDS: readonly (readonly [name: string, needs: keyof Has, lacks: string])[] = [
  ['riscv_active_events', 'activeEvents', 'no reference count of its events'],
  ['active_events.', 'activeEvents', 'no reference count of its events'],
  ['perf_irq', 'perfIrq', 'no perf_irq that says who holds the PMC'],
  ['other owner', 'perfIrq', 'no perf_irq that says who holds the PMC'],
  ['n_events', 'nEvents', 'no n_events for each CPU'],
  ['events[]', 'slots', 'no events[] for each CPU'],
  ['slots.', 'slots', 'no events[] for each CPU'],
  ['destroy', 'destroy', 'no destroy of an event'],
];

/** Makes the C of a driver ready to be asked. Throws a UsageError where it cannot be run. */
export async function reachInC(source: SourceAudit): Promise<InC> {
  const { compose } = await import('../../models/index.ts');
  const { DRIVERS } = await import('../../machines/drivers.ts');
  const { Undecided } = await import('../engine/check/index.ts');
  const { asFarAsKnown } = await import('../subject/properties.ts');
  const { SystemInC } = await import('../subject/system-in-c.ts');
  // Only for what parts there are: none of its driver's machines runs.
  const partsOf = (model: Model, environment: Environment) => compose(model.scope, environment, DRIVERS['as-posted']);
  return {
    searched(model, environment) {
      const code = source.started(model, environment);
      if (code instanceof Undecided) throw new UsageError(`${source.build.source.path} cannot be run: ${code.reason}`);
      const system = partsOf(model, environment);
      const { has, unknownAtBoot } = code.subject;
      const ofC: OfC = {
        lacks: (name) => lackOf(name, has),
        asFarAsKnown: (verdict, happened) => asFarAsKnown(verdict, happened, unknownAtBoot),
        watch: source.watch(code),
      };
      return { system, transitions: new SystemInC(system, code, model.scope.foreign), ofC };
    },
    traceOf: (model, environment, log) => ({
      system: partsOf(model, environment),
      log,
      ...source.follow(model, environment, log),
    }),
  };
}

function lackOf(name: string, has: Has): string | undefined {
  const missing = NEEDS.find(([begins, needs]) => name.startsWith(begins) && !has[needs]);
  return missing && `the driver has ${missing[2]}: ${name} cannot be seen of its C`;
}
