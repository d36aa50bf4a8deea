/** One indivisible thing that happened, as plain JSON. What else is in it depends on its type. @public */
export interface AnyFact {
  readonly type: string;
}

/** How facts of one type are wired: who takes part in them, and where their data comes from. @public */
export interface FactDefinition<R extends string = string> {
  /** Who takes part. The first initiates: a search asks it what may come next. */
  readonly participants: readonly R[];
  /** Roles of which every machine takes part, whatever the indices say. */
  readonly everyone?: readonly R[];
  /** The fields that index the fact: their values are few and known before a search. */
  readonly indices?: readonly string[];
  /** By index: the values that a search offers, where they are not those of the index: a list, or the name of a domain. */
  readonly values?: Readonly<Record<string, string | readonly unknown[]>>;
  /** Every other field, and the one role that writes it, from the state of its own machine. */
  readonly authors?: Readonly<Record<string, R>>;
  /** Set when the fact may happen at any time by itself: it is no progress, and a system that does nothing else is stuck. */
  readonly background?: true;
}

/** One kind of machine, and what its tags mean. @public */
export interface RoleDefinition {
  /** The index that selects the machine of this role; without one, there is a single machine of it in the whole system. */
  readonly indexedBy?: string;
  /** The tag of a machine in which no call is in flight. A system is quiescent where every such machine has its tag. */
  readonly quiescent?: string;
  /** The tag of a machine of which nothing more is expected. Where every such machine has its tag, a system may be stuck. */
  readonly final?: string;
  /**
   * The tag of a machine that has one machine of the index `on` to itself: until it gives it back, all that it and what has the
   * same index as it do is to machines that nobody else reaches meanwhile. A search expands nothing else then.
   */
  readonly exclusive?: { readonly tag: string; readonly on: string };
  /** An index whose numbers the machine orders: no two of them are the same to it, and none stands for another in a search. */
  readonly orders?: string;
}

/** What an index can be. @public */
export interface IndexDefinition {
  /** Its values: a list, or the name of a domain, of which each system says what is in it. */
  readonly values: string | readonly unknown[];
  /** Whether a log may have a value that a search does not offer; only what a search offers, if this is left out. */
  readonly allows?: (value: unknown) => boolean;
}

/** What {@link defineSystem} takes. @public */
export interface SystemDefinition<F extends AnyFact = AnyFact, R extends string = string> {
  /** Nothing but a type, as in XState's `setup`: `{} as Fact`, with the union of all facts. */
  readonly types?: { readonly fact?: F };
  /** By fact type. */
  readonly facts: { readonly [T in F['type']]: FactDefinition<R> };
  readonly roles: { readonly [Name in R]: RoleDefinition };
  readonly indices?: Readonly<Record<string, IndexDefinition>>;
}

/**
 * The vocabulary of a kind of system, as data: what can happen in it, and who takes part. Made by {@link defineSystem}.
 *
 * @public
 */
export interface Vocabulary<F extends AnyFact = AnyFact, R extends string = string> {
  readonly facts: Readonly<Record<string, Required<Omit<FactDefinition<R>, 'background'>> & { background: boolean }>>;
  /** Every fact type, in the order of the definition. */
  readonly types: readonly F['type'][];
  readonly roles: Readonly<Record<string, RoleDefinition>>;
  readonly indices: Readonly<Record<string, IndexDefinition>>;
  /** The indices that select machines, in the order of the definition. */
  readonly selectors: readonly string[];
  /** Nothing but a type. */
  readonly fact?: F;
}

/**
 * A vocabulary: fact types with their participants, indices and authors, and roles with what indexes them and what their tags
 * mean. Throws an Error that says which name is unknown, if a fact or a role speaks of a role or an index that is not defined.
 *
 * @public
 */
export function defineSystem<F extends AnyFact, R extends string>({
  facts,
  roles,
  indices = {},
}: SystemDefinition<F, R>): Vocabulary<F, R> {
  const checkRole = (where: string, role: string): void => {
    if (!Object.hasOwn(roles, role)) throw new Error(`${where}: ${noSuch('role', role, roles)}`);
  };
  const checkIndex = (where: string, index: string): void => {
    if (!Object.hasOwn(indices, index)) throw new Error(`${where}: ${noSuch('index', index, indices)}`);
  };
  for (const [role, { indexedBy, exclusive, orders }] of Object.entries<RoleDefinition>(roles))
    for (const index of [indexedBy, exclusive?.on, orders]) if (index !== undefined) checkIndex(`role ${role}`, index);
  const wired = Object.entries<FactDefinition<R>>(facts).map(([type, definition]) => {
    const {
      participants,
      everyone = [],
      indices: own = [],
      values = {},
      authors = {},
      background = false,
    } = definition;
    const where = `fact ${type}`;
    if (participants.length === 0) throw new Error(`${where}: nobody takes part in it`);
    for (const role of [...participants, ...everyone, ...Object.values<R>(authors)]) checkRole(where, role);
    for (const index of own) checkIndex(where, index);
    for (const index of Object.keys(values))
      if (!own.includes(index)) throw new Error(`${where}: it has values of ${index}, and no such index`);
    for (const role of participants) {
      const { indexedBy } = roles[role];
      if (indexedBy !== undefined && !own.includes(indexedBy))
        throw new Error(`${where}: without the index ${indexedBy}, which ${role} takes part is not known`);
    }
    return [type, { participants, everyone, indices: own, values, authors, background }] as const;
  });
  const selecting = new Set(Object.values<RoleDefinition>(roles).map(({ indexedBy }) => indexedBy));
  return {
    facts: Object.fromEntries(wired),
    types: Object.keys(facts) as F['type'][],
    roles,
    indices,
    selectors: Object.keys(indices).filter((index) => selecting.has(index)),
  };
}

/** Says that there is no such thing, and what there is. */
export const noSuch = (what: string, name: string, known: object): string =>
  `there is no ${what} ${name}; there are ${Object.keys(known).join(', ') || 'none'}`;

/** Whether a role takes part in facts of a type. */
export const takesPart = (
  { participants, everyone = [] }: Pick<FactDefinition, 'participants' | 'everyone'>,
  role: string,
): boolean => participants.includes(role) || everyone.includes(role);
