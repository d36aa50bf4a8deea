import { type AnyStateMachine, assign } from 'xstate';
import { NotApplicable } from './names.ts';

type Implementation = (args: { context: object }, params: unknown) => unknown;

/**
 * A machine without some fields of its context: no action writes them, and a guard, an action or an author that looks at one
 * throws. So as long as nobody throws, they decide nothing but themselves, whatever is in them: the machine with them does the same.
 * Throws {@link NotApplicable} if the machine has guards or actions without a name, which cannot be watched.
 */
export function sliced(machine: AnyStateMachine, fields: readonly string[]): AnyStateMachine {
  checkNamed(machine.root);
  const { guards, actions } = machine.implementations;
  const watch =
    (implementation: Implementation): Implementation =>
    (args, params) =>
      implementation({ ...args, context: strict(args.context, fields) }, params);
  const watchedAction = (action: unknown): unknown => {
    const assignment = (action as { assignment?: unknown }).assignment;
    if (assignment === undefined) throw new NotApplicable(`${machine.id}: an action that is no assignment`);
    if (typeof assignment === 'function') return assign(watch(assignment as Implementation) as never);
    const others = Object.entries(assignment as object).filter(([field]) => !fields.includes(field));
    return assign(
      Object.fromEntries(
        others.map(([field, to]) => [field, typeof to === 'function' ? watch(to as Implementation) : to]),
      ) as never,
    );
  };
  const each = (all: object, by: (one: unknown) => unknown): object =>
    Object.fromEntries(Object.entries(all).map(([name, one]) => [name, by(one)]));
  return machine.provide({
    // One that is made of others by their names looks at nothing itself.
    guards: each(guards, (guard) => ('guards' in (guard as object) ? guard : watch(guard as Implementation))),
    actions: each(actions, watchedAction),
  } as never);
}

/** A context of which some fields must not be looked at, nor all of them together. */
export function strict<C extends object>(context: C, fields: readonly string[]): C {
  if (fields.length === 0) return context;
  const all = (): never => {
    throw new Forgotten(fields[0]!);
  };
  const check = (field: string | symbol): void => {
    if (fields.includes(String(field))) throw new Forgotten(String(field));
  };
  return new Proxy(context, {
    get: (target, field) => {
      check(field);
      return Reflect.get(target, field);
    },
    has: (target, field) => {
      check(field);
      return Reflect.has(target, field);
    },
    ownKeys: all,
    getOwnPropertyDescriptor: all,
  });
}

/** Somebody looks at a field that was to be forgotten. */
export class Forgotten extends NotApplicable {
  constructor(readonly field: string) {
    super(`${field} is looked at, and takes more and more values`);
  }
}

function checkNamed(node: AnyStateMachine['root']): void {
  const isNamed = (one: unknown): boolean =>
    one === undefined ||
    typeof one === 'string' ||
    (typeof one === 'object' &&
      typeof (one as { type?: unknown }).type === 'string' &&
      typeof (one as { params?: unknown }).params !== 'function') ||
    (typeof one === 'function' && 'guards' in one && (one.guards as unknown[]).every(isNamed));
  const transitions = [...node.transitions.values(), node.always ?? []].flat();
  const actions = [...node.entry, ...node.exit, ...transitions.flatMap((transition) => transition.actions)];
  if (!transitions.every(({ guard }) => isNamed(guard)) || !actions.every(isNamed))
    throw new NotApplicable(`${node.id}: a guard or an action without a name`);
  for (const child of Object.values(node.states)) checkNamed(child);
}
