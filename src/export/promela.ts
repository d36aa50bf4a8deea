import { type Clause, type Property, ROLES, type System, WIRING } from '../facts/index.ts';
import { casesOf } from './cases.ts';
import { all, type Condition, isOneOf } from './condition.ts';
import { labelOf } from './label.ts';
import { conditionOf } from './observed.ts';
import { brokenByFact, brokenInState } from './properties.ts';
import { type Relation, type Relations, relationsOf, relationsOfTables, type Share } from './relations.ts';
import { StateSpace } from './state-space.ts';

/** A composition for SPIN. */
export interface Promela {
  readonly text: string;
  /** What an assertion can break, in the order of the numbers (from 1) that SPIN gives to its mtypes. */
  readonly properties: readonly string[];
  /** Whether the whole state space was walked; else {@link TABLES_CLOSED} says whether SPIN leaves what was. */
  readonly complete: boolean;
}

/** The property that the tables hold everything that SPIN can reach. */
export const TABLES_CLOSED = 'tables_closed';

/** Whether assertions can decide a clause. AG EF is no formula of linear time, so SPIN cannot. */
export const isCovered = (clause: Clause): boolean => clause.kind !== 'can reach';

/** The properties with those clauses that assertions can decide, without those that have none. */
export const coveredPart = (properties: readonly Property[]): Property[] =>
  properties
    .map((property) => ({ ...property, clauses: property.clauses.filter(isCovered) }))
    .filter(({ clauses }) => clauses.length > 0);

/**
 * Writes a system for SPIN, with the clauses that assertions can decide.
 *
 * One variable holds the local state of each machine. Each fact is one indivisible step: its guard says in which local states
 * all who take part accept it, its body moves each of them. So SPIN's states are the product's states, one to one.
 * `head` is put into the comment at the top.
 */
export function promela(
  system: System,
  properties: readonly Property[],
  head: readonly string[] = [],
  limit = Infinity,
): Promela {
  const relations = relationsOf(new StateSpace(system), limit);
  const { complete, states } = relations.space;
  const origin = complete
    ? 'The tables come from a walk through the whole state space.'
    : `The tables come from a walk through the first ${states} states: ${TABLES_CLOSED} says whether they are enough.`;
  return { ...written(relations, properties, [...head, origin]), complete };
}

/** The same for a system that a search has seen all of, however large it is: from the tables that the search filled. */
export const promelaOfTables = (system: System, properties: readonly Property[]): Promela => ({
  ...written(relationsOfTables(new StateSpace(system)), properties, ['The tables come from a search.']),
  complete: true,
});

function written(relations: Relations, properties: readonly Property[], head: readonly string[]) {
  const covered = coveredPart(properties);
  return {
    text: new Writer(relations, covered).write(head),
    properties: [...covered.map(({ id }) => id), TABLES_CLOSED],
  };
}

const identifier = (id: string): string => id.replaceAll('-', '_');
const indented = (depth: number, lines: readonly string[]): string[] => lines.map((line) => '  '.repeat(depth) + line);
const breaks = (property: string): string => `assert(!${identifier(property)})`;

class Writer {
  constructor(
    readonly relations: Relations,
    readonly properties: readonly Property[],
  ) {}

  write(head: readonly string[]): string {
    const isBackground = ({ fact }: Relation) => WIRING[fact.type].background === true;
    const { facts } = this.relations;
    const background = facts.filter(isBackground).flatMap((relation) => this.#option(relation));
    const lines = [
      '/*',
      ...head.map((line) => ` * ${line}`),
      ' *',
      ' * spin -o2 -a FILE && cc -O2 -DSAFETY -DNOREDUCE -o pan pan.c && ./pan -E -m1000000',
      ' */',
      '#define between(x, low, high) (low <= x && x <= high)',
      '',
      '/* What the contract says. A violated property fails the assertion that is named after it. */',
      ...this.properties.map(({ id, statement }) => `mtype = { ${identifier(id)} }; /* ${statement} */`),
      `mtype = { ${TABLES_CLOSED} }; /* the tables below hold everything that can be reached */`,
      '',
      ...this.#kinds(),
      ...this.#variables(),
      '',
      '/* Each fact, in one step with all machines that take part in it. */',
      ...loop('facts', [
        ...facts.filter((relation) => !isBackground(relation)).flatMap((relation) => this.#option(relation)),
        ...this.#stuck(),
      ]),
      ...(background.length === 0
        ? []
        : ['', '/* What may happen at any time by itself: it is no progress. */', ...loop('background', background)]),
      '',
      '/* What the contract says of every state. */',
      ...loop('properties', this.#always()),
    ];
    return `${lines.join('\n')}\n`;
  }

  #kinds(): string[] {
    const kinds = new Set(this.relations.variables.map(({ kind }) => kind));
    return [...kinds].flatMap(({ name, states }) => [
      `/* The states of ${name}: the place in its statechart, and what differs from the context at the start. */`,
      ...states.map(
        (state, number) => `#define ${state.name} ${number}${state.remark === '' ? '' : ` /* ${state.remark} */`}`,
      ),
      '',
    ]);
  }

  /** One array for the machines of a role of which there is one for each event or hart; all start in state 0. */
  #variables(): string[] {
    const { space, variables } = this.relations;
    return [...new Set(space.system.parts.map(({ role }) => role))].map((role) => {
      const those = space.system.ofRole(role).map((part) => variables[part]!);
      const type = those.some(({ kind }) => kind.states.length > 256) ? 'short' : 'byte';
      return ROLES[role].indexedBy === undefined ? `${type} ${role};` : `${type} ${role}[${those.length}];`;
    });
  }

  /** A fact as one option of a loop. */
  #option({ fact, shares }: Relation): string[] {
    const guard = all(shares.map(({ part, ready }) => isOneOf(this.#variable(part), ready)));
    const label = labelOf(fact);
    return [
      `:: d_step { /* ${label} */`,
      ...indented(2, [
        `${guard} ->`,
        ...this.#whenever({ fact, shares }),
        ...shares.flatMap((share) => this.#move(share)),
        `printf("${label}\\n")`,
      ]),
      '   }',
    ];
  }

  /** Moves one machine. A state in which the fact was never met is one that the walk did not see. */
  #move(share: Share): string[] {
    const variable = this.#variable(share.part);
    const cases = casesOf(share, variable).map(({ when, to }) => ({
      when,
      step: to === undefined ? 'skip' : `${variable.name} = ${to}`,
    }));
    if (cases.length === 1 && cases[0]!.when === 'true') return cases[0]!.step === 'skip' ? [] : [`${cases[0]!.step};`];
    return [
      'if',
      ...cases.map(({ when, step }) => `:: ${when} -> ${step}`),
      ...(share.steps.size === share.ready.size ? [] : [`:: else -> ${breaks(TABLES_CLOSED)}`]),
      'fi;',
    ];
  }

  #whenever({ fact }: Relation): string[] {
    return this.properties.flatMap((property) => {
      const condition = brokenByFact(this.relations, property, fact);
      if (condition === 'false') return [];
      if (condition === 'true') return [`${breaks(property.id)};`];
      return ['if', `:: ${condition} -> ${breaks(property.id)}`, ':: else', 'fi;'];
    });
  }

  #always(): string[] {
    const options = this.properties.flatMap((property) =>
      assertion(property.id, brokenInState(this.relations, property)),
    );
    return [...options, ...assertion(TABLES_CLOSED, this.relations.unmet)];
  }

  /** No fact is left that would be progress. */
  #stuck(): string[] {
    const { space, variables } = this.relations;
    const noDeadlock = this.properties.find(({ clauses }) => clauses.some(({ kind }) => kind === 'no deadlock'));
    if (noDeadlock === undefined) return [];
    const parts = space.system.ofRole('lifecycle');
    const final = conditionOf(
      space,
      variables,
      { property: noDeadlock.id, index: 0, parts, roles: ['lifecycle'] },
      (view) => view.every('lifecycle').length > 0 && view.every('lifecycle').every((event) => event.hasTag('final')),
    );
    if (final === 'true') return [];
    return final === 'false'
      ? [`:: d_step { else -> ${breaks(noDeadlock.id)} }`]
      : [`:: d_step { else -> if :: ${final} -> skip :: else -> ${breaks(noDeadlock.id)} fi }`];
  }

  #variable(part: number) {
    return this.relations.variables[part]!;
  }
}

function assertion(id: string, broken: Condition): string[] {
  if (broken === 'false') return [];
  return [`:: d_step { /* ${id} */`, ...indented(2, [`${broken} ->`, breaks(id)]), '   }'];
}

function loop(name: string, options: readonly string[]): string[] {
  if (options.length === 0) return [];
  return [`active proctype ${name}() {`, ' end:', '  do', ...indented(1, options), '  od', '}'];
}
