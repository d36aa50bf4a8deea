import { type Signal, signal } from '@preact/signals';
import type { ComponentChildren, RefObject } from 'preact';
import { useEffect } from 'preact/hooks';
import { leastScale } from '../../diagrams/readable.ts';
import { savePicture } from './save.ts';
import { isBehind } from './store.ts';

/** How large a picture is drawn: as it can be read in its panel, whole, or so many times its own size. */
export type Zoom = 'readable' | 'whole' | number;

/** How far it can be zoomed. */
const [LEAST, MOST] = [0.1, 4];
const STEP = 1.25;
/** The height of what stands in the corner of a picture, in pixels, as in the style sheet. */
export const TOOLS = 38;

/** A picture that a person zooms, fits and pans. */
export class Zooming {
  readonly zoom: Signal<Zoom> = signal<Zoom>('readable');
  /** What the zoom comes to now. */
  readonly scale: Signal<number> = signal(1);

  /** The scale of a picture of a size in a box; `svg` is the picture, whose letters stay readable unless a person wants it whole. */
  scaleIn(box: { clientWidth: number; clientHeight: number }, width: number, height: number, svg: string): number {
    const [wide, high] = [(box.clientWidth - 16) / width, (box.clientHeight - 8 - TOOLS) / height];
    const { value } = this.zoom;
    if (typeof value === 'number') return value;
    if (value === 'whole') return Math.max(LEAST, Math.min(wide, high, 1.5));
    return Math.max(leastScale(svg), Math.min(1, wide));
  }

  by(factor: number): void {
    // What it was zoomed to last counts, also where that is not drawn yet.
    const { value } = this.zoom;
    this.zoom.value = Math.max(LEAST, Math.min(MOST, (typeof value === 'number' ? value : this.scale.value) * factor));
  }

  readonly larger = (): void => this.by(STEP);
  readonly smaller = (): void => this.by(1 / STEP);
  /** The whole picture; if it is shown whole, as it can be read. */
  readonly fit = (): void => {
    this.zoom.value = this.zoom.value === 'whole' ? 'readable' : 'whole';
  };
}

/** Lets a figure be zoomed by the wheel and the keys + - 0, and panned by the pointer. */
export function usePanning(figure: RefObject<HTMLElement | null>, zooming: Zooming, picture: unknown): void {
  useEffect(() => {
    const box = figure.current;
    if (box === null) return;
    const wheel = (event: WheelEvent): void => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      zooming.by(event.deltaY < 0 ? STEP : 1 / STEP);
    };
    const key = (event: KeyboardEvent): void => {
      const does = { '+': zooming.larger, '=': zooming.larger, '-': zooming.smaller, '0': zooming.fit }[event.key];
      if (does === undefined || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      event.stopPropagation();
      does();
    };
    const pan = (down: PointerEvent): void => {
      if (down.button !== 0 || down.pointerType === 'touch' || down.offsetX > box.clientWidth) return;
      const [left, top] = [box.scrollLeft, box.scrollTop];
      const move = (event: PointerEvent): void => {
        box.scrollLeft = left - (event.clientX - down.clientX);
        box.scrollTop = top - (event.clientY - down.clientY);
      };
      const end = (): void => {
        removeEventListener('pointermove', move);
        box.classList.remove('pans');
      };
      box.classList.add('pans');
      addEventListener('pointermove', move);
      addEventListener('pointerup', end, { once: true });
    };
    box.addEventListener('wheel', wheel, { passive: false });
    box.addEventListener('keydown', key);
    box.addEventListener('pointerdown', pan);
    return () => {
      box.removeEventListener('wheel', wheel);
      box.removeEventListener('keydown', key);
      box.removeEventListener('pointerdown', pan);
    };
  }, [figure.current, picture]);
}

/** Draws the picture of a figure at the size that its zoom comes to, anew where its box gets another size; `after` that, each time. */
export function useSized(
  figure: RefObject<HTMLElement | null>,
  zooming: Zooming,
  svg: string,
  after?: (box: HTMLElement) => void,
): void {
  const { value: zoom } = zooming.zoom;
  useEffect(() => {
    const box = figure.current;
    if (box === null) return;
    const size = (): void => {
      const picture = box.querySelector('svg');
      if (picture === null) return;
      const [, , width = 1, height = 1] = picture.getAttribute('viewBox')!.split(' ').map(Number);
      const scale = zooming.scaleIn(box, width, height, svg);
      zooming.scale.value = scale;
      picture.style.width = `${Math.round(width * scale)}px`;
      picture.style.height = `${Math.round(height * scale)}px`;
      after?.(box);
    };
    const watch = new ResizeObserver(size);
    watch.observe(box);
    size();
    return () => watch.disconnect();
  }, [svg, zoom]);
}

interface ZoomedProps {
  readonly zooming: Zooming;
  /** What it is a picture of, for who reads the buttons. */
  readonly of: string;
  /** What it is saved as. */
  readonly name: string;
  readonly svg: () => string;
  readonly children: ComponentChildren;
}

/** A picture, and in its corner what sizes and saves it. */
export function Zoomed({ zooming, of, name, svg, children }: ZoomedProps) {
  return (
    <div class="zoomed" aria-busy={isBehind.value}>
      {children}
      <span class="zoom" role="group" aria-label={`size of the ${of}`}>
        <button
          type="button"
          aria-label="smaller"
          title={`${of}: smaller (- where it has the focus)`}
          onClick={zooming.smaller}
        >
          −
        </button>
        <button type="button" aria-label="larger" title={`${of}: larger (+)`} onClick={zooming.larger}>
          +
        </button>
        <button
          type="button"
          aria-pressed={zooming.zoom.value === 'whole'}
          title={`the whole ${of}, or as it can be read (0)`}
          onClick={zooming.fit}
        >
          Fit
        </button>
        <button type="button" title={`save the ${of} as SVG`} onClick={() => savePicture(name, svg())}>
          SVG
        </button>
      </span>
    </div>
  );
}
