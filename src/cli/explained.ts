import pc from 'picocolors';
import { DRIVERS } from '../../machines/drivers.ts';
import { compose, MODELS, PROPERTIES } from '../../models/index.ts';
import { check } from '../engine/check/index.ts';
import type { BreakingLog, Property } from '../facts/index.ts';
import { rowsOf } from '../findings/rows.ts';
import { traceOf } from '../findings/trace.ts';
import { stepsTable } from '../reports/terminal/table.ts';
import { wrap } from '../reports/wrap.ts';
import { GROUND_PROPERTIES } from '../subject/ground/properties/index.ts';
import { SUBJECT_PROPERTIES } from '../subject/properties.ts';
import { WORDS } from './words.ts';

type Described = Pick<Property, 'id' | 'statement' | 'consequence' | 'severity' | 'source'>;

const OF_C: readonly Described[] = [...SUBJECT_PROPERTIES, ...GROUND_PROPERTIES];

/** Everything that {@link explained} knows. */
export const KNOWN: readonly string[] = [
  ...new Set([...PROPERTIES, ...OF_C].map(({ id }) => id)),
  ...Object.keys(WORDS),
];

/** What can be explained, in short. */
export function list(width: number): string {
  const lines = (title: string, all: readonly (readonly [string, string])[]): string[] => [
    pc.bold(title),
    ...all.map(([name, text]) => wrap(`  ${name.padEnd(30)}  ${text}`, width, 34)),
    '',
  ];
  const seen = new Set(PROPERTIES.map(({ id }) => id));
  return [
    ...lines(
      'Properties of the driver family of 2018',
      PROPERTIES.map(({ id, statement }) => [id, statement]),
    ),
    ...lines(
      "Properties of any driver's C",
      OF_C.flatMap(({ id, statement }): [string, string][] => (seen.has(id) ? [] : [[id, statement]])),
    ),
    ...lines(
      'Words',
      Object.entries(WORDS).map(([name, [text]]) => [name, text]),
    ),
  ].join('\n');
}

/** A property, a verdict or a word at length, with an example; undefined if it is none. */
export async function explained(id: string, width: number): Promise<string | undefined> {
  const paragraph = (text: string): string => wrap(text, width);
  const word = WORDS[id];
  if (word !== undefined) return `${pc.bold(id)}\n\n${word.map(paragraph).join('\n\n')}\n`;
  const property = PROPERTIES.find((one) => one.id === id);
  const described = property ?? OF_C.find((one) => one.id === id);
  if (described === undefined) return undefined;
  const parts = [
    `${pc.bold(id)} (${described.severity})`,
    paragraph(`It says: ${described.statement}.`),
    paragraph(`Where it is violated: ${described.consequence}`),
    ...(described.source === '' ? [] : [paragraph(`Source: ${described.source}.`)]),
    ...(property === undefined ? [] : [paragraph(`It is vacuous when ${property.vacuousWhen}.`)]),
    property === undefined
      ? paragraph(`To ask it of a driver: hartproof audit --source drivers/perf/NAME.c --tree LINUX --property ${id}`)
      : await exampleOf(property, width),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** The shortest path on which the posted driver violates a property, in the first model that knows one. */
async function exampleOf(property: Property, width: number): Promise<string> {
  for (const { name, scope, properties, environments, deep } of MODELS) {
    const environment = environments.find((one) => one !== 'any-order');
    if (deep || environment === undefined || !properties.includes(property.id)) continue;
    const system = compose(scope, environment, DRIVERS['as-posted']);
    const verdict = (await check(system, [property], { workers: 0, limits: { states: 20_000 } })).verdicts.get(
      property.id,
    );
    if (verdict?.verdict !== 'violated') continue;
    const { facts, breaks }: BreakingLog = verdict.counterexample;
    const rows = rowsOf(traceOf(system, facts));
    const steps = rows.map((row, index) => ({ ...row, violates: index === rows.length - 1 }));
    return [
      wrap(
        `Example: the driver as it was posted in 2018 violates it (hartproof audit ${name} --property ${property.id}):`,
        width,
      ),
      stepsTable(steps, Math.min(width, 100)),
      ...(breaks === 'never' ? ['   From here on, no sequence of calls leads back.'] : []),
    ].join('\n');
  }
  return wrap(
    `No small model shows that the posted driver violates it. To ask: hartproof audit --property ${property.id}`,
    width,
  );
}
