import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { machineRoom } from '../../diagrams/machine-room.ts';
import type { Group } from '../session/observations.ts';
import { showRow } from './show-row.ts';
import { seen } from './store.ts';
import { usePanning, useSized, Zoomed, Zooming } from './zoom.tsx';

/** What the panel of the machines shows. */
export const machinesShown = signal<'statechart' | 'room'>('statechart');

const zooming = new Zooming();
/** How wide the room is drawn: as wide as its panel, so that it can be read there. */
export const roomWidth = signal(640);
const NARROWEST = 320;

/** Observations by their whole names. */
const valuesIn = (groups: readonly Group[]): Map<string, string> =>
  new Map(
    groups.flatMap(({ title, rows }) =>
      rows.map(({ name, value }) => [/^(event|hart) /.test(title) ? `${title} ${name}` : name, value] as const),
    ),
  );

/** The machine room as it is now, with what the last fact changed. */
export function roomNow(): string {
  const { now, before } = seen.value;
  const [values, were] = [valuesIn(now), before && valuesIn(before)];
  const changed = [...values.keys()].filter((name) => were && were.get(name) !== values.get(name));
  return machineRoom(values, new Set(changed), roomWidth.value);
}

function showChanged(box: HTMLElement): void {
  const changed = box.querySelector('.differs');
  if (changed !== null) showRow(changed, box);
}

/** A picture of the machine room; what changed is brought into view. */
export function RoomView({ svg }: { svg: string }) {
  const figure = useRef<HTMLElement>(null);
  usePanning(figure, zooming, undefined);
  useSized(figure, zooming, svg, showChanged);
  useEffect(() => {
    const box = figure.current!;
    const watch = new ResizeObserver(() => {
      roomWidth.value = Math.max(NARROWEST, box.clientWidth - 16);
    });
    watch.observe(box);
    return () => watch.disconnect();
  }, []);
  return (
    <Zoomed zooming={zooming} of="machine room" name="machine-room" svg={() => svg}>
      <figure
        ref={figure}
        id="room"
        class="scrolls"
        role="group"
        aria-label="the machine room"
        tabIndex={0}
        dangerouslySetInnerHTML={{ __html: svg }}
      />
    </Zoomed>
  );
}

/** Which of both is shown. */
export function MachinesSwitch() {
  return (
    <div class="switch" role="group" aria-label="what is shown of the machines">
      {(['statechart', 'room'] as const).map((one) => (
        <button
          key={one}
          type="button"
          aria-pressed={machinesShown.value === one}
          title={one === 'room' ? 'the machine room: harts, slots, who holds the PMC (r)' : 'the machine that acts (r)'}
          onClick={() => {
            machinesShown.value = one;
          }}
        >
          {one}
        </button>
      ))}
    </div>
  );
}
