import { type Property, ROLES, type System } from '../facts/index.ts';
import { casesOf } from './cases.ts';
import { all, type Condition, isOneOf } from './condition.ts';
import { labelOf } from './label.ts';
import { coveredPart, TABLES_CLOSED } from './promela.ts';
import { brokenByFact, brokenInState } from './properties.ts';
import { type Relation, type Relations, relationsOf, relationsOfTables, type Share } from './relations.ts';
import { StateSpace } from './state-space.ts';

/**
 * Writes a system for Rumur and the other Murphi tools: a variable for each machine, a rule for each fact. So their states are the
 * product's, one to one. Properties are invariants and assertions; that no state is stuck is left to the tool's own check.
 * `head` is put into the comment at the top. See {@link promela}, which is made from the same relations.
 */
export function murphi(
  system: System,
  properties: readonly Property[],
  head: readonly string[] = [],
  limit = Infinity,
): string {
  return written(relationsOf(new StateSpace(system), limit), coveredPart(properties), head);
}

/** The same for a system that a search has seen all of: from the tables that the search filled. */
export const murphiOfTables = (system: System, properties: readonly Property[]): string =>
  written(relationsOfTables(new StateSpace(system)), coveredPart(properties), ['The tables come from a search.']);

function written(relations: Relations, properties: readonly Property[], head: readonly string[]): string {
  const { facts, unmet } = relations;
  const lines = [
    ...head.map((line) => `-- ${line}`),
    '-- rumur --deadlock-detection off -o model.c FILE && cc -O3 -mcx16 -o model model.c -lpthread && ./model',
    '',
    ...constants(relations),
    ...variables(relations),
    '',
    ...facts.flatMap((relation) => rule(relations, properties, relation)),
    ...properties.flatMap((property) => invariant(property.id, brokenInState(relations, property))),
    ...invariant(TABLES_CLOSED, unmet),
  ];
  return `${lines.join('\n')}\n`;
}

/** A condition of C, in which relations write, as one of Murphi. */
const inMurphi = (condition: Condition): string =>
  condition
    .replaceAll(/between\(([^,]+), ([^,]+), ([^)]+)\)/g, '($2 <= $1 & $1 <= $3)')
    .replaceAll('==', '=')
    .replaceAll('&&', '&')
    .replaceAll('||', '|');

const invariant = (name: string, broken: Condition): string[] =>
  broken === 'false' ? [] : [`invariant "${name}" !(${inMurphi(broken)});`];

function constants({ variables }: Relations): string[] {
  const kinds = new Set(variables.map(({ kind }) => kind));
  return [...kinds].flatMap(({ name, states }) => [
    `-- The states of ${name}: the place in its statechart, and what differs from the context at the start.`,
    'const',
    ...states.map((state, number) => `  ${state.name}: ${number};${state.remark === '' ? '' : ` -- ${state.remark}`}`),
    '',
  ]);
}

/** One array for the machines of a role of which there is one for each event or hart; all start in state 0. */
function variables({ space, variables }: Relations): string[] {
  const roles = [...new Set(space.system.parts.map(({ role }) => role))];
  const declared = roles.map((role) => {
    const those = space.system.ofRole(role).map((part) => variables[part]!);
    const range = `0 .. ${Math.max(...those.map(({ kind }) => kind.states.length)) - 1}`;
    return `  ${role}: ${ROLES[role].indexedBy === undefined ? range : `array [0 .. ${those.length - 1}] of ${range}`};`;
  });
  const start = variables.map(({ name }) => `  ${name} := 0;`);
  return ['var', ...declared, '', 'startstate', 'begin', ...start, 'endstartstate;'];
}

/** A fact as one rule. */
function rule(relations: Relations, properties: readonly Property[], { fact, shares }: Relation): string[] {
  const guard = all(shares.map(({ part, ready }) => isOneOf(relations.variables[part]!, ready)));
  const label = labelOf(fact);
  return [
    `rule "${label}"`,
    `  ${inMurphi(guard)}`,
    '==>',
    'begin',
    ...properties.flatMap((property) => {
      const broken = brokenByFact(relations, property, fact);
      return broken === 'false' ? [] : [`  assert !(${inMurphi(broken)}) "${property.id}";`];
    }),
    ...shares.flatMap((share) => move(relations, share)),
    'endrule;',
    '',
  ];
}

/** Moves one machine. A state in which the fact was never met is one that the walk did not see. */
function move({ variables }: Relations, share: Share): string[] {
  const variable = variables[share.part]!;
  const known = isOneOf({ ...variable, states: [...share.ready] }, new Set(share.steps.keys()));
  const closed = known === 'true' ? [] : [`  assert ${inMurphi(known)} "${TABLES_CLOSED}";`];
  const cases = casesOf(share, variable).filter(({ to }) => to !== undefined);
  if (cases.length === 0) return closed;
  const set = (to: string | undefined): string => `${variable.name} := ${to};`;
  if (cases[0]!.when === 'true') return [...closed, `  ${set(cases[0]!.to)}`];
  const branches = cases.map(
    ({ when, to }, number) => `${number === 0 ? 'if' : 'elsif'} ${inMurphi(when)} then ${set(to)}`,
  );
  return [...closed, ...branches.map((branch) => `  ${branch}`), '  endif;'];
}
