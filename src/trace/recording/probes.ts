import { CALLBACKS, type CallbackName } from '../line.ts';

/** The group of the probes that `hartproof trace setup` defines. */
export const GROUP = 'hartproof';

/** Where a probe sits: at the entry of a callback, at its return, or where the kernel prints a warning. */
export type Probe = { readonly callback: CallbackName; readonly side: 'call' | 'return' } | 'warn';

/** The name of a probe: `add_call`, `destroy_return`, `warn`. */
export const probeName = (probe: Probe): string =>
  probe === 'warn' ? probe : `${probe.callback.replace('event_destroy', 'destroy')}_${probe.side}`;

/** Every probe by its name. */
export const PROBES: ReadonlyMap<string, Probe> = new Map<string, Probe>([
  ...CALLBACKS.flatMap((callback) =>
    (['call', 'return'] as const).map((side): [string, Probe] => {
      const probe = { callback, side };
      return [probeName(probe), probe];
    }),
  ),
  ['warn', 'warn'],
]);

/**
 * The probe that has a name in a recording, and its number among those of one name. `perf probe` writes `__return` after the name of
 * each probe at a return, and `_1`, `_2` after one that is there already.
 */
export function probeNamed(name: string): { readonly probe: Probe; readonly number: number } | undefined {
  const known = PROBES.get(name);
  if (known !== undefined) return { probe: known, number: 0 };
  const [, plain = '', number = '0'] = /^([a-z_]{1,20}?)(?:__return)?(?:_(\d{1,4}))?$/.exec(name) ?? [];
  const probe = PROBES.get(plain);
  return probe && { probe, number: Number(number) };
}

/** Whether a row that is no event looks like one of ours. */
export const isOfProbe = (row: string): boolean =>
  /\b(?:event_init|add|del|start|stop|read|destroy)_(?:call|return)(?:__return)?(?:_\d{1,4})?:(?: |$)|\bevent=0x[0-9a-f]{1,16} /.test(
    row,
  );
