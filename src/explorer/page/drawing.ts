/** Pictures that are kept. */
const MOST = 200;

const drawn = new Map<string, Promise<string>>();
const waiting = new Map<number, { resolve: (svg: string) => void; reject: (error: Error) => void }>();
let worker: Worker | undefined;
let last = 0;

/** The picture of a text in Graphviz's language, drawn in a worker; the same text is drawn once. */
export function draw(dot: string): Promise<string> {
  const known = drawn.get(dot);
  if (known !== undefined) return known;
  worker ??= startWorker();
  const id = ++last;
  const picture = new Promise<string>((resolve, reject) => waiting.set(id, { resolve, reject }));
  worker.postMessage({ id, dot });
  drawn.set(dot, picture);
  if (drawn.size > MOST) drawn.delete(drawn.keys().next().value!);
  return picture;
}

function startWorker(): Worker {
  const started = new Worker(new URL('./draw-worker.js', import.meta.url), { type: 'module' });
  started.onmessage = ({ data }: MessageEvent<{ id: number; svg?: string; error?: string }>) => {
    const asked = waiting.get(data.id);
    waiting.delete(data.id);
    if (data.svg === undefined) asked?.reject(new Error(data.error));
    else asked?.resolve(data.svg);
  };
  started.onerror = ({ message }) => {
    for (const { reject } of waiting.values()) reject(new Error(message));
    waiting.clear();
  };
  return started;
}
