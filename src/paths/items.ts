import type { AnyStateMachine } from 'xstate';
import { chartOf, type SourceLines, statesOf } from '../diagrams/chart.ts';
import { guardText } from '../diagrams/guard.ts';
import type { Fact, WarnSite } from '../facts/index.ts';

/** What tests can be asked to cover. @experimental */
export const COVERAGES = ['states', 'transitions', 'pairs', 'outcomes'] as const;
/** What path tests are to cover. @experimental */
export type Coverage = (typeof COVERAGES)[number];

/** One thing to cover, by a name that a person understands: a state or a transition of a machine, or an outcome. */
export interface Item {
  readonly of: Coverage;
  /** The machine whose it is; for an outcome, the callback. */
  readonly machine: string;
  readonly name: string;
  /** Which of several events or harts it is told of: `of event 1`, `on hart 0`, `between harts`. Left out: any. */
  readonly place?: string;
}

/** The states and transitions of a machine, by the keys of the chart. */
export interface Universe {
  readonly states: ReadonlyMap<string, Item>;
  readonly transitions: ReadonlyMap<string, Item>;
  readonly sources: ReadonlyMap<string, SourceLines>;
}

/** What there is to cover in a machine; a guard that is settled has one outcome only. */
export function universeOf(machine: AnyStateMachine, settled?: (guard: string) => boolean | undefined): Universe {
  const chart = chartOf(machine, settled === undefined ? {} : { settled });
  const leaves = statesOf(chart.root).filter(({ id, states }) => states.length === 0 && id !== '');
  const item = (of: Coverage, name: string): Item => ({ of, machine: machine.id, name });
  return {
    states: new Map(leaves.map(({ id }) => [id, item('states', id)])),
    sources: new Map(leaves.flatMap(({ id, source }) => (source === undefined ? [] : [[id, source] as const]))),
    transitions: new Map(
      chart.transitions.map(({ from, to, on, guard, otherwise, steps }) => {
        const when = guard === null ? (otherwise ? ' [else]' : '') : ` [${guardText(guard)}]`;
        return [
          steps[0]!,
          item('transitions', `${from || 'anywhere'}: ${on ?? 'at once'}${when}${to === null ? '' : ` → ${to}`}`),
        ];
      }),
    ),
  };
}

/**
 * What a person would see of a call: what it answers to which kind of event, and whether another owner holds the PMC then;
 * and what it writes into the kernel's log.
 */
export function outcomesOf(fact: Fact, attribute: string | null, foreignHolds: boolean): Item[] {
  const outcome = (machine: string, name: string): Item[] => [{ of: 'outcomes', machine, name }];
  switch (fact.type) {
    case 'event_init.return':
    case 'add.return': {
      const answer = fact.answer === 0 ? '0' : `-${fact.answer}`;
      const beside = foreignHolds ? ', while another owner holds the PMC' : '';
      return outcome(fact.type.split('.')[0]!, `${attribute} → ${answer}${beside}`);
    }
    case 'warn':
      return outcome(fact.site, 'WARN_ON_ONCE');
    case 'pr_warn':
      return outcome('event_init', 'pr_warn');
    case 'read_counter.default':
      return outcome('read_counter', '-EINVAL as a value');
    default:
      return [];
  }
}

const WARN_SITES = [
  'read_counter',
  'riscv_pmu_stop',
  'riscv_pmu_start',
  'riscv_pmu_start (reload)',
] as const satisfies readonly WarnSite[];

/** Every place of the driver that can warn. */
export const warnings: readonly Item[] = WARN_SITES.map((site) => ({
  of: 'outcomes',
  machine: site,
  name: 'WARN_ON_ONCE',
}));

export const keyOfItem = ({ of, machine, name, place }: Item): string => `${of} ${machine} ${name} ${place ?? ''}`;
