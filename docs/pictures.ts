/**
 * Writes the pictures of `docs/pictures`, and the page that shows them: `npm run pictures`.
 * A test draws the same and fails when a picture is not what is drawn now.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DRIVERS } from '../machines/drivers.ts';
import { MACHINES, type MachineName } from '../machines/index.ts';
import { compose, type Environment, modelOf, propertyOf } from '../models/index.ts';
import { dotOf } from '../src/diagrams/dot.ts';
import type { Graph } from '../src/diagrams/graph.ts';
import { type List, listOfGraph, listOfSequence } from '../src/diagrams/list.ts';
import { svgOfList } from '../src/diagrams/list-svg.ts';
import { escapeXml } from '../src/diagrams/palette.ts';
import { leastWidth } from '../src/diagrams/readable.ts';
import { lifecycleAutomaton, rvOf } from '../src/diagrams/rv.ts';
import { sequenceDiagram } from '../src/diagrams/sequence.ts';
import { svgOfSequence } from '../src/diagrams/sequence-svg.ts';
import { graphOfSpace } from '../src/diagrams/space-graph.ts';
import { stateSpace } from '../src/diagrams/state-space.ts';
import { svgOf } from '../src/diagrams/svg.ts';
import { aroundOf, graphOfView, viewNames } from '../src/diagrams/views.ts';
import { check } from '../src/engine/check/index.ts';

const FOLDER = fileURLToPath(new URL('pictures/', import.meta.url));

/** A file of the folder: its name, what it shows, and its text. */
export interface Picture {
  readonly file: string;
  readonly shows: string;
  readonly text: string;
  /** The same as a list for a telephone, where letters would be too small on one. */
  readonly narrow?: Picture;
}

/** How wide a picture is on a telephone, in pixels, and what stands beside it there. */
export const [TELEPHONE, MARGIN] = [368, 32];

/** All pictures as they are drawn now, and the page that shows them. */
export async function draw(): Promise<Picture[]> {
  const pictures: Picture[] = [];
  // The driver as one chart is for tools, not for eyes.
  for (const view of viewNames().filter((name) => name !== 'driver/all'))
    pictures.push(await ofGraph(view.replace('/', '-'), captionOf(view), graphOfView(view)));
  pictures.push(
    await space('foreign-owner', '4.16'),
    await counterexample('two-threads', '4.16', 'busy-is-true'),
    await counterexample('context-switch', '4.16', 'count-exact'),
    {
      file: 'lifecycle.dot',
      shows: 'The lifecycle as an automaton for Linux’s runtime verification (`dot2k`)',
      text: rvOf(lifecycleAutomaton('current')),
    },
  );
  const narrow = pictures.flatMap((picture) => picture.narrow ?? []);
  return [...pictures, ...narrow, { file: 'README.md', shows: '', text: page(pictures) }];
}

const ofGraph = async (name: string, shows: string, graph: Graph): Promise<Picture> =>
  readable(name, shows, await svgOf(dotOf(graph)), listOfGraph(graph));

/** A picture, and where a telephone is too narrow for it, the same as a list. */
function readable(name: string, shows: string, text: string, list: List): Picture {
  const picture = { file: `${name}.svg`, shows, text };
  if (leastWidth(text) <= TELEPHONE) return picture;
  return { ...picture, narrow: { file: `${name}-narrow.svg`, shows, text: svgOfList(list, shows) } };
}

const CAPTIONS: Record<string, string> = {
  lifecycle: 'The life of a perf event, as the perf core of 4.16 calls it',
  'lifecycle/5.10': 'The same under 5.10, where some events are offered twice',
  'lifecycle/current': 'The same today, with groups that are throttled and failed opens that are cleaned up',
  'lifecycle/calls': 'The lifecycle with every call and its return, every guard and every action',
  'driver/write_counter': 'Ports whose counters can be written: `write_counter`',
  'driver/handle_irq': 'Ports whose overflow interrupts: `riscv_pmu_handle_irq`',
  driver: 'The posted driver: its functions, who calls them, and what shared data they touch',
};

function captionOf(view: string): string {
  const [machine, part] = view.split('/') as [MachineName, string?];
  if (CAPTIONS[view] !== undefined) return CAPTIONS[view];
  const around = aroundOf(view);
  if (around !== undefined) return capital(around.about);
  if (part !== undefined) return `The posted driver: ${graphOfView(view).name}`;
  return capital(MACHINES[machine].about);
}

/** With a capital at its head, unless that is a name of the C. */
const capital = (text: string): string => (/^\w*_/.test(text) ? text : `${text[0]!.toUpperCase()}${text.slice(1)}`);

async function space(name: string, environment: Environment): Promise<Picture> {
  const { scope, asks } = modelOf(name);
  const drawn = stateSpace(compose(scope, environment, DRIVERS['as-posted']), { sequential: true });
  return ofGraph(`space-${name}`, `${asks} Its states, while calls do not overlap`, graphOfSpace(name, drawn));
}

async function counterexample(name: string, environment: Environment, property: string): Promise<Picture> {
  const { scope, asks } = modelOf(name);
  const { verdicts } = await check(compose(scope, environment, DRIVERS['as-posted']), [propertyOf(property)]);
  const verdict = verdicts.get(property);
  if (verdict?.verdict !== 'violated') throw new Error(`${name} does not break ${property} any more`);
  const { facts, breaks } = verdict.counterexample;
  const sequence = sequenceDiagram(facts, { title: asks, breaks, property });
  const shows = `${asks} A shortest log that breaks \`${property}\``;
  return readable(`counterexample-${property}`, shows, svgOfSequence(sequence), listOfSequence(sequence));
}

function page(pictures: readonly Picture[]): string {
  const shown = pictures.map((picture) => `## ${picture.shows}\n\n${markdownOf(picture)}\n`);
  return `# Pictures\n\nDrawn from the machines by \`npm run pictures\`; \`hartproof graph\` draws them one by one.\n\n${shown.join('\n')}`;
}

/** A picture in a document; where there is one for a telephone, a page shows it as soon as letters of the other were too small. */
function markdownOf({ file, shows, text, narrow }: Picture): string {
  if (!file.endsWith('.svg')) return `[${file}](${file})`;
  if (narrow === undefined) return `![${shows}](${file})`;
  return [
    '<picture>',
    `<source media="(max-width: ${leastWidth(text) + MARGIN}px)" srcset="${narrow.file}">`,
    `<img alt="${escapeXml(shows)}" src="${file}">`,
    '</picture>',
  ].join('\n');
}

/** The picture that is in the repository, or undefined if there is none. */
export function committed(file: string): string | undefined {
  return names().includes(file) ? readFileSync(FOLDER + file, 'utf8') : undefined;
}

/** The files that are in the folder. */
export const names = (): string[] => readdirSync(FOLDER);

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(FOLDER, { recursive: true });
  draw().then((pictures) => {
    for (const { file, text } of pictures) writeFileSync(FOLDER + file, text);
    for (const file of names()) if (!pictures.some((picture) => picture.file === file)) rmSync(FOLDER + file);
  });
}
