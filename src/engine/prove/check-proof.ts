import type { AskedText, ComponentText, ProofText } from './proof.ts';

/** A proof is none: it says where. @experimental */
export class NoProof extends Error {}

/** What was checked. @experimental */
export interface Checked {
  readonly views: number;
  readonly windows: number;
  readonly steps: number;
}

/** A component in a window: its text, and its name there. */
interface Member {
  readonly kind: number;
  readonly sort: number;
  readonly states: readonly string[];
  readonly sums: readonly number[];
  readonly name: string;
}

const NAME = /"@(\w+ \d+)"/g;
const fail = (reason: string): never => {
  throw new NoProof(reason);
};
const namesIn = (text: string): string[] => [...text.matchAll(NAME)].map(([, name]) => name!);
const rename = (text: string, names: ReadonlyMap<string, string>): string =>
  text.replace(NAME, (old, name: string) => (names.has(name) ? `"@${names.get(name)}"` : old));
const indexOf = (name: string): string => name.split(' ')[0]!;
const ordered = (text: string): [string, Map<string, string>] => {
  const names = new Map<string, string>();
  for (const name of namesIn(text)) if (!names.has(name)) names.set(name, next(names.values(), indexOf(name)));
  return [rename(text, names), new Map([...names].map(([old, own]) => [own, old]))];
};
const next = (used: Iterable<string>, index: string): string => {
  const taken = [...used];
  for (let number = 0; ; number++) if (!taken.includes(`${index} ${number}`)) return `${index} ${number}`;
};
const keyOf = ({ kind, sort, states }: Member): string => ordered(`${kind} ${sort}\n${states.join('\n')}`)[0];

/**
 * Checks a proof by its text alone, with no code of who made it: that the first views are there; that whatever facts do in a
 * window of which all views are there leads to such a window; that the integer is the sum of the weights; and that what the
 * properties say was asked of every view and of every step, and holds. What is not in the text is no refusal and no yes, but an
 * error. Throws {@link NoProof}.
 *
 * @experimental
 */
export function checkProof(proof: ProofText): Checked {
  const { kinds, facts, integer, limits, addends, charts, shapes, asked } = proof;
  const shared = kinds.findIndex(({ index }) => index === null);
  const count = { windows: 0, steps: 0 };
  const happened = new Set<string>();
  const limit = limits[0]!;

  // ---- The views, in words of their own, and what is left of each without one of its members.
  const known = new Set<string>();
  const beside = new Map<string, Map<string, { member: Member; extra: string[] }>>();
  const parts = new Map<string, Member>();
  const members = (view: readonly ComponentText[]): Member[] => {
    const names: string[] = [];
    return view.map(([kind, sort, states, sums]) => {
      const { index } = kinds[kind]!;
      if (index !== null) names.push(next(names, index));
      return { kind, sort, states, sums, name: index === null ? '' : names.at(-1)! };
    });
  };
  /** The least text of a window, over the orders of those of one kind; `first` is named after those who are shown. */
  const canonical = (window: readonly Member[], first = ''): [string, Map<string, string>] => {
    const texts = orders(window).map((order): [string, Map<string, string>] => {
      const names = new Map<string, string>();
      const give = (name: string): void => {
        if (name !== '' && !names.has(name)) names.set(name, next(names.values(), indexOf(name)));
      };
      for (const { name } of order) give(name);
      give(first);
      const text = order
        .map(({ kind, sort, states, sums }) => `${kind} ${sort} ${sums}\n${states.join('\n')}`)
        .join('\n');
      for (const name of namesIn(text)) give(name);
      return [`${first === '' ? '' : indexOf(first)}${rename(text, names)}`, names];
    });
    return texts.reduce((least, one) => (one[0] < least[0] ? one : least));
  };
  const isView = (window: readonly Member[]): boolean => known.has(canonical(window)[0]);
  const subs = (window: readonly Member[]): Member[][] => shapes.flatMap((shape) => choose(window, shape));
  for (const view of proof.views.flat()) {
    const window = members(view);
    if (!shapes.some((shape) => shape.join() === window.map(({ kind }) => kind).join())) fail('a view has no shape');
    known.add(canonical(window)[0]);
    for (const [at, member] of window.entries()) {
      const [rest, names] = canonical(window.toSpliced(at, 1), member.name);
      for (const name of namesIn(member.states.join('\n')))
        if (!names.has(name)) names.set(name, next(names.values(), indexOf(name)));
      const own = {
        ...member,
        states: member.states.map((state) => rename(state, names)),
        name: names.get(member.name) ?? '',
      };
      const key = `${member.kind} ${rest}`;
      beside.set(key, (beside.get(key) ?? new Map()).set(JSON.stringify(own), { member: own, extra: [] }));
      parts.set(keyOf(member), member);
    }
  }

  // ---- Sums: what the components outside of a window can add up to.
  const addendsOf = (member: Member): readonly number[] =>
    member.kind === shared ? limits.map(() => 0) : (addends[keyOf(member)] ?? fail('a component has no weight'));
  const total = (window: readonly Member[]): number[] =>
    limits.map((_, at) => window.reduce((sum, member) => sum + addendsOf(member)[at]!, 0));
  const placesOf = (member: Member, name: string): string =>
    member.states
      .map((state, at) => [...state.matchAll(NAME)].flatMap(([, one], place) => (one === name ? `${at}.${place}` : [])))
      .join();
  const vectors = new Map<string, Set<string>>();
  for (const view of proof.views.flat()) {
    const window = members(view);
    const at = window.find(({ kind }) => kind === shared);
    if (at === undefined) continue;
    for (const member of window)
      if (member !== at) {
        const places = placesOf(at, member.name);
        vectors.set(places, (vectors.get(places) ?? new Set()).add(JSON.stringify(addendsOf(member))));
      }
  }
  const plus = (sums: ReadonlySet<string>, places: string): Set<string> =>
    new Set(
      [...sums].flatMap((sum) =>
        [...(vectors.get(places) ?? [])].map((vector) => {
          const own = JSON.parse(vector) as number[];
          return JSON.stringify((JSON.parse(sum) as number[]).map((one, at) => Math.min(limits[at]!, one + own[at]!)));
        }),
      ),
    );
  const achievable = new Map<string, Set<string>>();
  const canBe = (rest: readonly number[], named: readonly string[]): boolean => {
    const key = named.join(' ');
    if (!achievable.has(key)) {
      let sums = new Set([JSON.stringify(limits.map(() => 0))]);
      const none = [...vectors.keys()].find((places) => !/\d/.test(places)) ?? '';
      for (let size = 0; size !== sums.size; ) {
        size = sums.size;
        sums = new Set([...sums, ...plus(sums, none)]);
      }
      for (const places of named) sums = plus(sums, places);
      achievable.set(key, sums);
    }
    return achievable.get(key)!.has(JSON.stringify(rest));
  };
  const rests = (window: readonly Member[]): number[][] => {
    const at = window.find(({ kind }) => kind === shared);
    if (at === undefined) return [[]];
    const shown = total(window);
    const outside = [...new Set(namesIn(at.states.join('\n')))].filter((name) =>
      window.every((member) => member.name !== name),
    );
    const named = outside.map((name) => placesOf(at, name)).sort();
    let all: number[][] = [[]];
    for (const [place, sum] of at.sums.entries()) {
      const range = Array.from({ length: limits[place]! + 1 }, (_, rest) => rest).filter(
        (rest) =>
          Math.min(limits[place]!, rest + shown[place]!) === sum &&
          (rest === limits[place] || rest + shown[place]! < limits[place]! || sum === limits[place]),
      );
      all = all.flatMap((rest) => range.map((one) => [...rest, one]));
    }
    return all.filter((rest) => canBe(rest, named));
  };

  // ---- Windows of which all views are there.
  function* windowsFrom(view: readonly ComponentText[]): Generator<Member[]> {
    const window = members(view);
    yield window;
    for (const kind of kinds.keys())
      if (kind !== shared || window.every((member) => member.kind !== shared))
        for (const member of fitting(window, kind)) yield [...window, member];
  }
  function* fitting(window: readonly Member[], kind: number): Generator<Member> {
    const { index } = kinds[kind]!;
    const used = [
      ...new Set([...window.map(({ name }) => name), ...namesIn(window.flatMap(({ states }) => states).join('\n'))]),
    ].filter((name) => name !== '');
    const free = used.filter((name) => indexOf(name) === index && window.every((member) => member.name !== name));
    const names = index === null ? [''] : [...free, next(used, index)];
    const anchor =
      shapes.flatMap((shape) =>
        shape.includes(kind) ? choose(window, shape.toSpliced(shape.indexOf(kind), 1)).slice(0, 1) : [],
      )[0] ?? fail('no view shows who takes part');
    for (const name of names) {
      const [rest, words] = canonical(anchor, name);
      const back = new Map([...words].map(([old, own]) => [own, old]));
      for (const { member } of beside.get(`${kind} ${rest}`)?.values() ?? []) {
        const more = [...new Set(namesIn(member.states.join('\n')))].filter((one) => !back.has(one));
        for (const names of injections(more, back, [...used, ...(name === '' ? [] : [name])])) {
          const own = { ...member, states: member.states.map((state) => rename(state, names)), name };
          const wider = [...window, own];
          if (subs(wider).every((sub) => !sub.includes(own) || isView(sub))) yield own;
        }
      }
    }
  }

  // ---- What facts do in a window.
  const chartOf = (member: Member, role: string) =>
    charts[`${member.kind} ${member.sort} ${role}`] ?? fail(`there is no table of a ${role}`);
  const lookUp = (table: Record<string, Record<string, string | null>>, state: string, told: string): string | null => {
    const [text, back] = ordered(`${state}\n${told}`);
    const [from, fact] = text.split('\n') as [string, string];
    const found = table[from]?.[fact];
    if (found === undefined) fail(`the tables do not say what comes after ${told}`);
    return found === null ? null : rename(found!, back);
  };
  function* stepsOf(
    window: readonly Member[],
    rest: readonly number[],
  ): Generator<{ told: string; taking: Member[]; after: Member[] }> {
    const shown = total(window);
    const valueAt = (own: number): number | string =>
      integer === null ? 0 : rest[0] === limit || rest[0]! + own >= limit ? '@many' : rest[0]! + own;
    for (const [type, { participants, everyone, authors, indices }] of Object.entries(facts)) {
      const taking = [...participants, ...authors];
      const needed = [
        ...new Set(
          taking
            .map((role) => (role === integer?.role ? shared : kinds.findIndex(({ roles }) => roles.includes(role))))
            .filter((kind) => kind >= 0),
        ),
      ];
      for (const [index, values] of Object.entries(indices))
        if (values === null) needed.push(kinds.findIndex((kind) => kind.index === index));
      const own = [...new Set(needed)];
      if (own.length > 2 || (own.length > 1 && everyone.length > 0))
        fail(`more take part in ${type} than this looks at`);
      for (const actors of choose(window, own.sort())) {
        const seat = (role: string): [Member, number][] =>
          actors.flatMap((member) =>
            kinds[member.kind]!.roles.includes(role)
              ? [[member, kinds[member.kind]!.roles.indexOf(role)] as [Member, number]]
              : [],
          );
        const [first] = participants.flatMap(seat);
        if (
          first &&
          !chartOf(first[0], kinds[first[0].kind]!.roles[first[1]]!).says[
            ordered(first[0].states[first[1]]!)[0]
          ]!.includes(type)
        )
          continue;
        let offers: Record<string, unknown>[] = [{ type }];
        for (const [index, values] of Object.entries(indices)) {
          const all = values ?? actors.filter(({ kind }) => kinds[kind]!.index === index).map(({ name }) => `@${name}`);
          offers = offers.flatMap((fact) => all.map((value) => ({ ...fact, [index]: value })));
        }
        const change = integer?.changes[type];
        for (const offer of offers)
          for (const told of change ? values(valueAt(shown[0]!), change.told) : [0]) {
            let fact = offer;
            for (const role of authors) {
              if (role === integer?.role) fact = { ...fact, [change!.tells]: told };
              else
                for (const [member, at] of seat(role))
                  fact = {
                    ...fact,
                    ...(JSON.parse(
                      lookUp(chartOf(member, role).writes, member.states[at]!, JSON.stringify(fact))!,
                    ) as object),
                  };
            }
            const text = JSON.stringify(fact);
            const after = window.map((member) => ({ ...member, states: [...member.states] }));
            let refused = false;
            const hearers = window.flatMap((member) =>
              everyone.flatMap((role): [Member, number][] =>
                kinds[member.kind]!.roles.includes(role) ? [[member, kinds[member.kind]!.roles.indexOf(role)]] : [],
              ),
            );
            for (const [member, at] of [...participants.flatMap(seat), ...hearers]) {
              const to = lookUp(chartOf(member, kinds[member.kind]!.roles[at]!).next, member.states[at]!, text);
              if (to === null) {
                refused = true;
                break;
              }
              after[window.indexOf(member)]!.states[at] = to;
            }
            if (refused) continue;
            const sum = total(after);
            if (change && change.told === change.by && told !== valueAt(sum[0]!)) continue;
            if (integer && sum[0]! - shown[0]! !== (change?.by ?? 0))
              fail(`${type} changes the integer otherwise than the weights`);
            if (sum.join() !== shown.join() && own.length > 1 && !own.includes(shared))
              fail(`${type} changes a sum that nobody sees`);
            for (const member of after)
              if (member.kind === shared)
                (member as { sums: readonly number[] }).sums = rest.map((one, at) =>
                  Math.min(limits[at]!, one + sum[at]!),
                );
            yield { told: text, taking: [...actors], after };
          }
      }
    }
  }
  /** What an integer can be after adding to it. */
  const values = (value: number | string, by: number): (number | string)[] => {
    if (typeof value === 'number') return [value + by < limit ? value + by : '@many'];
    return [...Array.from({ length: Math.max(0, -by) }, (_, less) => limit - 1 - less), '@many'];
  };

  // ---- The first views, and what follows from all others.
  const first = (kind: number): Member[] => {
    const sorts = [
      ...new Set(
        Object.keys(charts)
          .filter((key) => key.startsWith(`${kind} `))
          .map((key) => Number(key.split(' ')[1])),
      ),
    ];
    return sorts.map((sort) => ({
      kind,
      sort,
      states: kinds[kind]!.roles.map((role) => charts[`${kind} ${sort} ${role}`]!.first),
      sums: kind === shared ? limits.map(() => 0) : [],
      name: '',
    }));
  };
  for (const shape of shapes) {
    let starts: ComponentText[][] = [[]];
    for (const kind of shape)
      starts = starts.flatMap((start) =>
        first(kind).map(({ sort, states, sums }) => [...start, [kind, sort, states, sums] as ComponentText]),
      );
    if (starts.length === 0) fail('nothing begins');
    for (const start of starts) if (!isView(members(start))) fail('a first view is missing');
  }
  for (const [of, member] of parts)
    if (member.kind !== shared && addends[of] === undefined) fail('a component has no weight');
  const answers = asked.filter((one): one is Extract<AskedText, { of: 'facts' }> => one.of === 'facts');
  for (const view of proof.views.flat())
    for (const window of windowsFrom(view)) {
      count.windows++;
      for (const rest of rests(window))
        for (const { told, taking, after } of stepsOf(window, rest)) {
          count.steps++;
          const { type } = JSON.parse(told) as { type: string };
          happened.add(type);
          for (const sub of subs(after)) if (!isView(sub)) fail(`${type} leads out of the views`);
          for (const { property, types, holds } of answers)
            if (types.includes(type)) {
              const key = ordered(
                [
                  ...taking
                    .toSorted((a, b) => a.kind - b.kind)
                    .map(({ kind, sort, states }) => `${kind} ${sort}\n${states.join('\n')}`),
                  told,
                ].join('\n'),
              )[0];
              if (holds[key] !== true) fail(`${property} was not asked of ${type}, or does not hold`);
            }
        }
    }
  for (const type of proof.happens) if (!happened.has(type)) fail(`${type} never happens`);

  // ---- What the properties say of views and sums.
  for (const id of proof.properties) if (!asked.some(({ property }) => property === id)) fail(`${id} was not asked`);
  for (const one of asked) {
    if (one.of === 'views' && (one.holds.length !== proof.views[one.shape]!.length || one.holds.includes(false)))
      fail(`${one.property} was not asked of every view, or does not hold`);
    if (one.of !== 'sums') continue;
    const { property, number, least, most, places } = one;
    const given = (of: Readonly<Record<string, number>>, key: string): number =>
      of[key] ?? fail(`${property} was not asked of every component`);
    for (const member of parts.values()) {
      const key = keyOf(member);
      if (member.kind === shared) {
        if (number === null) continue;
        for (const view of proof.views.flat())
          for (const [kind, sort, states, sums] of view) {
            if (kind !== shared || keyOf({ kind, sort, states, sums, name: '' }) !== key) continue;
            if (least !== null && (sums[places[0]]! > given(number, key) || sums[places[0]] === limits[places[0]]))
              fail(`${property}: a sum may be too large`);
            if (most !== null && !(sums[places[1]]! >= given(number, key))) fail(`${property}: a sum may be too small`);
          }
      } else
        for (const [which, of] of [least, most].entries()) {
          if (of === null) continue;
          const own = addendsOf(member)[number === null ? 0 : places[which as 0 | 1]]!;
          const claimed = given(of, key);
          if (number === null ? (which === 0 ? claimed > own : claimed < own) : claimed !== own)
            fail(`${property}: a component adds more or less than its weight`);
        }
    }
  }
  return { views: known.size, ...count };
}

function choose(window: readonly Member[], shape: readonly number[], from = 0): Member[][] {
  const [kind, ...others] = shape;
  if (kind === undefined) return [[]];
  return [...window.keys()].flatMap((at) =>
    at >= from && window[at]!.kind === kind
      ? choose(window, others, others[0] === kind ? at + 1 : 0).map((more) => [window[at]!, ...more])
      : [],
  );
}

function orders(window: readonly Member[]): Member[][] {
  const sorted = window.toSorted((a, b) => a.kind - b.kind);
  if (sorted.length < 2) return [sorted];
  return sorted.flatMap((member, at) =>
    member.kind === sorted[0]!.kind ? orders(sorted.toSpliced(at, 1)).map((rest) => [member, ...rest]) : [],
  );
}

function* injections(
  more: readonly string[],
  words: ReadonlyMap<string, string>,
  used: readonly string[],
): Generator<ReadonlyMap<string, string>> {
  const [first, ...others] = more;
  if (first === undefined) return yield words;
  const taken = [...words.values()];
  const free = used.filter((name) => indexOf(name) === indexOf(first) && !taken.includes(name));
  for (const name of [...free, next([...used, ...taken], indexOf(first))])
    yield* injections(others, new Map([...words, [first, name]]), used);
}
