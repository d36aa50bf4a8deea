import { visible } from '../outside/visible.ts';

/** The colours of all pictures: on a light page, and on a dark one. Each light colour is used for one thing only. */
export const PALETTE = {
  /** Names. */
  ink: ['#1f2328', '#e6edf3'],
  /** What is said beside: source lines, notes. */
  faint: ['#656d76', '#8d96a0'],
  /** Guards. */
  guard: ['#8250df', '#c297ff'],
  /** Actions, and what a call answers. */
  action: ['#1a7f37', '#57d364'],
  /** Arrows and borders. */
  line: ['#7d8590', '#768390'],
  /** Borders of what lies around. */
  frame: ['#d0d7de', '#3d444d'],
  /** Inside a state. */
  state: ['#f6f8fb', '#1c2129'],
  /** Inside what lies around. */
  around: ['#fcfdff', '#12161c'],
  /** A state in which a call is in flight. */
  passing: ['#fff8e5', '#332b14'],
  /** A state in which an event counts. */
  running: ['#e6f7ea', '#12321c'],
  /** A state in which an event is open, or another owner holds the hardware. */
  live: ['#e8f1fe', '#14263d'],
  /** An end. */
  ended: ['#eceef1', '#2a3038'],
  /** What a log went through. */
  strong: ['#0969d9', '#58a6ff'],
  /** Inside a state that a log went through. */
  visited: ['#d3e6ff', '#0c3a70'],
  /** What violates a property. */
  broken: ['#d1242f', '#ff7b72'],
  /** Behind the step that breaks it. */
  alarm: ['#ffebe9', '#3d1418'],
} as const satisfies Record<string, readonly [light: string, dark: string]>;

export type Colour = keyof typeof PALETTE;

/** The colour on a light page. */
export const light = (colour: Colour): string => PALETTE[colour][0];

/**
 * The style that turns a picture drawn in the light colours into a dark one where the page is dark.
 * A viewer that knows no style sheets shows the light one.
 */
export const DARK_STYLE = `@media (prefers-color-scheme: dark) {\n${Object.values(PALETTE)
  .map(([day, night]) => `[fill="${day}"]{fill:${night}} [stroke="${day}"]{stroke:${night}}`)
  .join('\n')}\n}`;

/** Text as it stands in XML: markup escaped, and spelt out what XML cannot hold. */
export function escapeXml(text: string): string {
  return visible(text).replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);
}
