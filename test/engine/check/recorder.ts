import type { Property, Role, System } from '../../../src/facts/index.ts';
import { stateKey } from './interpreted.ts';

/** What a search went through, as a property is asked about it. */
export interface Recorder {
  readonly property: Property;
  readonly states: Set<string>;
  readonly facts: Set<string>;
}

/** A property that is always true, reads every machine of the system, and writes down what it is asked. */
export function recorder(system: System): Recorder {
  const states = new Set<string>();
  const facts = new Set<string>();
  const roles = [...new Set(system.parts.map(({ role }) => role))] as Role[];
  const property: Property = {
    id: 'recorder',
    statement: 'nothing',
    severity: 'low',
    source: 'the test',
    consequence: 'none',
    vacuousWhen: 'always',
    speaksOf: (fact) => {
      facts.add(JSON.stringify(fact));
      return false;
    },
    clauses: [
      {
        kind: 'always',
        every: roles,
        holds: (view) => {
          const ofRole = new Map(roles.map((role) => [role, [...view.every(role)]]));
          states.add(stateKey(system.parts.map(({ role }) => ofRole.get(role)!.shift()!)));
          return true;
        },
      },
    ],
  };
  return { property, states, facts };
}
