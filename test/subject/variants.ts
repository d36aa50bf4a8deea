import { readFileSync } from 'node:fs';
import { type Build, type BuildOptions, build } from '../../src/subject/index.ts';
import { CACHE, driverFile } from './tiny.ts';

/** Where in the tiny driver a mistake is put: before the line that is named. */
const PLACES = {
  globals: 'static atomic_t tiny_active',
  field: '\tvoid *beside;',
  init: '\tint counter;\n\n',
  opened: '\tevent->hw.config = counter;',
  destroy: '\tmutex_lock(&tiny_lock);\n\tif (atomic_dec',
  add: '#ifdef BREAKS_SHIFT',
  del: '\ttiny_stop(event, PERF_EF_UPDATE);',
  start: '\tevent->hw.state = 0;\n',
  stop: '\tif (event->hw.state & PERF_HES_STOPPED)\n\t\treturn;',
  read: '#ifdef BREAKS_POINTER',
  boot: '#ifdef BREAKS_BOOT',
} as const;

/** The tiny driver with C of one's own put at such places, and further files of it. */
export function tinyWith(
  lines: Partial<Record<keyof typeof PLACES, string>>,
  options: BuildOptions = {},
  parts: readonly { readonly path: string; readonly text: string }[] = [],
): Build {
  let text = readFileSync(driverFile('tiny'), 'utf8');
  for (const [place, line] of Object.entries(lines)) {
    const before = PLACES[place as keyof typeof PLACES];
    if (!text.includes(before)) throw new Error(`tiny.c has no place ${place}`);
    const at = text.indexOf(before) + (place === 'init' ? before.length : 0);
    text = `${text.slice(0, at)}${line}\n${text.slice(at)}`;
  }
  return build({ path: 'tiny.c', text, headers: new Map(), notes: [], parts }, { cache: CACHE, ...options });
}
