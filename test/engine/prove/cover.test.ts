import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { DRIVERS } from '../../../machines/drivers.ts';
import { compose, propertyOf } from '../../../models/index.ts';
import type { Model } from '../../../models/model.ts';
import { anyOpens, anySlots, scaledTo } from '../../../models/proofs.ts';
import type { Property } from '../../../src/engine/check/index.ts';
import { Product } from '../../../src/engine/check/product.ts';
import { type Attempt, attempt } from '../../../src/engine/prove/attempt.ts';
import type { Chart } from '../../../src/engine/prove/chart.ts';
import { mentionsIn, nameOf, textOf } from '../../../src/engine/prove/names.ts';
import { inOrder } from '../../../src/engine/prove/proof.ts';
import type { Member } from '../../../src/engine/prove/steps.ts';
import { clamped, totalOf } from '../../../src/engine/prove/sums.ts';
import { subsets } from '../../../src/engine/prove/windows.ts';

/** The fields of the driver's machines that hold numbers of components: only this test knows. */
const NAMES: Readonly<Record<string, Readonly<Record<string, 'event' | 'hart'>>>> = {
  reservation: { owner: 'event' },
  hart: { runs: 'event' },
  slots: { events: 'event' },
  lifecycle: { hart: 'hart' },
  count: { runsOn: 'hart' },
};

/** Every state of a scope that is searched without abstraction, and without the code of the views: the local states of all parts. */
function statesOf(product: Product): Int32Array[] {
  const seen = new Set<string>();
  const states: Int32Array[] = [];
  const visit = (state: Int32Array): void => {
    const key = state.join();
    if (!seen.has(key)) states.push(state.slice());
    seen.add(key);
  };
  visit(product.initial);
  for (const state of states)
    for (let part = 0; part < state.length; part++) {
      const next = state.slice();
      product.successors(part, state, next, () => visit(next));
    }
  return states;
}

/** What views can show of a state: of each shape, each choice of components. Answers how many are no view. */
function missing({ closure, sums }: Attempt, product: Product, state: Int32Array): number {
  const { components, windows } = closure;
  const { kinds, integer, all, limit } = components;
  const { system, tables } = product;
  const localOf = (role: string, index: number, chart: Chart): number => {
    const part = system.partOf(role, index)!;
    const { value, context, status } = tables[part]!.snapshots[state[part]!]!;
    const kept = Object.entries(context as object).filter(([field]) => !chart.forgotten.includes(field));
    const named = kept.map(([field, inner]) => {
      const kind = NAMES[role]?.[field];
      const name = (one: unknown): unknown =>
        typeof one === 'number' ? nameOf(kind!, one) : Array.isArray(one) ? one.map(name) : one;
      return [field, kind === undefined ? inner : name(inner)];
    });
    const whole = [value, Object.fromEntries(named), status];
    // Under these names it may not have been met yet.
    const like = chart.texts.findIndex((text) => inOrder(text) === inOrder(textOf(whole)));
    const names = [...new Set(mentionsIn(whole).map(({ name }) => name))];
    const own = like < 0 ? [] : [...new Set(chart.mentions[like]!.map(({ name }) => name))];
    return like < 0 ? -1 : chart.rename(like, (name) => names[own.indexOf(name)]!);
  };
  const members = kinds.flatMap(({ index, roles, sorts }, kind) =>
    Array.from({ length: index === null ? 1 : system.countOf(index) }, (_, number): Member => {
      const locals = roles.map((role, at) => localOf(role, number, sorts[0]![at]!));
      if (locals.includes(-1)) return { of: -1, name: null };
      return { of: components.intern(kind, 0, locals), name: index === null ? null : nameOf(index, number) };
    }),
  );
  if (members.some(({ of }) => of < 0)) return 1;
  const value =
    integer &&
    tables[system.partOf(integer.role, 0)!]!.snapshots[state[system.partOf(integer.role, 0)!]!]!.context[integer.field];
  const total = sums ? clamped(totalOf(sums, members), sums.limits) : integer ? [Math.min(value, limit)] : [];
  if (sums && integer) assert.is(total[0], Math.min(value, limit), 'the weights are wrong');
  const whole = members.map(({ of, name }) => ({
    of: name === null ? components.changed(of, all[of]!.locals, total) : of,
    name,
  }));
  const kindsOf = windows.kindsOf(whole);
  return windows.shapes.flatMap((shape, number) =>
    [...subsets(whole, kindsOf, shape)].filter((part) => !windows.has(number, part)),
  ).length;
}

/** A scope of two events on two harts, of which nothing is left out. */
const scopes: [keyof typeof DRIVERS, Model, number][] = [
  ['repaired', anyOpens, 3],
  ['as-posted', anyOpens, 2],
  ['repaired', anySlots, 2],
];

for (const [driver, model, size] of scopes)
  test(`the views of ${driver} (${model.name}) contain what can be seen of every state of ${size} events`, () => {
    const systemOf = (count: number) =>
      compose({ ...scaledTo(model, count), harts: model.scope.harts * Math.min(count, 2) }, '4.16', DRIVERS[driver]);
    const properties = model.properties.map(propertyOf) as unknown as readonly Property[];
    const effort = { views: 20_000, milliseconds: 60_000 };
    const made = attempt(systemOf(1) as never, properties, { k: 1, limit: 2 }, effort);
    // The queue of the mutex is forgotten, and bounded by the events.
    const product = new Product(systemOf(size)) as never as Product;
    const states = statesOf(product);
    assert.ok(states.length > 300, `${states.length}`);
    assert.is(
      states.reduce((sum, state) => sum + missing(made, product, state), 0),
      0,
    );
  });

test.run();
