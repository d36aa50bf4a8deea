/** An event of the trace-event format, as ui.perfetto.dev and chrome://tracing read it; times in microseconds. */
export type TraceEvent =
  | { readonly ph: 'M'; readonly name: string; readonly pid: number; readonly tid?: number; readonly args: Args }
  | (Timed & { readonly ph: 'B'; readonly name: string; readonly cat: string; readonly args?: Args })
  | (Timed & { readonly ph: 'E'; readonly args?: Args })
  | (Timed & {
      readonly ph: 'i';
      readonly name: string;
      readonly cat: string;
      readonly s: 't' | 'p' | 'g';
      readonly args?: Args;
    })
  | (Timed & { readonly ph: 'C'; readonly name: string; readonly args: Readonly<Record<string, number>> })
  | (Timed & {
      readonly ph: 's' | 'f';
      readonly name: string;
      readonly cat: string;
      readonly id: number;
      readonly bp?: 'e';
    });

type Args = Readonly<Record<string, string | number>>;

interface Timed {
  readonly ts: number;
  readonly pid: number;
  readonly tid: number;
}

/** The groups of tracks, from top to bottom. */
export const GROUPS = ['harts', 'tasks', 'events', 'shared', 'findings'] as const;

export type Group = (typeof GROUPS)[number];

/** One track: what is drawn in one row. */
export interface Track {
  readonly pid: number;
  readonly tid: number;
}

/** The tracks of a trace. No two have the same number, whatever group they are in. */
export class Tracks {
  readonly #tracks = new Map<string, Track>();
  /** What names them: it stands before all else in the file. */
  readonly named: TraceEvent[] = GROUPS.flatMap((group, index) => [
    { ph: 'M', name: 'process_name', pid: index + 1, args: { name: group } },
    { ph: 'M', name: 'process_sort_index', pid: index + 1, args: { sort_index: index } },
  ]);

  /** The track of that name in a group. */
  of(group: Group, name: string): Track {
    const key = `${group} ${name}`;
    let track = this.#tracks.get(key);
    if (track === undefined) {
      track = { pid: GROUPS.indexOf(group) + 1, tid: this.#tracks.size + 1 };
      this.#tracks.set(key, track);
      this.named.push({ ph: 'M', name: 'thread_name', ...track, args: { name } });
    }
    return track;
  }
}

/** Slices that lie inside each other on their tracks: each that is begun is ended. */
export class Slices {
  readonly #open = new Map<Track, string[]>();

  constructor(readonly emit: (event: TraceEvent) => void) {}

  begin(track: Track, name: string, cat: string, ts: number, args?: Args): void {
    const open = this.#open.get(track) ?? [];
    this.#open.set(track, [...open, name]);
    this.emit({ ph: 'B', name, cat, ...track, ts, ...(args && { args }) });
  }

  /** Ends the slice of that name, and those inside it; nothing where none is open. */
  end(track: Track, name: string, ts: number, args?: Args): void {
    const open = this.#open.get(track) ?? [];
    const at = open.lastIndexOf(name);
    if (at < 0) return;
    for (let inner = open.length - 1; inner > at; inner--) this.emit({ ph: 'E', ...track, ts });
    this.emit({ ph: 'E', ...track, ts, ...(args && { args }) });
    this.#open.set(track, open.slice(0, at));
  }

  /** Makes these, from the outermost on, the slices of a track: ends the others, begins those that are not there. */
  set(track: Track, names: readonly string[], cat: string, ts: number): void {
    const open = this.#open.get(track) ?? [];
    const alike = open.findIndex((name, index) => name !== names[index]);
    const from = alike < 0 ? open.length : alike;
    if (open[from] !== undefined) this.end(track, open[from], ts);
    for (const name of names.slice(from)) this.begin(track, name, cat, ts);
  }

  /** Ends all that is open. */
  endAll(ts: number): void {
    for (const [track, [outermost]] of this.#open) if (outermost !== undefined) this.end(track, outermost, ts);
  }
}
