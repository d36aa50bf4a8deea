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
