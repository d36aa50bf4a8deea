import type { Clause, Property, View } from '../engine/check/index.ts';
import { type Fact, type Role, type System, WIRING } from '../facts/index.ts';
import { Binding } from './bind.ts';
import type { Expression, Happens, Question } from './expression.ts';
import type { Moment } from './moment.ts';
import { initialPresents } from './states.ts';

/** Something that can be seen of a state: no fact, and nothing made of others. */
type Leaf = Extract<Expression, { kind: 'seen' | 'is' }>;

/**
 * That a question has no answer, as an invariant of a system with one event (and one hart), which can be asked for any number of
 * them; undefined where that cannot be said by one: of several moments in their order, of an event that is named by its number, of
 * every event at once, of two that may be different ones, or of what the fact of the moment may change.
 * Throws `BadQuestion` if it names what the system does not have.
 */
export function asInvariant(question: Question, system: System): Property<Fact, Role> | undefined {
  const [only, ...others] = question.steps;
  if (only === undefined || others.length > 0 || only.without !== undefined) return undefined;
  const parts = only.wants.kind === 'or' ? only.wants.of : [only.wants];
  const clauses = parts.map((wanted) => clauseOf(wanted, question, system));
  if (!clauses.every((clause) => clause !== undefined)) return undefined;
  return {
    id: 'question',
    statement: `never ${question.text}`,
    severity: 'low',
    source: 'a question',
    consequence: 'it can be reached',
    speaksOf: () => true,
    vacuousWhen: 'nothing happens',
    clauses,
  };
}

/** That something is true at no moment. */
function clauseOf(wanted: Expression, question: Question, system: System): Clause<Fact, Role> | undefined {
  const all = wanted.kind === 'and' ? wanted.of : [wanted];
  const facts = all.filter((one): one is Happens => one.kind === 'happens');
  const states = all.filter((one) => one.kind !== 'happens');
  const leaves = states.flatMap(leavesIn);
  if (facts.length > 1 || leaves.some((leaf) => leaf === undefined)) return undefined;
  const seen = leaves as readonly Leaf[];
  const [fact] = facts;
  if (fact?.fields.some(({ name }) => name === 'event' || name === 'hart')) return undefined;
  const quantified = seen.flatMap(({ which }) => which ?? []);
  // Of two events that are both any one, one clause could only speak of the same.
  if (quantified.some(({ of }) => of !== 'any') || quantified.length > 1) return undefined;
  // Not of any one is of none: of all at once.
  if (quantified.length > 0 && !states.some((one) => one.kind === 'seen' || one.kind === 'is')) return undefined;
  if (quantified.length > 0 && isNegated(states)) return undefined;
  const roles = [...new Set(seen.flatMap((leaf) => rolesOf(leaf, question, system)))];
  const type = fact?.type as Fact['type'] | undefined;
  // A property sees the state before a fact, and a question the one after it: they are the same of who takes no part.
  if (type !== undefined && WIRING[type].participants.some((role) => roles.includes(role))) return undefined;
  const test = new Binding(question, system).ofStep(1, wanted);
  const each = quantified[0]?.index;
  const reads = { own: roles, ...(each !== undefined && { each }) };
  const isTrue = (view: View<Role>, happened?: Fact): boolean => {
    const present: Moment['present'] = (part) => view.own(system.parts[part]!.role);
    return test({ fact: happened, present, local: present });
  };
  if (type === undefined) return { kind: 'always', ...reads, holds: (view) => !isTrue(view) };
  return { kind: 'whenever', facts: [type], ...reads, holds: (happened, view) => !isTrue(view, happened) };
}

/** What an expression looks at; undefined in place of a fact, whose happening is no part of a state. */
function leavesIn(expression: Expression): (Leaf | undefined)[] {
  switch (expression.kind) {
    case 'happens':
      return [undefined];
    case 'seen':
    case 'is':
      return [expression];
    case 'not':
      return leavesIn(expression.of);
    default:
      return expression.of.flatMap(leavesIn);
  }
}

/** Whether any event is spoken of where it could be under a `not`, or in one of several ways. */
const isNegated = (states: readonly Expression[]): boolean =>
  states.some((one) => one.kind !== 'seen' && one.kind !== 'is' && leavesIn(one).some((leaf) => leaf?.which));

/** The kinds of machine that something is seen of. */
function rolesOf(leaf: Leaf, question: Question, system: System): Role[] {
  const presents = initialPresents(system);
  const roles: Role[] = [];
  const present: Moment['present'] = (part) => {
    roles.push(system.parts[part]!.role);
    return presents[part]!;
  };
  new Binding(question, system).ofStep(1, leaf)({ fact: undefined, present, local: present });
  return roles;
}
