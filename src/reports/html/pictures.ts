import { DRIVERS, type DriverName } from '../../../machines/drivers.ts';
import { machineOf } from '../../../machines/index.ts';
import { dotOf } from '../../diagrams/dot.ts';
import { machineRoom } from '../../diagrams/machine-room.ts';
import { escapeXml } from '../../diagrams/palette.ts';
import { leastWidth } from '../../diagrams/readable.ts';
import { type Sequence, sequenceDiagram } from '../../diagrams/sequence.ts';
import { svgOfSequence } from '../../diagrams/sequence-svg.ts';
import { svgOf } from '../../diagrams/svg.ts';
import { follow } from '../../diagrams/trail.ts';
import { graphOfView } from '../../diagrams/views.ts';
import type { Counterexample } from '../../findings/finding.ts';
import type { Replay } from './replay.ts';
import { Html } from './template.ts';

/** The statecharts of a page: the same picture is kept once, however many findings show it. */
export class Pictures {
  /** By the text of the picture: its number. */
  readonly #numbers = new Map<string, number>();

  /** Without a modelled driver there are no charts to draw. */
  constructor(readonly driver: DriverName | undefined) {}

  /** The pictures, by number. */
  get all(): readonly Html[] {
    return [...this.#numbers.keys()].map((text) => new Html(text));
  }

  /** The driver's functions through which a log goes, with its path drawn stronger: the numbers of the pictures. */
  async functionsOf(
    { trace, pmu }: Counterexample,
    places: readonly (string | null)[],
  ): Promise<Record<string, number>> {
    if (this.driver === undefined || trace === undefined || pmu === undefined) return {};
    const machine = DRIVERS[this.driver];
    const trail = follow({ ...machineOf('driver'), machine, inputs: [{ pmu }] }, trace.log);
    const names = new Set(places.flatMap((place) => place?.split('.')[0] ?? []));
    const charts: Record<string, number> = {};
    for (const name of names) {
      const picture = inPage(await svgOf(dotOf(graphOfView(`driver/${name}`, { driver: machine, trail }))), name);
      charts[name] = this.#numbers.get(picture) ?? this.#numbers.size;
      this.#numbers.set(picture, charts[name]);
    }
    return charts;
  }
}

/** How wide the machine room is drawn, in pixels: narrow enough to be read on a telephone. */
const ROOM = 360;

/** The machine room before the first step, which the script changes step by step; undefined where nothing is known to change. */
export function roomOf({ start }: Replay): Html | undefined {
  if (start.length === 0) return undefined;
  const svg = machineRoom(new Map(start), new Set(), ROOM);
  return new Html(svg.replace('<svg ', `<svg style="min-width:${leastWidth(svg)}px" `));
}

/**
 * A counterexample as a sequence diagram, with its calls folded, and fact by fact where that is not the same; none where it is no
 * log of facts.
 */
export function sequencesOf({ id, facts, breaks, rule }: Counterexample): readonly Html[] {
  if (facts === undefined || facts.length === 0) return [];
  const ending = breaks === undefined ? {} : { breaks, property: rule };
  const [folded, whole] = [false, true].map((everyFact) => sequenceDiagram(facts, { ...ending, everyFact })) as [
    Sequence,
    Sequence,
  ];
  const drawn = folded.steps.length < whole.steps.length ? [folded, whole] : [whole];
  return drawn.map((sequence, index) => {
    const svg = inPage(svgOfSequence(sequence), `Sequence of facts that violates ${rule}`, `${id} ${index}`);
    return new Html(index === 0 ? svg : svg.replace('<svg ', '<svg class="away" '));
  });
}

/**
 * A picture as a part of a page: one style sheet is enough for all, no id may occur twice, a state says its name to the script
 * instead of to the mouse, and where there is no room for its letters, it is scrolled.
 */
function inPage(svg: string, label: string, owner = label): string {
  const unique = owner.replace(/\W+/g, '-');
  return svg
    .replace(/<style>[\s\S]*?<\/style>\n?/, '')
    .replace(/<g id="[^"]*" class="node">\n<title>([^<]*)<\/title>/g, '<g class="node" data-state="$1">')
    .replace(/<title>[^<]*<\/title>\n?/g, '')
    .replace(/<g id="[^"]*"/g, '<g')
    .replaceAll('id="head"', `id="head-${unique}"`)
    .replaceAll('url(#head)', `url(#head-${unique})`)
    .replace('<svg ', `<svg aria-label="${escapeXml(label)}" style="min-width:${leastWidth(svg)}px" `);
}
