import { svgOf } from '../../diagrams/svg.ts';

/** Draws pictures with Graphviz, one at a time, away from the page. */
addEventListener('message', async ({ data }: MessageEvent<{ readonly id: number; readonly dot: string }>) => {
  try {
    postMessage({ id: data.id, svg: await svgOf(data.dot) });
  } catch (error) {
    postMessage({ id: data.id, error: (error as Error).message });
  }
});
