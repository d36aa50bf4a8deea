import { DRIVERS, withDecisions } from '../machines/drivers.ts';
import { compose, modelOf, propertyOf } from '../models/index.ts';
import { Choices } from '../src/engine/check/choices.ts';
import { check } from '../src/engine/check/index.ts';
import { Product } from '../src/engine/check/product.ts';
import { search } from '../src/engine/check/search.ts';
import { bitOf, changesOf, choosing } from '../src/repair/decided.ts';

/** Searches one model with each change alone, as `repair` does and each for itself, by turns: prints the processor time, as JSON. */
const driver = DRIVERS['as-posted'];
const { scope, properties, environments } = modelOf(process.argv[2] ?? '');
const environment = environments[0]!;
const asked = properties.map(propertyOf);
const changes = changesOf(driver);

const WAYS = {
  together: async () => {
    const choices = new Choices();
    const product = new Product(compose(scope, environment, choosing(driver, choices)), choices);
    let states = 0;
    for (const change of changes) {
      choices.chosen = bitOf(change);
      states += (await search(product, asked, { workers: 0 })).covered.states;
    }
    return states;
  },
  apart: async () => {
    let states = 0;
    for (const change of changes)
      states += (await check(compose(scope, environment, withDecisions([change])), asked, { workers: 0 })).covered
        .states;
    return states;
  },
} as const;

async function main(): Promise<void> {
  const best: Record<string, number> = {};
  const states = new Set<number>();
  for (let turn = 0; turn < 3; turn++)
    for (const [name, way] of Object.entries(WAYS)) {
      const before = process.cpuUsage();
      states.add(await way());
      const { user, system } = process.cpuUsage(before);
      best[name] = Math.min(best[name] ?? Infinity, (user + system) / 1000);
    }
  if (states.size > 1) throw new Error('the two ways do not find the same states');
  process.stdout.write(JSON.stringify({ variants: changes.length, states: [...states][0], ...best }));
}

void main();
